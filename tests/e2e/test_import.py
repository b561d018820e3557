"""iamlease import: what accounts have becomes the files of a team, what files cannot say is listed, and nothing is to be
done afterwards."""

import json

import jsonschema
import pytest
import yaml
from harness import accounts, self_serve
from harness.aws import DEPLOYER, MANAGED, NONPROD, PLANNER, PROD, document
from harness.configs import POLICIES, files, lease, permanent

SETTINGS = {"iamlease.yaml": f"version: 1\naws: {{plan_role: {PLANNER}}}\n"}
ACCOUNTS = ["--account", f"nonprod={NONPROD}", "--account", f"prod={PROD}"]
FOLDERS = ["aws-accounts", "aws-policies", "permanent-access", "temporary-access"]
AUDIT, S3 = "arn:aws:iam::aws:policy/SecurityAudit", "arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess"


def read_files(world, team="legacy"):
    paths = {folder: world.repo.path / folder / f"{team}.yaml" for folder in FOLDERS}
    found = {folder: yaml.safe_load(path.read_text())[folder] for folder, path in paths.items() if path.exists()}
    roles = world.repo.path / "aws-roles" / f"{team}.yaml"
    return {**found, "aws-roles": yaml.safe_load(roles.read_text())} if roles.exists() else found


def run_import(world, *arguments, team="legacy", code=0, **more):
    """Without a write, and by no other role than the one for plans."""
    result = world.run("import", "--team", team, *ACCOUNTS, *arguments, **more).expect(code)
    assert world.proxy.writes == []
    assert all(call.params["RoleArn"].endswith(f"/{PLANNER}") for call in world.proxy.calls if call.service == "sts")
    return result


def commit_and_find_nothing_to_do(world, *arguments):
    """The files pass, the plan of the change has no operation, and the first apply writes nothing."""
    before = world.snapshot()
    world.repo.git("add", "--all")
    world.repo.git("commit", "--quiet", "--allow-empty", "--message", "Import")
    world.run("validate").expect(0)
    plan = world.run("plan", "--live", "--base", "HEAD^", "--head", "HEAD", "--json").expect(0).json
    assert plan["operations"] == {"implied": False, "items": []} and plan["problems"] == []
    world.run("apply", *arguments).expect(0)
    assert world.proxy.writes == [] and world.snapshot() == before


def left(result):
    return {(row["account_id"], row["kind"], (row["principal"] or {}).get("name"), row["what"]): row["reason"] for row in result.json["left_behind"]}


def test_what_is_attached_becomes_permanent_access(world):
    world.begin(SETTINGS)
    result = run_import(world, "--json")
    assert read_files(world) == {
        "aws-accounts": {"nonprod": NONPROD, "prod": PROD},
        "aws-policies": {
            "AmazonS3ReadOnlyAccess": {"managed_policies": [S3]},
            "SecurityAudit": {"managed_policies": [AUDIT]},
            **{
                f"hand-made-logs.{name}": {
                    "description": "made by hand",
                    "managed_policies": [f"arn:aws:iam::{account}:policy/hand-made-logs"],
                }
                for name, account in [("nonprod", NONPROD), ("prod", PROD)]
            },
        },
        "permanent-access": [
            {"users": ["bert"], "environments": ["nonprod"], "grants": ["hand-made-logs.nonprod"]},
            {"users": ["bert"], "environments": ["prod"], "grants": ["hand-made-logs.prod"]},
            {"roles": ["github-actions-deployer"], "environments": ["nonprod", "prod"], "grants": ["AmazonS3ReadOnlyAccess"]},
            {"groups": ["developers"], "environments": ["nonprod", "prod"], "grants": ["SecurityAudit"]},
        ],
    }
    other = f"arn:aws:iam::{PROD}:policy/iamlease/other-team-read"
    assert {key[1:]: reason for key, reason in left(result).items() if key[0] == PROD} == {
        ("attachment", "carol", other): "of-iamlease",
        ("policy", None, other): "of-iamlease",
        ("inline-policy", "carol", "temp-team-read-carol"): "of-iamlease",
        ("inline-policy", "bert", "temp-payments-legacy-bert"): "inline-policy",
        ("inline-policy", "bert", "by-hand"): "inline-policy",
        ("inline-policy", "developers", "by-hand"): "inline-policy",
        ("inline-policy", "harness-admin", "admin"): "inline-policy",
        ("inline-policy", "AWSSelfServeDeployer", "deployer"): "inline-policy",
        ("inline-policy", "AWSSelfServePlanner", "plan"): "inline-policy",
        **{("role", name, name): "role" for name in ("AWSSelfServeDeployer", "AWSSelfServePlanner", "github-actions-deployer")},
    }
    assert result.json["counts"] == {"accounts": 2, "attachments": 6, "leases": 0, "policies": 4, "left_behind": 24, "not_asked_for": 0}
    commit_and_find_nothing_to_do(world)


def test_an_account_that_cannot_be_read_is_one_too_many(world):
    world.begin(SETTINGS)
    world.aws.admin[PROD].delete_role_policy(RoleName=PLANNER, PolicyName="plan")
    result = run_import(world, code=1)
    assert result.stdout == "" and f"account {PROD} could not be read, 1 of 2 in all, and nothing is written" in result.stderr
    assert read_files(world) == {} and not (world.repo.path / "aws-accounts").exists()


@pytest.mark.parametrize("folder", FOLDERS)
def test_nothing_is_overwritten(world, folder):
    world.begin({**SETTINGS, f"{folder}/legacy.yaml": ""})
    result = run_import(world, code=1)
    assert f"'{folder}/legacy.yaml' is there, and import overwrites nothing" in result.stderr
    assert world.proxy.calls == [] and (world.repo.path / folder / "legacy.yaml").read_text() == ""


def test_a_dry_run_prints_what_would_be_written(world):
    world.begin(SETTINGS)
    result = run_import(world, "--dry-run")
    assert read_files(world) == {}
    printed = result.stdout.split("# permanent-access/legacy.yaml\n")[1].split("\n\n")[0]
    assert yaml.safe_load(printed)["permanent-access"][0]["users"] == ["bert"]
    assert "24 left behind" in result.stdout


def test_strict_writes_nothing_when_anything_is_left_behind(world):
    world.begin(SETTINGS)
    result = run_import(world, "--strict", code=1)
    assert "24 left behind" in result.stdout and read_files(world) == {}
    run_import(world, "--strict", "--roles", "github-actions-*", "--groups", "none")
    assert [entry["roles"] for entry in read_files(world)["permanent-access"]] == [["github-actions-deployer"]]


STATEMENTS = [
    {
        "sid": "Read",
        "effect": "Allow",
        "actions": ["s3:Get*", "s3:ListBucket"],
        "resources": ["arn:aws:s3:::payments-${aws:username}/*", "arn:aws:s3:::caf\u00e9: \"x\" #1"],
        "conditions": {
            "StringLike": {"s3:prefix": ["no", "012", "a: b"], "aws:RequestTag/cost center": ["'x'"]},
            "Bool": {"aws:SecureTransport": ["true"]},
        },
    },
    {"effect": "Deny", "not_actions": ["iam:*"], "not_resources": ["*"]},
]
OWN = {
    "aws-accounts/legacy.yaml": {"aws-accounts": {"nonprod": NONPROD, "prod": PROD}},
    "aws-policies/legacy.yaml": {"aws-policies": {"dev.read-only": {"description": "Read: what is there", "custom_statements": STATEMENTS}}},
    "permanent-access/legacy.yaml": {
        "permanent-access": [
            {"users": ["ada"], "environments": ["nonprod", "prod"], "grants": ["dev.read-only"]},
            {"users": ["carol"], "environments": ["prod"], "grants": ["dev.read-only"]},
        ]
    },
    "temporary-access/legacy.yaml": {
        "temporary-access": [
            {"expires_at": "2026-06-04T10:11:12Z", "users": ["bert"], "environments": ["prod"], "grants": ["dev.read-only"]}
        ]
    },
}


def test_what_iamlease_made_comes_back(world):
    """Statements, conditions, ends: a repository that was lost is written anew, and its first apply has nothing to do."""
    world.begin({**SETTINGS, **{path: json.dumps(content) for path, content in OWN.items()}})
    world.run("apply").expect(0)
    world.aws.save("applied")
    world.begin(SETTINGS)
    world.aws.restore("applied")
    run_import(world)
    found, wanted = read_files(world), {path.split("/")[0]: next(iter(content.values())) for path, content in OWN.items()}
    for access in found["permanent-access"]:
        access["grants"] = [grant for grant in access["grants"] if grant == "dev.read-only"]
    found["permanent-access"] = [access for access in found["permanent-access"] if access["grants"]]
    found["aws-policies"] = {"dev.read-only": found["aws-policies"]["dev.read-only"]}
    assert found == wanted
    for kind, folder in [("accounts", FOLDERS[0]), ("policies", FOLDERS[1]), ("permanent", FOLDERS[2]), ("temporary", FOLDERS[3])]:
        validator = jsonschema.Draft7Validator(world.run("help", "--schema", kind, now=None).expect(0).json)
        validator.validate(yaml.safe_load((world.repo.path / folder / "legacy.yaml").read_text()))
    commit_and_find_nothing_to_do(world, "--first-apply")


@pytest.mark.parametrize("round", range(3))
def test_everything_is_in_the_files_or_in_the_list(world, seed, round):
    """Of two teams, one after the other; what the second one lost is named until it is there, and then nothing is to be done."""
    world.begin({"iamlease.yaml": SETTINGS["iamlease.yaml"] + f"usernames: {json.dumps(accounts.USERNAMES)}\n"})
    self_serve.leave(world, files([permanent(["dev.read-only"], users=["ada", "bert"])], [lease("carol")]))
    for account in MANAGED:
        accounts.create(f"{seed} {round}", account, world.aws.admin[account])
    there = set().union(*(accounts.rows(world.aws.admin[account], account) for account in MANAGED))
    for team in accounts.TEAMS:
        result = run_import(world, "--json", team=team)
        rows = result.json["left_behind"]
        listed = [
            (row["account_id"], row["kind"], row["principal"] and (row["principal"]["kind"], row["principal"]["name"].lower()), row["what"].lower())
            for row in rows
        ]
        found = accounts.declared(read_files(world, team), team)
        assert len(listed) == len(set(listed)) == result.json["counts"]["left_behind"] and found.isdisjoint(listed)
        assert result.json["counts"]["leases"] == 10 and "of this team" not in result.stderr
        assert bool([row for row in rows if row["goes"]]) == (team == "legacy")
        if team == "legacy":
            assert found | set(listed) == there
        world.repo.git("add", "--all")
        world.repo.git("commit", "--quiet", "--message", f"Import {team}")
    commit_and_find_nothing_to_do(world, "--first-apply")


def test_what_cloud_iam_self_serve_made(world):
    """Its policies and temporary grants are declared as they stand, to the second, and adopted without a change in access."""
    world.begin({**SETTINGS, "iamlease.yaml": SETTINGS["iamlease.yaml"] + "limits: {max_days: 9}\n"})
    world.aws.let_adopt()
    scripts = files([permanent(["dev.read-only"], users=["ada", "bert"])], [lease("carol"), lease("bert", date="2026-05-20")])
    self_serve.leave(world, scripts)
    plain = run_import(world, "--dry-run", "--json", team="payments")
    ending = (PROD, "inline-policy", "carol", self_serve.inline_name("dev.s3-debug", "carol"))
    assert left(plain)[ending] == "not-adopted"
    assert left(plain)[(*ending[:2], "bert", self_serve.inline_name("dev.s3-debug", "bert"))] == "ended"
    result = run_import(world, "--adopt", "--json", team="payments")
    assert ending not in left(result)
    found = read_files(world, "payments")
    policies = {name: policy["custom_statements"] for name, policy in found["aws-policies"].items() if "custom_statements" in policy}
    assert policies == {name.replace(".", "-"): POLICIES[name]["custom_statements"] for name in ("dev.read-only", "dev.s3-debug")}
    assert found["aws-policies"]["dev-read-only"]["description"] == "Read what the team runs"
    assert found["temporary-access"] == [
        {"expires_at": "2026-06-03T23:59:59Z", "users": ["carol"], "environments": ["prod"], "grants": ["dev-s3-debug"]}
    ]
    before = world.snapshot()
    world.repo.git("add", "--all")
    world.repo.git("commit", "--quiet", "--message", "Import")
    world.run("validate").expect(0)
    world.run("apply", "--adopt").expect(0)
    assert sorted(call.action for call in world.proxy.calls if call.write) == ["PutUserPolicy", "TagPolicy", "TagPolicy"]
    after = world.snapshot()
    for account in MANAGED:
        assert after[account]["policies"] == before[account]["policies"]
        for name, user in after[account]["users"].items():
            assert user["attached"] == before[account]["users"][name]["attached"]
    plan = world.run("plan", "--live", "--base", "HEAD", "--head", "HEAD", "--json").expect(0).json
    assert plan["operations"]["items"] == [] and plan["problems"] == []


def test_what_another_team_declares_is_theirs(world):
    """In parts, one team after the other; and users keep the name that files have given them."""
    world.begin({
        **SETTINGS,
        "aws-accounts/people.yaml": json.dumps({"aws-accounts": {"production": PROD}}),
        "aws-policies/people.yaml": json.dumps({"aws-policies": {"audit": {"managed_policies": [AUDIT, S3]}}}),
        "permanent-access/people.yaml": json.dumps(
            {"permanent-access": [{"users": ["bert@example.com"], "groups": ["developers"], "environments": ["production"], "grants": ["audit"]}]}
        ),
    })
    declared = {(PROD, "attachment", "developers", AUDIT): "declared"}
    result = run_import(world, "--users", "*", "--groups", "*", "--json")
    assert {key: reason for key, reason in left(result).items() if reason == "declared"} == declared
    access = read_files(world)["permanent-access"]
    assert [entry["users"] for entry in access if "users" in entry] == [["bert@example.com"]] * 2
    assert [entry["environments"] for entry in access if "groups" in entry] == [["nonprod"]]
    result = run_import(world, "--json", team="rest")
    assert list(left(result).values()).count("declared") == 4 and result.json["counts"]["attachments"] == 2
    assert read_files(world, "rest")["permanent-access"] == [
        {"roles": ["github-actions-deployer"], "environments": ["nonprod", "prod"], "grants": ["AmazonS3ReadOnlyAccess"]}
    ]
    world.run("validate").expect(0)


def test_roles_and_providers(world):
    """They are listed, whatever is on them, but those that aws-roles declares; and what that gives a role is not written twice."""
    iam = world.aws.admin[PROD]
    trust = [{"services": "ec2.amazonaws.com"}]
    roles = {"reader": {"environments": ["prod"], "trust": trust, "managed_policies": [AUDIT]}}
    world.begin({
        **SETTINGS,
        "aws-accounts/legacy.yaml": json.dumps({"aws-accounts": {"prod": PROD}}),
        "aws-roles/legacy.yaml": json.dumps({"aws-roles": roles}),
    })
    world.run("apply").expect(0)
    anybody = document({"Effect": "Allow", "Principal": {"AWS": "*"}, "Action": "sts:AssumeRole"})
    iam.create_role(RoleName="bare", AssumeRolePolicyDocument=anybody)
    issuer = "token.example.com"
    iam.create_open_id_connect_provider(Url=f"https://{issuer}", ClientIDList=["theirs"], ThumbprintList=["cd" * 20])
    result = world.run("import", "--team", "legacy", "--json").expect(0)
    found = left(result)
    assert found[(PROD, "role", "bare", "bare")] == "role"
    assert found[(PROD, "oidc-provider", None, f"arn:aws:iam::{PROD}:oidc-provider/{issuer}")] == "oidc-provider"
    assert found[(PROD, "attachment", "reader", AUDIT)] == "declared" and (PROD, "role", "reader", "reader") not in found
    assert not [entry for entry in read_files(world)["permanent-access"] if "reader" in entry.get("roles", [])]
    world.run("validate").expect(0)
    commit_and_find_nothing_to_do(world)


def test_into_another_folder(world):
    world.begin({**SETTINGS, "aws-accounts/legacy.yaml": json.dumps({"aws-accounts": {"p": PROD, "again": PROD}}), "out/README": ""})
    run = lambda *arguments, code=0: world.run("import", "--team", "legacy", *arguments).expect(code)
    assert "aws-accounts/legacy.yaml" not in run("--dry-run").stdout
    run("--out", "out")
    assert sorted(str(path.relative_to(world.repo.path)) for path in world.repo.path.glob("out/*/*")) == [
        "out/aws-policies/legacy.yaml", "out/permanent-access/legacy.yaml",
    ]
    assert yaml.safe_load((world.repo.path / "out/permanent-access/legacy.yaml").read_text())["permanent-access"][0]["environments"] == ["p"]
    assert "'out/aws-policies/legacy.yaml' is there" in run("--out", "out", code=1).stderr
    assert "cannot write into 'none'" in run("--out", "none", code=1).stderr


def test_without_a_plan_role_it_reads_as_who_does(world):
    world.begin({"README.md": ""})
    world.run("import", "--team", "legacy", *ACCOUNTS).expect(0)
    assert {call.params["RoleArn"].split("/")[-1] for call in world.proxy.calls if call.service == "sts"} == {DEPLOYER}
    assert world.proxy.writes == [] and len(read_files(world)) == 3


def test_all_files_or_none(world):
    """Something is in the way of the last one."""
    world.begin({**SETTINGS, "out/permanent-access": "a file"})
    result = run_import(world, "--out", "out", code=1)
    assert "cannot write 'out/permanent-access/legacy.yaml': Not a directory" in result.stderr
    assert list(world.repo.path.glob("out/*/*")) == []


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ([], "name it with --team"),
        (["--team", "a", "--team", "b"], "name it with --team"),
        (["--team", "../x", "--account", f"a={PROD}"], "--team '../x' is not a name for a team"),
        (["--team", "a"], "which accounts? Give each as --account NAME=ID"),
        (["--team", "a", "--account", PROD], "is not NAME=ID, as in prod=345678901234"),
        (["--team", "a", "--account", "p=12"], "is not NAME=ID: an account id has 12 digits"),
        (["--team", "a", "--account", "=" + PROD], "is not NAME=ID"),
        (["--team", "a", "--account", f"p={PROD}", "--account", f"q={PROD}"], "a name and an account stand once"),
    ],
)
def test_wrong_arguments(world, arguments, message):
    world.begin(SETTINGS)
    result = world.run("import", *arguments).expect(64)
    assert message in result.stderr and result.stdout == "" and world.proxy.calls == []


def test_files_with_errors_stop_it(world):
    world.begin({**SETTINGS, "permanent-access/other.yaml": "permanent-access: [{users: [ada]}]\n"})
    result = run_import(world, code=1)
    assert "missing-key" in result.stderr and "nothing is imported: mend the errors first" in result.stderr
    assert world.proxy.calls == [] and read_files(world) == {}

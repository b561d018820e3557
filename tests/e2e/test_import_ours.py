"""iamlease import of what iamlease made and the repository lost: leases of every kind, and what the next apply would take away."""

import json

import jsonschema
import pytest
import yaml
from harness.aws import MANAGED, PLANNER, PROD, allow, document
from harness.configs import POLICIES, READ_ONLY, files, lease, permanent
from harness.role_files import CI, role, with_roles
from test_import import S3, SETTINGS, commit_and_find_nothing_to_do, left, read_files, run_import
from test_roles import NAME, PROVIDER, by_token

MFA = {"iamlease.yaml": f"version: 1\naws: {{plan_role: {PLANNER}}}\nenvironments: {{prod: {{require_mfa: true, require_reason: true}}}}\n"}


def lose(world, *commits, settings=SETTINGS):
    """What the files declare is applied, commit by commit, and then nobody has them any more."""
    world.begin(settings)
    for content in commits:
        world.repo.commit("Declare", content)
        world.run("apply").expect(0)
    world.aws.save("applied")
    world.begin(settings)
    world.aws.restore("applied")


def entry(who, grant, **more):
    return {"expires_at": "2026-06-04T10:11:12Z", "users": [who], "environments": ["prod"], "grants": [grant], **more}


def temporary(*entries, policies=POLICIES, standing=()):
    content = files(list(standing), policies=policies)
    return {**content, "temporary-access/payments.yaml": json.dumps({"temporary-access": list(entries)})}


MODES = {
    "inline": entry("bert", "dev.queues"),
    "later": entry("ada", "dev.queues", starts_at="2026-06-03T00:00:00Z"),
    "group": {**entry("", "dev.queues", groups=["developers"]), "users": []},
    "policy": entry("ada", "dev.s3-debug", mode="policy"),
    "copy": entry("carol", "dev.look"),
    "copy of what nobody has": entry("carol", "dev.break-glass", starts_at="2026-06-02T00:00:00Z"),
    "role": entry("ada", "dev.read-only", mode="role"),
    "later role": entry("bert", "dev.look", mode="role", starts_at="2026-06-02T08:00:00Z"),
}
LOOK = {"dev.look": {"description": "Look", "managed_policies": [S3], "custom_statements": POLICIES["dev.queues"]["custom_statements"]}}


@pytest.mark.parametrize("settings", [SETTINGS, MFA], ids=["plain", "mfa"])
def test_leases_of_every_kind_come_back(world, settings):
    """To the second, in the mode that they have; and nothing is done to any of them."""
    entries = [{"reason": "Look into it", **{key: value for key, value in one.items() if value}} for one in MODES.values()]
    entries = [dict(one, users=[f"{user}@example.com" for user in one["users"]]) if "users" in one else one for one in entries]
    lose(world, temporary(*entries, policies={**POLICIES, **LOOK}, standing=[permanent(["dev.read-only"], users=["ada"])]), settings=settings)
    result = run_import(world, "--json", team="payments")
    assert result.json["counts"]["leases"] == len(MODES) and not any(row["goes"] for row in result.json["left_behind"])
    found = read_files(world, "payments")
    reason = {"reason": "imported: AWS had it already"} if settings == MFA else {}
    key = lambda one: json.dumps([one["grants"], one.get("users"), one.get("groups"), one.get("starts_at")])
    got = {key(one): one for one in found["temporary-access"]}
    for name, one in MODES.items():
        one = {field: value for field, value in one.items() if value}
        grants = one["grants"] if one["grants"] != ["dev.queues"] else ["dev-queues"]
        mode = {"copy": {"mode": "policy"}, "copy of what nobody has": {"mode": "policy"}}.get(name, {})
        assert got[key({**one, "grants": grants})] == {**one, **mode, **reason, "grants": grants}
    policies = found["aws-policies"]
    assert policies["dev.read-only"]["managed_policies"] == [READ_ONLY] and policies["dev.look"]["managed_policies"] == [S3]
    assert "managed_policies" not in policies["dev.break-glass"] and len(policies["dev.break-glass"]["custom_statements"]) > 1
    commit_and_find_nothing_to_do(world, "--first-apply")


def test_roles_that_nobody_applied_yet_are_not_in_the_way(world):
    content = with_roles({NAME: role(by_token(), environments=["prod"])}, {"port": {**PROVIDER, "environments": ["prod"]}})
    world.begin({**SETTINGS, **{path: text for path, text in content.items() if path.startswith(("aws-accounts", "aws-roles"))}})
    world.aws.admin[PROD].attach_user_policy(UserName="ada", PolicyArn=READ_ONLY)
    world.run("import", "--team", "payments").expect(0)
    assert world.proxy.writes == []
    assert {"users": ["ada"], "environments": ["prod"], "grants": ["ReadOnlyAccess"]} in read_files(world, "payments")["permanent-access"]


def test_what_files_cannot_say_does_not_go_unasked(world):
    """A lease that somebody edited by hand: nothing is written, and the list says what would go; --let-go takes it at its word."""
    lose(world, temporary(MODES["policy"], entry("carol", "dev.queues")))
    iam, name = world.aws.admin[PROD], "temp-payments-dev-queues-carol"
    edited = iam.get_user_policy(UserName="carol", PolicyName=name)["PolicyDocument"]
    iam.put_user_policy(UserName="carol", PolicyName=name, PolicyDocument=json.dumps(edited).replace('"sqs:Del', '"s3:PutObject","sqs:Del'))
    iam.put_user_policy(
        UserName="bert", PolicyName="temp-payments-dev-queues-bert", PolicyDocument=json.dumps(edited)
    )
    result = run_import(world, "--json", team="payments", code=1)
    (gone,) = [row for row in result.json["left_behind"] if row["goes"]]
    assert (gone["principal"]["name"], gone["reason"]) == ("carol", "not-expressible") and read_files(world, "payments") == {}
    assert "1 object of this team, which iamlease made and these files cannot say, goes with the next apply" in result.stderr
    assert "nothing is written; --let-go" in result.stderr
    result = run_import(world, "--users", "ada", "--json", team="payments", code=1)
    assert {(row["principal"]["name"], row["environment"], row["reason"]) for row in result.json["left_behind"] if row["goes"]} == {
        ("bert", "prod", "of-iamlease"), ("carol", "prod", "of-iamlease")
    }
    run_import(world, "--let-go", team="payments")
    assert [one["users"] for one in read_files(world, "payments")["temporary-access"]] == [["ada"], ["bert"]]
    world.repo.git("add", "--all")
    world.repo.git("commit", "--quiet", "--message", "Import")
    world.run("apply", "--first-apply").expect(0)
    assert [call.action for call in world.proxy.calls if call.write] == ["DeleteUserPolicy"]


def test_what_another_team_lost_is_said(world):
    """It goes with the next apply, whatever this team's files are: a message, until that team is imported, too."""
    lose(world, temporary(MODES["policy"]))
    result = run_import(world, "--json")
    going = {(row["kind"], row["what"]) for row in result.json["left_behind"] if row["goes"]}
    arn = f"arn:aws:iam::{PROD}:policy/iamlease/temp-payments-dev-s3-debug-ada"
    assert going == {("attachment", arn), ("policy", arn)}
    assert "2 objects of other teams, which no file declares, go with the next apply: import those teams first" in result.stderr
    world.repo.git("add", "--all")
    world.repo.git("commit", "--quiet", "--message", "Import")
    result = run_import(world, "--json", team="payments")
    assert not any(row["goes"] for row in result.json["left_behind"])
    commit_and_find_nothing_to_do(world, "--first-apply")


ROLES = {
    "reader": role(by_token(["repo:acme/app:ref:refs/heads/main", "repo:acme/app:environment:*"]), tags={"team": "payments", "1e3": "no"}),
    "batch": {"environments": ["prod"], "trust": [{"services": ["ec2.amazonaws.com", "lambda.amazonaws.com"]}], "max_session_hours": 4,
              "path": "/iamlease/batch/", "grants": ["dev.queues"]},
    "auditor": role([{"principals": [CI], "external_id": "x-1"}, {"account": PROD}, {"saml": {"provider": "sso"}}], managed_policies=[S3]),
}
PROVIDERS = {"port": {**PROVIDER, "tags": {"port": "integration"}, "thumbprints": ["ab" * 20]}}


def test_roles_and_providers_come_back(world):
    """With whom they trust, what they may do and all their settings; a role that is edited by hand stops the import."""
    lose(world, with_roles(ROLES, PROVIDERS), with_roles(ROLES, PROVIDERS, temporary(entry("ada", "dev.queues", roles=["reader"]))))
    result = run_import(world, "--json", team="payments")
    assert not any(row["goes"] for row in result.json["left_behind"])
    found = yaml.safe_load((world.repo.path / "aws-roles/payments.yaml").read_text())
    validator = jsonschema.Draft7Validator(world.run("help", "--schema", "roles", now=None).expect(0).json)
    validator.validate(found)
    (provider,) = found["oidc-providers"].values()
    assert provider == PROVIDERS["port"]
    assert set(found["aws-roles"]) == set(ROLES) and found["aws-roles"]["reader"]["tags"] == ROLES["reader"]["tags"]
    assert found["aws-roles"]["auditor"]["managed_policies"] == [S3] and found["aws-roles"]["batch"]["max_session_hours"] == 4
    commit_and_find_nothing_to_do(world, "--first-apply")


def test_a_boundary_of_each_account_comes_back(world):
    """As one entry: the ARNs differ in their account only."""
    for account in MANAGED:
        iam = world.aws.admin[account]
        iam.create_policy(PolicyName="team", Path="/limits/", PolicyDocument=document(allow("s3:*")))
    lose(world, with_roles({"reader": role(permissions_boundary="policy/limits/team")}))
    result = run_import(world, "--json", team="payments")
    assert not any(row["goes"] for row in result.json["left_behind"])
    found = yaml.safe_load((world.repo.path / "aws-roles/payments.yaml").read_text())["aws-roles"]
    assert found["reader"]["permissions_boundary"] == "policy/limits/team" and len(found["reader"]["environments"]) == 2
    commit_and_find_nothing_to_do(world, "--first-apply")


def test_a_role_that_was_edited_by_hand_does_not_go_unasked(world):
    lose(world, with_roles({"reader": ROLES["reader"]}, PROVIDERS))
    trust = {"Effect": "Allow", "Principal": {"Service": "ec2.amazonaws.com"}, "Action": ["sts:AssumeRole", "sts:TagSession"]}
    world.aws.admin[PROD].update_assume_role_policy(RoleName="reader", PolicyDocument=document(trust))
    result = run_import(world, "--json", team="payments", code=1)
    going = {(row["account_id"], row["kind"], row["reason"]) for row in result.json["left_behind"] if row["goes"]}
    assert going == {(PROD, "role", "not-expressible")}
    assert not (world.repo.path / "aws-roles").exists() and read_files(world, "payments") == {}

"""The main job from end to end: YAML in git → plan → apply → nothing to do → revoked → ended → cleaned up."""

import json

import pytest
from harness import state
from harness.aws import MANAGED, NONPROD, PROD
from harness.configs import LEASE_NAME, POWER_USER, READ_ONLY, READ_ONLY_ARN
from harness.people import sid_prefix
from harness.state import our_inline, our_policies

pytestmark = pytest.mark.xdist_group("full AWS")

FILES = {
    "aws-accounts/payments.yaml": f"""\
aws-accounts:
  nonprod: "{NONPROD}"
  prod: "{PROD}"
""",
    "aws-policies/payments.yaml": """\
aws-policies:
  dev.read-only:
    description: "Read Only access for developers"
    managed_policies:
      - "arn:aws:iam::aws:policy/ReadOnlyAccess"
    custom_statements:
      - effect: "Allow"
        actions:
          - "s3:ListBucket"
          - "ec2:DescribeInstances"
        resources: ["*"]

  dev.break-glass:
    description: "Break-glass access with write permissions"
    managed_policies:
      - "arn:aws:iam::aws:policy/PowerUserAccess"

  dev.s3-debug:
    description: "Put an object back into a bucket of the team"
    custom_statements:
      - effect: "Allow"
        actions: ["s3:GetObject", "s3:PutObject"]
        resources: ["arn:aws:s3:::payments-*/*"]
""",
    "permanent-access/payments.yaml": """\
permanent-access:
  - description: Team read-only access
    users:
      - ada@example.com
      - bert@example.com
    environments:
      - nonprod
      - prod
    grants:
      - dev.read-only

  - description: CI/CD role access
    roles:
      - github-actions-deployer
    environments:
      - nonprod
    grants:
      - dev.break-glass
""",
    "temporary-access/payments.yaml": """\
temporary-access:
  - description: Debug production bucket
    expiration_date: 2026-06-03
    user: bert@example.com
    environment: prod
    grant: dev.s3-debug
""",
}
ACCOUNTS = {path: text for path, text in FILES.items() if path.startswith("aws-accounts")}
WITHOUT_ROLE = FILES["permanent-access/payments.yaml"].partition("\n  - description: CI/CD")[0]
ONLY_ROLE = "permanent-access:\n  - description: CI/CD" + FILES["permanent-access/payments.yaml"].partition(" CI/CD")[2]
BEFORE_END, END = "2026-06-03T23:59:59Z", "2026-06-04T00:00:00Z"


def attached(snapshot, account, kind, name):
    return set(snapshot[account][kind][name]["attached"])


def assert_granted(before, after):
    """Exactly what the files declare has been added to what was there before."""
    for account in MANAGED:
        policy = READ_ONLY_ARN[account]
        for user in ("ada", "bert"):
            added = attached(after, account, "users", user) - attached(before, account, "users", user)
            assert added == {policy, READ_ONLY}
        assert our_policies(after[account]) == {
            policy: {
                "document": after[account]["policies"][policy]["document"],
                "description": "Read Only access for developers [iamlease default/payments/dev.read-only]",
                "versions": 1,
            }
        }
        (statement,) = after[account]["policies"][policy]["document"]["Statement"]
        assert statement["Effect"] == "Allow" and statement["Resource"] in ("*", ["*"])
        assert set(statement["Action"]) == {"s3:ListBucket", "ec2:DescribeInstances"}
        assert state.foreign(after[account], {READ_ONLY, POWER_USER}) == state.foreign(
            before[account], {READ_ONLY, POWER_USER}
        )
    role = "github-actions-deployer"
    assert attached(after, NONPROD, "roles", role) - attached(before, NONPROD, "roles", role) == {POWER_USER}
    assert attached(after, PROD, "roles", role) == attached(before, PROD, "roles", role)
    assert our_inline(after[NONPROD]) == {}
    assert set(our_inline(after[PROD])) == {("users", "bert", LEASE_NAME("bert"))}
    for document in our_inline(after[PROD]).values():
        statements = document["Statement"]
        assert statements[0]["Sid"].startswith(sid_prefix("default"))
        assert [entry["Condition"] for entry in statements] == [{"DateLessThan": {"aws:CurrentTime": END}}]


def assert_journal(journal, world):
    """One line of JSON for the intent of each write and one for its result, and no secret in it."""
    lines = [json.loads(line) for line in journal.read_text().splitlines()]
    assert len(lines) >= 2 * len(world.proxy.writes) > 0
    assert world.aws.hub_key[1] not in journal.read_text()
    sessions = [call.params["RoleSessionName"] for call in world.proxy.calls if call.action == "AssumeRole"]
    assert sessions and all(session.startswith("iamlease") for session in sessions)


def test_the_whole_life(full_world, tmp_path):
    world = full_world
    world.begin(ACCOUNTS, FILES)
    before = world.snapshot()

    world.run("validate").expect(0)
    plan = world.run("plan", "--base", "HEAD^", "--json").expect(0)
    assert (plan.json["format"], plan.json["version"]) == ("iamlease/plan", 1)
    assert "bert" in plan.stdout and PROD in plan.stdout and END in plan.stdout
    assert world.proxy.writes == [] and world.snapshot() == before and world.repo.applied is None

    dry = world.run("apply", "--dry-run").expect(0)
    assert LEASE_NAME("bert") in dry.output
    assert world.proxy.writes == [] and world.snapshot() == before and world.repo.applied is None

    journal = tmp_path / "journal.jsonl"
    world.run("apply", "--journal", str(journal)).expect(0)
    assert_journal(journal, world)
    granted = world.snapshot()
    assert_granted(before, granted)
    assert world.repo.applied == world.repo.head

    world.run("apply").expect(0)
    assert world.proxy.writes == []

    who = world.run("who").expect(0)
    for word in ("bert", PROD, "dev.s3-debug", END, "github-actions-deployer", "PowerUserAccess"):
        assert word in who.stdout
    assert world.proxy.writes == []

    world.repo.commit("Remove the role's grant", {"permanent-access/payments.yaml": WITHOUT_ROLE})
    world.run("apply").expect(0)
    role = "github-actions-deployer"
    revoked = world.snapshot()
    assert attached(revoked, NONPROD, "roles", role) == attached(before, NONPROD, "roles", role)
    assert len(world.proxy.writes) == 1
    assert world.repo.applied == world.repo.head

    world.run("cleanup", now=BEFORE_END).expect(0)
    assert world.proxy.writes == [] and world.snapshot() == revoked
    dry = world.run("cleanup", "--dry-run", now=END).expect(0)
    assert LEASE_NAME("bert") in dry.output and world.proxy.writes == []
    world.run("cleanup", now=END).expect(0)
    assert world.proxy.writes == [f"{PROD} DeleteUserPolicy bert {LEASE_NAME('bert')} #1"]
    assert our_inline(world.snapshot()[PROD]) == {}

    nothing = {"permanent-access/payments.yaml": None, "temporary-access/payments.yaml": None}
    world.repo.commit("Remove everything", nothing)
    world.run("apply", now=END).expect(0)
    assert world.snapshot() == before
    assert world.repo.applied == world.repo.head


def test_a_policy_goes_with_its_last_use_and_comes_back(full_world):
    world = full_world
    world.begin(FILES)
    world.run("apply").expect(0)
    world.repo.commit("Only the role", {"permanent-access/payments.yaml": ONLY_ROLE})
    world.run("apply").expect(0)
    assert [our_policies(world.snapshot()[account]) for account in MANAGED] == [{}, {}]
    world.repo.revert()
    world.run("apply").expect(0)
    assert [list(our_policies(world.snapshot()[account])) for account in MANAGED] == [
        [READ_ONLY_ARN[NONPROD]],
        [READ_ONLY_ARN[PROD]],
    ]


def test_the_plan_of_a_pull_request(full_world, tmp_path):
    world = full_world
    world.begin(FILES)
    world.repo.branch("request")
    world.repo.commit("Nothing but a note", {"README.md": "Access of the payments team\n"})
    world.run("plan", "--base", "main", "--head", "request", "--detailed-exitcode").expect(0)

    longer = FILES["temporary-access/payments.yaml"].replace("2026-06-03", "2026-06-05")
    world.repo.commit("Longer", {"temporary-access/payments.yaml": longer})
    target = tmp_path / "plan.json"
    result = world.run(
        "plan", "--base", "main", "--head", "request", "--detailed-exitcode", "--markdown", "--out", str(target)
    ).expect(2)
    for text in (result.stdout, target.read_text()):
        assert "bert" in text and PROD in text and "2026-06-06T00:00:00Z" in text
    assert json.loads(target.read_text())["format"] == "iamlease/plan"
    same = world.run("plan", "--base", "main", "--head", "request", "--json").expect(0)
    assert same.json == json.loads(target.read_text())
    assert world.proxy.calls == []  # planning from git alone needs no AWS


def test_a_plan_needs_no_credentials(full_world):
    world = full_world
    world.begin(ACCOUNTS, FILES)
    nobody = {"AWS_ACCESS_KEY_ID": None, "AWS_SECRET_ACCESS_KEY": None, "AWS_ENDPOINT_URL": None}
    assert "dev.s3-debug" in world.run("plan", "--base", "HEAD^", **nobody).expect(0).stdout

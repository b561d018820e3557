"""iamlease import of what iamlease made and the repository lost: leases of every kind, and what the next apply would take away."""

import json

import pytest
from harness.aws import NONPROD, PLANNER, PROD
from harness.configs import POLICIES, READ_ONLY, files, lease, permanent
from harness.role_files import role, with_roles
from test_import import S3, SETTINGS, commit_and_find_nothing_to_do, left, read_files, run_import
from test_roles import NAME, PROVIDER, by_token

MFA = {"iamlease.yaml": f"version: 1\naws: {{plan_role: {PLANNER}}}\nenvironments: {{prod: {{require_mfa: true}}}}\n"}


def lose(world, content, settings=SETTINGS, *keeps):
    """What the files declare is applied, and then nobody has them any more, but those that are kept."""
    world.begin({**settings, **content})
    world.run("apply").expect(0)
    world.aws.save("applied")
    world.begin({**settings, **{path: text for path, text in content.items() if path in keeps}})
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
    entries = [{key: value for key, value in one.items() if value} for one in MODES.values()]
    entries = [dict(one, users=[f"{user}@example.com" for user in one["users"]]) if "users" in one else one for one in entries]
    lose(world, temporary(*entries, policies={**POLICIES, **LOOK}, standing=[permanent(["dev.read-only"], users=["ada"])]), settings)
    result = run_import(world, "--json", team="payments")
    assert result.json["counts"]["leases"] == len(MODES) and not any(row["goes"] for row in result.json["left_behind"])
    found = read_files(world, "payments")
    key = lambda one: json.dumps([one["grants"], one.get("users"), one.get("groups"), one.get("starts_at")])
    got = {key(one): one for one in found["temporary-access"]}
    for name, one in MODES.items():
        one = {field: value for field, value in one.items() if value}
        grants = one["grants"] if one["grants"] != ["dev.queues"] else ["dev-queues"]
        mode = {"copy": {"mode": "policy"}, "copy of what nobody has": {"mode": "policy"}}.get(name, {})
        assert got[key({**one, "grants": grants})] == {**one, **mode, "grants": grants}
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

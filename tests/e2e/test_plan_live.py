"""Plans that read AWS: the exact calls, where AWS is not what was applied, and what may not be read."""

import json

import pytest
from harness import cli
from harness.aws import DEPLOYER, MANAGED, NONPROD, PLANNER, PROD, allow, document
from harness.configs import (
    CHANGED,
    EDITED,
    GRANTS,
    LEASE_NAME,
    NOTHING,
    POLICIES,
    POWER_USER,
    READ_ONLY,
    READ_ONLY_ARN,
    files,
    lease,
    permanent,
    statement,
)
from harness.planned import differences
from harness.proxy import Fault

from test_plan_schema import SCHEMA, closed, validator
from test_recreated import LATER, delete_user

SETTINGS = {"iamlease.yaml": f"version: 1\naws: {{plan_role: {PLANNER}}}\n"}


def by_role(grant="dev.s3-debug"):
    return {**lease("bert", grant), "mode": "role"}


def apply_as_planned(world, plan):
    """Applies: the calls that reached AWS, the journal and the report are all what the plan said."""
    journal = world.path / "journal.jsonl"
    journal.unlink(missing_ok=True)
    planned = plan["operations"]["items"]
    report = world.run("apply", "--json", "--journal", str(journal)).expect(0).json
    assert differences(plan, world) == []
    lines = [json.loads(line) for line in journal.read_text().splitlines()]
    assert sorted((line["event"], line["operation"]) for line in lines) == sorted(
        (event, number) for event in ("intent", "result") for number in range(len(planned))
    )
    for line in lines:
        operation = planned[line["operation"]]
        assert line["title"] == operation["operation"].replace("-", " ") and line["account_id"] == operation["account_id"]
        if line["event"] == "intent":
            for key in ("policy_name", "policy_arn", "ends_at", "reason", "lease_id"):
                assert line[key] == operation[key], (line, operation)
    assert [{key: row[key] for key in operation} for row, operation in zip(report["operations"], planned)] == planned


def live(world, *arguments, code=0, base="HEAD^", **more):
    """The plan of the last commit as JSON, made without a write and without the deployer role."""
    result = world.run("plan", "--live", "--base", base, "--head", "HEAD", "--json", *arguments, **more).expect(code)
    assert world.proxy.writes == []
    assert all(call.params["RoleArn"].endswith(f"/{PLANNER}") for call in world.proxy.calls if call.service == "sts")
    return result.json


def drift(plan):
    return [(row["kind"], row["account_id"], row["policy_name"] or row["policy_arn"] or row["message"]) for row in plan["drift"]]


def with_settings(config):
    return {**config, **SETTINGS}


@pytest.fixture
def applied(world):
    """GRANTS, applied."""
    world.begin(with_settings(GRANTS))
    world.run("apply").expect(0)
    return world


@pytest.mark.parametrize("change", [EDITED, CHANGED, NOTHING], ids=["edited", "changed", "nothing"])
def test_the_operations_are_the_calls_of_apply(applied, change):
    applied.repo.commit("Change", change)
    plan = live(applied)
    assert plan["operations"]["implied"] is False and plan["drift"] == []
    assert plan["operations"]["items"]
    apply_as_planned(applied, plan)


def test_a_first_plan_is_what_the_first_apply_does(world):
    """Every mode: attachments, inline leases, copies, roles; nothing is there yet, and in the end nothing is left."""
    world.begin(with_settings(NOTHING))
    leases = [lease("bert"), lease("carol", "dev.break-glass"), by_role("dev.queues")]
    world.repo.commit("Access", files([permanent(["dev.read-only"], users=["ada"])], leases))
    apply_as_planned(world, live(world))
    assert live(world, base="HEAD")["operations"]["items"] == []
    leases[2] = {**by_role("dev.queues"), "expiration_date": "2026-06-05"}
    world.repo.commit("Prolong the role", files([permanent(["dev.read-only"], users=["ada"])], leases))
    apply_as_planned(world, live(world))
    world.repo.commit("Nothing", NOTHING)
    apply_as_planned(world, live(world))


def test_drift_is_found_and_apply_puts_it_right(applied):
    iam = applied.aws.admin[PROD]
    iam.create_policy_version(PolicyArn=READ_ONLY_ARN[PROD], PolicyDocument=document(allow("*")), SetAsDefault=True)
    iam.detach_user_policy(UserName="ada", PolicyArn=READ_ONLY_ARN[PROD])
    lease = iam.get_user_policy(UserName="bert", PolicyName=LEASE_NAME("bert"))["PolicyDocument"]
    lease["Statement"][0]["Action"] = "s3:*"
    iam.put_user_policy(UserName="bert", PolicyName=LEASE_NAME("bert"), PolicyDocument=json.dumps(lease))
    applied.aws.admin[NONPROD].attach_user_policy(UserName="carol", PolicyArn=READ_ONLY_ARN[NONPROD])
    plan = live(applied, base="HEAD")
    assert drift(plan) == [
        ("changed", PROD, "payments-dev-read-only"),
        ("changed", PROD, LEASE_NAME("bert")),
        ("undeclared", NONPROD, READ_ONLY_ARN[NONPROD]),
        ("missing", PROD, READ_ONLY_ARN[PROD]),
    ]
    validator(closed(SCHEMA)).validate(plan)
    text = applied.run("plan", "--live", "--base", "HEAD", "--head", "HEAD").expect(0).stdout
    assert "4 differences between AWS and what was applied" in text and "changed by hand" in text
    markdown = applied.run("plan", "--live", "--base", "HEAD", "--head", "HEAD", "--markdown").expect(0).stdout
    assert "4 differences between AWS and what was applied" in markdown and "changed by hand" in markdown
    applied.run("apply").expect(0)
    assert differences(plan, applied) == []
    assert live(applied, base="HEAD")["drift"] == []


def test_what_ended_and_stayed(applied):
    plan = live(applied, "--detailed-exitcode", code=2, base="HEAD", now="2026-06-10T00:00:00Z")
    assert drift(plan) == [("ended", PROD, LEASE_NAME("bert"))]


def test_a_name_that_somebody_else_holds(applied):
    """It was so before this change, so the plan says it and does not fail; a new one fails the plan."""
    iam = applied.aws.admin[PROD]
    iam.put_user_policy(
        UserName="bert", PolicyName=LEASE_NAME("bert"), PolicyDocument=document(allow("s3:Get*", Sid="ByHand"))
    )
    plan = live(applied, base="HEAD")
    validator(closed(SCHEMA)).validate(plan)
    assert [row[:2] for row in drift(plan)] == [("foreign", PROD)] and LEASE_NAME("bert") in drift(plan)[0][2]
    applied.repo.commit("Another", files([], [lease("bert"), lease("ada")]))
    iam.put_user_policy(
        UserName="ada", PolicyName=LEASE_NAME("ada"), PolicyDocument=document(allow("s3:Get*", Sid="ByHand"))
    )
    plan = live(applied, code=1)
    assert {problem["id"] for problem in plan["problems"]} == {"foreign-inline-policy"}
    assert len(drift(plan)) == 1


def test_a_policy_in_place_of_ours(applied):
    """Somebody deleted our policy and made one of that name: it is not ours, and stays as it is."""
    iam = applied.aws.admin[PROD]
    iam.detach_user_policy(UserName="ada", PolicyArn=READ_ONLY_ARN[PROD])
    for version in iam.list_policy_versions(PolicyArn=READ_ONLY_ARN[PROD])["Versions"]:
        if not version["IsDefaultVersion"]:
            iam.delete_policy_version(PolicyArn=READ_ONLY_ARN[PROD], VersionId=version["VersionId"])
    iam.delete_policy(PolicyArn=READ_ONLY_ARN[PROD])
    iam.create_policy(PolicyName="payments-dev-read-only", Path="/iamlease/", PolicyDocument=document(allow("s3:*")))
    plan = live(applied, base="HEAD")
    validator(closed(SCHEMA)).validate(plan)
    assert [row[:2] for row in drift(plan)] == [("foreign", PROD)] and "payments-dev-read-only" in drift(plan)[0][2]
    assert plan["operations"]["items"] == []


def test_a_principal_that_is_gone(applied):
    iam = applied.aws.admin[PROD]
    iam.delete_user_policy(UserName="bert", PolicyName=LEASE_NAME("bert"))
    for name in ("by-hand", "temp-payments-legacy-bert"):
        iam.delete_user_policy(UserName="bert", PolicyName=name)
    for policy in iam.list_attached_user_policies(UserName="bert")["AttachedPolicies"]:
        iam.detach_user_policy(UserName="bert", PolicyArn=policy["PolicyArn"])
    iam.delete_user(UserName="bert")
    plan = live(applied, base="HEAD")
    assert [row[0] for row in drift(plan)] == ["principal-missing"] and "'bert'" in drift(plan)[0][2]


def test_a_principal_that_was_made_again_is_held_as_by_apply(applied):
    iam = applied.aws.admin[PROD]
    delete_user(iam, "bert")
    applied.aws.made_at(LATER)
    iam.create_user(UserName="bert")
    applied.repo.commit("Nothing to do with bert", with_settings({**GRANTS, "aws-accounts/tools.yaml": "aws-accounts: {}\n"}))
    plan = live(applied)
    assert plan["operations"]["items"] == []
    held = {problem["id"] for problem in plan["problems"]}
    assert held == {"principal-recreated"}
    assert {row[0] for row in drift(plan)} == {"principal-recreated"} and "user bert" in drift(plan)[0][2]
    validator(closed(SCHEMA)).validate(plan)
    assert "principal-recreated" in applied.run("apply").expect(1).output and applied.proxy.writes == []


def test_a_first_change_does_not_choose_who_reads_aws(world):
    world.begin({}, with_settings(GRANTS))
    result = world.run("plan", "--base", "HEAD^", "--head", "HEAD", "--json").expect(0)
    assert world.proxy.calls == [] and "must not choose the role" in json.dumps(result.json["notices"])


def test_a_new_user_that_is_not_there_fails_the_plan(applied):
    applied.repo.commit("Stranger", files([permanent(["dev.read-only"], users=["ada"])], [lease("noone")]))
    plan = live(applied, code=1)
    assert [problem["id"] for problem in plan["problems"]] == ["principal-not-found"]


def test_a_copied_policy_of_the_account_that_changed(world):
    iam = world.aws.admin[PROD]
    world.begin(NOTHING)
    source = iam.create_policy(PolicyName="base", PolicyDocument=document(allow("sqs:Get*")))["Policy"]["Arn"]
    policies = {**POLICIES, "dev.base": {"description": "x", "managed_policies": [source]}}
    world.repo.commit("Lease", with_settings(files([], [lease("bert", "dev.base")], policies)))
    world.run("apply").expect(0)
    iam.create_policy_version(PolicyArn=source, PolicyDocument=document(allow("sqs:*")), SetAsDefault=True)
    plan = live(world, base="HEAD")
    assert [row[0] for row in drift(plan)] == ["source-updated"] and "version v2" in drift(plan)[0][2]
    assert plan["operations"]["items"] == []


def test_apply_holds_a_lease_whose_source_moved(world):
    """The plan recorded v1; by the time of apply the policy says more. What is there already stays as it is."""
    iam = world.aws.admin[PROD]
    world.begin(with_settings(NOTHING))
    world.run("apply").expect(0)
    source = iam.create_policy(PolicyName="base", PolicyDocument=document(allow("sqs:Get*")))["Policy"]["Arn"]
    policies = {**POLICIES, "dev.base": {"description": "x", "managed_policies": [source]}}
    world.repo.commit("Lease", files([], [lease("bert", "dev.base"), lease("ada")], policies))
    plan = world.path / "plan.json"
    shown = live(world, f"--out={plan}")
    assert shown["sources"] == [{"account_id": PROD, "arn": source, "version_id": "v1"}]
    assert json.loads(plan.read_text()) == shown
    iam.create_policy_version(PolicyArn=source, PolicyDocument=document(allow("sqs:*")), SetAsDefault=True)
    applied = world.repo.applied
    result = world.run("apply", "--plan", str(plan)).expect(1)
    for word in ("source-moved", "is at version v2", "copy version v1", "plan again"):
        assert word in result.output
    assert {call.action for call in world.proxy.calls if call.write} == {"PutUserPolicy"}  # the other lease
    assert world.repo.applied == applied
    live(world, f"--out={plan}")
    world.run("apply", "--plan", str(plan)).expect(0)
    assert "sqs:*" in json.dumps(world.snapshot()[PROD]["policies"])
    iam.create_policy_version(PolicyArn=source, PolicyDocument=document(allow("sns:*")), SetAsDefault=True)
    world.run("apply", "--plan", str(plan)).expect(0)
    assert world.proxy.writes == []


@pytest.mark.parametrize(
    "text, says",
    [
        (None, "cannot read the plan"),
        ("{", "cannot be read"),
        ('{"format": "iamlease/report", "version": 1}', "is not a plan"),
        ('{"format": "iamlease/plan", "version": 1, "sources": [{"arn": "x"}]}', "lacks account, ARN or version"),
    ],
)
def test_a_plan_that_is_none(applied, text, says):
    plan = applied.path / "plan.json"
    if text:
        plan.write_text(text)
    result = applied.run("apply", "--plan", str(plan)).expect(1)
    assert says in result.stderr and applied.proxy.calls == []


def test_what_is_not_applied_yet_is_said(applied):
    """Two merges, one apply: the plan of the second knows that the first is still to come."""
    applied.repo.commit("First", EDITED)
    applied.repo.commit("Second", CHANGED)
    plan = live(applied)
    assert any("is still to be applied" in notice for notice in plan["notices"]) and plan["drift"]
    applied.run("apply").expect(0)
    assert differences(plan, applied) == []


def test_an_account_that_cannot_be_read_fails_the_plan(applied):
    """The other one is planned; and the message is about the plan role."""
    applied.repo.commit("Change", EDITED)
    iam = applied.aws.admin[PROD]
    iam.put_role_policy(RoleName=PLANNER, PolicyName="plan", PolicyDocument=document(allow("iam:GetAccountSummary")))
    result = applied.run("plan", "--live", "--base", "HEAD^", "--json").expect(1)
    problems = [problem for problem in result.json["problems"] if problem["account_id"] == PROD]
    assert [problem["id"] for problem in problems] == ["account-unreachable"]
    for word in ("GetAccountAuthorizationDetails", f"arn:aws:iam::{PROD}:role/{PLANNER}", "'iamlease policy plan' prints"):
        assert word in problems[0]["message"]
    assert {operation["account_id"] for operation in result.json["operations"]["items"]} == {NONPROD}


@pytest.mark.parametrize("kind, says", [("denied", "AccessDenied"), ("html", "web page"), ("garbage", "cannot be read")])
def test_trouble_with_aws(applied, kind, says):
    fault = Fault(kind, when=lambda call: call.account == PROD and call.action != "AssumeRole")
    plan = live(applied, code=1, base="HEAD", faults=[fault])
    assert [says in problem["message"] for problem in plan["problems"]] == [True]


def test_the_plan_role_is_the_bases(applied):
    """A change cannot have itself looked at by another role, the deployer role least of all."""
    applied.repo.commit("Grab", {"iamlease.yaml": f"version: 1\naws: {{plan_role: {DEPLOYER}}}\n"})
    live(applied)
    assert {call.account for call in applied.proxy.calls} == set(MANAGED)
    result = applied.run("plan", "--live", "--base", "HEAD").expect(1)
    assert "is the deployer role" in result.stderr and applied.proxy.calls == []


def test_aws_is_read_where_a_role_and_credentials_are_there(applied):
    applied.repo.commit("Change", EDITED)
    plan = applied.run("plan", "--base", "HEAD^", "--json").expect(0).json
    assert plan["operations"]["implied"] is False
    nobody = {"AWS_ACCESS_KEY_ID": None, "AWS_SECRET_ACCESS_KEY": None}
    plan = applied.run("plan", "--base", "HEAD^", "--json", **nobody).expect(0).json
    assert plan["operations"]["implied"] is True and applied.proxy.calls == [] and plan["drift"] == []
    assert any("no credentials for AWS" in notice for notice in plan["notices"])
    result = applied.run("plan", "--live", "--base", "HEAD^", **nobody).expect(64)
    assert "AWS_ACCESS_KEY_ID" in result.stderr


def test_without_a_plan_role(world):
    world.begin(GRANTS)
    assert world.run("plan", "--base", "HEAD", "--json").expect(0).json["operations"]["implied"] is True
    result = world.run("plan", "--live", "--base", "HEAD").expect(64)
    assert "aws.plan_role" in result.stderr and "iamlease policy plan" in result.stderr
    assert world.proxy.calls == []


# What a plan reads where roles and OIDC providers are declared.
DECLARED = {"iam:GetRole", "iam:ListOpenIDConnectProviders", "iam:GetOpenIDConnectProvider"}


def test_the_plan_calls_every_action_of_its_policy(world):
    policies = {**POLICIES, "dev.queues": {"description": "x", "custom_statements": [statement(["sqs:Get*"])]}}
    world.begin(with_settings(NOTHING))
    world.repo.commit("Lease", files([], [lease("bert", "dev.break-glass")], policies))
    live(world)
    printed = json.loads(cli.run(cli.SHIPPED, ["policy", "plan"], world.repo.path, {}).expect(0).stdout)
    allowed = {action for entry in printed["Statement"] for action in entry["Action"]}
    assert {f"iam:{call.action}" for call in world.proxy.calls if call.service == "iam"} == allowed - DECLARED
    assert POWER_USER in {call.params.get("PolicyArn") for call in world.proxy.calls}


def test_leases_by_roles_are_planned_and_their_drift_is_found(world):
    world.begin(with_settings(NOTHING))
    world.run("apply").expect(0)
    world.repo.commit("Lend", files([], [by_role()]))
    plan = live(world)
    assert plan["operations"]["items"][0]["operation"] == "create-policy" and plan["drift"] == []
    world.run("apply").expect(0)
    assert len(plan["operations"]["items"]) == len(world.proxy.writes)
    assert live(world, base="HEAD")["operations"]["items"] == []
    ended = drift(live(world, base="HEAD", now="2026-06-10T00:00:00Z"))
    assert {row[0] for row in ended} <= {"ended", "undeclared"} and ("ended", PROD, None) in ended, ended
    name, iam = "temp-payments-dev-s3-debug-bert", world.aws.admin[PROD]
    everybody = document({"Effect": "Allow", "Principal": {"AWS": "*"}, "Action": "sts:AssumeRole"})
    iam.update_assume_role_policy(RoleName=name, PolicyDocument=everybody)
    iam.delete_role_policy(RoleName=name, PolicyName="iamlease-end")
    iam.put_role_policy(RoleName=name, PolicyName="by-hand", PolicyDocument=document(allow("*")))
    iam.attach_role_policy(RoleName=name, PolicyArn=POWER_USER)
    plan = live(world, base="HEAD")
    validator(closed(SCHEMA)).validate(plan)
    assert drift(plan) == [("changed", PROD, None), ("undeclared", PROD, POWER_USER), ("undeclared", PROD, "by-hand"), ("missing", PROD, "iamlease-end")]
    iam.tag_role(RoleName=name, Tags=[{"Key": "iamlease", "Value": "other/payments/dev.s3-debug:user:bert"}])
    plan = live(world, base="HEAD")
    (foreign,) = [row for row in drift(plan) if row[0] == "foreign"]
    assert foreign[1] == PROD and name in foreign[2]


def test_a_role_that_is_asked_for_lends_whatever_version_there_is(world):
    """Nothing is copied, so nothing that was approved moves; a lease beside it that copies the same policy is held."""
    iam = world.aws.admin[PROD]
    world.begin(with_settings(NOTHING))
    world.run("apply").expect(0)
    source = iam.create_policy(PolicyName="base", PolicyDocument=document(allow("sqs:Get*")))["Policy"]["Arn"]
    policies = {**POLICIES, "dev.base": {"description": "x", "managed_policies": [source]}}
    plan = world.path / "plan.json"
    world.repo.commit("By a role", files([], [by_role("dev.base")], policies))
    assert live(world, f"--out={plan}")["sources"] == []
    world.repo.commit("A copy beside it", files([], [by_role("dev.base"), lease("ada", "dev.base")], policies))
    assert len(live(world, f"--out={plan}")["sources"]) == 1
    iam.create_policy_version(PolicyArn=source, PolicyDocument=document(allow("sqs:*")), SetAsDefault=True)
    result = world.run("apply", "--plan", str(plan)).expect(1)
    assert result.output.count("is at version v2") == 1 and any(call.action == "CreateRole" for call in world.proxy.calls)
    assert "ada" not in "".join(world.proxy.writes)


def test_a_role_that_is_there_is_not_held_when_its_policy_moves(world):
    """What is lent by a role is the policy itself, not a copy of a version."""
    iam = world.aws.admin[PROD]
    world.begin(with_settings(NOTHING))
    world.run("apply").expect(0)
    many = [f"sqs:{'x' * 40}{number}" for number in range(120)]
    source = iam.create_policy(PolicyName="base", PolicyDocument=document(allow(many)))["Policy"]["Arn"]
    policies = {**POLICIES, "dev.base": {"description": "x", "managed_policies": [READ_ONLY, source]}}
    world.repo.commit("Lease", files([], [lease("bert", "dev.base")], policies))
    plan = world.path / "plan.json"
    live(world, f"--out={plan}")
    world.run("apply", "--plan", str(plan)).expect(0)
    assert any(call.action == "CreateRole" for call in world.proxy.calls)
    iam.create_policy_version(PolicyArn=source, PolicyDocument=document(allow("sqs:*")), SetAsDefault=True)
    world.run("apply", "--plan", str(plan)).expect(0)
    assert world.proxy.writes == []

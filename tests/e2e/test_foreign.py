"""Only what is ours is touched: same names without our mark, other owners, attachments that nobody declared."""

import pytest
from harness import state
from harness.aws import MANAGED, NONPROD, PROD, allow, document
from harness.configs import (
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
from harness.people import sid_prefix
from harness.proxy import Fault
from harness.state import our_inline, our_policies

DECLARED = {READ_ONLY, POWER_USER}
HAND_MADE = document(allow("s3:GetObject", Sid="ByHand"))
OTHERS = "Read [iamlease other/payments/dev.read-only]"
LATER = "2026-07-01T00:00:00Z"
ENDED = {"DateLessThan": {"aws:CurrentTime": "2026-05-01T00:00:00Z"}}


def foreign(world):
    return {account: state.foreign(snapshot, DECLARED) for account, snapshot in world.snapshot().items()}


@pytest.mark.parametrize("path", ["/", "/iamlease/"])
@pytest.mark.parametrize("description", ["", "Read", OTHERS])
def test_a_policy_with_a_wanted_name_that_is_not_ours(world, path, description):
    """Names are unique in an account without regard to the path, so either place is taken."""
    world.begin(GRANTS)
    iam = world.aws.admin[PROD]
    taken = iam.create_policy(
        PolicyName="payments-dev-read-only", Path=path, Description=description, PolicyDocument=HAND_MADE
    )["Policy"]["Arn"]
    iam.attach_user_policy(UserName="bert", PolicyArn=taken)
    before = world.snapshot()
    result = world.run("apply").expect(1)
    for word in ("foreign-policy", "payments-dev-read-only", PROD, "rename the grant, or delete that policy"):
        assert word in result.output
    after = world.snapshot()
    assert after[PROD]["policies"][taken] == before[PROD]["policies"][taken]
    assert after[PROD]["users"]["bert"]["attached"] == before[PROD]["users"]["bert"]["attached"]
    assert taken not in after[PROD]["users"]["ada"]["attached"]
    assert READ_ONLY_ARN[NONPROD] in after[NONPROD]["users"]["ada"]["attached"]


@pytest.mark.parametrize("sid", ["ByHand", sid_prefix("other") + "1", "iamlease"])
def test_an_inline_policy_with_a_wanted_name_that_is_not_ours(world, sid):
    world.begin(GRANTS)
    theirs = document(allow("s3:GetObject", Sid=sid, Condition=ENDED))
    world.aws.admin[PROD].put_user_policy(UserName="bert", PolicyName=LEASE_NAME("bert"), PolicyDocument=theirs)
    before = world.snapshot()
    result = world.run("apply").expect(1)
    for word in ("foreign-inline-policy", LEASE_NAME("bert"), PROD, "delete or rename that policy by hand"):
        assert word in result.output
    assert READ_ONLY_ARN[PROD] in world.snapshot()[PROD]["users"]["ada"]["attached"]
    assert world.snapshot()[PROD]["users"]["bert"] == before[PROD]["users"]["bert"]
    for config in (GRANTS, NOTHING):
        world.repo.commit("Next", config)
        world.run("cleanup", now=LATER).expect(0)
        world.run("apply").expect(1 if config is GRANTS else 0)
        assert world.snapshot()[PROD]["users"]["bert"] == before[PROD]["users"]["bert"]


def test_grants_come_and_go_and_nothing_else_changes(world):
    world.begin(GRANTS)
    before = foreign(world)
    for config in (NOTHING, GRANTS, NOTHING):
        world.run("apply").expect(0)
        assert foreign(world) == before
        world.repo.commit("Next", config)
    world.run("apply").expect(0)
    world.run("cleanup", now=LATER).expect(0)
    assert world.snapshot() == before


def test_an_attachment_that_nobody_declared_stays(world):
    world.begin(files([permanent(["dev.read-only"], users=["ada"])]))
    world.aws.admin[PROD].attach_user_policy(UserName="ada", PolicyArn=POWER_USER)
    world.aws.admin[PROD].attach_user_policy(UserName="carol", PolicyArn=READ_ONLY)
    before = world.snapshot()
    world.run("apply").expect(0)
    world.repo.commit("Nothing", NOTHING)
    world.run("apply").expect(0)
    assert world.snapshot() == before


def test_what_is_declared_and_already_there_is_adopted(world):
    """Declared access ends with its entry, whoever attached it."""
    world.begin(files([permanent(["dev.break-glass"], users=["ada"], environments=["prod"])]))
    before = world.snapshot()
    world.aws.admin[PROD].attach_user_policy(UserName="ada", PolicyArn=POWER_USER)
    world.run("apply").expect(0)
    assert world.proxy.writes == []
    world.repo.commit("Nothing", NOTHING)
    world.run("apply").expect(0)
    assert world.snapshot() == before


def test_two_owners_share_an_account(world):
    ours = files([permanent(["dev.read-only"], users=["ada"])], [lease("bert")])
    theirs = {
        path.replace("payments", "ledger"): text
        for path, text in files([permanent(["dev.queues"], users=["ada"])], [lease("bert")]).items()
    }
    world.begin(ours)
    world.run("apply").expect(0)
    first = world.snapshot()
    repo = world.repo
    world.repo = type(repo).create(
        world.path / "other-owner", {**theirs, "iamlease.yaml": "version: 1\nowner: ledger\n"}
    )
    world.run("apply").expect(0)
    assert len(our_policies(world.snapshot()[PROD])) == 1 and world.snapshot() != first
    world.run("cleanup", now=LATER).expect(0)
    assert our_inline(world.snapshot()[PROD]) == our_inline(first[PROD])
    world.repo.commit("Nothing", {path: None for path in theirs if "access" in path})
    world.run("apply").expect(0)
    assert world.snapshot() == first


def test_a_grant_renamed_to_the_same_name_in_aws(world):
    """Dots become dashes: the old policy goes in one run, the new one comes in the next."""
    entry = files([permanent(["dev.queues"], users=["ada"], environments=["prod"])])
    renamed = {path: text and text.replace("dev.queues", "dev-queues") for path, text in entry.items()}
    world.begin(entry)
    world.run("apply").expect(0)
    before = world.snapshot()
    world.repo.commit("Another name", renamed)
    result = world.run("apply").expect(1)
    assert "'dev.queues'" in result.output and "run apply again" in result.output
    world.run("apply").expect(0)
    after = world.snapshot()
    assert after[PROD]["users"] == before[PROD]["users"]
    (policy,) = our_policies(after[PROD]).values()
    assert policy["description"].endswith("[iamlease default/payments/dev-queues]")


def test_a_policy_of_another_team_by_its_arn(world):
    """The ARN can be guessed; the policy comes with the grant of its own team only."""
    policies = {"reach": {"description": "", "managed_policies": [READ_ONLY_ARN[PROD], POWER_USER]}}
    other = files([permanent(["reach"], users=["carol"], environments=["prod"])], policies=policies)
    billing = {path.replace("payments", "billing"): text for path, text in other.items()}
    world.begin({**files([permanent(["dev.read-only"], users=["ada"])]), **billing})
    before = set(world.snapshot()[PROD]["users"]["carol"]["attached"])
    for _ in range(2):  # while the policy is not there yet, and when it is
        result = world.run("apply").expect(1)
        assert "marked-policy" in result.output and READ_ONLY_ARN[PROD] in result.output
        users = world.snapshot()[PROD]["users"]
        assert set(users["carol"]["attached"]) == before | {POWER_USER}
        assert READ_ONLY_ARN[PROD] in users["ada"]["attached"]


def test_a_policy_of_another_team_lent_by_its_arn(world):
    policies = {"reach": {"description": "", "managed_policies": [READ_ONLY_ARN[PROD], POWER_USER]}}
    other = files(temporary=[lease("carol", "reach")], policies=policies)
    billing = {path.replace("payments", "billing"): text for path, text in other.items()}
    world.begin({**files([permanent(["dev.read-only"], users=["ada"])])})
    world.run("apply").expect(0)
    before = world.snapshot()
    world.repo.commit("Lend it", billing)
    result = world.run("apply").expect(1)
    assert "marked-policy" in result.output and READ_ONLY_ARN[PROD] in result.output
    assert world.snapshot() == before


def test_a_lease_with_a_statement_put_in_front(world):
    """Whose it is now nobody can say: every command says so, and none touches it."""
    world.begin(files(temporary=[lease("bert")]))
    world.run("apply").expect(0)
    (lease_document,) = our_inline(world.snapshot()[PROD]).values()
    edited = document(allow("s3:GetObject"), *lease_document["Statement"])
    world.aws.admin[PROD].put_user_policy(UserName="bert", PolicyName=LEASE_NAME("bert"), PolicyDocument=edited)
    before = world.snapshot()
    for command in ("apply", "cleanup", "who"):
        result = world.run(command, now=LATER).expect(1)
        assert "lease-damaged" in result.output and LEASE_NAME("bert") in result.output
        assert world.snapshot() == before


def test_our_own_objects_changed_by_hand_are_put_right(world):
    world.begin(GRANTS)
    world.run("apply").expect(0)
    good = world.snapshot()
    iam = world.aws.admin[PROD]
    iam.create_policy_version(PolicyArn=READ_ONLY_ARN[PROD], PolicyDocument=HAND_MADE, SetAsDefault=True)
    iam.detach_user_policy(UserName="ada", PolicyArn=READ_ONLY_ARN[PROD])
    (lease_document,) = our_inline(good[PROD]).values()
    unending = {**lease_document, "Statement": [dict(entry) for entry in lease_document["Statement"]]}
    del unending["Statement"][0]["Condition"]
    iam.put_user_policy(UserName="bert", PolicyName=LEASE_NAME("bert"), PolicyDocument=document(*unending["Statement"]))
    world.run("apply").expect(0)
    after = world.snapshot()
    assert our_inline(after[PROD]) == our_inline(good[PROD])
    assert after[PROD]["users"] == good[PROD]["users"]
    documents = [our_policies(snapshot[PROD])[READ_ONLY_ARN[PROD]]["document"] for snapshot in (good, after)]
    assert documents[0] == documents[1]


def test_nothing_wider_for_whom_the_policy_was_given_by_hand(world):
    """It is ours, so bert loses it, and before it allows more; when that fails it stays as it is."""
    world.begin(GRANTS)
    world.run("apply").expect(0)
    policy = READ_ONLY_ARN[PROD]
    world.aws.admin[PROD].attach_user_policy(UserName="bert", PolicyArn=policy)
    wider = {**POLICIES["dev.read-only"], "custom_statements": [statement(["s3:*"])]}
    world.repo.commit("Wider", files([permanent(["dev.read-only"], users=["ada"])], policies={**POLICIES, "dev.read-only": wider}))
    before = world.snapshot()[PROD]["policies"][policy]
    fault = Fault("denied", when=lambda call: call.action == "DetachUserPolicy" and call.params["PolicyArn"] == policy)
    world.run("apply", faults=[fault]).expect(1)
    assert world.snapshot()[PROD]["policies"][policy] == before
    world.run("apply").expect(0)
    calls = [call.action for call in world.proxy.calls if call.write and call.params.get("PolicyArn") == policy]
    assert calls == ["DetachUserPolicy", "CreatePolicyVersion"]
    after = world.snapshot()[PROD]
    assert policy not in after["users"]["bert"]["attached"] and policy in after["users"]["ada"]["attached"]


def test_every_managed_account_keeps_its_foreign_objects_through_a_failure(world):
    config = files([permanent(["dev.read-only"], users=["ada", "nobody"])], [lease("bert")])
    world.begin(config)
    before = foreign(world)
    world.run("apply").expect(1)
    assert foreign(world) == before
    assert all(READ_ONLY_ARN[account] in world.snapshot()[account]["users"]["ada"]["attached"] for account in MANAGED)

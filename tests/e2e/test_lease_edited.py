"""Leases that somebody edited in AWS by hand: what apply, cleanup and who make of them."""

import json

import pytest
from harness.aws import PROD, allow, document
from harness.configs import POLICIES, files, lease
from harness.judge import ALLOWED, DENIED, judge
from harness.state import our_inline, our_policies, our_roles
from test_lease_policy import END, LAST_SECOND, ask, attached, lent, put, theirs

AFTER, YEARS_LATER = "2026-06-10T00:00:00Z", "2030-01-01T00:00:00Z"


def lend_a_copy(world, *statements):
    """A lease of a policy that is not ours, which is at another version since: its ARN."""
    world.begin(files())
    arn = theirs(world, "theirs", *statements)
    world.repo.commit("Lend", lent(managed=[arn]))
    world.run("apply").expect(0)
    change(world, arn, [allow("*")])
    return arn


def change(world, arn, statements):
    iam = world.aws.admin[PROD]
    iam.create_policy_version(PolicyArn=arn, PolicyDocument=document(*statements), SetAsDefault=True)


def edit_copy(world, edit):
    (arn,) = our_policies(world.snapshot()[PROD])
    statements = our_policies(world.snapshot()[PROD])[arn]["document"]["Statement"]
    for statement in statements:
        edit(statement)
    change(world, arn, statements)


def edit_inline(world, edit):
    (((_, user, name), policy),) = our_inline(world.snapshot()[PROD]).items()
    for statement in policy["Statement"]:
        edit(statement)
    iam = world.aws.admin[PROD]
    iam.put_user_policy(UserName=user, PolicyName=name, PolicyDocument=json.dumps(policy))


def without_end(statement):
    statement.pop("Condition")


def at_a_later_end(statement):
    statement["Condition"]["DateLessThan"]["aws:CurrentTime"] = "2027-06-04T00:00:00Z"


@pytest.mark.parametrize("date", ["2026-06-03", "2026-06-05", "2026-06-02"])
def test_a_copy_whose_source_changed_gets_its_end_back(world, date):
    """Also where the entry is prolonged in the same change; and what it copied stays what it was."""
    arn = lend_a_copy(world, allow("s3:*"))
    edit_copy(world, without_end)
    world.repo.commit("As declared now", lent(date, managed=[arn]))
    world.run("apply").expect(0)
    assert put(attached(world), f"{date}T23:59:59Z", YEARS_LATER) == [ALLOWED, DENIED]
    world.run("apply").expect(0)
    assert world.proxy.writes == []
    assert "lease-without-end" not in world.run("cleanup").expect(0).output


def test_a_copy_with_a_later_end_gets_its_own_back(world):
    lend_a_copy(world, allow("s3:*"))
    edit_copy(world, at_a_later_end)
    world.run("apply").expect(0)
    assert put(attached(world), LAST_SECOND, END) == [ALLOWED, DENIED]


ROLE = {**lease("bert"), "mode": "role"}


def edit_trust(world, edit):
    ((name, role),) = our_roles(world.snapshot()[PROD]).items()
    for statement in role["trust"]["Statement"]:
        edit(statement)
    world.aws.admin[PROD].update_assume_role_policy(RoleName=name, PolicyDocument=json.dumps(role["trust"]))


LENT = {
    "inline": ([lease("bert")], edit_inline),
    "policy": ([lease("bert", "dev.break-glass")], edit_copy),
    "role": ([ROLE], edit_trust),
}


def is_gone(world):
    """All but the policy of the grant, which a role had attached: that one has no end."""
    snapshot = world.snapshot()[PROD]
    copies = [arn for arn in our_policies(snapshot) if "/temp-" in arn]
    return not (our_inline(snapshot) or copies or our_roles(snapshot))


@pytest.mark.parametrize("edit", [without_end, at_a_later_end])
@pytest.mark.parametrize("mode", LENT)
def test_cleanup_takes_away_what_has_ended_by_its_entry(world, mode, edit):
    """Declared and over; before that, cleanup says what it is, and apply puts it right."""
    entries, edit_lease = LENT[mode]
    world.begin(files([], entries))
    world.run("apply").expect(0)
    edit_lease(world, edit)
    before = world.snapshot()
    row = "lease-without-end" if edit is without_end else "lease-too-long"
    assert row in world.run("cleanup").expect(1).output and world.snapshot() == before
    world.run("cleanup", now=AFTER).expect(0)
    assert is_gone(world)


@pytest.mark.parametrize("mode", LENT)
def test_the_latest_end_of_what_is_not_applied_yet_counts(world, mode):
    """A lease that was prolonged and applied, and shortened since: cleanup is not what shortens it."""
    entries, _ = LENT[mode]
    world.begin(files([], entries))
    world.run("apply").expect(0)
    world.repo.commit("Shorter", files([], [{**entries[0], "expiration_date": "2026-06-02"}]))
    before = world.snapshot()
    world.run("cleanup", now="2026-06-03T12:00:00Z").expect(0)
    assert world.snapshot() == before


def test_cleanup_does_not_judge_by_files_that_it_cannot_read(world):
    world.begin(files([], [lease("bert")]))
    world.run("apply").expect(0)
    edit_inline(world, at_a_later_end)
    world.repo.commit("Broken", {**files([], [lease("bert")]), "temporary-access/payments.yaml": "nothing: ["})
    before = world.snapshot()
    world.run("cleanup", now=AFTER)
    assert world.snapshot() == before


DENY = "iamlease-end"


def take_deny_away(world):
    (name,) = our_roles(world.snapshot()[PROD])
    world.aws.admin[PROD].delete_role_policy(RoleName=name, PolicyName=DENY)


def make_deny_late(world):
    ((name, role),) = our_roles(world.snapshot()[PROD]).items()
    late = json.loads(json.dumps(role["inline"][DENY]))
    late["Statement"][0]["Condition"]["DateGreaterThanEquals"]["aws:CurrentTime"] = "2027-06-04T00:00:00Z"
    world.aws.admin[PROD].put_role_policy(RoleName=name, PolicyName=DENY, PolicyDocument=json.dumps(late))


def deny_of(world):
    (role,) = our_roles(world.snapshot()[PROD]).values()
    return role["inline"].get(DENY)


@pytest.mark.parametrize("edit", [take_deny_away, make_deny_late])
def test_what_cuts_the_sessions_of_a_role_is_missed(world, edit):
    world.begin(files([], [ROLE]))
    world.run("apply").expect(0)
    wanted = deny_of(world)
    edit(world)
    for command in ("cleanup", "who"):
        result = world.run(command)
        assert "lease-without-end" in result.output and DENY in result.output and world.proxy.writes == []
    world.run("apply").expect(0)
    assert deny_of(world) == wanted
    assert "lease-without-end" not in world.run("cleanup").expect(0).output


TOO_LONG = "2026-09-01"
UNATTACHABLE = "arn:aws:iam::aws:policy/aws-service-role/AmazonRDSServiceRolePolicy"


@pytest.mark.parametrize("edit", [take_deny_away, make_deny_late])
@pytest.mark.parametrize("why", ["held", "refused"])
def test_it_comes_back_where_the_role_stays_as_it_is(world, why, edit):
    """Of a lease that is held, and of one that cannot be made as it is declared now."""
    world.begin(files([], [ROLE]))
    world.run("apply").expect(0)
    wanted = deny_of(world)
    edit(world)
    if why == "held":
        world.repo.commit("Too long", files([], [{**ROLE, "expiration_date": TOO_LONG}]))
    else:
        grants = {**POLICIES, "dev.s3-debug": {**POLICIES["dev.s3-debug"], "managed_policies": [UNATTACHABLE]}}
        world.repo.commit("Not to be had", files([], [ROLE], grants))
    result = world.run("apply").expect(1)
    assert ("held-limit" if why == "held" else UNATTACHABLE) in result.output
    assert deny_of(world) == wanted


@pytest.mark.parametrize("mode", LENT)
def test_a_held_lease_that_does_not_end_has_a_row(world, mode):
    entries, edit_lease = LENT[mode]
    world.begin(files([], entries))
    world.run("apply").expect(0)
    edit_lease(world, without_end)
    world.repo.commit("No such mode", files([], [{**entries[0], "mode": "nonsense"}]))
    result = world.run("apply").expect(1)
    assert "held-entry" in result.output
    assert result.output.count("lease-without-end") == 1


def everything(statement):
    statement["Action"] = "*"


def less(statement):
    statement["Action"] = "s3:GetObject"


def another_one(statements):
    return [*statements, {**statements[0], "Sid": "mine", "Action": "*"}]


@pytest.mark.parametrize("date", ["2026-06-03", "2026-06-02"])
@pytest.mark.parametrize("edit", [everything, less])
def test_a_copy_whose_source_changed_gets_its_content_back(world, date, edit):
    """That of the version which it copied: its Sids name it."""
    arn = lend_a_copy(world, allow("s3:*"))
    edit_copy(world, edit)
    world.repo.commit("As declared now", lent(date, managed=[arn]))
    world.run("apply").expect(0)
    end = f"{date}T23:59:59Z"
    assert put(attached(world), end, YEARS_LATER) == [ALLOWED, DENIED]
    assert judge([ask(attached(world), "iam:GetUser", end)]) == [DENIED]
    again = world.run("apply").expect(0)
    assert world.proxy.writes == [] and f"{arn} is at version v2; this lease keeps version v1" in again.output
    assert [name.split()[1:] for name in world.proxy.names].count(["GetPolicyVersion", "theirs", "v1", "#1"]) == 1


def test_a_statement_that_was_added_to_a_copy_goes(world):
    lend_a_copy(world, allow("s3:*"))
    (copy,) = our_policies(world.snapshot()[PROD])
    whole = attached(world)
    change(world, copy, another_one(whole[0]["Statement"]))
    world.run("apply").expect(0)
    assert attached(world) == whole


def test_nobody_can_tell_what_a_version_said_that_is_deleted(world):
    """The lease stays as it is until its end, and every run says so."""
    arn = lend_a_copy(world, allow("s3:*"))
    edit_copy(world, everything)
    world.aws.admin[PROD].delete_policy_version(PolicyArn=arn, VersionId="v1")
    before = world.snapshot()
    for command in (["apply", "--dry-run"], ["apply"]):
        result = world.run(*command).expect(0)
        assert f"version v1 of {arn}, which this lease copied, cannot be read any more" in result.output
        assert world.snapshot() == before
    world.run("cleanup", now=AFTER).expect(0)
    assert is_gone(world)

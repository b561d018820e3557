"""Leases that somebody edited in AWS by hand: what apply, cleanup and who make of them."""

import json

import pytest
from harness.aws import PROD, allow, document
from harness.configs import files, lease
from harness.judge import ALLOWED, DENIED
from harness.state import our_inline, our_policies
from test_lease_policy import END, LAST_SECOND, attached, lent, put, theirs

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

"""
What gives more waits for what takes away, and a lease gets nothing of both terms at once: each call that must
come first is refused, and then the other was not made.
"""

import json

import pytest
from harness.aws import PROD, allow
from harness.configs import POLICIES, POWER_USER, files, lease, permanent, statement
from harness.proxy import Fault
from harness.state import our_policies, our_roles
from test_lease_policy import theirs

GRANT = "dev.s3-debug"
ARN = f"arn:aws:iam::{PROD}:policy/iamlease/payments-dev-s3-debug"
ADA = permanent([GRANT], users=["ada"], environments=["prod"])
NAME = "temp-payments-dev-s3-debug-bert"


def policies(*actions):
    return {**POLICIES, GRANT: {"description": "Debug", "custom_statements": [statement(list(actions))]}}


NARROW, WIDE = policies("s3:GetObject"), policies("s3:*", "iam:*")


def lent(date="2026-06-03", grant=GRANT, **more):
    return {**lease("bert", grant, date), "mode": "role", **more}


def settings(**parts):
    return {"iamlease.yaml": json.dumps({"version": 1, **parts})}


MFA = settings(environments={"prod": {"require_mfa": True}})


def refused(action):
    return Fault("denied", when=lambda call: call.action == action)


def allowed(world):
    return {action for entry in our_policies(world.snapshot()[PROD])[ARN]["document"]["Statement"] for action in entry["Action"]}


@pytest.mark.parametrize(
    ("before", "after", "first"),
    [
        pytest.param(files([ADA], [lent()], NARROW), files([ADA], [], WIDE), "DetachRolePolicy", id="taken back"),
        pytest.param(files([], [lent()], NARROW), files([], [lent("2026-06-02")], WIDE), "PutRolePolicy", id="shorter"),
    ],
)
def test_a_policy_that_becomes_wider(world, before, after, first):
    """Whoever has it as a lease loses first what he is to lose."""
    world.begin(before)
    world.run("apply").expect(0)
    world.repo.commit("Change it", after)
    result = world.run("apply", faults=[refused(first)]).expect(1)
    assert allowed(world) == {"s3:GetObject"} and "blocked" in result.output
    world.run("apply").expect(0)
    assert allowed(world) == {"s3:*", "iam:*"}
    world.proxy.calls.clear()
    world.run("apply").expect(0)
    assert world.proxy.writes == []


def test_a_policy_that_becomes_wider_and_mfa(world):
    world.begin({**files([], [lent()], NARROW), **settings()})
    world.run("apply").expect(0)
    world.repo.commit("With MFA", {**files([], [lent()], NARROW), **MFA})
    world.repo.commit("Wider", {**files([], [lent()], WIDE), **MFA})
    world.run("apply", faults=[refused("UpdateAssumeRolePolicy")]).expect(1)
    assert allowed(world) == {"s3:GetObject"}
    world.run("apply").expect(0)
    assert allowed(world) == {"s3:*", "iam:*"}


def test_a_policy_that_becomes_wider_and_a_boundary(world):
    limit = theirs(world, "limit", allow("s3:*"))
    world.begin({**files([], [lent()], NARROW), **settings()})
    world.run("apply").expect(0)
    world.repo.commit("Wider and bounded", {**files([], [lent()], WIDE), **settings(aws={"permissions_boundary": limit})})
    world.run("apply", faults=[refused("PutRolePermissionsBoundary")]).expect(1)
    assert allowed(world) == {"s3:GetObject"}
    world.run("apply").expect(0)
    assert allowed(world) == {"s3:*", "iam:*"}
    role = world.aws.admin[PROD].get_role(RoleName=NAME)["Role"]
    assert role["PermissionsBoundary"]["PermissionsBoundaryArn"] == limit


def test_a_policy_that_becomes_wider_and_was_given_to_a_lease_by_hand(world):
    queues = lent(grant="dev.queues")
    world.begin(files([ADA], [queues], NARROW))
    world.run("apply").expect(0)
    world.aws.admin[PROD].attach_role_policy(RoleName="temp-payments-dev-queues-bert", PolicyArn=ARN)
    world.repo.commit("Wider", files([ADA], [queues], WIDE))
    world.run("apply", faults=[refused("DetachRolePolicy")]).expect(1)
    assert allowed(world) == {"s3:GetObject"}
    world.run("apply").expect(0)
    assert allowed(world) == {"s3:*", "iam:*"}


def terms(world):
    role = our_roles(world.snapshot()[PROD])[NAME]
    return role["trust"], role["inline"]


@pytest.mark.parametrize(
    ("first", "before", "after"),
    [
        ("CreatePolicyVersion", files([], [lent()], WIDE), files([], [lent("2026-06-05")], NARROW)),
        (
            "DetachRolePolicy",
            files([], [lent()], {**WIDE, GRANT: {**WIDE[GRANT], "managed_policies": [POWER_USER]}}),
            files([], [lent("2026-06-05")], WIDE),
        ),
    ],
)
def test_a_lease_that_is_prolonged_and_allows_less(world, first, before, after):
    """What it allowed until its old end it allows no longer than that."""
    world.begin(before)
    world.run("apply").expect(0)
    old = terms(world)
    world.repo.commit("Longer, and less", after)
    world.run("apply", faults=[refused(first)]).expect(1)
    assert terms(world) == old
    world.run("apply").expect(0)
    assert terms(world) != old


def test_terms_that_take_and_give(world):
    """MFA comes at once, the later end when the policy allows less."""

    def entry():
        (entry,) = our_roles(world.snapshot()[PROD])[NAME]["trust"]["Statement"]
        return entry["Condition"]

    world.begin({**files([], [lent()], WIDE), **settings()})
    world.run("apply").expect(0)
    old = entry()["DateLessThan"]
    world.repo.commit("With MFA", {**files([], [lent()], WIDE), **MFA})
    world.repo.commit("Longer, and less", {**files([], [lent("2026-06-05")], NARROW), **MFA})
    world.run("apply", faults=[refused("CreatePolicyVersion")]).expect(1)
    assert entry()["DateLessThan"] == old and "aws:MultiFactorAuthPresent" in str(entry())
    world.run("apply").expect(0)
    assert entry()["DateLessThan"] == {"aws:CurrentTime": "2026-06-06T00:00:00Z"}
    assert "aws:MultiFactorAuthPresent" in str(entry()) and allowed(world) == {"s3:GetObject"}

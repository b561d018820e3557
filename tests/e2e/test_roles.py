"""Roles of aws-roles: from the file to AWS, changed, and gone, read by boto3 and judged by an independent simulator."""

from harness.aws import NONPROD, PROD
from harness.configs import READ_ONLY
from harness.judge import ALLOWED, DENIED, judge, question
from harness.role_files import CI, role, with_roles
from harness.state import our_roles
from harness.world import NOW

NAME = "reader"


def assumes(world, account, principal, action="sts:AssumeRole", **context):
    """The question whether the trust policy of the role, as boto3 reads it, lets `principal` in."""
    live = our_roles(world.snapshot()[account])[NAME]
    arn = f"arn:aws:iam::{account}:role/iamlease/{NAME}"
    return {**question([], action, arn, principal, NOW, **context), "trust": live["trust"]}


def test_a_role_is_made_and_goes_with_its_entry(world):
    world.begin(with_roles())
    before = world.snapshot()
    world.repo.commit("A role", with_roles({NAME: role(grants=["dev.s3-debug"])}))
    world.run("apply").expect(0)
    for account in (NONPROD, PROD):
        made = our_roles(world.snapshot()[account])[NAME]
        assert made["attached"] == sorted(
            [READ_ONLY, f"arn:aws:iam::{account}:policy/iamlease/payments-dev-s3-debug"]
        )
    other = CI.replace("github-actions-deployer", "somebody")
    assert judge([assumes(world, NONPROD, CI), assumes(world, NONPROD, other)]) == [ALLOWED, DENIED]
    world.run("apply").expect(0)
    assert world.proxy.writes == []
    world.repo.commit("No role", with_roles())
    world.run("apply").expect(0)
    assert world.snapshot() == before

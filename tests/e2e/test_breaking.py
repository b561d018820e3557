"""Calls of one story are broken, the kinds of faults and the endings in rotation; `make torture` breaks every call in
every way (docs/reliability.md)."""

import random

import pytest
from harness.aws import PROD, allow, document
from harness.configs import POWER_USER
from harness.people import sid_prefix
from harness.proxy import Call
from harness.watch import Watch, standing
from model import breaking

CALLS = 3  # for each of the four tests


@pytest.mark.parametrize("story", breaking.STORIES)
def test_calls_of_a_story_are_broken(shipped_world, seed, story):
    stage = breaking.Stage(shipped_world, story)
    draw = random.Random(f"{seed} {story}")
    kinds = draw.sample(list(breaking.KINDS), CALLS)
    endings = draw.sample(breaking.ENDINGS, CALLS)
    for kind, call, ending in zip(kinds, draw.sample(stage.calls, CALLS), endings):
        wrong = stage.run(kind, call, ending)
        assert wrong == [], "\n".join(wrong)


@pytest.mark.parametrize("story", [name for name, story in breaking.STORIES.items() if story.command == "apply"])
def test_a_story_goes_as_planned(shipped_world, story):
    """The operations that the plan prints are the calls that apply makes, with all their parameters; no more, no less."""
    assert breaking.Stage(shipped_world, story).run_as_planned() == []


LOGS = f"arn:aws:iam::{PROD}:policy/hand-made-logs"  # bert has it
ENDS = {"Condition": {"DateLessThan": {"aws:CurrentTime": "2026-06-03T00:00:00Z"}}}


def test_the_watch_sees_what_has_no_end(world):
    iam = world.aws.admin[PROD]
    iam.put_user_policy(UserName="ada", PolicyName="temp", PolicyDocument=document(allow(["s3:*", "sqs:*"], Sid="ByHand")))
    iam.attach_user_policy(UserName="ada", PolicyArn=LOGS)
    watch = Watch(world.aws, standing(world.snapshot()), breaking.LATEST)
    call = Call("iam", "PutUserPolicy", PROD, {}, 1)
    sid = sid_prefix("default") + "1"

    def put(*statements):
        iam.put_user_policy(UserName="ada", PolicyName="temp", PolicyDocument=document(*statements))
        watch.violations.clear()
        watch(call)
        return len(watch.violations)

    assert put(allow("s3:*", Sid=sid, **ENDS)) == 0
    assert put(allow("s3:*", Sid=sid)) == 1
    assert put(allow("s3:*", Sid=sid, **ENDS), allow("sqs:*")) == 1
    late = {"Condition": {"DateLessThan": {"aws:CurrentTime": "2027-01-01T00:00:00Z"}}}
    assert put(allow("s3:*", Sid=sid, **late)) == 1
    assert put(allow("s3:*", Sid="ByHand")) == 0  # less than it was
    assert put(allow("s3:*", "arn:aws:s3:::one/*", Sid="ByHand")) == 1  # it says something else
    lease = iam.create_policy(
        PolicyName="temp-x", Description="[iamlease default/t/g:user:ada]", PolicyDocument=document(allow("s3:*"))
    )
    assert put(allow("s3:*", Sid="ByHand")) == 1  # not even attached
    iam.delete_policy(PolicyArn=lease["Policy"]["Arn"])
    iam.attach_user_policy(UserName="ada", PolicyArn=POWER_USER)
    assert put(allow("s3:*", Sid="ByHand")) == 1
    iam.detach_user_policy(UserName="ada", PolicyArn=POWER_USER)
    iam.create_policy_version(PolicyArn=LOGS, PolicyDocument=document(allow("logs:*")), SetAsDefault=True)
    assert put(allow("s3:*", Sid="ByHand")) == 2  # ada has it, and bert
    assert watch.looks == 9


def test_the_watch_sees_a_role_without_bounds(world):
    iam = world.aws.admin[PROD]
    watch = Watch(world.aws, standing(world.snapshot()), breaking.LATEST)
    bert = f"arn:aws:iam::{PROD}:user/bert"
    denial = {"Effect": "Deny", "Action": "*", "Resource": "*"}
    from_end = {"Condition": {"DateGreaterThanEquals": {"aws:CurrentTime": "2026-06-03T00:00:00Z"}}}

    def look(action="PutRolePolicy"):
        watch.violations.clear()
        watch(Call("iam", action, PROD, {"RoleName": "lent"}, 1))
        return len(watch.violations)

    def trust(principal=bert, **more):
        door = {"Effect": "Allow", "Principal": {"AWS": principal}, "Action": "sts:AssumeRole", **more}
        iam.update_assume_role_policy(RoleName="lent", PolicyDocument=document(door))

    def deny(*statements):
        iam.put_role_policy(RoleName="lent", PolicyName="iamlease-end", PolicyDocument=document(*statements))

    tag = {"Key": "iamlease", "Value": "default/payments/dev.read:user:bert"}
    iam.create_role(RoleName="lent", AssumeRolePolicyDocument=document(allow("*")), MaxSessionDuration=3600, Tags=[tag])
    trust(**ENDS)
    assert look() == 0  # nothing is allowed yet
    iam.attach_role_policy(RoleName="lent", PolicyArn=POWER_USER)
    assert look() == 1
    deny({**denial, **from_end})
    assert look() == 0 and look("UpdateAssumeRolePolicy") == 0
    later = {"DateGreaterThanEquals": {"aws:CurrentTime": "2026-06-04T00:00:00Z"}}
    for statement in (
        {**denial, "Action": "s3:*", **from_end},
        {**denial, "Condition": {**later, "Bool": {"aws:SecureTransport": "true"}}},
        {**denial, "Condition": {"DateGreaterThanEquals": {"aws:CurrentTime": "2027-01-01T00:00:00Z"}}},
    ):
        deny(statement)
        assert look() == 1, statement
    deny({**denial, "Condition": later})
    assert look() == 0 and look("UpdateAssumeRolePolicy") == 1  # the denial is to be moved first
    deny({**denial, **from_end})
    trust(f"arn:aws:iam::{PROD}:root", **ENDS)
    assert look() == 1
    trust()
    assert look() == 1
    trust(**ENDS)
    iam.detach_role_policy(RoleName="lent", PolicyArn=POWER_USER)
    deny(allow("s3:*"))
    assert look() == 1
    iam.update_role(RoleName="lent", MaxSessionDuration=7200)
    deny({**denial, **from_end})
    assert look() == 1

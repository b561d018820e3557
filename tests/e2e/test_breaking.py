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


ENDS = {"Condition": {"DateLessThan": {"aws:CurrentTime": "2026-06-03T00:00:00Z"}}}


def test_the_watch_sees_what_has_no_end(world):
    iam = world.aws.admin[PROD]
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
    assert put(allow("s3:*", Sid="ByHand")) == 0
    lease = iam.create_policy(
        PolicyName="temp-x", Description="[iamlease default/t/g:user:ada]", PolicyDocument=document(allow("s3:*"))
    )
    assert put(allow("s3:*", Sid="ByHand")) == 1  # not even attached
    iam.delete_policy(PolicyArn=lease["Policy"]["Arn"])
    iam.attach_user_policy(UserName="ada", PolicyArn=POWER_USER)
    assert put(allow("s3:*", Sid="ByHand")) == 1
    assert watch.looks == 7

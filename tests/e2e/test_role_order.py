"""Trust, boundary and policies of a role change in one run: with each call refused for good, nobody has what neither
state gives. boto3 reads whom the role trusts, and the independent simulator judges what it may do then."""

import json

import pytest
from harness.aws import PROD, allow, document
from harness.configs import POLICIES, files, statement
from harness.judge import ALLOWED, judge, question
from harness.proxy import Fault
from harness.role_files import CI, role, with_roles
from harness.state import our_roles
from harness.world import NOW

NAME = "reader"
ARN = f"arn:aws:iam::{PROD}:role/iamlease/{NAME}"
LIMIT = f"arn:aws:iam::{PROD}:policy/limit"
FEW = [{"principals": [CI]}]
MORE = [*FEW, {"services": ["ec2.amazonaws.com"]}]
OTHERS = [{"services": ["ec2.amazonaws.com"]}]
OBJECT, QUEUE = "arn:aws:s3:::bucket/key", f"arn:aws:sqs:eu-west-1:{PROD}:queue"
ACTIONS = {"s3:GetObject": OBJECT, "s3:PutObject": OBJECT, "sqs:SendMessage": QUEUE}


def declared(trust, *statements, **more):
    """The role, with a policy of its own for each statement."""
    named = {f"dev.x{number}": {"custom_statements": [one]} for number, one in enumerate(statements)}
    entry = role(trust, environments=["prod"], managed_policies=[], grants=list(named), **more)
    return with_roles({NAME: entry}, base=files(policies={**POLICIES, **named}))


def lent(trust, actions):
    ends = {"expiration_date": "2026-06-05"}
    lease = {"description": "x", "role": NAME, "environment": "prod", "grant": "dev.x", **ends}
    policies = {**POLICIES, "dev.x": {"custom_statements": [statement(actions)]}}
    entry = role(trust, environments=["prod"], managed_policies=[])
    return with_roles({NAME: entry}, base=files(temporary=[lease], policies=policies))


MUCH, LITTLE, ELSE = statement(["s3:*"]), statement(["s3:GetObject"]), statement(["sqs:*"])
DENY = statement(["s3:GetObject"], effect="Deny")
CHANGES = {
    "more come, and the policy allows less": (declared(FEW, MUCH), declared(MORE, LITTLE)),
    "some go, and it allows more": (declared(MORE, LITTLE), declared(FEW, MUCH)),
    "others in their place, and it allows something else": (declared(FEW, MUCH), declared(OTHERS, ELSE)),
    "more come, and a boundary": (declared(FEW, MUCH), declared(MORE, MUCH, permissions_boundary=LIMIT)),
    "some go, and the boundary": (declared(MORE, MUCH, permissions_boundary=LIMIT), declared(FEW, MUCH)),
    "more come, and something is denied": (declared(FEW, MUCH), declared(MORE, MUCH, DENY)),
    "some go, and nothing is denied any more": (declared(MORE, MUCH, DENY), declared(FEW, MUCH)),
    "others in their place, and something else is lent": (lent(FEW, ["s3:*"]), lent(OTHERS, ["sqs:*"])),
}


def given(world):
    """Who may come in and do what, of all that is asked about: pairs."""
    live = our_roles(world.snapshot()[PROD])[NAME]
    iam = world.aws.admin[PROD]
    documents = [json.loads(text) if isinstance(text, str) else text for text in live["inline"].values()]
    for arn in live["attached"]:
        version = iam.get_policy(PolicyArn=arn)["Policy"]["DefaultVersionId"]
        documents.append(iam.get_policy_version(PolicyArn=arn, VersionId=version)["PolicyVersion"]["Document"])
    trusted = {
        value
        for entry in live["trust"]["Statement"]
        if entry["Effect"] == "Allow"
        for values in entry["Principal"].values()
        for value in ([values] if isinstance(values, str) else values)
    }
    bound = iam.get_role(RoleName=NAME)["Role"].get("PermissionsBoundary")
    may = judge([question(documents, action, resource, ARN, NOW) for action, resource in ACTIONS.items()])
    allowed = {action for action, verdict in zip(ACTIONS, may, strict=True) if verdict == ALLOWED}
    if bound:
        allowed &= {"s3:GetObject"}  # what the boundary of these tests allows
    return {(who, action) for who in trusted for action in allowed}


@pytest.mark.parametrize("change", CHANGES)
def test_each_call_refused(shipped_world, change):
    world = shipped_world
    before, after = CHANGES[change]
    world.begin(with_roles())
    world.aws.admin[PROD].create_policy(PolicyName="limit", PolicyDocument=document(allow("s3:GetObject")))
    world.repo.commit("As it was", before)
    world.run("apply").expect(0)
    old = given(world)
    world.repo.commit("As it shall be", after)
    world.save("start")
    world.run("apply").expect(0)
    writes, new = world.proxy.writes, given(world)
    assert old != new and len(writes) > 1
    for name in writes:
        world.restore("start")
        world.run("apply", faults=[Fault("denied", name)]).expect(1)
        assert given(world) <= old | new, f"{name} refused"
        world.run("apply").expect(0)
        assert given(world) == new, f"{name} refused, then not"

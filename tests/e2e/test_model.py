"""Random lives of a repository, held against a reference model (tests/e2e/model): few here, many in `make torture`."""

import json

import pytest
from harness.aws import NONPROD, PROD, allow, document
from model import lives

LENT = {"team": "payments", "grant": "dev.read", "window": (None, 24, False)}


def test_random_lives_are_as_the_model_says(shipped_world, seed):
    machine = lives.live(shipped_world, seed, examples=2, steps=6)
    assert machine.applies >= 2


@pytest.fixture
def life(shipped_world):
    """One life: bert has a lease as an inline policy in nonprod and as a policy in prod, carol one as a role in nonprod;
    ada has a permanent grant."""
    life = type("OneLife", (lives.Life,), {"world": shipped_world})()
    life.first_apply(mfa=True)
    life.lend(**LENT, who=("user", "bert"), where="nonprod", then=False)
    life.lend(**{**LENT, "grant": "dev.write"}, who=("user", "bert"), where="prod", then=False)
    life.change_mode(team="payments", grant="dev.write", mode="policy", then=False)
    life.lend(**{**LENT, "grant": "ops.mixed"}, who=("user", "carol"), where="nonprod", then=False)
    life.change_mode(team="payments", grant="ops.mixed", mode="role", then=False)
    life.grant(team="payments", people=[("user", "ada")], grants=["dev.read"], where=["nonprod"], then=True)
    return life


def longer(iam):
    name = iam.list_user_policies(UserName="bert")["PolicyNames"][-1]
    text = json.dumps(iam.get_user_policy(UserName="bert", PolicyName=name)["PolicyDocument"])
    assert "2026-06-02T09:00:00Z" in text
    text = text.replace("2026-06-02T09:00:00Z", "2026-06-02T09:00:01Z")
    iam.put_user_policy(UserName="bert", PolicyName=name, PolicyDocument=text)


ROLE = "temp-payments-ops-mixed-carol"


def let_in(iam, **more):
    """Changes whom a role trusts."""
    trust = iam.get_role(RoleName=ROLE)["Role"]["AssumeRolePolicyDocument"]
    trust["Statement"][0].update(more)
    iam.update_assume_role_policy(RoleName=ROLE, PolicyDocument=json.dumps(trust))


def ours(iam, prefix):
    found = [policy["Arn"] for policy in iam.list_policies(Scope="Local", PathPrefix="/iamlease/")["Policies"]]
    return next(arn for arn in found if f"/{prefix}" in arn)


HARM = {
    "a lease is a second longer": (NONPROD, longer),
    "a policy that stays is wider": (
        NONPROD,
        lambda iam: iam.create_policy_version(
            PolicyArn=ours(iam, "payments-dev"),
            PolicyDocument=document(allow("*")),
            SetAsDefault=True,
        ),
    ),
    "an attachment is gone": (
        NONPROD, lambda iam: iam.detach_user_policy(UserName="ada", PolicyArn=ours(iam, "payments-dev"))
    ),
    "an attachment too many": (
        NONPROD, lambda iam: iam.attach_user_policy(UserName="carol", PolicyArn=ours(iam, "payments-dev"))
    ),
    "a lease has a second holder": (
        PROD, lambda iam: iam.attach_user_policy(UserName="carol", PolicyArn=ours(iam, "temp-"))
    ),
    "a role opens a second longer": (
        NONPROD,
        lambda iam: let_in(iam, Condition={"DateLessThan": {"aws:CurrentTime": "2026-06-02T09:00:01Z"}}),
    ),
    "a role is open to another": (NONPROD, lambda iam: let_in(iam, Principal={"AWS": f"arn:aws:iam::{NONPROD}:user/ada"})),
    "a role denies nothing": (NONPROD, lambda iam: iam.delete_role_policy(RoleName=ROLE, PolicyName="iamlease-end")),
    "a role allows more": (
        NONPROD, lambda iam: iam.attach_role_policy(RoleName=ROLE, PolicyArn=lives.S3_READ)
    ),
    "a foreign role is gone": (
        PROD, lambda iam: iam.delete_role_policy(RoleName="temp-payments-legacy-bert", PolicyName="iamlease-end")
    ),
    "a foreign object is changed": (
        PROD, lambda iam: iam.put_user_policy(
            UserName="bert", PolicyName="by-hand", PolicyDocument=document(allow("sns:Publish", ["*"]))
        ),
    ),
}  # fmt: skip


@pytest.mark.parametrize("harm", HARM)
def test_the_model_sees_it(life, harm):
    life.check()
    account, do = HARM[harm]
    do(life.world.aws.admin[account])
    with pytest.raises(AssertionError):
        life.check()

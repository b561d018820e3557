"""What is held gets nothing wider, of any kind, by whatever other change or by the next run; what narrows it goes on."""

import json

import pytest
from harness.aws import PROD
from harness.configs import NOTHING, POLICIES, files, lease, permanent, statement
from harness.state import our_policies

from test_apply_pulls import APPROVALS, new_job

new_job = new_job  # a fixture

NARROW = {**POLICIES, "dev.s3-debug": {"description": "", "custom_statements": [statement(["s3:GetObject"])]}}
WIDE = {**POLICIES, "dev.s3-debug": {"description": "", "custom_statements": [statement(["s3:*", "iam:*"])]}}
ARN = f"arn:aws:iam::{PROD}:policy/iamlease/payments-dev-s3-debug"
ROLE = "temp-payments-dev-s3-debug-bert"
ADA = permanent(["dev.s3-debug"], users=["ada"], environments=["prod"])
BERTS_ROLE = lease("bert") | {"mode": "role"}
CAROLS_ROLE = lease("carol") | {"mode": "role"}


def allowed(state):
    return json.dumps(our_policies(state.snapshot()[PROD])[ARN]["document"])


def holders(state):
    account = state.snapshot()[PROD]
    everybody = [*account["users"].items(), *account["roles"].items()]
    return {name for name, principal in everybody if ARN in principal["attached"]}


# --- one policy has all who have the grant ---------------------------------------------------------------------------

SHARED = {
    "a lease that is a role": ([ADA], [], [ADA], [BERTS_ROLE], {"ada"}),
    "of whom it is held for": ([], [BERTS_ROLE], [ADA], [BERTS_ROLE], {ROLE}),
    "two of them": ([], [BERTS_ROLE], [], [BERTS_ROLE, CAROLS_ROLE], {ROLE}),
}


@pytest.mark.parametrize("name", SHARED)
def test_who_comes_to_it_later_widens_it_for_nobody(new_job, name):
    """The grant becomes wider without an approval; somebody else gets it in a change that has one."""
    access, leases, later_access, later_leases, had = SHARED[name]
    job = new_job({**files(access, leases, NARROW), **APPROVALS})
    pull = job.origin.pull({**files(access, leases, WIDE), **APPROVALS})
    job.run().expect(1)
    job.origin.pull({**files(later_access, later_leases, WIDE), **APPROVALS}).approve()
    assert f"pull request #{pull.number}" in job.run().expect(1).result.output
    assert "iam:*" not in allowed(job) and holders(job) == had
    pull.approve()
    job.run().expect(0)
    assert "iam:*" in allowed(job) and len(holders(job)) == 2


def test_whom_the_fuse_keeps_it_for(world):
    """One change takes the grant from twelve of fourteen, and makes it wider."""
    users = [f"u{n}" for n in range(14)]
    world.begin(NOTHING)
    for user in users:
        world.aws.admin[PROD].create_user(UserName=user)
    world.repo.commit("Fourteen", files([ADA | {"users": users}], [], NARROW))
    world.run("apply").expect(0)
    world.repo.commit("Three, and wider", files([ADA | {"users": [*users[:2], "ada"]}], [], WIDE))
    result = world.run("apply").expect(1)
    assert "held-removals" in result.output and "held-policy" in result.output and "user u9" in result.output
    assert "iam:*" not in allowed(world) and holders(world) == set(users)
    world.run("apply", "--accept-removals", "HEAD").expect(0)
    assert "iam:*" in allowed(world) and holders(world) == {*users[:2], "ada"}


def test_who_has_it_by_an_entry_that_is_wrong(world):
    """ada's entry is neither granted, changed nor removed; carol's lease gets no role that allows nothing."""
    bert = permanent(["dev.s3-debug"], users=["bert"], environments=["prod"])
    world.begin(files([ADA, bert], [], NARROW))
    world.run("apply").expect(0)
    world.repo.commit("Wrong, and wider", files([ADA | {"environments": ["prod", "nowhere"]}, bert], [CAROLS_ROLE], WIDE))
    result = world.run("apply").expect(1)
    assert "held-entry" in result.output and "held-policy" in result.output and "user ada" in result.output
    assert "iam:*" not in allowed(world) and holders(world) == {"ada", "bert"}
    assert "temp-payments-dev-s3-debug-carol" not in world.snapshot()[PROD]["roles"]
    world.repo.commit("Mended", files([ADA, bert], [CAROLS_ROLE], WIDE))
    world.run("apply").expect(0)
    assert "iam:*" in allowed(world) and len(holders(world)) == 3

"""IAM is many machines: what was made a moment ago is not seen everywhere at once, and others write beside us."""

import itertools

import pytest
from harness.aws import PROD
from harness.configs import GRANTS, NOTHING, files, lease, permanent
from harness.proxy import Fault
from harness.state import difference, our_policies

READ = files([permanent(["dev.queues"], users=["ada"], environments=["prod"])])
ARN = f"arn:aws:iam::{PROD}:policy/iamlease/payments-dev-queues"
LENT = files(temporary=[lease("bert", "dev.break-glass"), lease("ada")])
SERVICE_ROLE = "arn:aws:iam::aws:policy/aws-service-role/AWSSupportServiceRolePolicy"


def times(number, action, arn=ARN):
    """The first so many calls of an action about a policy."""
    seen = itertools.count()
    return lambda call: call.action == action and call.params.get("PolicyArn") == arn and next(seen) < number


def test_a_new_policy_is_not_seen_by_whoever_attaches_it(world):
    world.begin(READ)
    world.run("apply", faults=[Fault("unseen", when=times(3, "AttachUserPolicy"))]).expect(0)
    assert ARN in world.snapshot()[PROD]["users"]["ada"]["attached"]
    assert world.repo.applied == world.repo.head
    assert [name.split()[1] for name in world.proxy.writes] == ["CreatePolicy"] + ["AttachUserPolicy"] * 4


def test_a_new_lease_is_not_seen_by_whoever_attaches_it(world):
    world.begin(files(temporary=[lease("bert", "dev.break-glass")]))
    arn = f"arn:aws:iam::{PROD}:policy/iamlease/temp-payments-dev-break-glass-bert"
    world.run("apply", faults=[Fault("unseen", when=times(2, "AttachUserPolicy", arn))]).expect(0)
    assert arn in world.snapshot()[PROD]["users"]["bert"]["attached"]


def test_an_old_policy_that_is_gone_is_not_waited_for(world):
    """A managed policy that nobody has: said at once."""
    world.begin(READ)
    world.run("apply").expect(0)
    world.repo.commit("More", files([permanent(["dev.queues"], users=["ada", "carol"], environments=["prod"])]))
    result = world.run("apply", faults=[Fault("unseen", when=times(9, "AttachUserPolicy"))]).expect(1)
    assert f"policy {ARN} does not exist in account {PROD}" in result.output
    assert len(world.proxy.writes) == 1


def test_the_answer_to_a_creation_is_lost_and_the_policy_not_seen_yet(world):
    """The second attempt finds the name taken; by whom, nobody can say for a moment."""
    world.begin(READ)
    lost = Fault("lost", f"{PROD} CreatePolicy payments-dev-queues #1")
    world.run("apply", faults=[lost, Fault("unseen", when=times(1, "GetPolicy"))]).expect(0)
    assert ARN in world.snapshot()[PROD]["users"]["ada"]["attached"]
    assert our_policies(world.snapshot()[PROD])[ARN]["versions"] == 1


@pytest.mark.parametrize("config", [GRANTS, LENT], ids=["grants", "leases"])
def test_the_sweep_does_not_show_yet_what_the_last_run_made(world, config):
    """It is made once more and found in place: nothing is lost, nothing is there twice."""
    world.begin(NOTHING)
    world.run("apply").expect(0)
    world.aws.save("before")
    world.repo.commit("Grants", config)
    world.run("apply").expect(0)
    expected = world.snapshot()
    world.aws.lag("before")
    world.run("apply").expect(0)
    assert world.proxy.writes and difference(world.snapshot(), expected) == []
    world.aws.lag(None)
    world.run("apply").expect(0)
    assert world.proxy.writes == []


def test_the_sweep_still_shows_what_the_last_run_took_away(world):
    world.begin(GRANTS)
    world.run("apply").expect(0)
    world.aws.save("before")
    world.repo.commit("No more", NOTHING)
    world.run("apply").expect(0)
    expected = world.snapshot()
    world.aws.lag("before")
    world.run("apply").expect(0)
    assert world.proxy.writes and difference(world.snapshot(), expected) == []


def test_somebody_attaches_our_policy_while_it_goes(world):
    """AWS refuses to delete it, the report says why, and the next run has its way."""
    world.begin(READ)
    world.run("apply").expect(0)
    world.repo.commit("No more", NOTHING)
    iam = world.aws.admin[PROD]

    def attach_again(call):
        if call.action == "DetachUserPolicy":
            iam.attach_user_policy(UserName="carol", PolicyArn=ARN)

    world.proxy.observer = attach_again
    result = world.run("apply").expect(1)
    world.proxy.observer = None
    assert f"policy {ARN} cannot be deleted in account {PROD}, because something still hangs on it" in result.output
    assert world.repo.applied != world.repo.head
    world.run("apply").expect(0)
    assert our_policies(world.snapshot()[PROD]) == {} and world.repo.applied == world.repo.head
    assert ARN not in world.snapshot()[PROD]["users"]["carol"]["attached"]


def test_a_policy_for_roles_of_services(world):
    policies = {"dev.service": {"description": "", "managed_policies": [SERVICE_ROLE]}}
    world.begin(files([permanent(["dev.service"], users=["ada"], environments=["prod"])], policies=policies))
    before = world.snapshot()
    result = world.run("apply").expect(1)
    assert "this policy is for roles of AWS's services" in result.output and world.snapshot() == before

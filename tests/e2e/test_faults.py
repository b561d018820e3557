"""AWS is slow, busy or gone for a moment: the run ends well all the same. One account says no: the others are done."""

import itertools

import pytest
from harness.aws import DEPLOYER, NONPROD, PROD
from harness.configs import CHANGED, GRANTS
from harness.proxy import Fault
from harness.state import difference


@pytest.fixture
def change(world):
    """A world where a change is waiting that needs every kind of write: its start, and its state at the end."""
    world.begin(GRANTS)
    world.run("apply").expect(0)
    world.repo.commit("Change", CHANGED)
    world.save("start")
    world.run("apply").expect(0)
    return world, world.proxy.names, world.snapshot()


@pytest.mark.parametrize("kinds", [["throttle"], ["unavailable", "html"], ["reset"], ["lost"]], ids=" and ".join)
def test_every_call_fails_once(change, kinds):
    """The state includes the number of versions of each policy: a lost answer must not cost one."""
    world, names, expected = change
    for name, kind in zip(names, itertools.cycle(kinds)):
        world.restore("start")
        result = world.run("apply", faults=[Fault(kind, name)])
        story = f"{kind} at {name}; the calls\n{world.proxy.log}\n{result}"
        assert result.code == 0, story
        assert difference(world.snapshot(), expected) == [], story
        assert world.repo.applied == world.repo.head, story


@pytest.mark.parametrize("kind", ["garbage", "cut"])
def test_every_write_is_answered_by_what_is_no_answer(change, kind):
    """200 alone is no evidence that it was done: something in between may have said so."""
    world, _, expected = change
    for name in world.proxy.writes:
        world.restore("start")
        result = world.run("apply", faults=[Fault(kind, name)])
        story = f"{kind} at {name}; the calls\n{world.proxy.log}\n{result}"
        assert result.code == 0, story
        assert difference(world.snapshot(), expected) == [], story
        assert world.repo.applied == world.repo.head, story


@pytest.mark.parametrize("kind", ["concurrent", "unmodifiable"])
def test_somebody_else_changes_the_same_object(change, kind):
    """Every write meets another one once, or an object of the same name that is just going."""
    world, _, expected = change
    for name in world.proxy.writes:
        world.restore("start")
        result = world.run("apply", faults=[Fault(kind, name)]).expect(0)
        assert difference(world.snapshot(), expected) == [], f"{kind} at {name}; the calls\n{world.proxy.log}\n{result}"


def only_in(account, action=""):
    return lambda call: call.account == account and call.action.startswith(action)


@pytest.mark.parametrize(
    "denied, advice", [("AssumeRole", DEPLOYER), ("Get", "iam:GetAccountAuthorizationDetails"), ("Put", "iam:Put")]
)
def test_one_account_says_no(change, denied, advice):
    world, _, expected = change
    world.restore("start")
    start, before = world.snapshot(), world.repo.applied
    result = world.run("apply", faults=[Fault("denied", when=only_in(PROD, denied))]).expect(1)
    assert PROD in result.output and "AccessDenied" in result.output and advice in result.output
    after = world.snapshot()
    assert after[NONPROD] == expected[NONPROD]
    assert after[PROD] == start[PROD] or denied == "Put"
    assert world.repo.applied == before
    world.run("apply").expect(0)
    assert world.snapshot() == expected
    assert world.repo.applied == world.repo.head


def test_an_account_that_never_answers_fails_alone(change):
    world, _, expected = change
    world.restore("start")
    result = world.run("apply", faults=[Fault("unavailable", when=only_in(PROD))]).expect(1)
    assert PROD in result.output
    assert world.snapshot()[NONPROD] == expected[NONPROD]


def test_a_user_vanishes_between_reading_and_writing(change):
    """Somebody deleted bert a moment ago: it is said at once, and the others get what is theirs."""
    world, _, expected = change
    world.restore("start")
    result = world.run("apply", faults=[Fault("missing", when=lambda call: call.action == "PutUserPolicy")]).expect(1)
    for word in ("bert", PROD, "NoSuchEntity"):
        assert word in result.output
    assert world.snapshot()[NONPROD] == expected[NONPROD]
    assert world.repo.applied != world.repo.head

"""Killed at every call once, then edited or reverted, then run again: nothing is lost and nothing is left over.

Each scenario records the calls of an undisturbed run and repeats that run for each call, killed just before or just
after the call reached AWS. The clean run that follows must end exactly where a run that was never killed ends.
A kill before AWS was reached differs from one after it for writes only, so reads are killed once.
"""

import json

import pytest
from harness.aws import PROD
from harness.configs import CHANGED, EDITED, GRANTS, LEASE_NAME, NOTHING
from harness.proxy import Fault
from harness.state import difference
from harness.world import NOW

pytestmark = pytest.mark.usefixtures("shipped_world")

ENDED = "2026-06-04T00:00:00Z"
KILLED = -9


def without_versions(snapshot):
    """For policies whose document changed: how many old versions are kept depends on where the run was killed."""
    for account in snapshot.values():
        for policy in account["policies"].values():
            assert 1 <= policy.pop("versions") <= 5
    return snapshot


def expected_after(world, config, now):
    """The state of a world in which only this was ever applied."""
    world.begin(config)
    world.run("apply", now=now).expect(0)
    return world.snapshot()


def prepare(world, applied, pending):
    """Saves as "start" a world in which `applied` was applied, if not None, and `pending` is committed on top."""
    world.begin(NOTHING if applied is None else applied)
    if applied is not None:
        world.run("apply").expect(0)
    world.repo.commit("Change", pending)
    world.save("start")


def moments(world, command, now, reads):
    """When to kill: (kind, call name), from an undisturbed run; a run that is killed at a read has written nothing."""
    world.run(*command, now=now).expect(0)
    assert world.proxy.writes
    before = world.proxy.names if reads else world.proxy.writes[:1]
    return [("kill", name) for name in before] + [("kill_after", name) for name in world.proxy.writes]


def kill_everywhere(world, command, finish, expected, now=NOW, view=lambda snapshot: snapshot, reads=False):
    """Kills `command` at each call once; after `finish` the world must be as `expected`, and rest."""
    for kind, name in moments(world, command, now, reads):
        world.restore("start")
        world.run(*command, now=now, faults=[Fault(kind, name)]).expect(KILLED)
        last = finish(world)
        story = f"{command[0]} was killed ({kind}) at {name}; the calls after that\n{world.proxy.log}\n{last}"
        assert last.code == 0, story
        assert difference(view(world.snapshot()), expected) == [], story
        assert world.repo.applied == world.repo.head, story
        world.run("apply", now=now).expect(0)
        assert world.proxy.writes == [], story


@pytest.mark.parametrize("ending", ["edited", "reverted"])
def test_first_apply_killed(world, ending):
    def finish(world):
        world.repo.commit("Edit", EDITED) if ending == "edited" else world.repo.revert()
        return world.run("apply")

    expected = expected_after(world, EDITED if ending == "edited" else NOTHING, NOW)
    prepare(world, None, GRANTS)
    kill_everywhere(world, ["apply"], finish, expected, reads=ending == "reverted")


@pytest.mark.parametrize("ending", ["edited", "reverted"])
def test_later_apply_killed(world, ending):
    def finish(world):
        world.repo.commit("Edit", EDITED) if ending == "edited" else world.repo.revert()
        return world.run("apply")

    expected = expected_after(world, EDITED if ending == "edited" else GRANTS, NOW)
    prepare(world, GRANTS, CHANGED)
    kill_everywhere(world, ["apply"], finish, without_versions(expected), view=without_versions)


@pytest.mark.parametrize("ending", ["run again", "edited", "reverted"])
def test_revocation_killed(world, ending):
    def finish(world):
        if ending == "edited":
            world.repo.commit("Edit", EDITED)
        elif ending == "reverted":
            world.repo.revert()
        return world.run("apply")

    target = {"run again": NOTHING, "edited": EDITED, "reverted": GRANTS}[ending]
    expected = expected_after(world, target, NOW)
    prepare(world, GRANTS, NOTHING)
    kill_everywhere(world, ["apply"], finish, expected)


def test_cleanup_killed(world):
    def clean_again(world):
        world.run("cleanup", now=ENDED).expect(0)
        return world.run("apply", now=ENDED)

    expected = expected_after(world, GRANTS, ENDED)
    prepare(world, GRANTS, {})
    kill_everywhere(world, ["cleanup"], clean_again, expected, now=ENDED, reads=True)


@pytest.mark.parametrize("kind, code", [("interrupt", 130), ("terminate", 143)])
def test_a_signal_lets_the_calls_in_flight_finish(world, kind, code):
    """The call that was under way counts, no further one begins, and the report says what was not reached."""
    expected = expected_after(world, GRANTS, NOW)
    prepare(world, None, GRANTS)
    world.run("apply").expect(0)
    first = world.proxy.writes[0]
    world.restore("start")
    before = world.snapshot()
    result = world.run("apply", faults=[Fault(kind, first)]).expect(code)
    assert world.snapshot() != before
    assert difference(world.snapshot(), expected) != []
    assert LEASE_NAME("bert") in result.output
    world.run("apply").expect(0)
    assert difference(world.snapshot(), expected) == []
    assert world.repo.applied == world.repo.head


def test_the_journal_has_the_intent_of_a_call_that_killed_the_run(world):
    world.begin(GRANTS)
    journal = world.path / "journal.jsonl"
    put = f"{PROD} PutUserPolicy bert {LEASE_NAME('bert')} #1"
    world.run("apply", "--journal", str(journal), faults=[Fault("kill_after", put)]).expect(KILLED)
    lines = [json.loads(line) for line in journal.read_text().splitlines()]
    assert any(LEASE_NAME("bert") in json.dumps(line) for line in lines)

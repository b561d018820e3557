"""A second clone applies, or cleans up, right after each write of an apply; some of them in tests/e2e."""

import pytest
from model import breaking


@pytest.mark.parametrize("command", ["apply", "cleanup"])
def test_another_run_after_every_write(world, count, command):
    stage = breaking.Stage(world, "a change")
    wrong = [line for name in stage.writes for line in stage.run_beside(command, name)]
    for name, number in [("in the middle of so many applies", len(stage.writes)), ("wrong", len(wrong))]:
        count("another run", f"a whole {command}", name, number)
    assert wrong == [], "\n".join(wrong)

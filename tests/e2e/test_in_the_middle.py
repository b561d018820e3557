"""Another run in the middle of an apply: after one of its writes, a second clone applies or cleans up from end to end.

Two jobs of GitHub Actions have no lock in common. Whatever they do to each other, nobody has temporary access without its
end, what others own stays, and the next run ends as the reference model says.
"""

import random

import pytest
from model import breaking

WRITES = 3


@pytest.mark.parametrize("command", ["apply", "cleanup"])
def test_another_run_after_a_write(shipped_world, seed, command):
    stage = breaking.Stage(shipped_world, "a change")
    assert len(stage.writes) > 10
    for name in random.Random(f"{seed} {command}").sample(stage.writes, WRITES):
        wrong = stage.run_beside(command, name)
        assert wrong == [], "\n".join(wrong)

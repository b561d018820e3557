"""Many random lives of a repository, held against the reference model (tests/e2e/model)."""

import pytest
from model import lives

PARTS, EXAMPLES, STEPS = 12, 10, 20


@pytest.mark.parametrize("part", range(PARTS))
def test_random_lives(world, seed, count, part):
    machine = lives.live(world, seed + part, EXAMPLES, STEPS)
    for name, number in [("lives", EXAMPLES), ("edits", machine.edits), ("applies", machine.applies)]:
        count("random lives", "held against the model", name, number)

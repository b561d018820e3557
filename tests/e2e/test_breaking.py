"""Calls of one story are broken, the kinds of faults and the endings in rotation; `make torture` breaks every call in
every way (docs/reliability.md)."""

import random

import pytest
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

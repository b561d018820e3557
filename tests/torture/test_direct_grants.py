"""Every call of every story of a direct grant, to AWS, Port and GitHub, broken in every way; the endings in turn."""

import pytest
from model import direct

CASES = [
    (story, kind, direct.ENDINGS[(number + place) % 3])
    for number, kind in enumerate(direct.ALL_KINDS)
    for place, story in enumerate(direct.STORIES)
]


@pytest.mark.parametrize("story, kind, ending", CASES)
def test_every_call(world, count, story, kind, ending):
    stage = direct.Stage(world, story)
    assert len(stage.calls) > 10
    wrong = [line for call in stage.calls for line in stage.run(kind, call, ending)]
    for name, number in [
        *((name, 0) for name in direct.STORIES), (story, len(stage.calls)),
        ("writes looked at", stage.looks), ("wrong", len(wrong)),
    ]:  # fmt: skip
        count("calls broken: direct grants", direct.ALL_KINDS[kind], name, number)
    assert wrong == [], "\n".join(wrong)

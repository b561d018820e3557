"""Every call of every story, broken in every way; then the configuration is kept, edited or reverted."""

import pytest
from model import breaking

STORIES = list(breaking.STORIES)
# The longest stories with every ending; the others with the endings in rotation.
WHOLE = ("a change", "roles")
CASES = [
    (story, kind, ending)
    for number, kind in enumerate(breaking.KINDS)
    for place, story in enumerate(STORIES)
    for ending in (breaking.ENDINGS if story in WHOLE else [breaking.ENDINGS[(number + place) % 3]])
]


@pytest.mark.parametrize("story, kind, ending", CASES)
def test_every_call(world, count, story, kind, ending):
    stage = breaking.Stage(world, story)
    assert len(stage.calls) > 10
    wrong = [line for call in stage.calls for line in stage.run(kind, call, ending)]
    column = breaking.KINDS[kind]
    for name, number in [
        *((name, 0) for name in STORIES), (story, len(stage.calls)),
        ("writes looked at", stage.looks), ("wrong", len(wrong)),
    ]:  # fmt: skip
        count("calls broken", column, name, number)
    assert wrong == [], "\n".join(wrong)

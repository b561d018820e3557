"""One engine and one image for all tests of the container action."""

import re
from pathlib import Path

import pytest
from engine import engine_with
from runner import Runner

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="session")
def engine():
    base = re.search(r"^ARG BASE=(\S+)$", (ROOT / "Dockerfile").read_text(), re.M)[1]
    with engine_with(base) as found:
        yield found


@pytest.fixture(scope="session")
def action(engine):
    """The action of this tree, built as for `uses: ./`."""
    runner = Runner(engine, ROOT)
    yield runner
    runner.remove()

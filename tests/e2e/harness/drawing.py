"""For conftest.py: the seed of all that tests draw, printed at the end of the run, and given to draw the same again."""

import os
import random

import pytest


def pytest_configure(config):
    """Before the workers are started, which inherit it."""
    os.environ.setdefault("IAMLEASE_SEED", str(random.randrange(1_000_000)))


def pytest_terminal_summary(terminalreporter):
    seed = os.environ["IAMLEASE_SEED"]
    terminalreporter.write_line(f"what the tests drew comes from the seed {seed}: IAMLEASE_SEED={seed} draws it again")


@pytest.fixture
def seed():
    return int(os.environ["IAMLEASE_SEED"])

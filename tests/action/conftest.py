"""One engine, one image and one AWS for all tests of the container action."""

import os
import re
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT / "tests" / "e2e"))  # the doubles of GitHub and AWS are in its harness

from checkout import Origin  # noqa: E402
from engine import EngineError, engine_with  # noqa: E402
from harness.aws import Aws  # noqa: E402
from harness.world import World  # noqa: E402
from job import Jobs  # noqa: E402
from runner import Runner  # noqa: E402


def pytest_addoption(parser):
    parser.addoption("--update", action="store_true", help="write the table of the image's contents anew")


@pytest.fixture(scope="session")
def engine():
    base = re.search(r"^ARG BASE=(\S+)$", (ROOT / "Dockerfile").read_text(), re.M)[1]
    try:
        with engine_with(base) as found:
            yield found
    except EngineError as error:
        if os.environ.get("CI") == "true":
            raise
        pytest.exit(f"SKIPPED, nothing of the container action was tested: {error}", returncode=0)


@pytest.fixture(scope="session")
def action(engine):
    """The action of this tree, built as for `uses: ./`."""
    runner = Runner(engine, ROOT)
    yield runner
    runner.remove()


@pytest.fixture(scope="session")
def aws():
    server = Aws("trimmed")
    yield server
    server.stop()


@pytest.fixture
def world(aws, tmp_path):
    scenario = World(aws, tmp_path)
    yield scenario
    scenario.close()


@pytest.fixture
def new_jobs(action, tmp_path):
    """Makes a repository of the commits, and the jobs on it."""
    made = []

    def begin(*commits, world=None, **github):
        made.append(Jobs(action, tmp_path / f"jobs-{len(made)}", Origin(tmp_path / f"origin-{len(made)}", *commits),
                         world, **github))
        return made[-1]

    yield begin
    for jobs in made:
        jobs.close()

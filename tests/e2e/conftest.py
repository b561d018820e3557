"""Fixtures: the two flavours of AWS live as long as the session, everything else as long as one test.

The program is the one built with sanitizers, so that a fault in a corner is seen; the story and the many runs of the
kill tests use the one that is shipped.
"""

import pytest
from harness import cli
from harness.aws import Aws
from harness.drawing import pytest_configure, pytest_terminal_summary, seed  # noqa: F401  (hooks, a fixture)
from harness.port_job import PortJob
from harness.world import World


def pytest_addoption(parser):
    parser.addoption("--update", action="store_true", help="write the expectations of the golden cases anew")


def _server(managed):
    server = Aws(managed)
    yield server
    server.stop()


@pytest.fixture(scope="session")
def aws():
    """With a handful of AWS managed policies: going back to the start takes a few milliseconds."""
    yield from _server("trimmed")


@pytest.fixture(scope="session")
def full_aws():
    """With every AWS managed policy."""
    yield from _server("full")


@pytest.fixture
def world(aws, tmp_path):
    scenario = World(aws, tmp_path)
    yield scenario
    scenario.close()


@pytest.fixture
def shipped_world(world):
    world.program = cli.SHIPPED
    return world


@pytest.fixture
def full_world(full_aws, tmp_path):
    scenario = World(full_aws, tmp_path, cli.SHIPPED)
    yield scenario
    scenario.close()


@pytest.fixture
def new_port_job(world):
    """Begins jobs with Port's double beside them; they end with the test."""
    jobs = []

    def begin(*commits, **more):
        jobs.append(PortJob(world, *commits, **more))
        return jobs[-1]

    yield begin
    for job in jobs:
        job.close()

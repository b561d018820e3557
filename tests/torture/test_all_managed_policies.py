"""Every policy that AWS manages and the emulator carries, lent in one apply: see tests/e2e/model/managed.py."""

from collections import Counter

import pytest
from harness import cli
from harness.aws import PROD, Aws
from harness.world import World
from model import managed


@pytest.fixture
def full_world(tmp_path):
    server = Aws("full", accounts=[PROD], page_size=1_000)
    scenario = World(server, tmp_path, cli.SHIPPED)
    yield scenario
    scenario.close()
    server.stop()


def test_every_managed_policy(full_world, count):
    names = managed.all_names(full_world)
    assert len(names) > 1_400
    lending = managed.Lending(full_world, names)
    found = lending.run(timeout_s=3_600)
    assert sorted(found) == sorted(names)
    table = "policies that AWS manages"
    for became, number in Counter(found.values()).most_common():
        count(table, "all of the emulator", became, number)
    probed = [counts for counts in lending.counts.values() if counts["allowed"]]
    count(table, "all of the emulator", "of the lent, judged by requests that the source allows", len(probed))
    count(table, "all of the emulator", "such requests", sum(counts["allowed"] for counts in probed))
    count(table, "all of the emulator", "allowed at the end", sum(c["atEnd"] for c in lending.counts.values()))
    refused = sorted(name for name, became in found.items() if became == "refused")
    print("refused by the emulator as they stand:", ", ".join(refused))

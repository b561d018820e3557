"""`make torture`: what takes too long for `make test`. The tables of docs/reliability.md come from here."""

import sys
from collections import Counter
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests" / "e2e"))

import pytest  # noqa: E402
from harness import cli  # noqa: E402
from harness.aws import Aws  # noqa: E402
from harness.drawing import pytest_configure, seed  # noqa: E402, F401  (a hook, a fixture)
from harness.drawing import pytest_terminal_summary as print_seed  # noqa: E402
from harness.world import World  # noqa: E402

PAGE_SIZE = 12  # two or three pages for each sweep
TABLES = ROOT / "build" / "torture" / "tables.md"


@pytest.fixture(scope="session")
def aws():
    server = Aws("trimmed", page_size=PAGE_SIZE)
    yield server
    server.stop()


@pytest.fixture
def world(aws, tmp_path):
    scenario = World(aws, tmp_path, cli.SHIPPED)
    yield scenario
    scenario.close()


@pytest.fixture
def count(record_property):
    """Counts for a table: count(table, row, column, number)."""

    def add(table, row, column, number):
        record_property("count", [table, row, column, number])

    return add


def pytest_terminal_summary(terminalreporter):
    """Adds up what all workers counted; a test that failed counts as well, and the run is red."""
    tables = {}
    for reports in terminalreporter.stats.values():
        for report in reports:
            for name, value in getattr(report, "user_properties", []):
                if name == "count" and report.when == "call":
                    table, row, column, number = value
                    tables.setdefault(table, {}).setdefault(row, Counter())[column] += number
    if tables:
        TABLES.parent.mkdir(parents=True, exist_ok=True)
        TABLES.write_text("\n".join(_table(name, rows) for name, rows in sorted(tables.items())))
        terminalreporter.write_line(TABLES.read_text())
        terminalreporter.write_line(f"these tables are in {TABLES.relative_to(ROOT)}")
    print_seed(terminalreporter)


def _table(name, rows):
    columns = list(dict.fromkeys(column for counts in rows.values() for column in counts))
    lines = [[name, *columns], ["---"] + ["---:"] * len(columns)]
    lines += [[row, *(f"{counts[column]:,}" for column in columns)] for row, counts in rows.items()]
    if len(rows) > 1:
        lines.append(["all", *(f"{sum(counts[column] for counts in rows.values()):,}" for column in columns)])
    return "\n".join(f"| {' | '.join(line)} |" for line in lines) + "\n"

"""Golden cases: what the program prints, to the byte; `--update` writes it anew, and `git diff` shows what changed."""

import re

import pytest
from harness import cli, golden

IDS = cli.ROOT / "src" / "config" / "ids.h"


@pytest.fixture(scope="session")
def update(request):
    return request.config.getoption("--update")


@pytest.mark.parametrize("name", golden.cases())
def test_case(name, tmp_path, update):
    case = golden.Case(golden.FOLDER / name)
    assert case.unexpected_files() == [], "nothing reads these files; case.yaml says which expectations there are"
    outputs, results = case.run(cli.SANITIZED, tmp_path)
    for run, result in results.items():
        result.expect(case.exit_of(run))
    for output, text in outputs.items():
        for place in (cli.ROOT, tmp_path):
            assert str(place) not in text, f"{output}: a path of this machine\n{text}"
        compare(case.folder / output, text, update)


def compare(path, text, update):
    if update:
        path.write_text(text) if text else path.unlink(missing_ok=True)
        return
    assert path.exists() or not text, f"{path} is missing; pytest --update writes it:\n{text}"
    assert text == (path.read_text() if path.exists() else "")


def test_every_diagnostic_has_a_case():
    ids = re.findall(r'^#define ID_\w+\s+"([a-z0-9-]+)"', IDS.read_text(), re.MULTILINE)
    shown = "".join(path.read_text() for path in golden.FOLDER.glob("*/diagnostics.txt"))
    assert ids and [name for name in ids if f"[{name}]" not in shown] == []
    # The id ends the line, so a text in brackets that somebody wrote is none.
    assert set(re.findall(r": (?:error|warning): .* \[([a-z0-9-]+)\]$", shown, re.MULTILINE)) <= set(ids)


def test_a_case_with_a_file_that_nobody_reads_fails(tmp_path):
    (tmp_path / "head").mkdir()
    (tmp_path / "case.yaml").write_text("shows: a misspelt expectation\nnow: '2026-06-01T09:00:00Z'\n")
    (tmp_path / "plan.text").write_text("")
    assert golden.Case(tmp_path).unexpected_files() == ["plan.text"]


def test_a_missing_expectation_fails_and_update_writes_it(tmp_path):
    expectation = tmp_path / "plan.txt"
    with pytest.raises(AssertionError, match="--update"):
        compare(expectation, "Nothing to change.\n", update=False)
    compare(expectation, "Nothing to change.\n", update=True)
    compare(expectation, "Nothing to change.\n", update=False)
    compare(expectation, "", update=True)
    assert not expectation.exists()

"""What the documents say is true: their configurations validate, their commands exist, their links lead somewhere."""

import re
import shlex
from pathlib import Path

import pytest
import yaml
from harness import action_tables, cli
from harness.gitrepo import GitRepo

PAGES = [cli.ROOT / name for name in ["README.md", "CONTRIBUTING.md", "SECURITY.md", "src/README.md"]]
PAGES += sorted((cli.ROOT / "docs").glob("*.md"))
DIAGNOSTICS = cli.ROOT / "docs" / "diagnostics.md"
FENCE = re.compile(r"^( *)(`{3,}|~{3,})([^\n`]*)\n(.*?)^ *\2[`~]*$", re.MULTILINE | re.DOTALL)
NAMED = re.compile(r"# ([\w./-]+\.ya?ml)\n")
LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)[^)]*\)|^\[[^\]]+\]: *(\S+)", re.MULTILINE)
DATE = re.compile(r"expiration_date: *[\"']?(\d{4}-\d\d-\d\d)")
EXAMPLE = re.compile(r"^<!-- the file (\S+) -->\n```yaml\n(.*?)^```$", re.MULTILINE | re.DOTALL)
OUTPUT = re.compile(r"^<!-- the output of (\S+) -->\n```text\n(.*?)^```$", re.MULTILINE | re.DOTALL)
INLINE = re.compile(r"`([^`\n]+)`")
BREAKS = {"|", "||", "&&", ";", "&", ">", ">>", "<"}

pages = pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(cli.ROOT)))


def blocks(page, language):
    """The contents of the fenced blocks of one language."""
    found = FENCE.findall(page.read_text())
    return [text for _, _, info, text in found if info.split()[:1] == [language]]


def states(page):
    """The configurations that a page shows: a file that comes again begins the next one."""
    state, shown = {}, []
    for block in blocks(page, "yaml"):
        name = NAMED.match(block)
        if not name:
            continue
        if name[1] in state:
            shown.append(dict(state))
        state[name[1]] = block
    return [*shown, state] if state else []


def commands(page):
    """Every `iamlease …` behind a prompt or in a sentence, as a list of words up to a pipe or the like."""
    lines = [line for block in blocks(page, "console") for line in block.replace("\\\n", " ").splitlines()]
    lines += [f"$ {code}" for code in INLINE.findall(FENCE.sub("", page.read_text()))]
    for line in lines:
        if not line.startswith("$ iamlease "):
            continue
        lexer = shlex.shlex(line[2:], posix=True, punctuation_chars=True)
        lexer.whitespace_split = True
        words = list(lexer)
        yield words[1 : next((at for at, word in enumerate(words) if word in BREAKS), len(words))]


def anchors(page):
    """The ids that GitHub gives to headings."""
    headings = re.findall(r"^#+ +(.+?) *$", FENCE.sub("", page.read_text()), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def run(*arguments, cwd):
    return cli.run(cli.SANITIZED, list(arguments), cwd, {})


@pages
def test_configurations_validate(page, tmp_path):
    """On the first day that one of their leases can be asked for, which is the day it ends."""
    for number, files in enumerate(states(page)):
        repo = GitRepo.create(tmp_path / str(number), files)
        dates = DATE.findall("".join(files.values()))
        now = f"{min(dates)}T00:00:00Z" if dates else "2026-06-01T09:00:00Z"
        run("validate", "--now", now, cwd=repo.path).expect(0)


@pages
def test_yaml_can_be_read(page):
    for block in blocks(page, "yaml"):
        assert yaml.safe_load(block) is not None, block


@pages
def test_commands_and_their_options_exist(page, tmp_path):
    for words in commands(page):
        names = [word for word in words if not word.startswith("-")]
        options = {word.split("=")[0] for word in words if word.startswith("-")}
        if not names:
            assert options <= {"--help", "-h", "--version"}, f"$ iamlease {' '.join(words)}"
            continue
        help_text = run("help", names[0], cwd=tmp_path).expect(0).stdout
        known = set(re.findall(r"(?<![\w-])(--?[a-z][a-z-]*)", help_text))
        assert options <= known, f"$ iamlease {' '.join(words)}: no {sorted(options - known)}"


@pages
def test_what_is_shown_is_what_there_is(page, request):
    """Outputs are those of golden cases, which test_golden.py runs; files are those of examples/, which test_workflows.py
    runs; tables are made from action.yml and the examples. `--update` writes all of it into the pages anew."""
    text = page.read_text()
    shown = with_tables(with_files(with_outputs(text)))
    if request.config.getoption("--update"):
        page.write_text(shown)
    else:
        assert text == shown, "pytest --update writes it anew"
    for marker, pattern in [("<!-- the output of", OUTPUT), ("<!-- the file", EXAMPLE), ("<!-- begin:", action_tables.PLACE)]:
        assert text.count(marker) == len(pattern.findall(text)), f"{marker}: without what should stand there"


def with_files(text):
    """The page with the files that it names."""

    def file(found):
        path = Path(found[1])
        assert path.parts[0] == "examples", f"{path} is no example"
        return f"<!-- the file {path} -->\n```yaml\n{(cli.ROOT / path).read_text()}```"

    return EXAMPLE.sub(file, text)


def with_tables(text):
    """The page with its tables of the action."""
    return action_tables.PLACE.sub(lambda found: action_tables.filled(found[1]), text)


def with_outputs(text):
    """The page with the output of each case that it names."""

    def output(found):
        file = Path(found[1])
        assert file.parts[:2] == ("test-fixtures", "cases"), f"{file} is no expectation of a golden case"
        return f"<!-- the output of {file} -->\n```text\n{(cli.ROOT / file).read_text()}```"

    return OUTPUT.sub(output, text)


@pages
def test_links_lead_somewhere(page):
    for target in (first or second for first, second in LINK.findall(FENCE.sub("", page.read_text()))):
        if re.match(r"[a-z]+:", target):
            continue
        path, _, anchor = target.partition("#")
        file = (page.parent / path).resolve() if path else page
        assert file.is_relative_to(cli.ROOT) and file.exists(), f"{target} is not there"
        assert not anchor or anchor in anchors(file), f"{path} has no heading #{anchor}"


def test_every_diagnostic_is_explained():
    """In docs/diagnostics.md, a row each: what it means, how to mend it, an example; and nothing else is there."""
    ids = re.findall(r'^#define ID_\w+\s+"([a-z0-9-]+)"', (cli.ROOT / "src/config/ids.h").read_text(), re.MULTILINE)
    rows = re.findall(r"^\| `([a-z0-9-]+)` \| (.+) \| (.+) \| (.+) \|$", DIAGNOSTICS.read_text(), re.MULTILINE)
    assert sorted(row[0] for row in rows) == sorted(ids)
    assert all(cell.strip() for row in rows for cell in row)


def test_a_page_that_is_wrong_fails(tmp_path):
    """The readers above see what they are to see."""
    page = tmp_path / "page.md"
    page.write_text(
        "# The page\n\n"
        "```yaml\n# aws-accounts/a.yaml\naws-accounts: {}\n```\n"
        "```yaml\nname: no file of ours\n```\n"
        "```yaml\n# aws-accounts/a.yaml\naws-accounts: { prod: '123456789012' }\n```\n"
        "```console\n$ iamlease plan --base main \\\n    --markdown > plan.md\nPlan: 0 to grant\n$ ls\n```\n"
        "Then `iamlease who --json | head` tells; `iamlease.yaml` is a file.\n"
    )
    assert [list(state) for state in states(page)] == [["aws-accounts/a.yaml"]] * 2
    assert states(page)[0] != states(page)[1]
    assert list(commands(page)) == [["plan", "--base", "main", "--markdown"], ["who", "--json"]]
    assert anchors(page) == {"the-page"}
    stale = "<!-- the output of test-fixtures/cases/nothing-changes/plan.txt -->\n```text\nPlan: 1 to grant\n```\n"
    assert "\nNothing to change" in with_outputs(stale) and "1 to grant" not in with_outputs(stale)
    stale = "<!-- the file examples/workflows/iamlease-plan.yml -->\n```yaml\nname: old\n```\n"
    assert "name: iamlease plan\n" in with_files(stale) and "name: old" not in with_files(stale)
    stale = "<!-- begin: inputs -->\n| `gone` |\n<!-- end -->\n"
    assert "| `command` |" in with_tables(stale) and "gone" not in with_tables(stale)


def test_the_readme_names_every_command():
    printed = cli.run(cli.SANITIZED, ["help"], cli.ROOT, {}).expect(0).stdout
    commands = re.findall(r"^  ([a-z-]+)  +\S", printed.split("Commands:")[1].split("Options")[0], re.M)
    rows = re.findall(r"^\| `iamlease ([a-z-]+)", (cli.ROOT / "README.md").read_text(), re.M)
    assert sorted(rows) == sorted(commands)

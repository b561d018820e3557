"""What help prints for other programs: the manual page, and the completions in the shells that they are for."""

import os
import re
import shutil
import subprocess

import pytest
from harness import cli
from harness.gitrepo import GitRepo
from harness.terminal import Terminal

SHELLS = ["bash", "zsh", "fish"]
HOSTILE = "$(touch${IFS}pwned)"  # a name that git allows for a branch
RUN = {
    # Prints each word of a line in a line of its own, between BEGIN and END.
    "bash": "words-of-the-line() { echo BEGIN; printf '<%s>\\n' \"$@\"; echo END; }",
    "zsh": "words-of-the-line() { echo BEGIN; printf '<%s>\\n' \"$@\"; echo END }",
}


def document(*arguments, cwd, **environment):
    return cli.run(cli.SANITIZED, ["help", *arguments], cwd, environment).expect(0).stdout


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    """A repository with a team and branches, the completions, and a program of that name on the path."""
    folder = tmp_path_factory.mktemp("help")
    repo = GitRepo.create(folder / "repository", {"aws-accounts/payments.yaml": "aws-accounts: {}\n"})
    repo.branch("change")
    (repo.path / "out file.json").touch()
    (repo.path / "configuration").mkdir()
    hostile = GitRepo.create(
        folder / "hostile",
        {"aws-accounts/payments.yaml": "aws-accounts: {}\n", f"aws-accounts/{HOSTILE}.yaml": ""},
    )
    hostile.git("branch", "--move", HOSTILE)
    for shell in SHELLS:
        (folder / shell).write_text(document("--completion", shell, cwd=folder))
    return folder


def shell_at(place, shell, folder="repository"):
    """The shell with its completion, at a prompt in a folder."""
    cwd = place / folder
    if shell == "bash":
        terminal = Terminal(["bash", "--norc", "--noprofile", "-i"], cwd, {"PS1": "$ "})
        start = f"source {place}/bash"
    else:
        terminal = Terminal(["zsh", "-f", "-i"], cwd, {"PS1": "$ "})
        start = f"unsetopt prompt_cr prompt_sp; autoload -Uz compinit; compinit -u -D; source {place}/zsh"
    terminal.type(f"{RUN[shell]}; {start}; printf 'rea%s\\n' dy\r")
    terminal.read_until(r"ready\r?\n")
    return terminal


def fish(place, line, folder="repository"):
    """The candidates for what stands at the end of a line; inserting and quoting them is fish's own affair."""
    script = f"source {place}/fish; complete -C '{line}'"
    result = subprocess.run(
        ["fish", "--no-config", "-c", script],
        cwd=place / folder,
        env={"PATH": os.environ["PATH"], "HOME": str(place), "LC_ALL": "C.UTF-8"},
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    assert result.stderr == ""
    return [candidate.split("\t")[0] for candidate in result.stdout.splitlines()]


ONE_CANDIDATE = [
    ("iamlease val", ["iamlease", "validate"]),
    ("iamlease --repo . cle", ["iamlease", "--repo", ".", "cleanup"]),
    ("iamlease -v pl", ["iamlease", "-v", "plan"]),
    ("iamlease plan --det", ["iamlease", "plan", "--detailed-exitcode"]),
    ("iamlease apply --head main --dr", ["iamlease", "apply", "--head", "main", "--dry-run"]),
    ("iamlease --conf", ["iamlease", "--config-root"]),
    ("iamlease plan --head chan", ["iamlease", "plan", "--head", "change"]),
    ("iamlease plan --team pay", ["iamlease", "plan", "--team", "payments"]),
    ("iamlease plan --out out", ["iamlease", "plan", "--out", "out file.json"]),
    ("iamlease plan --config-root conf", ["iamlease", "plan", "--config-root", "configuration/"]),
    ("iamlease help cle", ["iamlease", "help", "cleanup"]),
    ("iamlease help --completion fi", ["iamlease", "help", "--completion", "fish"]),
    ("iamlease cleanup --detailed", ["iamlease", "cleanup", "--detailed"]),  # not an option of this command
    ("iamlease who pla", ["iamlease", "who", "pla"]),  # a second command
]


@pytest.mark.parametrize("shell", ["bash", "zsh"])
def test_completion_at_a_terminal(place, shell):
    with shell_at(place, shell) as terminal:
        for typed, words in ONE_CANDIDATE:
            completed = terminal.complete(typed)
            assert [word.rstrip("/") for word in completed] == [word.rstrip("/") for word in words], typed
        assert terminal.complete("iamlease plan --head=chan")[-1] in ("--head=change", "change")


@pytest.mark.parametrize("shell", ["bash", "zsh"])
def test_a_branch_with_a_hostile_name_is_a_word(place, shell):
    """It is the only revision there is: completed, it stands there quoted, and nothing has run."""
    with shell_at(place, shell, "hostile") as terminal:
        assert terminal.complete("iamlease plan --base ") == ["iamlease", "plan", "--base", HOSTILE]
        assert terminal.complete("iamlease plan --team ") == ["iamlease", "plan", "--team", "payments"]
    assert not (place / "hostile" / "pwned").exists()


def test_completion_in_fish(place):
    for typed, words in ONE_CANDIDATE:
        typed_word, candidates = typed.split(" ")[-1], fish(place, typed)
        expected = [words[-1]] if words[-1] != typed_word else []
        assert candidates == expected, typed
    assert fish(place, "iamlease plan --head=chan") == ["--head=change"]
    assert fish(place, "iamlease plan --head ", "hostile") == [HOSTILE]
    assert fish(place, "iamlease plan --team ", "hostile") == ["payments"]
    assert not (place / "hostile" / "pwned").exists()


@pytest.mark.parametrize("shell", SHELLS)
def test_completions_know_every_command_and_option(place, shell):
    """As the help of each command does; and the shell itself finds no fault with the file."""
    text = (place / shell).read_text()
    subprocess.run([shell, "-n", str(place / shell)], check=True, capture_output=True)
    listed = re.findall(r"^  ([a-z]\S*) ", document(cwd=place).partition("Commands:\n")[2].partition("\n\n")[0], re.M)
    assert listed
    for command in listed:
        assert re.search(rf"\b{command}\b", text), command
        for option in re.findall(r"--([a-z-]+)", document(command, cwd=place).partition("Options:")[2]):
            spelled = f"-l {option} " if shell == "fish" else f"--{option}"
            assert option == "some-name" or spelled in text, option


def test_the_manual_page(place):
    page = document("--man", cwd=place)
    assert page.isascii()
    for renderer in (["groff", "-ww", "-b", "-man", "-Tascii", "-P-cbou"], ["mandoc", "-Tascii"]):
        result = subprocess.run(renderer, input=page, capture_output=True, text=True, check=True)
        assert result.stderr == "", renderer
        shown = re.sub(r".\x08", "", result.stdout)
        for expected in ("iamlease - AWS access as a lease", "--accept-removals REV", "-v, --verbose"):
            assert expected in shown, renderer
    lint = subprocess.run(["mandoc", "-Tlint", "-Wwarning"], input=page, capture_output=True, text=True)
    findings = [line for line in lint.stdout.splitlines() if "missing date" not in line]
    assert findings == []


def test_documents_are_whole_in_github_actions(place):
    """Standard output of the log is guarded, but a page is no log."""
    for arguments in (["--man"], ["--completion", "bash"], ["plan"]):
        assert document(*arguments, cwd=place, GITHUB_ACTIONS="true") == document(*arguments, cwd=place)


@pytest.mark.parametrize(
    "arguments, message",
    [
        (["--completion", "tcsh"], "there is no completion for 'tcsh', only for: bash zsh fish"),
        (["--man", "--completion", "zsh"], "--man, --completion, --schema and --reference are documents of their own; ask for one"),
        (["--man", "plan"], "--man, --completion, --schema and --reference are not about one command such as 'plan'"),
        (["pla"], "unknown command 'pla'; did you mean 'plan'?"),
    ],
)
def test_what_help_cannot_print(tmp_path, arguments, message):
    result = cli.run(cli.SANITIZED, ["help", *arguments], tmp_path, {}).expect(64)
    assert result.stdout == "" and result.stderr == f"iamlease: {message}\n"


def test_install(tmp_path):
    """The program, the page and the completions, each where it is looked for."""
    subprocess.run(
        ["make", "-s", "install", f"DESTDIR={tmp_path}", "PREFIX=/usr"],
        cwd=cli.ROOT,
        check=True,
        capture_output=True,
    )
    installed = sorted(str(path.relative_to(tmp_path / "usr")) for path in tmp_path.rglob("*") if path.is_file())
    assert installed == [
        "bin/iamlease",
        "share/bash-completion/completions/iamlease",
        "share/doc/iamlease/LICENSE",
        "share/fish/vendor_completions.d/iamlease.fish",
        "share/man/man1/iamlease.1",
        "share/zsh/site-functions/_iamlease",
    ]
    assert shutil.which("iamlease", path=str(tmp_path / "usr" / "bin"))
    for name in installed[1:2] + installed[3:]:
        assert len((tmp_path / "usr" / name).read_text()) > 1000

"""Golden cases: folders with inputs and with everything that the program must print for them.

A case is a folder in test-fixtures/cases:

    case.yaml         what it shows and how it is run, see Case.KEYS
    base/             the files of the base; without it nothing is declared there
    head/             the files of the head that differ from the base
    diagnostics.txt   what `iamlease plan` prints on standard error
    plan.txt          ... and on standard output
    plan.md           `plan --markdown`, that is the pull request's comment
    plan.json         `plan --json`
    annotations.txt   standard output in GitHub Actions, on the merge commit of the pull request
    summary.md        the job summary of that run

The first two are always compared, and have no file when nothing is printed; the others when `also` names them.
"""

import os
import re
import shutil
from pathlib import Path

import yaml

from harness import bytes_of_files, cli
from harness.gitrepo import GitRepo

FOLDER = cli.ROOT / "test-fixtures" / "cases"
ALWAYS = ["diagnostics.txt", "plan.txt"]
ON_REQUEST = ["plan.md", "plan.json", "annotations.txt", "summary.md"]


class Case:
    KEYS = {
        "shows": "one line: what a reader should look for",
        "now": "the time of the run",
        "exit": "the exit code; 0 when it is not given. Where runs end differently: {text: 0, plan.md: 1}",
        "arguments": "more arguments",
        "base": "another folder than base/, relative to the case",
        "head": "another folder than head/, relative to the case",
        "removed": "files of the base that the head lacks",
        "generated": "files of the head that are made by a function of harness/bytes_of_files.py: {path: function}",
        "also": "expectations beyond the two that are always compared",
        "beginning": "of long expectations only so many lines are kept and compared: {name: lines}",
    }

    def __init__(self, folder):
        self.folder = Path(folder)
        settings = yaml.safe_load((self.folder / "case.yaml").read_text())
        unknown = set(settings) - set(self.KEYS)
        assert not unknown, f"{self.folder.name}/case.yaml: unknown keys {sorted(unknown)}"
        assert settings["shows"] and "now" in settings, f"{self.folder.name}/case.yaml: say what it shows, and when"
        self.now = settings["now"]
        self._exit = settings.get("exit", 0)
        self.arguments = settings.get("arguments", [])
        self.removed = settings.get("removed", [])
        self.generated = settings.get("generated", {})
        self.expected = ALWAYS + settings.get("also", [])
        self.beginning = settings.get("beginning", {})
        self.base = self._input("base", settings)
        self.head = self._input("head", settings)
        assert set(self.expected) <= {*ALWAYS, *ON_REQUEST}, f"{self.folder.name}/case.yaml: also: {self.expected}"

    def _input(self, name, settings):
        """The folder of a side; one that case.yaml names must be there."""
        folder = (self.folder / settings.get(name, name)).resolve()
        assert folder.is_dir() or name not in settings, f"{self.folder.name}/case.yaml: no folder {settings[name]}"
        return folder

    def unexpected_files(self):
        """Names in the folder that nothing reads: a misspelt expectation must not pass for one."""
        known = {"case.yaml", "base", "head", *self.expected}
        return sorted(entry.name for entry in self.folder.iterdir() if entry.name not in known)

    def exit_of(self, run):
        """The exit code of a run: text, plan.md, plan.json or actions."""
        return self._exit[run] if isinstance(self._exit, dict) else self._exit

    def run(self, program, work):
        """What the program prints, by the name of the expectation; and its exit codes, which must all be one."""
        repo = self._repository(work / "repository")
        results = {}

        def run(name, *arguments, **environment):
            command = ["plan", "--now", self.now, *arguments, *self.arguments]
            results[name] = cli.run(program, command, repo.path, environment)
            return results[name]

        local = ["--base", "main", "--head", "change"]
        printed = run("text", *local)
        outputs = {"plan.txt": printed.stdout, "diagnostics.txt": printed.stderr}
        for name, option in [("plan.md", "--markdown"), ("plan.json", "--json")]:
            if name in self.expected:
                outputs[name] = run(name, *local, option).stdout
        if {"annotations.txt", "summary.md"} & set(self.expected):
            repo.git("checkout", "--quiet", "main")
            repo.git("merge", "--quiet", "--no-ff", "--message", "Merge", "change")
            summary = work / "summary.md"
            summary.touch()
            log = run(
                "actions",
                GITHUB_ACTIONS="true",
                GITHUB_EVENT_NAME="pull_request",
                GITHUB_STEP_SUMMARY=str(summary),
            )
            outputs["annotations.txt"] = without_tokens(log.stdout)
            outputs["summary.md"] = summary.read_text()
        return {name: beginning_of(outputs[name], self.beginning.get(name)) for name in self.expected}, results

    def _repository(self, path):
        """Branch main with the base, branch change with the head; each a commit whose id never changes."""
        repo = GitRepo.create(path)
        lay_over(path, self.base)
        repo.commit("Base", {})
        repo.branch("change")
        for name in self.removed:
            (path / name).unlink()
        lay_over(path, self.head)
        repo.commit("Head", {name: getattr(bytes_of_files, make)() for name, make in self.generated.items()})
        return repo


def beginning_of(text, count):
    """The first lines, and how many lines and bytes all of it has."""
    lines = text.splitlines(keepends=True)
    if count is None or len(lines) <= count:
        return text
    return "".join(lines[:count]) + f"[{len(lines)} lines, {len(text.encode())} bytes]\n"


def lay_over(path, folder):
    """Copies the files of a folder that may be missing; symbolic links stay what they are.

    Not their times: of a file with the size and the time that it knows, git does not see that it is another.
    """
    if folder.is_dir():
        shutil.copytree(folder, path, symlinks=True, copy_function=shutil.copyfile, dirs_exist_ok=True)


def without_tokens(log):
    """The log of GitHub Actions with the random word that ends ::stop-commands:: replaced."""
    return re.sub(r"\b[0-9a-f]{32}\b", "TOKEN", log)


def cases():
    return sorted(entry.name for entry in os.scandir(FOLDER) if entry.is_dir())

"""A job of GitHub Actions: a pull request, its checkout, and the program run as a step of the job.

The program runs as it is, not in its container: what is tested is what it does with events, checkouts and the API.
"""

import json
import os
import re
import shutil
import uuid
from dataclasses import dataclass
from pathlib import Path

from harness import cli, github_events
from harness.github_double import REPOSITORY, TOKEN, Github
from harness.gitrepo import GitRepo, made_once

LEAKS_OF_OTHERS = Path(__file__).with_name("lsan.supp")
NOW = "2026-06-01T09:00:00Z"
NUMBER = 12
MERGE_REF = f"refs/remotes/pull/{NUMBER}/merge"


def _make_origin(path, base, change, meanwhile):
    repo = served(GitRepo.create(path, base))
    start = repo.head
    repo.branch("change")
    head = repo.commit("Change", change)
    repo.git("checkout", "--quiet", "main")
    return repo, (start, head, repo.commit("Meanwhile", meanwhile), _merge(repo))


def _merge(repo):
    repo.git("checkout", "--quiet", "--detach", "main")
    repo.git("merge", "--quiet", "--no-ff", "--message", "Merge", "change")
    merge = repo.head
    repo.git("update-ref", f"refs/pull/{NUMBER}/merge", merge)
    repo.git("checkout", "--quiet", "main")
    return merge


def served(repo):
    """The repository itself, which now gives what GitHub gives: single objects, and checkouts without blobs."""
    with (repo.path / ".git" / "config").open("a") as config:
        config.write("[uploadpack]\n\tallowAnySHA1InWant = true\n\tallowFilter = true\n")
    return repo


class Origin:
    """The repository on GitHub: main with the base, a branch with the change, main went on, and the test merge."""

    def __init__(self, folder, base, change, meanwhile):
        self.repo, commits = made_once(folder, _make_origin, base, change, meanwhile)
        self.start, self.head, self.base, self.merge = commits

    def merge_change(self):
        """Makes the test merge anew, as GitHub does it after a push."""
        self.merge = _merge(self.repo)

    def check_out(self, folder, commit=None, **how):
        """As actions/checkout does; depth 0 is all of it."""
        source = self.repo.path
        copy, made_from = made_once(folder, _check_out, self.repo.refs(), commit or self.merge, how, source=source)
        for name in ("config", "FETCH_HEAD"):
            file = copy.path / ".git" / name
            file.write_text(file.read_text().replace(str(made_from), str(source)))
        return copy


def _check_out(path, _refs, wanted, how, source):
    return _check_out_as(path, wanted, source, **how)


def _check_out_as(path, wanted, source, depth=1, filter=None, sparse=()):
    copy = GitRepo.create(path)
    with (copy.path / ".git" / "config").open("a") as config:
        config.write(f'[remote "origin"]\n\turl = file://{source}\n\tfetch = +refs/heads/*:refs/remotes/origin/*\n')
    options = ["--quiet", "--no-tags", *([f"--depth={depth}"] if depth else []), *([f"--filter={filter}"] if filter else [])]
    names = [f"+{wanted}:{MERGE_REF}"] + ([] if depth else ["+refs/heads/*:refs/remotes/origin/*", "+refs/tags/*:refs/tags/*"])
    copy.git("fetch", *options, "origin", *names)
    if sparse:
        copy.git("sparse-checkout", "set", "--no-cone", *sparse)
        copy.git("checkout", "--quiet", "--force", wanted)
    else:
        # What actions/checkout leaves in every repository.
        copy.git("checkout", "--quiet", "--force", "--detach", wanted)
    return copy, source


@dataclass
class Command:
    name: str
    properties: dict
    data: str


class Step:
    """What a run left behind, read as the runner reads it."""

    def __init__(self, result, files):
        self.result = result
        self.code = result.code
        self.summary = files["GITHUB_STEP_SUMMARY"]
        self.outputs = parse_outputs(files["GITHUB_OUTPUT"])
        self.commands = parse_commands(result.stdout) + parse_commands(result.stderr)

    def said(self, name):
        return [command.data for command in self.commands if command.name == name]

    def expect(self, code):
        self.result.expect(code)
        return self

    def __str__(self):
        return f"{self.result}\n---- summary\n{self.summary}"


class Job:
    def __init__(self, path, origin, program=cli.SANITIZED, **github):
        self.path = Path(path)
        self.origin = origin
        self.program = program
        self.github = Github(origin.repo.path, **github)
        self.event_name, self.event = "pull_request", self.pull_request()
        self.workspace = None
        self._steps = 0

    def close(self):
        self.github.stop()

    def pull_request(self, **other):
        """The event of the pull request; its base.sha is the commit that it began at."""
        wanted = {"base": ("main", self.origin.start), "head": ("change", self.origin.head), **other}
        return github_events.pull_request(REPOSITORY, NUMBER, **wanted)

    def check_out(self, **options):
        self.workspace = self.origin.check_out(self.path / f"workspace-{uuid.uuid4().hex[:8]}", **options)
        return self.workspace

    started = None  # gets the process of each step, where somebody wants it

    def run(self, *arguments, token=TOKEN, now=NOW, **environment):
        """Runs a step in the workspace and judges what every step must keep to."""
        self._steps += 1
        folder = self.path / f"step-{self._steps}"
        folder.mkdir()
        (folder / "event.json").write_text(json.dumps(self.event))
        files = {name: folder / name.lower() for name in ("GITHUB_OUTPUT", "GITHUB_STEP_SUMMARY")}
        for file in files.values():
            file.touch()
        before = listing(self.workspace.path)
        result = cli.run(
            self.program,
            [*(arguments or ["plan"]), "--now", now],
            self.workspace.path,
            {
                "LSAN_OPTIONS": f"suppressions={LEAKS_OF_OTHERS}:print_suppressions=0",
                "GITHUB_ACTIONS": "true",
                "GITHUB_EVENT_NAME": self.event_name,
                "GITHUB_EVENT_PATH": str(folder / "event.json"),
                "GITHUB_REPOSITORY": REPOSITORY,
                "GITHUB_API_URL": self.github.url,
                "GITHUB_WORKSPACE": str(self.workspace.path),
                "IAMLEASE_GITHUB_TOKEN": token,
                **{name: str(file) for name, file in files.items()},
                **environment,
            },
            self.started,
        )
        step = Step(result, {name: file.read_text() for name, file in files.items()})
        step.folder = folder
        if step.outputs.get("plan-file"):  # the one thing that is left in the workspace; the next run finds it clean
            shutil.move(self.workspace.path / step.outputs["plan-file"], folder)
        assert listing(self.workspace.path) == before, f"the workspace was changed\n{step}"
        assert not self.github.wrong, "\n".join(self.github.wrong)
        keep_the_token(step, token)
        assert len(step.summary.encode()) <= 1024 * 1024
        return step


def keep_the_token(step, token):
    """It is masked before anything else is said, and stands nowhere else."""
    if not token:
        return
    lines = step.result.output.splitlines()
    shown = [line for line in lines if token in line]
    assert set(shown) <= {f"::add-mask::{token}"} and len(shown) <= 1, step.result
    assert token not in step.summary
    assert token not in json.dumps(step.outputs)


def listing(folder):
    """Every file below a folder with what tells a change."""
    found = {}
    for parent, folders, names in os.walk(folder):
        for name in [*folders, *names]:
            status = os.lstat(os.path.join(parent, name))
            found[os.path.join(parent, name)] = (status.st_mode, status.st_size, status.st_mtime_ns)
    return found


def parse_outputs(text):
    """The grammar of the runner: NAME<<DELIMITER, lines, DELIMITER."""
    outputs, lines = {}, text.split("\n")
    assert lines.pop() == ""
    while lines:
        name, delimiter = lines.pop(0).split("<<")
        end = lines.index(delimiter)
        outputs[name] = "\n".join(lines[:end])
        del lines[: end + 1]
    return outputs


def parse_commands(text):
    """The workflow commands that the runner obeys."""
    commands, stopped = [], None
    for line in text.splitlines():
        match = re.match(r"\s*::([\w-]+)(?: ([^:]*))?::(.*)", line)
        if stopped:
            stopped = None if line.strip() == f"::{stopped}::" else stopped
        elif match and match[1] == "stop-commands":
            stopped = match[3]
        elif match:
            properties = dict(part.split("=", 1) for part in (match[2] or "").split(",") if part)
            commands.append(Command(match[1], properties, match[3].replace("%0A", "\n").replace("%25", "%")))
        elif "##[" in line:  # the old syntax, anywhere in a line
            commands.append(Command(line[line.index("##[") :], {}, line))
    return commands

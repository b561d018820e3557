"""Jobs of one repository, on GitHub's double and an emulated AWS: what triggers them, and what every step must keep to."""

import dataclasses
import itertools
import os
from pathlib import Path

from checkout import NUMBER, check_out
from harness import github_events
from harness.github_double import REPOSITORY, TOKEN, Github
from obeying import SUMMARY_LIMIT, parse_file_command
from runner import RUNNER_UID, give_to_runner

NOW = "2026-06-01T09:00:00Z"
RUNTIME_TOKEN = "runtime-token-that-never-reaches-a-log"


@dataclasses.dataclass
class Trigger:
    """What starts a workflow: its payload, and what the job's variables say of it."""
    name: str
    event: object   # a payload, or the text of a file that is none
    ref: str
    commit: str
    base_ref: str = ""
    head_ref: str = ""
    actor: str = "bert"


def pull_request(origin, head_repository=None, actor="bert"):
    """Of the open pull request; its base.sha is the commit that the branch began at."""
    event = github_events.pull_request(REPOSITORY, NUMBER, ("main", origin.start), ("lease", origin.head),
                                       head_repository, actor)
    event["pull_request"]["merge_commit_sha"] = origin.test_merge
    return Trigger("pull_request", event, f"refs/pull/{NUMBER}/merge", origin.test_merge, "main", "lease", actor)


def merge_group(origin):
    """The queue's merge of the open pull request."""
    base = origin.repo.head
    event = github_events.merge_group(REPOSITORY, NUMBER, base, origin.test_merge)
    return Trigger("merge_group", event, event["merge_group"]["head_ref"], origin.test_merge)


def on_main(origin, name):
    """push, schedule, workflow_dispatch or workflow_run, of the default branch."""
    tip, _, before = origin.repo.git("rev-list", "--max-count=2", "--first-parent", "main").partition("\n")
    event = {
        "push": lambda: github_events.push(REPOSITORY, before or "0" * 40, tip),
        "schedule": lambda: github_events.schedule(REPOSITORY),
        "workflow_dispatch": lambda: github_events.dispatch(REPOSITORY),
        "workflow_run": lambda: github_events.workflow_run(REPOSITORY, getattr(origin, "head", tip)),
    }[name]()
    return Trigger(name, event, "refs/heads/main", tip)


class Jobs:
    """Runs the action for triggers, each time in a workspace of its own, and judges each step."""

    def __init__(self, runner, path, origin, world=None, **github):
        self.runner = runner
        self.path = Path(path)
        self.origin = origin
        self.world = world
        self.github = Github(origin.repo.path, **github)
        self.github.merges = origin.pulls
        self.github.permissions = origin.permissions
        self._numbers = itertools.count(1)

    def close(self):
        self.github.stop()

    def run(self, trigger, given=None, token=TOKEN, now=NOW, started=None, prepare=None, variables=None, **checkout):
        """A job with two steps, the checkout and the action; `prepare` gets the workspace in between."""
        folder, step = self.run_unjudged(trigger, given, token, now, started, prepare, variables, **checkout)
        self.judge(step, folder)
        return step

    def run_unjudged(self, trigger, given, token, now, started, prepare, variables, path=".", **checkout):
        folder = self.path / f"job-{next(self._numbers)}"
        workspace, temp = folder / "access" / "access", folder / "_temp"
        check_out(self.origin, workspace / path, temp, trigger.ref, trigger.commit, **checkout)
        if prepare:
            prepare(workspace / path)
        give_to_runner(folder)
        before = listing(workspace)
        environment = {**job_variables(trigger, self.github.url), **({"IAMLEASE_NOW": now} if now else {}),
                       **(self.world.environment if self.world else {}), **(variables or {})}
        step = self.runner.run(temp, workspace, trigger.event, environment, given, token or "", started)
        step.workspace = workspace
        step.left = {name: status for name, status in listing(workspace).items() if before.get(name) != status}
        assert set(before) <= set(listing(workspace)), "the action removed something"
        return folder, step

    def judge(self, step, folder):
        """What every step must keep to, whatever its result."""
        for name in ("GITHUB_ENV", "GITHUB_STATE", "GITHUB_OUTPUT"):
            parse_file_command(step.files[name])
        assert len(step.summary.encode()) <= SUMMARY_LIMIT
        assert not self.github.wrong, "\n".join(self.github.wrong)
        plan_file = {step.outputs["plan-file"]} if step.outputs.get("plan-file") else set()
        assert set(step.left) - {"journal.jsonl"} == plan_file, "the action changed the workspace"
        if os.geteuid() == 0:
            assert {uid for uid, *_ in listing(step.workspace).values()} == {RUNNER_UID}
        secrets = [TOKEN, RUNTIME_TOKEN]
        if self.world:
            secrets += [self.world.aws.hub_key[1], *self.world.proxy.secrets]
        elsewhere = [step.summary, *step.files.values(), *(text.read_text() for text in folder.rglob("*.jsonl"))]
        elsewhere += [comment["body"] for comment in self.github.comments]
        for secret in secrets:
            assert secret not in step.shown, "a secret in clear"
            assert not any(secret in text for text in elsewhere), "a secret in clear"
        assert not [command for command in step.commands() if command.name not in ("error", "warning", "notice", "add-mask",
                                                                                   "group", "endgroup", "debug")]


def listing(folder):
    """Everything under a folder with what tells a change: owner, mode, size and time."""
    found = {}
    for parent, folders, files in os.walk(folder):
        for name in folders + files:
            path = os.path.join(parent, name)
            status = os.lstat(path)
            found[os.path.relpath(path, folder)] = (status.st_uid, status.st_mode, status.st_size, status.st_mtime_ns)
    return found


def job_variables(trigger, api_url):
    """The variables of the runner and of the job that are not paths."""
    return {
        "GITHUB_ACTION": "__self",
        "GITHUB_ACTION_REPOSITORY": "",
        "GITHUB_ACTOR": trigger.actor,
        "GITHUB_API_URL": api_url,
        "GITHUB_BASE_REF": trigger.base_ref,
        "GITHUB_EVENT_NAME": trigger.name,
        "GITHUB_GRAPHQL_URL": f"{api_url}/graphql",
        "GITHUB_HEAD_REF": trigger.head_ref,
        "GITHUB_JOB": "plan",
        "GITHUB_REF": trigger.ref,
        "GITHUB_REF_NAME": trigger.ref.removeprefix("refs/heads/").removeprefix("refs/pull/"),
        "GITHUB_REF_PROTECTED": "false",
        "GITHUB_REF_TYPE": "branch",
        "GITHUB_REPOSITORY": REPOSITORY,
        "GITHUB_REPOSITORY_OWNER": REPOSITORY.split("/")[0],
        "GITHUB_RETENTION_DAYS": "90",
        "GITHUB_RUN_ATTEMPT": "1",
        "GITHUB_RUN_ID": "9876543210",
        "GITHUB_RUN_NUMBER": "7",
        "GITHUB_SERVER_URL": "https://github.com",
        "GITHUB_SHA": trigger.commit,
        "GITHUB_TRIGGERING_ACTOR": trigger.actor,
        "GITHUB_WORKFLOW": "access",
        "RUNNER_ARCH": "X64",
        "RUNNER_ENVIRONMENT": "github-hosted",
        "RUNNER_NAME": "GitHub Actions 1",
        "RUNNER_OS": "Linux",
        "RUNNER_TOOL_CACHE": "/opt/hostedtoolcache",
        "ACTIONS_RUNTIME_TOKEN": RUNTIME_TOKEN,
        "ACTIONS_RUNTIME_URL": "https://pipelines.actions.githubusercontent.com/example/",
    }

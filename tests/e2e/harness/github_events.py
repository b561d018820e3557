"""Events as GitHub sends them: its own examples (npm: @octokit/webhooks-examples) with our repository in them."""

import copy
import functools
import json

from harness import cli

FILE = cli.ROOT / "tests/github/node_modules/@octokit/webhooks-examples/api.github.com/index.json"


@functools.cache
def _examples():
    return {entry["name"]: entry["examples"] for entry in json.loads(FILE.read_text())}


def examples(name):
    return copy.deepcopy(_examples()[name])


def example(name, action=None):
    return copy.deepcopy(next(event for event in _examples()[name] if action is None or event.get("action") == action))


def names():
    return sorted(_examples())


def _in_repository(event, repository):
    event["repository"]["full_name"] = repository
    event["repository"]["default_branch"] = "main"
    return event


def pull_request(repository, number, base, head, head_repository=None, author="bert"):
    """base, head: (branch, id)."""
    event = _in_repository(example("pull_request", "synchronize"), repository)
    event["number"] = event["pull_request"]["number"] = number
    for side, (branch, commit) in {"base": base, "head": head}.items():
        event["pull_request"][side]["ref"] = branch
        event["pull_request"][side]["sha"] = commit
        event["pull_request"][side]["repo"]["full_name"] = repository
    event["pull_request"]["head"]["repo"]["full_name"] = head_repository or repository
    event["pull_request"]["user"]["login"] = author
    return event


def merge_group(repository, number, base, head):
    event = _in_repository(example("merge_group", "checks_requested"), repository)
    event["merge_group"].update(
        base_sha=base,
        base_ref="refs/heads/main",
        head_sha=head,
        head_ref=f"refs/heads/gh-readonly-queue/main/pr-{number}-{base}",
    )
    return event


def push(repository, before, after, branch="main"):
    event = _in_repository(example("push"), repository)
    event.update(ref=f"refs/heads/{branch}", before=before, after=after)
    return event


def dispatch(repository, branch="main"):
    event = _in_repository(example("workflow_dispatch"), repository)
    event["ref"] = f"refs/heads/{branch}"
    return event


def schedule(repository):
    return {"schedule": "0 4 * * *", "repository": _in_repository(example("workflow_dispatch"), repository)["repository"]}


def workflow_run(repository, head):
    event = _in_repository(example("workflow_run", "completed"), repository)
    event["workflow_run"]["head_sha"] = head
    return event

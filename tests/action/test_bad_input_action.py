"""What is wrong in a workflow is one line that says what to write where, in the log and at the top of the run."""

import re
import shutil

import pytest
from harness.configs import GRANTS, NOTHING, files, lease
from harness.double import Fault
from job import on_main, pull_request

REFUSED = {"message": "Resource not accessible by integration", "documentation_url": "https://docs.github.com"}


def refuse(method, path):
    """What a token without the permission gets."""
    return Fault(method, path, 403, REFUSED)


def without_git(workspace):
    shutil.rmtree(workspace / ".git")


WRONG = {
    "unknown command": ({"command": "aply"}, {}, 64, ["unknown command 'aply'", "did you mean 'apply'"]),
    "a flag": ({"dry-run": "maybe"}, {}, 64, ["the input dry-run", "'maybe'", "'true' or 'false'"]),
    "a word": ({"comment": "yes please"}, {}, 64, ["the input comment", "'yes please'", "neither true nor false"]),
    "a number": ({"pr": "twelve"}, {}, 64, ["the input pr", "'twelve'", "number of a pull request"]),
    "a team": ({"team": "paymnts"}, {}, 64, ["there is no team 'paymnts'"]),
    "no token": ({}, {"token": None, "depth": 1}, 1, ["fetch-depth: 2", "the input github-token"]),
    "no repository": ({}, {"prepare": without_git}, 1, ["no git repository|cannot open a git", "'.'", "actions/checkout"]),
    "another folder": ({"repo": "nowhere"}, {}, 1, ["'nowhere'", "the input repo"]),
    "no config root": ({"config-root": "iam"}, {}, 1, ["no folder 'iam'", "the input config-root"]),
    "no revision": ({"base": "no-such ##[error]injected"}, {}, 1, ["no-such"]),
    "no role to read with": ({"live": "true"}, {}, 64, ["the input live", "aws.plan_role in iamlease.yaml"]),
    "an event that is no JSON": ({}, {"event": "{ no"}, 1, ["GITHUB_EVENT_PATH", "not JSON at byte 3 of 4"]),
    "an event that is a list": ({}, {"event": "[]"}, 1, ["GITHUB_EVENT_PATH", "no JSON object"]),
}


@pytest.mark.parametrize("case", WRONG)
def test_a_wrong_plan(new_jobs, case):
    given, more, code, words = WRONG[case]
    jobs = new_jobs(NOTHING)
    jobs.origin.open_pull(files(temporary=[lease("bert")]))
    must_be_one_line(jobs, pull_request(jobs.origin), given, more, code, words)


WRONG_APPLY = {
    "no command": ("workflow_dispatch", {}, {}, [], 64, ["'workflow_dispatch'", "give the input command"]),
    "no token": ("push", {}, {"token": None}, [], 1, ["give the input github-token", "contents: write"]),
    "the tag must not be written": ("push", {}, {}, [refuse("POST", "/git/refs$")], 1, ["contents: write", "iamlease/applied"]),
    "the tip must not be read": ("push", {}, {}, [refuse("GET", "/git/ref/heads")], 1, ["permissions: contents: (read|write)"]),
    "no credentials": ("schedule", {}, {"variables": {"AWS_ACCESS_KEY_ID": ""}}, [], 64, ["role-to-assume", "AWS_ACCESS_KEY_ID"]),
    "no id-token": ("push", {"role-to-assume": "arn:aws:iam::111111111111:role/iamlease"}, {}, [], 64, ["id-token: write"]),
    "no shard": ("push", {"shard": "4/3"}, {}, [], 64, ["the input shard", "'4/3'", "1/3"]),
    "leftovers": ("schedule", {"leftovers": "eat"}, {}, [], 64, ["the input leftovers", "report", "remove", "ignore"]),
    "a deadline": ("schedule", {"deadline": "soon"}, {}, [], 64, ["the input deadline", "'soon'"]),
}


@pytest.mark.parametrize("case", WRONG_APPLY)
def test_a_wrong_apply(new_jobs, world, case):
    event, given, more, faults, code, words = WRONG_APPLY[case]
    jobs = new_jobs(NOTHING, GRANTS, world=world)
    jobs.github.faults = faults
    must_be_one_line(jobs, on_main(jobs.origin, event), given, more, code, words)
    assert world.proxy.writes == []


def must_be_one_line(jobs, trigger, given, more, code, words):

    if "event" in more:
        trigger.event = more["event"]
    step = jobs.run(trigger, given, **{"depth": 2, **{name: value for name, value in more.items() if name != "event"}})
    step.expect(code)
    [error] = step.said("error")
    assert [word for word in words if not re.search(word, error)] == [], error
    line = error.replace("##[", r"##\u{5B}")  # in plain text the runner would obey it
    assert "\n" not in error and f"iamlease: {line}\n" in step.shown
    assert "iamlease: not done" in step.summary

"""The workflows of examples/, run by `act` as they are: checkout, inputs, secrets, variables and outputs of the action as an image.

Two things are told to it from outside: which folder `OWNER/iamlease@REF` is, with the image of this tree in its
action.yml, and which image a runner is. Its actions/checkout takes the folder that is there, which was checked out before. The line
`queue: max` of a concurrency group is taken out: act's own check of workflows is older than that key.
"""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from checkout import check_out
from conftest import ROOT
from harness import oidc
from harness.aws import DEPLOYER, HUB, PROD, allow, document
from harness.configs import NOTHING, files, lease
from harness.github_double import TOKEN
from harness.state import our_inline
from job import NOW, on_main, pull_request
from runner import give_to_runner

ACT = Path(sys.executable).with_name("act")
WORKFLOWS = ROOT / "examples" / "workflows"
BASE_IMAGE = re.search(r"^ARG BASE=(\S+)$", (ROOT / "Dockerfile").read_text(), re.M)[1]
ROLE = f"arn:aws:iam::{HUB}:role/iamlease-ci"
TIMEOUT_S = 120


@pytest.fixture
def published(action, tmp_path):
    """The action as a release has it: action.yml alone, with the address of a prebuilt image."""
    folder = tmp_path / "published"
    folder.mkdir()
    text, count = re.subn(r"^  image: Dockerfile$", f"  image: docker://{action.image}",
                          (ROOT / "action.yml").read_text(), flags=re.M)
    assert count == 1
    (folder / "action.yml").write_text(text)
    return folder


@pytest.fixture
def act(action, published, tmp_path):
    """Runs a workflow for a trigger, in a checkout of it."""
    runs = []

    def run(jobs, name, trigger, depth, variables=None, now=NOW):
        folder = tmp_path / f"act-{len(runs)}"
        runs.append(folder)
        check_out(jobs.origin, folder / "access", folder / "temp", trigger.ref, trigger.commit, depth=depth, persist=None)
        give_to_runner(folder / "access")
        (folder / "event.json").write_text(json.dumps(trigger.event))
        workflow = folder / name
        workflow.write_text(re.sub(r"^  queue: max\n", "", (WORKFLOWS / name).read_text(), flags=re.M))
        environment = {"GITHUB_API_URL": jobs.github.url, "IAMLEASE_NOW": now, **(variables or {})}
        command = [str(ACT), trigger.name, "--directory", str(folder / "access"), "--workflows", str(workflow),
                   "--eventpath", str(folder / "event.json"), "--actor", "bert", "--defaultbranch", "main",
                   "--platform", f"ubuntu-latest={BASE_IMAGE}", "--pull=false", "--action-offline-mode", "--no-cache-server",
                   "--network", "host", "--local-repository", f"OWNER/iamlease@REF={published}",
                   "--secret", f"GITHUB_TOKEN={TOKEN}", "--var", f"IAMLEASE_ROLE={ROLE}"]
        for variable, value in environment.items():
            command += ["--env", f"{variable}={value}"]
        # It would ask its makers for news: nothing leaves this machine.
        outside = {"HOME": str(folder), "HTTPS_PROXY": "http://127.0.0.1:9", "NO_PROXY": "127.0.0.1",
                   "DOCKER_HOST": f"unix://{action.engine.socket_path()}"}
        done = subprocess.run(command, env={**os.environ, **outside}, capture_output=True, text=True, timeout=TIMEOUT_S)
        assert not jobs.github.wrong, "\n".join(jobs.github.wrong)
        assert done.returncode == 0 and "Job succeeded" in done.stdout, done.stdout[-8000:] + done.stderr[-2000:]
        assert TOKEN not in done.stdout + done.stderr
        return done.stdout

    return run


@pytest.fixture
def credentials(world):
    """What `id-token: write` gives a job, and the role that trusts it: a workflow has no keys."""
    provider = oidc.Oidc()
    iam = world.aws.admin[HUB]
    iam.create_role(RoleName="iamlease-ci", AssumeRolePolicyDocument=document(oidc.trust_policy(HUB)))
    policy = document(allow("sts:AssumeRole", f"arn:aws:iam::*:role/{DEPLOYER}"))
    iam.put_role_policy(RoleName="iamlease-ci", PolicyName="assume", PolicyDocument=policy)
    endpoint = {"AWS_ENDPOINT_URL": world.environment["AWS_ENDPOINT_URL"], "AWS_REGION": "us-east-1"}
    yield {**{name: value for name, value in provider.environment.items() if value}, **endpoint}
    provider.stop()


def test_plan_apply_and_cleanup(new_jobs, world, credentials, act):
    jobs = new_jobs(NOTHING)
    jobs.origin.open_pull(files(temporary=[lease("bert")]))
    log = act(jobs, "iamlease-plan.yml", pull_request(jobs.origin), depth=2)
    [comment] = jobs.github.comments
    assert "bert" in comment["body"] and "2026-06-04T00:00:00Z" in comment["body"]
    assert f"comment-url={comment['html_url']}" in log and "has-changes=true" in log

    merged = jobs.origin.merge_pull()
    log = act(jobs, "iamlease-apply.yml", on_main(jobs.origin, "push"), 0, credentials)
    assert f"applied={merged}" in log and jobs.origin.applied == merged
    assert {name for _, name, _ in our_inline(world.snapshot()[PROD])} == {"bert"}

    log = act(jobs, "iamlease-cleanup.yml", on_main(jobs.origin, "schedule"), 0, credentials, now="2026-06-04T00:00:00Z")
    assert "done=1" in log and our_inline(world.snapshot()[PROD]) == {}

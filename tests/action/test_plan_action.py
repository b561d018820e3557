"""The container action as GitHub's runner starts it: plans, for every event and every checkout, in a real engine."""

import json
import os
import re
import textwrap
from pathlib import Path

import pytest
from harness.aws import PROD
from harness.github_double import TOKEN
from job import merge_group, on_main, pull_request
from runner import RUNNER_UID

END = "2026-06-04T00:00:00Z"
# What somebody could write into a description to make the runner obey.
INJECTION = r"debug\n::add-mask::payments\n::error::injected ##[error]injected ##[add-mask]payments"

BASE = {
    "aws-accounts/payments.yaml": f"""\
        aws-accounts:
          nonprod: "123456789012"
          prod: "{PROD}"
        """,
    "aws-policies/payments.yaml": """\
        aws-policies:
          dev.read-only:
            description: "Read the buckets of payments"
            custom_statements:
              - effect: "Allow"
                actions: ["s3:ListBucket", "s3:GetObject"]
                resources: ["*"]
        """,
    "permanent-access/payments.yaml": """\
        permanent-access:
          - description: Developers read non-production
            users:
              - anna@example.com
            environments:
              - nonprod
            grants:
              - dev.read-only
        """,
}
MEANWHILE = {
    "aws-accounts/billing.yaml": """\
        aws-accounts:
          nonprod: "456789012345"
        """,
}
LEASE = """\
    temporary-access:
      - description: "{description}"
        expiration_date: {last_day}
        user: bert@example.com
        environment: prod
        grant: dev.read-only
    """


def placed(files, root="."):
    return {f"{root}/{path}": textwrap.dedent(text) for path, text in files.items()}


@pytest.fixture
def new_pull(new_jobs):
    """Jobs on a pull request that adds one lease to a configuration in `root`."""
    def begin(description=INJECTION, last_day="2026-06-03", root="."):
        jobs = new_jobs(placed(BASE, root))
        lease = LEASE.format(description=description, last_day=last_day)
        jobs.origin.open_pull(placed({"temporary-access/payments.yaml": lease}, root), placed(MEANWHILE, root))
        return jobs
    return begin


def must_show_the_lease(text):
    says = ("bert", "payments", "dev.read-only", "prod", PROD, END)
    rows = [line for line in text.splitlines() if line.startswith("|")]
    assert [row for row in rows if all(said in row for said in says)], f"no row with {says}:\n{text}"
    assert "anna" not in text, "what the pull request does not change is no part of its plan"
    assert "billing" not in text, "what the default branch got meanwhile is no part of the plan"


@pytest.mark.parametrize("checkout", [
    {"depth": 1}, {"depth": 2}, {"depth": 2, "persist": "include"}, {"depth": 0, "persist": None},
    {"depth": 1, "sparse": ["docs"]},
], ids=["depth-1", "depth-2", "credentials-elsewhere", "full", "sparse"])
def test_plan_of_a_pull_request(new_pull, checkout):
    jobs = new_pull()
    step = jobs.run(pull_request(jobs.origin), **checkout).expect(0)
    assert re.match(r"#+ .*\b1 to grant, 0 to revoke\b", step.summary.splitlines()[0]), step.summary
    must_show_the_lease(step.summary)
    for said in ("bert", PROD, END):
        assert said in step.shown
    assert step.said("error") == []
    # A message of ours may quote the text; as a command of its own it would begin with it.
    assert not [command for command in step.commands() if command.data.startswith("injected") or command.data == "payments"]
    [comment] = jobs.github.comments
    must_show_the_lease(comment["body"])
    assert step.outputs["comment-url"] == comment["html_url"]
    assert [step.outputs[name] for name in ("has-changes", "grants", "revokes", "held")] == ["true", "1", "0", "0"]


def test_the_plan_file_is_for_later_steps(new_pull):
    """Relative to the workspace, where steps begin; it is theirs, and no file of the repository is in its way."""
    jobs = new_pull()

    def occupy(workspace):
        (workspace / "iamlease-plan.json").symlink_to("/etc/passwd")

    step = jobs.run(pull_request(jobs.origin), depth=2, prepare=occupy).expect(0)
    file = step.workspace / step.outputs["plan-file"]
    assert Path(step.outputs["plan-file"]).name == step.outputs["plan-file"]
    plan = json.loads(file.read_text())
    assert plan["format"] == "iamlease/plan" and plan["head"]["id"] == jobs.origin.test_merge
    assert file.stat().st_mode & 0o777 == 0o644
    assert file.stat().st_uid == (RUNNER_UID if os.geteuid() == 0 else os.geteuid())


def test_a_merge_group(new_pull):
    """The same plan, and no comment: nobody reads the pull request then."""
    jobs = new_pull()
    step = jobs.run(merge_group(jobs.origin), depth=2).expect(0)
    must_show_the_lease(step.summary)
    assert jobs.github.comments == []


def test_a_dispatch_says_what_to_do(new_pull):
    """Only some events have a default command."""
    jobs = new_pull()
    step = jobs.run(on_main(jobs.origin, "workflow_dispatch")).expect(64)
    [error] = step.said("error")
    assert "command" in error and "workflow_dispatch" in error
    step = jobs.run(on_main(jobs.origin, "workflow_dispatch"), {"command": "validate"}).expect(0)
    assert step.said("error") == []


def test_an_expiry_too_far_is_an_annotation_at_its_place(new_pull):
    # The source line that the message shows carries an injection too.
    jobs = new_pull(last_day="2026-08-01 # ##[error]injected")
    step = jobs.run(pull_request(jobs.origin), depth=2).expect(1)
    assert re.search(r"temporary-access/payments\.yaml:3:22\b", step.shown), step.shown
    errors = [command.properties for command in step.commands() if command.name == "error"]
    assert [(error["file"], error["line"], error["col"]) for error in errors] == \
        [("temporary-access/payments.yaml", "3", "22")]
    assert "temporary-access/payments.yaml" in step.summary


def test_inputs_reach_the_program(new_pull):
    jobs = new_pull(root="iam")
    step = jobs.run(pull_request(jobs.origin), path="checkout", depth=2,
                    given={"command": "plan", "repo": "checkout", "config-root": "iam", "team": "payments",
                           "base": "HEAD^1", "comment": "false"}).expect(0)
    assert "1 to grant" in step.summary and PROD in step.summary
    assert jobs.github.comments == []


def test_a_comment_of_its_own_key(new_pull):
    jobs = new_pull()
    jobs.run(pull_request(jobs.origin), depth=2).expect(0)
    jobs.run(pull_request(jobs.origin), {"comment-key": "second"}, depth=2).expect(0)
    jobs.run(pull_request(jobs.origin), {"comment-key": "second"}, depth=2).expect(0)
    assert len(jobs.github.comments) == 2


def test_help(new_pull):
    jobs = new_pull()
    step = jobs.run(pull_request(jobs.origin), {"command": "help"}).expect(0)
    assert "plan" in step.shown and "cleanup" in step.shown
    assert step.summary == ""


def test_the_token_is_masked_before_anything_is_said(new_pull):
    jobs = new_pull()
    step = jobs.run(pull_request(jobs.origin), depth=2).expect(0)
    assert step.stdout.splitlines()[0] == f"::add-mask::{TOKEN}"

"""The report of apply: on the pull requests that were merged, in the job summary, as outputs, and in CloudTrail's words."""

import pytest
from harness.apply_job import ApplyJob
from harness.aws import PROD
from harness.configs import GRANTS, NOTHING, POWER_USER, files, lease, permanent
from harness.double import Fault
from harness.proxy import Fault as AwsFault

ADA = permanent(["dev.break-glass"], users=["ada"])
NOBODY = permanent(["dev.break-glass"], users=["nobody"], environments=["prod"])


@pytest.fixture
def job(world):
    job = ApplyJob(world, NOTHING)
    job.run().expect(0)
    yield job
    job.close()


def comments(job, number):
    return [comment["body"] for comment in job.github.comments if comment["number"] == number]


def test_it_stands_on_every_merged_pull_request(job):
    """Of one with two merges since the tag, both have it; run again it takes the place of the old one."""
    first = job.origin.pull(files([ADA]))
    second = job.origin.pull(files([ADA, NOBODY]))
    step = job.run().expect(1)
    for pull in (first, second):
        [body] = comments(job, pull.number)
        assert "iamlease apply" in body and "nobody" in body and "[job summary]" not in body
    assert "iamlease apply" in step.summary and "last sweep" in step.summary
    assert step.outputs["comment-url"] == job.github.comments[-1]["html_url"]
    job.origin.pull(files([ADA]))
    job.run().expect(0)
    assert all("nobody" not in comments(job, pull.number)[0] for pull in (first, second))
    assert [len(comments(job, number)) for number in (1, 2, 3)] == [1, 1, 1]


@pytest.mark.parametrize("kind, code", [("interrupt", 130), ("terminate", 143)])
def test_a_job_that_is_cancelled_says_so_on_the_pull_request(job, kind, code):
    """What was done until the signal, and what was not; the next run takes its place."""
    pull = job.origin.pull(files([ADA]))
    first = AwsFault(kind, when=lambda call: call.action == "AttachUserPolicy" and not first.fired)
    step = job.run("apply", "--max-in-flight", "1", faults=[first]).expect(code)
    [body] = comments(job, pull.number)
    assert "1 done" in body and "pending" in body and "pending" in step.summary
    job.run().expect(0)
    [body] = comments(job, pull.number)
    assert "pending" not in body


def test_outputs(job):
    job.origin.pull(GRANTS)
    step = job.run().expect(0)
    assert step.outputs["head"] == step.outputs["applied"] == job.origin.merge
    assert int(step.outputs["done"]) > 0 and step.outputs["failed"] == step.outputs["problems"] == "0"
    step = job.run("cleanup").expect(0)
    assert step.outputs["done"] == "0" and "comment-url" not in step.outputs and "last sweep" in step.summary


def test_a_comment_that_cannot_be_written_changes_nothing(job):
    job.origin.pull(files([ADA]))
    job.github.faults = [Fault("POST", "/comments$", 403, {"message": "Resource not accessible by integration"})]
    step = job.run().expect(0)
    [notice] = step.said("notice")
    assert "pull-requests: write" in notice and POWER_USER in job.snapshot()[PROD]["users"]["ada"]["attached"]


def test_it_can_be_turned_off_and_is_none_of_a_dry_run(job):
    job.origin.pull(files([ADA]))
    job.run("apply", "--dry-run").expect(0)
    job.run("apply", "--comment", "false").expect(0)
    assert not job.github.comments


def test_it_is_bounded(job):
    """Every row that does not fit is counted; the summary has all of them."""
    many = [permanent(["dev.break-glass"], users=[f"nobody{number}"], environments=["prod"]) for number in range(600)]
    pull = job.origin.pull(files(many))
    step = job.run().expect(1)
    [body] = comments(job, pull.number)
    assert len(body.encode()) <= 60_000 and "did not fit" in body and "600 problems" in body
    assert "nobody599" in step.summary


def test_cloudtrail_names_the_pull_request(job):
    pull = job.origin.pull(files([ADA]))
    job.run().expect(0)
    names = {call.params.get("RoleSessionName") for call in job.calls if call.action == "AssumeRole"}
    assert names == {f"iamlease-access-pr{pull.number}"}


def test_leases_that_ended_meanwhile(job):
    """They are not granted, and a note says so."""
    job.origin.pull(files([ADA], [lease("bert")]))
    step = job.run(now="2026-06-10T00:00:00Z").expect(0)
    assert "has ended" in step.summary and not [call for call in job.writes if "temp-" in str(call)]

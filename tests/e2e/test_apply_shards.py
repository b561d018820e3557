"""An apply in several jobs: each its accounts, one commit, and a last job that moves the tag; and the tag by hand."""

import json

import pytest
from harness.apply_job import ApplyJob
from harness.aws import NONPROD, PROD
from harness.configs import NOTHING, POWER_USER, files, permanent

ADA = files([permanent(["dev.break-glass"], users=["ada"])])
REF = "refs/tags/iamlease/applied"


@pytest.fixture
def job(world):
    job = ApplyJob(world, NOTHING)
    job.run().expect(0)
    job.origin.pull(ADA)
    yield job
    job.close()


def has(job, account):
    return POWER_USER in job.snapshot()[account]["users"]["ada"]["attached"]


def shard(job, which, accounts, *more, head=None):
    return job.run("apply", "--shard", which, "--accounts", accounts, "--head", head or job.origin.merge, *more)


def test_each_account_has_one_writer_and_the_last_job_moves_the_tag(job):
    before, tip = job.origin.applied, job.origin.merge
    shard(job, "1/2", NONPROD).expect(0)
    assert has(job, NONPROD) and not has(job, PROD) and job.origin.applied == before
    shard(job, "2/2", PROD).expect(0)
    assert has(job, PROD) and job.origin.applied == before
    step = job.run("applied", "set", "--head", tip, checkout={"depth": 1}).expect(0)
    assert job.origin.applied == tip == step.outputs["applied"] and job.calls == []
    assert job.run("applied", "show", "--json").expect(0).result.json["commit"] == tip


def test_as_the_action_gives_the_command(job):
    """Command and argument are one input; the program gets no arguments then."""
    tip = job.origin.merge
    step = job.run("--head", tip, IAMLEASE_COMMAND="applied set").expect(0)
    assert job.origin.applied == tip == step.outputs["applied"]


def test_by_the_variables_of_a_matrix(job):
    variables = {"IAMLEASE_SHARD": "1/1", "IAMLEASE_ACCOUNTS": f"{NONPROD},{PROD}", "IAMLEASE_HEAD": job.origin.merge}
    job.run("apply", **variables).expect(0)
    assert has(job, NONPROD) and has(job, PROD) and job.origin.applied != job.origin.merge


def test_an_account_that_only_a_commit_in_between_names_belongs_to_the_first(job):
    """No plan shows it: nothing is declared there before or after."""
    base, tip = job.repo.git("rev-parse", "HEAD^"), job.origin.merge
    only_nonprod = {"aws-accounts/payments.yaml": json.dumps({"aws-accounts": {"nonprod": NONPROD}})}
    job.repo.git("update-ref", REF, base)
    job.run("apply", "--head", tip).expect(0)
    narrow = {**NOTHING, **only_nonprod}
    job.repo.git("reset", "--quiet", "--hard", base)
    applied = job.origin.push(narrow)
    job.origin.push(ADA)
    tip = job.origin.push(narrow)
    job.repo.git("update-ref", REF, applied)
    assert has(job, PROD)
    shard(job, "2/2", NONPROD).expect(0)
    assert has(job, PROD) and not has(job, NONPROD)
    shard(job, "1/2", NONPROD).expect(0)
    assert not has(job, PROD)


def test_the_first_apply_is_a_whole_one(job):
    job.repo.git("update-ref", "-d", REF)
    assert "without --shard" in shard(job, "1/1", PROD).expect(1).result.output and job.writes == []


def test_all_shards_apply_one_commit(job):
    old = job.origin.merge
    job.origin.pull(NOTHING)
    assert "--head names" in shard(job, "1/1", PROD, head=old).expect(1).result.output and job.writes == []


@pytest.mark.parametrize("options", [
    ["--shard", "0/2"], ["--shard", "3/2"], ["--shard", "1"], ["--shard", "1/2"], ["--shard", "1/2", "--accounts", PROD],
    ["--accounts", PROD], ["--shard", "1/1", "--accounts", "12", "--head", "HEAD"],
])
def test_what_is_no_shard(job, options):
    job.run("apply", *options).expect(64)
    assert job.calls == []


def test_the_tag_moves_only_forward_and_only_on_the_branch(job):
    """By hand, as by apply."""
    first, tip = job.origin.applied, job.origin.merge
    job.run("applied", "set", "--head", tip).expect(0)
    assert "only forward" in job.run("applied", "set", "--head", first).expect(1).result.output
    job.repo.branch("elsewhere")
    forged = job.repo.commit("Elsewhere", NOTHING)
    job.repo.git("checkout", "--quiet", "main")
    assert "not on the first-parent history" in job.run("applied", "set", "--head", forged).expect(1).result.output
    job.repo.git("update-ref", "-d", REF)
    assert "the input first-apply" in job.run("applied", "set", "--head", tip).expect(1).result.output
    assert job.run("applied", "show").expect(1) and not job.origin.applied
    job.run("applied", "set", "--head", tip, "--first-apply").expect(0)
    assert job.origin.applied == tip
    assert "github-token" in job.run("applied", "show", token=None).expect(1).result.output
    job.run("applied", "set").expect(64)
    job.run("applied", "forget").expect(64)


def test_in_a_plain_clone(world):
    world.begin(NOTHING)
    world.run("applied", "show").expect(1)
    world.run("apply").expect(0)
    first = world.repo.head
    assert world.run("applied").expect(0).stdout.strip() == first
    world.repo.commit("More", ADA)
    world.run("applied", "set", "--head", "HEAD").expect(0)
    assert world.repo.applied == world.repo.head
    assert "only forward" in world.run("applied", "set", "--head", first).expect(1).stderr
    world.repo.branch("other")
    world.repo.commit("Other", NOTHING)
    assert "is not on the branch" in world.run("applied", "set", "--head", "other").expect(1).stderr

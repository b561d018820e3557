"""What only commits before the tag declared and AWS still has: a forged tag cannot keep access alive unseen."""

import pytest
from harness.apply_job import ApplyJob
from harness.aws import PROD
from harness.configs import NOTHING, POWER_USER, READ_ONLY, files, lease, permanent

ADA = files([permanent(["dev.break-glass"], users=["ada"], environments=["prod"])])
BERT = files([permanent(["dev.break-glass"], users=["bert"], environments=["prod"])])
REF = "refs/tags/iamlease/applied"


@pytest.fixture
def job(world):
    """The tag was moved past the commit that took ada's access away, and no apply saw that."""
    job = ApplyJob(world, NOTHING, ADA)
    job.run().expect(0)
    job.origin.pull(BERT)
    job.repo.git("update-ref", REF, job.origin.merge)
    job.run().expect(0)
    assert POWER_USER in attached(job, "ada") and POWER_USER in attached(job, "bert")
    yield job
    job.close()


def attached(job, user):
    return job.snapshot()[PROD]["users"][user]["attached"]


def test_cleanup_reports_them(job):
    step = job.run("cleanup").expect(0)
    assert "a leftover" in step.summary and "ada" in step.summary and "bert" not in step.summary
    assert job.writes == []
    assert "a leftover" not in job.run("cleanup", "--leftovers", "ignore").expect(0).summary


@pytest.mark.parametrize("command", ["cleanup", "apply"])
def test_they_are_removed_when_asked_for(job, command):
    before = job.snapshot()
    job.run(command, "--leftovers", "remove", "--dry-run").expect(0)
    assert job.snapshot() == before
    job.run(command, "--leftovers", "remove").expect(0)
    assert POWER_USER not in attached(job, "ada") and POWER_USER in attached(job, "bert")
    assert "a leftover" not in job.run("cleanup").expect(0).summary


def test_only_what_was_once_declared(job):
    """Somebody else's attachment to the same user stays."""
    job.world.aws.admin[PROD].attach_user_policy(UserName="ada", PolicyArn=READ_ONLY)
    job.run("cleanup", "--leftovers", "remove").expect(0)
    assert READ_ONLY in attached(job, "ada") and POWER_USER not in attached(job, "ada")


def test_beside_a_lease_of_the_same_policy(job):
    """The lease ends; what was attached without an end beside it would not."""
    job.origin.pull(files([permanent(["dev.break-glass"], users=["bert"], environments=["prod"])],
                          [lease("ada", "dev.break-glass")]))
    job.run().expect(0)
    assert "a leftover" in job.run("cleanup").expect(0).summary and POWER_USER in attached(job, "ada")
    job.run("cleanup", "--leftovers", "remove").expect(0)
    assert POWER_USER not in attached(job, "ada") and len(attached(job, "ada")) == 1


def test_without_the_whole_history(job):
    """Nothing can be said; who asks for it learns that, and nothing is taken away."""
    assert "a leftover" not in job.run("cleanup", checkout={"depth": 1}).expect(0).summary
    step = job.run("cleanup", "--leftovers", "remove", checkout={"depth": 1}).expect(1)
    assert "leftovers-unknown" in step.result.output and job.writes == []


def test_with_errors_at_head(job):
    """What is declared there is known in part only: an attachment that looks like a leftover may be wanted."""
    job.origin.push({"permanent-access/payments.yaml": "permanent-access: [\n"})
    step = job.run("cleanup", "--leftovers", "remove").expect(1)
    assert "leftovers-unknown" in step.result.output and job.writes == []


def test_another_word(job):
    job.run("cleanup", "--leftovers", "delete").expect(64)

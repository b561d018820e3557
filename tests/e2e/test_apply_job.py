"""apply as a step of a job: always the tip of the default branch, and its memory at GitHub."""

import pytest
from harness import github_events
from harness.apply_job import ApplyJob
from harness.aws import PROD
from harness.configs import GRANTS, NOTHING, POWER_USER, files, lease, permanent
from harness.double import Fault
from harness.github_double import REPOSITORY
from harness.state import our_inline

ADA = files([permanent(["dev.break-glass"], users=["ada"])])
BERT = files([permanent(["dev.break-glass"], users=["bert"])])
REF = "refs/tags/iamlease/applied"


def attached(job, user):
    return job.snapshot()[PROD]["users"][user]["attached"]


@pytest.fixture
def new_job(world):
    jobs = []

    def begin(*commits):
        jobs.append(ApplyJob(world, *commits))
        return jobs[-1]

    yield begin
    for job in jobs:
        job.close()


def sentence(step):
    [error] = step.said("error")
    return error


def test_push_after_push(new_job):
    """The first run makes the tag before its first write; each later one moves it, and removes what was taken back."""
    job = new_job(NOTHING, ADA)
    job.run("apply").expect(0)
    assert POWER_USER in attached(job, "ada") and job.origin.applied == job.origin.merge
    job.origin.pull(BERT)
    step = job.run().expect(0)  # by the event
    assert attached(job, "ada") == [] and POWER_USER in attached(job, "bert")
    assert job.origin.applied == job.origin.merge
    assert "iamlease apply" in step.summary
    assert job.run().expect(0) and job.writes == []


@pytest.mark.parametrize("options", [{"depth": 1}, {"depth": 2}, {"filter": "blob:none", "depth": 0}],
                         ids=["depth-1", "depth-2", "blob-none"])
def test_the_history_comes_from_github(new_job, options):
    """What a commit in between granted is found, also when the checkout has only the last one."""
    job = new_job(NOTHING)
    job.run().expect(0)
    job.origin.pull(ADA)
    job.run().expect(0)
    job.repo.git("update-ref", REF, job.repo.git("rev-parse", "HEAD^"))  # as if that run had not ended
    for number in range(5):
        job.origin.push({"README.md": f"{number}\n"})
    job.origin.pull(NOTHING)
    job.github.page_size = 3
    job.run(checkout=options).expect(0)
    assert attached(job, "ada") == [] and job.origin.applied == job.origin.merge


def test_an_old_run_started_again(new_job):
    """It applies the tip, not what it was started for, and says so."""
    job = new_job(NOTHING, ADA)
    job.run().expect(0)
    old = job.origin.merge
    job.origin.pull(BERT)
    job.run().expect(0)
    job.is_push()
    job.check_out(commit=old)
    step = job.run("apply", checkout=False).expect(0)
    assert job.writes == [] and f"the checkout is at {old[:12]}" in step.summary
    assert POWER_USER in attached(job, "bert") and job.origin.applied == job.origin.merge


def test_another_merge_in_between(new_job):
    """The tip's files come by REST when the checkout has not even its commit."""
    job = new_job(NOTHING)
    job.run().expect(0)
    job.check_out(depth=1)
    job.origin.pull(GRANTS)
    job.run("apply", checkout=False).expect(0)
    assert job.origin.applied == job.origin.merge
    assert {user for _, user, _ in our_inline(job.snapshot()[PROD])} == {"bert"}


def test_a_force_push(new_job):
    """The applied commit is no longer on the branch: what it granted would be forgotten."""
    job = new_job(NOTHING, ADA)
    job.run().expect(0)
    applied = job.origin.applied
    job.repo.git("reset", "--quiet", "--hard", "HEAD^")
    job.origin.push(BERT)
    step = job.run().expect(1)
    assert "not on the first-parent history" in sentence(step)
    assert job.writes == [] and job.origin.applied == applied and POWER_USER in attached(job, "ada")
    job.repo.git("reset", "--quiet", "--hard", "HEAD^")  # the branch lies behind the tag now
    assert "not on the first-parent history" in sentence(job.run().expect(1))
    assert job.writes == []


def test_the_tag_was_deleted(new_job):
    job = new_job(NOTHING, GRANTS)
    job.run().expect(0)
    job.repo.git("update-ref", "-d", REF)
    step = job.run().expect(1)
    assert "the input first-apply" in sentence(step) and job.writes == [] and not job.origin.applied
    job.run("apply", "--first-apply").expect(0)
    assert job.origin.applied == job.origin.merge


def test_the_tag_was_forged(new_job):
    """Somebody put it on a commit of a branch, on a tag object, on no commit: refused. Moved back: done over again."""
    job = new_job(NOTHING, ADA)
    job.run().expect(0)
    first = job.repo.git("rev-parse", "HEAD^")
    job.repo.branch("elsewhere")
    forged = job.repo.commit("Elsewhere", BERT)
    job.repo.git("checkout", "--quiet", "main")
    job.repo.git("update-ref", REF, forged)
    assert "not on the first-parent history" in sentence(job.run().expect(1))
    job.repo.git("tag", "--annotate", "--force", "--message", "by hand", "iamlease/applied", first)
    assert "tag object" in sentence(job.run().expect(1))
    job.repo.git("update-ref", REF, job.repo.git("rev-parse", "HEAD^{tree}"))
    assert "git object" in sentence(job.run().expect(1))
    assert job.writes == []
    job.repo.git("update-ref", REF, first)
    job.run().expect(0)
    assert job.writes == [] and job.origin.applied == job.origin.merge


@pytest.mark.parametrize("name,fault,words", [
    ("no-read", Fault("GET", "/git/ref/tags", 403, {"message": "Resource not accessible by integration"}), "permissions: contents: read"),
    ("no-write", Fault("*", "/git/refs", 403, {"message": "Resource not accessible by integration"}), "permissions: contents: write"),
    ("protected", Fault("*", "/git/refs", 422, {"message": "Repository rule violations found"}), "rule violations"),
    ("trouble", Fault("GET", "/git/ref/", 502), "GitHub is in trouble"),
], ids=lambda value: value if isinstance(value, str) else "")
@pytest.mark.parametrize("first", [True, False], ids=["first", "later"])
def test_a_tag_that_cannot_be_read_or_written(new_job, name, fault, words, first):
    """Nothing is written to AWS then."""
    job = new_job(NOTHING, ADA)
    if not first:
        job.run().expect(0)
        job.origin.pull(BERT)
    before = job.snapshot()
    fault.fired = 0
    job.github.faults = [fault]
    assert words in sentence(job.run().expect(1))
    assert job.writes == [] and job.snapshot() == before


def test_a_job_of_another_branch(new_job):
    job = new_job(NOTHING, ADA)
    job.repo.branch("other")
    job.repo.commit("Other", BERT)
    for event in (
        ("push", github_events.push(REPOSITORY, job.repo.head, job.repo.head, "other")),
        ("workflow_dispatch", github_events.dispatch(REPOSITORY, "other")),
        ("merge_group", github_events.merge_group(REPOSITORY, 1, job.repo.head, job.repo.head)),
        ("pull_request", github_events.pull_request(REPOSITORY, 1, ("main", job.origin.merge), ("other", job.repo.head))),
    ):
        step = job.run("apply", event=event, checkout={"commit": job.repo.head}).expect(1)
        assert "main" in sentence(step) and job.calls == []
    job.run("apply", "--apply-branch", "other", event=("push", github_events.push(REPOSITORY, job.repo.head, job.repo.head, "other")),
            checkout={"commit": job.repo.head}).expect(0)
    assert POWER_USER in attached(job, "bert")


def test_without_a_token(new_job):
    job = new_job(NOTHING, ADA)
    assert "github-token" in sentence(job.run("apply", token=None).expect(1))
    assert job.calls == []


def test_the_tip_that_was_planned(new_job):
    """--head says which tip it must be: shards of one plan apply one commit or fail."""
    job = new_job(NOTHING, ADA)
    job.run("apply", "--head", job.origin.merge).expect(0)
    old = job.origin.merge
    job.origin.pull(BERT)
    assert old[:12] in sentence(job.run("apply", "--head", old).expect(1))
    assert job.writes == []


def test_a_dry_run(new_job):
    job = new_job(NOTHING, ADA)
    step = job.run("apply", "--dry-run").expect(0)
    assert "dry run" in step.summary and job.writes == [] and not job.origin.applied
    assert not [call for call in job.github.calls() if not call.startswith("GET")]


def test_cleanup_on_schedule(new_job):
    """It needs no history in the checkout, and finds by itself what has ended."""
    job = new_job(NOTHING, files(temporary=[lease("bert")]))
    job.run().expect(0)
    schedule = ("schedule", github_events.schedule(REPOSITORY))
    step = job.run("cleanup", event=schedule, checkout={"depth": 1}, now="2026-06-10T00:00:00Z").expect(0)
    assert not our_inline(job.snapshot()[PROD]) and "cleanup" in step.summary


def during(job, method, place, act):
    """Before the double answers such a request for the second time, something else happens."""
    answer, seen = job.github.answer, []

    def answer_after(request):
        if request.method == method and place in request.path:
            seen.append(request)
            if len(seen) == 2:
                act()
        return answer(request)

    job.github.answer = answer_after


def test_two_applies_at_once(new_job):
    """The one that ends later finds the tag elsewhere: it leaves it, says so and fails; run again, it has nothing to do."""
    job = new_job(NOTHING)
    job.run().expect(0)
    job.origin.pull(ADA)
    tip = job.origin.merge
    job.repo.branch("newer")
    newer = job.repo.commit("Newer", ADA)
    job.repo.git("checkout", "--quiet", "main")
    tag = "/git/refs/tags%2Fiamlease"
    during(job, "PATCH", tag, lambda: job.repo.git("update-ref", REF, newer))
    step = job.run().expect(1)
    assert "by another run" in step.summary and job.origin.applied == newer and POWER_USER in attached(job, "ada")
    del job.github.answer
    job.repo.git("merge", "--quiet", "--ff-only", "newer")
    job.run().expect(0)
    assert job.writes == [] and job.origin.applied == newer != tip


def test_two_first_applies_at_once(new_job):
    """Both are for one commit: whoever comes second finds the tag where it would have put it."""
    job = new_job(NOTHING, ADA)
    tip = job.origin.merge
    answer = job.github.answer

    def other_first(request):
        if request.method == "POST" and request.path.endswith("/git/refs"):
            job.repo.git("update-ref", REF, tip)
        return answer(request)

    job.github.answer = other_first
    job.run().expect(0)
    assert job.origin.applied == tip and POWER_USER in attached(job, "ada")


def test_the_tag_is_deleted_during_the_run(new_job):
    job = new_job(NOTHING)
    job.run().expect(0)
    job.origin.pull(ADA)
    during(job, "PATCH", "/git/refs/tags%2Fiamlease", lambda: job.repo.git("update-ref", "-d", REF))
    step = job.run().expect(1)
    assert "applied-ref" in step.result.output and not job.origin.applied


def test_cleanup_during_apply(new_job):
    """Another job cleans up, from end to end, between two writes of apply: it takes away what has ended, and nothing else;
    apply finds that gone, and ends as if it had been alone."""
    job = new_job(NOTHING, files(temporary=[lease("bert")]))
    job.run().expect(0)
    job.origin.pull(files(temporary=[lease("ada", date="2026-06-12")]))
    later, seen = "2026-06-10T00:00:00Z", []

    def clean_up(call):
        if call.action == "PutUserPolicy" and not seen:
            cleaning = job.beside()
            seen.append(job.origin.applied)
            seen.append(cleaning.run("cleanup", event=("schedule", github_events.schedule(REPOSITORY)), now=later))
            seen.append([name.split()[:2] for name in cleaning.writes])
            cleaning.world.proxy.stop()

    job.world.proxy.observer = clean_up
    job.run("apply", "--max-in-flight-per-account", "1", now=later).expect(0)
    job.world.proxy.observer = None
    applied, cleaned, writes = seen
    assert cleaned.expect(0) and writes == [[PROD, "DeleteUserPolicy"]] and applied != job.origin.applied == job.origin.merge
    assert {user for _, user, _ in our_inline(job.snapshot()[PROD])} == {"ada"}
    for command in ("cleanup", "apply"):
        job.run(command, now=later).expect(0)
        assert job.writes == []


def test_cleanup_before_the_tag_moves(new_job):
    """Apply has granted, and the tag does not say so yet: cleanup leaves it."""
    job = new_job(NOTHING, files(temporary=[lease("ada")]))
    job.run().expect(0)
    granted = job.snapshot()
    job.repo.git("update-ref", REF, job.repo.git("rev-parse", "HEAD^"))
    job.run("cleanup").expect(0)
    assert job.writes == [] and job.snapshot() == granted

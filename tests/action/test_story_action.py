"""The container action through the life of a lease: pull request, comment, merge, apply, the end, cleanup."""

import re
import threading

from harness.aws import MANAGED, PROD
from harness.configs import NOTHING, POWER_USER, files, lease, permanent
from harness.double import Fault
from harness.state import our_inline
from job import on_main, pull_request

ADA = permanent(["dev.break-glass"], users=["ada"])
REFUSED = {"message": "Resource not accessible by integration", "documentation_url": "https://docs.github.com"}
AFTER_THE_END = "2026-06-06T00:00:00Z"


def our_comment(jobs):
    [comment] = jobs.github.comments
    return comment["body"]


def test_the_whole_life(new_jobs, world):
    jobs = new_jobs(NOTHING, world=world)
    origin, start = jobs.origin, world.snapshot()
    jobs.run(on_main(origin, "push"), depth=0).expect(0)  # the first apply: nothing is declared yet
    assert origin.applied == origin.merge

    # A pull request asks for a lease: its plan is a comment.
    origin.open_pull(files(temporary=[lease("bert")]))
    first = jobs.run(pull_request(origin), depth=2).expect(0)
    assert "bert" in our_comment(jobs) and "2026-06-04T00:00:00Z" in our_comment(jobs)
    assert first.outputs["comment-url"] == jobs.github.comments[0]["html_url"]

    # Run again, nothing is sent; another push, and the same comment says the new plan.
    jobs.github.requests.clear()
    jobs.run(pull_request(origin), depth=2, persist="include").expect(0)
    assert jobs.github.calls("POST") + jobs.github.calls("PATCH") == []
    origin.push_to_pull(files([ADA], [lease("bert", date="2026-06-05")]))
    second = jobs.run(pull_request(origin), depth=1).expect(0)
    assert "2026-06-06T00:00:00Z" in our_comment(jobs) and "ada" in our_comment(jobs)
    assert second.outputs["comment-url"] == first.outputs["comment-url"]
    assert second.outputs["digest"] != first.outputs["digest"]
    assert world.snapshot() == start, "a plan writes nothing"

    # Merged: apply grants it, moves the tag and reports on the pull request.
    merged = origin.merge_pull()
    step = jobs.run(on_main(origin, "push"), {"journal": "journal.jsonl"}, depth=0).expect(0)
    assert step.outputs["applied"] == step.outputs["head"] == merged == origin.applied
    assert (step.outputs["failed"], step.outputs["problems"]) == ("0", "0") and int(step.outputs["done"]) > 0
    granted = world.snapshot()
    [((kind, name, _), document)] = our_inline(granted[PROD]).items()
    assert (kind, name) == ("users", "bert")
    assert document["Statement"][0]["Condition"] == {"DateLessThan": {"aws:CurrentTime": AFTER_THE_END}}
    assert all(POWER_USER in granted[account]["users"]["ada"]["attached"] for account in MANAGED)
    assert "iamlease apply" in step.summary
    plan, report = [comment["body"] for comment in jobs.github.comments]
    assert "bert" in report and "bert" in plan and "journal.jsonl" in step.left

    # Again, there is nothing to do; before the end, the schedule has nothing to do either.
    assert jobs.run(on_main(origin, "push"), depth=0).expect(0).outputs["done"] == "0"
    jobs.run(on_main(origin, "schedule"), now="2026-06-05T23:59:59Z").expect(0)
    assert world.snapshot() == granted

    # After the end the scheduled cleanup takes it away, and leaves what is permanent.
    step = jobs.run(on_main(origin, "schedule"), now=AFTER_THE_END).expect(0)
    assert step.outputs["done"] == "1" and our_inline(world.snapshot()[PROD]) == {}
    assert all(POWER_USER in world.snapshot()[account]["users"]["ada"]["attached"] for account in MANAGED)

    # Taken back: AWS is as it was before anything.
    origin.push(NOTHING)
    jobs.run(on_main(origin, "push"), depth=0, now=AFTER_THE_END).expect(0)
    assert world.snapshot() == start and origin.applied == origin.merge


def plan_without_comment(jobs, trigger):
    """The token of such a run only reads: the plan ends as it would have ended, and a notice says why it is not there."""
    jobs.github.faults = [Fault("POST", "/comments$", 403, REFUSED)]
    step = jobs.run(trigger, depth=2).expect(0)
    assert jobs.github.comments == [] and "comment-url" not in step.outputs
    assert "bert" in step.summary and step.said("error") == []
    jobs.github.faults = []
    [notice] = step.said("notice")
    return notice


def test_a_fork(new_jobs):
    """Its plan comes as a comment by a second workflow, which runs on the default branch and asks GitHub for all of it."""
    jobs = new_jobs(NOTHING)
    jobs.origin.open_pull(files(temporary=[lease("bert")]))
    notice = plan_without_comment(jobs, pull_request(jobs.origin, head_repository="bert/access"))
    assert "fork" in notice and "workflow_run" in notice
    jobs.github.pulls[12] = ("main", "lease", jobs.origin.head)
    step = jobs.run(on_main(jobs.origin, "workflow_run"), {"command": "plan", "pr": "12"}).expect(0)
    assert "2026-06-04T00:00:00Z" in our_comment(jobs)
    assert step.outputs["comment-url"] == jobs.github.comments[0]["html_url"]


def test_dependabot(new_jobs):
    jobs = new_jobs(NOTHING)
    jobs.origin.open_pull(files(temporary=[lease("bert")]))
    assert "Dependabot" in plan_without_comment(jobs, pull_request(jobs.origin, actor="dependabot[bot]"))


def test_a_missing_permission_is_not_blamed_on_a_fork(new_jobs):
    jobs = new_jobs(NOTHING)
    jobs.origin.open_pull(files(temporary=[lease("bert")]))
    notice = plan_without_comment(jobs, pull_request(jobs.origin))
    assert re.search("give the job 'permissions: pull-requests: write'.*fork", notice), notice


def at_once(*runs):
    """Runs each in a thread of its own; an error in one is an error here."""
    results, errors = [None] * len(runs), []

    def work(number):
        try:
            results[number] = runs[number]()
        except BaseException as error:
            errors.append(error)

    threads = [threading.Thread(target=work, args=(number,)) for number in range(len(runs))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if errors:
        raise errors[0]
    return results


def test_two_plans_at_once(new_jobs):
    """Two pushes in a row: there is one comment in the end."""
    jobs = new_jobs(NOTHING)
    jobs.origin.open_pull(files(temporary=[lease("bert")]))
    waiting = threading.Barrier(2, timeout=60)

    def plan():
        return jobs.run(pull_request(jobs.origin), depth=2, prepare=lambda _: waiting.wait()).expect(0)

    at_once(plan, plan)
    assert "bert" in our_comment(jobs)


def test_two_applies_at_once(new_jobs, world):
    """Nothing keeps two workflows apart that forgot their concurrency group: who comes second may find a name taken, which
    is said, and AWS and the tag come out right all the same."""
    jobs = new_jobs(NOTHING, world=world)
    jobs.run(on_main(jobs.origin, "push"), depth=0).expect(0)
    jobs.origin.push(files([ADA], [lease("bert")]))
    waiting = threading.Barrier(2, timeout=60)

    def apply():
        return jobs.run(on_main(jobs.origin, "push"), depth=0, prepare=lambda _: waiting.wait())

    for step in at_once(apply, apply):
        assert step.exit_code == 0 or (step.exit_code == 1 and (step.said("error") or step.outputs["failed"] != "0")), step
    jobs.run(on_main(jobs.origin, "push"), depth=0).expect(0)
    assert jobs.run(on_main(jobs.origin, "push"), depth=0).expect(0).outputs["done"] == "0"
    assert jobs.origin.applied == jobs.origin.merge
    snapshot = world.snapshot()
    assert len(our_inline(snapshot[PROD])) == 1
    assert all(POWER_USER in snapshot[account]["users"]["ada"]["attached"] for account in MANAGED)

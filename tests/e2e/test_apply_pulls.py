"""Each merged pull request is judged again at apply, by the settings of its first parent; what fails is held."""

import json
import re

import pytest
from harness.apply_job import ApplyJob
from harness.aws import NONPROD, PROD
from harness.configs import GRANTS, NOTHING, POLICIES, POWER_USER, files, lease, permanent, statement
from harness.double import Fault
from harness.github_merges import Pull
from harness.state import our_inline

ADA = permanent(["dev.break-glass"], users=["ada"], environments=["prod"])
NONPROD_ADA = permanent(["dev.break-glass"], users=["ada"], environments=["nonprod"])
QUEUES = permanent(["dev.queues"], users=["ada"], environments=["prod"])
BERT = permanent(["dev.break-glass"], users=["bert"], environments=["prod"])
CARLA = "carla"


def settings(**sections):
    return {"iamlease.yaml": json.dumps({"version": 1, **sections})}


APPROVALS = settings(environments={"prod": {"approvals": 1}})


@pytest.fixture
def new_job(world):
    jobs = []

    def begin(*commits, applied=True):
        job = ApplyJob(world, *commits)
        jobs.append(job)
        if applied:
            job.run().expect(0)
        return job

    yield begin
    for job in jobs:
        job.close()


def attached(job, user):
    return POWER_USER in job.snapshot()[PROD]["users"][user]["attached"]


def leases(job):
    return {user for _, user, _ in our_inline(job.snapshot()[PROD])}


def digest_in(step):
    return re.search(r"--accept ([0-9a-f]{64})", step.result.output)[1]


# --- rules -----------------------------------------------------------------------------------------------------------

RULES = {
    "reason": (settings(environments={"prod": {"require_reason": True}}), files([ADA], [lease("bert")])),
    "limit": (settings(environments={"prod": {"max_days": 1}}), files([ADA], [lease("bert", date="2026-06-04")])),
    "guardrail": (settings(guardrails={"deny": ["s3:PutObject"]}), files([QUEUES], [lease("bert")])),
    "account": (settings(teams={"payments": {"accounts": [NONPROD]}}), files([NONPROD_ADA], [lease("bert")])),
}


@pytest.mark.parametrize("name", RULES)
def test_a_rule_that_a_merge_breaks(new_job, name):
    """Only what breaks it is held; the rest of the change and other changes go on, and a mended entry lets the tag move."""
    rules, broken = RULES[name]
    job = new_job({**NOTHING, **rules})
    before, start = job.origin.applied, job.snapshot()
    pull = job.origin.pull({**broken, **rules})
    step = job.run().expect(1)
    assert f"pull request #{pull.number}" in step.result.output and "held-" in step.result.output
    account = NONPROD if name == "account" else PROD
    ada, ada_before = (state[account]["users"]["ada"]["attached"] for state in (job.snapshot(), start))
    assert leases(job) == set() and len(ada) == len(ada_before) + 1 and job.origin.applied == before
    job.origin.pull({**broken, "temporary-access/payments.yaml": None, **rules})
    job.run().expect(0)
    assert job.origin.applied == job.origin.merge


def test_the_rules_are_those_before_the_merge(new_job):
    """A change that loosens the rule that it breaks is held; the rule alone, and the grant after it, pass."""
    strict, loose = RULES["reason"][0], settings()
    job = new_job({**NOTHING, **strict})
    job.origin.pull({**files(temporary=[lease("bert")]), **loose})
    job.run().expect(1)
    assert leases(job) == set()
    job.origin.pull(NOTHING)
    job.run().expect(0)
    job.origin.pull(files(temporary=[lease("bert")]))
    job.run().expect(0)
    assert leases(job) == {"bert"}


def test_what_a_later_merge_does_not_touch_stays_held(new_job):
    """Loosening the rule afterwards does not let through what was merged against it; asking for it anew does."""
    strict, loose = RULES["reason"][0], settings()
    job = new_job({**NOTHING, **strict})
    job.origin.pull({**files(temporary=[lease("bert")]), **strict})
    job.origin.pull({**files(temporary=[lease("bert")]), **loose})
    job.run().expect(1)
    assert leases(job) == set()
    job.origin.pull(files())
    job.origin.pull(files(temporary=[lease("bert")]))
    job.run().expect(0)
    assert leases(job) == {"bert"}


def test_removals_and_shortenings_go_on(new_job):
    """A merge that is held takes away and shortens all the same; what it makes longer stays as it was."""
    rules = RULES["limit"][0]
    job = new_job({**files([ADA], [lease("bert", date="2026-06-01"), lease("carol", date="2026-06-02")]), **rules})
    job.origin.pull({**files([], [lease("bert", date="2026-06-04"), lease("carol", date="2026-06-01")]), **rules})
    before = our_inline(job.snapshot()[PROD])
    job.run().expect(1)
    after = our_inline(job.snapshot()[PROD])
    assert not attached(job, "ada") and leases(job) == {"bert", "carol"}
    changed = {key[1] for key in after if after[key] != before[key]}
    assert changed == {"carol"}


def test_accept_lets_a_change_through(new_job):
    """The digest names one change; another digest, or none, does not help."""
    rules, broken = RULES["guardrail"]
    job = new_job({**NOTHING, **rules})
    job.origin.pull({**broken, **rules})
    digest = digest_in(job.run().expect(1))
    job.run("apply", "--accept", "0" * 64).expect(1)
    assert leases(job) == set()
    job.run("apply", "--accept", digest).expect(0)
    assert leases(job) == {"bert"} and job.origin.applied == job.origin.merge
    assert "not a digest" in job.run("apply", "--accept", "abc").expect(64).result.output


def test_a_policy_that_is_held_is_wider_for_nobody(new_job):
    """One policy has all who have the grant: a change of it that is held holds them all; a new grantee, too."""
    rules = settings(guardrails={"deny": ["s3:PutObject"]})
    narrow = {"dev.read-only": {**POLICIES["dev.queues"]}}
    wide = {"dev.read-only": {"description": "", "custom_statements": [statement(["sqs:ReceiveMessage", "s3:PutObject"])]}}
    reader = permanent(["dev.read-only"], users=["ada"], environments=["prod"])
    readers = permanent(["dev.read-only"], users=["ada", "carol"], environments=["prod"])
    job = new_job({**files([reader], policies=narrow), **rules})
    before = job.snapshot()
    job.origin.pull({**files([reader], policies=wide), **rules})
    job.origin.pull({**files([readers], policies=wide), **rules})
    job.run().expect(1)
    assert job.snapshot() == before
    job.origin.pull({**files([readers], policies=narrow), **rules})
    job.run().expect(0)


# --- approvals -------------------------------------------------------------------------------------------------------


def test_an_approval(new_job):
    """Without one the grant is held; it comes as soon as somebody else approves the last commit."""
    job = new_job({**NOTHING, **APPROVALS})
    pull = job.origin.pull({**files([ADA]), **APPROVALS})
    step = job.run().expect(1)
    assert "held-approval" in step.result.output and not attached(job, "ada")
    pull.approve()
    job.run().expect(0)
    assert attached(job, "ada") and job.origin.applied == job.origin.merge


@pytest.mark.parametrize("how", ["merge", "squash"])
@pytest.mark.parametrize("checkout", [{"depth": 1}, {"depth": 0}], ids=["depth-1", "full"])
def test_it_is_found_by_rest(new_job, how, checkout):
    """What the approved commit changes is compared with what was merged, whatever the way of merging left of it."""
    job = new_job({**NOTHING, **APPROVALS})
    job.origin.pull({**files([ADA]), **APPROVALS}, how).approve()
    job.run(checkout=checkout).expect(0)
    assert attached(job, "ada")


def test_a_rebased_pull_request_is_one_change(new_job):
    """Its commits on the branch are judged together, by the settings before the first of them; so is its approval."""
    loose = settings(environments={"prod": {"max_days": 6}})
    job = new_job({**NOTHING, **APPROVALS})
    base = job.repo.head
    job.repo.branch("change-1")
    first = {**files([ADA]), **loose}  # its own approval is no longer asked for, it thinks
    second = {**files([ADA, BERT]), **loose}
    job.repo.commit("One", first)
    head = job.repo.commit("Two", second)
    job.repo.git("checkout", "--quiet", "main")
    merged = [job.repo.commit("One, rebased", first), job.repo.commit("Two, rebased", second)]
    pull = job.origin.pulls[1] = Pull(1, head, merged, commits=[(head, "bert", "bert")])
    assert base != merged[0]
    job.run().expect(1)
    assert not attached(job, "ada") and not attached(job, "bert")
    pull.approve()
    job.run(checkout={"depth": 1}).expect(0)
    assert attached(job, "ada") and attached(job, "bert")


UNCOUNTED = {
    "earlier-commit": (lambda pull, base: pull.approve(commit=base), "approved an earlier commit"),
    "taken-back": (lambda pull, base: pull.approve().approve(state="CHANGES_REQUESTED"), "nobody else approved it"),
    "dismissed": (lambda pull, base: pull.approve().approve(state="DISMISSED"), "nobody else approved it"),
    "author": (lambda pull, base: pull.approve("bert"), "bert wrote a part of it"),
    "committer": (lambda pull, base: pull.commits.append((base, "dora", CARLA)) or pull.approve(), "carla wrote a part of it"),
    "unknown-author": (lambda pull, base: pull.commits.append((base, None, "dora")) or pull.approve(), "does not know whose the commit"),
    "grantee": (lambda pull, base: pull.approve("ada"), "ada is granted something by it"),
    "reader": (lambda pull, base: pull.approve("dora"), "dora may not write"),
    "stranger": (lambda pull, base: pull.approve("nobody"), "nobody may not write"),
    "comment": (lambda pull, base: pull.approve(state="COMMENTED"), "nobody else approved it"),
}


@pytest.mark.parametrize("name", UNCOUNTED)
def test_an_approval_that_does_not_count(new_job, name):
    act, words = UNCOUNTED[name]
    job = new_job({**NOTHING, **APPROVALS})
    base = job.origin.merge
    job.origin.permissions.update({"ada": "write", "dora": "read"})
    act(job.origin.pull({**files([ADA]), **APPROVALS}), base)
    step = job.run().expect(1)
    assert words in step.result.output and not attached(job, "ada")


def test_a_comment_takes_nothing_back(new_job):
    job = new_job({**NOTHING, **APPROVALS})
    job.origin.pull({**files([ADA]), **APPROVALS}).approve().approve(state="COMMENTED")
    job.run().expect(0)
    assert attached(job, "ada")


def test_what_was_merged_is_not_what_was_approved(new_job):
    """A merge that slips something in: its delta is not that of the approved commit."""
    job = new_job({**NOTHING, **APPROVALS})
    pull = job.origin.pull({**files([ADA]), **APPROVALS}).approve()
    job.repo.git("reset", "--quiet", "--hard", "HEAD^")
    job.repo.git("merge", "--quiet", "--no-ff", "--no-commit", pull.head)
    job.repo.write(files([ADA, BERT]))
    job.repo.git("add", "--all")
    job.repo.git("commit", "--quiet", "--message", "Merge, and more")
    pull.merged = [job.origin.merge]
    step = job.run().expect(1)
    assert "what was merged is not what" in step.result.output
    assert not attached(job, "ada") and not attached(job, "bert")


def test_a_push_without_a_pull_request(new_job):
    job = new_job({**NOTHING, **APPROVALS})
    job.origin.push({**files([ADA]), **APPROVALS})
    step = job.run().expect(1)
    assert "no pull request was merged with it" in step.result.output and not attached(job, "ada")
    job.run("apply", "--accept", digest_in(step)).expect(0)
    assert attached(job, "ada")


def test_a_pull_request_that_is_not_merged_is_no_evidence(new_job):
    job = new_job({**NOTHING, **APPROVALS})
    pull = job.origin.pull({**files([ADA]), **APPROVALS}, open=True).approve()
    assert "no pull request" in job.run().expect(1).result.output
    pull.open = False
    job.run().expect(0)


def test_comments_forged_and_deleted(new_job):
    """Nothing that stands in a comment counts, and nothing is missed when it is gone."""
    job = new_job({**NOTHING, **APPROVALS})
    pull = job.origin.pull({**files([ADA]), **APPROVALS})
    step = job.run().expect(1)
    job.github.comments.clear()
    job.github.add_comment(f"approved, --accept {digest_in(step)}", login=CARLA, number=pull.number)
    job.github.add_comment(f"<!-- iamlease:. {'0' * 64} -->\napproved by carla", number=pull.number)
    job.run().expect(1)
    assert not attached(job, "ada")
    pull.approve()
    job.github.comments.clear()
    job.run().expect(0)
    assert attached(job, "ada")


@pytest.mark.parametrize("place", ["/pulls$", "/reviews", "/pulls/1/commits", "/permission", "/compare/"])
def test_github_does_not_say(new_job, place):
    """In doubt it is held, and removals go on."""
    job = new_job({**files([BERT]), **APPROVALS})
    job.origin.pull({**files([ADA]), **APPROVALS}).approve()
    job.github.faults = [Fault("GET", place, 403, {"message": "Resource not accessible by integration"})]
    step = job.run().expect(1)
    assert "permissions:" in step.result.output
    assert not attached(job, "ada") and not attached(job, "bert")
    job.github.faults = []
    job.run().expect(0)
    assert attached(job, "ada")


def test_where_no_approval_is_needed_none_is_looked_for(new_job):
    job = new_job({**NOTHING, **settings(environments={"other": {"approvals": 1}})})
    job.origin.pull(files([ADA]))
    job.run().expect(0)
    assert not [call for call in job.github.calls() if "reviews" in call]


def test_a_plain_clone_cannot_see_approvals(world):
    world.begin({**NOTHING, **APPROVALS})
    world.run("apply").expect(0)
    world.repo.commit("Grant", files([ADA]))
    result = world.run("apply").expect(1)
    digest = re.search(r"--accept ([0-9a-f]{64})", result.output)[1]
    assert "held-approval" in result.output and world.proxy.writes == []
    world.run("apply", "--accept", digest).expect(0)


# --- the fuse --------------------------------------------------------------------------------------------------------

MANY = files([permanent(["dev.read-only", "dev.break-glass", "dev.queues"], users=["ada", "bert"])])
FEW = files([permanent(["dev.queues"], users=["ada"])])


@pytest.mark.parametrize("labels,passes", [
    ([], False), ([("iamlease:removals-ok", "bert")], False), ([("iamlease:removals-ok", CARLA)], True), ([("other", CARLA)], False),
    ([("iamlease:removals-ok", CARLA), ("iamlease:removals-ok", "bert")], False),
], ids=["none", "author", "somebody-else", "another-label", "author-again"])
def test_the_label_that_lets_removals_pass(new_job, labels, passes):
    """It is read again at apply, and counts when somebody else than the author set it last."""
    job = new_job(MANY)
    granted = job.snapshot()
    job.origin.pull(FEW, labels=labels)
    step = job.run().expect(0 if passes else 1)
    assert (job.snapshot() == granted) is not passes
    assert ("held-removals" in step.result.output) is not passes
    if not passes:
        job.run("apply", "--accept-removals", job.origin.merge, checkout={"depth": 1}).expect(0)


def test_the_fuse_is_judged_for_each_pull_request(new_job):
    """Two that take away a little each pass together."""
    job = new_job(MANY)
    half = files([permanent(["dev.read-only", "dev.queues"], users=["ada", "bert"])])
    job.origin.pull(half)
    job.origin.pull({**GRANTS, **FEW})
    job.run().expect(0)
    assert not attached(job, "ada")

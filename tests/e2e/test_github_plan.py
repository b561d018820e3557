"""A plan in GitHub Actions: which commits it compares, for every event, and what it leaves behind."""

import json

import pytest
from harness import configs, github_events
from harness.aws import NONPROD, PROD
from harness.github_double import REPOSITORY
from harness.github_job import NUMBER, Job, Origin
from harness.github_merges import Pull

# What main got after the branch began: no part of the pull request.
TOOLS = "456789012345"
MEANWHILE = {"aws-accounts/billing.yaml": f'aws-accounts: {{ tools: "{TOOLS}" }}\n'}


@pytest.fixture
def origin(tmp_path):
    return Origin(tmp_path / "origin", configs.GRANTS, configs.CHANGED, MEANWHILE)


@pytest.fixture
def job(tmp_path, origin):
    job = Job(tmp_path, origin)
    yield job
    job.close()


def commits(step):
    """The ids that plan.json names for base and head."""
    plan = json.loads((step.folder / step.outputs["plan-file"]).read_text())
    return plan["base"]["id"], plan["head"]["id"]


def test_outputs(job):
    job.check_out(depth=2)
    step = job.run().expect(0)
    plan = json.loads((step.folder / step.outputs["plan-file"]).read_text())
    assert plan["format"] == "iamlease/plan"
    kinds = [row["change"] for row in plan["rows"]]
    assert step.outputs["grants"] == str(kinds.count("grant"))
    assert step.outputs["revokes"] == str(kinds.count("revoke"))
    assert int(step.outputs["changes"]) == len(kinds) - kinds.count("grant") - kinds.count("revoke")
    assert step.outputs["has-changes"] == "true"
    assert step.outputs["held"] == "0"
    assert json.loads(step.outputs["matrix"]) == {"include": [{"shard": "1/1", "accounts": f"{NONPROD},{PROD},{TOOLS}"}]}
    assert step.outputs["comment-url"] == job.github.comments[0]["html_url"]
    assert step.outputs["digest"] == (plan.get("digest") or "")
    assert set(step.outputs) == {
        "has-changes", "grants", "changes", "revokes", "held", "digest", "plan-file", "comment-url", "matrix"}


@pytest.mark.parametrize("depth", [1, 2, 0], ids=["depth-1", "depth-2", "full"])
def test_a_pull_request(job, origin, depth):
    """The base is the merge's first parent, also where the checkout does not have it."""
    job.check_out(depth=depth)
    step = job.run().expect(0)
    assert commits(step) == (origin.base, origin.merge)
    assert "billing" not in step.summary
    asked = [call for call in job.github.calls("GET") if "/git/" in call]
    assert bool(asked) == (depth == 1), asked


def test_every_checkout_says_the_same(job):
    job.check_out(depth=0)
    plans = {job.run("plan", "--json").expect(0).result.stdout}
    for options in [{"depth": 1}, {"depth": 2}, {"filter": "blob:none"}, {"depth": 0, "filter": "tree:0"}]:
        job.check_out(**options)
        plans.add(job.run("plan", "--json").expect(0).result.stdout)
    assert len(plans) == 1


def test_a_config_root(tmp_path):
    """Only what is needed is asked for: the folders on the way, and files that differ."""
    def below(files):
        return {f"infra/access/{name}": text for name, text in files.items() if text}

    other = {f"src/{number}/code.c": str(number) for number in range(20)}
    origin = Origin(tmp_path / "origin", below(configs.GRANTS) | other, below(configs.CHANGED) | {"src/1/code.c": "x"}, other)
    job = Job(tmp_path, origin)
    job.check_out(depth=1)
    job.run("plan", "--config-root", "infra/access").expect(0)
    blobs = [call for call in job.github.calls() if "/git/blobs/" in call]
    changed = origin.repo.git("diff", "--name-only", origin.base, origin.merge, "--", "infra").splitlines()
    assert len(blobs) == len(changed)
    job.close()


def test_a_stale_merge_ref(job, origin):
    """The branch was pushed to, and the merge that is checked out is of its old head."""
    job.check_out(depth=2)
    origin.repo.git("checkout", "--quiet", "change")
    head = origin.repo.commit("More", {"permanent-access/payments.yaml": configs.EDITED["permanent-access/payments.yaml"]})
    job.event = job.pull_request(head=("change", head))
    step = job.run().expect(0)
    assert commits(step) == (origin.start, head)
    assert "stale merge ref" in step.summary


def test_the_head_is_checked_out(job, origin):
    """`ref: ${{ github.event.pull_request.head.sha }}`: that is where it left main."""
    for depth in (1, 0):
        job.check_out(commit=origin.head, depth=depth)
        step = job.run().expect(0)
        assert commits(step) == (origin.start, origin.head)
        assert "stale" not in step.summary


def test_pull_request_target(job, origin):
    """The default branch is checked out; the head comes through the API."""
    job.event_name = "pull_request_target"
    job.check_out(commit=origin.base, depth=1)
    assert commits(job.run().expect(0)) == (origin.start, origin.head)
    assert len(job.github.comments) == 1


def test_a_merge_group(job, origin):
    """Compared with the base of the group, and no comment."""
    job.event_name, job.event = "merge_group", github_events.merge_group(REPOSITORY, NUMBER, origin.base, origin.merge)
    job.check_out(depth=1)
    step = job.run("plan").expect(0)
    assert commits(step) == (origin.base, origin.merge)
    assert not job.github.comments and "comment-url" not in step.outputs


@pytest.mark.parametrize("name", ["push", "workflow_dispatch", "schedule"])
@pytest.mark.parametrize("where", ["clone", "api", "nowhere"])
def test_what_an_apply_would_do(job, origin, name, where):
    """On the default branch the base is what was applied; where nothing was, all is new."""
    if where != "nowhere":
        origin.repo.git("tag", "iamlease/applied", origin.start)
    events = {
        "push": github_events.push(REPOSITORY, origin.start, origin.merge),
        "workflow_dispatch": github_events.dispatch(REPOSITORY),
        "schedule": github_events.schedule(REPOSITORY),
    }
    job.event_name, job.event = name, events[name]
    job.check_out(commit=origin.merge, depth=0 if where == "clone" else 1)
    step = job.run("plan").expect(0)
    assert commits(step) == (origin.start if where != "nowhere" else None, origin.merge)
    assert ("is not there" in step.summary) == (where == "nowhere")


def test_a_dispatch_on_another_branch(job, origin):
    job.event_name, job.event = "workflow_dispatch", github_events.dispatch(REPOSITORY, "change")
    job.check_out(commit=origin.head, depth=1)
    assert commits(job.run("plan").expect(0)) == (origin.start, origin.head)


def test_a_named_pull_request(job, origin):
    """After a workflow that ran for a fork: all that is judged comes through the API."""
    job.event_name, job.event = "workflow_run", github_events.workflow_run(REPOSITORY, origin.head)
    job.github.pulls[NUMBER] = ("main", "change", origin.head)
    job.check_out(commit=origin.base, depth=1)
    step = job.run("plan", "--pr", str(NUMBER)).expect(0)
    assert commits(step) == (origin.start, origin.head)
    assert len(job.github.comments) == 1
    step = job.run("plan").expect(64)
    assert "give the input pr NUMBER" in step.result.output
    assert "no permission" not in job.run("plan", "--pr", "13").expect(1).result.output
    for number in ("0", "x", "1e3", "9" * 20):
        job.run("plan", "--pr", number).expect(64)


def test_options_win(job, origin):
    """Ids and names that the checkout does not know are asked for."""
    job.check_out(depth=1)
    for base in (origin.start, "main"):
        step = job.run("plan", "--base", base).expect(0)
        assert commits(step) == (origin.start if base != "main" else origin.base, origin.merge)
    step = job.run("plan", "--base", "main", "--head", "change").expect(0)
    assert commits(step) == (origin.base, origin.head)


def test_validate(job):
    """By the rules of the base, which depth 1 does not have."""
    job.check_out(depth=1)
    job.run("validate").expect(0)
    assert not job.github.comments


@pytest.mark.parametrize("name", github_events.names())
def test_every_example_of_an_event_can_be_read(job, name):
    """Whatever GitHub's own examples hold, an event is never a crash; those that we plan for are understood."""
    job.check_out(depth=2)
    for event in github_events.examples(name):
        job.event_name, job.event = name, event
        step = job.run("validate", token=None)
        assert step.code in (0, 1, 64), step
        assert "is not what GitHub writes there" not in step.result.output, step
        assert "lacks" not in step.result.output, step


@pytest.mark.parametrize("actor,passes", [(None, False), ("the author", False), ("carla", True)], ids=["none", "author", "somebody-else"])
def test_the_label_that_lets_removals_pass(tmp_path, actor, passes):
    """Six grants of each of two users, and most of them go: a person who did not write it may let that pass."""
    grants = ["dev.read-only", "dev.break-glass", "dev.queues"]
    many = configs.files([configs.permanent(grants, users=["ada", "bert"])])
    few = configs.files([configs.permanent(["dev.queues"], users=["ada"])])
    job = Job(tmp_path, Origin(tmp_path / "origin", many, few, MEANWHILE))
    try:
        job.check_out(depth=2)
        pull = job.event["pull_request"]
        if actor:
            login = pull["user"]["login"] if actor == "the author" else actor
            pull["labels"] = [{"name": "iamlease:removals-ok"}]
            job.github.merges[NUMBER] = Pull(NUMBER, "", [""], labels=[("iamlease:removals-ok", login)], open=True)
        step = job.run().expect(0 if passes else 1)
        assert ("many-removals" in step.result.output) is not passes
        assert ("iamlease:removals-ok" in step.result.output) is True
        assert ("lets it pass" in step.summary) is passes
    finally:
        job.close()

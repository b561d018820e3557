"""iamlease revoke: access goes before its end, and what has ended goes with its entity."""

import json
import random
import re

import pytest
from harness import github_events
from harness.aws import PLANNER, PROD
from harness.configs import files, lease
from harness.double import Fault
from harness.github_double import REPOSITORY
from harness.port_double import RUN, Run
from harness.port_job import ASKED
from harness.proxy import Fault as AwsFault
from harness.state import our_inline
from harness.watch import Watch, standing

REVOKE = "r_Revoke0123456789"
TIMER = "r_Timer00000000001"
ENDED = "2026-06-01T17:00:01Z"


def give(job, **change):
    """Asked for in Port, merged and granted."""
    job.run("apply").expect(0)
    job.the_run.properties.update(change)
    job.request().expect(0)
    job.merge(job.pulls[0])
    job.run("apply").expect(0)
    [identifier] = job.port.provisioned
    job.port.runs[REVOKE] = Run(REVOKE, "revoke_permissions", blueprint="provisioned_permissions", entity=identifier, properties={})
    return job


def revoke(job, *arguments, run=REVOKE, requester="bert@example.com", **more):
    def change(inputs):
        entity = {"identifier": job.port.runs[run].entity, "properties": {"policy_arn": "arn:aws:iam::aws:policy/ReadOnlyAccess"}}
        user = {"user": {"email": requester}} if requester else {}
        inputs["port_context"] = json.dumps({"runId": run, "entity": entity, "trigger": {"by": user}})

    return job.run("revoke", *arguments, event=job.dispatch(change=change), **more)


def older(job):
    """The input of the first two versions of the guide."""
    inputs = {"port_payload": json.dumps({
        "context": {"entity": job.port.runs[REVOKE].entity, "runId": REVOKE, "blueprint": "provisioned_permissions"},
        "payload": {"entity": {"properties": {"policy_arn": "arn:aws:iam::aws:policy/ReadOnlyAccess"}}},
        "trigger": {"by": {"user": {"email": "bert@example.com"}}}})}
    event = job.dispatch()
    event[1]["inputs"] = inputs
    return event


def granted(job):
    return {user for _, user, _ in our_inline(job.snapshot()[PROD])}


def test_before_its_end(new_port_job):
    job = give(new_port_job())
    before = job.file("main")
    step = revoke(job).expect(0)
    assert granted(job) == set() and job.port.provisioned == {}
    run, pull = job.port.runs[REVOKE], job.pulls[-1]
    assert run.status == "SUCCESS" and f"/pull/{pull.number}" in run.logs[-1] and step.outputs["pull-request-url"] in run.logs[-1]
    assert re.fullmatch(r"Taken back\. Its entry goes from the files when https://\S+/pull/\d+ is merged\.", run.logs[-1])
    assert "temporary-access:" in job.file(pull.head) and RUN not in job.file(pull.head) and RUN in before
    job.merge(pull)
    job.run("apply").expect(0)
    assert job.writes == [] and granted(job) == set()


def test_a_lent_role_goes_in_its_order(new_port_job):
    """What somebody turned into a role to switch to: looked at after every call, its denial stays until nothing is allowed."""
    job = give(new_port_job())
    path = "temporary-access/payments.yaml"
    text = job.file("main") + "\n    mode: role\n"  # of its only entry
    job.repo.git("checkout", "--quiet", "main")
    job.repo.commit("By a role", {path: text})
    job.run("apply").expect(0)
    assert [call.action for call in job.calls].count("CreateRole") == 1
    watch = job.world.proxy.observer = Watch(job.world.aws, standing(job.snapshot()), ENDED)
    try:
        revoke(job).expect(0)
    finally:
        job.world.proxy.observer = None
    assert watch.violations == [] and watch.looks == len(job.writes)
    went = [name.split()[1] for name in job.writes]
    went.remove("DeletePolicy")  # nothing waits for it
    assert went == ["DetachRolePolicy", "DeleteRolePolicy", "DeleteRole"]


TAG = f"refs/tags/iamlease/revoked/{RUN}"


@pytest.mark.parametrize("pull_request", ["open", "closed"])
def test_it_stays_away(new_port_job, pull_request):
    """No apply grants it again, whatever becomes of the pull request, and none turns red; who deletes the tag means it."""
    job = give(new_port_job())
    revoke(job).expect(0)
    assert job.repo.git("rev-parse", TAG) == job.repo.tip("main")
    if pull_request == "closed":
        job.pulls[-1].open, job.pulls[-1].closed_unmerged = False, True
    for _ in range(2):
        step = job.run("apply").expect(0)
        assert job.writes == [] and granted(job) == set() and not job.port.provisioned
        assert "temporary-access/payments.yaml:" in step.summary and f"iamlease/revoke-{RUN}" in step.summary
    job.repo.git("update-ref", "-d", TAG)
    job.run("apply").expect(0)
    assert granted(job) == {"bert"}


def test_a_revoke_that_was_cut_off_before_its_first_call(new_port_job):
    """The tag was there first: the next apply takes away what the revoke did not."""
    job = give(new_port_job())
    job.repo.git("update-ref", TAG, "main")
    job.run("apply").expect(0)
    assert granted(job) == set() and not job.port.provisioned


def longer(job, end):
    return {"temporary-access/payments.yaml": job.file("main").replace("2026-06-01T17", f"{end}T17")}


HELD = {
    "team": lambda job: {"aws-policies/payments.yaml": "aws-polices: {}\n"},
    "file": lambda job: {"temporary-access/payments.yaml": "temporary-acces: []\n"},
    "entry": lambda job: longer(job, "2026-12-02"),
    "half an entry": lambda job: {"temporary-access/payments.yaml": job.file("main").replace("description\": \"Asked", "descripton\": \"Asked")},
}


@pytest.mark.parametrize("what", HELD)
def test_what_is_held_goes_all_the_same(new_port_job, what):
    """The revoke was cut off behind the tag, and then somebody broke the files."""
    job = begun(new_port_job(files(temporary=[ASKED, lease("ada")])))
    job.repo.git("update-ref", TAG, "main")
    job.origin.push(HELD[what](job))
    for _ in range(2):
        step = job.run("apply").expect(1)
        assert granted(job) == {"ada"} and "held" in step.summary
    assert "nor removed" not in step.summary or what in ("team", "file")


@pytest.mark.parametrize("reads", ["git", "aws"])
def test_a_plan_says_what_will_not_be_granted(new_port_job, reads):
    """Somebody makes the lease longer that was taken back, or takes it out: the plan, too, knows that nothing comes of it."""
    settings = {"aws": {"plan_role": PLANNER}} if reads == "aws" else {}
    job = begun(new_port_job(files(temporary=[ASKED]), settings=settings))
    if reads == "aws":  # before anything goes
        job.repo.git("update-ref", TAG, "main")
        plan = json.loads(job.run("plan", "--json", "--base", "HEAD", "--head", "HEAD").expect(0).result.stdout)
        assert [operation["operation"] for operation in plan["operations"]["items"]] == ["delete-inline-policy"], plan["operations"]
        assert [row["kind"] for row in plan["drift"]] == ["undeclared"]
    revoke(job).expect(0)
    job.origin.push(longer(job, "2026-06-02"))
    job.origin.push({"temporary-access/payments.yaml": None})
    note = f"the run {RUN} was taken back in Port"
    pairs = [("HEAD^^", "HEAD^", True), ("HEAD^", "HEAD", False)]
    if reads == "aws":
        pairs.append(("HEAD^^", "HEAD^^", True))
    for base, head, says in pairs:
        plan = json.loads(job.run("plan", "--json", "--base", base, "--head", head).expect(0).result.stdout)
        assert any(note in notice and "apply will not grant adhoc-" in notice for notice in plan["notices"]) == says
        assert plan["operations"] == {"implied": reads == "git", "items": []} and plan.get("drift", []) == []
        assert len(plan["rows"]) == (base != head)


def test_nobody_can_tell_what_was_taken_back(new_port_job):
    job = give(new_port_job())
    job.github.faults = [Fault("GET", "/git/matching-refs/", 403, {"message": "told"})]
    step = job.run("apply").expect(1)
    assert "taken back in Port" in "".join(step.said("error")) and job.calls == []


def test_it_cannot_be_marked(new_port_job):
    """It goes all the same; that another apply would give it back is said, and mended by the run started again."""
    job = give(new_port_job())
    job.github.faults = [Fault("POST", "/git/refs$", 403, {"message": "told"}, times=1)]
    step = revoke(job).expect(1)
    assert granted(job) == set() and "the next apply grants it again" in "".join(step.said("error"))
    assert "the next apply grants it again" in job.port.runs[REVOKE].logs[-1] and job.port.runs[REVOKE].status == "IN_PROGRESS"
    revoke(job).expect(0)
    job.run("apply").expect(0)
    assert granted(job) == set()


def test_its_pull_request_was_closed_while_it_is_not_done(new_port_job):
    """The revoke goes on when it is started again; nobody is told that nothing was granted."""
    job = give(new_port_job())
    revoke(job).expect(0)
    run, pull = job.port.runs[REVOKE], job.pulls[-1]
    assert pull.branch == f"iamlease/revoke-{RUN}"
    run.status, run.summary, pull.open, pull.closed_unmerged = "IN_PROGRESS", None, False, True
    job.run("port-sync", event=("schedule", github_events.schedule(REPOSITORY))).expect(0)
    assert run.status == "IN_PROGRESS" and run.summary is None


def test_another_lease_stays(new_port_job):
    text = "temporary-access: # ours\n  # Ada's\n  - {description: x, user: ada@example.com, expiration_date: 2026-06-03, environment: prod, grant: dev.s3-debug}\n"
    job = new_port_job({**files(), "temporary-access/payments.yaml": text})
    job.run("apply").expect(0)
    job.port.provisioned.clear()
    job.request().expect(0)
    job.merge(job.pulls[0])
    job.run("apply").expect(0)
    [identifier] = [i for i, e in job.port.provisioned.items() if e["relations"]]
    job.port.runs[REVOKE] = Run(REVOKE, "revoke_permissions", blueprint="provisioned_permissions", entity=identifier, properties={})
    revoke(job).expect(0)
    assert granted(job) == {"ada"} and len(job.port.provisioned) == 1
    assert job.github.objects.blob(f"{job.pulls[-1].head}:temporary-access/payments.yaml").decode() == text


def test_the_timer(new_port_job):
    job = give(new_port_job())
    entity, event = job.port.runs[REVOKE].entity, job.dispatch("automation")

    def fires():
        job.port.runs[TIMER] = Run(TIMER, "timer", blueprint="provisioned_permissions", requester=None, entity=entity, properties={})
        return job.port.runs[TIMER]

    run = fires()
    job.run("revoke", event=event).expect(1)  # too early, or forged: nothing goes, and nobody is told that it did
    assert granted(job) == {"bert"} and len(job.port.provisioned) == 1 and run.status == "FAILURE"
    [line] = run.logs
    assert line.startswith("Nothing was taken back: ") and "has not ended" in line
    run = fires()
    job.run("revoke", event=event, now=ENDED).expect(0)
    assert granted(job) == set() and not job.port.provisioned and run.status == "SUCCESS" and run.logs == ["What has ended was removed."]
    job.run("revoke", event=event, now=ENDED).expect(0)  # again: there is nothing left
    assert job.writes == []


def test_a_timer_whose_run_is_not_known(new_port_job):
    job = give(new_port_job())
    job.run("revoke", event=job.dispatch("automation"), now=ENDED).expect(0)
    assert granted(job) == set() and not job.port.provisioned


def test_by_the_older_input(new_port_job):
    job = give(new_port_job())
    job.run("revoke", event=older(job)).expect(0)
    assert granted(job) == set() and job.port.runs[REVOKE].status == "SUCCESS"


@pytest.mark.parametrize("identifier", [RUN, "gone", "arn:aws:iam::aws:policy/ReadOnlyAccess"])
def test_by_another_identifier(new_port_job, identifier):
    """The run that asked for it is one; what nobody knows is gone already."""
    job = give(new_port_job())
    job.port.runs[REVOKE].entity = identifier
    revoke(job).expect(0)
    assert granted(job) == (set() if identifier == RUN else {"bert"})
    assert job.port.runs[REVOKE].status == "SUCCESS"


def test_a_lease_that_people_wrote(new_port_job):
    job = new_port_job(files(temporary=[lease("bert")]))
    job.run("apply").expect(0)
    [identifier] = job.port.provisioned
    job.port.runs[REVOKE] = Run(REVOKE, "revoke_permissions", blueprint="provisioned_permissions", entity=identifier, properties={})
    revoke(job).expect(1)
    assert "in a pull request" in job.port.runs[REVOKE].logs[-1] and granted(job) == {"bert"} and job.writes == []


def schedule():
    return ("schedule", github_events.schedule(REPOSITORY))


@pytest.mark.parametrize("mode", ["inline", "role"])
def test_its_entry_is_gone_and_it_is_not(new_port_job, mode):
    """AWS refuses, the pull request is merged: as long as the access stands nobody is told that nothing is left."""
    job = begun(new_port_job(files(temporary=[{**ASKED, "mode": mode}])))
    denied = [AwsFault("denied", when=lambda call: call.action.startswith(("Delete", "Detach")))]
    revoke(job, faults=denied).expect(1)
    job.merge(job.pulls[-1])
    revoke(job, faults=denied).expect(1)
    assert objects(job) and job.port.runs[REVOKE].status == "IN_PROGRESS" and "Not all" in job.port.runs[REVOKE].logs[-1]
    revoke(job).expect(0)
    assert objects(job) == [] and not job.port.provisioned and job.port.runs[REVOKE].status == "SUCCESS"


def test_by_name_after_its_entry_is_gone(new_port_job):
    job = begun(new_port_job(files(temporary=[{**ASKED, "mode": "role"}])))
    job.origin.push({"temporary-access/payments.yaml": "temporary-access: []\n"})
    step = job.run("revoke", "--lease", job.port.runs[REVOKE].entity, event=schedule()).expect(0)
    assert objects(job) == [] and "no lease" not in step.result.output


def test_what_git_does_not_explain(new_port_job):
    """The applied ref has gone on without it: it is not taken away, and not called gone."""
    job = begun(new_port_job(files(temporary=[{**ASKED, "mode": "role"}])))
    job.origin.push({"temporary-access/payments.yaml": "temporary-access: []\n"})
    job.repo.git("update-ref", "refs/tags/iamlease/applied", job.repo.tip("main"))
    revoke(job).expect(1)
    assert objects(job) and job.port.runs[REVOKE].status == "IN_PROGRESS"
    step = job.run("revoke", "--lease", job.port.runs[REVOKE].entity, event=schedule()).expect(1)
    assert "stands in AWS" in step.result.output and "nothing is taken back" not in step.result.output


TWICE = {**ASKED, "port_run": "r_Other", "expires_at": "2026-06-01T18:00:00Z"}
BY_HAND = {**{key: value for key, value in TWICE.items() if key != "port_run"}, "description": "By hand"}


@pytest.mark.parametrize("by", ["port", "name", RUN])
def test_a_lease_of_two_entries(new_port_job, by):
    """Asked for twice in Port: both entries go, and no apply grants it again."""
    job = begun(new_port_job(files(temporary=[ASKED, TWICE])))
    identifier = job.port.runs[REVOKE].entity
    if by == "port":
        revoke(job).expect(0)
        pull = job.pulls[-1]
        assert "r_" not in job.file(pull.head) and job.port.runs[REVOKE].status == "SUCCESS"
    else:
        step = job.run("revoke", "--lease", identifier if by == "name" else by, event=schedule()).expect(0)
        assert "still asks" not in step.result.output
    assert granted(job) == set() and job.repo.git("rev-parse", TAG, "refs/tags/iamlease/revoked/r_Other")
    job.run("apply").expect(0)
    assert granted(job) == set() and not job.port.provisioned


@pytest.mark.parametrize("entries", [[ASKED, BY_HAND], [BY_HAND, ASKED]])
def test_a_lease_of_an_entry_that_people_wrote_too(new_port_job, entries):
    job = begun(new_port_job(files(temporary=entries)))
    revoke(job).expect(1)
    assert granted(job) == {"bert"} and "in a pull request" in job.port.runs[REVOKE].logs[-1]
    step = job.run("revoke", "--lease", job.port.runs[REVOKE].entity, event=schedule()).expect(0)
    assert granted(job) == set() and re.search(r"temporary-access/payments.yaml:\d+ still asks for it", step.result.output)


@pytest.mark.parametrize("more", [{"users": ["bert@example.com", "ada@example.com"]}, {"environments": ["prod", "nonprod"]}])
def test_an_entry_of_several(new_port_job, more):
    """Who takes one lease back leaves the others theirs."""
    entry = {**ASKED, **more}
    del entry["user" if "users" in more else "environment"]
    job = new_port_job(files(temporary=[entry]))
    job.run("apply").expect(0)
    before = dict(job.port.provisioned)
    assert len(before) == 2
    job.port.runs[REVOKE] = Run(REVOKE, "revoke_permissions", blueprint="provisioned_permissions", entity=next(iter(before)), properties={})
    revoke(job).expect(1)
    assert "asks for others, too" in job.port.runs[REVOKE].logs[-1]
    step = job.run("revoke", "--lease", next(iter(before)), event=schedule()).expect(0)
    assert "still asks for it" in step.result.output and len(job.port.provisioned) == 1
    job.run("apply").expect(0)
    assert set(job.port.provisioned) == set(before)


def test_an_error_in_another_file(new_port_job):
    """What was found and is gone is gone, whatever else is wrong in the files; what was not found may be in them."""
    job = begun(new_port_job(files(temporary=[ASKED])))
    job.origin.push({"aws-policies/others.yaml": "aws-polices: {}\n"})
    step = revoke(job).expect(0)
    assert granted(job) == set() and job.port.runs[REVOKE].status == "SUCCESS" and "has errors" in step.result.output
    job.port.runs[REVOKE].status, job.port.runs[REVOKE].entity = "IN_PROGRESS", "gone"
    revoke(job).expect(1)
    assert job.port.runs[REVOKE].status == "IN_PROGRESS"


FORGED = {
    "e-mail": ({}, {"requester": "carla@example.com"}, "somebody else"),
    "other-action": ({"action": "delete_everything"}, {}, "not in port.actions"),
    "over": ({"status": "SUCCESS"}, {}, "is over"),
    "other-blueprint": ({"blueprint": "aws_resource"}, {}, "not started on an entity of"),
}


@pytest.mark.parametrize("name", FORGED)
def test_forged(new_port_job, name):
    values, more, words = FORGED[name]
    job = give(new_port_job())
    for key, value in values.items():
        setattr(job.port.runs[REVOKE], key, value)
    step, run = revoke(job, **more).expect(1), job.port.runs[REVOKE]
    assert words in "".join(step.said("error")) and [words in line for line in run.logs] == [True] * (run.status == "IN_PROGRESS")
    assert granted(job) == {"bert"} and job.writes == []


def objects(job):
    """What AWS has of leases: inline policies, policies, roles."""
    account = job.snapshot()[PROD]
    return [*our_inline(account), *[name for kind in ("policies", "roles") for name in account[kind] if "temp-payments" in name]]


def begun(job):
    """The entry stood in the files from the beginning: quicker than to ask for it."""
    job.run("apply").expect(0)
    [(identifier, entity)] = [item for item in job.port.provisioned.items() if item[1]["properties"]["requester"].startswith("bert")]
    job.port.runs[REVOKE] = Run(REVOKE, "revoke_permissions", blueprint="provisioned_permissions", properties={},
                                entity=entity["properties"]["role_arn"] or identifier)
    assert objects(job)
    return job


AWS_KINDS = ["denied", "lost", "html", "throttle", "reset", "cut", "garbage", "kill", "kill_after"]


@pytest.mark.parametrize("mode", ["inline", "policy", "role"])
def test_every_write_to_aws_broken(new_port_job, seed, mode):
    """
    Found by its role, its run or its id, a lease of every kind goes; half done, it is finished by the run started again. Each
    write is broken in two ways, the kinds in rotation.
    """
    job = begun(new_port_job(files(temporary=[{**ASKED, "mode": mode}]))).save()
    revoke(job).expect(0)
    assert objects(job) == [] and job.port.runs[REVOKE].status == "SUCCESS"
    names = list(job.writes)
    assert len(names) == {"inline": 1, "policy": 2, "role": 4}[mode]
    kinds = random.Random(f"{seed} {mode}").sample(AWS_KINDS, 2 * len(names))
    for kind, name in zip(kinds, names * 2, strict=True):
        job.restore()
        fault = AwsFault(kind, name)
        step = revoke(job, faults=[fault])
        assert fault.fired and (step.code == -9) == kind.startswith("kill"), (kind, name, step)
        if step.code:
            assert job.port.runs[REVOKE].status == "IN_PROGRESS" and len(job.port.provisioned) <= 1
            revoke(job).expect(0)
        assert objects(job) == [] and not job.port.provisioned and job.port.runs[REVOKE].status == "SUCCESS", (kind, name)
        assert len(job.pulls) == 1, (kind, name)


CALL_KINDS = [403, 422, 429, 500, 0, "garbage", "lost", "cut", "kill_after"]


@pytest.mark.parametrize("turn", range(4))
def test_every_call_broken(new_port_job, seed, turn):
    """
    Each call of Port and of GitHub, in four ways, the kinds in rotation; also the second and the third of equal ones. Where
    the job failed it is started again; otherwise what is missing is done by the next cleanup.
    """
    job = begun(new_port_job(files(temporary=[ASKED]))).save()
    ports, githubs = len(job.port.requests), len(job.github.requests)
    revoke(job).expect(0)
    made = [("port", r.method, r.path) for r in job.port.requests[ports:]]
    made += [("github", r.method, r.path) for r in job.github.requests[githubs:]]
    calls = [(*call, made[:place].count(call)) for place, call in enumerate(made)]
    assert len(set(made)) >= 9 and max(skip for *_, skip in calls) == 2
    kinds = random.Random(seed).sample(CALL_KINDS, len(CALL_KINDS))
    for number, (name, method, path, skip) in enumerate(calls):
        kind = kinds[(number + turn) % len(kinds)]
        job.restore()
        double = getattr(job, name)
        status, body = (200, b"<<<&") if kind == "garbage" else (kind, {"message": "told"})
        headers = {"Retry-After": "0"} if kind == 429 else {}  # GitHub waits a minute without it
        double.faults = [Fault(method, re.sub("[0-9a-f]{40}", "[0-9a-f]{40}", f"^{path}$"), status, body, headers, times=1, skip=skip)]
        step = revoke(job)
        where = kind, method, path, skip, step
        assert double.faults[0].fired == 1 and step.code in ((-9,) if kind == "kill_after" else (0, 1)), where
        assert not step.code or job.port.runs[REVOKE].status == "IN_PROGRESS" or step.code == -9, where
        finish(job, step)
        assert granted(job) == set() and not job.port.provisioned and job.port.runs[REVOKE].status == "SUCCESS", where
        assert len(job.pulls) == 1, where


def finish(job, step):
    """What a failed job is started again for; what succeeded is not, and misses no more than the next cleanup does."""
    if step.code and job.port.runs[REVOKE].status == "IN_PROGRESS":
        revoke(job).expect(0)
    if job.port.provisioned or job.port.runs[REVOKE].status == "IN_PROGRESS":
        job.run("cleanup", event=schedule()).expect(0)


@pytest.mark.parametrize("turn", range(2))
def test_every_read_of_aws_broken(new_port_job, seed, turn):
    """In two ways, the kinds in rotation: what could not be looked at is not called gone."""
    job = begun(new_port_job(files(temporary=[ASKED]))).save()
    revoke(job).expect(0)
    reads = [name for name in dict.fromkeys(job.world.proxy.names) if name not in job.writes]
    assert reads
    kinds = random.Random(seed).sample(AWS_KINDS, len(AWS_KINDS))
    for number, name in enumerate(reads):
        kind = kinds[(number + turn * len(kinds) // 2) % len(kinds)]
        job.restore()
        fault = AwsFault(kind, name)
        step = revoke(job, faults=[fault])
        where = kind, name, step
        assert fault.fired and step.code in ((-9,) if kind.startswith("kill") else (0, 1)), where
        assert not step.code or job.port.runs[REVOKE].status == "IN_PROGRESS", where
        finish(job, step)
        assert granted(job) == set() and not job.port.provisioned and job.port.runs[REVOKE].status == "SUCCESS", where
        assert len(job.pulls) == 1, where

"""Port's catalog: an entity for every lease, none for those that ended, and the ends of the runs."""

import copy
import json
import re

import pytest
import yaml
from harness import github_events
from harness.aws import NONPROD, PROD, document
from harness.configs import NOTHING, files, lease
from harness.double import Fault
from harness.github_double import REPOSITORY
from harness.github_merges import Pull
from harness.port_double import BUCKET, RUN, Run
from harness.port_job import ASKED
from harness.proxy import Fault as AwsFault
from harness.state import our_inline

NOBODY = {"Version": "2012-10-17", "Statement": [{"Effect": "Deny", "Principal": {"AWS": "*"}, "Action": "sts:AssumeRole"}]}
END = "2026-06-01T17:00:00Z"
ASKED_END = "2026-06-01T16:59:58Z"  # 8 hours after the run was started
ELSEWHERE = "999999999999"
SCHEDULE = ("schedule", github_events.schedule(REPOSITORY))


def granted(job):
    return {user for _, user, _ in our_inline(job.snapshot()[PROD])}


@pytest.fixture
def asked(new_port_job):
    """The request was made and merged; nothing is applied yet."""
    job = new_port_job()
    job.run("apply").expect(0)
    job.request().expect(0)
    job.merge(job.pulls[0])
    return job


def test_the_story(asked):
    """Asked for, merged, granted, shown, ended, gone."""
    asked.run("apply").expect(0)
    assert granted(asked) == {"bert"}
    [(identifier, entity)] = asked.port.provisioned.items()
    assert re.fullmatch("[0-9a-f]{16}", identifier)
    properties = entity["properties"]
    assert properties["requester"] == "bert@example.com" and properties["expiry_time"] == ASKED_END
    assert properties["account_id"] == PROD and properties["team"] == "payments"
    [statement] = properties["iam_policy"]["Statement"]
    assert statement["Action"] == ["s3:GetObject", "s3:PutObject"] and statement["Condition"]["DateLessThan"]["aws:CurrentTime"] == ASKED_END
    assert entity["relations"] == {"permissions": ["s3:GetObject", "s3:PutObject"], "aws_resource": BUCKET}
    assert asked.the_run.status == "SUCCESS" and asked.the_run.summary == f"Granted until {ASKED_END}"
    before = len(asked.port.requests)
    asked.run("apply").expect(0)
    search = "/v1/blueprints/provisioned_permissions/entities/search"
    assert [r.path for r in asked.port.requests[before:]] == ["/v1/auth/access_token", search, "/v1/actions/runs", "/v1/actions/runs"]
    asked.run("cleanup", event=SCHEDULE, now="2026-06-01T17:00:01Z").expect(0)
    assert not asked.port.provisioned and not granted(asked)


def test_leases_that_were_not_asked_for_in_port(new_port_job):
    """A copy of a managed policy and a role to switch to, with their ARNs."""
    job = new_port_job(files(temporary=[lease("bert", "dev.break-glass"), {**lease("ada", "dev.break-glass"), "mode": "role"}]))
    job.run("apply").expect(0)
    entities = {e["properties"]["requester"]: e for e in job.port.provisioned.values()}
    copy, role = entities["bert@example.com"]["properties"], entities["ada@example.com"]["properties"]
    assert copy["policy_arn"].startswith(f"arn:aws:iam::{PROD}:policy/") and copy["iam_policy"] and not copy["role_arn"]
    assert role["role_arn"].startswith(f"arn:aws:iam::{PROD}:role/") and not role["policy_arn"]
    assert role["sign_in_url"].startswith(f"https://signin.aws.amazon.com/switchrole?account={PROD}&roleName=")
    job.origin.push(NOTHING)
    job.run("apply").expect(0)
    assert not job.port.provisioned


@pytest.mark.parametrize("user", ["bert", "bert@host", "b.@example.com", "b,c@example.com"])
def test_a_holder_without_an_address(new_port_job, user):
    """Port takes no other text for a user: the title names who it is, and the entity is written once."""
    job = new_port_job(files(temporary=[{**lease(user, "dev.break-glass"), "user": user}]))
    name = user.partition("@")[0]
    if name != "bert":
        job.world.aws.admin[PROD].create_user(UserName=name)
    job.run("apply").expect(0)
    [entity] = job.port.provisioned.values()
    assert entity["properties"]["requester"] is None and entity["title"].startswith(f"{name}: ")
    before = len(job.port.requests)
    job.run("port-sync", event=SCHEDULE).expect(0)
    assert not [r for r in job.port.requests[before:] if r.path.endswith("/entities")]


def test_what_is_not_ours_stays(asked):
    asked.port.provisioned["other"] = {"properties": {"owner": "other", "account_id": PROD}, "relations": {}}
    asked.port.provisioned["by-hand"] = {"properties": {"requester": "x"}, "relations": {}}
    foreign = ["..", ".", "%2e%2e", "../aws_resource", "", "by-hand-with-our-owner", "0123456789ABCDEF", f"{0:017x}"]
    asked.port.provisioned.update({name: ours(PROD) for name in [*foreign, f"{0:016x}"]})
    asked.port.provisioned[f"{1:016x}"] = ours(NONPROD)
    asked.run("apply").expect(0)
    assert {"other", "by-hand", *foreign} < set(asked.port.provisioned)
    assert [call.rpartition("/")[2] for call in asked.port.calls("DELETE")] == [f"{0:016x}", f"{1:016x}"]


def ours(account, end=None):
    return {"properties": {"owner": "default", "account_id": account, "expiry_time": end}, "relations": {}}


def test_an_account_that_nobody_looked_at(asked):
    """Another repository's, perhaps: whether its leases are there is not known here, until they have ended by themselves."""
    before = {"0" * 15 + "1": ours(ELSEWHERE, "2026-06-01T09:00:01Z"), "0" * 15 + "2": ours(ELSEWHERE), "0" * 15 + "3": ours(None)}
    asked.port.provisioned.update(before)
    asked.port.provisioned["0" * 15 + "4"] = ours(ELSEWHERE, "2026-06-01T09:00:00Z")
    for command in ("apply", "cleanup", "port-sync"):
        asked.run(command, event=None if command == "apply" else SCHEDULE).expect(0)
    assert {key: asked.port.provisioned.get(key) for key in before} == before and "0" * 15 + "4" not in asked.port.provisioned


def test_a_path_is_never_resolved(new_port_job):
    """Names that Port answers stand in paths: "." and ".." ask for something else."""
    for values in ({"entity": ".."}, {"blueprint": ".."}):
        job = new_port_job()
        [setattr(job.the_run, name, value) for name, value in values.items()]
        job.request().expect(1)
        assert all(".." not in request.path and not request.path.endswith("/") for request in job.port.requests)


def test_somebody_elses_run(new_port_job):
    """Whoever writes the id of another's run into a file does not end it."""
    entry = {**lease("ada"), "port_run": RUN}
    job = new_port_job(files(temporary=[entry]))
    job.run("apply").expect(0)
    assert job.the_run.status == "IN_PROGRESS" and len(job.port.provisioned) == 1


@pytest.mark.parametrize("run", ["../../x", "r_unknown", "$(id)", "a b"])
def test_a_run_that_is_none(new_port_job, run):
    job = new_port_job(files(temporary=[{**lease("ada"), "port_run": run}]))
    if run != "r_unknown":  # Port may name one so
        job.port.runs[run] = Run(run, requester="ada@example.com")
    job.run("apply").expect(0)
    assert len(job.port.provisioned) == 1 and run not in job.port.runs or job.port.runs[run].status == "IN_PROGRESS"
    assert all("/v1/actions/runs/" not in request.path for request in job.port.requests)


def test_a_pull_request_that_was_closed(new_port_job):
    job = new_port_job()
    job.run("apply").expect(0)
    job.request().expect(0)
    job.pulls[0].open, job.pulls[0].closed_unmerged = False, True
    job.run("port-sync", event=SCHEDULE).expect(0)
    assert job.the_run.status == "FAILURE" and "closed" in job.the_run.summary


@pytest.mark.parametrize("change", [{"action": "delete_everything"}, {"action": "revoke_permissions", "blueprint": "provisioned_permissions"},
                                    {"blueprint": None}])
def test_only_runs_that_ask_for_access_end(asked, change):
    """Neither a branch nor an entry that names another run in Port ends it."""
    for key, value in change.items():
        setattr(asked.the_run, key, value)
    asked.run("apply").expect(0)
    assert len(asked.port.provisioned) == 1 and asked.the_run.status == "IN_PROGRESS"
    asked.pulls[0].closed_unmerged = True
    asked.run("port-sync", event=SCHEDULE).expect(0)
    assert asked.the_run.status == "IN_PROGRESS"


def test_a_fork_with_a_branch_of_that_name(new_port_job):
    job = new_port_job()
    job.run("apply").expect(0)
    job.request().expect(0)
    [pull] = job.pulls
    pull.open, pull.closed_unmerged, pull.repository = False, True, "bert/access"
    job.run("port-sync", event=SCHEDULE).expect(0)
    assert job.the_run.status == "IN_PROGRESS"
    job.request().expect(0)
    assert len(job.pulls) == 2


@pytest.mark.parametrize("method,path", [("GET", "/actions/runs$"), ("PATCH", f"/runs/{RUN}$")], ids=["list", "end"])
@pytest.mark.parametrize("status", [403, 422])
def test_what_port_refuses_about_runs(new_port_job, method, path, status):
    """A notice; the entities are written all the same, and the next run says the end."""
    job = new_port_job(files(temporary=[{**lease("bert"), "port_run": RUN}, lease("ada", "dev.break-glass")]))
    job.port.faults = [Fault(method, path, status, {"ok": False, "error": "told"}, times=1)]
    step = job.run("apply").expect(0)
    assert job.port.faults[0].fired == 1 and len(job.port.provisioned) == 2 and job.the_run.status == "IN_PROGRESS"
    assert (RUN if method == "PATCH" else "runs in progress") in "\n".join(step.said("notice"))
    job.run("port-sync", event=SCHEDULE).expect(0)
    assert job.the_run.status == "SUCCESS"


def test_port_is_down(asked):
    """The grant does not wait for it and does not fail; the next run brings the catalog there."""
    asked.port.faults = [Fault("*", "", 0)]
    step = asked.run("apply").expect(0)
    assert granted(asked) == {"bert"} and "iamlease port-sync" in "\n".join(step.said("notice"))
    assert asked.run("port-sync", event=SCHEDULE).code == 1
    asked.port.faults = []
    step = asked.run("port-sync", "--json", event=SCHEDULE).expect(0)
    assert json.loads(step.result.stdout)["written"] == 1
    assert len(asked.port.provisioned) == 1 and asked.the_run.status == "SUCCESS"
    assert asked.writes == []


def test_what_is_granted_is_there_before_port_is_asked(asked):
    """So a Port that accepts and never answers keeps nobody waiting; when it is waited for no longer, the run says so."""
    seen, take = [], asked.port.take

    def look(request):
        seen.append(granted(asked))
        return take(request)

    asked.port.take = look
    asked.port.faults = [Fault("*", "", "stall", times=1), Fault("*", "", 0)]
    step = asked.run("apply").expect(0)
    assert asked.port.faults[0].fired == 1
    assert seen and all(users == {"bert"} for users in seen) and "iamlease port-sync" in "\n".join(step.said("notice"))


def test_shards(new_port_job):
    """Each brings its accounts up to date, and leaves the entities of the others alone."""
    job = new_port_job()
    job.run("apply").expect(0)

    def apply(*kept):
        tip = job.origin.push(files(temporary=[{**lease("bert"), "environment": name} for name in kept]))
        steps = []
        for which, account in (("1/2", NONPROD), ("2/2", PROD)):
            job.run("apply", "--shard", which, "--accounts", account, "--head", tip).expect(0)
            steps.append({entity["properties"]["account_id"] for entity in job.port.provisioned.values()})
        job.run("applied", "set", "--head", tip).expect(0)
        return steps

    assert apply("nonprod", "prod") == [{NONPROD}, {NONPROD, PROD}]
    assert apply("nonprod") == [{NONPROD, PROD}, {NONPROD}]
    job.request().expect(0)
    job.pulls[0].open, job.pulls[0].closed_unmerged = False, True
    assert apply() == [set(), set()] and job.the_run.status == "IN_PROGRESS"  # which a whole run sees
    job.run("cleanup", event=SCHEDULE).expect(0)
    assert job.the_run.status == "FAILURE"


def test_wrong_credentials(asked):
    step = asked.run("apply", PORT_CLIENT_SECRET="wrong").expect(0)
    assert granted(asked) == {"bert"} and "does not take PORT_CLIENT_ID" in "\n".join(step.said("notice"))


def test_a_run_that_port_synchronises(asked):
    asked.the_run.synchronized = True
    asked.run("apply").expect(0)
    assert asked.the_run.logs[-1] == f"Granted until {ASKED_END}" and len(asked.port.provisioned) == 1


def test_a_dry_run_asks_nothing(asked):
    before = len(asked.port.requests)
    asked.run("apply", "--dry-run").expect(0)
    assert len(asked.port.requests) == before


def test_an_account_that_cannot_be_read(asked):
    """Nobody knows whether the lease is still there: the entity stays until its own end."""
    asked.run("apply").expect(0)
    asked.world.aws.admin[PROD].update_assume_role_policy(RoleName="AWSSelfServeDeployer", PolicyDocument=json.dumps(NOBODY))
    asked.run("port-sync", event=SCHEDULE).expect(1)
    assert len(asked.port.provisioned) == 1


@pytest.mark.parametrize("status", [401, 404, 422, 429, 500, 0, "garbage", "lost", "cut", "kill_after"])
def test_every_call_broken_once(new_port_job, status):
    """Whatever breaks while a lease is granted and shown: the grant stands, and one more run has all of it in Port."""
    job = new_port_job(files(temporary=[ASKED])).save()
    job.run("apply").expect(0)
    calls = [(request.method, request.path) for request in job.port.requests]
    assert [path.split("/")[2] for _, path in calls] == ["auth", "blueprints", "blueprints", "actions", "actions", "actions"]
    for method, path in calls:
        job.restore()
        body = b"<<<&" if status == "garbage" else {"ok": False, "error": "told"}
        job.port.faults = [Fault(method, f"^{path}$", 200 if status == "garbage" else status, body, times=1)]
        job.run("apply").expect(-9 if status == "kill_after" else 0)
        assert job.port.faults[0].fired == 1 and granted(job) == {"bert"}
        job.run("port-sync", event=SCHEDULE).expect(0)
        assert len(job.port.provisioned) == 1 and job.the_run.status == "SUCCESS"


def edit(job, text):
    """A commit after the merge that makes the file another."""
    job.origin.push({"temporary-access/payments.yaml": text})


def hold(job):
    """By rules that were there before the merge."""
    settings = {**job.settings, "environments": {"prod": {"approvals": 1}}}
    job.origin.push({"iamlease.yaml": yaml.safe_dump(settings)})


NEVER = {
    "ended": (lambda job: None, "apply", 0, f"its time was over at {ASKED_END}"),
    "edited": (lambda job: edit(job, job.file("main").replace("bert@", "ada@")), "apply", 0, "its entry is not for whoever asked"),
    "taken-out": (lambda job: edit(job, "temporary-access: []\n"), "cleanup", 0, "its entry is not in the files any more"),
    "taken-back": (lambda job: job.repo.git("update-ref", f"refs/tags/iamlease/revoked/{RUN}", "main"), "apply", 0, "it was taken back"),
}


@pytest.mark.parametrize("why", NEVER)
def test_access_that_never_came(new_port_job, why):
    """Merged, and nothing of it will come: whoever asked learns why."""
    happens, command, code, words = NEVER[why]
    job = new_port_job()
    job.run("apply").expect(0)
    job.request().expect(0)
    job.run("port-sync", event=SCHEDULE).expect(0)
    assert job.the_run.status == "IN_PROGRESS"  # it waits for review
    job.merge(job.pulls[0])
    happens(job)
    job.run(command, **({"now": "2026-06-01T17:00:01Z"} if why == "ended" else {}), **({"event": SCHEDULE} if command == "cleanup" else {})).expect(code)
    assert job.the_run.status == "FAILURE" and job.the_run.summary.startswith(f"Not granted: {words}")


@pytest.mark.parametrize("ends", [True, False])
@pytest.mark.parametrize("why", ["for approvals", "broken"])
def test_access_that_is_held(new_port_job, why, ends):
    """Merged, and held: the run says why and goes on, until the access is there or its time is over."""
    job = new_port_job()
    job.run("apply").expect(0)
    if why == "for approvals":
        hold(job)
        job.run("apply").expect(0)
    job.request().expect(0)
    pull = job.merge(job.pulls[0])
    if why == "broken":
        edit(job, job.file("main").replace("T16:", "T25:"))
    job.run("apply").expect(1)
    assert (job.the_run.status, job.the_run.label) == ("IN_PROGRESS", "Held") and job.the_run.summary.startswith("Held: ")
    if ends:
        job.run("cleanup", event=SCHEDULE, now="2026-06-02T02:00:01Z")
        assert job.the_run.status == "FAILURE" and "its time was over" in job.the_run.summary
        return
    if why == "for approvals":
        pull.approve()
    else:
        edit(job, job.file("main").replace("T25:", "T16:"))
    job.run("apply").expect(0)
    assert (job.the_run.status, job.the_run.label) == ("SUCCESS", "Done") and granted(job) == {"bert"}


def test_access_that_is_still_to_come(asked):
    """Not applied yet, or AWS refused it once: the run goes on, and ends when the access is there."""
    asked.run("port-sync", event=SCHEDULE).expect(0)
    assert asked.the_run.status == "IN_PROGRESS"
    asked.run("apply", faults=[AwsFault("denied", when=lambda call: call.write)]).expect(1)
    assert asked.the_run.status == "IN_PROGRESS"
    asked.run("apply").expect(0)
    assert asked.the_run.status == "SUCCESS"


def test_a_checkout_from_before_the_merge(new_port_job):
    """What it does not have yet is not taken for what was taken out."""
    job = new_port_job()
    job.run("apply").expect(0)
    job.request().expect(0)
    job.check_out(depth=0)
    job.merge(job.pulls[0])
    job.run("port-sync", event=SCHEDULE, checkout=False).expect(0)
    assert job.the_run.status == "IN_PROGRESS"


def test_runs_by_ids_of_users(asked):
    """As Port shows them; who is who is asked once."""
    asked.port.runs["r_other"] = Run("r_other", requester="auth0|2")
    asked.the_run.requester = "auth0|1"
    before = len(asked.port.requests)
    asked.run("apply").expect(0)
    assert asked.the_run.status == "SUCCESS" and asked.port.runs["r_other"].status == "IN_PROGRESS"
    assert [request.path for request in asked.port.requests[before:]].count("/v1/users") == 1


def test_two_requests_for_the_same(asked):
    """Their entries are one lease, which has the run of one of them."""
    asked.port.runs["r_second"] = Run("r_second")
    change = lambda inputs: inputs.update(port_context=inputs["port_context"].replace(RUN, "r_second"))  # noqa: E731
    asked.request(change=change, now="2026-06-01T10:00:00Z").expect(0)
    asked.merge(asked.pulls[1])
    asked.run("apply", now="2026-06-01T10:00:00Z").expect(0)
    assert len(asked.port.provisioned) == 1 and {run.status for run in asked.port.runs.values()} == {"SUCCESS"}


def test_a_longer_request_for_the_same_that_is_not_applied(asked):
    """The lease that is there ends before it: whoever asked waits on."""
    asked.run("apply").expect(0)
    second = asked.port.runs["r_second"] = Run("r_second", created="2026-06-01T09:59:58.000Z")
    change = lambda inputs: inputs.update(port_context=inputs["port_context"].replace(RUN, "r_second"))  # noqa: E731
    asked.request(change=change, now="2026-06-01T10:00:00Z").expect(0)
    asked.merge(asked.pulls[1])
    asked.run("port-sync", event=SCHEDULE, now="2026-06-01T10:00:00Z").expect(0)
    assert second.status == "IN_PROGRESS"
    asked.run("apply", now="2026-06-01T10:00:00Z").expect(0)
    assert second.status == "SUCCESS" and second.summary == "Granted until 2026-06-01T17:59:58Z"


def test_one_that_does_not_end_stays_in_the_catalog(new_port_job):
    """Somebody edited it: who has it is what the catalog is for. The next apply puts it right."""
    job = new_port_job(files(temporary=[{**ASKED, "mode": "role"}]))
    job.run("apply").expect(0)
    [identifier] = job.port.provisioned
    [name] = [name for name in job.snapshot()[PROD]["roles"] if name.startswith("temp-")]
    trust = {"Effect": "Allow", "Principal": {"AWS": f"arn:aws:iam::{PROD}:user/bert"}, "Action": "sts:AssumeRole"}
    job.world.aws.admin[PROD].update_assume_role_policy(RoleName=name, PolicyDocument=document(trust))
    step = job.run("port-sync", event=SCHEDULE).expect(1)
    [(same, entity)] = job.port.provisioned.items()
    assert same == identifier and entity["title"].endswith(" (does not end)") and not entity["properties"]["expiry_time"]
    assert f"role/iamlease/{name} " in "".join(step.said("notice")) and "does not end" in "".join(step.said("notice"))
    assert json.loads(job.run("port-sync", "--json", event=SCHEDULE).expect(1).result.stdout)["written"] == 0
    job.run("cleanup", event=SCHEDULE, now="2026-06-01T16:59:59Z").expect(1)
    assert list(job.port.provisioned) == [identifier]
    job.run("apply").expect(0)
    [entity] = job.port.provisioned.values()
    assert entity["properties"]["expiry_time"] == END and "does not end" not in entity["title"]


def test_a_policy_that_is_another(asked):
    """Somebody changed it in Port, or AWS has another: it is written again; one of the same meaning is not."""
    asked.run("apply").expect(0)
    [entity] = asked.port.provisioned.values()
    [statement] = entity["properties"]["iam_policy"]["Statement"]
    statement["Action"].reverse()
    sync = lambda: json.loads(asked.run("port-sync", "--json", event=SCHEDULE).expect(0).result.stdout)["written"]  # noqa: E731
    assert sync() == 0
    statement["Action"].append("s3:DeleteObject")
    assert sync() == 1
    [entity] = asked.port.provisioned.values()
    assert "s3:DeleteObject" not in str(entity)


def test_relations_that_were_lost(asked):
    """They are part of what the catalog says; in which order Port gives them is not."""
    asked.run("apply").expect(0)
    [entity] = asked.port.provisioned.values()
    before = json.loads(json.dumps(entity["relations"]))
    entity["relations"]["permissions"].reverse()
    sync = lambda: json.loads(asked.run("port-sync", "--json", event=SCHEDULE).expect(0).result.stdout)["written"]  # noqa: E731
    assert sync() == 0
    for lost in ({"permissions": ["s3:GetObject"]}, {"aws_resource": None}, {"permissions": [], "aws_resource": "arn:aws:s3:::other"}):
        entity["relations"].update(lost)
        assert sync() == 1
        [entity] = asked.port.provisioned.values()
        assert entity["relations"] == before


def test_what_others_keep_in_the_blueprint(asked):
    """More properties and relations than ours, relations in another order and named twice: nothing is written for them."""
    asked.run("apply").expect(0)
    [entity] = asked.port.provisioned.values()
    permissions = entity["relations"]["permissions"]
    entity["relations"].update(permissions=permissions[::-1] + permissions[:1], owned_by="team", reviewers=["ada", "carla"])
    entity["properties"]["note"] = "seen"
    before, writes = copy.deepcopy(entity), len(asked.port.calls("POST"))
    asked.run("port-sync", event=SCHEDULE).expect(0)
    assert list(asked.port.provisioned.values()) == [before] and len(asked.port.calls("POST")) == writes + 2  # token, search
    entity["relations"]["permissions"] = [*permissions, "s3:DeleteBucket"]
    asked.run("port-sync", event=SCHEDULE).expect(0)
    [entity] = asked.port.provisioned.values()
    assert entity["relations"]["permissions"] == permissions and entity["relations"]["owned_by"] == "team"


def test_a_large_catalog(asked):
    """5,000 entities in pages, 300 requests that were closed and 300 runs of which one is to be ended: what has not changed is not read one by one."""
    kept = {"properties": {"owner": "default", "account_id": NONPROD, "expiry_time": END, "title": "x"}, "relations": {}}
    asked.world.aws.admin[NONPROD].update_assume_role_policy(RoleName="AWSSelfServeDeployer", PolicyDocument=json.dumps(NOBODY))
    asked.port.provisioned.update({f"{number:016x}": kept for number in range(5000)})
    for number in range(300):
        asked.port.runs[f"r_{number}"] = Run(f"r_{number}", status="FAILURE")
        pull = Pull(1000 + number, asked.repo.tip("main"), [asked.repo.tip("main")])
        pull.branch, pull.closed_unmerged = f"iamlease/port-r_{number}", True
        asked.github.merges[pull.number] = pull
    asked.port.runs["r_7"].status = "IN_PROGRESS"
    before, before_github = len(asked.port.requests), len(asked.github.requests)
    asked.run("port-sync", event=SCHEDULE).expect(1)  # one account could not be read
    assert len(asked.port.provisioned) == 5000 and asked.port.runs["r_7"].status == "FAILURE"
    assert len(asked.port.requests) - before <= 10 and len(asked.github.requests) - before_github < 20

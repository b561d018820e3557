"""iamlease revoke: what stands is not called gone, and what was named is what goes."""

import functools
import json

import pytest
from harness.aws import NONPROD, PLANNER, PROD
from harness.configs import NOTHING, files, lease
from harness.double import Fault
from harness.port_double import RUN, Run
from harness.port_job import ASKED
from test_port_direct import END, NAME, SCHEDULE, new_direct_job, role_of, start_revoke  # noqa: F401
from test_port_revoke import ENDED, REVOKE, TIMER, TWICE, begun, granted, objects, revoke
from test_port_sync import NOBODY


def fire(job, now=None, user=None, **values):
    """An automation starts the workflow, on the entity of the lease; `user`: whose change of it was the event."""
    named = {"requester": user, "source": "AUTOMATION"}
    job.port.runs[TIMER] = Run(TIMER, **{"action": "timer", "blueprint": "provisioned_permissions", "properties": {}, **named, **values})

    def change(inputs):
        context = json.loads(inputs["port_context"])
        context["entity"]["identifier"] = job.port.runs[TIMER].entity
        context["trigger"] = {"by": {"user": {"email": user}} if user else {}, "origin": "AUTOMATION"}
        inputs["port_context"] = json.dumps(context)

    step = job.run("revoke", event=job.dispatch("automation", change=change), **({"now": now} if now else {}))
    return step, job.port.runs[TIMER]


NOT_A_PERSON = {
    "nobody": {},
    "its user": {"user": "bert@example.com"},
    "the id of its user": {"user": "bert@example.com", "requester": "auth0|1"},
    "its action": {"user": "bert@example.com", "action": "revoke_permissions"},
    "no source": {"user": "bert@example.com", "source": None},
    "another source": {"user": "bert@example.com", "source": {"type": "UI"}},
}


@pytest.mark.parametrize("who", NOT_A_PERSON)
def test_an_automation_takes_back_nothing_before_its_end(new_port_job, who):
    """
    A timer that fires early, or an automation of somebody's own: the access stands, and that is what is said. Port puts the
    user whose change was the event into what an automation gets: that is nobody who asked for it.
    """
    job = begun(new_port_job(files(temporary=[ASKED])))
    entity = job.port.runs[REVOKE].entity
    fire_now = functools.partial(fire, job, **{"entity": entity, **NOT_A_PERSON[who]})
    step, run = fire_now()
    assert step.code == 1 and granted(job) == {"bert"} and job.writes == []
    assert run.status == "FAILURE" and "has not ended" in run.logs[-1] and "gone" not in run.logs[-1]
    assert "has not ended" in step.result.output
    step, run = fire_now(now=ENDED)
    assert step.code == 0 and granted(job) == set() and not job.port.provisioned
    assert run.status == "SUCCESS" and run.logs == ["What has ended was removed."]


def test_an_automation_on_a_direct_grant(new_direct_job):
    job = new_direct_job()
    job.request().expect(0)
    [identifier] = job.port.provisioned
    step, run = fire(job, entity=identifier)
    assert step.code == 1 and run.status == "FAILURE" and role_of(job)
    step, run = fire(job, now=END, entity=identifier)
    assert step.code == 0 and run.status == "SUCCESS" and not role_of(job)


@pytest.mark.parametrize("by,source", [("bert@example.com", "UI"), ("auth0|1", "UI"), ("bert@example.com", "API")])
def test_somebodys_run_without_a_user_in_its_inputs(new_port_job, by, source):
    """Who started it stands in the run: what the inputs leave out makes it no timer's."""
    job = begun(new_port_job(files(temporary=[ASKED])))
    job.port.runs[REVOKE].requester, job.port.runs[REVOKE].source = by, source
    revoke(job, requester=None).expect(0)
    assert granted(job) == set() and job.port.runs[REVOKE].status == "SUCCESS" and not job.port.provisioned


def test_a_run_that_cannot_be_read(new_port_job):
    """It may be somebody's: nobody is told that all is well."""
    job = begun(new_port_job(files(temporary=[ASKED])))
    job.port.faults = [Fault("GET", f"/runs/{REVOKE}$", 403, {"ok": False, "error": "told"}, times=1)]
    revoke(job, requester=None).expect(1)
    assert granted(job) == {"bert"}


@pytest.mark.parametrize("lease_of", ["people", "port"])
def test_an_entity_without_a_name(new_port_job, lease_of):
    """Nothing is called "": least of all every lease that names no run."""
    job = new_port_job(files(temporary=[lease("bert"), lease("ada")] if lease_of == "people" else [ASKED]))
    job.run("apply").expect(0)
    if lease_of == "people":
        job.origin.push(NOTHING)  # whose leases git still explains
    before = granted(job)
    job.port.runs[REVOKE] = Run(REVOKE, "revoke_permissions", blueprint="provisioned_permissions", entity="", properties={})
    revoke(job).expect(1)
    assert granted(job) == before and job.writes == [] and "was not started on" in job.port.runs[REVOKE].logs[-1]
    assert job.run("revoke", "--lease", "", event=SCHEDULE).code and granted(job) == before


def test_an_account_that_nobody_names_any_more(new_direct_job):
    """A direct grant goes with its account, as every lease does, and a plan that reads AWS says so."""
    job = new_direct_job(settings={"aws": {"plan_role": PLANNER}})
    job.request().expect(0)
    job.run("apply").expect(0)
    assert role_of(job)
    job.origin.push({"aws-accounts/payments.yaml": f'aws-acounts: {{nonprod: "{NONPROD}"}}\n'})
    job.run("apply").expect(1)
    assert role_of(job)  # what cannot be read takes nothing away
    job.origin.push({"aws-accounts/payments.yaml": f'aws-accounts: {{nonprod: "{NONPROD}"}}\n'})
    plan = json.loads(job.run("plan", "--live", "--json", "--base", "HEAD^^", "--head", "HEAD", event=SCHEDULE).expect(0).result.stdout)
    assert [row["operation"] for row in plan["operations"]["items"]] == ["delete-inline-policy", "delete-inline-policy", "delete-role"]
    assert role_of(job)
    step = job.run("apply").expect(0)
    assert role_of(job) is None and "no longer named" in step.summary and not job.port.provisioned
    assert [name.split()[1] for name in job.writes] == ["DeleteRolePolicy", "DeleteRolePolicy", "DeleteRole"]


ONLY_NONPROD = {"aws-accounts/payments.yaml": f'aws-accounts: {{nonprod: "{NONPROD}"}}\n'}


def drop_account(job, is_applied):
    """No file names it any more; `is_applied`: and apply has gone on without it."""
    job.origin.push(ONLY_NONPROD)
    if is_applied:
        job.repo.git("update-ref", "refs/tags/iamlease/applied", job.repo.tip("main"))
    return job


def close_account(job):
    job.world.aws.admin[PROD].update_assume_role_policy(RoleName="AWSSelfServeDeployer", PolicyDocument=json.dumps(NOBODY))


@pytest.mark.parametrize("is_applied", [False, True])
@pytest.mark.parametrize("by", ["id", "arn", NAME, RUN])
def test_an_account_that_only_earlier_commits_name(new_direct_job, by, is_applied):
    """It is looked at, and what was named goes."""
    job = new_direct_job()
    job.request().expect(0)
    [(identifier, entity)] = job.port.provisioned.items()
    drop_account(job, is_applied)
    name = {"id": identifier, "arn": entity["properties"]["role_arn"]}.get(by, by)
    step = job.run("revoke", "--lease", name, event=SCHEDULE).expect(0)
    assert role_of(job) is None and "nothing is taken back" not in step.result.output and not job.port.provisioned
    step = job.run("revoke", "--lease", name, event=SCHEDULE).expect(0)  # what is gone is success
    assert job.writes == [] and "nothing is taken back" in step.result.output


@pytest.mark.parametrize("by", ["entity", "role"])
def test_in_port_in_an_account_that_only_earlier_commits_name(new_direct_job, by):
    job = new_direct_job()
    job.request().expect(0)
    [(identifier, entity)] = job.port.provisioned.items()
    drop_account(job, True)
    job.run("revoke", event=start_revoke(job, identifier if by == "entity" else entity["properties"]["role_arn"])).expect(0)
    assert role_of(job) is None and job.port.runs[REVOKE].status == "SUCCESS" and not job.port.provisioned


@pytest.mark.parametrize("by", ["id", "arn", NAME, RUN])
def test_an_account_that_cannot_be_looked_at(new_direct_job, by):
    """Only earlier commits name it, and it cannot be read: nobody can say that nothing is left."""
    job = new_direct_job()
    job.request().expect(0)
    [(identifier, entity)] = job.port.provisioned.items()
    drop_account(job, True)
    close_account(job)
    name = {"id": identifier, "arn": entity["properties"]["role_arn"]}.get(by, by)
    step = job.run("revoke", "--lease", name, event=SCHEDULE).expect(1)
    assert PROD in step.result.output and "nothing is taken back" not in step.result.output
    if by in ("id", "arn"):
        job.run("revoke", event=start_revoke(job, name)).expect(1)
        assert job.port.runs[REVOKE].status == "IN_PROGRESS" and job.port.provisioned


def test_a_closed_account_besides(new_direct_job):
    """What is found elsewhere goes, whatever else cannot be looked at."""
    job = new_direct_job({"aws-accounts/payments.yaml": f'aws-accounts: {{prod: "{PROD}", old: "999999999999"}}\n'})
    job.origin.push({"aws-accounts/payments.yaml": f'aws-accounts: {{prod: "{PROD}"}}\n'})
    job.request().expect(0)
    assert "999999999999" in job.run("revoke", "--lease", "no-such", event=SCHEDULE).expect(1).result.output
    job.run("revoke", "--lease", NAME, event=SCHEDULE).expect(0)
    assert role_of(job) is None
    job.the_run.status = "IN_PROGRESS"
    job.run("revoke", event=start_revoke(job, RUN)).expect(0)
    assert job.port.runs[REVOKE].status == "SUCCESS"


@pytest.mark.parametrize("by", ["entity", "role"])
def test_an_account_that_nobody_looked_at(new_direct_job, by):
    """No commit ever named it: whether the lease stands there, nobody can tell, and no role is assumed there."""
    job = new_direct_job()
    job.request().expect(0)
    [entity] = job.port.provisioned.values()
    arn = entity["properties"]["role_arn"].replace(PROD, "999999999999")
    name = "0123456789abcdef"
    job.port.provisioned[name] = {**entity, "identifier": name, "properties": {**entity["properties"], "account_id": "999999999999"}}
    step = job.run("revoke", event=start_revoke(job, name if by == "entity" else arn)).expect(1)
    assert role_of(job) and "999999999999" in step.result.output
    assert job.port.runs[REVOKE].status == "IN_PROGRESS" and job.port.provisioned
    step = job.run("revoke", "--lease", arn, event=SCHEDULE).expect(1)
    assert "999999999999" in step.result.output and "nothing is taken back" not in step.result.output
    assert {call.account for call in job.calls} <= {PROD, NONPROD}


def test_a_lease_of_an_account_that_only_earlier_commits_name(new_port_job):
    """Git does not explain it any more: it is not taken away, and it is said what has to be done."""
    job = drop_account(begun(new_port_job(files(temporary=[{**ASKED, "mode": "role"}]))), False)
    job.origin.push({"temporary-access/payments.yaml": None})
    job.repo.git("update-ref", "refs/tags/iamlease/applied", job.repo.tip("main"))
    step = job.run("revoke", "--lease", job.port.runs[REVOKE].entity, event=SCHEDULE).expect(1)
    assert objects(job) and "stands in AWS" in step.result.output and f"name account {PROD} again" in step.result.output


def test_earlier_commits_that_are_not_here(new_direct_job):
    """In a shallow clone nobody knows which accounts they named; what is found goes all the same."""
    job = new_direct_job()
    job.request().expect(0)
    drop_account(job, True)
    step = job.run("revoke", "--lease", NAME, event=SCHEDULE, checkout={"depth": 1}).expect(1)
    assert role_of(job) and "fetch-depth: 0" in step.result.output and "nothing is taken back" not in step.result.output
    job.origin.push({"aws-accounts/payments.yaml": f'aws-accounts: {{prod: "{PROD}"}}\n'})
    job.run("revoke", "--lease", NAME, event=SCHEDULE, checkout={"depth": 1}).expect(0)
    assert role_of(job) is None


@pytest.mark.parametrize("by", ["port", "name"])
def test_a_direct_grant_whose_run_cannot_be_marked(new_direct_job, by):
    """It allows nothing any more, and stays to be found: the next revoke marks the run, and no job grants it again."""
    job = new_direct_job()
    job.port.faults = [Fault("PATCH", "", 403)]
    job.request().expect(0)
    job.port.faults = []
    [identifier] = ["0"] if by == "name" else [job.run("port-sync", event=SCHEDULE) and next(iter(job.port.provisioned))]
    job.the_run.status = "IN_PROGRESS"  # which Port did not take

    def take_back():
        return job.run("revoke", "--lease", NAME, event=SCHEDULE) if by == "name" else job.run("revoke", event=start_revoke(job, identifier))

    job.github.faults = [Fault("POST", "/git/refs$", 403, {"message": "told"}, times=2)]
    for _ in range(2):
        step = take_back().expect(1)
        assert set(role_of(job)["inline"]) == {"iamlease-end"} and "run this again" in step.result.output
    take_back().expect(0)
    assert role_of(job) is None
    job.request().expect(1)
    assert role_of(job) is None and "was taken back" in job.the_run.logs[-1]


def test_a_direct_grant_without_a_token(new_direct_job):
    """On a machine nobody marks the run: that is said."""
    job = new_direct_job()
    job.request().expect(0)
    step = job.run("revoke", "--lease", NAME, event=SCHEDULE, GITHUB_TOKEN="", **{"IAMLEASE_GITHUB_TOKEN": ""})
    assert role_of(job) is None and f"the run {RUN} has no tag" in step.result.output


@pytest.mark.parametrize("mode,calls", [("inline", 1), ("policy", 2), ("role", 4)])
@pytest.mark.parametrize("by", ["port", "name"])
def test_what_ended_in_aws_and_not_in_git(new_port_job, mode, calls, by):
    """Prolonged in git and not applied yet: it goes once, whether it ended or was named."""
    entry = {**ASKED, "mode": mode}
    job = begun(new_port_job(files(temporary=[entry])))
    job.origin.push(files(temporary=[{**entry, "expires_at": "2026-06-02T17:00:00Z"}]))
    step = revoke(job, now=ENDED) if by == "port" else job.run("revoke", "--lease", job.port.runs[REVOKE].entity, event=SCHEDULE, now=ENDED)
    step.expect(0)
    assert objects(job) == [] and len(job.writes) == calls
    assert by == "name" or job.port.runs[REVOKE].status == "SUCCESS"


def test_a_direct_grant_whose_denial_ended_first(new_direct_job):
    """The earliest of its ends is its end: it goes once."""
    job = new_direct_job()
    job.request().expect(0)
    deny = json.dumps(role_of(job)["inline"]["iamlease-end"]).replace(END, "2026-06-01T10:00:00Z")
    job.world.aws.admin[PROD].put_role_policy(RoleName=NAME, PolicyName="iamlease-end", PolicyDocument=deny)
    job.run("revoke", event=start_revoke(job, RUN), now="2026-06-01T11:00:00Z").expect(0)
    assert role_of(job) is None and len(job.writes) == 3 and job.port.runs[REVOKE].status == "SUCCESS"


def roles(job):
    return {account: [name for name in job.snapshot()[account]["roles"] if name.startswith("temp-")] for account in (PROD, NONPROD)}


@pytest.mark.parametrize("by", ["port", "name"])
def test_a_name_of_several_roles(new_port_job, by):
    """The same role in two accounts: a name says which of them as little as anybody knows."""
    entries = [{**ASKED, "mode": "role"}, {**TWICE, "mode": "role", "environment": "nonprod"}]
    job = new_port_job(files(temporary=entries))
    job.run("apply").expect(0)
    before = roles(job)
    [name] = before[PROD]
    assert before[NONPROD] == [name]
    arns = {e["properties"]["account_id"]: e["properties"]["role_arn"] for e in job.port.provisioned.values()}
    job.port.runs[REVOKE] = Run(REVOKE, "revoke_permissions", blueprint="provisioned_permissions", entity=name, properties={})
    step = revoke(job) if by == "port" else job.run("revoke", "--lease", name, event=SCHEDULE)
    step.expect(1)
    assert roles(job) == before and all(arn in step.result.output for arn in arns.values())
    job.run("revoke", "--lease", arns[PROD], event=SCHEDULE).expect(0)
    assert roles(job) == {PROD: [], NONPROD: [name]}


def test_the_report_of_a_revoke_that_could_not_be_marked(new_port_job):
    """What was done in AWS stands in the result and the summary all the same."""
    job = begun(new_port_job(files(temporary=[ASKED])))
    job.github.faults = [Fault("POST", "/git/refs$", 403, {"message": "told"}, times=1)]
    step = revoke(job).expect(1)
    assert granted(job) == set() and "delete inline policy" in step.summary.lower() and step.result.stdout.strip()


FOREIGN = {
    "of the guide": ("Permission-123", {"role_arn": f"arn:aws:iam::{PROD}:role/Permission-123"}),
    "of another owner": ("0000000000000002", {"owner": "other", "account_id": PROD}),
    "with our owner": ("Permission-123", {"owner": "default", "account_id": PROD}),
}


@pytest.mark.parametrize("by", ["a person", "the timer"])
@pytest.mark.parametrize("whose", FOREIGN)
def test_an_entity_that_is_not_ours(new_port_job, whose, by):
    """Nobody looked for what it stands for: that is no success, and it stays."""
    entity, properties = FOREIGN[whose]
    job = begun(new_port_job(files(temporary=[ASKED])))
    others = job.port.provisioned[entity] = {"properties": {"expiry_time": "2026-06-01T08:00:00Z", **properties}, "relations": {}}
    job.world.aws.admin[PROD].create_role(RoleName="Permission-123", AssumeRolePolicyDocument=json.dumps({"Version": "2012-10-17", "Statement": []}))
    if by == "a person":
        run = job.port.runs[REVOKE] = Run(REVOKE, "revoke_permissions", blueprint="provisioned_permissions", entity=entity, properties={})
        step = revoke(job).expect(1)
    else:
        step, run = fire(job, entity=entity)
        assert step.code == 1
    assert run.status == "FAILURE"
    assert run.logs == [f"Nothing was taken back: the entity {entity} was not made by iamlease with the owner 'default'."]
    assert job.port.provisioned[entity] == others and granted(job) == {"bert"} and job.writes == []
    assert "was not made by iamlease" in step.result.output and "Permission-123" in job.snapshot()[PROD]["roles"]


def test_an_entity_that_port_does_not_show(new_port_job):
    """Whose it is nobody can tell: the timer's run goes on, too."""
    job = begun(new_port_job(files(temporary=[ASKED])))
    job.port.faults = [Fault("GET", "/entities/Permission-123$", 403, {"ok": False, "error": "told"}, times=1)]
    step, run = fire(job, entity="Permission-123")
    assert step.code == 1 and run.status == "IN_PROGRESS" and "Permission-123" in step.result.output

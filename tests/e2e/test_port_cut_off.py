"""A revocation that was cut off behind the tag of its run: whoever comes next finishes it, and the run in Port gets its end."""

import json

import pytest
from harness.aws import PLANNER, PROD
from harness.configs import files
from harness.double import Fault
from harness.port_double import Run
from harness.port_job import ASKED
from harness.proxy import Fault as AwsFault
from test_port_direct import NAME, SCHEDULE, new_direct_job, role_of, start_revoke  # noqa: F401
from test_port_revoke import ENDED, REVOKE, TAG, TIMER, TWICE, begun, granted, objects, revoke
from test_port_sync import NOBODY

LEASE = "0123456789abcdef"  # an id that no lease has


def revocation(entity, run=REVOKE, **values):
    known = {"action": "revoke_permissions", "blueprint": "provisioned_permissions", "entity": entity, "properties": {}}
    return Run(run, **{**known, **values})


def sync(job, code=0, **more):
    return job.run("port-sync", event=SCHEDULE, **more).expect(code)


@pytest.mark.parametrize("command", ["apply", "cleanup"])
def test_what_was_granted_at_once(new_direct_job, command):
    """No file names its run: the tags are read where such a role stands."""
    job = new_direct_job()
    job.request().expect(0)
    [identifier] = job.port.provisioned
    job.run("revoke", event=start_revoke(job, identifier), faults=[AwsFault("kill", f"{PROD} DeleteRolePolicy {NAME} {NAME} #1")]).expect(-9)
    assert role_of(job) and job.repo.git("rev-parse", TAG)
    step = sync(job, 1)
    assert "was taken back in Port, and stands in AWS" in step.result.output and job.writes == [] and job.port.runs[REVOKE].status == "IN_PROGRESS"
    step = job.run(command, **({"event": SCHEDULE} if command == "cleanup" else {})).expect(0)
    assert role_of(job) is None and "revoked" in step.summary and not job.port.provisioned
    assert job.port.runs[REVOKE].status == "SUCCESS" and job.port.runs[REVOKE].summary == "Taken back: nothing of it is left."
    job.run("cleanup", event=SCHEDULE).expect(0)
    assert job.writes == []


def test_the_plan_foretells_it(new_direct_job):
    job = new_direct_job(settings={"aws": {"plan_role": PLANNER}})
    job.request().expect(0)
    [identifier] = job.port.provisioned
    job.run("revoke", event=start_revoke(job, identifier), faults=[AwsFault("kill", f"{PROD} DeleteRolePolicy {NAME} {NAME} #1")]).expect(-9)
    step = job.run("plan", "--live", "--base", "HEAD", "--head", "HEAD", "--json").expect(0)
    planned = [item["operation"] for item in json.loads(step.result.stdout)["operations"]["items"]]
    assert planned[-1] == "delete-role" and job.writes == []
    job.run("apply").expect(0)
    assert len(job.writes) == len(planned) and role_of(job) is None


@pytest.mark.parametrize("command", ["apply", "cleanup"])
def test_others_that_were_granted_at_once_stay(new_direct_job, command):
    job = new_direct_job()
    job.request().expect(0)
    job.repo.git("update-ref", f"{TAG}x", "HEAD")
    job.run(command, **({"event": SCHEDULE} if command == "cleanup" else {})).expect(0)
    assert role_of(job) and job.writes == [] and len(job.port.provisioned) == 1
    sync(job)


@pytest.mark.parametrize("command,code", [("apply", 1), ("cleanup", 1), ("port-sync", 1)])
def test_tags_that_cannot_be_read(new_direct_job, command, code):
    """Whether it was taken back nobody can tell, and that is said."""
    job = new_direct_job()
    job.request().expect(0)
    job.github.faults = [Fault("GET", "/git/matching-refs/", 403, {"message": "told"})]
    step = job.run(command, **({} if command == "apply" else {"event": SCHEDULE})).expect(code)
    assert "what was taken back in Port" in step.result.output and role_of(job) and job.writes == []


@pytest.mark.parametrize("mode", ["inline", "policy", "role"])
def test_cleanup_takes_away_the_lease_of_an_entry(new_port_job, mode):
    job = begun(new_port_job(files(temporary=[{**ASKED, "mode": mode}])))
    job.repo.git("update-ref", TAG, "main")
    assert "stands in AWS" in sync(job, 1).result.output and objects(job)
    job.run("cleanup", event=SCHEDULE).expect(0)
    assert objects(job) == [] and job.writes and not job.port.provisioned
    job.run("cleanup", event=SCHEDULE).expect(0)
    assert job.writes == []
    sync(job)


def test_cleanup_leaves_what_another_entry_asks_for(new_port_job):
    """Its run has no tag: it was not taken back."""
    job = begun(new_port_job(files(temporary=[ASKED, TWICE])))
    job.repo.git("update-ref", TAG, "main")
    job.run("cleanup", event=SCHEDULE).expect(0)
    assert granted(job) == {"bert"} and job.writes == [] and len(job.port.provisioned) == 1
    job.repo.git("update-ref", "refs/tags/iamlease/revoked/r_Other", "main")
    job.run("cleanup", event=SCHEDULE).expect(0)
    assert granted(job) == set() and not job.port.provisioned


@pytest.mark.parametrize("command", ["apply", "cleanup", "port-sync"])
def test_an_end_that_port_did_not_take(new_port_job, command):
    """The job succeeded, and nobody starts it again."""
    job = begun(new_port_job(files(temporary=[ASKED])))
    job.port.runs[REVOKE].entity = next(iter(job.port.provisioned))
    job.port.faults = [Fault("POST", "/logs$", 500, times=20)]
    step = revoke(job).expect(0)
    run = job.port.runs[REVOKE]
    assert run.status == "IN_PROGRESS" and REVOKE in "".join(step.said("notice"))
    job.port.faults = []
    job.run(command, **({} if command == "apply" else {"event": SCHEDULE})).expect(0)
    assert run.status == "SUCCESS" and run.summary == f"Taken back. Its entry goes from the files when {run.link[0]} is merged."
    assert f"/pull/{job.pulls[-1].number}" in run.link[0]


def test_an_entry_that_no_pull_request_takes_out(new_port_job):
    """To open it is left for the job started again; when the lease would have ended there is no need."""
    job = begun(new_port_job(files(temporary=[ASKED])))
    run = job.port.runs[REVOKE]
    run.entity = next(iter(job.port.provisioned))
    job.github.faults = [Fault("POST", "/pulls$", 500, times=20)]
    revoke(job).expect(1)
    job.github.faults = []
    sync(job)
    assert granted(job) == set() and run.status == "IN_PROGRESS"
    sync(job, now=ENDED)
    assert run.status == "SUCCESS" and run.summary == "Taken back: nothing of it is left."


def test_a_lease_that_the_next_apply_grants_again(new_port_job):
    """It could not be marked: that it is gone for a while is no end."""
    job = begun(new_port_job(files(temporary=[ASKED])))
    run = job.port.runs[REVOKE]
    run.entity = next(iter(job.port.provisioned))
    job.github.faults = [Fault("POST", "/git/refs$", 403, {"message": "told"}, times=20)]
    revoke(job).expect(1)
    job.github.faults = []
    sync(job)
    assert granted(job) == set() and not job.port.provisioned and run.status == "IN_PROGRESS"


def test_a_timer_that_was_cut_off(new_port_job):
    job = begun(new_port_job(files(temporary=[ASKED])))
    [identifier] = job.port.provisioned
    run = job.port.runs[TIMER] = revocation(identifier, TIMER, action="timer", requester=None, source="AUTOMATION")
    sync(job)
    assert run.status == "IN_PROGRESS"
    job.run("cleanup", event=SCHEDULE, now=ENDED).expect(0)
    assert run.status == "SUCCESS" and run.summary == "What has ended was removed."


GOES_ON = {
    "stands": lambda job: job.port.runs.update({REVOKE: revocation(next(iter(job.port.provisioned)))}),
    "another owner's": lambda job: job.port.provisioned.update({LEASE: {"properties": {"owner": "other"}, "relations": {}}}),
    "no lease of ours": lambda job: job.port.runs.update({REVOKE: revocation("Permission-123")}),
    "another action": lambda job: job.port.runs.update({REVOKE: revocation(LEASE, action="delete_everything")}),
    "another blueprint": lambda job: job.port.runs.update({REVOKE: revocation(LEASE, blueprint="service")}),
}


@pytest.mark.parametrize("why", GOES_ON)
def test_a_run_that_is_not_over(new_port_job, why):
    job = begun(new_port_job(files(temporary=[ASKED])))
    job.port.runs[REVOKE] = revocation(LEASE)
    GOES_ON[why](job)
    sync(job)
    assert job.port.runs[REVOKE].status == "IN_PROGRESS" and granted(job) == {"bert"}


def test_a_run_while_an_account_cannot_be_read(new_port_job):
    """It may stand there."""
    job = begun(new_port_job(files(temporary=[ASKED])))
    job.port.runs[REVOKE] = revocation(LEASE)
    iam, trust = job.world.aws.admin[PROD], {"RoleName": "AWSSelfServeDeployer"}
    before = json.dumps(iam.get_role(**trust)["Role"]["AssumeRolePolicyDocument"])
    iam.update_assume_role_policy(**trust, PolicyDocument=json.dumps(NOBODY))
    sync(job, 1)
    assert job.port.runs[REVOKE].status == "IN_PROGRESS"
    iam.update_assume_role_policy(**trust, PolicyDocument=before)
    sync(job)
    assert job.port.runs[REVOKE].status == "SUCCESS"


def test_a_run_while_git_does_not_explain_a_lease(new_port_job):
    """Its id is not the one that it had: it may be the one that was to go."""
    job = begun(new_port_job(files(temporary=[ASKED])))
    job.port.runs[REVOKE] = revocation(next(iter(job.port.provisioned)))
    job.origin.push({"temporary-access/payments.yaml": "temporary-access: []\n"})
    job.repo.git("update-ref", "refs/tags/iamlease/applied", job.repo.tip("main"))
    sync(job)
    assert objects(job) and job.port.runs[REVOKE].status == "IN_PROGRESS"


def test_what_port_refuses_about_the_end(new_port_job):
    """A notice; the next run says it."""
    job = begun(new_port_job(files(temporary=[ASKED])))
    job.port.runs[REVOKE] = revocation(LEASE)
    job.port.faults = [Fault("GET", f"/entities/{LEASE}$", 403, {"ok": False, "error": "told"}, times=1)]
    assert LEASE in sync(job, 1).result.output
    assert job.port.runs[REVOKE].status == "IN_PROGRESS"
    sync(job)
    assert job.port.runs[REVOKE].status == "SUCCESS"

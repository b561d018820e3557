"""Port's catalog: an entity for every lease, none for those that ended, and the ends of the runs."""

import json
import re

import pytest
from harness import github_events
from harness.aws import PROD
from harness.configs import NOTHING, files, lease
from harness.github_double import REPOSITORY
from harness.port_double import BUCKET, RUN
from harness.port_double import Fault as PortFault
from harness.state import our_inline

END = "2026-06-01T17:00:00Z"
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
    assert properties["requester"] == "bert@example.com" and properties["expiry_time"] == END
    assert properties["account_id"] == PROD and properties["team"] == "payments"
    [statement] = properties["iam_policy"]["Statement"]
    assert statement["Action"] == ["s3:GetObject", "s3:PutObject"] and statement["Condition"]["DateLessThan"]["aws:CurrentTime"] == END
    assert entity["relations"] == {"permissions": ["s3:GetObject", "s3:PutObject"], "aws_resource": BUCKET}
    assert asked.the_run.status == "SUCCESS" and asked.the_run.summary == f"Granted until {END}"
    before = len(asked.port.requests)
    asked.run("apply").expect(0)
    assert [r.path for r in asked.port.requests[before:]] == ["/v1/auth/access_token", "/v1/entities/search"]
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


def test_what_is_not_ours_stays(asked):
    asked.port.provisioned["other"] = {"properties": {"owner": "other", "account_id": PROD}, "relations": {}}
    asked.port.provisioned["by-hand"] = {"properties": {"requester": "x"}, "relations": {}}
    asked.run("apply").expect(0)
    assert {"other", "by-hand"} < set(asked.port.provisioned)


def test_somebody_elses_run(new_port_job):
    """Whoever writes the id of another's run into a file does not end it."""
    entry = {**lease("ada"), "port_run": RUN}
    job = new_port_job(files(temporary=[entry]))
    job.run("apply").expect(0)
    assert job.the_run.status == "IN_PROGRESS" and len(job.port.provisioned) == 1


@pytest.mark.parametrize("run", ["../../x", "r_unknown", "$(id)", "a b"])
def test_a_run_that_is_none(new_port_job, run):
    job = new_port_job(files(temporary=[{**lease("ada"), "port_run": run}]))
    job.run("apply").expect(0)
    assert len(job.port.provisioned) == 1


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


@pytest.mark.parametrize("method", ["GET", "PATCH"])
@pytest.mark.parametrize("status", [403, 422])
def test_a_run_that_port_refuses(new_port_job, method, status):
    """A note about that lease; its entity is written, and those of the others."""
    job = new_port_job(files(temporary=[{**lease("bert"), "port_run": RUN}, lease("ada", "dev.break-glass")]))
    job.port.faults = [PortFault(method, f"/runs/{RUN}$", status, {"ok": False, "error": "told"})]
    step = job.run("apply").expect(0)
    assert job.port.faults[0].fired == 1 and len(job.port.provisioned) == 2 and job.the_run.status == "IN_PROGRESS"
    assert RUN in "\n".join(step.said("notice"))
    job.run("port-sync", event=SCHEDULE).expect(0)


def test_port_is_down(asked):
    """The grant does not wait for it and does not fail; the next run brings the catalog there."""
    asked.port.faults = [PortFault("*", "", 0)]
    step = asked.run("apply").expect(0)
    assert granted(asked) == {"bert"} and "iamlease port-sync" in "\n".join(step.said("notice"))
    assert asked.run("port-sync", event=SCHEDULE).code == 1
    asked.port.faults = []
    step = asked.run("port-sync", "--json", event=SCHEDULE).expect(0)
    assert json.loads(step.result.stdout)["written"] == 1
    assert len(asked.port.provisioned) == 1 and asked.the_run.status == "SUCCESS"
    assert asked.writes == []


def test_wrong_credentials(asked):
    step = asked.run("apply", PORT_CLIENT_SECRET="wrong").expect(0)
    assert granted(asked) == {"bert"} and "does not take PORT_CLIENT_ID" in "\n".join(step.said("notice"))


def test_a_run_that_port_synchronises(asked):
    asked.the_run.synchronized = True
    asked.run("apply").expect(0)
    assert asked.the_run.logs[-1] == f"Granted until {END}" and len(asked.port.provisioned) == 1


def test_a_dry_run_asks_nothing(asked):
    before = len(asked.port.requests)
    asked.run("apply", "--dry-run").expect(0)
    assert len(asked.port.requests) == before


def test_an_account_that_cannot_be_read(asked):
    """Nobody knows whether the lease is still there: the entity stays until its own end."""
    asked.run("apply").expect(0)
    asked.world.aws.admin[PROD].update_assume_role_policy(
        RoleName="AWSSelfServeDeployer",
        PolicyDocument=json.dumps({"Version": "2012-10-17", "Statement": [{"Effect": "Deny", "Principal": {"AWS": "*"}, "Action": "sts:AssumeRole"}]}))
    asked.run("port-sync", event=SCHEDULE).expect(1)
    assert len(asked.port.provisioned) == 1


@pytest.mark.parametrize("status", [401, 404, 422, 429, 500, 0])
def test_every_call_broken_once(world, new_port_job, status):
    """Whatever breaks while a lease is granted and shown: the grant stands, and one more run has all of it in Port."""
    def asked():
        job = new_port_job()
        job.run("apply").expect(0)
        job.request().expect(0)
        job.merge(job.pulls[0])
        return job

    job = asked()
    before = len(job.port.requests)
    job.run("apply").expect(0)
    calls = [(request.method, request.path) for request in job.port.requests[before:]]
    assert [path.split("/")[2] for _, path in calls] == ["auth", "entities", "actions", "actions", "blueprints"]
    for method, path in calls:
        job = asked()
        job.port.faults = [PortFault(method, f"^{path}$", status, {"ok": False, "error": "told"}, times=1)]
        job.run("apply").expect(0)
        assert job.port.faults[0].fired == 1 and granted(job) == {"bert"}
        job.run("port-sync", event=SCHEDULE).expect(0)
        assert len(job.port.provisioned) == 1
        assert job.the_run.status == "SUCCESS" or status in (404, 422)

"""The same run of Port once more: under other settings, another clock, after a revoke, or when nothing came of it."""

import json
import re

import pytest
import yaml
from harness.aws import NONPROD, PROD
from harness.double import Fault as PortFault
from harness.port_double import BUCKET, RUN
from harness.proxy import Fault
from test_port_direct import END, SCHEDULE, new_direct_job, role_of, sentence, start_revoke  # noqa: F401
from test_port_sync import NOBODY


def without_its_end(job):
    """Granted, and Port did not take the end of the run."""
    job.port.faults = [PortFault("PATCH", "", 403)]
    job.request().expect(0)
    job.port.faults = []
    assert job.the_run.status == "IN_PROGRESS"
    return job


def settle(job, **port):
    job.settings["port"].update(port)
    job.origin.push({"iamlease.yaml": json.dumps(job.settings)})


NARROWED = {
    "days": lambda job: job.settings.update(limits={"max_days": 1}),
    "allow": lambda job: job.settings["port"].update(allow=["sqs:*"]),
    "guardrail": lambda job: job.settings.update(guardrails={"deny": ["s3:Put*"]}),
    "direct, allow": lambda job: job.settings["port"].update(direct=False, allow=["sqs:*"]),
    "mode, guardrail": lambda job: (job.settings.update(guardrails={"deny": ["s3:Put*"]}), job.settings["port"].update(request_mode="pull-request")),
    "teams": lambda job: job.settings.update(teams={"payments": {"accounts": [NONPROD]}}),
    "entity": lambda job: job.port.entities["aws_resource"].clear(),
    "account of the entity": lambda job: job.port.entities["aws_resource"][BUCKET]["properties"].pop("account_id"),
}


@pytest.mark.parametrize("what", NARROWED)
def test_under_narrower_settings(new_direct_job, what):
    """Whoever has it is not told that nothing was granted."""
    job = new_direct_job()
    job.the_run.properties["hours"] = 40
    without_its_end(job)
    role = role_of(job)
    NARROWED[what](job)
    settle(job)
    job.request().expect(1)
    assert not job.pulls
    assert role_of(job) == role and job.the_run.status == "IN_PROGRESS" and "What this run was granted before stays" in job.the_run.logs[-1]
    job.run("port-sync", event=SCHEDULE).expect(0)
    assert job.the_run.status == "SUCCESS" and len(job.port.provisioned) == 1


NO_CREDENTIALS = {"AWS_ACCESS_KEY_ID": "", "AWS_SECRET_ACCESS_KEY": ""}


def close_aws(job):
    job.world.aws.admin[PROD].update_assume_role_policy(RoleName="AWSSelfServeDeployer", PolicyDocument=json.dumps(NOBODY))


@pytest.mark.parametrize("what", ["allow", "direct, allow", "entity"])
def test_nobody_can_tell_what_stands(new_direct_job, what):
    """Under narrower settings, and AWS is away: nobody is told that it is there, nor that it is not."""
    job = without_its_end(new_direct_job())
    NARROWED[what](job)
    settle(job)
    close_aws(job)
    job.request().expect(1)
    assert job.the_run.status == "IN_PROGRESS"
    assert re.fullmatch(r"Nothing is granted now: .+\. Whether this run was granted something before could not be looked up in AWS\.", job.the_run.logs[-1])


@pytest.mark.parametrize("direct,status", [(True, "IN_PROGRESS"), (False, "FAILURE")])
def test_a_job_without_credentials_of_aws(new_direct_job, direct, status):
    """Where nothing is granted at once it has none, and needs none to end what is refused."""
    job = new_direct_job(port={"allow": ["sqs:*"], "direct": direct})
    job.request(**NO_CREDENTIALS).expect(1)
    assert job.the_run.status == status and ("could not be looked up" in job.the_run.logs[-1]) == direct


def test_a_resource_of_an_account_of_nobody(new_direct_job):
    """No role is assumed in an account that no file names, whatever an entity says."""
    job = new_direct_job()
    job.port.entities["aws_resource"][BUCKET]["properties"]["account_id"] = "999999999999"
    job.request().expect(1)
    assert job.calls == [] and job.the_run.status == "FAILURE" and job.the_run.logs[-1].startswith("Not granted: ")


def test_first_at_once_then_by_a_pull_request(new_direct_job):
    """The time counts from the run: the other mode gives not a second more."""
    job = without_its_end(new_direct_job())
    settle(job, direct=False)
    job.request(now="2026-06-01T16:00:00Z").expect(0)
    [entry] = yaml.safe_load(job.file(job.pulls[0].head))["temporary-access"]
    assert END in job.file(job.pulls[0].head) and entry["port_run"] == RUN
    job.pulls[0].open = False
    assert f"ended at {END}" in sentence(without_pull(job).request(now=END).expect(1)) and job.the_run.status == "FAILURE"


WITH_A_PULL_REQUEST = {
    "its hours are over": lambda job: {"now": END},
    "allow": lambda job: settle(job, allow=["sqs:*"]),
    "actions of the form": lambda job: job.the_run.properties.update(permissions=["iam:PassRole"]),
    "its resource is gone": lambda job: job.port.entities["aws_resource"].clear(),
    "account": lambda job: job.origin.push({"aws-accounts/payments.yaml": f'aws-accounts: {{nonprod: "{NONPROD}"}}\n'}) and None,
}


@pytest.mark.parametrize("what", WITH_A_PULL_REQUEST)
def test_a_pull_request_that_is_still_open(new_direct_job, what):
    """What may not be asked for any more was asked for: the run ends with its pull request, not before."""
    job = new_direct_job(port={"direct": False})
    job.request().expect(0)
    more = WITH_A_PULL_REQUEST[what](job) or {}
    job.request(**more).expect(1)
    [pull] = job.pulls
    assert pull.open and job.the_run.status == "IN_PROGRESS"
    assert re.fullmatch(rf"Nothing more is asked for: .+\. Its pull request stays open: https://\S+/pull/{pull.number}", job.the_run.logs[-1])
    pull.open, pull.closed_unmerged = False, True
    job.run("port-sync", event=SCHEDULE).expect(0)
    assert job.the_run.status == "FAILURE" and "the pull request was closed" in job.the_run.summary


def without_pull(job):
    for pull in job.pulls:
        del job.github.merges[pull.number]
    return job


@pytest.mark.parametrize("mode", ["pull-request", "direct then pull-request"])
def test_what_was_taken_back_gets_no_pull_request(new_direct_job, mode):
    job = new_direct_job(port={"direct": mode.startswith("direct")})
    if mode.startswith("direct"):
        without_its_end(job)
    job.run("revoke", event=start_revoke(job, RUN)).expect(0)
    settle(job, direct=False)
    assert "was taken back" in sentence(job.request().expect(1))
    assert not job.pulls and job.the_run.status == "FAILURE"


def test_what_aws_refused_has_an_end(new_direct_job):
    """Nobody starts the job again: when its hours are over, whoever asked learns that nothing comes of it."""
    job = new_direct_job()
    job.request(faults=[Fault("denied", when=lambda call: call.write)]).expect(1)
    for command, now in [("port-sync", "2026-06-01T16:59:57Z"), ("cleanup", "2026-06-01T16:59:57Z")]:
        job.run(command, event=SCHEDULE, now=now).expect(0)
        assert job.the_run.status == "IN_PROGRESS"
    job.run("port-sync", event=SCHEDULE, now=END).expect(0)
    assert job.the_run.status == "FAILURE" and job.the_run.summary == f"Not granted: its time was over at {END}"


def test_aws_is_away(new_direct_job):
    """That it does not answer is not the request's fault."""
    job = new_direct_job()
    role, iam = "AWSSelfServeDeployer", job.world.aws.admin[PROD]
    trust = iam.get_role(RoleName=role)["Role"]["AssumeRolePolicyDocument"]
    iam.update_assume_role_policy(RoleName=role, PolicyDocument=json.dumps(NOBODY))
    job.request().expect(1)
    assert job.the_run.status == "IN_PROGRESS" and job.the_run.logs[-1].startswith("Not granted: ")
    iam.update_assume_role_policy(RoleName=role, PolicyDocument=json.dumps(trust))
    job.request().expect(0)
    assert role_of(job) and job.the_run.status == "SUCCESS"


def test_a_clock_that_is_before_ours(new_direct_job):
    """Seconds of Port's clock make no request too long."""
    job = new_direct_job(settings={"limits": {"max_days": 1}})
    job.the_run.created = "2026-06-01T09:00:20.000Z"
    job.the_run.properties["hours"] = 24
    job.request().expect(0)
    assert "2026-06-02T09:00:00Z" in json.dumps(role_of(job)["trust"])
    job = new_direct_job(settings={"limits": {"max_days": 1}}, port={"direct": False})
    job.the_run.created = "2026-06-01T09:00:20.000Z"
    job.the_run.properties["hours"] = 24
    job.request().expect(0)
    assert "2026-06-02T09:00:00Z" in job.file(job.pulls[0].head)


@pytest.mark.parametrize("end", ["", ":*"])
@pytest.mark.parametrize("is_direct", [True, False])
def test_a_group_of_logs(new_direct_job, is_direct, end):
    """Port has it with or without what stands for its streams: the entity relates to the one that Port has."""
    job = new_direct_job(port={"allow": ["logs:Get*"], "direct": is_direct})
    arn = job.the_run.entity = f"arn:aws:logs:eu-west-1:{PROD}:log-group:/payments/api{end}"
    job.the_run.properties = {"permissions": ["logs:GetLogEvents"]}
    job.port.entities["aws_resource"] = {arn: {"properties": {"resource_type": "Logs"}}}
    job.request(change=lambda inputs: inputs.update(port_context=json.dumps({"runId": RUN}))).expect(0)
    if not is_direct:
        job.merge(job.pulls[0])
    job.run("apply").expect(0)
    [entity] = job.port.provisioned.values()
    assert entity["relations"]["aws_resource"] == arn and list(job.port.entities["aws_resource"]) == [arn]
    assert {json.dumps(sorted(statement["Resource"])) for statement in entity["properties"]["iam_policy"]["Statement"]} == {
        json.dumps([arn.removesuffix(":*"), arn.removesuffix(":*") + ":*"])}


def test_another_clock_is_for_tests_only(new_direct_job):
    """--now would let anybody prolong what is granted at once in a real account."""
    job = new_direct_job()
    step = job.request(AWS_ENDPOINT_URL_IAM="https://iam.amazonaws.com").expect(64)
    assert "loopback" in step.result.output and job.calls == [] and not job.port.provisioned

"""iamlease request: a run of an action in Port becomes a pull request."""

import json
import re

import pytest
import yaml
from harness import configs
from harness.aws import PROD
from harness.double import Fault
from harness.port_double import BUCKET, RUN, Run
from harness.port_job import ASKED


def sentence(step):
    [error] = step.said("error")
    return error


def entries(job, commit):
    return yaml.safe_load(job.file(commit))["temporary-access"]


@pytest.mark.parametrize("of", ["version-1", "version-2", "version-3"])
def test_a_request_becomes_a_pull_request(new_port_job, of):
    job = new_port_job()
    step = job.request(of=of).expect(0)
    [pull] = job.pulls
    assert pull.branch == f"iamlease/port-{RUN}" and pull.open
    [entry] = entries(job, pull.head)
    assert entry == {
        "description": "Asked for in Port", "user": "bert@example.com", "environment": "prod", "port_run": RUN,
        "permissions": ["s3:GetObject", "s3:PutObject"], "resources": [BUCKET, BUCKET + "/*"],
        "expires_at": entry["expires_at"],
    }
    assert 'expires_at: 2026-06-01T16:59:58Z' in job.file(pull.head)
    url = f"https://github.com/acme/access/pull/{pull.number}"
    assert step.outputs["pull-request-url"] == url and url in step.result.stdout
    assert job.the_run.logs == [f"Pull request: {url}, for bert@example.com to use {BUCKET}. Access begins when it is merged."]
    assert job.the_run.status == "IN_PROGRESS" and job.the_run.link == [url] and job.the_run.label == "Waiting for review"
    assert job.calls == []  # nothing of AWS


def test_what_stands_in_the_file_stays(new_port_job):
    text = "# who and why\r\ntemporary-access:\r\n    - description: 'by hand'   # Ada's\r\n      user: ada@example.com\r\n" \
           "      expiration_date: 2026-06-03\r\n      environment: prod\r\n      grant: dev.s3-debug\r\n    # the end\r\n"
    job = new_port_job({**configs.NOTHING, "temporary-access/payments.yaml": text})
    job.request().expect(0)
    after = job.github.objects.blob(f"{job.pulls[0].head}:temporary-access/payments.yaml").decode()
    assert after.startswith(text) and "\n    - description: \"Asked for in Port\"\r\n" in after and "\n" not in after.replace("\r\n", "")
    assert [entry["user"] for entry in yaml.safe_load(after)["temporary-access"]] == ["ada@example.com", "bert@example.com"]


def test_a_file_in_json(new_port_job):
    job = new_port_job(configs.GRANTS)
    job.request().expect(0)
    before = json.loads(configs.GRANTS["temporary-access/payments.yaml"])["temporary-access"]
    assert json.loads(job.file(job.pulls[0].head))["temporary-access"][:-1] == before


def refuse(job, words, of="version-3", logged=True, ends=True, **more):
    """Refused with a message, in the run's log too; and nothing was written to GitHub."""
    step = job.request(of=of, **more).expect(1)
    assert words in sentence(step), step
    assert not [call for call in job.github.calls() if not call.startswith("GET")]
    assert bool(job.the_run.logs) == logged
    if logged:
        assert job.the_run.logs[-1].startswith("Not granted: ") and words in job.the_run.logs[-1]
    assert (job.the_run.status == "FAILURE") == ends


def other(path, value):
    """Changes a value in the JSON text of an input."""

    def change(inputs):
        context = json.loads(inputs["port_context"])
        place = context
        *keys, last = path.split(".")
        for key in keys:
            place = place[key]
        place[last] = value
        inputs["port_context"] = json.dumps(context)

    return change


@pytest.mark.parametrize("name,change,words", [
    ("e-mail", other("trigger.by.user.email", "carla@example.com"), "that of somebody else"),
    ("entity", other("entity.identifier", "arn:aws:s3:::secrets"), "about another resource"),
], ids=lambda value: value if isinstance(value, str) and " " not in value else "")
def test_a_forged_payload(new_port_job, name, change, words):
    """What it says is not what the run says: that is not the run's fault, which goes on."""
    refuse(new_port_job(), words, change=change, ends=False)


@pytest.mark.parametrize("run_id", ["r_other", "../../entities", "r 1", "$(id)", "r\n1", "", "x" * 65, 7, None])
def test_a_run_that_is_none(new_port_job, run_id):
    job = new_port_job()
    step = job.request(change=other("runId", run_id)).expect(1)
    assert "run" in sentence(step) and not job.the_run.logs and not job.pulls
    assert len(job.port.calls()) == (2 if run_id == "r_other" else 0)


def set_run(**values):
    def change(job):
        for name, value in values.items():
            setattr(job.the_run, name, value)
    return change


def asking_for(*permissions):
    return set_run(properties={"permissions": list(permissions)})


def entity(arn, permissions=None, **properties):
    def change(job):
        job.the_run.properties = {"permissions": permissions} if permissions else job.the_run.properties
        job.the_run.entity = arn
        job.port.entities["aws_resource"] = {arn: {"properties": properties}}
    return change


NOT_OURS = {
    "other-action": (set_run(action="delete_everything"), "not in port.actions", False),
    "over": (set_run(status="SUCCESS"), "is over", False),
    "nobody": (set_run(requester=None), "does not say who", False),
    "automation": (set_run(source="AUTOMATION"), "or that a person did", False),
    "no-resource": (set_run(entity=None), "not started on a resource", False),
    "nothing": (set_run(entity=""), "not started on a resource", False),
    "other-blueprint": (set_run(blueprint="anything"), "not started on an entity of aws_resource", False),
    "no-permission": (asking_for(), "asks for no permission", True),
    "other-service": (asking_for("s3:GetObject", "iam:PassRole"), "not an action of s3", True),
    "other-resource": (entity(f"arn:aws:sqs:eu-west-1:{PROD}:jobs"), "not an action of sqs", True),
    "not-allowed": (entity(f"arn:aws:sqs:eu-west-1:{PROD}:jobs", ["sqs:DeleteQueue"]), "'sqs:DeleteQueue' is not in port.allow", True),
    "wildcard": (asking_for("s3:*"), "not an action of s3", True),
    "quotes": (asking_for('s3:GetObject"], "x": ["'), "not an action of s3", True),
    "shell": (asking_for("s3:$(id)"), "not an action of s3", True),
    "newline": (asking_for("s3:GetObject\n- iam:*"), "not an action of s3", True),
    "arn-of-elsewhere": (entity("arn:aws:s3:::other", account_id="999999999999"), "no team", True),
    "no-account": (entity("arn:aws:s3:::other"), "set the property account_id", True),
    "arn-of-another-account": (entity("arn:aws:sqs:eu-west-1:999999999999:jobs", ["sqs:ReceiveMessage"]), "no team of this repository may use account 999999999999", True),
    "account-of-the-entity": (entity(f"arn:aws:sqs:eu-west-1:{PROD}:jobs", ["sqs:ReceiveMessage"], account_id="999999999999"), "and its ARN another", True),
    "other-team": (entity(BUCKET, account_id=PROD, iamlease_team="search"), "no team 'search'", True),
    "star": (entity("arn:aws:s3:::*", account_id=PROD), "not a kind of resource", True),
    "variable": (entity("arn:aws:s3:::${aws:username}", account_id=PROD), "not a kind of resource", True),
    "not-an-arn": (entity("payments-invoices", account_id=PROD), "not the ARN", True),
    "partition": (entity("arn:aws-cn:s3:::b", account_id=PROD), "not in the partition", True),
    "too-long": (set_run(properties={"permissions": ["s3:GetObject"], "hours": 24 * 30}), "not be valid", True),
    "hours": (set_run(properties={"permissions": ["s3:GetObject"], "hours": -1}), "hours", True),
    "half-hours": (set_run(properties={"permissions": ["s3:GetObject"], "hours": 1.5}), "hours", True),
    "user": (set_run(requester="$(id)@example.com"), "not be valid", True),
    "quoted": (set_run(requester="bert'\"@example.com"), "not be valid", True),
    "arn-in-two-lines": (entity("arn:aws:s3:::a\n- b", account_id=PROD), "not a kind of resource", True),
    "arn-for-a-shell": (entity("arn:aws:s3:::$(id)", account_id=PROD), "not a kind of resource", True),
    "two-lines": (set_run(requester="bert@example.com\nx: y"), "not be valid", True),
    "unseen": (set_run(properties={"permissions": ["s3:GetObject"], "reason": "a\u202eb"}), "nobody sees", True),
}


@pytest.mark.parametrize("name", NOT_OURS)
def test_a_run_that_is_refused(new_port_job, name):
    prepare, words, ends = NOT_OURS[name]
    job = new_port_job()
    prepare(job)

    def agree(inputs):
        other("trigger.by", {})(inputs)
        other("entity", None)(inputs)

    ended = job.the_run.status == "SUCCESS"
    step = job.request(change=agree).expect(1)
    assert words in sentence(step), step
    assert not ended or {call.split()[0] for call in job.port.calls()[1:]} == {"GET"}  # behind the one for a token
    assert not job.pulls and not [call for call in job.github.calls() if not call.startswith("GET")]
    assert len(job.the_run.logs) == (not ended)  # one that is over takes nothing any more
    assert all(line.startswith("Not granted: ") and words in line for line in job.the_run.logs)
    assert ended or (job.the_run.status == "FAILURE") == ends


def test_a_run_of_something_else(new_port_job):
    """Whoever names the run of a revoke does not end it."""
    job = new_port_job()
    other_run = job.port.runs["r_Revoke"] = Run("r_Revoke", "revoke_permissions", blueprint="provisioned_permissions", entity="0123456789abcdef")
    job.request(change=lambda inputs: inputs.update(port_context=json.dumps({"runId": "r_Revoke"}))).expect(1)
    assert other_run.status == "IN_PROGRESS" and not job.pulls


def test_a_resource_of_another_blueprint(new_port_job):
    """Whatever else has an ARN for a name is no resource that may be asked for."""
    job = new_port_job()
    job.port.entities["anything"] = {BUCKET: {"properties": {"account_id": PROD}}}
    set_run(blueprint="anything")(job)
    refuse(job, "not started on an entity of aws_resource", change=other("entity", None), ends=False)


def test_answers_about_something_else(new_port_job):
    """Port answers another run, or another entity: nothing is asked for, and the request is not refused for good."""
    job = new_port_job()
    job.the_run.id = "r_Other"
    step = job.request().expect(1)
    assert "no such run" in sentence(step) and not job.pulls and not job.the_run.logs
    job = new_port_job()
    job.port.entities["aws_resource"][BUCKET]["identifier"] = "arn:aws:s3:::other"
    refuse(job, "the answer of Port is another", ends=False)


def test_a_run_of_an_entry_that_is_there(new_port_job):
    """Without a pull request that GitHub knows of: its entry says that it was used."""
    job = new_port_job(configs.files(temporary=[ASKED]))
    refuse(job, "team payments has an entry of it", ends=False)


def test_an_action_outside_of_the_list(new_port_job):
    refuse(new_port_job(port={"allow": ["s3:Get*"]}), "'s3:PutObject' is not in port.allow")
    refuse(new_port_job(port={"allow": []}), "'s3:GetObject' is not in port.allow")


def test_texts_of_a_form_stay_texts(new_port_job):
    job = new_port_job()
    reason = 'x" \n- user: eve@example.com # $(id) `id` ::error::x {{ .x }}'
    job.the_run.properties.update(reason=reason, ticket="T-1: [x]")
    job.request().expect(0)
    [entry] = entries(job, job.pulls[0].head)
    assert entry["reason"] == reason and entry["ticket"] == "T-1: [x]"


def test_which_team(new_port_job):
    two = {**configs.NOTHING, "aws-accounts/search.yaml": f'aws-accounts: {{prod: "{PROD}"}}\n'}
    job = new_port_job(two)
    job.request().expect(1)
    assert f"several teams use account {PROD} (payments, search)" in job.the_run.logs[0]
    job.the_run.status = "IN_PROGRESS"
    job.port.entities["aws_resource"][BUCKET]["properties"]["iamlease_team"] = "search"
    job.request().expect(0)
    assert "user" in job.file(job.pulls[0].head, "temporary-access/search.yaml")


def test_the_id_of_a_user(new_port_job):
    job = new_port_job()
    job.the_run.requester = "auth0|1"
    job.request().expect(0)
    job = new_port_job()
    job.port.users.append({"id": "samlp|corp|b@example.com", "email": "bert@example.com"})
    job.the_run.requester = "samlp|corp|b@example.com"  # an id, though it has an @
    job.request().expect(0)
    assert "user: \"bert@example.com\"" in job.file(job.pulls[0].head)
    job = new_port_job()
    job.the_run.requester = "auth0|2"
    refuse(job, "does not say who", ends=False)


def test_a_run_is_used_once(new_port_job):
    job = new_port_job()
    job.request().expect(0)
    again = job.request().expect(0)  # nothing is made twice
    assert len(job.pulls) == 1 and again.outputs["pull-request-url"].endswith("/1")
    job.merge(job.pulls[0])
    writes = len([call for call in job.github.calls() if not call.startswith("GET")])
    assert "was used before" in sentence(job.request().expect(1))
    assert job.the_run.status == "IN_PROGRESS" and "was used before" in job.the_run.logs[-1]
    assert len([call for call in job.github.calls() if not call.startswith("GET")]) == writes


def test_a_pull_request_that_was_closed(new_port_job):
    job = new_port_job()
    job.request().expect(0)
    job.pulls[0].open, job.pulls[0].closed_unmerged = False, True
    assert "was used before" in sentence(job.request().expect(1))
    assert len(job.pulls) == 1


def test_a_workflow_of_another_branch(new_port_job):
    job = new_port_job()
    job.repo.branch("mine")
    job.repo.commit("Mine", {"iamlease.yaml": "version: 1\n"})
    assert "for 'refs/heads/main' only" in sentence(job.request(branch="mine").expect(1))
    assert not job.port.calls()


@pytest.mark.parametrize("missing", ["PORT_CLIENT_ID", "PORT_CLIENT_SECRET"])
def test_without_credentials(new_port_job, missing):
    job = new_port_job()
    assert "PORT_CLIENT_ID and PORT_CLIENT_SECRET" in sentence(job.request(**{missing: ""}).expect(64))


def test_a_token_that_has_ended(new_port_job):
    job = new_port_job()
    job.port.faults = [Fault("GET", "/entities/", 401, {"ok": False}, times=1)]
    job.request().expect(0)
    assert job.port.tokens == 2


def test_a_run_that_port_synchronises(new_port_job):
    job = new_port_job()
    job.the_run.synchronized = True
    job.request().expect(0)
    assert job.the_run.logs[-1] == "Waiting for review" and job.the_run.status == "IN_PROGRESS"


def test_why_a_synchronised_run_is_refused(new_port_job):
    """Where Port takes no end with a line of the log, the line goes without it."""
    job = new_port_job()
    job.the_run.synchronized = True
    job.the_run.properties = {"permissions": ["iam:CreateUser"]}
    job.request().expect(1)
    assert job.the_run.logs[-1].startswith("Not granted: ") and job.the_run.status == "IN_PROGRESS"


STATUSES = [401, 404, 422, 429, 500, 0, "garbage", "lost", "cut", "kill_after"]


def broken(method, path, status):
    body = b"<<<&" if status == "garbage" else {"ok": False, "error": "told", "message": "told"}
    path = re.sub("[0-9a-f]{40}", "[0-9a-f]{40}", f"^{path}$")
    return Fault(method, path, 200 if status == "garbage" else status, body, {"Retry-After": "0"} if status == 429 else {}, times=1)


@pytest.mark.parametrize("status", STATUSES)
def test_every_call_to_port_broken_once(new_port_job, status):
    """Whatever breaks: done again, it is done, and only once. Only what Port says is not there ends the request."""
    job = new_port_job().save()
    job.request().expect(0)
    calls = [(request.method, request.path) for request in job.port.requests]
    assert len(calls) == 5
    for method, path in calls:
        job.restore()
        job.port.faults = [broken(method, path, status)]
        step = job.request()
        assert step.code in (0, 1, -9) and job.port.faults[0].fired == 1
        if status == 404 and "/entities/" in path:
            assert job.the_run.status == "FAILURE" and not job.pulls
            continue
        assert job.the_run.status == "IN_PROGRESS", path
        if step.code:
            job.request().expect(0)
        assert len(job.pulls) == 1


@pytest.mark.parametrize("status", [403, 429, 500, 0, "garbage", "lost", "cut", "kill_after"])
def test_every_call_to_github_broken_once(new_port_job, status):
    job = new_port_job().save()
    job.request().expect(0)
    calls = dict.fromkeys((request.method, request.path) for request in job.github.requests)
    assert len(calls) >= 7
    for method, path in calls:
        job.restore()
        job.github.faults = [broken(method, path, status)]
        step = job.request()
        assert step.code in (0, 1, -9) and job.github.faults[0].fired == 1, step
        if step.code:
            assert step.code == -9 or sentence(step)
            assert job.the_run.status == "IN_PROGRESS"
            job.request().expect(0)
        assert len(job.pulls) == 1

"""iamlease request where port.direct is on: a role at once, which ends by itself."""

import json
import random

import pytest
from harness.aws import PROD, allow, document
from harness.configs import NOTHING
from harness.double import Fault as PortFault
from harness.judge import ALLOWED, DENIED, judge, question
from harness.port_double import BUCKET, RUN, Run
from harness.proxy import Call, Fault
from model import direct

NAME, ROLE, BERT, END, DIRECT, REVOKE, SCHEDULE = (
    direct.NAME, direct.ROLE, direct.BERT, direct.END, direct.DIRECT, direct.REVOKE, direct.SCHEDULE)  # fmt: skip
ADA = BERT.replace("bert", "ada")
READ_ONLY = "arn:aws:iam::aws:policy/ReadOnlyAccess"
URL = f"https://signin.aws.amazon.com/switchrole?account={PROD}&roleName=iamlease/{NAME}"
LAST_SECOND = "2026-06-01T16:59:57Z"
ORDER = [f"{PROD} CreateRole {NAME} #1", f"{PROD} PutRolePolicy {NAME} iamlease-end #1", f"{PROD} PutRolePolicy {NAME} {NAME} #1"]


@pytest.fixture
def new_direct_job(new_port_job):
    def begin(*commits, port=None, **more):
        job = new_port_job(*commits, port={**DIRECT, **(port or {})}, **more)
        return job

    return begin


def role_of(job, name=NAME):
    return job.snapshot()[PROD]["roles"].get(name)


def assumes(role, at, principal=BERT, **context):
    return {**question([], "sts:AssumeRole", ROLE, principal, at, **context), "trust": role["trust"]}


def within(role, action, at, resource=BUCKET + "/2026"):
    return question(list(role["inline"].values()), action, resource, f"arn:aws:sts::{PROD}:assumed-role/{NAME}/bert", at)


def test_the_story(new_direct_job):
    """Asked for, there, shown, kept, ended, gone."""
    job = new_direct_job()
    before = job.snapshot()
    step = job.request().expect(0)
    assert list(job.writes) == ORDER and not job.pulls
    role = role_of(job)
    assert {tag["Key"]: tag["Value"] for tag in role["tags"]}["iamlease-direct"] == "bert@example.com"
    assert judge([assumes(role, LAST_SECOND), assumes(role, END), assumes(role, LAST_SECOND, ADA),
                  assumes(role, LAST_SECOND, f"arn:aws:iam::{PROD}:root")]) == [ALLOWED, DENIED, DENIED, DENIED]
    assert judge([within(role, "s3:PutObject", LAST_SECOND), within(role, "s3:PutObject", END), within(role, "s3:DeleteObject", LAST_SECOND),
                  within(role, "s3:GetObject", LAST_SECOND, "arn:aws:s3:::other/2026")]) == [ALLOWED, "ExplicitlyDenied", DENIED, DENIED]
    for document in role["inline"].values():  # each statement has the end, also without the others
        assert all(END in json.dumps(statement["Condition"]) for statement in document["Statement"])
    assert job.the_run.status == "SUCCESS" and job.the_run.link == [URL]
    assert all(words in job.the_run.logs[-1] for words in (BUCKET, "bert@example.com", END, URL))
    assert step.outputs["sign-in-url"] == URL and URL in step.result.stdout
    [(identifier, entity)] = job.port.provisioned.items()
    properties = entity["properties"]
    assert properties["role_arn"] == ROLE and properties["sign_in_url"] == URL and properties["expiry_time"] == END
    assert properties["requester"] == "bert@example.com" and properties["team"] == "payments"
    assert entity["relations"] == {"permissions": ["s3:GetObject", "s3:PutObject"], "aws_resource": BUCKET}
    shown = json.dumps(job.port.provisioned, sort_keys=True)
    writes = len(job.port.calls("POST"))
    job.run("apply").expect(0)  # the first one of this repository, and nobody declares the role
    assert job.writes == [] and role_of(job) == role and json.dumps(job.port.provisioned, sort_keys=True) == shown
    job.run("cleanup", event=SCHEDULE, now=LAST_SECOND).expect(0)
    assert job.writes == [] and list(job.port.provisioned) == [identifier] and len(job.port.calls("POST")) == writes + 4
    [row] = json.loads(job.run("who", "--json", event=SCHEDULE).expect(0).result.stdout)["holdings"]
    assert row["direct"] and row["principal"]["name"] == "bert" and row["ends_at"] == END and row["has"] == ROLE and not row["declared"]
    job.run("cleanup", event=SCHEDULE, now=END).expect(0)
    assert job.snapshot() == before and not job.port.provisioned


def sentence(step):
    [error] = step.said("error")
    return error


def is_whole(job):
    """All that one run gives, once."""
    role = role_of(job)
    [entity] = job.port.provisioned.values()
    return (set(role["inline"]) == {"iamlease-end", NAME} and END in json.dumps(role["trust"]) and job.the_run.status == "SUCCESS"
            and entity["properties"]["expiry_time"] == END)


def test_the_same_run_twice(new_direct_job):
    """Later, because Port did not take its end: the role that is there, with the end that it has."""
    job = new_direct_job()
    job.port.faults = [PortFault("PATCH", "", 403)]
    step = job.request().expect(0)
    assert "Port learns it by the next run" in "".join(step.said("notice")) and not job.port.provisioned
    role = role_of(job)
    job.port.faults = []
    job.request(now=LAST_SECOND).expect(0)
    assert job.writes == [] and role_of(job) == role and is_whole(job)
    assert "is over" in sentence(job.request().expect(1)) and role_of(job) == role
    job.run("cleanup", event=SCHEDULE, now=END).expect(0)
    job.the_run.status = "IN_PROGRESS"
    assert f"ended at {END}" in sentence(job.request(now=END).expect(1)) and not role_of(job) and job.the_run.status == "FAILURE"


def test_sync_ends_a_run_that_was_cut_off(new_direct_job):
    job = new_direct_job()
    job.port.faults = [PortFault("POST", "/logs$", 403)]
    job.request().expect(0)
    assert job.the_run.status == "IN_PROGRESS" and not job.port.provisioned
    job.port.faults = []
    job.run("port-sync", event=SCHEDULE).expect(0)
    assert is_whole(job) and job.the_run.summary == f"Granted until {END}"


CALLS = 3  # of each story, beside its writes to AWS


@pytest.mark.parametrize("story", direct.STORIES)
def test_calls_of_a_story_are_broken(shipped_world, seed, story):
    """Each write, and some of the other calls to AWS, Port and GitHub, in ways that are drawn; all of it by `make torture`."""
    stage = direct.Stage(shipped_world, story)
    draw = random.Random(f"{seed} {story}")
    others = draw.sample([call for call in stage.calls if call not in stage.writes], CALLS)
    calls = stage.writes + others
    for kind, call in zip(draw.sample(list(direct.ALL_KINDS), len(calls)), calls, strict=True):
        wrong = stage.run(kind, call, draw.choice(direct.ENDINGS))
        assert wrong == [], "\n".join(wrong)


def test_the_watch_sees_what_was_not_asked_for(shipped_world, new_direct_job):
    job = new_direct_job()
    job.request().expect(0)
    iam, call = job.world.aws.admin[PROD], Call("iam", "PutRolePolicy", PROD, {"RoleName": NAME}, 1)
    watch = direct.DirectWatch(job.world.aws, {}, END)

    def look():
        watch.violations.clear()
        watch(call)
        return [line for line in watch.violations if f": {NAME} " in line]

    assert look() == [] and direct.is_whole(job)
    good = role_of(job)["inline"][NAME]
    wider = json.loads(json.dumps(good).replace("s3:GetObject", "s3:*"))
    endless = {**good, "Statement": [{**good["Statement"][0], "Condition": {}}]}
    for text in (wider, endless):
        iam.put_role_policy(RoleName=NAME, PolicyName=NAME, PolicyDocument=json.dumps(text))
        assert len(look()) == 1 and not direct.is_whole(job)
    iam.put_role_policy(RoleName=NAME, PolicyName=NAME, PolicyDocument=json.dumps(good))
    iam.attach_role_policy(RoleName=NAME, PolicyArn=READ_ONLY)
    assert len(look()) == 1
    iam.detach_role_policy(RoleName=NAME, PolicyArn=READ_ONLY)
    iam.update_assume_role_policy(RoleName=NAME, PolicyDocument=json.dumps(role_of(job)["trust"]).replace("user/bert", "user/ada"))
    assert len(look()) == 1


def test_a_github_that_does_not_answer(new_direct_job):
    """How long one call may take is said of all, those to GitHub too."""
    job = new_direct_job()
    job.github.faults = [PortFault("GET", "/pulls$", "stall", times=1)]
    job.request("--answer-timeout", "1").expect(0)
    assert is_whole(job) and job.github.faults[0].fired == 1


def test_a_dry_run_writes_nothing(new_direct_job):
    job = new_direct_job()
    report = json.loads(job.request("--dry-run", "--json").expect(0).result.stdout)
    assert [row["operation"] for row in report["operations"]] == ["create-role", "put-inline-policy", "put-inline-policy"]
    assert job.writes == [] and not job.the_run.logs and job.the_run.status == "IN_PROGRESS" and not job.port.provisioned
    job = new_direct_job(port={"direct": False})
    job.request("--dry-run").expect(0)
    assert not job.pulls and not job.the_run.logs


def test_the_journal(new_direct_job):
    job = new_direct_job()
    job.request("--journal", job.world.path / "journal").expect(0)
    lines = [json.loads(line) for line in (job.world.path / "journal").read_text().splitlines()]
    assert [(line["event"], line["title"]) for line in lines] == [
        (event, title) for title in ("create role", "put inline policy", "put inline policy") for event in ("intent", "result")]
    assert {line["lease_id"] for line in lines if line["event"] == "intent"} == set(job.port.provisioned)


def prod(**rules):
    return {"environments": {"prod": rules}}


def test_off_or_with_approvals_it_becomes_a_pull_request(new_direct_job):
    for settings, port, words in [({}, {"direct": False}, "port.direct does not allow it"), (prod(approvals=1), {}, "needs approvals (1)")]:
        job = new_direct_job(port=port, settings=settings)
        step = job.request().expect(0)
        assert len(job.pulls) == 1 and job.calls == [] and not role_of(job)
        assert words in "".join(step.said("notice")) and words in job.the_run.logs[-1]


def ask_as(job, address):
    job.the_run.requester = address
    return job.request(change=lambda inputs: inputs.update(port_context=json.dumps({"runId": RUN}))).expect(0)


@pytest.mark.parametrize("domains,address,is_direct", [
    (["example.com"], "bert@elsewhere.org", False), (["example.com"], "bert@sub.example.com", False), (["example.com"], "bert@example.com.org", False),
    ([], "bert@example.com", False), (["a.example", "Example.com"], "bert@EXAMPLE.com", True)])
def test_whose_iam_user_it_is(new_direct_job, domains, address, is_direct):
    """The part before the '@' alone makes nobody the IAM user of that name: somebody else may have it."""
    job = new_direct_job(port={"domains": domains})
    step = ask_as(job, address)
    assert bool(role_of(job)) == is_direct and len(job.pulls) == (not is_direct)
    words = f"port.domains does not have the mail domain of {address}"
    assert (words in "".join(step.said("notice"))) == (words in "".join(job.the_run.logs)) != is_direct


def test_whose_iam_user_the_settings_say(new_direct_job):
    job = new_direct_job(port={"domains": []}, settings={"usernames": {"ada@elsewhere.org": "bert"}})
    ask_as(job, "ada@elsewhere.org")
    assert role_of(job)["trust"]["Statement"][0]["Principal"] == {"AWS": BERT}


@pytest.mark.parametrize("domains,said", [(["example.com"], True), ([], False)])
def test_a_pull_request_says_it_too(new_direct_job, domains, said):
    job = new_direct_job(port={"request_mode": "pull-request", "domains": domains})
    ask_as(job, "bert@elsewhere.org")
    assert len(job.pulls) == 1 and ("for the review to judge" in job.the_run.logs[-1]) == said


def test_what_was_a_pull_request_stays_one(new_direct_job):
    job = new_direct_job(port={"direct": False})
    job.request().expect(0)
    job.settings["port"]["direct"] = True
    job.origin.push({"iamlease.yaml": json.dumps(job.settings)})
    job.request().expect(0)
    assert len(job.pulls) == 1 and job.calls == [] and not role_of(job)


def refuse(job, words, status="FAILURE"):
    before = job.snapshot()

    def says_no_user(inputs):
        inputs["port_context"] = json.dumps({"runId": RUN})

    assert words in sentence(job.request(change=says_no_user).expect(1))
    assert job.writes == [] and job.snapshot() == before and not job.pulls and not job.port.provisioned
    assert words in job.the_run.logs[-1] and job.the_run.status == status


def set_run(**values):
    return lambda job: [setattr(job.the_run, name, value) for name, value in values.items()]


def other_role(job):
    job.world.aws.admin[PROD].create_role(RoleName=NAME, AssumeRolePolicyDocument=json.dumps({"Version": "2012-10-17", "Statement": []}))


def without_user(job):
    job.the_run.requester = "nobody@example.com"


BROKEN = {"aws-policies/payments.yaml": "aws-polices: {}\n"}
REFUSED = {
    "reason": (prod(require_reason=True), None, "reason"),
    "guardrail": ({"guardrails": {"deny": ["s3:Put*"]}}, None, "guardrails.deny rules out"),
    "team": ({"teams": {"payments": {"accounts": ["222222222222"]}}}, None, "no team"),
    "no-days": ({"limits": {"max_days": 0}}, None, "ended at"),
    "no-user": ({}, without_user, "there is no IAM user nobody"),
    "foreign-role": ({}, other_role, "is not what this run would get"),
    "no-start": ({}, set_run(created=None), "does not say when"),
    "start-to-come": ({}, set_run(created="2026-06-01T10:00:00Z"), "does not say when"),
    "not-allowed": ({}, set_run(properties={"permissions": ["sqs:ReceiveMessage"]}), "not an action of s3"),
    "held": ({}, lambda job: job.origin.push(BROKEN), "mended first"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_refused(new_direct_job, name):
    settings, prepare, words = REFUSED[name]
    job = new_direct_job(settings=settings)
    if prepare:
        prepare(job)
    refuse(job, words)


@pytest.mark.parametrize("run_id,known", [("r_" + "x" * 52, True), ("r_" + "x" * 63, False), ("r.x", False), ("../r", False), ("$(id)", False), ("r\n", False)])
def test_hostile_ids_of_runs(new_direct_job, run_id, known):
    job = new_direct_job()
    run = job.the_run
    run.id, job.port.runs = run_id, {run_id: run}

    def change(inputs):
        inputs["port_context"] = json.dumps({"runId": run_id})

    message = sentence(job.request(change=change).expect(1))
    assert ("too long for the name of a role" if known else "has no id of a run") in message
    assert job.writes == [] and not job.pulls


def test_how_long(new_direct_job):
    for settings, hours, end in [({}, 2, "2026-06-01T10:59:58Z"), ({}, 30, "2026-06-02T14:59:58Z"), (prod(max_days=1), 30, "2026-06-02T08:59:58Z")]:
        job = new_direct_job(settings=settings)
        job.the_run.properties["hours"] = hours
        job.request().expect(0)
        [entity] = job.port.provisioned.values()
        assert entity["properties"]["expiry_time"] == end and end in json.dumps(role_of(job)["trust"])


def test_mfa_and_boundary(new_direct_job):
    boundary = f"arn:aws:iam::{PROD}:policy/boundary"
    job = new_direct_job(settings={**prod(require_mfa=True, require_reason=True), "aws": {"permissions_boundary": boundary}})
    iam = job.world.aws.admin[PROD]
    iam.create_policy(PolicyName="boundary", PolicyDocument=document(allow("s3:*")))
    job.world.aws.deploy_by(boundary)
    job.the_run.properties.update(reason="the queue is stuck", ticket="T-1")
    job.request().expect(0)
    role, found = role_of(job), iam.get_role(RoleName=NAME)["Role"]
    asked = [assumes(role, LAST_SECOND), assumes(role, LAST_SECOND, **{"aws:MultiFactorAuthPresent": "true"})]
    assert judge(asked) == [DENIED, ALLOWED] and judge([within(role, "s3:PutObject", LAST_SECOND)]) == [ALLOWED]
    assert found["PermissionsBoundary"]["PermissionsBoundaryArn"] == boundary and found["MaxSessionDuration"] == 3600
    assert found["Description"].startswith("T-1 the queue is stuck [iamlease ")


def test_apply_keeps_it_and_takes_it_away_at_its_end(new_direct_job):
    """Beside an entry for the same, which comes and goes by itself."""
    entry = {"description": "the same", "user": "bert@example.com", "environment": "prod", "expires_at": "2026-06-03T00:00:00Z",
             "permissions": ["s3:GetObject", "s3:PutObject"], "resources": [BUCKET, BUCKET + "/*"], "mode": "role"}
    with_entry = {"temporary-access/payments.yaml": json.dumps({"temporary-access": [entry]})}
    job = new_direct_job({**NOTHING, **with_entry})
    job.run("apply").expect(0)
    job.request().expect(0)
    role = role_of(job)
    job.run("apply").expect(0)
    assert job.writes == []
    job.origin.push(NOTHING)
    job.run("apply").expect(0)
    assert role_of(job) == role and not [name for name in job.snapshot()[PROD]["roles"] if name.startswith("temp-")]
    job.run("apply", now=END).expect(0)
    assert not role_of(job) and not job.port.provisioned


def test_one_without_an_end_is_told(new_direct_job):
    job = new_direct_job()
    job.request().expect(0)
    trust = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": {"AWS": BERT}, "Action": "sts:AssumeRole"}]}
    job.world.aws.admin[PROD].update_assume_role_policy(RoleName=NAME, PolicyDocument=json.dumps(trust))
    for command in ("apply", "cleanup"):
        step = job.run(command).expect(1)
        assert "does not end" in step.result.output and "iamlease revoke --lease" in step.result.output and job.writes == []


def test_edited_by_hand(new_direct_job):
    """Told by everything that reads it, never prolonged, and gone at the end that it had, with what was put on it."""
    job = new_direct_job()
    before = job.snapshot()
    job.request().expect(0)
    [entity] = job.port.provisioned.values()
    iam = job.world.aws.admin[PROD]
    longer = json.dumps(role_of(job)["trust"]).replace("2026-", "2036-")
    iam.update_assume_role_policy(RoleName=NAME, PolicyDocument=longer)
    iam.attach_role_policy(RoleName=NAME, PolicyArn=READ_ONLY)
    for command in ("apply", "cleanup", "port-sync", "who"):
        step = job.run(command, event=None if command == "apply" else SCHEDULE).expect(1)
        assert f"its trust policy; {READ_ONLY}, which was attached" in step.result.output and job.writes == []
    assert list(job.port.provisioned.values()) == [entity]
    job.run("cleanup", event=SCHEDULE, now=END).expect(0)
    assert job.snapshot() == before and not job.port.provisioned


def start_revoke(job, entity):
    job.port.runs[REVOKE] = Run(REVOKE, "revoke_permissions", blueprint="provisioned_permissions", entity=entity, properties={})

    def change(inputs):
        inputs["port_context"] = json.dumps({"runId": REVOKE, "trigger": {"by": {"user": {"email": "bert@example.com"}}}})

    return job.dispatch(change=change)


@pytest.mark.parametrize("by", ["identifier", ROLE, NAME, RUN])
def test_revoked_in_port(new_direct_job, by):
    job = new_direct_job()
    before = job.snapshot()
    job.request().expect(0)
    event = start_revoke(job, next(iter(job.port.provisioned)) if by == "identifier" else by)
    job.run("revoke", event=event).expect(0)
    assert [name.split()[1] for name in job.writes] == ["DeleteRolePolicy", "DeleteRolePolicy", "DeleteRole"]
    assert job.snapshot() == before and not job.port.provisioned and not job.pulls
    assert job.port.runs[REVOKE].status == "SUCCESS" and job.port.runs[REVOKE].logs == ["Taken back: nothing of it is left."]
    job.port.runs[REVOKE].status = "IN_PROGRESS"
    job.run("revoke", event=event).expect(0)  # what is gone is success
    assert job.writes == [] and job.port.runs[REVOKE].status == "SUCCESS"


def test_revoked_before_port_took_the_end(new_direct_job):
    """Nobody gets it back by starting the job again."""
    job = new_direct_job()
    job.port.faults = [PortFault("PATCH", "", 403)]
    job.request().expect(0)
    job.port.faults = []
    job.run("revoke", event=start_revoke(job, RUN)).expect(0)
    assert not role_of(job) and job.the_run.status == "IN_PROGRESS"
    assert "was taken back" in sentence(job.request().expect(1)) and not role_of(job) and job.the_run.status == "FAILURE"


@pytest.mark.parametrize("direct", [True, False])
def test_revoked_before_it_was_granted(new_direct_job, direct):
    """A run that Port knows must not be granted any more, though there is nothing to be taken back yet; not in a pull request either."""
    job = new_direct_job(port={"direct": direct})
    job.run("revoke", event=start_revoke(job, RUN)).expect(0)
    assert "was taken back" in sentence(job.request().expect(1)) and not role_of(job) and job.the_run.status == "FAILURE"
    assert not job.pulls


def test_words_after_the_deadline(new_direct_job):
    """Whoever waits in Port learns that it is not done, although the time of the run is over."""
    job = new_direct_job()
    throttled = [Fault("throttle", when=lambda call: call.action in ("PutRolePolicy", "DeleteRolePolicy"))]
    job.request("--deadline", "3s", faults=throttled).expect(1)
    assert job.the_run.logs[-1].startswith("Not granted") and job.the_run.status == "IN_PROGRESS"
    job.request().expect(0)
    event = start_revoke(job, RUN)
    job.run("revoke", "--deadline", "3s", event=event, faults=throttled).expect(1)
    assert job.port.runs[REVOKE].logs[-1].startswith("Not ") and job.port.runs[REVOKE].status == "IN_PROGRESS"


def test_revoke_by_name_of_an_entry(new_port_job):
    """What an entry asks for goes, too; as long as the entry stands, the next apply grants it again, and it says so."""
    job = new_port_job({**NOTHING, "temporary-access/payments.yaml": json.dumps({"temporary-access": [
        {"description": "x", "user": "bert@example.com", "environment": "prod", "expires_at": "2026-06-03T00:00:00Z",
         "permissions": ["s3:GetObject"], "resources": [BUCKET], "mode": "role"}]})})
    job.run("apply").expect(0)
    [name] = [name for name in job.snapshot()[PROD]["roles"] if name.startswith("temp-")]
    report = json.loads(job.run("revoke", "--lease", name, "--dry-run", "--json", event=SCHEDULE).expect(0).result.stdout)
    assert "delete-role" in [row["operation"] for row in report["operations"]] and job.writes == []
    step = job.run("revoke", "--lease", name, event=SCHEDULE).expect(0)
    assert not role_of(job, name) and "temporary-access/payments.yaml:1 still asks for it" in step.result.output
    step = job.run("revoke", "--lease", "no-such", event=SCHEDULE).expect(0)
    assert job.writes == [] and "'no-such'" in step.result.output

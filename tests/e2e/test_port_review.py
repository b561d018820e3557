"""Requests from Port beside their usual way: what reviewers get to see and decide, other forms, another root, other names."""

import json

import pytest
import yaml
from harness import configs, github_events
from harness.aws import PROD
from harness.configs import files
from harness.github_double import REPOSITORY
from harness.port_double import BUCKET, RUN
from harness.port_job import ASKED
from test_port_revoke import REVOKE, begun, granted, objects, revoke

APPROVALS = {"environments": {"prod": {"approvals": 1}}}


def plan(job, pull):
    """The workflow of the pull request, on the merge that GitHub tries."""
    repo = job.repo
    base = repo.tip("main")
    repo.git("checkout", "--quiet", "--detach", "main")
    repo.git("merge", "--quiet", "--no-ff", "--message", "Merge", pull.branch)
    merge = repo.head
    repo.git("update-ref", f"refs/pull/{pull.number}/merge", merge)
    repo.git("checkout", "--quiet", "main")
    event = github_events.pull_request(REPOSITORY, pull.number, ("main", base), (pull.branch, pull.head))
    return job.run("plan", event=("pull_request", event), checkout={"commit": merge})


@pytest.mark.parametrize("settings", [{}, APPROVALS], ids=["", "approvals"])
def test_the_plan_of_a_request(new_port_job, settings):
    """Green, and it says for whom, to what and until when."""
    job = new_port_job(settings=settings)
    job.request().expect(0)
    step = plan(job, job.pulls[0]).expect(0)
    assert all(words in step.summary for words in ("bert", BUCKET, "s3:PutObject", "2026-06-01")) and not step.said("error")


def test_a_request_that_needs_an_approval(new_port_job):
    """Nobody grants it by pressing the button, and whoever asked does not approve it; somebody else does."""
    job = new_port_job(settings=APPROVALS)
    job.run("apply").expect(0)
    job.request().expect(0)
    pull = job.merge(job.pulls[0])
    for approves in (lambda: None, lambda: pull.approve("bert")):
        approves()
        step = job.run("apply").expect(1)
        assert "held-approval" in step.result.output and granted(job) == set() and not job.port.provisioned
    pull.approve("carla")
    job.run("apply").expect(0)
    assert granted(job) == {"bert"} and len(job.port.provisioned) == 1


def test_permissions_as_entities(new_port_job):
    """The third version of the guide: each an object with the identifier of an entity."""
    job = new_port_job()
    job.the_run.properties = {"permissions": [{"identifier": "s3:GetObject", "title": "Read"}, {"identifier": "s3:PutObject"}]}
    job.request().expect(0)
    [entry] = yaml.safe_load(job.file(job.pulls[0].head))["temporary-access"]
    assert entry["permissions"] == ["s3:GetObject", "s3:PutObject"]


@pytest.mark.parametrize("item", [{}, {"identifier": None}, {"identifier": ["s3:GetObject"]}, {"identifier": "iam:PassRole"}, 7, None])
def test_permissions_that_are_none(new_port_job, item):
    job = new_port_job()
    job.the_run.properties = {"permissions": ["s3:GetObject", item]}
    job.request().expect(1)
    words = "not an action of s3" if item == {"identifier": "iam:PassRole"} else "no action"
    assert words in job.the_run.logs[-1] and job.the_run.status == "FAILURE" and not job.pulls


def test_a_configuration_below_the_top(new_port_job):
    """The entry goes into the folder where the other files are, and is granted from there."""
    job = new_port_job()
    moved = {f"aws/{name}": text for name, text in configs.NOTHING.items()}
    job.origin.push({**dict.fromkeys(["iamlease.yaml", *configs.NOTHING]), "aws/iamlease.yaml": yaml.safe_dump(job.settings), **moved})
    job.run("apply").expect(0)
    job.request().expect(0)
    [pull] = job.pulls
    assert job.repo.git("diff", "--name-only", "main", pull.head).split() == ["aws/temporary-access/payments.yaml"]
    job.merge(pull)
    job.run("apply").expect(0)
    assert granted(job) == {"bert"} and job.the_run.status == "SUCCESS"


def test_a_policy_of_several_versions(new_port_job):
    """AWS deletes no policy that has others than its default one: they go first, and so does what is attached."""
    job = begun(new_port_job(files(temporary=[{**ASKED, "mode": "policy"}])))
    iam = job.world.aws.admin[PROD]
    [arn] = [policy["Arn"] for policy in iam.list_policies(Scope="Local")["Policies"] if "temp-payments" in policy["PolicyName"]]
    document = iam.get_policy_version(PolicyArn=arn, VersionId="v1")["PolicyVersion"]["Document"]
    for is_default in (True, False):
        iam.create_policy_version(PolicyArn=arn, PolicyDocument=json.dumps(document), SetAsDefault=is_default)
    revoke(job).expect(0)
    assert objects(job) == [] and job.port.runs[REVOKE].status == "SUCCESS" and not job.port.provisioned
    assert [name.split()[1] for name in job.writes].count("DeletePolicyVersion") == 2


def test_a_forged_entity_to_revoke(new_port_job):
    """Another than that of the run: it is nobody's to name, and nothing goes."""
    other = {**ASKED, "user": "ada@example.com", "port_run": "r_Other"}
    job = begun(new_port_job(files(temporary=[ASKED, other])))
    [mine, hers] = sorted(job.port.provisioned, key=lambda name: name != job.port.runs[REVOKE].entity)
    for forged in (hers, "0000000000000000", f"arn:aws:iam::{PROD}:role/AWSSelfServeDeployer"):
        context = {"runId": REVOKE, "entity": {"identifier": forged}, "trigger": {"by": {"user": {"email": "bert@example.com"}}}}
        step = job.run("revoke", event=job.dispatch(change=lambda inputs, context=context: inputs.update(port_context=json.dumps(context))))
        assert step.code == 1 and "about another" in "".join(step.said("error")) and job.writes == []
        assert "about another" in job.port.runs[REVOKE].logs[-1] and job.port.runs[REVOKE].status == "IN_PROGRESS"
    assert granted(job) == {"ada", "bert"} and set(job.port.provisioned) == {mine, hers} and not job.repo.git("tag", "-l", f"iamlease/revoked/{RUN}")

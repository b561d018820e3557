"""The workflows of examples/, of port/ and of this repository: valid, with inputs that exist, and with permissions that their
steps need, all of them and no more. What GitHub is asked for is seen by running the steps against its double."""

import json
import os
import re
import subprocess

import pytest
from harness import cli, configs, github_events, workflow_files
from harness.apply_job import ApplyJob
from harness.github_double import REPOSITORY
from harness.github_job import NUMBER, Job, Origin, parse_outputs

TOOLS = {"aws-accounts/billing.yaml": 'aws-accounts: { tools: "456789012345" }\n'}
ADA = configs.files([configs.permanent(["dev.break-glass"], users=["ada"])])
EVERY = [*workflow_files.EXAMPLES, *workflow_files.OF_PORT, *workflow_files.OWN]
EXPRESSION = re.compile(r"\$\{\{ *([\w.-]+) *\}\}")

# What a call needs (GitHub's reference, "Permissions required for GitHub Apps"): the first that fits.
NEEDS = [
    ("GET", r"^/user$", ()),  # refused to a job's token, whatever it has; asked for the sake of others
    ("GET", r"/collaborators/[^/]+/permission$", ()),  # metadata, which every token has
    ("GET", r"/commits/\w+/pulls$", ("pull-requests: read",)),
    ("GET", r"/pulls|/issues/\d+/(comments|events)$", ("pull-requests: read",)),
    ("POST|PATCH|DELETE", r"/issues/(\d+/)?comments", ("pull-requests: write",)),
    ("POST|PATCH", r"/git/refs", ("contents: write",)),
    ("GET", r"/git/|/commits|/compare/|^/repos/[^/]+/[^/]+$", ("contents: read",)),
]

examples = pytest.mark.parametrize("file", workflow_files.EXAMPLES, ids=lambda file: file.stem)
every = pytest.mark.parametrize("file", EVERY, ids=lambda file: file.name)


def needs_of_call(call):
    method, path = call.split(" ", 1)
    return next(needs for methods, pattern, needs in NEEDS if re.fullmatch(methods, method) and re.search(pattern, path))


def granted(permissions):
    """With what they include: who may write may read."""
    given = {f"{name}: {level}" for name, level in permissions.items()}
    return given | {permission.replace(": write", ": read") for permission in given}


def least(needs):
    """The permissions that give all of these, and no more."""
    writes = {need.split(":")[0] for need in needs if need.endswith("write")}
    return {need.split(":")[0]: "write" if need.split(":")[0] in writes else "read" for need in needs}


# --- as they are written ----------------------------------------------------------------------------------------------


def test_actionlint_finds_nothing(tmp_path):
    assert workflow_files.lint_files(tmp_path / "repo", EVERY) == ""


def test_actionlint_would_find_something(tmp_path):
    wrong = tmp_path / "wrong.yml"
    wrong.write_text(workflow_files.EXAMPLES[0].read_text().replace("timeout-minutes", "timeout-minute"))
    assert "timeout-minute" in workflow_files.lint_files(tmp_path / "repo", [wrong])


@every
def test_inputs_exist(file):
    for _, _, step in workflow_files.steps(workflow_files.read(file)):
        if workflow_files.is_ours(step):
            assert set(step["with"]) <= set(workflow_files.ACTION["inputs"])
            if step.get("id") == "unknown":
                continue  # that it fails is what is tried
            command = step["with"].get("command", "plan").split()
            help_text = cli.run(cli.SANITIZED, ["help", command[0]], file.parent, {}).expect(0).stdout
            of_action = {"command", "repo", "github-token"}
            for name in set(step["with"]) - of_action:
                assert f"--{name}" in help_text, f"{command[0]} has no --{name}"


@every
def test_outputs_exist(file):
    workflow = workflow_files.read(file)
    ids = {step["id"]: step for _, _, step in workflow_files.steps(workflow) if workflow_files.is_ours(step) and "id" in step}
    for step, name in re.findall(r"steps\.([\w-]+)\.outputs\.([\w-]+)", file.read_text()):
        assert step not in ids or name in workflow_files.ACTION["outputs"], f"{step} has no output {name}"


@every
def test_nothing_is_allowed_but_what_jobs_ask_for(file):
    workflow = workflow_files.read(file)
    assert workflow["permissions"] == {}
    for name, job in workflow["jobs"].items():
        assert "permissions" in job, f"job {name} says nothing"
        assert set(workflow_files.reasons(file).get(name, {})) == set(job["permissions"]), "each has its reason behind it"
        assert job["timeout-minutes"] <= 120


@every
def test_actions_are_pinned(file):
    """By the id of a commit, with the version behind it; one version of each in all files."""
    for line in re.findall(r"uses: (.*)", file.read_text()):
        if line in (workflow_files.PLACEHOLDER, "./"):
            continue
        assert re.fullmatch(r"[\w-]+/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+", line), line
    pins = {match for each in EVERY for match in re.findall(r"uses: ([\w-]+/[\w-]+)@([0-9a-f]{40} # \S+)", each.read_text())}
    assert len(pins) == len({name for name, _ in pins}), pins


@every
def test_a_checkout_may_read_and_leaves_no_token(file):
    for _, job, step in workflow_files.steps(workflow_files.read(file)):
        if step.get("uses", "").startswith("actions/checkout@"):
            assert "contents" in job["permissions"]
            assert step["with"]["persist-credentials"] is False


@every
def test_no_text_of_others_in_a_script(file):
    """An expression in `run` is put there before the shell reads it; values come as variables instead."""
    for _, _, step in workflow_files.steps(workflow_files.read(file)):
        assert "${{" not in step.get("run", "")


@examples
def test_secrets_and_variables(file):
    """None but the job's own token and the ARN of a role, which is no secret."""
    text = file.read_text()
    assert "secrets." not in text
    assert set(re.findall(r"vars\.(\w+)", text)) <= {"IAMLEASE_ROLE", "IAMLEASE_PLAN_ROLE"}


@examples
def test_what_writes_to_aws_waits_for_its_turn(file):
    """One group, in which nothing that waits is dropped; in the environment that the role trusts."""
    workflow = workflow_files.read(file)
    writes = {name: job for name, job, step in workflow_files.steps(workflow)
              if workflow_files.is_ours(step) and step["with"]["command"] in ("apply", "cleanup")}
    if writes:
        assert workflow["concurrency"] == {"group": "iamlease-aws", "cancel-in-progress": False, "queue": "max"}
        assert all(job["environment"] == "iamlease" for job in writes.values())
    for name, job, step in workflow_files.steps(workflow):
        if workflow_files.is_ours(step):
            assert ("id-token" in job["permissions"]) == ("role-to-assume" in step["with"])


def test_the_comment_follows_the_plan():
    """`workflow_run` names a workflow by its name."""
    names = {file.stem: workflow_files.read(file) for file in workflow_files.EXAMPLES}
    plan = names["iamlease-plan"]["name"]
    assert names["iamlease-comment"]["on"]["workflow_run"]["workflows"] == [plan]
    assert names["iamlease-plan-live"]["name"] == names["iamlease-merge-queue"]["name"] == plan


# --- as they run ------------------------------------------------------------------------------------------------------


def variables(step, values):
    """What `runs.env` of action.yml makes of the inputs."""
    given = {name: EXPRESSION.sub(lambda found: values[found[1]], str(value)) for name, value in step["with"].items()}
    return {name: given.get(found[1], "") for name, text in workflow_files.ACTION["runs"]["env"].items()
            if (found := re.fullmatch(r"\$\{\{ inputs\.([\w-]+) \}\}", text)) and found[1] != "github-token"}


def run_job(job, file, name, values, **more):
    """Runs the steps of one job; gives the last step and what it needed of GitHub."""
    workflow = workflow_files.read(file)
    needs, done = {"contents: read"}, None  # of actions/checkout
    for step in workflow["jobs"][name]["steps"]:
        if "gh api" in step.get("run", ""):
            needs.add("pull-requests: read")
        if workflow_files.is_ours(step):
            asked = len(job.github.calls())
            done = job.run("--no-color", **variables(step, values), **more)
            needs |= {need for call in job.github.calls()[asked:] for need in needs_of_call(call)}
    permissions = {name: level for name, level in workflow["jobs"][name]["permissions"].items() if name != "id-token"}
    return done, needs, permissions


def example(name):
    return next(file for file in workflow_files.EXAMPLES if file.stem == f"iamlease-{name}")


@pytest.fixture
def plan_job(tmp_path):
    job = Job(tmp_path, Origin(tmp_path / "origin", configs.GRANTS, configs.CHANGED, TOOLS))
    yield job
    job.close()


@pytest.fixture
def apply_job(world):
    job = ApplyJob(world, configs.NOTHING)
    yield job
    job.close()


@pytest.mark.parametrize("name", ["plan", "plan-live", "merge-queue"])
def test_a_plan(plan_job, name):
    plan_job.check_out(depth=2)
    step, needs, permissions = run_job(plan_job, example(name), "plan", {"vars.IAMLEASE_PLAN_ROLE": ""})
    step.expect(0)
    assert least(needs) == permissions and len(plan_job.github.comments) == 1
    assert "notice" not in {command.name for command in step.commands}, "a comment that could not be written"


def test_a_merge_group(plan_job):
    origin = plan_job.origin
    plan_job.event_name, plan_job.event = "merge_group", github_events.merge_group(REPOSITORY, NUMBER, origin.base, origin.merge)
    plan_job.check_out(depth=2)
    step, needs, permissions = run_job(plan_job, example("merge-queue"), "plan", {})
    step.expect(0)
    assert needs <= granted(permissions) and not plan_job.github.comments


def test_the_comment_of_a_fork(plan_job):
    """Run on the default branch, whose commit is all that is checked out."""
    origin, github = plan_job.origin, plan_job.github
    plan_job.event_name, plan_job.event = "workflow_run", github_events.workflow_run(REPOSITORY, origin.head)
    github.pulls[NUMBER] = ("main", "change", origin.head)
    plan_job.check_out(commit=origin.base, depth=1)
    step, needs, permissions = run_job(plan_job, example("comment"), "comment", {"steps.find.outputs.number": str(NUMBER)})
    step.expect(0)
    assert least(needs) == permissions and len(github.comments) == 1


def test_apply_and_cleanup(apply_job):
    job, role = apply_job, {"vars.IAMLEASE_ROLE": ""}
    job.run().expect(0)
    pull = job.origin.pull(ADA)
    step, needs, permissions = run_job(job, example("apply"), "apply", role)
    step.expect(0)
    assert least(needs) == permissions and job.origin.applied == job.origin.merge
    assert [comment["number"] for comment in job.github.comments] == [pull.number]
    job.run("cleanup").expect(0)
    event = ("schedule", github_events.schedule(REPOSITORY))
    step, needs, permissions = run_job(job, example("cleanup"), "cleanup", role, event=event)
    step.expect(0)
    assert least(needs) == permissions


def test_shards(apply_job):
    job, file = apply_job, example("apply-shards")
    job.run().expect(0)
    before = job.origin.applied
    job.origin.pull(ADA)
    tip = {"github.sha": job.origin.merge, "vars.IAMLEASE_ROLE": ""}
    step, needs, permissions = run_job(job, file, "plan", {})
    assert least(needs) == permissions
    matrix = json.loads(step.expect(0).outputs["matrix"])["include"]
    for row in matrix:
        step, needs, permissions = run_job(job, file, "apply", {**tip, "matrix.shard": row["shard"], "matrix.accounts": row["accounts"]})
        step.expect(0)
        assert least(needs) == permissions and job.origin.applied == before
    step, needs, permissions = run_job(job, file, "applied", tip)
    step.expect(0)
    assert least(needs) == permissions and job.origin.applied == job.origin.merge


def filled(text, results, workspace):
    """The text with what its expressions stand for, given the steps so far."""

    def value(found):
        words = found[1].split(".")
        if found[1].startswith("toJSON("):
            return json.dumps(results[words[1]]["outputs"])
        if found[1] == "github.workspace":
            return str(workspace)
        return results[words[1]]["outcome"] if words[2] == "outcome" else results[words[1]]["outputs"][words[3]]

    return re.sub(r"\$\{\{ *([\w.()-]+) *\}\}", value, text)


def test_what_our_own_workflow_asserts(tmp_path):
    """The job `action` of test.yml, with the program in the place of the action."""
    job = workflow_files.read(cli.ROOT / ".github" / "workflows" / "test.yml")["jobs"]["action"]
    (tmp_path / "tools").symlink_to(cli.ROOT / "tools")
    results = {}
    for step in job["steps"][1:]:
        if "run" in step:
            environment = {name: filled(text, results, tmp_path) for name, text in step.get("env", {}).items()}
            command = ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", step["run"]]
            done = subprocess.run(command, cwd=tmp_path, env={"PATH": os.environ["PATH"], "HOME": str(tmp_path), **environment},
                                  capture_output=True, text=True)
            assert done.returncode == 0, f"{step}\n{done.stdout}{done.stderr}"
            continue
        output = tmp_path / f"output-{step['id']}"
        output.touch()
        environment = {"GITHUB_ACTIONS": "true", "GITHUB_EVENT_NAME": "push", "GITHUB_OUTPUT": str(output), "GITHUB_WORKSPACE": str(tmp_path),
                       **variables(step, {})}
        result = cli.run(cli.SANITIZED, [], tmp_path, environment)
        assert step.get("continue-on-error", False) == (result.code != 0), result
        results[step["id"]] = {"outcome": "failure" if result.code else "success", "outputs": parse_outputs(output.read_text())}
    assert set(results) == {"plan", "same", "wrong", "unknown"}

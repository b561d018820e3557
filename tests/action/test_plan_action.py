"""The container action as GitHub's runner starts it: the plan of a pull request, in a real engine."""

import datetime
import io
import os
import re
import tarfile
import textwrap
from pathlib import Path

import pytest
import yaml
from checkout import PullRequest
from runner import RUNTIME_TOKEN, SUMMARY_LIMIT, give_to_runner, parse_file_command

ROOT = Path(__file__).parents[2]
IMAGE_LIMIT = 32 * 1000 * 1000
TODAY = datetime.datetime.now(datetime.timezone.utc).date()
# A bare date means through the end of that day.
LAST_DAY = TODAY + datetime.timedelta(days=3)
END = f"{LAST_DAY + datetime.timedelta(days=1)}T00:00:00Z"
TOO_FAR = TODAY + datetime.timedelta(days=60)

# What somebody could write into a description to make the runner obey.
INJECTION = r"debug\n::add-mask::payments\n::error::injected ##[error]injected ##[add-mask]payments"

BASE = {
    "aws-accounts/payments.yaml": """\
        aws-accounts:
          nonprod: "123456789012"
          prod: "345678901234"
        """,
    "aws-policies/payments.yaml": """\
        aws-policies:
          dev.read-only:
            description: "Read the buckets of payments"
            custom_statements:
              - effect: "Allow"
                actions: ["s3:ListBucket", "s3:GetObject"]
                resources: ["*"]
        """,
    "permanent-access/payments.yaml": """\
        permanent-access:
          - description: Developers read non-production
            users:
              - anna@example.com
            environments:
              - nonprod
            grants:
              - dev.read-only
        """,
}
MEANWHILE = {
    "aws-accounts/billing.yaml": """\
        aws-accounts:
          nonprod: "456789012345"
        """,
}
LEASE = """\
    temporary-access:
      - description: "{description}"
        expiration_date: {last_day}
        user: bert@example.com
        environment: prod
        grant: dev.read-only
    """


def pull_request(folder, lease, root="."):
    """A pull request that adds temporary-access/payments.yaml with the text `lease`, to a configuration in `root`."""
    def placed(files):
        return {f"{root}/{path}": textwrap.dedent(text) for path, text in files.items()}
    return PullRequest(folder, placed(BASE), placed({"temporary-access/payments.yaml": lease}), placed(MEANWHILE))


def listing(folder):
    """Everything under a folder with what tells a change: owner, mode, size and time."""
    found = {}
    for parent, folders, files in os.walk(folder):
        for name in folders + files:
            path = os.path.join(parent, name)
            status = os.lstat(path)
            found[path] = (status.st_uid, status.st_mode, status.st_size, status.st_mtime_ns)
    return found


@pytest.fixture
def run(action, tmp_path):
    """Runs the action for a pull request on a checkout of the runner's user, and judges what every run must keep to."""
    def run_action(request, depth=2, path=".", given=None):
        workspace = tmp_path / "work" / "access" / "access"
        request.check_out(workspace / path, depth)
        give_to_runner(workspace)
        before = listing(workspace)

        step = action.run(tmp_path / "_temp", workspace, "pull_request", request.event(), given)

        assert listing(workspace) == before, "the action changed the workspace"
        for name in ("GITHUB_ENV", "GITHUB_OUTPUT", "GITHUB_STATE"):
            parse_file_command(step.files[name])
        assert len(step.summary.encode()) <= SUMMARY_LIMIT
        assert RUNTIME_TOKEN not in step.stdout + step.stderr + step.summary
        # A message of ours may quote the text; as a command of its own it would begin with it.
        assert not [command for command in step.commands()
                    if command.data.startswith("injected") or command.name == "add-mask"]
        return step
    return run_action


@pytest.mark.parametrize("depth", [2, 0], ids=["depth-2", "full"])
def test_plan_of_a_pull_request(run, tmp_path, depth):
    step = run(pull_request(tmp_path / "origin", LEASE.format(description=INJECTION, last_day=LAST_DAY)), depth)

    assert step.exit_code == 0, step.stdout + step.stderr
    title = step.summary.splitlines()[0]
    assert re.match(r"#+ .*\b1 to grant, 0 to revoke\b", title), f"no title with counts: {title}"
    says = ("bert", "payments", "dev.read-only", "prod", "345678901234", END)
    rows = [line for line in step.summary.splitlines() if line.startswith("|")]
    assert [row for row in rows if all(said in row for said in says)], f"no row with {says}:\n{step.summary}"
    assert "anna" not in step.summary, "what the pull request does not change is no part of its plan"
    assert "billing" not in step.summary, "what the default branch got meanwhile is no part of the plan"
    for said in ("bert", "345678901234", END):
        assert said in step.stdout
    assert not [command for command in step.commands() if command.name == "error"]


def test_an_expiry_too_far_is_an_annotation_at_its_place(run, tmp_path):
    # The source line that the message shows carries an injection too.
    lease = LEASE.format(description=INJECTION, last_day=f"{TOO_FAR} # ##[error]injected")
    step = run(pull_request(tmp_path / "origin", lease))

    assert step.exit_code == 1, step.stdout + step.stderr
    assert re.search(r"temporary-access/payments\.yaml:3:22\b", step.stdout), step.stdout
    errors = [command.properties for command in step.commands() if command.name == "error"]
    assert [(error["file"], error["line"], error["col"]) for error in errors] == \
        [("temporary-access/payments.yaml", "3", "22")]
    assert "temporary-access/payments.yaml" in step.summary


def test_inputs_reach_the_program(run, tmp_path):
    lease = LEASE.format(description="debug", last_day=LAST_DAY)
    step = run(pull_request(tmp_path / "origin", lease, root="iam"), path="checkout",
               given={"command": "plan", "repo": "checkout", "config-root": "iam", "team": "payments",
                      "base": "HEAD^1"})
    assert step.exit_code == 0, step.stdout + step.stderr
    assert "1 to grant" in step.summary and "345678901234" in step.summary


def test_help(run, tmp_path):
    step = run(pull_request(tmp_path / "origin", LEASE.format(description="debug", last_day=LAST_DAY)),
               given={"command": "help"})
    assert step.exit_code == 0
    assert "plan" in step.stdout and "cleanup" in step.stdout
    assert step.summary == ""


def test_a_wrong_input_is_named(run, tmp_path):
    step = run(pull_request(tmp_path / "origin", LEASE.format(description="debug", last_day=LAST_DAY)),
               given={"command": "plan", "base": "no-such-commit ##[error]injected"})
    assert step.exit_code == 1
    assert "no-such-commit" in step.stdout


def test_the_image_is_the_program_and_what_it_needs(action, engine):
    container = engine.docker("create", action.image).strip()
    exported = engine.docker_bytes("export", container)
    engine.docker("rm", container)
    with tarfile.open(fileobj=io.BytesIO(exported)) as archive:
        members = {f"/{member.name.removeprefix('./')}": member for member in archive}

    size = sum(member.size for member in members.values())
    assert size <= IMAGE_LIMIT, f"{size} bytes"
    # The engine itself puts mount points and names into every container.
    own = {path for path, member in members.items() if member.isfile() and member.size > 0}
    libraries = {path for path in own if re.match(r"/(usr/)?lib(64)?/.*\.so[.0-9]*$", path)}
    notices = {path for path in own if path.startswith(("/usr/share/doc/", "/usr/share/common-licenses/"))}
    assert own - libraries - notices == {
        "/bin/sh", "/entrypoint.sh", "/etc/ssl/certs/ca-certificates.crt", "/usr/bin/iamlease"}
    for package in ("busybox-static", "ca-certificates", "libc6", "libgit2-1.9", "libssl3t64"):
        assert f"/usr/share/doc/{package}/copyright" in notices
    assert "/usr/share/doc/iamlease/LICENSE" in notices
    assert members["/tmp"].isdir() and members["/tmp"].mode & 0o7777 == 0o1777
    assert [path for path, member in members.items() if member.mode & 0o6000] == [], "set-user-id programs"


def test_every_input_has_its_variable_and_its_line_in_the_manual():
    action = yaml.safe_load((ROOT / "action.yml").read_text())
    manual = (ROOT / "README.md").read_text()
    assert len(action["runs"]["env"]) == len(action["inputs"])
    for name, entry in action["inputs"].items():
        variable = f"IAMLEASE_{name.replace('-', '_').upper()}"
        default = f"`{entry['default']}`" if entry["default"] else "empty"
        assert action["runs"]["env"][variable] == f"${{{{ inputs.{name} }}}}"
        assert f"| `{name}` | {default} | {entry['description']} |" in manual

"""docs/getting-started.md, followed to the letter: its files are written, its commands run, each in its turn.

`iamlease` and git run as they stand there. `aws` runs against the emulator of AWS, by boto3, which knows the same commands; what `gh`
asks of GitHub is held against GitHub's description of its API.
"""

import json
import re
import shlex
import subprocess
from fnmatch import fnmatchcase

import pytest
from botocore import xform_name
from harness import cli
from harness.aws import HUB
from harness.github_api import api
from harness.gitrepo import GitRepo

PAGE = (cli.ROOT / "docs" / "getting-started.md").read_text()
FENCE = re.compile(r"(?:^`([\w-]+\.json)`[^\n]*:\n\n)?^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
PROVIDER = "token.actions.githubusercontent.com"
NOW = "2026-11-30T00:00:00Z"  # of the lease on the page


def blocks():
    found = FENCE.findall(PAGE)
    assert len(found) * 2 == len(re.findall(r"^```\w*$", PAGE, re.MULTILINE)) - 2, "but for the picture of the way"
    return found


def commands(text):
    return [line for line in text.replace("\\\n", " ").splitlines() if line]


def run_console(repo, text):
    """The commands behind `$`, and what the page says that they print."""
    for part in re.split(r"^\$ ", text, flags=re.MULTILINE)[1:]:
        command, _, shown = part.partition("\n")
        environment = {"PATH": f"{cli.SHIPPED.parent}:/usr/local/bin:/usr/bin:/bin", "HOME": str(repo.path), "IAMLEASE_NOW": NOW}
        done = subprocess.run(["bash", "-c", command], cwd=repo.path, env=environment, capture_output=True, text=True)
        assert done.returncode == 0, f"$ {command}\n{done.stdout}{done.stderr}"
        assert not shown or done.stdout == shown, command
        yield command, done.stdout


def run_aws(iam, repo, words):
    """`aws iam some-command --some-name value…` as a call of boto3."""
    assert words[:2] == ["aws", "iam"]
    operation = next(name for name in iam.meta.service_model.operation_names if xform_name(name, "-") == words[2])
    shape = iam.meta.service_model.operation_model(operation).input_shape
    members = {f"--{xform_name(name, '-')}": name for name in shape.members}
    given, key = {}, None
    for word in words[3:]:
        if word.startswith("--"):
            key = members[word]
            given[key] = []
        else:
            given[key].append((repo.path / word.removeprefix("file://")).read_text() if word.startswith("file://") else word)
    arguments = {key: values if shape.members[key].type_name == "list" else values[0] for key, values in given.items()}
    getattr(iam, xform_name(operation))(**arguments)


def judge_gh(words):
    """`gh api` names a path and members that there are; `gh variable set` cannot be judged so."""
    if words[:3] == ["gh", "variable", "set"]:
        return
    assert words[:3] == ["gh", "api", "--method"]
    operation, values = api().find(words[3], "/" + words[4])
    body = {}
    for flag, field in zip(words[5::2], words[6::2], strict=True):
        path, value = field.split("=", 1)
        keys, place = path.rstrip("]").split("["), body
        for key in keys[:-1]:
            place = place.setdefault(key, {})
        place[keys[-1]] = json.loads(value) if flag == "-F" else value
    assert operation.judge_request(values, {}, body) == []


@pytest.fixture(scope="module")
def followed(aws, tmp_path_factory):
    """The repository and what the commands printed, after the whole page; and the roles that are in AWS then."""
    aws.restore()
    iam, printed = aws.admin[HUB], {}
    repo = GitRepo.create(tmp_path_factory.mktemp("followed") / "repo")
    for name, language, text in blocks():
        if language == "yaml":
            repo.write({re.match(r"# (\S+)\n", text)[1]: text})
        elif language == "json":
            repo.write({name: text})
        elif language == "console":
            printed |= dict(run_console(repo, text))
            if len(printed) == 1:  # "Commit that to the default branch. … Then, on a branch, write …"
                repo.commit("Begin", {})
                repo.branch("change")
        else:
            assert language == "sh"
            for command in commands(text):
                words = shlex.split(command)
                judge_gh(words) if words[0] == "gh" else run_aws(iam, repo, words)
    roles = {role["RoleName"]: role for role in iam.list_roles()["Roles"]}
    policies = {name: iam.get_role_policy(RoleName=name, PolicyName="iamlease")["PolicyDocument"]
                for name in ("iamlease-hub", "AWSSelfServeDeployer", "iamlease-plan-hub", "iamlease-plan")}
    yield repo, printed, roles, policies
    aws.restore()


def test_the_first_plan(followed):
    _, printed, _, _ = followed
    plan = printed["iamlease plan --base main"]
    assert plan.startswith("Plan: 1 to grant, 0 to revoke") and "bert@example.com (IAM user bert)  payments/dev.s3-debug  prod" in plan


def trusts(role, claims):
    """Whether a job with these claims may begin with the role."""
    statement, = role["AssumeRolePolicyDocument"]["Statement"]
    assert statement["Action"] == "sts:AssumeRoleWithWebIdentity" and list(statement["Condition"]) == ["StringEquals"]
    assert statement["Principal"] == {"Federated": f"arn:aws:iam::{HUB}:oidc-provider/{PROVIDER}"}
    wanted = statement["Condition"]["StringEquals"]
    assert set(wanted) == {f"{PROVIDER}:aud", f"{PROVIDER}:sub"}
    return all(claims[key.removeprefix(f"{PROVIDER}:")] in ([value] if isinstance(value, str) else value) for key, value in wanted.items())


@pytest.mark.parametrize("repository", ["repo:OWNER/REPOSITORY", "repo:OWNER@OWNER_ID/REPOSITORY@REPOSITORY_ID"])
def test_who_may_begin(followed, repository):
    """Both forms of `sub`; the role that writes only in the environment, the one that reads only for pull requests."""
    _, _, roles, _ = followed
    for context, name in [("environment:iamlease", "iamlease-hub"), ("pull_request", "iamlease-plan-hub"), ("ref:refs/heads/main", None),
                          ("environment:other", None)]:
        claims = {"aud": "sts.amazonaws.com", "sub": f"{repository}:{context}"}
        assert [role for role in ("iamlease-hub", "iamlease-plan-hub") if trusts(roles[role], claims)] == ([name] if name else [])
        assert f"| `{claims['sub']}` |" in PAGE or not name
        assert not trusts(roles["iamlease-hub"], {**claims, "aud": "https://github.com/OWNER"})


def test_from_role_to_role(followed):
    """Each of the two that jobs begin with may assume its own kind of role, by the names that the program and the page have."""
    _, _, roles, policies = followed
    for hub, name in [("iamlease-hub", "AWSSelfServeDeployer"), ("iamlease-plan-hub", "iamlease-plan")]:
        statement, = policies[hub]["Statement"]
        assert statement["Action"] == "sts:AssumeRole"
        assert all(fnmatchcase(arn, f"arn:aws:iam::????????????:role/{name}") for arn in statement["Resource"])
        trusted, = roles[name]["AssumeRolePolicyDocument"]["Statement"]
        assert trusted["Principal"] == {"AWS": roles[hub]["Arn"]} and trusted["Action"] == "sts:AssumeRole"


def test_what_the_roles_may_do(followed):
    """What the program prints, whole."""
    _, _, _, policies = followed
    for name, kind in [("AWSSelfServeDeployer", "deployer"), ("iamlease-plan", "plan")]:
        repo, *_ = followed
        assert policies[name] == json.loads(cli.run(cli.SHIPPED, ["policy", kind], repo.path, {}).expect(0).stdout)

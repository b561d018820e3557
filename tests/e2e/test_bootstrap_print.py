"""What bootstrap prints for others to run gives exactly what it makes itself."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from awscli.clidriver import create_clidriver
from harness import cli
from harness.aws import HUB, MANAGED
from harness.bootstrapping import administrator, configuration, made, open_members
from harness.gitrepo import GitRepo

BIN = Path(sys.executable).parent


def printed(world, form):
    result = world.run("bootstrap", "--print", form, now=None, AWS_ACCESS_KEY_ID=None, AWS_SECRET_ACCESS_KEY=None)
    assert world.proxy.calls == []
    return result.expect(0).stdout


@pytest.fixture
def company(world):
    """Accounts in which there is nothing yet, and what bootstrap makes of them."""
    world.begin(configuration())
    owner = administrator(world)
    open_members(world)
    world.run("bootstrap", now=None, **owner).expect(0)
    world.expected = made(world)
    world.aws.restore()
    world.keys = {account: administrator(world, account) for account in (HUB, *MANAGED)}
    return world


def deploy(iam, template):
    """CloudFormation in a few lines: the resources in their order, by the calls that its documentation names."""
    done = set()
    for name, resource in template["Resources"].items():
        properties = resource["Properties"]
        assert set(resource) <= {"Type", "Properties", "DependsOn"} and {resource.get("DependsOn")} <= done | {None}
        if resource["Type"] == "AWS::IAM::OIDCProvider":
            assert set(properties) == {"Url", "ClientIdList", "Tags"}
            iam.create_open_id_connect_provider(
                Url=properties["Url"], ClientIDList=properties["ClientIdList"], ThumbprintList=[], Tags=properties["Tags"]
            )
        else:
            assert resource["Type"] == "AWS::IAM::Role"
            policies = properties.pop("Policies")
            trust = json.dumps(properties.pop("AssumeRolePolicyDocument"))
            iam.create_role(AssumeRolePolicyDocument=trust, **properties)
            for policy in policies:
                document = json.dumps(policy["PolicyDocument"])
                iam.put_role_policy(
                    RoleName=properties["RoleName"], PolicyName=policy["PolicyName"], PolicyDocument=document
                )
        done.add(name)


def test_the_templates_make_the_same(company):
    world = company
    hub, members = yaml.safe_load(printed(world, "cloudformation")), yaml.safe_load(printed(world, "stackset"))
    deploy(world.aws.admin[HUB], hub)
    for account in MANAGED:
        deploy(world.aws.admin[account], yaml.safe_load(json.dumps(members)))
    assert made(world) == world.expected


def test_cfn_lint_finds_nothing(world, tmp_path):
    world.begin(configuration())
    for form in ("cloudformation", "stackset"):
        (tmp_path / f"{form}.yaml").write_text(printed(world, form))
    command = [BIN / "cfn-lint", "--regions", "us-east-1", "--", *tmp_path.glob("*.yaml")]
    lint = subprocess.run(command, capture_output=True, text=True, check=False)
    assert lint.returncode == 0, lint.stdout + lint.stderr


def words_of(script, tmp_path, account):
    """What a real shell with credentials of that account hands to `aws`, command by command."""
    log = tmp_path / "log"
    log.write_bytes(b"")
    stub = tmp_path / "aws"
    stub.write_text(f'#!/bin/sh\nif [ "$1" = sts ]; then echo {account}; exit; fi\nfor word; do printf "%s\\0" "$word"; done >> "$LOG"\nprintf "\\n\\0" >> "$LOG"\n')
    stub.chmod(0o755)
    place = {"LOG": str(log), "PATH": f"{tmp_path}:{os.environ['PATH']}"}
    shell = subprocess.run(["sh", "-u", "-c", script], env=place, check=False, capture_output=True, text=True)
    refused = [part for part in (HUB, *MANAGED) if f"account {part}: nothing is made" in shell.stderr]
    assert refused == [part for part in (HUB, *MANAGED) if part != account], shell
    commands = log.read_text().split("\n\0")
    return [command.split("\0")[:-1] for command in commands[:-1]]


def test_the_commands_make_the_same(company, tmp_path, monkeypatch, capfd):
    """By a real shell and the real AWS CLI, in this process, all of it with credentials of each account."""
    world = company
    script = printed(world, "cli")
    assert words_of(script, tmp_path, "999999999999") == [], "credentials of another account make nothing"
    place = {"AWS_ENDPOINT_URL": f"http://127.0.0.1:{world.aws.port}", "AWS_DEFAULT_REGION": "us-east-1"}
    for account in (HUB, *MANAGED):
        for name, value in {**place, "HOME": str(tmp_path), **world.keys[account]}.items():
            monkeypatch.setenv(name, value)
        driver = create_clidriver()
        for words in words_of(script, tmp_path, account):
            assert driver.main(words) == 0, (words, capfd.readouterr())
    assert made(world) == world.expected


SETTINGS = {"hub_account": HUB, "repository": "acme/access", "repository_ids": "1/2"}


def described(tmp_path, *arguments, accounts='{"aws-accounts": {"prod": "333333333333"}}', **bootstrap):
    """Runs `bootstrap --print cli` where only these settings are."""
    settings = {"version": 1, "bootstrap": {**SETTINGS, **bootstrap}}
    settings["bootstrap"] = {key: value for key, value in settings["bootstrap"].items() if value is not None}
    repo = GitRepo.create(tmp_path / "repo", {"iamlease.yaml": json.dumps(settings), "aws-accounts/a.yaml": accounts})
    return cli.run(cli.SANITIZED, ["bootstrap", "--print", "cli", *arguments], repo.path, {})


@pytest.mark.parametrize(
    ("bootstrap", "says"),
    [
        ({"hub_account": None}, "bootstrap.hub_account"),
        ({"repository": None}, "bootstrap.repository"),
        ({"repository_ids": None}, "gh api repos/acme/access"),
        ({"hub_role": "awsselfservedeployer"}, "two roles have the name"),
    ],
)
def test_what_is_missing_is_said(tmp_path, bootstrap, says):
    result = described(tmp_path, **bootstrap).expect(64)
    assert says in result.stderr and result.stdout == ""


def test_another_issuer(tmp_path):
    """GitHub Enterprise Server signs its tokens itself, at an address with a path."""
    issuer = "https://github.example.com/_services/token"
    result = described(tmp_path, issuer=issuer).expect(0)
    assert issuer in result.stdout and "token.actions.githubusercontent.com" not in result.stdout
    assert f"{issuer.removeprefix('https://')}:sub" in result.stdout


def test_a_mistake_in_a_file_prints_nothing(tmp_path):
    result = described(tmp_path, accounts='{"aws-account": {}}').expect(1)
    assert "aws-accounts/a.yaml:1:" in result.stderr and result.stdout == ""
    result = described(tmp_path / "other", issuer="http://127.0.0.1:1").expect(1)
    assert "[invalid-issuer]" in result.stderr and result.stdout == ""


@pytest.mark.parametrize(
    ("bootstrap", "subjects"),
    [
        ({}, ["repo:acme@1/access@2:environment:iamlease", "repo:acme/access:environment:iamlease"]),
        ({"subjects": "ids"}, ["repo:acme@1/access@2:environment:iamlease"]),
        ({"subjects": "names", "repository_ids": None}, ["repo:acme/access:environment:iamlease"]),
        ({"subjects": "names", "branch": "rel/1"}, ["repo:acme/access:ref:refs/heads/rel/1"]),
        (
            {"subjects": "names", "branch": "main", "environments": ["a", "b"]},
            [f"repo:acme/access:{rest}" for rest in ("environment:a", "environment:b", "ref:refs/heads/main")],
        ),
    ],
)
def test_whom_the_hub_trusts(tmp_path, bootstrap, subjects):
    text = described(tmp_path, **bootstrap).expect(0).stdout
    trust = json.loads(text.split("--assume-role-policy-document '")[1].split("'")[0])
    condition = trust["Statement"][0]["Condition"]["StringEquals"]
    assert condition["token.actions.githubusercontent.com:sub"] == subjects
    assert "plan" not in text  # without aws.plan_role


def test_a_trust_policy_that_aws_would_not_take(tmp_path):
    environments = [f"production-{number:02}" for number in range(40)]
    result = described(tmp_path, environments=environments).expect(64)
    assert result.stdout == "" and "the trust policy of role 'iamlease-hub' would have" in result.stderr
    assert "bootstrap.environments" in result.stderr and "2048" in result.stderr
    described(tmp_path / "fewer", environments=environments[:15]).expect(0)


def test_the_printed_policies_can_adopt(tmp_path):
    for adopts in (False, True):
        text = described(tmp_path / str(adopts), adopts=adopts).expect(0).stdout
        assert ("iam:ListPolicyTags" in text) == ("iam:TagPolicy" in text) == adopts


def hub_policy(text):
    return json.loads(text.split("--policy-document '")[1].split("'")[0])["Statement"][0]


def test_options_say_it_instead(tmp_path):
    options = ["--hub-account", "444444444444", "--repository", "acme/other", "--repository-ids", "3/4",
               "--accounts", "555555555555,666666666666"]  # fmt: skip
    text = described(tmp_path, *options).expect(0).stdout
    assert "account 444444444444, the hub" in text and "repo:acme@3/other@4:environment:iamlease" in text
    roles = [f"arn:aws:iam::{number * 12}:role/AWSSelfServeDeployer" for number in "56"]
    assert hub_policy(text)["Resource"] == roles and HUB not in text and "333333333333" not in text
    for option, value in (("--hub-account", "1"), ("--repository", "x"), ("--repository-ids", "x"), ("--accounts", "1,2"),
                          ("--through-role", "arn:x"), ("--print", "yaml")):  # fmt: skip
        result = cli.run(cli.SANITIZED, ["bootstrap", "--print", "cli", option, value], tmp_path / "repo", {}).expect(64)
        assert option in result.stderr and result.stdout == ""


def test_the_settings_name_the_accounts(tmp_path):
    settings = {"version": 1, "bootstrap": {**SETTINGS, "accounts": ["555555555555", "666666666666"]}}
    teams = {"aws-accounts/a.yaml": '{"aws-accounts": {"prod": "333333333333"}}'}
    repo = GitRepo.create(tmp_path / "repo", {**teams, "iamlease.yaml": json.dumps(settings)})
    text = cli.run(cli.SANITIZED, ["bootstrap", "--print", "cli"], repo.path, {}).expect(0).stdout
    assert [part[:12] for part in text.split("\n# account ")[1:]] == [HUB, "555555555555", "666666666666"]
    assert hub_policy(text)["Resource"] == [f"arn:aws:iam::{number * 12}:role/AWSSelfServeDeployer" for number in "56"]


def test_the_hub_policy_of_many_accounts(tmp_path):
    """By ARNs while they fit into a policy, then by account ids, then by their organization."""
    def policy(count, **bootstrap):
        accounts = json.dumps({"aws-accounts": {f"a{number}": f"{number:012}" for number in range(count)}})
        folder = tmp_path / str(count)
        folder.mkdir()
        return described(folder, accounts=accounts, **bootstrap)

    assert len(hub_policy(policy(100).expect(0).stdout)["Resource"]) == 100
    many = hub_policy(policy(600).expect(0).stdout)
    assert many["Resource"] == "arn:aws:iam::*:role/AWSSelfServeDeployer"
    assert many["Condition"] == {"StringEquals": {"aws:ResourceAccount": [f"{number:012}" for number in range(600)]}}
    assert "more than the policy of one role can name" in policy(700).expect(64).stderr
    all_of_them = hub_policy(policy(1000, organization="o-a1b2c3d4e5").expect(0).stdout)
    assert all_of_them["Resource"] == many["Resource"]
    assert all_of_them["Condition"] == {"StringEquals": {"aws:ResourceOrgID": ["o-a1b2c3d4e5"]}}


@pytest.mark.parametrize("count", [10, 600])
def test_a_template_that_cloudformation_takes_from_a_bucket_only(tmp_path, count):
    """AWS's quotas: 51,200 bytes in a call, 1 MB of an object in S3."""
    settings = {"version": 1, "aws": {"plan_role": "iamlease-plan"}, "bootstrap": SETTINGS}
    accounts = json.dumps({"aws-accounts": {f"a{number}": f"{number:012}" for number in range(count)}})
    repo = GitRepo.create(tmp_path / "repo", {"iamlease.yaml": json.dumps(settings), "aws-accounts/a.yaml": accounts})
    result = cli.run(cli.SANITIZED, ["bootstrap", "--print", "cloudformation"], repo.path, {}).expect(0)
    size = len(result.stdout.encode())
    assert (size > 51200) == (count == 600)
    said = f"the template has {size} bytes: CloudFormation takes more than 51200 from a bucket of S3 only, by --template-url"
    assert (said in result.stderr) == (count == 600)

"""The harness itself, proved with boto3 as the client: what the other tests rely on is true."""

import random
import subprocess
import sys

import pytest
import xmltodict
from botocore.exceptions import ClientError, ConnectionClosedError
from harness import state, xml_text
from harness.aws import DEPLOYER, HUB, NONPROD, PROD, allow, document
from harness.gitrepo import GitRepo
from harness.judge import ALLOWED, DENIED, judge, question
from harness.proxy import Fault

LEASE = document(
    allow("s3:PutObject", Condition={"DateLessThan": {"aws:CurrentTime": "2026-06-04T00:00:00Z"}}, Sid="a1")
)
OWN_POLICY = f"arn:aws:iam::{PROD}:policy/iamlease/own"


def refused(code, call, **parameters):
    with pytest.raises(ClientError) as refusal:
        call(**parameters)
    assert refusal.value.response["Error"]["Code"] == code


def assume(world, account):
    """An IAM client with the deployer role's session in an account, behind the proxy."""
    port = world.proxy.port
    sts = world.aws.client("sts", *world.aws.hub_key, port=port)
    role = f"arn:aws:iam::{account}:role/{DEPLOYER}"
    answer = sts.assume_role(RoleArn=role, RoleSessionName="test")["Credentials"]
    return world.aws.client("iam", answer["AccessKeyId"], answer["SecretAccessKey"], answer["SessionToken"], port=port)


def test_credentials_and_permissions_are_checked(world):
    key_id, secret = world.aws.hub_key
    role = {"RoleArn": f"arn:aws:iam::{PROD}:role/{DEPLOYER}", "RoleSessionName": "test"}
    refused("SignatureDoesNotMatch", world.aws.client("sts", key_id, "wrong").assume_role, **role)
    refused("InvalidClientTokenId", world.aws.client("sts", "AKIA" + "A" * 16, secret).assume_role, **role)
    sts = world.aws.client("sts", key_id, secret)
    refused("AccessDenied", sts.assume_role, RoleArn=f"arn:aws:iam::{PROD}:role/other", RoleSessionName="test")
    refused(
        "AccessDenied", sts.assume_role, RoleArn=f"arn:aws:iam::999999999999:role/{DEPLOYER}", RoleSessionName="test"
    )
    refused("AccessDenied", world.aws.client("iam", key_id, secret).list_users)
    deployer = assume(world, PROD)
    deployer.put_user_policy(UserName="bert", PolicyName="lease", PolicyDocument=LEASE)
    refused("AccessDenied", deployer.create_user, UserName="mallory")
    refused("AccessDenied", deployer.delete_user, UserName="bert")


def test_the_rules_of_aws_hold(world):
    iam = world.aws.admin[PROD]
    big = document(allow("s3:Get*", ["arn:aws:s3:::" + "x" * 1_500]))
    iam.put_user_policy(UserName="ada", PolicyName="one", PolicyDocument=big)
    refused("LimitExceeded", iam.put_user_policy, UserName="ada", PolicyName="two", PolicyDocument=big)
    iam.put_user_policy(UserName="ada", PolicyName="one", PolicyDocument=big)
    iam.put_group_policy(GroupName="developers", PolicyName="one", PolicyDocument=big)
    huge = document(allow("s3:Get*", ["arn:aws:s3:::" + "x" * 6_100]))
    refused("LimitExceeded", iam.create_policy, PolicyName="huge", PolicyDocument=huge)
    refused("ValidationError", iam.create_policy, PolicyName="with space", PolicyDocument=LEASE)
    refused(
        "MalformedPolicyDocument",
        iam.create_policy,
        PolicyName="sid",
        PolicyDocument=document(allow("s3:Get*", Sid="with-dash")),
    )
    arn = iam.create_policy(PolicyName="own", Path="/iamlease/", PolicyDocument=LEASE)["Policy"]["Arn"]
    assert arn == OWN_POLICY
    refused("EntityAlreadyExists", iam.create_policy, PolicyName="OWN", PolicyDocument=LEASE)
    iam.attach_user_policy(UserName="ada", PolicyArn=arn)
    iam.attach_user_policy(UserName="ada", PolicyArn=arn)
    refused("DeleteConflict", iam.delete_policy, PolicyArn=arn)
    iam.detach_user_policy(UserName="ada", PolicyArn=arn)
    iam.create_policy_version(PolicyArn=arn, PolicyDocument=big, SetAsDefault=True)
    refused("DeleteConflict", iam.delete_policy, PolicyArn=arn)
    iam.delete_policy_version(PolicyArn=arn, VersionId="v1")
    iam.delete_policy(PolicyArn=arn)
    refused(
        "PolicyNotAttachable",
        iam.attach_user_policy,
        UserName="ada",
        PolicyArn="arn:aws:iam::aws:policy/aws-service-role/AWSSupportServiceRolePolicy",
    )
    for number in range(10):
        policy = iam.create_policy(PolicyName=f"p{number}", PolicyDocument=LEASE)["Policy"]["Arn"]
        iam.attach_user_policy(UserName="ada", PolicyArn=policy)
    refused(
        "LimitExceeded",
        iam.attach_user_policy,
        UserName="ada",
        PolicyArn="arn:aws:iam::aws:policy/PowerUserAccess",
    )


def test_whom_a_role_trusts_is_there(world):
    iam = world.aws.admin[PROD]

    def trust(*principals, **more):
        return document({"Effect": "Allow", "Principal": {"AWS": list(principals)}, "Action": "sts:AssumeRole", **more})

    ada, nobody = (f"arn:aws:iam::{PROD}:user/{name}" for name in ("ada", "nobody"))
    refused("MalformedPolicyDocument", iam.create_role, RoleName="r", AssumeRolePolicyDocument=trust(ada, nobody))
    refused("ValidationError", iam.create_role, RoleName="r" * 65, AssumeRolePolicyDocument=trust(ada))
    iam.create_role(RoleName="r", AssumeRolePolicyDocument=trust(ada, f"arn:aws:iam::{PROD}:root"))
    refused("MalformedPolicyDocument", iam.update_assume_role_policy, RoleName="r", PolicyDocument=trust(nobody))
    long = trust(ada, Condition={"StringEquals": {"sts:ExternalId": "x" * 2_000}})
    refused("LimitExceeded", iam.update_assume_role_policy, RoleName="r", PolicyDocument=long)
    iam.update_assume_role_policy(RoleName="r", PolicyDocument=trust(ada))


def test_sweeps_come_in_pages_and_a_restore_takes_everything_back(world):
    iam = world.aws.admin[NONPROD]
    pages = list(iam.get_paginator("get_account_authorization_details").paginate())
    assert len(pages) > 2
    before = world.snapshot()
    assert state.foreign(before[NONPROD]) == before[NONPROD]
    assert set(before[NONPROD]["users"]) == {"ada", "bert", "carol"}
    iam.put_user_policy(UserName="ada", PolicyName="x", PolicyDocument=LEASE)
    iam.delete_user_policy(UserName="bert", PolicyName="by-hand")
    assert world.snapshot() != before
    world.aws.restore()
    assert world.snapshot() == before


def test_the_proxy_records_calls_and_breaks_the_ones_it_is_told(world):
    iam = assume(world, PROD)
    policy = {"UserName": "bert", "PolicyName": "lease"}
    put = f"{PROD} PutUserPolicy bert lease"
    for kind, code in [("throttle", "Throttling"), ("unavailable", "ServiceUnavailable"), ("denied", "AccessDenied")]:
        fault = Fault(kind, at=f"{put} #2")
        world.proxy.start_run([fault])
        iam.put_user_policy(**policy, PolicyDocument=LEASE)
        refused(code, iam.put_user_policy, **policy, PolicyDocument=LEASE)
        iam.put_user_policy(**policy, PolicyDocument=LEASE)
        assert world.proxy.writes == [f"{put} #{number}" for number in (1, 2, 3)]
        assert [call.service for call in fault.fired] == ["iam"]
    world.proxy.start_run([Fault("html", when=lambda call: call.action == "GetUserPolicy")])
    refused("500", iam.get_user_policy, **policy)
    refused("500", iam.get_user_policy, **policy)
    for kind, forwarded in [("reset", False), ("lost", True)]:
        world.aws.restore()
        iam = assume(world, PROD)
        world.proxy.start_run([Fault(kind, at=f"{put} #1")])
        with pytest.raises(ConnectionClosedError):
            iam.put_user_policy(**policy, PolicyDocument=LEASE)
        world.proxy.wait_until_idle()
        assert ("lease" in world.snapshot()[PROD]["users"]["bert"]["inline"]) is forwarded


CLIENT = """
import boto3, sys
iam = boto3.client("iam", region_name="us-east-1", endpoint_url=sys.argv[1],
                   aws_access_key_id=sys.argv[2], aws_secret_access_key=sys.argv[3])
for name in ["a", "b", "c"]:
    iam.put_user_policy(UserName="ada", PolicyName=name, PolicyDocument=sys.argv[4])
"""


@pytest.mark.parametrize("kind, expected", [("kill", {"a"}), ("kill_after", {"a", "b"})])
def test_the_proxy_kills_the_client(world, kind, expected):
    iam = world.aws.admin[HUB]
    iam.create_user(UserName="ada")
    key = iam.create_access_key(UserName="harness-admin")["AccessKey"]
    world.proxy.start_run([Fault(kind, at="- PutUserPolicy ada b #1")])
    endpoint = f"http://127.0.0.1:{world.proxy.port}"
    command = [sys.executable, "-c", CLIENT, endpoint, key["AccessKeyId"], key["SecretAccessKey"], LEASE]
    process = subprocess.Popen(command)
    world.proxy.attach(process)
    assert process.wait() == -9
    world.proxy.wait_until_idle()
    assert set(iam.list_user_policies(UserName="ada")["PolicyNames"]) == expected


def drawn_answer(draw, depth=0):
    """What may stand in an answer of moto."""
    kind = draw.randrange(4 if depth < 4 else 2)
    if kind < 2:
        return draw.choice(["", None, True, False, 0, 12, "plain", "a<b>&c\"'", "caf\u00e9\n\t", " x ", "%7B%22"])
    if kind == 2:
        return {name: drawn_answer(draw, depth + 1) for name in draw.sample(["Name", "Tags", "member", "x.y-z"], draw.randrange(4))}
    return [drawn_answer(draw, 4) if draw.random() < 0.5 else {"Key": drawn_answer(draw, depth + 1)} for _ in range(draw.randrange(4))]


def test_answers_are_written_as_moto_writes_them(seed):
    draw = random.Random(seed)
    for _ in range(500):
        answer = {"Response": {"@xmlns": "https://iam.amazonaws.com/?a=1&b=\"2\"", "Result": drawn_answer(draw)}}
        written = xmltodict.unparse(answer, full_document=False, short_empty_elements=True)
        assert xml_text.unparse(answer) == written, answer


@pytest.mark.xdist_group("full AWS")
def test_every_aws_managed_policy_is_in_the_full_server(full_world):
    iam = full_world.aws.admin[PROD]
    pages = iam.get_paginator("list_policies").paginate(Scope="AWS")
    assert sum(len(page["Policies"]) for page in pages) > 1_000


def test_the_judge_knows_the_second_a_lease_ends():
    policy = {
        "Version": "2012-10-17",
        "Statement": [allow("s3:PutObject", Condition={"DateLessThan": {"aws:CurrentTime": "2026-06-04T00:00:00Z"}})],
    }
    bert = f"arn:aws:iam::{PROD}:user/bert"
    questions = [
        question([policy], "s3:PutObject", "arn:aws:s3:::bucket/key", bert, at)
        for at in ["2026-06-03T23:59:59Z", "2026-06-04T00:00:00Z"]
    ]
    questions.append(question([], "s3:PutObject", "arn:aws:s3:::bucket/key", bert, "2026-06-01T00:00:00Z"))
    assert judge(questions) == [ALLOWED, DENIED, DENIED]


def test_repositories_are_real_and_always_the_same(tmp_path):
    heads = []
    for name in ["one", "two"]:
        repo = GitRepo.create(tmp_path / name, {"a/b.yaml": "x: 1\n"})
        repo.branch("change")
        repo.commit("Change", {"a/b.yaml": "x: 2\n", "c.yaml": b"\x00"})
        repo.merge("change")
        assert (repo.path / "a/b.yaml").read_text() == "x: 2\n"
        merge = repo.head
        assert len(repo.git("rev-list", "--parents", "-1", merge).split()) == 3
        repo.commit("Delete", {"c.yaml": None})
        repo.revert()
        assert (repo.path / "c.yaml").exists()
        assert repo.applied is None
        heads.append(repo.head)
    assert heads[0] == heads[1]

"""The least policies of the roles. Every other test runs under exactly what `iamlease policy deployer` prints."""

import json

import pytest
from botocore.exceptions import ClientError
from harness import cli
from harness.aws import DEPLOYER, HUB, PROD, allow, document, role_policy
from harness.configs import NOTHING, POLICIES, READ_ONLY, files, lease, permanent, statement
from harness.gitrepo import GitRepo
from harness.judge import ALLOWED, DENIED, judge, question
from harness.people import TRUST
from harness.role_files import role, with_roles

GROUP = "developers"
ROLE = "github-actions-deployer"
NOW = "2026-06-01T09:00:00Z"
PRINCIPALS = {"user": "bert@example.com", "role": ROLE, "group": GROUP}


def actions(policy, effect="Allow"):
    statements = [entry for entry in json.loads(policy)["Statement"] if entry["Effect"] == effect]
    return [action for entry in statements for action in entry["Action"]]


def lease_of(kind, name, grant):
    entry = {**lease("bert", grant), kind: name}
    return {key: value for key, value in entry.items() if key == kind or key != "user"}


def declared(number):
    """A role and the OIDC provider that it trusts; each number is another audience, thumbprint, session length and tag."""
    audience = f"audience-{number % 2}"
    trust = [{"oidc": {"provider": "port", "audience": audience, "subjects": ["system:serviceaccount:payments:ci"]}}]
    tags = {f"tag-{number % 2}": str(number)}
    provider = {"url": "https://oidc.example.com", "client_ids": [audience], "thumbprints": [f"{number}a" * 20]}
    more = {"environments": ["prod"], "tags": tags}
    return {"port-reads": role(trust, max_session_hours=1 + number % 4, **more)}, {"port": {**provider, **more}}


def grants(number, boundary=""):
    """Permanent grants, leases of each mode to a user, a role and a group, and a role with its provider; each number
    is another document, and a lease that ends on another day."""
    custom = {"description": "x", "custom_statements": [statement([f"s3:GetObject{number}"])]}
    policies = {**POLICIES, "dev.queues": custom}
    standing = permanent(["dev.queues"], users=["bert"], roles=[ROLE], environments=["prod"])
    temporary = [
        lease_of(kind, name, grant)
        for kind, name in PRINCIPALS.items()
        for grant in ("dev.s3-debug", "dev.break-glass")
    ]
    lent = {**lease("bert", "dev.read-only", f"2026-06-0{3 + number % 4}"), "mode": "role"}
    settings = {"version": 1, "aws": {"permissions_boundary": boundary}}
    entries = files([{**standing, "groups": [GROUP]}], [*temporary, lent], policies)
    return {**with_roles(*declared(number), base=entries), "iamlease.yaml": json.dumps(settings)}


def called(world, *arguments, **more):
    world.run(*arguments, **more).expect(0)
    return {f"iam:{call.action}" for call in world.proxy.calls if call.service == "iam"}


def test_every_action_is_needed(world):
    """The life of grants of every kind calls each action that the policy allows, and no other."""
    world.begin(grants(0))
    boundaries = [
        world.aws.admin[PROD].create_policy(PolicyName=name, PolicyDocument=document(allow("s3:*")))["Policy"]["Arn"]
        for name in ("boundary", "another")
    ]
    seen, allowed = called(world, "apply"), set()
    for number in range(1, 6):  # the sixth version of a policy needs the room of the oldest
        boundary = [*boundaries, ""][number % 3]
        world.repo.commit(f"Change {number}", grants(number, boundary))
        allowed |= set(actions(world.aws.deploy_by(boundary)))
        seen |= called(world, "apply")
    nothing = world.repo.commit("Nothing", with_roles())
    seen |= called(world, "apply", "--accept-removals", nothing)
    world.repo.commit("Again", grants(0))
    seen |= called(world, "apply")
    seen |= called(world, "cleanup", now="2026-06-10T00:00:00Z")
    assert seen == allowed
    assert set(actions(world.aws.deployer_policy, "Deny")) < seen


def test_each_action_stands_there_once():
    for role in ("deployer", "plan"):
        allowed = actions(role_policy(role))
        assert len(allowed) == len(set(allowed))
        assert role == "deployer" or all(name.startswith(("iam:Get", "iam:List")) for name in allowed)


@pytest.fixture
def deployer(world):
    """A client with the deployer role in the production account."""
    key = world.aws.hub_key
    role = f"arn:aws:iam::{PROD}:role/{DEPLOYER}"
    session = world.aws.client("sts", *key).assume_role(RoleArn=role, RoleSessionName="test")["Credentials"]
    return world.aws.client("iam", session["AccessKeyId"], session["SecretAccessKey"], session["SessionToken"])


def test_the_deployer_cannot_go_further(world, deployer):
    document = json.dumps({"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "*", "Resource": "*"}})
    foreign = world.aws.admin[PROD].create_policy(PolicyName="foreign", PolicyDocument=document)["Policy"]["Arn"]
    role = {"RoleName": "x", "Path": "/iamlease/", "AssumeRolePolicyDocument": TRUST}
    mark = [{"Key": "iamlease", "Value": "default/payments/dev.read:user:bert"}]
    another = [{"Key": "iamlease", "Value": "defaults/payments/dev.read:user:bert"}]
    deployer.create_role(**role, Tags=[*mark, {"Key": "port", "Value": "integration"}])
    provider = {"Url": "https://oidc.example.com/x", "ThumbprintList": []}
    foreign_provider = world.aws.admin[PROD].create_open_id_connect_provider(Url="https://other.example.com", ThumbprintList=[])
    foreign_arn = {"OpenIDConnectProviderArn": foreign_provider["OpenIDConnectProviderArn"]}
    our_arn = {"OpenIDConnectProviderArn": deployer.create_open_id_connect_provider(**provider, Tags=mark)["OpenIDConnectProviderArn"]}
    deployer.add_client_id_to_open_id_connect_provider(**our_arn, ClientID="x")
    bootstrapped = world.aws.admin[PROD].create_open_id_connect_provider(
        Url="https://jobs.example.com", ThumbprintList=[], Tags=[{"Key": "iamlease-bootstrap", "Value": "default"}]
    )["OpenIDConnectProviderArn"]
    refused = [
        lambda: deployer.create_policy(PolicyName="x", PolicyDocument=document),
        lambda: deployer.create_policy(PolicyName="x", Path="/iamleaser/", PolicyDocument=document),
        lambda: deployer.create_policy_version(PolicyArn=foreign, PolicyDocument=document),
        lambda: deployer.delete_policy(PolicyArn=foreign),
        lambda: deployer.put_role_policy(RoleName=DEPLOYER, PolicyName="x", PolicyDocument=document),
        lambda: deployer.attach_role_policy(RoleName=DEPLOYER, PolicyArn=READ_ONLY),
        lambda: deployer.delete_role_policy(RoleName=DEPLOYER, PolicyName="deployer"),
        lambda: deployer.create_access_key(UserName="bert"),
        lambda: deployer.create_role(**{**role, "Path": "/"}),
        lambda: deployer.create_role(**{**role, "RoleName": "y"}),
        lambda: deployer.create_role(**{**role, "RoleName": "y"}, Tags=another),
        lambda: deployer.create_open_id_connect_provider(**{**provider, "Url": "https://y"}),
        lambda: deployer.create_open_id_connect_provider(**{**provider, "Url": "https://y"}, Tags=another),
        lambda: deployer.add_client_id_to_open_id_connect_provider(**foreign_arn, ClientID="x"),
        lambda: deployer.remove_client_id_from_open_id_connect_provider(**foreign_arn, ClientID="x"),
        lambda: deployer.delete_open_id_connect_provider(**foreign_arn),
        lambda: deployer.tag_open_id_connect_provider(OpenIDConnectProviderArn=bootstrapped, Tags=mark),
        lambda: deployer.tag_role(RoleName="x", Tags=[{"Key": "admin", "Value": "yes"}]),
        lambda: deployer.update_assume_role_policy(RoleName=ROLE, PolicyDocument=document),
        lambda: deployer.delete_role(RoleName=ROLE),
    ]
    before = world.snapshot()
    for call in refused:
        with pytest.raises(ClientError) as error:
            call()
        assert error.value.response["Error"]["Code"] == "AccessDenied"
    assert world.snapshot() == before
    deployer.attach_role_policy(RoleName=ROLE, PolicyArn=READ_ONLY)


def test_what_another_owner_made_is_not_the_deployers(world, deployer):
    """He shares the account and the path: his roles can be read, and neither they nor his providers can be taken over."""
    iam = world.aws.admin[PROD]
    theirs = [{"Key": "iamlease", "Value": "defaults/payments/reader"}]
    mark = [{"Key": "iamlease", "Value": "default/payments/reader"}]
    trust = json.dumps({"Version": "2012-10-17", "Statement": []})
    iam.create_role(RoleName="x", Path="/iamlease/", AssumeRolePolicyDocument=TRUST, Tags=theirs)
    provider = iam.create_open_id_connect_provider(Url="https://oidc.example.com", ThumbprintList=[], ClientIDList=["a"], Tags=theirs)
    provider = {"OpenIDConnectProviderArn": provider["OpenIDConnectProviderArn"]}
    before = world.snapshot(), iam.get_open_id_connect_provider(**provider)["Tags"]
    for call in (
        lambda: deployer.tag_role(RoleName="x", Tags=mark),
        lambda: deployer.untag_role(RoleName="x", TagKeys=["iamlease"]),
        lambda: deployer.update_assume_role_policy(RoleName="x", PolicyDocument=trust),
        lambda: deployer.update_role(RoleName="x", MaxSessionDuration=7200),
        lambda: deployer.put_role_permissions_boundary(RoleName="x", PermissionsBoundary=READ_ONLY),
        lambda: deployer.delete_role_permissions_boundary(RoleName="x"),
        lambda: deployer.delete_role(RoleName="x"),
        lambda: deployer.tag_open_id_connect_provider(**provider, Tags=mark),
        lambda: deployer.untag_open_id_connect_provider(**provider, TagKeys=["iamlease"]),
        lambda: deployer.add_client_id_to_open_id_connect_provider(**provider, ClientID="b"),
        lambda: deployer.delete_open_id_connect_provider(**provider),
    ):
        with pytest.raises(ClientError) as error:
            call()
        assert error.value.response["Error"]["Code"] == "AccessDenied"
    assert (world.snapshot(), iam.get_open_id_connect_provider(**provider)["Tags"]) == before
    assert deployer.get_role(RoleName="x")["Role"]["Tags"] == theirs
    assert deployer.get_open_id_connect_provider(**provider)["Tags"] == theirs


@pytest.mark.parametrize("written", [f"arn:aws:iam::{PROD}:policy/boundary", "policy/boundary"])
def test_with_a_boundary_no_role_is_without_it(world, deployer, written):
    iam = world.aws.admin[PROD]
    ours, another = (
        iam.create_policy(PolicyName=name, PolicyDocument=document(allow("s3:*")))["Policy"]["Arn"]
        for name in ("boundary", "another")
    )
    world.aws.deploy_by(written)
    mark = [{"Key": "iamlease", "Value": "default/payments/dev.read:user:bert"}]
    role = {"RoleName": "x", "Path": "/iamlease/", "AssumeRolePolicyDocument": TRUST, "Tags": mark}
    deployer.create_role(**role, PermissionsBoundary=ours)
    deployer.put_role_permissions_boundary(RoleName="x", PermissionsBoundary=ours)
    before = world.snapshot()
    role["RoleName"] = "y"
    for call in (
        lambda: deployer.create_role(**role),
        lambda: deployer.create_role(**role, PermissionsBoundary=another),
        lambda: deployer.put_role_permissions_boundary(RoleName="x", PermissionsBoundary=another),
        lambda: deployer.delete_role_permissions_boundary(RoleName="x"),
    ):
        with pytest.raises(ClientError) as error:
            call()
        assert error.value.response["Error"]["Code"] == "AccessDenied"
    assert world.snapshot() == before


def test_no_role_can_be_passed_on():
    for role in ("deployer", "plan"):
        assert not [name for name in actions(role_policy(role)) if "PassRole" in name or "*" in name]


def test_the_judge_reads_them_as_they_are_meant(tmp_path):
    """By code that this project did not write, with settings of its own."""
    settings = (
        "version: 1\naws: {partition: aws-cn, policy_path: /team/leases/, deployer_role: ship, plan_role: look, region: cn-north-1}\n"
        "bootstrap: {through_role: way-in}\n"
    )
    deployer, plan = (json.loads(role_policy(role, {"iamlease.yaml": settings})) for role in ("deployer", "plan"))
    anywhere = json.loads(role_policy("deployer", {"iamlease.yaml": settings.replace("/team/leases/", "/")}))
    writes = ["CreateRole", "UpdateAssumeRolePolicy", "UpdateRole", "TagRole", "UntagRole", "DeleteRole",
              "PutRolePermissionsBoundary", "DeleteRolePermissionsBoundary", "PutRolePolicy", "DetachRolePolicy"]  # fmt: skip
    own = ["ship", "look", "iamlease-hub", "iamlease-plan-hub", "way-in"]
    root, me = f"arn:aws-cn:iam::{PROD}", f"arn:aws-cn:sts::{PROD}:assumed-role/ship/x"
    ours, theirs = "default/payments/reader", "other/payments/reader"
    gets = {"aws:RequestTag/iamlease": ours}
    reader, provider = f"{root}:role/team/leases/reader", f"{root}:oidc-provider/oidc.example.com"
    tagged = [
        (action, resource, {**more, **({"aws:ResourceTag/iamlease": tag} if tag else {})}, answer)
        for resource, more, actions_of in (
            (reader, gets, ["TagRole"]),
            (provider, gets, ["TagOpenIDConnectProvider"]),
            (reader, {}, ["UpdateAssumeRolePolicy", "UpdateRole", "UntagRole", "DeleteRole", "PutRolePermissionsBoundary",
                        "DeleteRolePermissionsBoundary"]),
        )
        for action in actions_of
        for tag, answer in ((None, ALLOWED), (ours, ALLOWED), (theirs, DENIED))
    ]  # fmt: skip
    cases = [
        *((deployer, f"iam:{action}", resource, answer, context) for action, resource, context, answer in tagged),
        (deployer, "iam:GetRole", reader, ALLOWED, {"aws:ResourceTag/iamlease": theirs}),
        (plan, "iam:GetRole", reader, ALLOWED),
        (plan, "iam:UpdateRole", reader, DENIED),
        (deployer, "iam:CreatePolicy", f"{root}:policy/team/leases/x", ALLOWED),
        (deployer, "iam:CreatePolicy", f"{root}:policy/team/x", DENIED),
        (deployer, "iam:CreatePolicy", f"{root}:policy/x", DENIED),
        (deployer, "iam:GetPolicy", "arn:aws-cn:iam::aws:policy/ReadOnlyAccess", ALLOWED),
        (deployer, "iam:AttachUserPolicy", f"{root}:user/people/ada", ALLOWED),
        (deployer, "iam:AttachRolePolicy", f"{root}:role/service/ship", ALLOWED),
        (deployer, "iam:AttachRolePolicy", f"{root}:role/ship", "ExplicitlyDenied"),
        (deployer, "iam:PutRolePolicy", f"{root}:role/look", "ExplicitlyDenied"),
        (deployer, "iam:PutGroupPolicy", f"{root}:group/developers", ALLOWED),
        (deployer, "iam:GetAccountSummary", "*", ALLOWED),
        (deployer, "iam:CreateAccessKey", f"{root}:user/ada", DENIED),
        (plan, "iam:GetAccountAuthorizationDetails", "*", ALLOWED),
        (plan, "iam:GetPolicyVersion", f"{root}:policy/x", ALLOWED),
        (plan, "iam:AttachUserPolicy", f"{root}:user/ada", DENIED),
        (anywhere, "iam:DeleteRole", f"{root}:role/other", ALLOWED),
        *((anywhere, f"iam:{action}", f"{root}:role/{role}", "ExplicitlyDenied") for action in writes for role in own),
        (anywhere, "iam:GetRole", f"{root}:role/ship", ALLOWED),
    ]
    questions = [
        question([policy], action, resource, me, NOW, **(context[0] if context else {}))
        for policy, action, resource, _, *context in cases
    ]
    answers = judge(questions)
    assert [(case, answer) for case, answer in zip(cases, answers) if case[3] != answer] == []


def test_settings_that_are_wrong_print_nothing(tmp_path):
    repo = GitRepo.create(tmp_path / "repo", {"iamlease.yaml": "version: 1\naws: {policy_path: leases}\n"})
    result = cli.run(cli.SANITIZED, ["policy", "deployer"], repo.path, {}).expect(1)
    assert result.stdout == "" and "iamlease.yaml:2:" in result.stderr


def test_a_teams_mistake_does_not_matter(tmp_path):
    repo = GitRepo.create(tmp_path / "repo", {**NOTHING, "aws-policies/payments.yaml": "aws-polices: {}\n"})
    assert cli.run(cli.SANITIZED, ["policy", "deployer"], repo.path, {}).expect(0).stdout == role_policy("deployer")


@pytest.mark.parametrize("arguments", [[], ["deploy"], ["deployer", "plan"]])
def test_which_role(tmp_path, arguments):
    result = cli.run(cli.SANITIZED, ["policy", *arguments], tmp_path, {}).expect(64)
    assert result.stdout == "" and "'deployer' or 'plan'" in result.stderr


def test_who_lacks_a_permission_hears_where_it_stands(world):
    world.begin(grants(0))
    iam = world.aws.admin[PROD]
    document = json.loads(world.aws.deployer_policy)
    document["Statement"] = [entry for entry in document["Statement"] if entry["Sid"] != "OurPolicies"]
    iam.put_role_policy(RoleName=DEPLOYER, PolicyName="deployer", PolicyDocument=json.dumps(document))
    result = world.run("apply").expect(1)
    assert "iam:CreatePolicy" in result.output and "'iamlease policy deployer' prints all" in result.output
    assert HUB not in result.output

"""Roles of aws-roles with our tag where the deployer may not work: somebody's copy, or those of a policy path before."""

import json

from harness.aws import DEPLOYER, NONPROD, PROD, document, role_policy
from harness.configs import READ_ONLY, files, permanent
from harness.role_files import role, with_roles
from harness.state import our_roles

NAME = "reader"
EC2 = [{"services": "ec2.amazonaws.com"}]
AUDIT, VIEW = (f"arn:aws:iam::aws:policy/{name}" for name in ("SecurityAudit", "job-function/ViewOnlyAccess"))


def attached(iam):
    return {it["PolicyArn"] for it in iam.list_attached_role_policies(RoleName=NAME)["AttachedPolicies"]}


def calls(world):
    return sorted(call.split()[1] for call in world.proxy.writes)


def test_a_copied_tag_holds_up_nobody_else(world):
    """Nothing comes to a role that the deployer may not even read; in the same account others lose what goes."""
    iam = world.aws.admin[PROD]
    other = document({"Effect": "Allow", "Principal": {"Service": "ec2.amazonaws.com"}, "Action": "sts:AssumeRole"})
    world.begin(files([permanent(["dev.read-only"], users=["ada"], environments=["prod"])]))
    world.run("apply").expect(0)
    mark = {"Key": "iamlease", "Value": f"default/payments/{NAME}"}
    iam.create_role(RoleName=NAME, AssumeRolePolicyDocument=other, Tags=[mark])
    roles = {NAME: role(), "second": role(environments=["prod"])}
    world.repo.commit("Roles, and ada goes", with_roles(roles))
    for number in range(2):
        result = world.run("apply").expect(1)
        assert result.output.count("[role-path-fixed]") == 1 and "[account-unreachable]" not in result.output
        assert number == 0 or world.proxy.writes == []
    assert iam.list_attached_user_policies(UserName="ada")["AttachedPolicies"] == []
    assert attached(iam) == set() and iam.get_role(RoleName=NAME)["Role"]["AssumeRolePolicyDocument"] == json.loads(other)
    assert our_roles(world.snapshot()[PROD])["second"]["attached"] == [READ_ONLY] and NAME in our_roles(world.snapshot()[NONPROD])


def test_roles_of_another_policy_path(world):
    """They stay where they were made: they get nothing more, lose what goes, and hold up nobody else."""
    iam = world.aws.admin[PROD]
    world.begin(with_roles({NAME: role(environments=["prod"], managed_policies=[READ_ONLY, AUDIT])}))
    world.run("apply").expect(0)
    trust = iam.get_role(RoleName=NAME)["Role"]["AssumeRolePolicyDocument"]
    settings = json.dumps({"version": 1, "aws": {"policy_path": "/access/"}})
    policy = role_policy("deployer", {"iamlease.yaml": settings})
    for account in (NONPROD, PROD):
        world.aws.admin[account].put_role_policy(RoleName=DEPLOYER, PolicyName="deployer", PolicyDocument=policy)
    ada = files([permanent(["dev.s3-debug"], users=["ada"], environments=["prod"])])
    changed = role(EC2, environments=["prod"], managed_policies=[READ_ONLY, VIEW])
    world.repo.commit("Another path", {**with_roles({NAME: changed}, base=ada), "iamlease.yaml": settings})
    result = world.run("apply").expect(1)
    assert result.output.count("[role-path-fixed]") == 1 and "[account-unreachable]" not in result.output
    assert calls(world) == ["AttachUserPolicy", "CreatePolicy", "DetachRolePolicy"]
    assert attached(iam) == {READ_ONLY} and iam.get_role(RoleName=NAME)["Role"]["AssumeRolePolicyDocument"] == trust
    world.repo.commit("No role", with_roles(base=ada))
    result = world.run("apply").expect(1)
    assert "[role-path-fixed]" in result.output and calls(world) == ["DetachRolePolicy"]
    iam.delete_role(RoleName=NAME)
    world.run("apply").expect(0)
    assert world.proxy.writes == [] and world.repo.applied == world.repo.head

"""OIDC providers of aws-roles that several roles or teams use, and roles that only look like ours."""

import json

import pytest
from harness.aws import PROD, document
from harness.configs import files
from harness.role_files import role, with_roles
from harness.state import our_roles
from test_roles import ISSUER, NAME, PROVIDER, by_token, calls, providers

ONE = {**PROVIDER, "environments": ["prod"]}
ADDRESS = f"https://{ISSUER}"
OTHER_SUBJECT = "system:serviceaccount:other:sa"
EC2 = {"Effect": "Allow", "Principal": {"Service": "ec2.amazonaws.com"}, "Action": "sts:AssumeRole"}


def in_prod(trust=None):
    return role(trust, environments=["prod"])


def of_team(team, roles=None, providers=None):
    content = {key: value for key, value in (("aws-roles", roles), ("oidc-providers", providers)) if value}
    return {
        f"aws-accounts/{team}.yaml": json.dumps({"aws-accounts": {"prod": PROD}}),
        f"aws-roles/{team}.yaml": json.dumps(content),
    }


def by_address(subject=OTHER_SUBJECT):
    return by_token([subject], provider=ADDRESS)


CHANGES = {
    "the team's role names the address, and another subject": (
        with_roles({NAME: in_prod(by_token())}, {"port": ONE}),
        with_roles({NAME: in_prod(by_address())}),
    ),
    "another team's role trusts another subject": (
        {**with_roles({}, {"port": ONE}), **of_team("zebra", {NAME: in_prod(by_address())})},
        {**with_roles(), **of_team("zebra", {NAME: in_prod(by_address(OTHER_SUBJECT + "2"))})},
    ),
    "a new role": (with_roles({}, {"port": ONE}), {**with_roles(), **of_team("zebra", {NAME: in_prod(by_address())})}),
}


@pytest.mark.parametrize("change", CHANGES)
def test_a_provider_that_declared_roles_trust_stays(shipped_world, change):
    world = shipped_world
    before, after = CHANGES[change]
    world.begin(before)
    world.run("apply").expect(0)
    applied = world.repo.applied
    world.repo.commit("The provider goes", after)
    for _ in range(2):
        result = world.run("apply").expect(1)
        assert "[provider-in-use]" in result.output and f"but role {NAME} trusts it: it stays" in result.output
        assert ISSUER in providers(world) and world.repo.applied == applied
        assert OTHER_SUBJECT in json.dumps(our_roles(world.snapshot()[PROD])[NAME]["trust"])
    world.repo.commit("The role too", {**with_roles(), "aws-roles/zebra.yaml": None})
    world.run("apply").expect(0)
    assert providers(world) == {} and world.repo.applied == world.repo.head


def test_a_trust_that_is_put_right_is_no_end_of_it(shipped_world):
    world = shipped_world
    world.begin({**with_roles({}, {"port": ONE}), **of_team("zebra", {NAME: in_prod(by_address())})})
    world.run("apply").expect(0)
    trust = json.dumps(our_roles(world.snapshot()[PROD])[NAME]["trust"]).replace(OTHER_SUBJECT, "by:hand")
    world.aws.admin[PROD].update_assume_role_policy(RoleName=NAME, PolicyDocument=trust)
    world.repo.commit("The provider goes", with_roles())
    assert "[provider-in-use]" in world.run("apply").expect(1).output
    assert calls(world) == ["UpdateAssumeRolePolicy"] and ISSUER in providers(world)


@pytest.mark.parametrize("second", ["aaa", "zebra"])
def test_what_two_teams_declare_otherwise_stays(shipped_world, second):
    """As two changes that were merged one beside the other, each of them green."""
    world = shipped_world
    world.begin(with_roles({}, {"port": ONE}))
    world.run("apply").expect(0)
    before, applied = providers(world), world.repo.applied
    world.repo.commit("Another audience", of_team(second, None, {"eks": {**ONE, "client_ids": ["other"]}}))
    for _ in range(2):
        result = world.run("apply").expect(1)
        assert result.output.count("[provider-differs]") == 2
        assert world.proxy.writes == [] and providers(world) == before and world.repo.applied == applied
    both = {**ONE, "client_ids": ["other", "sts.amazonaws.com"]}
    world.repo.commit("Agreed", {**with_roles({}, {"port": both}), **of_team(second, None, {"eks": both})})
    world.run("apply").expect(0)
    assert calls(world) == ["AddClientIDToOpenIDConnectProvider"] and world.repo.applied == world.repo.head


def test_no_role_is_made_before_its_provider(shipped_world):
    """Its entry is held: whoever makes one of that address meanwhile would be trusted."""
    world = shipped_world
    bad = {**ONE, "thumbprints": ["zz"]}
    world.begin(with_roles())
    world.run("apply").expect(0)
    world.repo.commit("A provider", with_roles({}, {"port": bad}))
    world.run("apply").expect(1)
    world.repo.commit("Its role", with_roles({NAME: in_prod(by_token())}, {"port": bad}))
    world.run("apply").expect(1)
    assert world.proxy.writes == [] and our_roles(world.snapshot()[PROD]) == {}
    world.repo.commit("Mended", with_roles({NAME: in_prod(by_token())}, {"port": ONE}))
    world.run("apply").expect(0)
    assert set(our_roles(world.snapshot()[PROD])) == {NAME} and world.repo.applied == world.repo.head


def test_a_tag_copied_to_a_role_elsewhere_stops_nothing_else(shipped_world):
    """The deployer may not even read it; that role alone has a row, and what is to be taken away is."""
    world = shipped_world
    iam = world.aws.admin[PROD]
    ada = {"description": "x", "users": ["ada@example.com"], "environments": ["prod"], "grants": ["dev.queues"]}
    world.begin(with_roles(base=files([ada])))
    world.run("apply").expect(0)
    tags = [{"Key": "iamlease", "Value": f"default/payments/{NAME}"}]
    iam.create_role(RoleName=NAME, AssumeRolePolicyDocument=document(EC2), Tags=tags)
    world.repo.commit("A role comes, ada goes", with_roles({NAME: in_prod()}))
    result = world.run("apply").expect(1)
    assert "[role-path-fixed]" in result.output and "[account-unreachable]" not in result.output
    assert calls(world) == ["DeletePolicy", "DetachUserPolicy"]
    assert iam.list_attached_role_policies(RoleName=NAME)["AttachedPolicies"] == []
    iam.delete_role(RoleName=NAME)
    world.run("apply").expect(0)
    assert set(our_roles(world.snapshot()[PROD])) == {NAME} and world.repo.applied == world.repo.head

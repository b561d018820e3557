"""Roles of aws-roles: from the file to AWS, changed, and gone, read by boto3 and judged by an independent simulator."""

import json
import re

import pytest
from harness import cli
from harness.aws import NONPROD, PLANNER, PROD, allow, document
from harness.configs import READ_ONLY, files, lease
from harness.judge import ALLOWED, DENIED, judge, question
from harness.proxy import Fault
from harness.role_files import CI, role, with_roles
from harness.state import difference, our_roles
from harness.world import NOW

NAME = "reader"


def assumes(world, account, principal, action="sts:AssumeRole", **context):
    """The question whether the trust policy of the role, as boto3 reads it, lets `principal` in."""
    live = our_roles(world.snapshot()[account])[NAME]
    arn = f"arn:aws:iam::{account}:role/iamlease/{NAME}"
    return {**question([], action, arn, principal, NOW, **context), "trust": live["trust"]}


def test_a_role_is_made_and_goes_with_its_entry(world):
    world.begin(with_roles())
    before = world.snapshot()
    world.repo.commit("A role", with_roles({NAME: role(grants=["dev.s3-debug"])}))
    world.run("apply").expect(0)
    for account in (NONPROD, PROD):
        made = our_roles(world.snapshot()[account])[NAME]
        assert made["attached"] == sorted(
            [READ_ONLY, f"arn:aws:iam::{account}:policy/iamlease/payments-dev-s3-debug"]
        )
    other = CI.replace("github-actions-deployer", "somebody")
    assert judge([assumes(world, NONPROD, CI), assumes(world, NONPROD, other)]) == [ALLOWED, DENIED]
    world.run("apply").expect(0)
    assert world.proxy.writes == []
    world.repo.commit("No role", with_roles())
    world.run("apply").expect(0)
    assert world.snapshot() == before


ISSUER = "oidc.eks.eu-west-1.amazonaws.com/id/A1B2C3"
SUBJECT = "system:serviceaccount:org-acme-port-oidc-sa"
PROVIDER = {"url": f"https://{ISSUER}", "client_ids": ["sts.amazonaws.com"], "environments": ["nonprod", "prod"]}


def by_token(subjects=(SUBJECT,), provider="port"):
    return [{"oidc": {"provider": provider, "audience": "sts.amazonaws.com", "subjects": list(subjects)}}]


def token(world, subject=SUBJECT, audience="sts.amazonaws.com", account=PROD):
    """The question whether a token of the provider lets its bearer in."""
    principal = f"arn:aws:iam::{account}:oidc-provider/{ISSUER}"
    claims = {f"{ISSUER}:sub": subject, f"{ISSUER}:aud": audience}
    asked = assumes(world, account, principal, "sts:AssumeRoleWithWebIdentity", **claims)
    own = [{**entry, "Resource": asked["resource"]} for entry in asked["trust"]["Statement"]]
    # Whoever comes with a token has no policies: only the trust policy is to decide.
    asked = {**asked, "policies": [json.loads(document(allow("*")))], "trust": {**asked["trust"], "Statement": own}}
    # The simulator drops claims of issuers that it does not know: in policy and request alike this is one that it does.
    return json.loads(json.dumps(asked).replace(ISSUER, "accounts.google.com"))


def providers(world, account=PROD):
    """The OIDC providers of an account, by what their ARN ends in."""
    iam = world.aws.admin[account]
    arns = [item["Arn"] for item in iam.list_open_id_connect_providers()["OpenIDConnectProviderList"]]
    return {
        arn.split(":oidc-provider/")[1]: {
            key: value
            for key, value in iam.get_open_id_connect_provider(OpenIDConnectProviderArn=arn).items()
            if key in ("ClientIDList", "ThumbprintList", "Tags")
        }
        for arn in arns
    }


def details(world, name=NAME, account=PROD):
    live = world.aws.admin[account].get_role(RoleName=name)["Role"]
    tags = {tag["Key"]: tag["Value"] for tag in live.get("Tags", [])}
    boundary = live.get("PermissionsBoundary", {}).get("PermissionsBoundaryArn")
    return live["Path"], live.get("Description", ""), live["MaxSessionDuration"], boundary, tags


def calls(world):
    """The writes of the last run, without the number that tells repeated ones apart."""
    return sorted({call.split()[1] for call in world.proxy.writes})


def test_a_provider_and_the_role_that_trusts_it(world):
    world.begin(with_roles())
    before = world.snapshot()
    world.repo.commit("A role", with_roles({NAME: role(by_token())}, {"port": {**PROVIDER, "tags": {"port": "integration"}}}))
    world.run("apply").expect(0)
    writes = [call.split()[1] for call in world.proxy.writes]
    assert writes.index("CreateOpenIDConnectProvider") < writes.index("CreateRole") < writes.index("AttachRolePolicy")
    statement = {  # to the letter: token() asks about another provider's claims
        "Effect": "Allow",
        "Principal": {"Federated": f"arn:aws:iam::{PROD}:oidc-provider/oidc.eks.eu-west-1.amazonaws.com/id/A1B2C3"},
        "Action": ["sts:AssumeRoleWithWebIdentity"],
        "Condition": {
            "StringEquals": {
                "oidc.eks.eu-west-1.amazonaws.com/id/A1B2C3:aud": "sts.amazonaws.com",
                "oidc.eks.eu-west-1.amazonaws.com/id/A1B2C3:sub": "system:serviceaccount:org-acme-port-oidc-sa",
            }
        },
    }
    assert our_roles(world.snapshot()[PROD])[NAME]["trust"] == {"Version": "2012-10-17", "Statement": [statement]}
    live = providers(world)[ISSUER]
    assert live["ClientIDList"] == ["sts.amazonaws.com"]
    assert {"Key": "port", "Value": "integration"} in live["Tags"]
    good, others = [token(world), token(world, account=NONPROD)], [
        token(world, subject=SUBJECT + "2"),
        token(world, subject="system:serviceaccount:org-other-port-oidc-sa"),
        token(world, audience="https://github.com/acme"),
    ]
    assert judge([*good, *others]) == [ALLOWED] * 2 + [DENIED] * 3
    world.run("apply").expect(0)
    assert world.proxy.writes == []
    world.repo.commit("No role", with_roles())
    world.run("apply").expect(0)
    writes = [call.split()[1] for call in world.proxy.writes]
    assert writes.index("DetachRolePolicy") < writes.index("DeleteRole") < writes.index("DeleteOpenIDConnectProvider")
    assert providers(world) == {} and world.snapshot() == before


def test_everything_about_them_is_changed(world):
    """One change after the other, each by the calls that it takes; then a revert."""
    iam = world.aws.admin[PROD]
    steps = [
        (role(by_token(["system:serviceaccount:a:*", SUBJECT])), PROVIDER, ["UpdateAssumeRolePolicy"]),
        (role(by_token(), max_session_hours=4, description="Changed"), PROVIDER, ["UpdateAssumeRolePolicy", "UpdateRole"]),
        ({**role(by_token(), max_session_hours=4), "description": None}, PROVIDER, ["UpdateRole"]),
        (role(by_token(), tags={"team": "payments", "stage": "a"}), PROVIDER, ["TagRole", "UpdateRole"]),
        (role(by_token(), tags={"team": "others"}), PROVIDER, ["TagRole", "UntagRole"]),
        (role(by_token(), managed_policies=[]), PROVIDER, ["DetachRolePolicy", "UntagRole"]),
        (role(by_token()), {**PROVIDER, "client_ids": ["b"], "thumbprints": ["ab" * 20], "tags": {"a": "b"}},
         ["AddClientIDToOpenIDConnectProvider", "AttachRolePolicy", "RemoveClientIDFromOpenIDConnectProvider",
          "TagOpenIDConnectProvider", "UpdateOpenIDConnectProviderThumbprint"]),
        (role(by_token()), {**PROVIDER, "thumbprints": ["AB" * 20]},
         ["AddClientIDToOpenIDConnectProvider", "RemoveClientIDFromOpenIDConnectProvider", "UntagOpenIDConnectProvider"]),
    ]  # fmt: skip
    world.begin(with_roles({NAME: role(by_token())}, {"port": PROVIDER}))
    world.run("apply").expect(0)
    for number, (changed, provider, expected) in enumerate(steps):
        changed = {key: value for key, value in changed.items() if value is not None}
        world.repo.commit(f"Change {number}", with_roles({NAME: changed}, {"port": provider}))
        world.run("plan", "--base", "HEAD~1", "--head", "HEAD").expect(0)
        world.run("apply").expect(0)
        assert calls(world) == expected, number
        world.run("apply").expect(0)
        assert world.proxy.writes == [], number
        hours, tags = changed.get("max_session_hours", 1), changed.get("tags", {})
        assert details(world) == (
            "/iamlease/", changed.get("description", ""), 3600 * hours, None, {"iamlease": "default/payments/reader", **tags}
        )  # fmt: skip
        if number == 0:
            [statement] = our_roles(world.snapshot()[PROD])[NAME]["trust"]["Statement"]
            assert statement["Condition"] == {
                "StringEquals": {"oidc.eks.eu-west-1.amazonaws.com/id/A1B2C3:aud": "sts.amazonaws.com"},
                "StringLike": {
                    "oidc.eks.eu-west-1.amazonaws.com/id/A1B2C3:sub": [
                        "system:serviceaccount:a:*", "system:serviceaccount:org-acme-port-oidc-sa"
                    ]
                },
            }  # fmt: skip
            wide = [token(world), token(world, subject="system:serviceaccount:a:b"), token(world, subject="system:b")]
            assert judge(wide) == [ALLOWED, ALLOWED, DENIED]
    assert iam.list_attached_role_policies(RoleName=NAME)["AttachedPolicies"]
    assert providers(world)[ISSUER]["ClientIDList"] == ["sts.amazonaws.com"]


def test_a_boundary_comes_changes_and_goes(world):
    world.begin(with_roles({NAME: role()}))
    world.run("apply").expect(0)
    arns = [
        world.aws.admin[account].create_policy(PolicyName="limit", PolicyDocument=document(allow("s3:*")))["Policy"]["Arn"]
        for account in (NONPROD, PROD)
    ]
    for boundary, call in [(arns[1], "PutRolePermissionsBoundary"), (None, "DeleteRolePermissionsBoundary")]:
        more = {"permissions_boundary": boundary} if boundary else {}
        world.repo.commit("Bound", with_roles({NAME: role(environments=["prod"], **more)}))
        world.run("apply").expect(0)
        assert call in calls(world)
        assert details(world)[3] == boundary


def test_one_boundary_for_all_accounts(world):
    """The account is left out, in aws-roles and in iamlease.yaml: roles and leases of an account have that of the account."""
    accounts, written, lent = (NONPROD, PROD), "policy/limits/team", "temp-payments-dev-s3-debug-bert"
    for account in accounts:
        world.aws.admin[account].create_policy(PolicyName="team", Path="/limits/", PolicyDocument=document(allow("s3:*")))
    shall = [f"arn:aws:iam::{account}:{written}" for account in accounts]

    def settings(**aws):
        return {"iamlease.yaml": json.dumps({"version": 1, "aws": {"plan_role": PLANNER, **aws}})}

    def boundaries(name):
        return [details(world, name, account)[3] for account in accounts]

    def mends(name):
        """A boundary that somebody changes by hand is drift in one account, and put right there."""
        world.aws.admin[PROD].put_role_permissions_boundary(RoleName=name, PermissionsBoundary=READ_ONLY)
        plan = world.run("plan", "--live", "--json").expect(0).json
        found = [row for row in plan["operations"]["items"] if row["operation"] == "set-boundary-of-role"]
        assert [row["permissions_boundary"] for row in found] == shall[1:]
        world.run("apply").expect(0)
        assert boundaries(name) == shall
        world.run("apply").expect(0)
        assert world.proxy.writes == []

    world.begin({**with_roles(), **settings()})
    world.repo.commit("Its own", {**with_roles({NAME: role(permissions_boundary=written)}), **settings()})
    world.run("apply").expect(0)
    assert boundaries(NAME) == shall
    mends(NAME)
    lends = [{**lease("bert", "dev.s3-debug", "2026-06-03"), "mode": "role"}]
    lends += [{**lends[0], "environment": "nonprod"}]
    world.aws.deploy_by(written)
    base = {**files(temporary=lends), **settings(permissions_boundary=written)}
    world.repo.commit("For all", with_roles({NAME: role()}, base=base))
    world.run("apply").expect(0)
    assert boundaries(NAME) == boundaries(lent) == shall
    mends(lent)


def test_a_boundary_of_another_account_is_refused(world):
    """AWS would take it in its own account only, and the role would be missing in the others."""
    world.begin(with_roles())
    bound = f"arn:aws:iam::{PROD}:policy/limit"
    settings = {"iamlease.yaml": json.dumps({"version": 1, "aws": {"permissions_boundary": bound}})}
    for committed in (with_roles({NAME: role(permissions_boundary=bound)}), {**with_roles({NAME: role()}), **settings}):
        world.repo.commit("Bound", committed)
        said = world.run("validate", "--base", "HEAD~1").expect(1).output
        assert "policy-other-account" in said and f"account {NONPROD}" in said and "'policy/limit'" in said
        world.run("apply").expect(1)
        assert world.proxy.writes == []
    world.repo.commit("In one account", with_roles({NAME: role(environments=["prod"], permissions_boundary=bound)}))
    world.run("validate", "--base", "HEAD~1").expect(0)


def test_what_somebody_else_made_is_left_alone(world):
    """A role of that name, and a provider of that address: errors, and nothing is attached or changed."""
    iam = world.aws.admin[PROD]
    other = document({"Effect": "Allow", "Principal": {"Service": "ec2.amazonaws.com"}, "Action": "sts:AssumeRole"})
    world.begin(with_roles())
    iam.create_role(RoleName="Reader", AssumeRolePolicyDocument=other)
    iam.create_open_id_connect_provider(Url=f"https://{ISSUER}", ClientIDList=["theirs"], ThumbprintList=["cd" * 20])
    before = world.snapshot()[PROD], providers(world)
    named = {"lower": role(by_token(), grants=["dev.s3-debug"]), NAME: role(grants=["dev.s3-debug"])}
    world.repo.commit("Roles", with_roles(named, {"port": PROVIDER}))
    result = world.run("apply").expect(1)
    assert result.output.count("[foreign-role]") == 1 and result.output.count("[foreign-provider]") == 1
    assert (world.snapshot()[PROD], providers(world)) == before
    assert set(our_roles(world.snapshot()[NONPROD])) == {NAME, "lower"}
    using = {"url": f"https://{ISSUER}", "existing": True, "environments": ["prod"]}
    world.repo.commit("Use it", with_roles({"lower": role(by_token(), environments=["prod"])}, {"port": using}))
    world.run("apply").expect(0)
    assert providers(world) == before[1] and our_roles(world.snapshot()[PROD]).keys() == {"lower"}
    world.repo.commit("No more", with_roles())
    world.run("apply").expect(0)
    assert (world.snapshot()[PROD], providers(world)) == before


def test_the_policies_of_somebody_elses_role_stay(world):
    """It has our name, and the policy that the entry gives: neither an edit of the entry nor its end takes that away."""
    iam = world.aws.admin[PROD]
    other = document({"Effect": "Allow", "Principal": {"Service": "ec2.amazonaws.com"}, "Action": "sts:AssumeRole"})

    def make():
        iam.create_role(RoleName="Reader", AssumeRolePolicyDocument=other)
        iam.attach_role_policy(RoleName="Reader", PolicyArn=READ_ONLY)

    def has_its_policy():
        return [it["PolicyArn"] for it in iam.list_attached_role_policies(RoleName="Reader")["AttachedPolicies"]] == [READ_ONLY]

    world.begin(with_roles())
    make()
    for managed in (READ_ONLY, "arn:aws:iam::aws:policy/SecurityAudit"):
        named = {NAME: role(environments=["prod"], managed_policies=[managed])}
        world.repo.commit(managed, with_roles(named))
        assert "[foreign-role]" in world.run("apply").expect(1).output and world.proxy.writes == []
    world.repo.commit("No more", with_roles())
    world.run("apply").expect(0)
    assert world.proxy.writes == [] and has_its_policy()
    iam.detach_role_policy(RoleName="Reader", PolicyArn=READ_ONLY)
    iam.delete_role(RoleName="Reader")
    world.repo.commit("Ours", with_roles({NAME: role(environments=["prod"])}))
    world.run("apply").expect(0)
    world.repo.commit("Not ours", with_roles())
    world.run("apply").expect(0)
    make()
    world.run("cleanup", "--leftovers", "remove").expect(0)
    assert world.proxy.writes == [] and has_its_policy()


def test_a_copied_tag_makes_no_role_ours(world):
    """Of another name; of the same name at another path, where it is said; of one that bootstrap made."""
    iam = world.aws.admin[PROD]
    other = document({"Effect": "Allow", "Principal": {"Service": "ec2.amazonaws.com"}, "Action": "sts:AssumeRole"})
    mark = {"Key": "iamlease", "Value": f"default/payments/{NAME}"}
    boot = {"Key": "iamlease-bootstrap", "Value": "default"}
    world.begin(with_roles({"other": role(environments=["prod"])}))
    world.run("apply").expect(0)
    iam.create_role(RoleName="theirs", Path="/prod/", AssumeRolePolicyDocument=other, Tags=[mark])
    iam.create_role(RoleName=NAME, Path="/iamlease/", AssumeRolePolicyDocument=other, Tags=[mark, boot])
    world.run("apply").expect(0)
    assert world.proxy.writes == []
    iam.delete_role(RoleName=NAME)
    iam.create_role(RoleName=NAME, Path="/prod/", AssumeRolePolicyDocument=other, Tags=[mark])
    result = world.run("apply").expect(1)
    assert "[role-path-fixed]" in result.output and "[account-unreachable]" not in result.output
    assert world.proxy.writes == []


def test_a_provider_must_be_there_to_be_used_as_it_is(world):
    using = {"url": f"https://{ISSUER}", "existing": True, "environments": ["prod"]}
    world.begin(with_roles({NAME: role(by_token(), environments=["prod"])}, {"port": using}))
    assert "[provider-not-found]" in world.run("apply").expect(1).output
    assert our_roles(world.snapshot()[PROD]) == {}


def test_a_provider_that_others_trust_stays(world):
    iam = world.aws.admin[PROD]
    world.begin(with_roles({NAME: role(by_token())}, {"port": PROVIDER}))
    world.run("apply").expect(0)
    theirs = json.dumps(our_roles(world.snapshot()[PROD])[NAME]["trust"])
    iam.create_role(RoleName="theirs", AssumeRolePolicyDocument=theirs)
    world.repo.commit("No more", with_roles())
    before = world.repo.applied
    for _ in range(2):
        result = world.run("apply").expect(1)
        assert "[provider-in-use]" in result.output and "but role theirs trusts it: it stays" in result.output
        assert ISSUER in providers(world) and providers(world, NONPROD) == {} and world.repo.applied == before
    iam.delete_role(RoleName="theirs")
    world.run("apply").expect(0)
    assert providers(world) == {} and world.repo.applied == world.repo.head


def test_what_was_put_on_a_role_by_hand(world):
    """It is said and left there; the role is not deleted with it, but loses what it had of us."""
    iam = world.aws.admin[PROD]
    world.begin(with_roles({NAME: role()}))
    world.run("apply").expect(0)
    iam.put_role_policy(RoleName=NAME, PolicyName="theirs", PolicyDocument=document(allow("s3:*")))
    iam.tag_role(RoleName=NAME, Tags=[{"Key": "cost", "Value": "1"}])
    result = world.run("apply").expect(0)
    assert world.proxy.writes == [] and "inline policy theirs, which no file declares" in result.output
    world.repo.commit("No more", with_roles())
    result = world.run("apply").expect(1)
    assert "[role-not-empty]" in result.output
    assert our_roles(world.snapshot()[PROD])[NAME]["attached"] == []
    iam.delete_role_policy(RoleName=NAME, PolicyName="theirs")
    world.run("apply").expect(0)
    assert our_roles(world.snapshot()[PROD]) == {} and world.repo.applied == world.repo.head


def test_an_audience_that_somebody_added(world):
    """It is said and left there, as a role of theirs may need it; what a file declared goes with its line."""
    iam = world.aws.admin[PROD]
    arn = {"OpenIDConnectProviderArn": f"arn:aws:iam::{PROD}:oidc-provider/{ISSUER}"}
    both = {**PROVIDER, "environments": ["prod"], "client_ids": ["sts.amazonaws.com", "ours"]}
    world.begin(with_roles({NAME: role(by_token(), environments=["prod"])}, {"port": both}))
    world.run("apply").expect(0)
    iam.add_client_id_to_open_id_connect_provider(**arn, ClientID="theirs")
    result = world.run("apply").expect(0)
    assert world.proxy.writes == [] and "has the audience theirs, which no file declares" in result.output
    fewer = {**both, "client_ids": ["sts.amazonaws.com"]}
    world.repo.commit("One less", with_roles({NAME: role(by_token(), environments=["prod"])}, {"port": fewer}))
    world.run("apply").expect(0)
    assert calls(world) == ["RemoveClientIDFromOpenIDConnectProvider"]
    assert sorted(iam.get_open_id_connect_provider(**arn)["ClientIDList"]) == ["sts.amazonaws.com", "theirs"]


def test_a_role_in_an_instance_profile_waits(world):
    iam = world.aws.admin[PROD]
    world.begin(with_roles({NAME: role([{"services": "ec2.amazonaws.com"}], environments=["prod"])}))
    world.run("apply").expect(0)
    iam.create_instance_profile(InstanceProfileName="p")
    iam.add_role_to_instance_profile(InstanceProfileName="p", RoleName=NAME)
    world.repo.commit("No more", with_roles())
    result = world.run("apply").expect(1)
    assert "[role-not-empty]" in result.output and "the instance profile p" in result.output
    assert calls(world) == ["DetachRolePolicy"]
    iam.remove_role_from_instance_profile(InstanceProfileName="p", RoleName=NAME)
    world.run("apply").expect(0)
    assert our_roles(world.snapshot()[PROD]) == {}


def test_whom_it_trusted_is_deleted_and_made_again(world):
    """AWS shows an id in place of the name: who has the name now is trusted when the entry is edited, and not before."""
    iam = world.aws.admin[PROD]
    bert = role([{"principals": [f"arn:aws:iam::{PROD}:user/bert"]}], environments=["prod"])
    gone = document({"Effect": "Allow", "Principal": {"AWS": "AIDAEXAMPLEEXAMPLE123"}, "Action": "sts:AssumeRole"})
    world.begin(with_roles({NAME: bert}))
    world.run("apply").expect(0)
    iam.update_assume_role_policy(RoleName=NAME, PolicyDocument=gone)
    more = {**bert, "managed_policies": [READ_ONLY, "arn:aws:iam::aws:policy/SecurityAudit"]}
    for declared in (bert, more):
        world.repo.commit("Policies", {**with_roles({NAME: declared}), "README.md": f"{declared}\n"})
        assert "[principal-recreated]" in world.run("apply").expect(1).output
        trust = our_roles(world.snapshot()[PROD])[NAME]["trust"]
        assert trust["Statement"][0]["Principal"] == {"AWS": "AIDAEXAMPLEEXAMPLE123"}
    world.repo.commit("The new one", with_roles({NAME: {**more, "description": "For the new bert"}}))
    world.run("apply").expect(0)
    trust = our_roles(world.snapshot()[PROD])[NAME]["trust"]
    assert trust["Statement"][0]["Principal"] == {"AWS": f"arn:aws:iam::{PROD}:user/bert"}


def test_a_name_in_other_letters_is_the_same_role(world):
    declared = role(environments=["prod"])
    world.begin(with_roles({NAME: declared, "Reader": declared}))
    assert "role-name-taken" in world.run("validate").expect(1).output
    world.begin(with_roles({NAME: declared}))
    world.run("apply").expect(0)
    world.repo.commit("Other letters", with_roles({"Reader": declared}))
    result = world.run("plan", "--base", "HEAD~1", "--head", "HEAD").expect(1)
    assert "was until now 'reader': IAM has one role of both names" in result.output
    world.run("apply").expect(1)
    assert world.proxy.writes == []
    world.repo.commit("First without it", with_roles())
    world.run("apply").expect(0)
    world.repo.commit("Then by its new name", with_roles({"Reader": declared}))
    world.run("apply").expect(0)
    assert set(our_roles(world.snapshot()[PROD])) == {"Reader"} and world.repo.applied == world.repo.head


def order(world):
    """The writes of the last run in production, as "Action role"."""
    return [" ".join(name.split()[1:3]) for name in world.proxy.writes if name.startswith(PROD)]


@pytest.mark.parametrize("mode", ["inline", "policy", "role"])
def test_a_lease_to_a_role_that_is_new(world, mode):
    """It waits for the role, and trusts it where it will be."""
    entry = {"description": "x", "role": NAME, "environment": "prod", "expiration_date": "2026-06-03", "grant": "dev.s3-debug", "mode": mode}
    world.begin(with_roles())
    world.run("apply").expect(0)
    world.repo.commit("A role and a lease", with_roles({NAME: role(environments=["prod"], path="/iamlease/ci/")}, base=files(temporary=[entry])))
    world.run("apply", faults=[Fault("throttle", f"{PROD} CreateRole {NAME} #1")]).expect(0)
    if mode == "role":
        lent = our_roles(world.snapshot()[PROD])[f"temp-payments-dev-s3-debug-{NAME}"]
        assert lent["trust"]["Statement"][0]["Principal"] == {"AWS": f"arn:aws:iam::{PROD}:role/iamlease/ci/{NAME}"}
        assert order(world).index(f"CreateRole {NAME}") < order(world).index(f"CreateRole temp-payments-dev-s3-debug-{NAME}")
    world.run("apply").expect(0)
    assert world.proxy.writes == []


def test_what_bounds_a_role_comes_first_and_goes_last(world):
    """At no moment may somebody do without the boundary what no commit gives him without it."""
    bound = "arn:aws:iam::aws:policy/PowerUserAccess"
    other, full = [{"services": ["ec2.amazonaws.com"]}], "arn:aws:iam::aws:policy/AmazonS3FullAccess"
    within = {NAME: role(environments=["prod"], managed_policies=[READ_ONLY, full], permissions_boundary=bound)}
    free = {NAME: role(other, environments=["prod"])}
    world.begin(with_roles(within))
    world.run("apply").expect(0)
    world.repo.commit("Without", with_roles(free))
    world.run("apply").expect(0)
    assert order(world) == [f"{action} {NAME}" for action in ("DetachRolePolicy", "UpdateAssumeRolePolicy", "DeleteRolePermissionsBoundary")]
    world.repo.commit("With", with_roles(within))
    world.run("apply").expect(0)
    assert order(world) == [f"{action} {NAME}" for action in ("PutRolePermissionsBoundary", "UpdateAssumeRolePolicy", "AttachRolePolicy")]


def test_back_to_whom_it_trusted_before(world):
    """A run was cut off, its change is reverted: what AWS has counts, not what was applied."""
    other, full = [{"services": ["ec2.amazonaws.com"]}], "arn:aws:iam::aws:policy/AmazonS3FullAccess"
    world.begin(with_roles({NAME: role(environments=["prod"])}))
    world.run("apply").expect(0)
    world.repo.commit("Others", with_roles({NAME: role(other, environments=["prod"], managed_policies=[full])}))
    world.run("apply", faults=[Fault("kill_after", f"{PROD} AttachRolePolicy {NAME} AmazonS3FullAccess #1")]).expect(-9)
    world.repo.revert()
    world.run("apply").expect(0)
    assert order(world) == [f"{action} {NAME}" for action in ("DetachRolePolicy", "UpdateAssumeRolePolicy", "AttachRolePolicy")]


def test_a_lease_that_goes_with_a_trust_that_comes(world):
    """Who comes to be trusted never has what goes, or is lent for less."""
    lent = [
        {"description": "x", "role": NAME, "environment": "prod", "expiration_date": date, "grant": grant, "mode": "inline"}
        for date, grant in [("2026-06-05", "dev.s3-debug"), ("2026-06-05", "dev.queues")]
    ]
    world.begin(with_roles({NAME: role(environments=["prod"])}, base=files(temporary=lent)))
    world.run("apply").expect(0)
    both = [{"principals": [CI]}, {"services": ["ec2.amazonaws.com"]}]
    shorter = [{**lent[0], "expiration_date": "2026-06-03"}]
    world.repo.commit("More", with_roles({NAME: role(both, environments=["prod"])}, base=files(temporary=shorter)))
    world.run("apply").expect(0)
    assert order(world)[-1] == f"UpdateAssumeRolePolicy {NAME}" and sorted(order(world)) == [
        f"{action} {NAME}" for action in ("DeleteRolePolicy", "PutRolePolicy", "UpdateAssumeRolePolicy")
    ]
    longer = [{**lent[0], "expiration_date": "2026-06-05"}]
    world.repo.commit("Less", with_roles({NAME: role(environments=["prod"])}, base=files(temporary=longer)))
    world.run("apply").expect(0)
    assert order(world) == [f"{action} {NAME}" for action in ("UpdateAssumeRolePolicy", "PutRolePolicy")]


LIVE = {"iamlease.yaml": json.dumps({"aws": {"plan_role": "AWSSelfServePlanner"}})}


def test_drift_is_seen_and_put_right(world):
    iam = world.aws.admin[PROD]
    world.begin({**with_roles({NAME: role(by_token())}, {"port": PROVIDER}), **LIVE})
    world.run("apply").expect(0)
    good = world.snapshot(), providers(world), details(world)
    anybody = document({"Effect": "Allow", "Principal": {"AWS": "*"}, "Action": "sts:AssumeRole"})
    iam.update_assume_role_policy(RoleName=NAME, PolicyDocument=anybody)
    iam.update_role(RoleName=NAME, Description="Mine", MaxSessionDuration=43200)
    iam.detach_role_policy(RoleName=NAME, PolicyArn=READ_ONLY)
    arn = f"arn:aws:iam::{PROD}:oidc-provider/{ISSUER}"
    iam.update_open_id_connect_provider_thumbprint(OpenIDConnectProviderArn=arn, ThumbprintList=["ef" * 20])
    world.repo.commit("Something else", {"README.md": "x\n"})
    plan = json.loads(world.run("plan", "--live", "--json", "--base", "HEAD~1", "--head", "HEAD").expect(0).stdout)
    kinds = sorted(row["kind"] for row in plan["drift"])
    assert kinds == ["changed", "changed", "missing"], plan["drift"]
    world.run("apply").expect(0)
    assert calls(world) == ["AttachRolePolicy", "UpdateAssumeRolePolicy", "UpdateRole"]
    assert difference((world.snapshot(), details(world)), (good[0], good[2])) == []


@pytest.mark.parametrize("ending", ["applied", "reverted"])
def test_killed_at_every_call(shipped_world, ending):
    world = shipped_world
    declared = with_roles(
        {NAME: role(by_token(), grants=["dev.s3-debug"], environments=["prod"])},
        {"port": {**PROVIDER, "environments": ["prod"]}},
    )
    world.begin(with_roles())
    empty = world.snapshot(), providers(world)
    world.repo.commit("Roles", declared)
    world.save("start")
    world.run("apply").expect(0)
    writes = world.proxy.writes
    expected = (world.snapshot(), providers(world)) if ending == "applied" else empty
    for name in writes:
        world.restore("start")
        world.run("apply", faults=[Fault("kill_after", name)]).expect(-9)
        if ending == "reverted":
            world.repo.revert()
        result = world.run("apply")
        assert result.code == 0, f"killed after {name}\n{result}"
        assert difference((world.snapshot(), providers(world)), expected) == [], f"killed after {name}"
        world.run("apply").expect(0)
        assert world.proxy.writes == []


def test_the_example_of_port_is_made_as_the_page_says(world):
    """Both files as they are, but for the ids of the accounts; the trust policy to the letter."""
    example = cli.ROOT / "examples" / "port-integration"
    ids = {"123456789012": NONPROD, "345678901234": PROD}
    page = (cli.ROOT / "docs" / "roles.md").read_text()
    texts = {str(path.relative_to(example)): path.read_text() for path in example.rglob("*.yaml")}
    (shown,) = re.findall(r"^```json\n(.*?)^```$", page, re.MULTILINE | re.DOTALL)
    for old, new in ids.items():
        texts = {path: text.replace(old, new) for path, text in texts.items()}
    world.begin(texts)
    world.run("validate").expect(0)
    world.run("apply").expect(0)
    for old, account in ids.items():
        made = our_roles(world.snapshot()[account])["port-integration"]
        wanted = json.loads(shown.replace("123456789012", account))
        (entry,) = wanted["Statement"]
        assert made["trust"] == {**wanted, "Statement": [{**entry, "Action": [entry["Action"]]}]}, old
        assert made["attached"] == [READ_ONLY] and made["inline"] == {}
        ((issuer, provider),) = providers(world, account).items()
        assert issuer.startswith("oidc.eks.eu-west-1.amazonaws.com/id/")
        assert provider["ClientIDList"] == ["sts.amazonaws.com"]
        assert {"Key": "port", "Value": "integration"} in provider["Tags"]
    world.run("apply").expect(0)
    assert world.proxy.writes == []


def approved_in(**environments):
    return {"iamlease.yaml": json.dumps({"version": 1, "environments": environments})}


def test_a_role_needs_the_approvals_of_its_accounts(world):
    """Without them a new role and a wider trust are held, with all that the role is granted; narrower passes."""
    rules = approved_in(prod={"approvals": 1})
    both = [{"principals": [CI]}, {"services": ["ec2.amazonaws.com"]}]
    world.begin({**with_roles(), **rules})
    world.run("apply").expect(0)
    world.repo.commit("A role", with_roles({NAME: role(both, grants=["dev.s3-debug"])}))
    result = world.run("apply").expect(1)
    assert result.output.count("[held-approval]") == 2  # the role, and its grant
    assert our_roles(world.snapshot()[PROD]) == {} and NAME in our_roles(world.snapshot()[NONPROD])
    world.run("apply", "--accept", re.search(r"--accept ([0-9a-f]{64})", result.output)[1]).expect(0)
    before = world.snapshot()[PROD]
    world.repo.commit("Wider", with_roles({NAME: role([*both, {"account": PROD}], grants=["dev.s3-debug"])}))
    assert "[held-approval]" in world.run("apply").expect(1).output
    assert world.snapshot()[PROD] == before
    world.repo.commit("Narrower", with_roles({NAME: role(grants=["dev.s3-debug"])}))
    world.run("apply").expect(0)
    assert judge([assumes(world, NONPROD, CI), assumes(world, PROD, "arn:aws:iam::999999999999:role/x")])[1] == DENIED
    assert len(our_roles(world.snapshot()[PROD])[NAME]["trust"]["Statement"]) == 1


def test_what_two_teams_share(world):
    """One provider, and a role that one team keeps and the other grants something to."""
    other = {
        "aws-accounts/zebra.yaml": json.dumps({"aws-accounts": {"prod": PROD}}),
        "aws-policies/zebra.yaml": json.dumps({"aws-policies": {"queues": {"custom_statements": [
            {"effect": "Allow", "actions": ["sqs:*"], "resources": ["*"]}]}}}),
        "permanent-access/zebra.yaml": json.dumps({"permanent-access": [
            {"roles": [NAME], "environments": ["prod"], "grants": ["queues"]}]}),
        "aws-roles/zebra.yaml": json.dumps({"oidc-providers": {"eks": {**PROVIDER, "environments": ["prod"]}}}),
    }  # fmt: skip
    kept = {NAME: role(by_token(), environments=["prod"])}
    world.begin({**with_roles(kept, {"port": {**PROVIDER, "environments": ["prod"]}}), **other})
    world.run("apply").expect(0)
    queues = f"arn:aws:iam::{PROD}:policy/iamlease/zebra-queues"
    assert our_roles(world.snapshot()[PROD])[NAME]["attached"] == sorted([READ_ONLY, queues])
    world.repo.commit("The first gives up", with_roles())
    result = world.run("apply")
    assert result.code == 1 and "another entry still grants it" in result.output
    assert our_roles(world.snapshot()[PROD])[NAME]["attached"] == [queues] and ISSUER in providers(world)
    world.repo.commit("The other one too", {path: None for path in other})
    world.run("apply").expect(0)
    assert providers(world) == {} and world.repo.applied == world.repo.head


def test_who_has_a_role_and_nothing_is_cleaned_up(world):
    world.begin(with_roles({NAME: role(by_token())}, {"port": PROVIDER}))
    world.run("apply").expect(0)
    shown = json.loads(world.run("who", "--json").expect(0).stdout)
    assert {row["principal"]["name"] for row in shown["holdings"]} == {NAME}
    world.run("cleanup", now="2030-01-01T00:00:00Z").expect(0)
    assert world.proxy.writes == []

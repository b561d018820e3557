"""From accounts in which there is nothing of iamlease to a plan and an apply, with roles that bootstrap alone made."""

import json

import pytest
from harness import self_serve
from harness.aws import HUB, MANAGED, NONPROD, PROD, allow, document, role_policy
from harness.bootstrapping import (
    APPLY_HUB,
    DEPLOYER,
    PLAN_HUB,
    PLANNER,
    PROVIDER,
    PROVIDER_ARN,
    SETTINGS,
    TAG,
    administrator,
    configuration,
    made,
    open_members,
    subjects,
)
from harness.configs import files, permanent
from harness.judge import ALLOWED, judge
from harness.oidc import Oidc
from harness.proxy import Fault
from harness.state import our_inline

KILLED = -9
ADMINISTRATOR = "arn:aws:iam::aws:policy/AdministratorAccess"


@pytest.fixture
def company(world):
    """A repository, and accounts that an administrator of the hub may enter; `owner` is the environment of that one."""
    world.begin(configuration())
    world.owner = administrator(world)
    open_members(world)
    return world


@pytest.fixture
def github():
    server = Oidc()
    yield server
    server.stop()


def bootstrap(world, *arguments, **more):
    return world.run("bootstrap", *arguments, now=None, **{**world.owner, **more})


def job(github, role):
    return {**github.environment, "IAMLEASE_ROLE_TO_ASSUME": f"arn:aws:iam::{HUB}:role/{role}"}


def test_from_nothing_to_an_apply(company, github):
    world = company
    bootstrap(world).expect(0)
    state = made(world)
    assert [len(account["roles"]) for account in state.values()] == [2, 2, 2]
    assert state[HUB]["providers"][PROVIDER_ARN]["clients"] == ["sts.amazonaws.com"]
    for account in MANAGED:
        for role, kind in ((DEPLOYER, "deployer"), (PLANNER, "plan")):
            printed = json.loads(role_policy(kind, {"iamlease.yaml": json.dumps(SETTINGS)}))
            assert state[account]["roles"][role]["inline"] == {"iamlease": printed}
    assert all(role["tags"] == {TAG: "default"} for account in state.values() for role in account["roles"].values())

    bootstrap(world).expect(0)
    assert world.proxy.writes == [] and made(world) == state
    assert bootstrap(world, "--check").expect(0).stdout.startswith("bootstrap, check: nothing to do")

    for subject in [*subjects("ref:refs/heads/main"), *subjects("environment:iamlease")]:
        github.subject = subject
        world.run("apply", **job(github, APPLY_HUB)).expect(0)
    assert our_inline(world.snapshot()[PROD])
    for subject in subjects("pull_request"):
        github.subject = subject
        plan = world.run("plan", "--live", "--json", **job(github, PLAN_HUB)).expect(0).json
        assert plan["operations"]["implied"] is False and plan["problems"] == []

    github.subject = subjects("environment:iamlease")[0]
    head = world.repo.commit("Nothing", {**files(), "iamlease.yaml": json.dumps(SETTINGS)})
    world.run("apply", "--accept-removals", head, "--leftovers", "remove", **job(github, APPLY_HUB)).expect(0)
    world.run("cleanup", "--leftovers", "remove", now="2027-06-01T09:00:00Z", **job(github, APPLY_HUB)).expect(0)
    assert not our_inline(world.snapshot()[PROD])
    assert made(world) == state, "what bootstrap made is no candidate for removal"


@pytest.mark.parametrize("subject", ["repo:acme/other:environment:iamlease", "repo:acme/access:ref:refs/heads/else",
                                     "repo:acme/access:pull_request", "repo:evil@1/access@567890:environment:iamlease"])  # fmt: skip
def test_nobody_else_may_apply(company, github, subject):
    bootstrap(company).expect(0)
    github.subject = subject
    result = company.run("apply", **job(github, APPLY_HUB)).expect(1)
    assert "AccessDenied" in result.output and company.proxy.writes == []


QUEUE = "ref:refs/heads/gh-readonly-queue/main/pr-7-0123abc"


def test_plans_of_a_merge_queue_and_of_a_branch(company, github):
    world = company
    world.begin(configuration(plan_branch="main", branch=None))
    world.owner = administrator(world)
    open_members(world)
    bootstrap(world).expect(0)
    for subject in [*subjects(QUEUE), *subjects("ref:refs/heads/main")]:
        github.subject = subject
        world.run("plan", "--live", **job(github, PLAN_HUB)).expect(0)
        assert "AccessDenied" in world.run("apply", **job(github, APPLY_HUB)).expect(1).output
    for subject in [*subjects("ref:refs/heads/mainly"), "repo:acme/access2:" + QUEUE]:
        github.subject = subject
        assert "AccessDenied" in world.run("plan", "--live", **job(github, PLAN_HUB)).expect(1).output


def test_taking_over_with_roles_of_bootstrap(company, github):
    """What cloud-iam-self-serve left is adopted, stays as it is in a check, and is revoked at last."""
    world = company
    iam = world.aws.admin[PROD]
    settings = configuration(adopts=True)["iamlease.yaml"]
    grants = files([permanent(["dev.read-only"], users=["ada"], environments=["prod"])])
    world.repo.commit("Take over", {**grants, "iamlease.yaml": settings})
    self_serve.leave(world, grants)
    bootstrap(world).expect(0)
    github.subject = subjects("environment:iamlease")[0]
    world.run("apply", "--adopt", **job(github, APPLY_HUB)).expect(0)
    bootstrap(world, "--check").expect(0)
    world.repo.commit("Nothing", {**files(), "iamlease.yaml": settings})
    world.run("apply", **job(github, APPLY_HUB)).expect(0)
    assert not iam.list_attached_user_policies(UserName="ada")["AttachedPolicies"]


def spoil(world, account, change):
    """Somebody changes by hand what bootstrap made."""
    iam = world.aws.admin[account]
    role = {"RoleName": DEPLOYER if account != HUB else APPLY_HUB}
    trust = {"Effect": "Allow", "Principal": {"AWS": f"arn:aws:iam::{PROD}:root"}, "Action": "sts:AssumeRole"}
    changes = {
        "its policy is missing": lambda: iam.delete_role_policy(**role, PolicyName="iamlease"),
        "its policy is another one": lambda: iam.put_role_policy(
            **role, PolicyName="iamlease", PolicyDocument=document(allow("*"))
        ),
        "it trusts others": lambda: iam.update_assume_role_policy(**role, PolicyDocument=document(trust)),
        "bootstrap did not give it": lambda: (
            iam.attach_role_policy(**role, PolicyArn=ADMINISTRATOR),
            iam.put_role_policy(**role, PolicyName="more", PolicyDocument=document(allow("*"))),
        ),
        "the length of its sessions": lambda: iam.update_role(**role, Description="x", MaxSessionDuration=7200),
        "it is missing": lambda: (
            iam.delete_role_policy(**role, PolicyName="iamlease"),
            iam.delete_role(**role),
        ),
        "create OIDC provider": lambda: iam.delete_open_id_connect_provider(OpenIDConnectProviderArn=PROVIDER_ARN),
        "add client id": lambda: iam.remove_client_id_from_open_id_connect_provider(
            OpenIDConnectProviderArn=PROVIDER_ARN, ClientID="sts.amazonaws.com"
        ),
    }
    changes[change]()


def test_check_names_what_differs_and_a_run_mends_it(company, shipped_world):
    world = company
    bootstrap(world).expect(0)
    state = made(world)
    of_roles = ["its policy is missing", "its policy is another one", "it trusts others", "bootstrap did not give it",
                "the length of its sessions", "it is missing"]  # fmt: skip
    changes = [([HUB, PROD], change) for change in of_roles]
    changes += [([HUB], "create OIDC provider"), ([HUB], "add client id")]
    for accounts, change in changes:
        for account in accounts:
            spoil(world, account, change)
        check = bootstrap(world, "--check").expect(1)
        assert world.proxy.writes == []
        assert check.stdout.count(change) >= len(accounts) and "without --check" in check.stdout, check
        assert [account for account in (HUB, NONPROD, PROD) if account in check.stdout] == accounts, check
        bootstrap(world).expect(0)
        assert made(world) == state, change
    bootstrap(world, "--check").expect(0)


def test_what_would_be_done(company):
    world = company
    bootstrap(world).expect(0)
    spoil(world, PROD, "it trusts others")
    spoilt = made(world)
    report = bootstrap(world, "--check", "--json").expect(1).json
    rows = [(row["account_id"], row["operation"], row["principal"]["name"]) for row in report["operations"]]
    assert rows == [(PROD, "change-trust-of-role", DEPLOYER)] and report["clean"] is False
    report = bootstrap(world, "--dry-run", "--json").expect(0).json
    assert report["dry_run"] is True and len(report["operations"]) == 1 and report["clean"] is True
    assert world.proxy.writes == [] and made(world) == spoilt


def test_what_others_made_is_left_alone(company):
    """A role without the tag is not ours; the provider is used, and not changed."""
    world = company
    iam = world.aws.admin[NONPROD]
    trust = {"Effect": "Allow", "Principal": {"AWS": f"arn:aws:iam::{PROD}:root"}, "Action": "sts:AssumeRole"}
    iam.create_role(RoleName=DEPLOYER, AssumeRolePolicyDocument=document(trust), Tags=[{"Key": TAG, "Value": "others"}])
    hub = world.aws.admin[HUB]
    hub.create_open_id_connect_provider(Url=f"https://{PROVIDER}", ClientIDList=["x"], ThumbprintList=[])
    before = made(world)
    result = bootstrap(world).expect(1)
    assert f"role '{DEPLOYER}' in account {NONPROD} is of the bootstrap of the owner 'others'" in result.stdout
    assert "add-client-id-to-open-id-connect-provider" in result.stdout
    after = made(world)
    assert after[NONPROD]["roles"][DEPLOYER] == before[NONPROD]["roles"][DEPLOYER]
    assert after[HUB]["providers"] == before[HUB]["providers"]
    assert DEPLOYER in after[PROD]["roles"] and PLANNER in after[NONPROD]["roles"] and APPLY_HUB in after[HUB]["roles"]

    iam.tag_role(RoleName=DEPLOYER, Tags=[{"Key": TAG, "Value": "default"}])
    hub.add_client_id_to_open_id_connect_provider(OpenIDConnectProviderArn=PROVIDER_ARN, ClientID="sts.amazonaws.com")
    bootstrap(world).expect(0)
    bootstrap(world, "--check").expect(0)
    assert made(world)[HUB]["providers"][PROVIDER_ARN]["tags"] == {}


def test_a_boundary_on_a_role_is_said(company):
    """Somebody put it there, and it stays; but nothing works that it does not let through."""
    bootstrap(company).expect(0)
    iam = company.aws.admin[PROD]
    limit = iam.create_policy(PolicyName="limit", PolicyDocument=document(allow("iam:Get*")))["Policy"]["Arn"]
    iam.put_role_permissions_boundary(RoleName=DEPLOYER, PermissionsBoundary=limit)
    for arguments in (["--check"], []):
        result = bootstrap(company, *arguments).expect(0)
        assert company.proxy.writes == []
        assert f"role '{DEPLOYER}' in account {PROD} has the permissions boundary {limit}" in result.stdout
    assert iam.get_role(RoleName=DEPLOYER)["Role"]["PermissionsBoundary"]["PermissionsBoundaryArn"] == limit


def test_an_account_without_a_way_in_fails_alone(company):
    world = company
    world.repo.commit("No role", configuration(through_role=None))
    result = bootstrap(world).expect(1)
    assert all(f"account {account}: the credentials are of account {HUB}" in result.stdout for account in MANAGED)
    assert made(world)[HUB]["roles"].keys() == {APPLY_HUB, PLAN_HUB} and not made(world)[PROD]["roles"]
    world.aws.admin[NONPROD].delete_role_policy(RoleName="OrganizationAccountAccessRole", PolicyName="all")
    result = bootstrap(world, "--through-role", "OrganizationAccountAccessRole").expect(1)
    assert NONPROD in result.stdout and "docs/bootstrap.md" in result.stdout
    assert made(world)[PROD]["roles"].keys() == {DEPLOYER, PLANNER} and not made(world)[NONPROD]["roles"]
    # With credentials of the account itself: what they cannot reach is said, the rest is done.
    own = administrator(world, NONPROD)
    result = world.run("bootstrap", now=None, **own).expect(1)
    assert f"account {HUB}: the credentials are of account {NONPROD}" in result.stdout
    assert made(world)[NONPROD]["roles"].keys() == {DEPLOYER, PLANNER}


def test_a_new_role_is_waited_for(company):
    """The deployer trusts a role that was made a moment ago."""
    tries = []

    def is_first_of_prod(call):
        if call.action != "CreateRole" or call.account != PROD or tries:
            return False
        tries.append(call)
        return True

    bootstrap(company, faults=[Fault("nobody", when=is_first_of_prod)]).expect(0)
    bootstrap(company, "--check").expect(0)


def test_killed_at_every_call(company, shipped_world):
    world = company
    bootstrap(world).expect(0)
    state, writes = made(world), world.proxy.writes
    world.begin(configuration())
    world.owner = administrator(world)
    open_members(world)
    world.save("start")
    owner = world.owner
    for kind, name in [("kill", writes[0]), *(("kill_after", name) for name in writes)]:
        world.restore("start")
        world.owner = owner
        bootstrap(world, faults=[Fault(kind, name)]).expect(KILLED)
        bootstrap(world).expect(0)
        assert made(world) == state, f"killed ({kind}) at {name}"


KNOWN = "cognito-identity.amazonaws.com"  # a provider with the same claims; the judge forgets those of GitHub's


def entering(role, action, principal, policies, **context):
    """A question to the judge: do the role's trust policy and what `principal` may do itself let it in?"""
    own = f"arn:aws:iam::{role['account']}:role/{role['name']}"
    trust = json.loads(json.dumps(role["trust"]).replace(f'"{PROVIDER}:', f'"{KNOWN}:'))
    return {
        "policies": policies,
        "action": action,
        "resource": own,
        "principal": principal,
        "trust": trust,
        "context": {"aws:CurrentTime": "2026-06-01T09:00:00Z", **context},
    }


def by_token(subjects, operator="StringEquals"):
    """A trust policy to the letter: what AWS compares with the token of a job is these keys, and no others."""
    issuer = "token.actions.githubusercontent.com"
    audience, subject = {f"{issuer}:aud": "sts.amazonaws.com"}, {f"{issuer}:sub": subjects}
    statement = {
        "Effect": "Allow",
        "Principal": {"Federated": f"arn:aws:iam::{HUB}:oidc-provider/{issuer}"},
        "Action": "sts:AssumeRoleWithWebIdentity",
        "Condition": {"StringEquals": audience} | {operator: (audience if operator == "StringEquals" else {}) | subject},
    }
    return {"Version": "2012-10-17", "Statement": [statement]}


def by_role(name):
    statement = {
        "Effect": "Allow",
        "Principal": {"AWS": f"arn:aws:iam::{HUB}:role/{name}"},
        "Action": "sts:AssumeRole",
        "Condition": {"StringEquals": {"sts:ExternalId": "acme-42"}},
    }
    return {"Version": "2012-10-17", "Statement": [statement]}


def test_the_trust_policies_to_the_letter(company):
    """The judge below knows no claims of GitHub, and is asked about another provider's: here are the keys themselves."""
    bootstrap(company).expect(0)
    state = made(company)
    trusts = {name: role["trust"] for account in (HUB, PROD) for name, role in state[account]["roles"].items()}
    assert trusts == {
        "iamlease-hub": by_token(
            [
                "repo:acme@1234/access@567890:environment:iamlease",
                "repo:acme/access:environment:iamlease",
                "repo:acme@1234/access@567890:ref:refs/heads/main",
                "repo:acme/access:ref:refs/heads/main",
            ]
        ),
        "iamlease-plan-hub": by_token(
            [
                "repo:acme@1234/access@567890:pull_request",
                "repo:acme/access:pull_request",
                "repo:acme@1234/access@567890:ref:refs/heads/gh-readonly-queue/*",
                "repo:acme/access:ref:refs/heads/gh-readonly-queue/*",
            ],
            "StringLike",
        ),
        "iamlease-deployer": by_role("iamlease-hub"),
        "iamlease-planner": by_role("iamlease-plan-hub"),
    }


def test_the_judge_reads_who_may_enter(company):
    """Tokens into the hub roles, and these into the roles of the accounts: only as it is meant."""
    bootstrap(company).expect(0)
    state = made(company)

    def role(account, name):
        return {"account": account, "name": name, **state[account]["roles"][name]}

    def token(name, subject, audience="sts.amazonaws.com"):
        claims = {f"{KNOWN}:aud": audience, f"{KNOWN}:sub": subject}
        return entering(role(HUB, name), "sts:AssumeRoleWithWebIdentity", PROVIDER_ARN, [], **claims)

    def hop(source, account, name, external="acme-42"):
        policies = list(role(HUB, source)["inline"].values())
        context = {"sts:ExternalId": external} if external else {}
        return entering(role(account, name), "sts:AssumeRole", f"arn:aws:iam::{HUB}:role/{source}", policies, **context)

    applying = [*subjects("ref:refs/heads/main"), *subjects("environment:iamlease")]
    good = [
        *(token(APPLY_HUB, subject) for subject in applying),
        *(token(PLAN_HUB, subject) for subject in [*subjects("pull_request"), *subjects(QUEUE)]),
        *(hop(APPLY_HUB, account, DEPLOYER) for account in MANAGED),
        *(hop(PLAN_HUB, account, PLANNER) for account in MANAGED),
    ]
    bad = [
        *(token(APPLY_HUB, subject) for subject in [*subjects("pull_request"), *subjects(QUEUE)]),
        token(PLAN_HUB, f"repo:acme/other:{QUEUE}"),
        token(PLAN_HUB, subjects("pull_request")[0], audience="https://github.com/acme"),
        *(token(APPLY_HUB, subject) for subject in subjects("ref:refs/heads/other")),
        *(token(PLAN_HUB, subject) for subject in applying),
        token(APPLY_HUB, "repo:acme/other:environment:iamlease"),
        token(APPLY_HUB, "repo:acme@9/access@567890:environment:iamlease"),
        token(APPLY_HUB, "repo:acme/access:environment:iamlease2"),
        token(APPLY_HUB, applying[0], audience="https://github.com/acme"),
        *(hop(APPLY_HUB, account, PLANNER) for account in MANAGED),
        *(hop(PLAN_HUB, account, DEPLOYER) for account in MANAGED),
        hop(APPLY_HUB, PROD, DEPLOYER, external=None),
        hop(APPLY_HUB, PROD, DEPLOYER, external="acme-43"),
        hop(APPLY_HUB, HUB, PLAN_HUB),
    ]
    answers = judge([*good, *bad])
    assert answers[: len(good)] == [ALLOWED] * len(good)
    assert ALLOWED not in answers[len(good) :]

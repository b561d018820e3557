"""What is held gets nothing wider, of any kind, by whatever other change or by the next run; what narrows it goes on."""

import json

import pytest
from harness.aws import NONPROD, PROD, allow, document
from harness.configs import NOTHING, POLICIES, READ_ONLY, files, lease, permanent, statement
from harness.role_files import role, with_roles
from harness.state import our_inline, our_policies

from test_apply_pulls import APPROVALS, attached, new_job, settings

new_job = new_job  # a fixture

NARROW = {**POLICIES, "dev.s3-debug": {"description": "", "custom_statements": [statement(["s3:GetObject"])]}}
WIDE = {**POLICIES, "dev.s3-debug": {"description": "", "custom_statements": [statement(["s3:*", "iam:*"])]}}
ARN = f"arn:aws:iam::{PROD}:policy/iamlease/payments-dev-s3-debug"
ROLE = "temp-payments-dev-s3-debug-bert"
ADA = permanent(["dev.s3-debug"], users=["ada"], environments=["prod"])
BERTS_ROLE = lease("bert") | {"mode": "role"}
CAROLS_ROLE = lease("carol") | {"mode": "role"}


def allowed(state):
    return json.dumps(our_policies(state.snapshot()[PROD])[ARN]["document"])


def holders(state):
    account = state.snapshot()[PROD]
    everybody = [*account["users"].items(), *account["roles"].items()]
    return {name for name, principal in everybody if ARN in principal["attached"]}


# --- one policy has all who have the grant ---------------------------------------------------------------------------

SHARED = {
    "a lease that is a role": ([ADA], [], [ADA], [BERTS_ROLE], {"ada"}),
    "of whom it is held for": ([], [BERTS_ROLE], [ADA], [BERTS_ROLE], {ROLE}),
    "two of them": ([], [BERTS_ROLE], [], [BERTS_ROLE, CAROLS_ROLE], {ROLE}),
}


@pytest.mark.parametrize("name", SHARED)
def test_who_comes_to_it_later_widens_it_for_nobody(new_job, name):
    """The grant becomes wider without an approval; somebody else gets it in a change that has one."""
    access, leases, later_access, later_leases, had = SHARED[name]
    job = new_job({**files(access, leases, NARROW), **APPROVALS})
    pull = job.origin.pull({**files(access, leases, WIDE), **APPROVALS})
    job.run().expect(1)
    job.origin.pull({**files(later_access, later_leases, WIDE), **APPROVALS}).approve()
    assert f"pull request #{pull.number}" in job.run().expect(1).result.output
    assert "iam:*" not in allowed(job) and holders(job) == had
    pull.approve()
    job.run().expect(0)
    assert "iam:*" in allowed(job) and len(holders(job)) == 2


def test_who_approves_the_policy_approves_no_entry(new_job):
    """ada's entry comes without an approval, and the next change, which has one, makes her grant wider."""
    job = new_job({**files([], [], NARROW), **APPROVALS})
    pull = job.origin.pull({**files([ADA], [], NARROW), **APPROVALS})
    job.origin.pull({**files([ADA], [], WIDE), **APPROVALS}).approve()
    assert f"pull request #{pull.number}" in job.run().expect(1).result.output
    assert ARN not in our_policies(job.snapshot()[PROD])
    pull.approve()
    job.run().expect(0)
    assert "iam:*" in allowed(job) and holders(job) == {"ada"}


def test_whom_the_fuse_keeps_it_for(world):
    """One change takes the grant from twelve of fourteen, and makes it wider."""
    users = [f"u{n}" for n in range(14)]
    world.begin(NOTHING)
    for user in users:
        world.aws.admin[PROD].create_user(UserName=user)
    world.repo.commit("Fourteen", files([ADA | {"users": users}], [], NARROW))
    world.run("apply").expect(0)
    world.repo.commit("Three, and wider", files([ADA | {"users": [*users[:2], "ada"]}], [], WIDE))
    result = world.run("apply").expect(1)
    assert "held-removals" in result.output and "held-policy" in result.output and "user u9" in result.output
    assert "iam:*" not in allowed(world) and holders(world) == set(users)
    world.run("apply", "--accept-removals", "HEAD").expect(0)
    assert "iam:*" in allowed(world) and holders(world) == {*users[:2], "ada"}


def test_who_has_it_by_an_entry_that_is_wrong(world):
    """ada's entry is neither granted, changed nor removed; carol's lease gets no role that allows nothing."""
    bert = permanent(["dev.s3-debug"], users=["bert"], environments=["prod"])
    world.begin(files([ADA, bert], [], NARROW))
    world.run("apply").expect(0)
    world.repo.commit("Wrong, and wider", files([ADA | {"environments": ["prod", "nowhere"]}, bert], [CAROLS_ROLE], WIDE))
    result = world.run("apply").expect(1)
    assert "held-entry" in result.output and "held-policy" in result.output and "user ada" in result.output
    assert "iam:*" not in allowed(world) and holders(world) == {"ada", "bert"}
    assert "temp-payments-dev-s3-debug-carol" not in world.snapshot()[PROD]["roles"]
    world.repo.commit("Mended", files([ADA, bert], [CAROLS_ROLE], WIDE))
    world.run("apply").expect(0)
    assert "iam:*" in allowed(world) and len(holders(world)) == 3


# --- rules, and what bounds a lease ----------------------------------------------------------------------------------

KINDS = {
    "inline": lease("bert"),
    "policy": lease("bert") | {"mode": "policy"},
    "role": BERTS_ROLE,
}


def lent(state):
    """All of bert's lease in the account, whatever it is."""
    account = state.snapshot()[PROD]
    copies = {arn: policy for arn, policy in our_policies(account).items() if arn != ARN}
    return json.dumps([list(our_inline(account).values()), copies, account["roles"].get(ROLE)], default=str)


@pytest.mark.parametrize("kind", KINDS)
def test_a_lease_keeps_the_mfa_that_it_was_lent_with(new_job, kind):
    """The rule goes without an approval: neither that apply nor the next takes it from a lease that is there."""
    strict, loose = (settings(environments={"prod": {"approvals": 1, **rule}}) for rule in ({"require_mfa": True}, {}))
    job = new_job({**files([], [KINDS[kind]], NARROW), **strict})
    before = job.snapshot()
    assert "MultiFactorAuthPresent" in lent(job)
    job.origin.pull({**files([], [KINDS[kind]], NARROW), **loose})
    for _ in range(2):
        job.run().expect(0)
        assert job.writes == [] and job.snapshot() == before
    shorter = KINDS[kind] | {"expiration_date": "2026-06-02"}
    job.origin.pull({**files([], [shorter], NARROW), **loose})
    job.run().expect(0)
    assert "2026-06-03T00:00:00Z" in lent(job) and "MultiFactorAuthPresent" in lent(job)
    job.origin.pull({**files([], [], NARROW), **loose})
    job.run().expect(0)
    job.origin.pull({**files([], [shorter], NARROW), **loose}).approve()
    job.run().expect(0)
    assert "2026-06-03T00:00:00Z" in lent(job) and "MultiFactorAuthPresent" not in lent(job)


def test_mfa_that_the_grant_brings_goes_with_it(world):
    """What looks like the rule's in AWS are conditions of the grant's own, which a change takes out."""
    mfa = {"Bool": {"aws:MultiFactorAuthPresent": "true"}}
    strict = {**POLICIES, "dev.s3-debug": {"description": "", "custom_statements": [statement(["s3:GetObject"]) | {"conditions": mfa}]}}
    world.begin(files([], [lease("bert")], strict), files([], [lease("bert")], strict))
    world.run("apply").expect(0)
    assert "MultiFactorAuthPresent" in lent(world)
    world.repo.commit("Without", files([], [lease("bert")], NARROW))
    world.run("apply").expect(0)
    assert "MultiFactorAuthPresent" not in lent(world)


def bounded(limit):
    return settings(environments={"prod": {"approvals": 1}}, aws={"permissions_boundary": limit})


def test_a_boundary_goes_with_an_approval_only(new_job):
    """Out of the settings, or another one; what it bounds stays bound until that is let through."""
    job = new_job({**NOTHING, **APPROVALS})
    iam = job.world.aws.admin[PROD]
    limits = [
        iam.create_policy(PolicyName=name, PolicyDocument=document(allow("s3:*")))["Policy"]["Arn"]
        for name in ("limit", "other")
    ]

    def bound():
        return iam.get_role(RoleName=ROLE)["Role"].get("PermissionsBoundary", {}).get("PermissionsBoundaryArn")

    job.origin.pull({**files([], [BERTS_ROLE], NARROW), **bounded(limits[0])}).approve()
    job.run().expect(0)
    assert bound() == limits[0]
    for limit in (limits[1], ""):
        pull = job.origin.pull({**files([], [BERTS_ROLE], NARROW), **bounded(limit)})
        assert "held-approval" in job.run().expect(1).result.output and bound() == limits[0]
    pull.approve()
    job.run().expect(0)
    assert bound() is None


def test_a_boundary_of_aws_roles_goes_with_an_approval_only(new_job):
    """A role without a boundary of its own has that of the settings."""
    roles = with_roles({"reader": role(environments=["prod"], managed_policies=[])}, base=NOTHING)
    job = new_job({**NOTHING, **APPROVALS})
    iam = job.world.aws.admin[PROD]
    limit = iam.create_policy(PolicyName="limit", PolicyDocument=document(allow("s3:*")))["Policy"]["Arn"]
    job.origin.pull({**roles, **bounded(limit)}).approve()
    job.run().expect(0)
    pull = job.origin.pull({**roles, **bounded("")})
    assert "held-approval" in job.run().expect(1).result.output
    assert iam.get_role(RoleName="reader")["Role"]["PermissionsBoundary"]["PermissionsBoundaryArn"] == limit
    pull.approve()
    job.run().expect(0)
    assert "PermissionsBoundary" not in iam.get_role(RoleName="reader")["Role"]


def renamed(files):
    path = "aws-accounts/payments.yaml"
    return {**files, path: files[path].replace('"prod"', '"live"')}


ADA_LIVE = permanent(["dev.break-glass"], users=["ada"], environments=["live"])


@pytest.mark.parametrize("together", [True, False])
def test_a_new_name_escapes_no_approval(new_job, together):
    """The account gets another name in one change, and the grant comes in the next one, in one apply or in two."""
    job = new_job({**NOTHING, **APPROVALS})
    before = job.origin.applied
    pull = job.origin.pull({**renamed(NOTHING), **APPROVALS})
    if not together:
        output = job.run().expect(1).result.output
        assert "held-account" in output and f"pull request #{pull.number}" in output and "1 approval" in output
    grant = job.origin.pull({**renamed(files([ADA_LIVE])), **APPROVALS})
    output = job.run().expect(1).result.output
    assert "held-account" in output and "held-approval" in output and not attached(job, "ada")
    grant.approve()
    assert "held-account" in job.run().expect(1).result.output and attached(job, "ada") and job.origin.applied == before
    pull.approve()
    job.run().expect(0)
    assert job.origin.applied == job.origin.merge


def test_a_new_name_with_the_rules_of_the_old_one(new_job):
    """Whoever gives the rule the new name, too, needs nobody; in a change of its own that mends it."""
    moved = settings(environments={"live": {"approvals": 1}})
    job = new_job({**NOTHING, **APPROVALS})
    job.origin.pull({**renamed(NOTHING), **moved})
    job.run().expect(0)
    job.origin.pull({**NOTHING, **moved})
    job.run().expect(1)
    job.origin.pull({**NOTHING, **APPROVALS})
    job.run().expect(0)


def test_an_account_that_goes_and_comes_again(new_job):
    job = new_job({**NOTHING, **APPROVALS})
    job.origin.pull({**NOTHING, "aws-accounts/payments.yaml": f'aws-accounts: {{nonprod: "{NONPROD}"}}', **APPROVALS})
    job.run("apply", "--dry-run").expect(0)
    job.origin.pull({**renamed(files([ADA_LIVE])), **APPROVALS})
    assert "held-approval" in job.run().expect(1).result.output and not attached(job, "ada")


# --- what narrows it goes on -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", [*KINDS, "copy"])
def test_a_held_lease_ends_earlier(new_job, kind):
    """One change makes it shorter and wider, without an approval: it ends earlier and stays as narrow."""
    entry = KINDS.get(kind, lease("bert"))
    managed = {"description": "", "managed_policies": [READ_ONLY]}
    narrow = NARROW if kind in KINDS else {**POLICIES, "dev.s3-debug": managed}
    shorter = entry | {"expiration_date": "2026-06-02"}
    job = new_job({**files([], [entry | {"expiration_date": "2026-06-05"}], narrow), **APPROVALS})
    assert "2026-06-06T00:00:00Z" in lent(job)
    job.origin.pull({**files([], [shorter], WIDE), **APPROVALS})
    assert "held-approval" in job.run().expect(1).result.output
    state = lent(job)
    assert "2026-06-03T00:00:00Z" in state and "2026-06-06T00:00:00Z" not in state and "iam:*" not in state
    job.run().expect(1)
    assert job.writes == []
    job.origin.pull({**files([], [shorter], narrow), **APPROVALS})
    job.run().expect(0)
    assert job.writes == [] and lent(job) == state


def test_a_held_lease_without_an_end_gets_the_one_that_was_let_through(new_job):
    """Somebody took the end out of it by hand while it waits for a later one."""
    job = new_job({**files([], [lease("bert", date="2026-06-02")], NARROW), **APPROVALS})
    ((_, user, name), document) = next(iter(our_inline(job.snapshot()[PROD]).items()))
    for entry in document["Statement"]:
        del entry["Condition"]
    job.world.aws.admin[PROD].put_user_policy(UserName=user, PolicyName=name, PolicyDocument=json.dumps(document))
    job.origin.pull({**files([], [lease("bert", date="2026-06-05")], NARROW), **APPROVALS})
    job.run().expect(1)
    assert "2026-06-03T00:00:00Z" in lent(job)


def test_an_ended_lease_is_not_held(new_job):
    """It waits for an approval until it is over; then it waits for nothing, and the tag moves."""
    job = new_job({**NOTHING, **APPROVALS})
    job.origin.pull({**files([], [lease("bert")]), **APPROVALS})
    job.run().expect(1)
    job.run(now="2026-06-10T00:00:00Z").expect(0)
    assert job.origin.applied == job.origin.merge and our_inline(job.snapshot()[PROD]) == {}

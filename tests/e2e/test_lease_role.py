"""Temporary grants by a role that a user switches to, judged by an independent simulator on what boto3 reads."""

import json

import pytest
from harness.aws import PROD, allow, document
from harness.configs import POLICIES, POWER_USER, READ_ONLY, files, lease, permanent, statement
from harness.judge import ALLOWED, DENIED, judge, question
from harness.proxy import Fault
from harness.state import difference, our_inline, our_policies, our_roles
from harness.world import NOW

BERT = f"arn:aws:iam::{PROD}:user/bert"
NAME = "temp-payments-dev-s3-debug-bert"
ROLE = f"arn:aws:iam::{PROD}:role/iamlease/{NAME}"
OBJECT = "arn:aws:s3:::payments-ledger/2026"
LAST_SECOND, END = "2026-06-03T23:59:59Z", "2026-06-04T00:00:00Z"
EXPLICIT = "ExplicitlyDenied"


def by_role(user="bert", grant="dev.s3-debug", date="2026-06-03", **more):
    return {**lease(user, grant, date), "mode": "role", **more}


def role_of(world, name=NAME):
    return our_roles(world.snapshot()[PROD])[name]


def assumes(role, at, principal=BERT, **context):
    """The question whether the role's trust policy lets `principal` in."""
    asked = question([], "sts:AssumeRole", ROLE, principal, at, **context)
    return {**asked, "trust": role["trust"]}


def within(world, role, action, at, resource=OBJECT):
    """The question what a session of the role may do."""
    documents = [*role["inline"].values(), *(world.aws.document(PROD, arn) for arn in role["attached"])]
    return question(documents, action, resource, f"arn:aws:sts::{PROD}:assumed-role/{NAME}/bert", at)


def test_a_role_is_lent_and_ends(world):
    world.begin(files(temporary=[by_role()]))
    before = world.snapshot()
    result = world.run("apply").expect(0)
    role = role_of(world)
    assert judge([assumes(role, LAST_SECOND), assumes(role, END)]) == [ALLOWED, DENIED]
    inside = [within(world, role, "s3:PutObject", at) for at in (LAST_SECOND, END, "2030-01-01T00:00:00Z")]
    assert judge(inside) == [ALLOWED, EXPLICIT, EXPLICIT]
    assert ROLE in result.output and "https://signin.aws.amazon.com/switchrole?" in result.output
    world.run("apply").expect(0)
    assert world.proxy.writes == []
    world.run("cleanup", now=LAST_SECOND).expect(0)
    assert world.proxy.writes == []
    world.run("cleanup", now=END).expect(0)
    assert our_roles(world.snapshot()[PROD]) == {}
    world.repo.commit("No more", files())
    world.run("apply", now=END).expect(0)
    assert world.snapshot() == before


def test_a_permanent_grant_beside_it_stays_and_shares_its_policy(world):
    standing = permanent(["dev.s3-debug"], users=["bert"], environments=["prod"])
    world.begin(files([standing]))
    world.run("apply").expect(0)
    before = world.snapshot()
    world.repo.commit("Lend", files([standing], [by_role()]))
    world.run("apply").expect(0)
    assert len(our_policies(world.snapshot()[PROD])) == 1
    world.run("cleanup", now=END).expect(0)
    assert world.snapshot() == before
    world.run("apply", now=END).expect(0)
    assert world.proxy.writes == []


def test_it_is_prolonged_shortened_and_revoked(world):
    world.begin(files())
    before = world.snapshot()
    for date, end in [("2026-06-02", "2026-06-03"), ("2026-06-06", "2026-06-07"), ("2026-06-01", "2026-06-02")]:
        world.repo.commit(date, files(temporary=[by_role(date=date)]))
        world.run("apply").expect(0)
        role = role_of(world)
        at = (f"{date}T23:59:59Z", f"{end}T00:00:00Z")
        assert judge([assumes(role, instant) for instant in at]) == [ALLOWED, DENIED]
        assert judge([within(world, role, "s3:PutObject", instant) for instant in at]) == [ALLOWED, EXPLICIT]
        if date != "2026-06-02":
            assert [call.split()[1] for call in world.proxy.writes] == ["PutRolePolicy", "UpdateAssumeRolePolicy"]
    world.repo.commit("No more", files())
    world.run("apply").expect(0)
    calls = [call.split()[1] for call in world.proxy.writes]
    assert [call for call in calls if call != "DeletePolicy"] == ["DetachRolePolicy", "DeleteRolePolicy", "DeleteRole"]
    assert world.snapshot() == before


def test_the_role_comes_first_and_what_it_allows_last(world):
    world.begin(files(temporary=[by_role(grant="dev.read-only")]))
    world.run("apply").expect(0)
    writes = [call.split()[1] for call in world.proxy.writes]
    assert writes.index("CreateRole") < writes.index("PutRolePolicy")
    assert writes[-2:] == ["AttachRolePolicy"] * 2


def test_a_start_is_in_the_trust(world):
    world.begin(files(temporary=[by_role(starts_at="2026-06-02T00:00:00Z")]))
    world.run("apply").expect(0)
    (role,) = our_roles(world.snapshot()[PROD]).values()
    instants = ("2026-06-01T23:59:59Z", "2026-06-02T00:00:00Z", LAST_SECOND, END)
    assert judge([assumes(role, at) for at in instants]) == [DENIED, ALLOWED, ALLOWED, DENIED]


def test_windows_apart_are_roles_apart(world):
    first = by_role(date="2026-06-02", starts_at="2026-06-01T00:00:00Z")
    second = by_role(date="2026-06-05", starts_at="2026-06-04T00:00:00Z")
    world.begin(files(temporary=[first, second]))
    world.run("apply").expect(0)
    roles = our_roles(world.snapshot()[PROD])
    assert sorted(roles) == [f"{NAME}-20260601T000000Z", f"{NAME}-20260604T000000Z"]
    gap = "2026-06-03T12:00:00Z"
    assert judge([assumes(role, gap) for role in roles.values()]) == [DENIED, DENIED]
    joined = by_role(date="2026-06-04", starts_at="2026-06-02T00:00:00Z")
    world.repo.commit("Fill the gap", files(temporary=[first, joined, second]))
    world.run("apply").expect(0)
    (role,) = our_roles(world.snapshot()[PROD]).values()
    assert judge([assumes(role, at) for at in (gap, "2026-06-05T23:59:59Z", "2026-06-06T00:00:00Z")]) == [
        ALLOWED,
        ALLOWED,
        DENIED,
    ]


def test_mfa_is_asked_for_at_the_door(world):
    settings = {"iamlease.yaml": json.dumps({"version": 1, "environments": {"prod": {"require_mfa": True}}})}
    world.begin({**files(), **settings})
    world.repo.commit("Lend", {**files(temporary=[by_role()]), **settings})
    world.run("apply").expect(0)
    role = role_of(world)
    yes, no = {"aws:MultiFactorAuthPresent": "true"}, {"aws:MultiFactorAuthPresent": "false"}
    doors = [assumes(role, LAST_SECOND, **yes), assumes(role, LAST_SECOND, **no), assumes(role, LAST_SECOND)]
    assert judge([*doors, assumes(role, END, **yes)]) == [ALLOWED, DENIED, DENIED, DENIED]
    assert judge([within(world, role, "s3:PutObject", LAST_SECOND)]) == [ALLOWED]


def test_it_is_for_one_principal_only(world):
    world.begin(files(temporary=[by_role()]))
    world.run("apply").expect(0)
    others = [f"arn:aws:iam::{PROD}:user/ada", f"arn:aws:iam::{PROD}:role/bert", f"arn:aws:iam::{PROD}:root"]
    assert judge([assumes(role_of(world), LAST_SECOND, other) for other in others]) == [DENIED] * 3


def test_a_user_with_a_path_and_a_role(world):
    world.begin(files())
    world.aws.admin[PROD].create_user(UserName="zoe", Path="/staff/")
    entry = {key: value for key, value in by_role().items() if key != "user"}
    world.repo.commit("Lend", files(temporary=[by_role("zoe"), {**entry, "role": "github-actions-deployer"}]))
    world.run("apply").expect(0)
    roles = our_roles(world.snapshot()[PROD])
    trusted = sorted(role["trust"]["Statement"][0]["Principal"]["AWS"] for role in roles.values())
    assert trusted == [f"arn:aws:iam::{PROD}:role/github-actions-deployer", f"arn:aws:iam::{PROD}:user/staff/zoe"]
    world.run("apply").expect(0)
    assert world.proxy.writes == []


def test_a_policy_that_is_too_large_to_copy_is_lent_by_a_role(world):
    policies = {**POLICIES, "dev.lent": {"description": "", "managed_policies": [READ_ONLY]}}
    world.begin(files(temporary=[lease("bert", "dev.lent")], policies=policies))
    before = world.snapshot()
    world.run("apply").expect(0)
    (role,) = our_roles(world.snapshot()[PROD]).values()
    assert role["attached"] == [READ_ONLY] and our_policies(world.snapshot()[PROD]) == {}
    asked = [within(world, role, "s3:GetObject", at) for at in (LAST_SECOND, END)]
    assert judge(asked) == [ALLOWED, EXPLICIT]
    world.run("apply").expect(0)
    assert world.proxy.writes == []
    world.run("cleanup", now=END).expect(0)
    assert world.snapshot() == before


@pytest.mark.parametrize("who", [{"user": "bert@example.com", "mode": "policy"}, {"group": "developers"}])
def test_one_that_may_not_be_a_role_is_refused(world, who):
    policies = {**POLICIES, "dev.lent": {"description": "", "managed_policies": [READ_ONLY]}}
    entry = {key: value for key, value in lease("bert", "dev.lent").items() if key != "user"}
    world.begin(files(temporary=[{**entry, **who}], policies=policies))
    before = world.snapshot()
    assert "lease-too-large" in world.run("apply").expect(1).output
    assert world.snapshot() == before


@pytest.mark.parametrize("grant", ["dev.s3-debug", "dev.break-glass"])
def test_the_mode_changes_in_both_directions(world, grant):
    world.begin(files(temporary=[lease("bert", grant)]))
    world.run("apply").expect(0)
    without = world.snapshot()
    world.repo.commit("As a role", files(temporary=[by_role(grant=grant)]))
    world.run("apply").expect(0)
    snapshot = world.snapshot()[PROD]
    assert len(our_roles(snapshot)) == 1 and {kind for kind, _, _ in our_inline(snapshot)} == {"roles"}
    assert not any("iamlease" in arn for arn in snapshot["users"]["bert"]["attached"])
    world.run("apply").expect(0)
    assert world.proxy.writes == []
    world.repo.commit("Whatever", files(temporary=[lease("bert", grant)]))
    world.run("apply").expect(0)
    assert world.proxy.writes == []  # a lease keeps the mode that it has
    mode = "inline" if grant == "dev.s3-debug" else "policy"
    world.repo.commit("Not as a role", files(temporary=[{**lease("bert", grant), "mode": mode}]))
    world.run("apply").expect(0)
    assert world.snapshot() == without
    world.run("apply").expect(0)
    assert world.proxy.writes == []


def make_role(world, **more):
    trust = {"Effect": "Allow", "Principal": {"AWS": BERT}, "Action": "sts:AssumeRole"}
    world.aws.admin[PROD].create_role(
        RoleName=NAME, Path="/iamlease/", AssumeRolePolicyDocument=document(trust), **more
    )


@pytest.mark.parametrize("tag", [None, "other/payments/dev.s3-debug:user:bert", "default/payments/dev.s3-debug:user:ada"])
def test_roles_of_others_are_left_alone(world, tag):
    world.begin(files())
    world.run("apply").expect(0)
    make_role(world, Tags=[{"Key": "iamlease", "Value": tag}] if tag else [])
    world.aws.admin[PROD].attach_role_policy(RoleName=NAME, PolicyArn=POWER_USER)
    before = world.snapshot()
    world.repo.commit("Lend", files(temporary=[by_role()]))
    result = world.run("apply").expect(1)
    if tag and tag.startswith("default/"):
        assert "role-name-taken" in result.output  # and as nobody declares what has it, that goes
        world.run("apply").expect(0)
        assert role_of(world)["tags"] == [{"Key": "iamlease", "Value": "default/payments/dev.s3-debug:user:bert"}]
    else:
        assert "foreign-role" in result.output
        assert world.snapshot() == before


def test_drift_is_put_right(world):
    world.begin(files(temporary=[by_role()]))
    world.run("apply").expect(0)
    wanted = world.snapshot()
    iam = world.aws.admin[PROD]
    everybody = {"Effect": "Allow", "Principal": {"AWS": "*"}, "Action": "sts:AssumeRole"}
    for damage in (
        lambda: iam.delete_role_policy(RoleName=NAME, PolicyName="iamlease-end"),
        lambda: iam.put_role_policy(RoleName=NAME, PolicyName="iamlease-end", PolicyDocument=document(allow("*"))),
        lambda: iam.update_assume_role_policy(RoleName=NAME, PolicyDocument=document(everybody)),
        lambda: iam.detach_role_policy(RoleName=NAME, PolicyArn=role_of(world)["attached"][0]),
        lambda: iam.attach_role_policy(RoleName=NAME, PolicyArn=POWER_USER),
        lambda: iam.put_role_policy(RoleName=NAME, PolicyName="more", PolicyDocument=document(allow("*"))),
    ):
        damage()
        assert world.snapshot() != wanted
        world.run("apply").expect(0)
        assert world.snapshot() == wanted


def test_a_role_without_an_end_is_reported_and_mended(world):
    world.begin(files(temporary=[by_role()]))
    world.run("apply").expect(0)
    endless = {"Effect": "Allow", "Principal": {"AWS": BERT}, "Action": "sts:AssumeRole"}
    world.aws.admin[PROD].update_assume_role_policy(RoleName=NAME, PolicyDocument=document(endless))
    assert "lease-without-end" in world.run("cleanup").expect(1).output
    assert world.proxy.writes == []
    world.repo.commit("No more", files())
    world.run("apply").expect(0)
    assert our_roles(world.snapshot()[PROD]) == {}


def test_all_of_a_lease_or_nothing(world):
    world.begin(files())
    iam = world.aws.admin[PROD]
    arns = [
        iam.create_policy(PolicyName=f"theirs-{number}", PolicyDocument=document(allow("s3:Get*")))["Policy"]["Arn"]
        for number in range(11)
    ]
    before = world.snapshot()
    policies = {**POLICIES, "dev.lent": {"description": "", "managed_policies": arns}}
    world.repo.commit("Lend", files(temporary=[by_role(grant="dev.lent")], policies=policies))
    assert "attachment-quota" in world.run("apply").expect(1).output
    assert world.snapshot() == before


def test_policies_of_services_cannot_be_lent(world):
    arn = "arn:aws:iam::aws:policy/aws-service-role/AWSSupportServiceRolePolicy"
    policies = {**POLICIES, "dev.lent": {"description": "", "managed_policies": [arn]}}
    world.begin(files(policies=policies))
    before = world.snapshot()
    world.repo.commit("Lend", files(temporary=[by_role(grant="dev.lent")], policies=policies))
    assert "mode-not-possible" in world.run("validate", "--base", "HEAD~1").expect(1).output
    assert "mode-not-possible" in world.run("apply").expect(1).output
    assert world.snapshot() == before


def boundary_of(world):
    role = world.aws.admin[PROD].get_role(RoleName=NAME)["Role"]
    assert role["MaxSessionDuration"] == 3600
    return role.get("PermissionsBoundary", {}).get("PermissionsBoundaryArn")


def test_a_boundary_is_set_mended_changed_and_cleared(world):
    world.begin(files())
    iam = world.aws.admin[PROD]
    first, second = (
        iam.create_policy(PolicyName=name, PolicyDocument=document(allow("s3:*")))["Policy"]["Arn"]
        for name in ("boundary", "another")
    )
    for boundary in (first, second, ""):
        settings = {"version": 1, "aws": {"permissions_boundary": boundary}}
        world.aws.deploy_by(boundary)
        world.repo.commit("Bound", {**files(temporary=[by_role()]), "iamlease.yaml": json.dumps(settings)})
        world.run("apply").expect(0)
        assert boundary_of(world) == (boundary or None)
        if boundary == first:
            iam.delete_role_permissions_boundary(RoleName=NAME)
            world.run("apply").expect(0)
            assert boundary_of(world) == first
        world.run("apply").expect(0)
        assert world.proxy.writes == []


def test_who_shows_whose_it_is(world):
    world.begin(files(temporary=[by_role()]))
    world.run("apply").expect(0)
    (row,) = json.loads(world.run("who", "--json").expect(0).stdout)["holdings"]
    assert row["principal"]["name"] == "bert" and row["mode"] == "role" and row["has"] == ROLE
    assert row["ends_at"] == END and row["grant"] == "dev.s3-debug" and row["declared"]


def test_a_lost_tag_does_not_hide_it(world):
    """Without applied ref: what carries the mark of a role is seen."""
    world.begin(files(temporary=[by_role()]))
    world.run("apply").expect(0)
    world.repo.git("tag", "--delete", "iamlease/applied")
    assert "--first-apply" in world.run("apply").expect(1).output


def is_bounded(world, role):
    """At its end nobody gets in, and who is in has nothing."""
    return judge([assumes(role, END), within(world, role, "s3:PutObject", END)]) in [
        [DENIED, EXPLICIT],
        [DENIED, DENIED],
    ]


CHANGES = {
    "granted": (files(), files(temporary=[by_role()])),
    "revoked": (files(temporary=[by_role()]), files()),
    "shortened": (files(temporary=[by_role()]), files(temporary=[by_role(date="2026-06-02")])),
    "switched": (files(temporary=[lease("bert")]), files(temporary=[by_role()])),
    "switched back": (files(temporary=[by_role()]), files(temporary=[{**lease("bert"), "mode": "inline"}])),
}


@pytest.mark.parametrize("change", CHANGES)
def test_killed_at_every_write(shipped_world, change):
    world = shipped_world
    before, after = CHANGES[change]
    world.begin(before)
    world.run("apply").expect(0)
    world.repo.commit("Change", after)
    world.save("start")
    world.run("apply").expect(0)
    expected, writes = world.snapshot(), world.proxy.writes
    assert len(writes) >= 2
    for name in writes:
        for kind in ("kill", "kill_after"):
            world.restore("start")
            world.run("apply", faults=[Fault(kind, name)])
            assert all(is_bounded(world, role) for role in our_roles(world.snapshot()[PROD]).values())
            world.run("apply").expect(0)
            assert difference(world.snapshot(), expected) == [], f"{kind} at {name}"
            world.run("apply").expect(0)
            assert world.proxy.writes == []


@pytest.mark.parametrize("kind", ["lost", "unavailable", "throttle"])
def test_answers_that_do_not_come(world, kind):
    world.begin(files(temporary=[by_role()]))
    world.run("apply").expect(0)
    writes = world.proxy.writes
    expected = world.snapshot()
    for name in writes:
        world.begin(files(temporary=[by_role()]))
        world.run("apply", faults=[Fault(kind, name)]).expect(0)
        assert difference(world.snapshot(), expected) == [], name


@pytest.mark.parametrize("kind", ["lost", "unavailable", "throttle"])
@pytest.mark.parametrize("command", ["apply", "cleanup"])
def test_answers_that_do_not_come_while_it_goes(world, kind, command):
    """What is gone may not be deleted a second time: its tags, and its path, are not there to allow it."""
    world.begin(files(temporary=[by_role()]))
    before = world.snapshot()
    world.run("apply").expect(0)
    if command == "apply":
        world.repo.commit("No more", files())
    now = {"apply": NOW, "cleanup": END}[command]
    world.save("start")
    world.run(command, now=now).expect(0)
    for name in world.proxy.writes:
        world.restore("start")
        world.run(command, now=now, faults=[Fault(kind, name)]).expect(0)
        assert our_roles(world.snapshot()[PROD]) == {}, name
    world.run("apply", now=END).expect(0)
    assert difference(world.snapshot(), before) == [] or command == "cleanup"


@pytest.mark.parametrize("moment", ["GetAccountSummary", "DetachRolePolicy", "DeleteRolePolicy"])
@pytest.mark.parametrize("command", ["apply", "cleanup"])
def test_a_role_that_was_prolonged_meanwhile_is_left(world, command, moment):
    """Somebody writes a later end after the account was read, or between two removals; the next apply makes it whole."""
    world.begin(files(temporary=[by_role()]))
    world.run("apply").expect(0)
    whole = role_of(world)
    later = json.loads(json.dumps(whole["trust"]).replace(END, "2026-06-06T00:00:00Z"))
    iam = world.aws.admin[PROD]

    def prolong(call):
        if call.account == PROD and call.action == moment:
            iam.update_assume_role_policy(RoleName=NAME, PolicyDocument=json.dumps(later))

    world.repo.commit("No more", files())
    world.proxy.observer = prolong
    now = {"apply": NOW, "cleanup": END}[command]
    result = world.run(command, now=now, faults=[Watch(prolong)] if moment.startswith("Get") else [])
    world.proxy.observer = None
    assert result.code == 1 and "was changed after it was read" in result.output
    removals = ["DetachRolePolicy", "DeleteRolePolicy"]
    of_role = [call.split()[1] for call in world.proxy.writes if "DeletePolicy" not in call]
    assert of_role == removals[: 1 + removals.index(moment) if moment in removals else 0]
    assert role_of(world)["trust"] == later
    world.repo.commit("Longer", files(temporary=[by_role(date="2026-06-05")]))
    world.run("apply", now=now).expect(0)
    assert role_of(world)["attached"] == whole["attached"] and list(role_of(world)["inline"]) == list(whole["inline"])


class Watch(Fault):
    """Looks at every call and breaks none."""

    def __init__(self, look):
        super().__init__("watch", when=look)

    def claims(self, call):
        self.fired.append(call)
        return self.when(call)


@pytest.mark.parametrize("date", ["2026-06-03", "2026-06-02"])
def test_what_it_was_before_stays_where_the_role_cannot_be_made(world, date):
    """But not for longer than is declared now."""
    world.begin(files(temporary=[lease("bert")]))
    world.run("apply").expect(0)
    make_role(world)
    before = world.snapshot()
    world.repo.commit("As a role", files(temporary=[by_role(date=date)]))
    assert "foreign-role" in world.run("apply").expect(1).output
    assert (world.snapshot() == before) == (date == "2026-06-03")
    assert (our_inline(world.snapshot()[PROD]) == {}) == (date == "2026-06-02")

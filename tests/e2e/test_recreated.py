"""Principals that were deleted and made again: whoever has the name now gets nothing until the entry is edited."""

import json

import pytest
from harness.aws import PROD, document
from harness.configs import POWER_USER, READ_ONLY, files, lease, permanent
from harness.proxy import Fault
from harness.state import our_inline, our_roles

LATER = "2026-06-01T08:00:00Z"  # after every commit, before the clock of the runs
STANDING = permanent(["dev.read-only"], users=["bert"], environments=["prod"])
ENTRIES = {
    "permanent": ([STANDING], []),
    "inline": ([], [lease("bert")]),
    "policy": ([], [lease("bert", "dev.break-glass")]),
    "role": ([], [{**lease("bert"), "mode": "role"}]),
}


def edited(entries):
    return [[{**entry, "description": "For the new bert"} for entry in kind] for kind in entries]


def delete_user(iam, name):
    """As somebody does it by hand: with all that hangs on it."""
    for policy in iam.list_attached_user_policies(UserName=name)["AttachedPolicies"]:
        iam.detach_user_policy(UserName=name, PolicyArn=policy["PolicyArn"])
    for policy in iam.list_user_policies(UserName=name)["PolicyNames"]:
        iam.delete_user_policy(UserName=name, PolicyName=policy)
    iam.delete_user(UserName=name)


def recreate(world, role=None):
    iam = world.aws.admin[PROD]
    delete_user(iam, "bert")
    world.aws.made_at(LATER)
    iam.create_user(UserName="bert")
    if role:  # moto keeps the ARN; AWS shows the id of who is no more
        gone = json.loads(json.dumps(our_roles(world.snapshot()[PROD])[role]["trust"]))
        gone["Statement"][0]["Principal"]["AWS"] = "AIDAEXAMPLEEXAMPLE123"
        iam.update_assume_role_policy(RoleName=role, PolicyDocument=json.dumps(gone))


@pytest.mark.parametrize("kind", ENTRIES)
def test_nothing_is_granted_until_the_entry_is_edited(world, kind):
    world.begin(files(*ENTRIES[kind]))
    world.run("apply").expect(0)
    recreate(world, "temp-payments-dev-s3-debug-bert" if kind == "role" else None)
    before = world.snapshot()
    for _ in range(2):
        result = world.run("apply").expect(1)
        assert "principal-recreated" in result.output
        assert world.snapshot() == before and world.proxy.writes == []
    world.repo.commit("For the new one", files(*edited(ENTRIES[kind])))
    world.run("apply").expect(0)
    user = world.snapshot()[PROD]["users"]["bert"]
    if kind == "role":
        (role,) = our_roles(world.snapshot()[PROD]).values()
        assert role["trust"]["Statement"][0]["Principal"]["AWS"] == f"arn:aws:iam::{PROD}:user/bert"
    elif kind == "inline":
        assert len(our_inline(world.snapshot()[PROD])) == 1
    else:
        assert any("iamlease" in arn for arn in user["attached"])
    world.run("apply").expect(0)
    assert world.proxy.writes == []


@pytest.mark.parametrize("kind", ENTRIES)
def test_it_can_be_taken_back(world, kind):
    world.begin(files(), files(*ENTRIES[kind]))
    world.run("apply").expect(0)
    recreate(world)
    world.repo.commit("No more", files())
    world.run("apply").expect(0)
    snapshot = world.snapshot()[PROD]
    assert our_roles(snapshot) == {} and our_inline(snapshot) == {} and snapshot["users"]["bert"]["attached"] == []


def test_others_get_what_they_asked_for(world):
    world.begin(files([STANDING]))
    world.run("apply").expect(0)
    recreate(world)
    world.repo.commit("And ada", files([STANDING], [lease("ada")]))
    assert "principal-recreated" in world.run("apply").expect(1).output
    assert len(our_inline(world.snapshot()[PROD])) == 1


def test_one_that_was_made_after_the_commit_and_before_its_apply_is_no_other(world):
    world.begin(files())
    world.run("apply").expect(0)
    delete_user(world.aws.admin[PROD], "bert")
    world.repo.commit("Lend", files([STANDING], [lease("bert")]))
    assert "principal-not-found" in world.run("apply").expect(1).output
    world.aws.made_at(LATER)
    world.aws.admin[PROD].create_user(UserName="bert")
    world.run("apply").expect(0)
    world.run("apply").expect(0)
    assert world.proxy.writes == []


def test_drift_of_an_old_user_is_put_right(world):
    world.begin(files([STANDING], [lease("bert")]))
    world.run("apply").expect(0)
    wanted = world.snapshot()
    iam = world.aws.admin[PROD]
    for policy in iam.list_attached_user_policies(UserName="bert")["AttachedPolicies"]:
        if policy["PolicyName"] != "hand-made-logs":
            iam.detach_user_policy(UserName="bert", PolicyArn=policy["PolicyArn"])
    iam.delete_user_policy(UserName="bert", PolicyName="temp-payments-dev-s3-debug-bert")
    world.run("apply").expect(0)
    assert world.snapshot() == wanted


def test_a_role_that_was_made_again(world):
    standing = permanent(["dev.break-glass"], roles=["github-actions-deployer"], environments=["prod"])
    world.begin(files([standing]))
    world.run("apply").expect(0)
    iam = world.aws.admin[PROD]
    role = {"RoleName": "github-actions-deployer"}
    for policy in iam.list_attached_role_policies(**role)["AttachedPolicies"]:
        iam.detach_role_policy(**role, PolicyArn=policy["PolicyArn"])
    iam.delete_role(**role)
    world.aws.made_at(LATER)
    anybody = {"Effect": "Allow", "Principal": {"Service": "ec2.amazonaws.com"}, "Action": "sts:AssumeRole"}
    iam.create_role(**role, AssumeRolePolicyDocument=document(anybody))
    assert "principal-recreated" in world.run("apply").expect(1).output


BOTH = {"dev.one": {"description": "x", "managed_policies": [READ_ONLY]},
        "dev.two": {"description": "x", "managed_policies": [READ_ONLY, POWER_USER]},
        "dev.three": {"description": "x", "managed_policies": [READ_ONLY, POWER_USER]}}  # fmt: skip
ONE, TWO, THREE = (permanent([grant], users=["bert"], environments=["prod"]) for grant in BOTH)


def attached(world):
    return sorted(world.snapshot()[PROD]["users"]["bert"]["attached"])


def test_a_part_that_somebody_else_brought_proves_nothing(world):
    world.begin(files([TWO], policies=BOTH))
    world.run("apply").expect(0)
    recreate(world)
    world.aws.admin[PROD].attach_user_policy(UserName="bert", PolicyArn=READ_ONLY)
    for _ in range(2):
        assert "principal-recreated" in world.run("apply").expect(1).output and attached(world) == [READ_ONLY]


@pytest.mark.parametrize("news", ["edited", "new"])
def test_what_another_entry_brings_proves_nothing(world, news):
    """Held in every run, not in the first only: also where all of it is there, and when the other entry is gone."""
    other = ONE if news == "edited" else THREE
    standing = [ONE, TWO] if news == "edited" else [TWO]
    world.begin(files(standing, policies=BOTH))
    world.run("apply").expect(0)
    recreate(world)
    [[new], _] = edited([[other], []])
    world.repo.commit("One for the new one", files([new, TWO], policies=BOTH))
    brought = [READ_ONLY] if news == "edited" else sorted([READ_ONLY, POWER_USER])
    for _ in range(3):
        assert "principal-recreated" in world.run("apply").expect(1).output and attached(world) == brought
    world.repo.commit("And no more", files([TWO], policies=BOTH))
    for _ in range(2):
        assert "principal-recreated" in world.run("apply").expect(1).output and attached(world) == brought
    world.repo.commit("No more at all", files(policies=BOTH))
    world.run("apply").expect(0)
    assert attached(world) == []


def test_equal_entries_of_one_made_before_the_first_apply(world):
    """What one of them brings is no proof against the other: both were there."""
    world.begin(files())
    world.run("apply").expect(0)
    delete_user(world.aws.admin[PROD], "bert")
    world.repo.commit("Lend", files([TWO, THREE], policies=BOTH))
    world.aws.made_at(LATER)
    world.aws.admin[PROD].create_user(UserName="bert")
    for _ in range(2):
        world.run("apply").expect(0)
    assert world.proxy.writes == [] and attached(world) == sorted([READ_ONLY, POWER_USER])


def begins(world, entries, made):
    """A first apply that fails for want of bert, or that is killed at its first write, he being newer than the commit."""
    world.begin(files(*entries))
    if made == "before":
        recreate(world)
        return world.run("apply", faults=[Fault("kill", when=lambda call: call.action in WRITES)])
    delete_user(world.aws.admin[PROD], "bert")
    result = world.run("apply").expect(1)
    world.aws.made_at(LATER)
    world.aws.admin[PROD].create_user(UserName="bert")
    return result


WRITES = ("AttachUserPolicy", "PutUserPolicy", "CreatePolicy", "CreateRole")


@pytest.mark.parametrize("made", ["before", "after"])
@pytest.mark.parametrize("kind", ENTRIES)
def test_what_a_first_apply_did_not_finish_the_next_one_does(world, kind, made):
    result = begins(world, ENTRIES[kind], made)
    assert made == "before" or "principal-not-found" in result.output
    assert world.repo.applied == world.repo.head
    world.run("apply", "--dry-run").expect(0)
    world.run("apply").expect(0)
    assert world.proxy.writes != []
    world.run("apply").expect(0)
    assert world.proxy.writes == []


def test_from_the_first_one_that_did_everything_on_a_name_is_looked_at_again(world):
    """Also where nothing is left to do for the run that says so, and where commits came in between."""
    begins(world, ENTRIES["permanent"], "after")
    world.repo.commit("And ada", files([STANDING], [lease("ada")]))
    world.run("apply").expect(0)
    recreate(world)
    for _ in range(2):
        assert "principal-recreated" in world.run("apply").expect(1).output

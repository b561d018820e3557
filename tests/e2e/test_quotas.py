"""AWS's limits: a grant that does not fit fails by itself, in words, and nothing of it is left half done."""

from harness.aws import PROD, allow, document
from harness.configs import POLICIES, POWER_USER, files, lease, permanent, statement
from harness.state import our_inline, our_policies

BIG = {"description": "Many buckets", "custom_statements": [statement(["s3:Get*"], [f"arn:aws:s3:::{'x' * 1_500}"])]}
BUCKETS = [f"arn:aws:s3:::payments-{number:06}-*" for number in range(250)]
HUGE = {"description": "All buckets", "custom_statements": [statement(["s3:Get*"], BUCKETS)]}


def test_inline_policies_of_others_fill_the_quota_of_a_user(world):
    """Our lease alone would fit; the sum over all inline policies of the user does not: then it is a managed policy."""
    world.begin(files(temporary=[lease("ada", "dev.big"), lease("bert")], policies={**POLICIES, "dev.big": BIG}))
    theirs = document(allow("s3:Get*", [f"arn:aws:s3:::{'y' * 800}"]))
    world.aws.admin[PROD].put_user_policy(UserName="ada", PolicyName="by-hand", PolicyDocument=theirs)
    world.run("apply").expect(0)
    after = world.snapshot()[PROD]
    assert {user for _, user, _ in our_inline(after)} == {"bert"}
    assert set(our_policies(after)) <= set(after["users"]["ada"]["attached"])


def test_a_lease_in_place_does_not_count_twice(world):
    """A lease that fills most of the quota can be prolonged."""
    policies = {**POLICIES, "dev.big": BIG}
    world.begin(files(temporary=[lease("ada", "dev.big")], policies=policies))
    world.run("apply").expect(0)
    world.repo.commit("Longer", files(temporary=[lease("ada", "dev.big", "2026-06-05")], policies=policies))
    world.run("apply").expect(0)
    assert "2026-06-06T00:00:00Z" in str(our_inline(world.snapshot()[PROD]))


def sized(fix, mend):
    """Two grants, both lent to ada, with a resource of so many characters each."""
    names = {"dev.fix": fix, "dev.mend": mend}
    policies = {
        name: {"description": "", "custom_statements": [statement(["s3:Get*"], [f"arn:aws:s3:::{'x' * size}"])]}
        for name, size in names.items()
    }
    return files(temporary=[lease("ada", name) for name in names], policies={**POLICIES, **policies})


def test_leases_that_swap_their_sizes(world):
    """In the end both fit; on the way there the one that shrinks makes room for the other."""
    world.begin(sized(400, 1_100))
    world.run("apply").expect(0)
    before = our_inline(world.snapshot()[PROD])
    world.repo.commit("The other way round", sized(1_100, 400))
    world.run("apply").expect(0)
    after = our_inline(world.snapshot()[PROD])
    assert after.keys() == before.keys() and len(after) == 2 and after != before
    assert sorted(len(str(entry)) for entry in after.values()) == sorted(len(str(entry)) for entry in before.values())


def test_a_lease_that_outgrows_the_quota_becomes_a_policy(world):
    world.begin(sized(400, 1_000))
    world.run("apply").expect(0)
    world.repo.commit("Too large", sized(900, 1_000))
    world.run("apply").expect(0)
    after = world.snapshot()[PROD]
    assert {name for _, _, name in our_inline(after)} == {"temp-payments-dev-mend-ada"}
    assert [arn.rsplit("/", 1)[1] for arn in our_policies(after)] == ["temp-payments-dev-fix-ada"]
    world.repo.commit("Smaller", sized(400, 1_000))
    world.run("apply").expect(0)
    assert len(our_inline(world.snapshot()[PROD])) == 1 and len(our_policies(world.snapshot()[PROD])) == 1


def test_a_lease_whose_grant_came_to_need_another_mode_moves(world):
    world.begin(files(temporary=[lease("ada", "dev.queues", "2026-06-05")]))
    world.run("apply").expect(0)
    policies = {**POLICIES, "dev.queues": {**POLICIES["dev.queues"], "managed_policies": [POWER_USER]}}
    world.repo.commit("More, and shorter", files(temporary=[lease("ada", "dev.queues")], policies=policies))
    assert "from now on a managed policy" in world.run("apply").expect(0).output
    assert our_inline(world.snapshot()[PROD]) == {} and len(our_policies(world.snapshot()[PROD])) == 1


def test_the_eleventh_attachment(world):
    world.begin(files([permanent(["dev.break-glass"], users=["ada", "bert"], environments=["prod"])]))
    iam = world.aws.admin[PROD]
    for number in range(10):
        policy = iam.create_policy(PolicyName=f"theirs-{number}", PolicyDocument=document(allow("s3:Get*")))
        iam.attach_user_policy(UserName="ada", PolicyArn=policy["Policy"]["Arn"])
    before = world.snapshot()
    result = world.run("apply").expect(1)
    for word in ("attachment-quota", "ada", "can have 10", POWER_USER, "take away an attachment that is not needed"):
        assert word in result.output
    after = world.snapshot()
    assert after[PROD]["users"]["ada"] == before[PROD]["users"]["ada"]
    assert POWER_USER in after[PROD]["users"]["bert"]["attached"]


def test_a_policy_that_nobody_gets_is_not_made(world):
    world.begin(files([permanent(["dev.queues"], users=["ada"], environments=["prod"])]))
    iam = world.aws.admin[PROD]
    for number in range(10):
        policy = iam.create_policy(PolicyName=f"theirs-{number}", PolicyDocument=document(allow("s3:Get*")))
        iam.attach_user_policy(UserName="ada", PolicyArn=policy["Policy"]["Arn"])
    before = world.snapshot()
    world.run("apply").expect(1)
    assert world.snapshot() == before


def test_an_attachment_at_the_quota_waits_for_the_detachment_that_makes_room(world):
    world.begin(files([permanent(["dev.break-glass"], users=["ada"], environments=["prod"])]))
    iam = world.aws.admin[PROD]
    for number in range(9):
        policy = iam.create_policy(PolicyName=f"theirs-{number}", PolicyDocument=document(allow("s3:Get*")))
        iam.attach_user_policy(UserName="ada", PolicyArn=policy["Policy"]["Arn"])
    world.run("apply").expect(0)
    world.repo.commit("Queues instead", files([permanent(["dev.queues"], users=["ada"], environments=["prod"])]))
    world.run("apply").expect(0)
    attached = world.snapshot()[PROD]["users"]["ada"]["attached"]
    assert f"arn:aws:iam::{PROD}:policy/iamlease/payments-dev-queues" in attached and POWER_USER not in attached


def test_a_policy_that_is_too_large_is_found_before_anything_is_done(world):
    world.begin(files())
    world.repo.commit("Huge", files([permanent(["dev.huge"], users=["ada"])], policies={**POLICIES, "dev.huge": HUGE}))
    for command in (["validate", "--base", "HEAD^"], ["apply"]):
        result = world.run(*command).expect(1)
        assert "dev.huge" in result.output and ("6144" in result.output or "6,144" in result.output)
        assert world.proxy.writes == []


def test_a_sixth_version_makes_room_for_itself(world):
    """AWS keeps five versions of a policy; however often a grant is edited, the newest is the default."""
    for number in range(7):
        custom = [statement([f"s3:Get{number}*"])]
        policies = {**POLICIES, "dev.read-only": {**POLICIES["dev.read-only"], "custom_statements": custom}}
        config = files([permanent(["dev.read-only"], users=["ada"], environments=["prod"])], policies=policies)
        world.repo.commit(f"Edit {number}", config) if world.repo else world.begin(config)
        world.run("apply").expect(0)
        (policy,) = [policy for arn, policy in world.snapshot()[PROD]["policies"].items() if "payments" in arn]
        assert f"s3:Get{number}*" in str(policy["document"]) and policy["versions"] <= 5

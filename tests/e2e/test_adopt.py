"""What cloud-iam-self-serve left is taken over in one apply, and lives on; whatever only looks like it stays as it is."""

import itertools

import pytest
from botocore.exceptions import ClientError
from harness import self_serve
from harness.aws import DEPLOYER, MANAGED, NONPROD, PLANNER, PROD, allow, document
from harness.configs import POLICIES, READ_ONLY, files, lease, permanent, statement
from harness.proxy import Fault
from harness.self_serve import arn, inline_name, tags
from harness.state import difference, our_inline

from test_killed import kill_everywhere, without_versions

DOTTED = "dora.x"
LEASE = "temp-payments-dev-s3-debug-bert"
LATER = "2026-06-10T00:00:00Z"
TEAM = [permanent(["dev.read-only"], users=["ada", "bert"]), permanent(["dev.queues"], users=["ada"], environments=["prod"])]
LEASES = [lease("bert"), lease(DOTTED), lease("carol", date="2026-05-20")]
FILES = files(TEAM, LEASES)
NARROWER = {**POLICIES, "dev.read-only": {**POLICIES["dev.read-only"], "custom_statements": [statement(["s3:ListBucket"])]}}
WIDER = {**POLICIES, "dev.read-only": {**POLICIES["dev.read-only"], "custom_statements": [statement(["s3:*", "iam:*"])]}}
HAND_MADE = document(allow("s3:GetObject", Sid="ByHand"))
SUFFIX = "x (managed by iam-as-code for payments)"


@pytest.fixture
def old(world):
    """A world as the scripts leave it; the files are committed, and carol has a policy that no entry gives her."""
    world.begin(FILES)
    world.aws.let_adopt()
    world.aws.admin[PROD].create_user(UserName=DOTTED)
    self_serve.leave(world, FILES)
    world.aws.admin[PROD].attach_user_policy(UserName="carol", PolicyArn=arn(PROD, "dev.read-only"))
    return world


def attached(world, user, account=PROD):
    return set(world.snapshot()[account]["users"][user]["attached"])


def touched(world):
    """The policies that the last run changed or took from somebody, with the calls in their order."""
    calls = {}
    for call in world.proxy.calls:
        if call.write and call.params.get("PolicyArn", "").startswith("arn:aws:iam::" + call.account):
            calls.setdefault(call.params["PolicyArn"], []).append(call.action)
    return calls


def test_migrated_in_one_apply(old):
    world, before = old, old.snapshot()
    result = world.run("apply", "--dry-run").expect(1)
    assert "foreign-policy" in result.output and "--adopt takes it over" in result.output
    result = world.run("apply", "--dry-run", IAMLEASE_ADOPT="true").expect(0)
    assert "adopt policy" in result.output and world.proxy.writes == [] and world.snapshot() == before

    assert result.output.count("replaces what cloud-iam-self-serve made: payments/dev.s3-debug") == 2
    result = world.run("apply", "--adopt").expect(0)
    assert touched(world) == {arn(NONPROD, "dev.read-only"): ["TagPolicy"], arn(PROD, "dev.read-only"): ["TagPolicy"],
                              arn(PROD, "dev.queues"): ["TagPolicy"]}
    assert tags(world, arn(PROD, "dev.read-only")) == {"iamlease": "default/payments/dev.read-only"}
    assert "a leftover" in result.output and "user carol" in result.output
    assert world.repo.applied == world.repo.head
    after = world.snapshot()
    assert [after[account]["policies"] for account in MANAGED] == [before[account]["policies"] for account in MANAGED]
    assert set(our_inline(after[PROD])) == {("users", "bert", LEASE), ("users", DOTTED, f"temp-payments-dev-s3-debug-{DOTTED}")}
    assert inline_name("dev.s3-debug", DOTTED) not in after[PROD]["users"][DOTTED]["inline"]
    assert inline_name("dev.s3-debug", "carol") not in after[PROD]["users"]["carol"]["inline"]
    for name, user in after[PROD]["users"].items():
        assert user["attached"] == before[PROD]["users"][name]["attached"]

    for arguments in (["apply"], ["apply", "--adopt"]):
        world.run(*arguments).expect(0)
        assert world.proxy.writes == [] and world.snapshot() == after
    who = world.run("who").expect(0)
    assert "dev.read-only" in who.stdout and "dev.queues" in who.stdout


def test_life_goes_on(old):
    """Without --adopt from now on: an edit, a new user, a grant less, an end, nothing at all."""
    world = old
    world.run("apply", "--adopt").expect(0)
    adopted = world.snapshot()
    more = permanent(["dev.read-only"], users=["ada", DOTTED])
    world.repo.commit("Edit", files([more, *TEAM[1:]], LEASES, NARROWER))
    world.aws.admin[NONPROD].create_user(UserName=DOTTED)
    world.run("apply").expect(0)
    policy = world.snapshot()[PROD]["policies"][arn(PROD, "dev.read-only")]
    assert policy["document"]["Statement"][0]["Action"] in ("s3:ListBucket", ["s3:ListBucket"])
    assert policy["description"] == adopted[PROD]["policies"][arn(PROD, "dev.read-only")]["description"]
    assert arn(PROD, "dev.read-only") in attached(world, DOTTED) and arn(PROD, "dev.read-only") not in attached(world, "bert")
    world.run("cleanup", now=LATER).expect(0)
    assert our_inline(world.snapshot()[PROD]) == {}
    world.repo.commit("Nothing", files(policies=NARROWER))
    result = world.run("apply", now=LATER).expect(0)
    left = world.snapshot()
    assert arn(PROD, "dev.queues") not in left[PROD]["policies"]
    assert arn(NONPROD, "dev.read-only") not in left[NONPROD]["policies"]
    # Nobody declared carol's, ever: she keeps it, and the policy stays for her.
    assert arn(PROD, "dev.read-only") in left[PROD]["users"]["carol"]["attached"]
    assert "user carol" in result.output
    world.run("apply", now=LATER).expect(0)
    assert world.proxy.writes == []


@pytest.mark.parametrize("is_adopted", [False, True])
def test_nothing_wider_for_whom_nobody_declares(old, is_adopted):
    """carol has the policy and no entry: what it is to allow from now on waits until that is settled."""
    world = old
    arguments = [] if is_adopted else ["--adopt"]
    if is_adopted:
        world.run("apply", "--adopt").expect(0)
    world.repo.commit("A plan role", {"iamlease.yaml": f"version: 1\naws: {{plan_role: {PLANNER}}}\n"})
    world.repo.commit("Wider", files([permanent(["dev.read-only"], users=["ada", "bert", DOTTED], environments=["prod"]), *TEAM], LEASES, WIDER))
    before = world.snapshot()[PROD]
    plan = world.run("plan", "--live", "--base", "HEAD^", "--head", "HEAD", *arguments).expect(1)
    assert "undeclared-holders" in plan.output and "user carol" in plan.output
    result = world.run("apply", *arguments).expect(1)
    assert "undeclared-holders" in result.output and "user carol" in result.output and "detach it from them" in result.output
    after = world.snapshot()[PROD]
    assert after["policies"][arn(PROD, "dev.read-only")] == before["policies"][arn(PROD, "dev.read-only")]
    assert arn(PROD, "dev.read-only") not in attached(world, DOTTED)
    wide = world.snapshot()[NONPROD]["policies"][arn(NONPROD, "dev.read-only")]["document"]
    assert "iam:*" in wide["Statement"][0]["Action"]  # where nobody else has it, it goes on
    world.aws.admin[PROD].detach_user_policy(UserName="carol", PolicyArn=arn(PROD, "dev.read-only"))
    world.run("apply").expect(0)
    assert "iam:*" in world.snapshot()[PROD]["policies"][arn(PROD, "dev.read-only")]["document"]["Statement"][0]["Action"]
    assert arn(PROD, "dev.read-only") in attached(world, DOTTED)


def test_cleanup_takes_ended_temporary_policies(old):
    world, before = old, old.snapshot()
    world.run("cleanup").expect(0)
    assert world.snapshot() == before
    world.run("cleanup", "--adopt").expect(0)
    assert world.proxy.writes == [f"{PROD} DeleteUserPolicy carol {inline_name('dev.s3-debug', 'carol')} #1"]
    world.run("cleanup", "--adopt", now=LATER).expect(0)
    self_serve_made = {inline_name("dev.s3-debug", user) for user in ("bert", "carol", DOTTED)}
    after = world.snapshot()
    assert not [name for user in after[PROD]["users"].values() for name in user["inline"] if name in self_serve_made]
    assert after[PROD]["policies"] == before[PROD]["policies"]


def test_leftovers_of_the_time_before(old):
    """carol's entry went before iamlease came, and the scripts detach nothing; somebody gave it to the role by hand."""
    world = old
    carols = files([permanent(["dev.read-only"], users=["ada", "bert", "carol"]), *TEAM[1:]], LEASES)
    world.repo = type(world.repo).create(world.path / "with-history", carols, FILES)
    role, policy = "github-actions-deployer", arn(PROD, "dev.read-only")
    world.aws.admin[PROD].attach_role_policy(RoleName=role, PolicyArn=policy)
    result = world.run("apply", "--adopt").expect(0)
    assert "user carol" in result.output and f"role {role}" in result.output
    result = world.run("cleanup", "--leftovers", "report").expect(0)
    assert policy in result.output and "user carol" in result.output and role not in result.output
    world.run("cleanup", "--leftovers", "remove").expect(0)
    assert world.proxy.writes == [f"{PROD} DetachUserPolicy carol payments-dev-read-only #1"]
    assert policy in world.snapshot()[PROD]["roles"][role]["attached"]


@pytest.fixture
def change(shipped_world):
    """One account, where adopting comes with every other call: an edited policy at five versions, somebody new who has
    it, somebody who was to have it no more, leases to write over and to replace."""
    world = shipped_world
    first = files([permanent(["dev.queues"], users=["ada", "bert"], environments=["prod"])], [lease("bert"), lease(DOTTED)])
    changed = {**POLICIES, "dev.queues": {**POLICIES["dev.queues"], "custom_statements": [statement(["sqs:Get*"])]}}
    second = permanent(["dev.queues"], users=["ada", "carol"], environments=["prod"])
    world.begin(first)
    world.aws.let_adopt()
    iam = world.aws.admin[PROD]
    iam.create_user(UserName=DOTTED)
    self_serve.leave(world, first)
    for number in range(4):
        text = document(allow(f"sqs:List{number}*"))
        iam.create_policy_version(PolicyArn=arn(PROD, "dev.queues"), PolicyDocument=text, SetAsDefault=True)
    world.run("apply").expect(1)  # bert is known from now on
    world.repo.commit("Change", files([second], [lease("bert"), lease(DOTTED)], changed))
    world.save("start")
    world.run("apply", "--adopt").expect(0)
    names = [name for name in world.proxy.names if name in world.proxy.writes or "ListPolicyTags" in name]
    return world, names, without_versions(world.snapshot())


def test_adopting_is_killed_at_each_call(change):
    world, _, expected = change
    calls = touched(world)[arn(PROD, "dev.queues")]
    assert calls[0] == "TagPolicy"
    assert set(calls) == {"TagPolicy", "DeletePolicyVersion", "CreatePolicyVersion", "AttachUserPolicy", "DetachUserPolicy"}
    world.restore("start")
    kill_everywhere(world, ["apply", "--adopt"], lambda world: world.run("apply", "--adopt"), expected, view=without_versions)


def test_each_call_of_adopting_is_broken_once(change):
    world, names, expected = change
    for name, kind in zip(names, itertools.cycle(["throttle", "lost", "unavailable", "reset"])):
        world.restore("start")
        result = world.run("apply", "--adopt", faults=[Fault(kind, name)])
        story = f"{kind} at {name}; the calls\n{world.proxy.log}\n{result}"
        assert result.code == 0 and difference(without_versions(world.snapshot()), expected) == [], story


def test_what_cannot_be_tagged_is_not_touched(change):
    """Everything that hangs on the tag waits for it; the leases do not."""
    world, *_ = change
    world.restore("start")
    before = world.snapshot()[PROD]
    fault = Fault("denied", when=lambda call: call.action == "TagPolicy")
    result = world.run("apply", "--adopt", faults=[fault]).expect(1)
    assert "iam:TagPolicy" in result.output and "iamlease policy deployer --adopt" in result.output
    after = world.snapshot()[PROD]
    assert after["policies"] == before["policies"]
    for user in ("ada", "bert", "carol"):
        assert after["users"][user]["attached"] == before["users"][user]["attached"]
    assert ("users", "bert", LEASE) in our_inline(after)


LOOKALIKES = {
    "by hand": ("/", "by hand", None),
    "by hand, tagged as ours": ("/", "by hand", "default/payments/dev.queues"),
    "at another path, tagged as ours": ("/other/", SUFFIX, "default/payments/dev.queues"),
    "of another team, tagged as ours": ("/", "x (managed by iam-as-code for billing)", "default/payments/dev.queues"),
    "of another owner": ("/", SUFFIX, "ledger/payments/dev.queues"),
    "of another grant": ("/", SUFFIX, "default/payments/dev.look"),
    "with a tag that means nothing": ("/", SUFFIX, "yes"),
}


@pytest.mark.parametrize("path, description, tag", LOOKALIKES.values(), ids=LOOKALIKES)
def test_lookalikes_stay_as_they_are(world, path, description, tag):
    """Whoever may tag, or may write a description, cannot point us at a policy."""
    world.begin(files([permanent(["dev.queues"], users=["ada"], environments=["prod"])]))
    world.aws.let_adopt()
    iam = world.aws.admin[PROD]
    there = iam.create_policy(
        PolicyName="payments-dev-queues", Path=path, Description=description, PolicyDocument=HAND_MADE
    )["Policy"]["Arn"]
    if tag:
        iam.tag_policy(PolicyArn=there, Tags=[{"Key": "iamlease", "Value": tag}])
    for user in ("ada", "bert"):
        iam.attach_user_policy(UserName=user, PolicyArn=there)
    before, marked = world.snapshot(), tags(world, there)
    result = world.run("apply", "--adopt").expect(1)
    assert "foreign-policy" in result.output
    assert not tag or path != "/" or description != SUFFIX or tag in result.output
    world.repo.commit("Nothing", files())
    world.run("apply", "--adopt").expect(0)
    assert world.snapshot() == before and tags(world, there) == marked


def test_lookalikes_among_temporary_policies(world):
    """The same name, and something in it that the scripts never write."""
    world.begin(files(temporary=[lease("bert")]))
    end = {"DateLessThan": {"aws:CurrentTime": "2026-05-20T23:59:59Z"}}
    for statements in (
        [allow("s3:*")],
        [allow("s3:*", Sid="x", Condition=end)],
        [allow("s3:*", Condition={**end, "Bool": {"aws:SecureTransport": "true"}})],
        [allow("s3:*", Condition={"DateLessThan": {"aws:CurrentTime": "2026-05-20T12:00:00Z"}})],
    ):
        world.aws.admin[PROD].put_user_policy(UserName="bert", PolicyName=LEASE, PolicyDocument=document(*statements))
        before = world.snapshot()
        for command in ("apply", "cleanup"):
            world.run(command, "--adopt").expect(1 if command == "apply" else 0)
            assert world.proxy.writes == [] and world.snapshot() == before


def test_without_the_permission_to_read_tags(world):
    """Nobody knows whose it is: it says so, and what to do; everything else goes on."""
    world.begin(FILES)
    self_serve.leave(world, files(TEAM))
    before = world.snapshot()
    result = world.run("apply", "--adopt").expect(1)
    assert "iam:ListPolicyTags" in result.output and "iamlease policy deployer --adopt" in result.output
    after = world.snapshot()
    assert [after[account]["policies"] for account in MANAGED] == [before[account]["policies"] for account in MANAGED]
    assert ("users", "bert", LEASE) in our_inline(after[PROD])
    applied = world.repo.applied
    world.repo.commit("Nothing", files())  # perhaps they were adopted once: nobody may say that all is gone
    result = world.run("apply").expect(1)
    assert "policy-unread" in result.output and world.repo.applied == applied


def test_calls_stay_few(world):
    """Whoever has nothing of cloud-iam-self-serve pays nothing for it; an adopted policy costs one call."""
    world.begin(files(TEAM))
    world.run("apply").expect(0)
    world.run("apply").expect(0)
    few = [call.action for call in world.proxy.calls]
    assert "ListPolicyTags" not in few
    world.begin(files(TEAM))
    world.aws.let_adopt()
    self_serve.leave(world, files(TEAM, policies={name: POLICIES[name] for name in ("dev.read-only", "dev.queues")}))
    world.run("apply", "--adopt").expect(0)
    world.run("apply").expect(0)
    assert sorted(call.action for call in world.proxy.calls) == sorted(few + ["ListPolicyTags"] * 3)


def test_the_plan_shows_it(old):
    world = old
    settings = {"iamlease.yaml": f"version: 1\naws: {{plan_role: {PLANNER}}}\n"}
    world.repo.commit("A plan role", settings)
    world.repo.commit("Edit", files([permanent(["dev.read-only"], users=["ada", "bert", "carol"]), *TEAM[1:]], LEASES))
    arguments = ["plan", "--live", "--base", "HEAD^", "--head", "HEAD"]
    without = world.run(*arguments, "--json").expect(1).json
    assert {problem["id"] for problem in without["problems"]} == {"foreign-policy", "foreign-inline-policy"}
    result = world.run(*arguments, "--adopt", "--json").expect(0).json
    adopted = [row for row in result["operations"]["items"] if row["operation"] == "adopt-policy"]
    assert sorted((row["policy_arn"], row["mark"]) for row in adopted) == [
        (arn(NONPROD, "dev.read-only"), "default/payments/dev.read-only"),
        (arn(PROD, "dev.queues"), "default/payments/dev.queues"),
        (arn(PROD, "dev.read-only"), "default/payments/dev.read-only"),
    ]
    assert result["digest"] == without["digest"] and world.proxy.writes == []
    assert "adopt policy" in world.run(*arguments, "--adopt", "--markdown").expect(0).stdout
    world.run("apply", "--adopt").expect(0)
    result = world.run("plan", "--live", "--base", "HEAD", "--head", "HEAD", "--json").expect(0).json
    assert (result["operations"]["items"], result["drift"], result["problems"]) == ([], [], [])


def test_how_far_adopting_goes(world):
    """A policy without our tag gets one, and nothing else happens to it; another owner's keeps its own."""
    iam = world.aws.admin[PROD]
    world.aws.let_adopt()
    key, role = world.aws.hub_key, f"arn:aws:iam::{PROD}:role/{DEPLOYER}"
    session = world.aws.client("sts", *key).assume_role(RoleArn=role, RoleSessionName="test")["Credentials"]
    deployer = world.aws.client("iam", session["AccessKeyId"], session["SecretAccessKey"], session["SessionToken"])
    free, theirs = (iam.create_policy(PolicyName=name, PolicyDocument=HAND_MADE)["Policy"]["Arn"] for name in "xy")
    iam.tag_policy(PolicyArn=theirs, Tags=[{"Key": "iamlease", "Value": "ledger/payments/x"}])
    mark = {"Key": "iamlease", "Value": "default/payments/x"}
    for call in (
        lambda: deployer.create_policy_version(PolicyArn=free, PolicyDocument=HAND_MADE),
        lambda: deployer.delete_policy(PolicyArn=free),
        lambda: deployer.tag_policy(PolicyArn=free, Tags=[{"Key": "iamlease", "Value": "ledger/payments/x"}]),
        lambda: deployer.tag_policy(PolicyArn=free, Tags=[mark, {"Key": "admin", "Value": "yes"}]),
        lambda: deployer.tag_policy(PolicyArn=theirs, Tags=[mark]),
        lambda: deployer.delete_policy(PolicyArn=theirs),
        lambda: deployer.untag_policy(PolicyArn=free, TagKeys=["iamlease"]),
    ):
        with pytest.raises(ClientError) as error:
            call()
        assert error.value.response["Error"]["Code"] == "AccessDenied"
    deployer.tag_policy(PolicyArn=free, Tags=[mark])
    deployer.delete_policy(PolicyArn=free)

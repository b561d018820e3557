"""Temporary grants that are managed policies: copies that end, judged by an independent simulator on what boto3 reads."""

import json

import pytest
from harness.aws import PROD, allow, document
from harness.configs import POLICIES, POWER_USER, files, lease, permanent, statement
from harness.judge import ALLOWED, DENIED, judge, question
from harness.proxy import Fault
from harness.state import our_inline, our_policies

S3_FULL = "arn:aws:iam::aws:policy/AmazonS3FullAccess"
BERT = f"arn:aws:iam::{PROD}:user/bert"
OBJECT = "arn:aws:s3:::payments-ledger/2026"
LAST_SECOND, END = "2026-06-03T23:59:59Z", "2026-06-04T00:00:00Z"
EXPLICIT = "ExplicitlyDenied"


def attached(world, user="bert"):
    """The documents of our policies that a user of the production account has attached."""
    snapshot = world.snapshot()[PROD]
    mine = snapshot["users"][user]["attached"]
    return [policy["document"] for arn, policy in our_policies(snapshot).items() if arn in mine]


def grant(managed=(), statements=()):
    content = {"description": "Lent", "managed_policies": list(managed), "custom_statements": list(statements)}
    return {**POLICIES, "dev.lent": {key: value for key, value in content.items() if value}}


def lent(date="2026-06-03", **content):
    return files(temporary=[lease("bert", "dev.lent", date)], policies=grant(**content))


def theirs(world, name, *statements):
    """A customer managed policy that is not ours."""
    made = world.aws.admin[PROD].create_policy(PolicyName=name, PolicyDocument=document(*statements))
    return made["Policy"]["Arn"]


RESOURCES = {
    "s3": OBJECT,
    "sqs": f"arn:aws:sqs:eu-west-1:{PROD}:payments",
    "iam": BERT,
}


def ask(policies, action, at, **context):
    return question(policies, action, RESOURCES[action.split(":")[0]], BERT, at, **context)


def put(policies, *instants):
    return judge([ask(policies, "s3:PutObject", at) for at in instants])


def test_an_aws_managed_policy_is_lent_and_ends(world):
    world.begin(files(temporary=[lease("bert", "dev.break-glass")]))
    before = world.snapshot()
    world.run("apply").expect(0)
    snapshot = world.snapshot()[PROD]
    (arn,) = our_policies(snapshot)
    assert arn == f"arn:aws:iam::{PROD}:policy/iamlease/temp-payments-dev-break-glass-bert"
    assert set(snapshot["users"]["bert"]["attached"]) - set(before[PROD]["users"]["bert"]["attached"]) == {arn}
    assert "[iamlease default/payments/dev.break-glass:user:bert]" in our_policies(snapshot)[arn]["description"]
    assert put(attached(world), LAST_SECOND, END, "2030-01-01T00:00:00Z") == [ALLOWED, DENIED, DENIED]
    world.run("apply").expect(0)
    assert world.proxy.writes == []


def test_a_permanent_grant_beside_it_stays(world):
    policies = {**grant([S3_FULL])}
    world.begin(
        files([permanent(["dev.s3-debug"], users=["bert"])], [lease("bert", "dev.lent")], policies),
    )
    world.run("apply").expect(0)
    delete = [ask(attached(world), "s3:DeleteObject", at) for at in (LAST_SECOND, END)]
    assert judge(delete) == [ALLOWED, DENIED]
    assert put(attached(world), LAST_SECOND, END) == [ALLOWED, ALLOWED]


@pytest.mark.parametrize("beside", [False, True])
def test_conditions_denials_and_exceptions_end_too(world, beside):
    world.begin(files())
    arn = theirs(
        world,
        "theirs",
        allow("s3:*", Condition={"StringEquals": {"aws:RequestedRegion": "eu-west-1"}}),
        {"Effect": "Deny", "Action": "s3:DeleteObject", "Resource": "*"},
        {"Effect": "Allow", "NotAction": ["s3:*", "iam:*"], "Resource": "*"},
        allow("iam:GetUser", Condition={"DateLessThan": {"aws:CurrentTime": ["2026-06-01", "2026-06-02"]}}),
    )
    standing = [permanent(["dev.s3"], users=["bert"])] if beside else []
    policies = {**grant([arn]), "dev.s3": {"description": "", "custom_statements": [statement(["s3:*"])]}}
    world.repo.commit("Lend", files(standing, [lease("bert", "dev.lent")], policies))
    world.run("apply").expect(0)
    documents = attached(world)
    region = {"aws:RequestedRegion": "eu-west-1"}
    questions = [
        ask(documents, action, at, **region)
        for action in ("s3:PutObject", "s3:DeleteObject", "sqs:SendMessage", "iam:GetUser")
        for at in (LAST_SECOND, END)
    ]
    after = ALLOWED if beside else DENIED
    assert judge(questions) == [ALLOWED, after, EXPLICIT, after, ALLOWED, DENIED, DENIED, DENIED]
    early = [ask(documents, "iam:GetUser", at) for at in ("2026-06-01T23:59:59Z", "2026-06-02T00:00:00Z")]
    assert judge(early) == [ALLOWED, DENIED]


def test_a_start_and_mfa(world):
    entry = {**lease("bert", "dev.lent"), "starts_at": "2026-06-02T00:00:00Z"}
    settings = {"iamlease.yaml": json.dumps({"version": 1, "environments": {"prod": {"require_mfa": True}}})}
    world.begin({**files(policies=grant([S3_FULL])), **settings})
    world.repo.commit("Lend", {**files(temporary=[entry], policies=grant([S3_FULL])), **settings})
    world.run("apply").expect(0)
    documents = attached(world)
    yes, no = {"aws:MultiFactorAuthPresent": "true"}, {"aws:MultiFactorAuthPresent": "false"}
    times = ("2026-06-01T23:59:59Z", "2026-06-02T00:00:00Z", LAST_SECOND, END)
    assert judge([ask(documents, "s3:PutObject", at, **yes) for at in times]) == [DENIED, ALLOWED, ALLOWED, DENIED]
    assert judge([ask(documents, "s3:PutObject", at, **no) for at in times]) == [DENIED] * 4
    assert judge([ask(documents, "s3:PutObject", at) for at in times]) == [DENIED] * 4


def test_a_lease_is_prolonged_shortened_and_ended(world):
    world.begin(files())
    before = world.snapshot()
    for date, end in [("2026-06-02", "2026-06-03"), ("2026-06-06", "2026-06-07"), ("2026-06-01", "2026-06-02")]:
        config = lent(date, managed=[S3_FULL])
        world.repo.commit(date, config)
        world.run("apply").expect(0)
        assert put(attached(world), f"{date}T23:59:59Z", f"{end}T00:00:00Z") == [ALLOWED, DENIED]
        assert len(our_policies(world.snapshot()[PROD])) == 1
    assert [name.split()[1] for name in world.proxy.writes] == ["CreatePolicyVersion"]
    world.repo.commit("No more", files())
    world.run("apply").expect(0)
    assert world.snapshot() == before


def test_a_sixth_version_makes_room_for_itself(world):
    for day in range(1, 8):
        config = lent(f"2026-06-0{day}", managed=[S3_FULL])
        world.repo.commit(f"Until {day}", config) if world.repo else world.begin(config)
        world.run("apply").expect(0)
        (policy,) = our_policies(world.snapshot()[PROD]).values()
        assert policy["versions"] <= 5 and f"2026-06-0{day + 1}T00:00:00Z" in str(policy["document"])


def test_cleanup_finds_what_has_ended(world):
    world.begin(files(temporary=[lease("bert", "dev.break-glass"), lease("ada", "dev.break-glass", "2026-06-05")]))
    world.run("apply").expect(0)
    world.run("cleanup", now=LAST_SECOND).expect(0)
    assert world.proxy.writes == []
    world.run("cleanup", now=END).expect(0)
    snapshot = world.snapshot()[PROD]
    assert [arn.rsplit("-", 1)[1] for arn in our_policies(snapshot)] == ["ada"]
    assert not any("iamlease" in arn for arn in snapshot["users"]["bert"]["attached"])


def test_a_copy_is_not_refreshed_while_it_is_lent(world):
    world.begin(files())
    arn = theirs(world, "theirs", allow("s3:*"))
    world.repo.commit("Lend", lent(managed=[arn]))
    world.run("apply").expect(0)
    world.aws.admin[PROD].create_policy_version(
        PolicyArn=arn, PolicyDocument=document(allow("*")), SetAsDefault=True
    )
    result = world.run("apply").expect(0)
    assert world.proxy.writes == []
    assert "is at version v2; this lease keeps version v1, which it copied" in result.output
    world.repo.commit("Longer", lent("2026-06-05", managed=[arn]))
    result = world.run("apply").expect(1)
    assert "source-changed" in result.output and world.proxy.writes == []
    world.repo.commit("Shorter", lent("2026-06-02", managed=[arn]))
    world.run("apply").expect(0)
    assert put(attached(world), "2026-06-02T23:59:59Z", "2026-06-03T00:00:00Z") == [ALLOWED, DENIED]
    assert judge([ask(attached(world), "sqs:SendMessage", "2026-06-01T12:00:00Z")]) == [DENIED]


def big(name, size=2_700):
    return allow("s3:Get*", [f"arn:aws:s3:::{name}{'x' * size}"])


def test_a_lease_in_as_few_policies_as_possible(world):
    """Four sources, of which two and two fit together; the one that denies is in place first."""
    world.begin(files())
    arns = [theirs(world, name, big(name)) for name in "abc"]
    arns.append(theirs(world, "d", {**big("d"), "Effect": "Deny"}))
    world.repo.commit("Lend", lent(managed=arns))
    world.run("apply").expect(0)
    policies = our_policies(world.snapshot()[PROD])
    base = f"arn:aws:iam::{PROD}:policy/iamlease/temp-payments-dev-lent-bert"
    assert sorted(policies) == [base, f"{base}-2"]
    assert [statement["Effect"] for statement in policies[f"{base}-2"]["document"]["Statement"]] == ["Allow"] * 2
    sids = [entry["Sid"] for policy in policies.values() for entry in policy["document"]["Statement"]]
    assert len(set(sids)) == 4
    first, second = (arn.rsplit("/", 1)[1] for arn in (base, f"{base}-2"))
    made = [f"{PROD} CreatePolicy {name} #1" for name in (first, second)]
    lent_to = [f"{PROD} AttachUserPolicy bert {name} #1" for name in (first, second)]
    writes = world.proxy.writes
    assert sorted(writes) == sorted(made + lent_to)
    assert writes.index(made[0]) < writes.index(lent_to[0]) < writes.index(lent_to[1])  # it denies, so it comes first
    assert writes.index(made[1]) < writes.index(lent_to[1])
    world.run("apply").expect(0)
    assert world.proxy.writes == []
    world.repo.commit("Less", lent(managed=arns[:1]))
    world.run("apply").expect(0)
    assert list(our_policies(world.snapshot()[PROD])) == [base]


def test_a_lease_that_does_not_fit_inline_is_a_policy_and_stays_one(world):
    many = {"description": "", "custom_statements": [statement(["s3:*"], [f"arn:aws:s3:::payments-{'x' * 2_000}*", "*"])]}
    policies = {**POLICIES, "dev.lent": many}
    world.begin(files(temporary=[lease("bert", "dev.lent")], policies=policies))
    world.run("apply").expect(0)
    assert our_inline(world.snapshot()[PROD]) == {}
    assert put(attached(world), LAST_SECOND, END) == [ALLOWED, DENIED]
    few = {**policies, "dev.lent": {"description": "", "custom_statements": [statement(["s3:*"])]}}
    world.repo.commit("Smaller", files(temporary=[lease("bert", "dev.lent")], policies=few))
    world.run("apply").expect(0)
    assert our_inline(world.snapshot()[PROD]) == {} and put(attached(world), LAST_SECOND, END) == [ALLOWED, DENIED]


def test_mode_inline_is_that_and_no_other(world):
    many = {"description": "", "custom_statements": [statement(["s3:*"], [f"arn:aws:s3:::payments-{'x' * 2_000}*"])]}
    world.begin(
        files(temporary=[{**lease("bert", "dev.lent"), "mode": "inline"}], policies={**POLICIES, "dev.lent": many})
    )
    before = world.snapshot()
    assert "inline-quota" in world.run("apply").expect(1).output
    assert world.snapshot() == before


def test_all_of_a_lease_or_nothing(world):
    """Two policies, and room for one attachment."""
    world.begin(files())
    iam = world.aws.admin[PROD]
    arns = [theirs(world, name, big(name, 4_000)) for name in "ab"]
    for number in range(9):
        iam.attach_user_policy(UserName="bert", PolicyArn=theirs(world, f"filler-{number}", allow("s3:Get*")))
    before = world.snapshot()
    world.repo.commit("Lend", lent(managed=arns))
    assert "attachment-quota" in world.run("apply").expect(1).output
    assert world.snapshot() == before


def test_names_of_others_are_left_alone(world):
    world.begin(files())
    name = "temp-payments-dev-lent-bert"
    theirs(world, name, allow("s3:Get*"))
    before = world.snapshot()
    world.repo.commit("Lend", lent(managed=[POWER_USER]))
    assert "foreign-policy" in world.run("apply").expect(1).output
    assert world.snapshot() == before


def test_a_source_that_is_not_there(world):
    world.begin(lent(managed=["arn:aws:iam::aws:policy/NoSuchPolicy"]))
    before = world.snapshot()
    result = world.run("apply").expect(1)
    assert "source-unreadable" in result.output and "there is no such policy" in result.output
    assert world.snapshot() == before


def test_who_shows_the_lease(world):
    world.begin(files(temporary=[lease("bert", "dev.break-glass")]))
    world.run("apply").expect(0)
    rows = json.loads(world.run("who", "--json").expect(0).stdout)
    assert "2026-06-04T00:00:00Z" in json.dumps(rows) and "dev.break-glass" in json.dumps(rows)


def fill(world, count):
    iam = world.aws.admin[PROD]
    for number in range(count):
        iam.attach_user_policy(UserName="bert", PolicyArn=theirs(world, f"filler-{number}", allow("s3:Get*")))


@pytest.mark.parametrize("date", ["2026-06-03", "2026-06-05"])
def test_a_lease_that_grows_out_of_every_quota_keeps_what_it_has(world, date):
    """Inline before; then too large for that, and no room for an attachment."""
    few = {**POLICIES, "dev.lent": {"description": "", "custom_statements": [statement(["s3:*"])]}}
    much = [f"arn:aws:s3:::payments-{'x' * 2_000}*"]
    many = {**POLICIES, "dev.lent": {"description": "", "custom_statements": [statement(["s3:*"], much)]}}
    world.begin(files(temporary=[lease("bert", "dev.lent")], policies=few))
    world.run("apply").expect(0)
    fill(world, 9)
    before = world.snapshot()
    world.repo.commit("Larger", files(temporary=[lease("bert", "dev.lent", date)], policies=many))
    for _ in range(2):
        assert "attachment-quota" in world.run("apply").expect(1).output
        assert world.snapshot() == before and world.proxy.writes == []


def test_but_not_for_longer_than_is_declared_now(world):
    few = {**POLICIES, "dev.lent": {"description": "", "custom_statements": [statement(["s3:*"])]}}
    much = [f"arn:aws:s3:::payments-{'x' * 2_000}*"]
    many = {**POLICIES, "dev.lent": {"description": "", "custom_statements": [statement(["s3:*"], much)]}}
    world.begin(files(temporary=[lease("bert", "dev.lent")], policies=few))
    world.run("apply").expect(0)
    fill(world, 9)
    world.repo.commit("Larger, shorter", files(temporary=[lease("bert", "dev.lent", "2026-06-02")], policies=many))
    assert "attachment-quota" in world.run("apply").expect(1).output
    assert our_inline(world.snapshot()[PROD]) == {}


def test_copies_that_grow_out_of_the_quota_stay_as_they_are(world):
    world.begin(files())
    arns = [theirs(world, name, big(name, 4_000)) for name in "ab"]
    world.repo.commit("Lend", lent(managed=arns[:1]))
    world.run("apply").expect(0)
    fill(world, 8)
    before = world.snapshot()
    world.repo.commit("Lend more", lent(managed=arns))
    assert "attachment-quota" in world.run("apply").expect(1).output
    assert world.snapshot() == before


GIVES = {"policy": "CreatePolicyVersion", "inline": "PutUserPolicy", "role": "CreateRole"}


@pytest.mark.parametrize("mode", GIVES)
def test_what_a_lease_was_stays_until_what_it_becomes_is_there(world, mode):
    """It shrinks from two policies to one, or becomes another kind, and what gives it so cannot be written."""
    world.begin(files())
    kept = statement(["s3:PutObject"], [OBJECT], "Allow")
    before = [padded("Allow", f"s3:Get{name}", 4_000) for name in ("ObjectAcl", "ObjectTagging")]
    arns = [theirs(world, f"p{number}", content) for number, content in enumerate(before)]
    arns.append(theirs(world, "kept", allow("s3:PutObject", [OBJECT])))
    world.repo.commit("Lend", lent(managed=arns))
    world.run("apply").expect(0)
    assert len(attached(world)) == 2 and put(attached(world), LAST_SECOND) == [ALLOWED]
    smaller = {**POLICIES, "dev.lent": {"description": "", "custom_statements": [kept]}}
    entry = {**lease("bert", "dev.lent"), "mode": mode}
    world.repo.commit("Less", files(temporary=[entry], policies=smaller))
    world.save("start")
    refused = Fault("denied", when=lambda call: call.action == GIVES[mode])
    assert world.run("apply", faults=[refused]).code == 1
    assert len(attached(world)) == 2 and put(attached(world), LAST_SECOND) == [ALLOWED]
    world.run("apply").expect(0)
    assert len(attached(world)) == (mode == "policy")
    world.restore("start")
    world.run("apply").expect(0)
    writes = [name.split()[1] for name in world.proxy.writes]
    assert writes.index(GIVES[mode]) < writes.index("DetachUserPolicy")


def padded(effect, action, size):
    return {**allow(action, ["arn:aws:s3:::ledger/*", f"arn:aws:s3:::{'x' * size}"]), "Effect": effect}


def states_on_the_way(world):
    """The documents that bert has attached after each write of an apply that is killed there."""
    world.save("before")
    world.run("apply").expect(0)
    states = []
    for name in world.proxy.writes:
        world.restore("before")
        world.run("apply", faults=[Fault("kill_after", name)])
        states.append(attached(world))
    return states


def test_nothing_is_allowed_before_what_denies_is_there(world):
    """What a lease allows grows while an object that denies comes: whatever stands in between never allows more."""
    world.begin(files())
    mixed = theirs(
        world, "mixed", padded("Allow", "s3:GetObjectAcl", 1_300), padded("Deny", "s3:PutObjectAcl", 1_300)
    )
    more = theirs(world, "more", padded("Allow", "s3:GetObject*", 2_600))
    denied = theirs(world, "denied", padded("Deny", "s3:GetObject", 2_600))
    world.repo.commit("Lend", lent(managed=[mixed]))
    world.run("apply").expect(0)
    world.repo.commit("Lend more", lent(managed=[mixed, more, denied]))
    states = states_on_the_way(world)
    resource, at = "arn:aws:s3:::ledger/2026", "2026-06-01T12:00:00Z"
    asked = [question(documents, "s3:GetObject", resource, BERT, at) for documents in states]
    assert len(states) >= 3 and ALLOWED not in judge(asked)
    granted = [question(documents, "s3:GetObjectTagging", resource, BERT, at) for documents in states]
    assert judge(granted)[-1] == ALLOWED


@pytest.mark.parametrize("after", ["nothing", "inline", "less"])
def test_nothing_is_allowed_after_what_denies_is_gone(world, after):
    """A lease of several objects is taken back early, becomes another kind, or smaller: what allows goes first."""
    world.begin(files())
    mixed = theirs(world, "mixed", padded("Allow", "s3:GetObjectAcl", 1_300), padded("Deny", "s3:PutObjectAcl", 1_300))
    more = theirs(world, "more", padded("Allow", "s3:GetObject*", 2_600))
    denied = theirs(world, "denied", padded("Deny", "s3:GetObject", 2_600))
    world.repo.commit("Lend", lent(managed=[mixed, more, denied]))
    world.run("apply").expect(0)
    assert len(attached(world)) >= 2
    small = {**POLICIES, "dev.lent": {"description": "", "custom_statements": [statement(["s3:ListBucket"])]}}
    inline = files(temporary=[{**lease("bert", "dev.lent"), "mode": "inline"}], policies=small)
    world.repo.commit("Take it back", {"nothing": files(), "inline": inline, "less": lent(managed=[mixed])}[after])
    states = states_on_the_way(world)
    resource, at = "arn:aws:s3:::ledger/2026", "2026-06-01T12:00:00Z"
    asked = [question(documents, "s3:GetObject", resource, BERT, at) for documents in states]
    assert len(states) >= 4 and ALLOWED not in judge(asked)


PAST = {"conditions": {"DateLessThan": {"aws:CurrentTime": "2026-06-02T12:00:00Z"}}}


def test_what_denies_stays_while_another_part_of_the_lease_allows(world):
    """An object whose own permission is over still denies what the rest of its lease would allow."""
    early = {"Condition": {"DateLessThan": {"aws:CurrentTime": "2026-06-02T12:00:00Z"}}}
    world.begin(files())
    mixed = theirs(
        world,
        "mixed",
        {**padded("Allow", "s3:PutObject", 1_300), **early},
        padded("Deny", "s3:GetObject", 1_300),
    )
    more = theirs(world, "more", padded("Allow", "s3:GetObject*", 4_600))
    world.repo.commit("Lend", lent(managed=[mixed, more]))
    world.run("apply").expect(0)
    before = world.snapshot()
    assert len(attached(world)) == 2
    noon = "2026-06-02T13:00:00Z"
    for command in ("cleanup", "apply", "cleanup"):
        world.run(command, now=noon).expect(0)
        assert world.snapshot() == before and world.proxy.writes == []
    world.run("cleanup", now="2026-06-04T00:00:00Z").expect(0)
    assert attached(world) == []


@pytest.mark.parametrize("mode", ["inline", "policy"])
def test_a_lease_that_allows_nothing_any_more_has_ended(world, mode):
    """Its own conditions end before the entry does: cleanup and apply agree that it is over."""
    policies = {**POLICIES, "dev.lent": {"description": "", "custom_statements": [{**statement(["s3:*"]), **PAST}, statement(["s3:Delete*"], effect="Deny")]}}
    world.begin(files())
    before = world.snapshot()
    world.repo.commit("Lend", files(temporary=[{**lease("bert", "dev.lent"), "mode": mode}], policies=policies))
    world.run("apply").expect(0)
    noon = "2026-06-02T12:00:00Z"
    result = world.run("apply", now=noon).expect(0)
    assert world.snapshot() == before
    for command in ("cleanup", "apply"):
        result = world.run(command, now=noon).expect(0)
        assert world.proxy.writes == []
    assert "allows nothing any more" in result.output

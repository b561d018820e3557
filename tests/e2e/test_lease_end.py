"""A lease ends by itself, to the second: judged by an independent simulator, on what boto3 reads from AWS."""

import pytest
from harness.aws import PROD
from harness.configs import POLICIES, files, lease, permanent, statement
from harness.judge import ALLOWED, DENIED, judge, question
from harness.state import our_inline, our_policies

OBJECT = "arn:aws:s3:::payments-ledger/2026"
BERT = f"arn:aws:iam::{PROD}:user/bert"
DAYS = [("2026-06-01", "2026-06-02"), ("2026-06-03", "2026-06-04"), ("2026-06-07", "2026-06-08")]


def documents(world, user):
    """Every policy document of ours that a user of the production account has, inline or attached."""
    snapshot = world.snapshot()[PROD]
    inline = [document for (_, name, _), document in our_inline(snapshot).items() if name == user]
    attached = snapshot["users"][user]["attached"]
    return inline + [policy["document"] for arn, policy in our_policies(snapshot).items() if arn in attached]


def put(policies, at, principal=BERT):
    return question(policies, "s3:PutObject", OBJECT, principal, at)


@pytest.mark.parametrize("date, day_after", DAYS)
def test_a_lease_ends_when_its_last_day_has_passed(world, date, day_after):
    world.begin(files(temporary=[lease("bert", date=date)]))
    world.run("apply").expect(0)
    policies = documents(world, "bert")
    questions = [put(policies, at) for at in (f"{date}T23:59:59Z", f"{day_after}T00:00:00Z", "2030-01-01T00:00:00Z")]
    assert judge(questions) == [ALLOWED, DENIED, DENIED]


def test_an_entry_that_ended_before_it_was_applied(world):
    """It is skipped, which is no failure, and the report says so."""
    world.begin(files(temporary=[lease("bert", date="2026-05-30"), lease("ada")]))
    result = world.run("apply").expect(0)
    assert "1 entry of temporary-access has ended, and nothing is granted for it" in result.stdout
    assert [name for _, name, _ in our_inline(world.snapshot()[PROD])] == ["ada"]
    assert "lease-ended" in world.run("validate").expect(0).output


def test_several_statements_end_together_the_denials_too(world):
    grant = {
        "description": "Everything in S3 but the keys",
        "custom_statements": [
            statement(["s3:*"]),
            statement(["s3:*"], ["arn:aws:s3:::payments-keys/*"], effect="Deny"),
        ],
    }
    world.begin(
        files([permanent(["dev.s3-debug"], users=["bert"])], [lease("bert", "dev.s3")], {**POLICIES, "dev.s3": grant})
    )
    world.run("apply").expect(0)
    policies = documents(world, "bert")
    keys = "arn:aws:s3:::payments-keys/1"
    questions = [
        question(policies, "s3:PutObject", resource, BERT, at)
        for at in ("2026-06-03T23:59:59Z", "2026-06-04T00:00:00Z")
        for resource in (OBJECT, keys)
    ]
    assert judge(questions) == [ALLOWED, "ExplicitlyDenied", ALLOWED, ALLOWED]


def test_the_end_of_one_entry_never_cuts_another(world):
    world.begin(files(temporary=[lease("bert", date="2026-06-02"), lease("bert", date="2026-06-05")]))
    world.run("apply").expect(0)
    policies = documents(world, "bert")
    assert len(policies) == 1
    assert judge([put(policies, "2026-06-05T23:59:59Z"), put(policies, "2026-06-06T00:00:00Z")]) == [ALLOWED, DENIED]


def test_a_lease_is_prolonged_and_shortened(world):
    for date, end in [("2026-06-02", "2026-06-03"), ("2026-06-06", "2026-06-07"), ("2026-06-01", "2026-06-02")]:
        config = files(temporary=[lease("bert", date=date)])
        world.repo.commit(date, config) if world.repo else world.begin(config)
        world.run("apply").expect(0)
        assert len(world.proxy.writes) == 1
        policies = documents(world, "bert")
        assert judge([put(policies, f"{date}T23:59:59Z"), put(policies, f"{end}T00:00:00Z")]) == [ALLOWED, DENIED]


def test_a_lease_that_has_ended_is_not_granted(world):
    world.begin(files(temporary=[lease("bert", date="2026-05-31")]))
    before = world.snapshot()
    world.run("apply").expect(0)
    assert world.proxy.writes == [] and world.snapshot() == before


def test_apply_takes_away_what_has_ended(world):
    """The scheduled cleanup may never have run."""
    world.begin(files(temporary=[lease("bert"), lease("ada", date="2026-06-05")]))
    world.run("apply").expect(0)
    world.run("apply", now="2026-06-04T00:00:00Z").expect(0)
    assert {user for _, user, _ in our_inline(world.snapshot()[PROD])} == {"ada"}

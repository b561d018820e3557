"""A lease begins when it says, and works with MFA only where that is required: judged by an independent simulator."""

import json

import pytest
from harness.aws import NONPROD, PROD
from harness.configs import files, lease, statement
from harness.judge import ALLOWED, DENIED, judge, question
from harness.state import our_inline

OBJECT = "arn:aws:s3:::payments-ledger/2026"
BERT = f"arn:aws:iam::{PROD}:user/bert"
MFA = {"aws:MultiFactorAuthPresent": "true"}


def window(starts_at, ends_at, **more):
    entry = {**lease("bert"), "starts_at": starts_at, "expires_at": ends_at, **more}
    del entry["expiration_date"]
    return entry


def leases(world):
    """Our inline policies of bert in production, by name."""
    return {name: doc for (_, user, name), doc in our_inline(world.snapshot()[PROD]).items() if user == "bert"}


def put(policies, at, **context):
    return question(list(policies.values()), "s3:PutObject", OBJECT, BERT, at, **context)


WINDOW = ("2026-06-02T10:00:00Z", "2026-06-02T14:30:00Z")
SECONDS = ["2026-06-02T09:59:59Z", "2026-06-02T10:00:00Z", "2026-06-02T14:29:59Z", "2026-06-02T14:30:00Z"]


def test_a_lease_begins_and_ends_to_the_second(world):
    world.begin(files(temporary=[window(*WINDOW)]))
    world.run("apply").expect(0)
    policies = leases(world)
    assert list(policies) == ["temp-payments-dev-s3-debug-bert-20260602T100000Z"]
    assert judge([put(policies, at) for at in SECONDS]) == [DENIED, ALLOWED, ALLOWED, DENIED]
    assert world.run("apply").expect(0) and world.proxy.writes == []


def test_an_offset_is_the_same_instant(world):
    world.begin(files(temporary=[window("2026-06-02T12:00:00+02:00", "2026-06-02T09:30:00-05:00")]))
    world.run("apply").expect(0)
    assert judge([put(leases(world), at) for at in SECONDS]) == [DENIED, ALLOWED, ALLOWED, DENIED]


def test_what_touches_is_one_lease_and_a_gap_is_not_filled(world):
    morning, noon = window("2026-06-02T08:00:00Z", "2026-06-02T10:00:00Z"), window(*WINDOW)
    evening = window("2026-06-02T20:00:00Z", "2026-06-02T21:00:00Z")
    world.begin(files(temporary=[noon, morning, evening]))
    world.run("apply").expect(0)
    policies = leases(world)
    assert len(policies) == 2
    times = {
        "07:59:59": DENIED, "08:00:00": ALLOWED, "10:00:00": ALLOWED, "14:30:00": DENIED,
        "19:59:59": DENIED, "20:00:00": ALLOWED, "21:00:00": DENIED,
    }  # fmt: skip
    assert judge([put(policies, f"2026-06-02T{time}Z") for time in times]) == list(times.values())


def test_a_start_that_moves(world):
    world.begin(files(temporary=[window(*WINDOW)]))
    world.run("apply").expect(0)
    world.repo.commit("Later", files(temporary=[window("2026-06-02T12:00:00Z", WINDOW[1])]))
    plan = json.loads(world.run("plan", "--base", "HEAD~1", "--head", "HEAD", "--json").expect(0).stdout)
    assert [row["change"] for row in plan["rows"]] == ["change"]
    assert plan["rows"][0]["starts_at_before"] == WINDOW[0]
    world.run("apply").expect(0)
    policies = leases(world)
    assert list(policies) == ["temp-payments-dev-s3-debug-bert-20260602T120000Z"]
    assert judge([put(policies, at) for at in ("2026-06-02T11:59:59Z", "2026-06-02T12:00:00Z")]) == [DENIED, ALLOWED]


def test_the_start_of_the_policy_itself_counts_when_it_is_later(world):
    debug = {
        "custom_statements": [
            {
                **statement(["s3:PutObject"], ["arn:aws:s3:::payments-*/*"]),
                "conditions": {"DateGreaterThanEquals": {"aws:CurrentTime": "2026-06-02T12:00:00Z"}},
            }
        ]
    }
    world.begin(files(temporary=[window(*WINDOW)], policies={"dev.s3-debug": debug}))
    world.run("apply").expect(0)
    times = ["2026-06-02T11:59:59Z", "2026-06-02T12:00:00Z", "2026-06-02T14:29:59Z", "2026-06-02T14:30:00Z"]
    assert judge([put(leases(world), at) for at in times]) == [DENIED, ALLOWED, ALLOWED, DENIED]


@pytest.mark.parametrize("environment, needed", [("prod", True), ("nonprod", False)])
def test_mfa_where_the_account_requires_it(world, environment, needed):
    settings = {"iamlease.yaml": "version: 1\nenvironments: {prod: {require_mfa: true}}\n"}
    world.begin(files() | settings, files(temporary=[lease("bert", environment=environment)]) | settings)
    world.run("apply").expect(0)
    account = PROD if environment == "prod" else NONPROD
    policies = [document for (_, user, _), document in our_inline(world.snapshot()[account]).items() if user == "bert"]
    bert = f"arn:aws:iam::{account}:user/bert"
    contexts = [{}, {"aws:MultiFactorAuthPresent": "false"}, MFA]
    answers = judge(
        [question(policies, "s3:PutObject", OBJECT, bert, "2026-06-02T00:00:00Z", **context) for context in contexts]
        + [question(policies, "s3:PutObject", OBJECT, bert, "2026-06-04T00:00:00Z", **MFA)]
    )
    assert answers == ([DENIED, DENIED, ALLOWED, DENIED] if needed else [ALLOWED, ALLOWED, ALLOWED, DENIED])


def test_a_rule_of_mfa_holds_for_the_commits_after_it(world):
    """It is judged by the rules before it; what is there follows with the next apply, as the plan's row says."""
    rule = {"iamlease.yaml": "version: 1\nenvironments: {prod: {require_mfa: true}}\n"}
    world.begin(files())
    world.run("apply").expect(0)
    world.repo.commit("The rule and a lease", files(temporary=[lease("bert")]) | rule)
    plan = json.loads(world.run("plan", "--base", "HEAD~1", "--head", "HEAD", "--json").expect(0).stdout)
    assert [row["require_mfa"] for row in plan["rows"]] == [False]
    assert "follow with the apply after it" in plan["side_changes"][0]["note"]
    world.run("apply").expect(0)
    assert judge([put(leases(world), "2026-06-02T00:00:00Z")]) == [ALLOWED]
    world.run("apply").expect(0)
    at = "2026-06-02T00:00:00Z"
    assert judge([put(leases(world), at), put(leases(world), at, **MFA)]) == [DENIED, ALLOWED]


def test_a_change_cannot_free_itself_of_mfa(world):
    rule = {"iamlease.yaml": "version: 1\nenvironments: {prod: {require_mfa: true}}\n"}
    world.begin(files() | rule)
    world.run("apply").expect(0)
    world.repo.commit("No rule, and a lease", files(temporary=[lease("bert")]) | {"iamlease.yaml": None})
    plan = json.loads(world.run("plan", "--base", "HEAD~1", "--head", "HEAD", "--json").expect(0).stdout)
    assert "leases that are there keep it" in plan["side_changes"][0]["note"]
    world.run("apply").expect(0)
    at = "2026-06-02T00:00:00Z"
    assert judge([put(leases(world), at), put(leases(world), at, **MFA)]) == [DENIED, ALLOWED]

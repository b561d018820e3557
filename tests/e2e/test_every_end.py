"""Leases of every kind, each judged by an independent simulator around its beginning and its end.

For each mode, with and without a permanent grant beside it, from now on or from a later start, in an account that requires
MFA and in one that does not: one apply lends them all, each to a user of its own.
"""

import itertools
import json
from dataclasses import dataclass

from harness.aws import NONPROD, PROD
from harness.configs import statement
from harness.judge import ALLOWED, DENIED, judge, question
from harness.state import our_inline, our_policies

EXPLICIT = "ExplicitlyDenied"
START, END = "2026-06-02T10:00:00Z", "2026-06-03T14:30:00Z"
BEFORE_START, LAST_SECOND = "2026-06-02T09:59:59Z", "2026-06-03T14:29:59Z"
LONG_AFTER = "2031-01-01T00:00:00Z"
MFA = {"yes": {"aws:MultiFactorAuthPresent": "true"}, "no": {"aws:MultiFactorAuthPresent": "false"}, "unsaid": {}}
OBJECT, QUEUE = "arn:aws:s3:::payments-ledger/2026", f"arn:aws:sqs:eu-west-1:{PROD}:payments"
BESIDE = [statement(["sqs:SendMessage"])]  # what everybody with a permanent grant has, for ever


@dataclass
class Grant:
    """What a grant says, one request that it allows, and requests that it denies or leaves out: {action: answer}."""

    statements: list
    action: str
    others: dict
    context: dict


EUROPE = {"StringEquals": {"aws:RequestedRegion": ["eu-west-1"]}}
GRANTS = {
    "plain": Grant([statement(["s3:PutObject"])], "s3:PutObject", {"s3:GetObject": DENIED}, {}),
    "condition": Grant(
        [{**statement(["s3:PutObject"]), "conditions": EUROPE}],
        "s3:PutObject", {"s3:GetObject": DENIED}, {"aws:RequestedRegion": "eu-west-1"},
    ),
    "deny": Grant(
        [statement(["s3:*", "sqs:*"]), statement(["sqs:SendMessage"], effect="Deny")],
        "s3:PutObject", {"sqs:SendMessage": EXPLICIT}, {},
    ),
    "not-action": Grant(
        [{"effect": "Allow", "not_actions": ["s3:Delete*"], "resources": ["*"]}],
        "s3:PutObject", {"s3:DeleteObject": DENIED}, {},
    ),
    "not-resource": Grant(
        [{"effect": "Deny", "actions": ["s3:*"], "not_resources": ["arn:aws:s3:::payments-*"]}, statement(["s3:Get*"])],
        "s3:GetObject", {"s3:PutObject": DENIED}, {},
    ),
    "own-dates": Grant(  # later than the lease: of no effect
        [
            {
                **statement(["s3:PutObject"]),
                "conditions": {
                    "DateLessThan": {"aws:currenttime": ["2026-06-02", "2026-07-01T00:00:00Z"]},
                    "DateGreaterThanEquals": {"aws:CurrentTime": "2026-05-01T00:00:00Z"},
                },
            }
        ],
        "s3:PutObject", {"s3:GetObject": DENIED}, {},
    ),
}  # fmt: skip


@dataclass
class Case:
    grant: str
    mode: str
    account: str
    beside: bool
    starts: bool
    user: str = ""

    @property
    def needs_mfa(self):
        return self.account == PROD

    def ask(self, documents, action, at, mfa):
        resource = QUEUE if action.startswith("sqs") else OBJECT
        principal = f"arn:aws:iam::{self.account}:user/{self.user}"
        return question(documents, action, resource, principal, at, **GRANTS[self.grant].context, **MFA[mfa])

    def expected(self):
        """(action, instant, MFA) → answer."""
        grant = GRANTS[self.grant]
        for at, mfa in itertools.product([BEFORE_START, START, LAST_SECOND, END, LONG_AFTER], MFA):
            begun = not self.starts or at != BEFORE_START
            is_lent = begun and at < END
            works = is_lent and (mfa == "yes" or not self.needs_mfa)
            yield (grant.action, at, mfa), ALLOWED if works else DENIED
            for action, answer in grant.others.items():
                stays = ALLOWED if self.beside and action == "sqs:SendMessage" else DENIED
                # A denial of the lease needs no second factor, and ends with it.
                yield (action, at, mfa), answer if is_lent and answer == EXPLICIT else stays
            if "sqs:SendMessage" not in grant.others and self.grant != "not-action":
                yield ("sqs:SendMessage", at, mfa), ALLOWED if self.beside else DENIED


def cases():
    both = [False, True]
    for number, values in enumerate(itertools.product(GRANTS, ["inline", "policy"], [NONPROD, PROD], both, both)):
        yield Case(*values, user=f"u{number:02d}")


def configuration(all_cases):
    names = {NONPROD: "nonprod", PROD: "prod"}
    lent = []
    for case in all_cases:
        entry = {
            "description": "Lent",
            "user": case.user,
            "environment": names[case.account],
            "grant": f"try.{case.grant}",
            "mode": case.mode,
            "expires_at": END,
        }
        lent.append({**entry, "starts_at": START} if case.starts else entry)
    beside = {
        account: [case.user for case in all_cases if case.beside and case.account == account] for account in names
    }
    policies = {f"try.{name}": {"custom_statements": grant.statements} for name, grant in GRANTS.items()}
    content = {
        "aws-accounts": {name: account for account, name in names.items()},
        "aws-policies": {**policies, "try.beside": {"custom_statements": BESIDE}},
        "permanent-access": [
            {"description": "", "users": users, "environments": [names[account]], "grants": ["try.beside"]}
            for account, users in beside.items()
        ],
        "temporary-access": lent,
    }
    return {f"{folder}/table.yaml": json.dumps({folder: value}) for folder, value in content.items()}


def test_every_lease_begins_and_ends(shipped_world):
    world, all_cases = shipped_world, list(cases())
    rule = {"iamlease.yaml": json.dumps({"version": 1, "environments": {"prod": {"require_mfa": True}}})}
    accounts = {"aws-accounts/table.yaml": configuration(all_cases)["aws-accounts/table.yaml"]}
    world.begin({**rule, **accounts}, {**rule, **configuration(all_cases)})
    for case in all_cases:
        world.aws.admin[case.account].create_user(UserName=case.user)
    world.run("apply").expect(0)
    snapshot = world.snapshot()
    questions, expected = [], []
    for case in all_cases:
        content = snapshot[case.account]
        inline = [document for (_, name, _), document in our_inline(content).items() if name == case.user]
        policies = our_policies(content)
        attached = [policies[arn]["document"] for arn in content["users"][case.user]["attached"]]
        assert (len(inline), len(attached)) == (case.mode == "inline", case.beside + (case.mode == "policy")), case
        for (action, at, mfa), answer in case.expected():
            questions.append(case.ask(inline + attached, action, at, mfa))
            expected.append((case, action, at, mfa, answer))
    answers = judge(questions)
    wrong = [f"{said}: {expectation}" for said, expectation in zip(answers, expected) if said != expectation[4]]
    assert len(answers) > 1_000 and wrong == [], "\n".join(wrong[:20])

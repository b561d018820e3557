"""Leases of every kind, each judged by an independent simulator around its beginning and its end.

For each mode, to a user, a group and a role, with and without a permanent grant beside it, from now on or from a later start,
in an account that requires MFA and in one that does not: one apply lends them all, each to a principal of its own.
"""

import itertools
import json
from dataclasses import dataclass

from harness.aws import NONPROD, PROD
from harness.configs import statement
from harness.judge import ALLOWED, DENIED, judge, question
from harness.people import TRUST
from harness.state import lent_roles, our_inline, our_policies

EXPLICIT = "ExplicitlyDenied"
START, END = "2026-06-02T10:00:00Z", "2026-06-03T14:30:00Z"
BEFORE_START, LAST_SECOND = "2026-06-02T09:59:59Z", "2026-06-03T14:29:59Z"
LONG_AFTER = "2031-01-01T00:00:00Z"
MOMENTS = [BEFORE_START, START, LAST_SECOND, END, LONG_AFTER]
MFA = {"yes": {"aws:MultiFactorAuthPresent": "true"}, "no": {"aws:MultiFactorAuthPresent": "false"}, "unsaid": {}}
OBJECT, QUEUE = "arn:aws:s3:::payments-ledger/2026", f"arn:aws:sqs:eu-west-1:{PROD}:payments"
QUEUES = "sqs:SendMessage"
BESIDE = [statement([QUEUES])]  # what everybody with a permanent grant has, for ever
MODES, KINDS = ["inline", "policy", "role"], ["user", "group", "role"]


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
        [statement(["s3:*", "sqs:*"]), statement([QUEUES], effect="Deny")],
        "s3:PutObject", {QUEUES: EXPLICIT}, {},
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
    kind: str  # of the principal
    account: str
    beside: bool
    starts: bool
    name: str = ""

    @property
    def requests(self):
        """When, and with which second factor; at the end and right before it also with a request that does not say."""
        moments = itertools.product(MOMENTS if self.starts else MOMENTS[1:], MFA)
        return [(at, mfa) for at, mfa in moments if mfa != "unsaid" or at in (LAST_SECOND, END)]

    def is_lent(self, at):
        return (not self.starts or at != BEFORE_START) and at < END

    def lets_in(self, mfa):
        return mfa == "yes" or self.account != PROD

    @property
    def actions(self):
        """What is asked: what the grant allows, what it denies or leaves out, and what stands beside it."""
        beside = {} if self.grant == "not-action" else {QUEUES: DENIED}
        return {GRANTS[self.grant].action: ALLOWED, **beside, **GRANTS[self.grant].others}

    def ask(self, has, session, action, at, mfa, resource=None):
        """`has` are the documents of whoever asks: in the session of a role, or (None) the principal, of a group one in it."""
        role = session or (self.name if self.kind == "role" else None)
        who = f"sts::{self.account}:assumed-role/{role}/session" if role else f"iam::{self.account}:user/{self.name}"
        resource = resource or (QUEUE if action == QUEUES else OBJECT)
        return question(has, action, resource, f"arn:aws:{who}", at, **GRANTS[self.grant].context, **MFA[mfa])

    def on_principal(self, has):
        """Questions and answers where the lease is on the principal itself; of one in `role` mode nothing is."""
        for (at, mfa), (action, answer) in itertools.product(self.requests, self.actions.items()):
            is_lent = self.mode != "role" and self.is_lent(at)
            expected = ALLOWED if self.beside and action == QUEUES else DENIED
            # A denial of the lease needs no second factor, and ends with it.
            if is_lent and (answer == EXPLICIT or (answer == ALLOWED and self.lets_in(mfa))):
                expected = answer
            yield self.ask(has, None, action, at, mfa), expected

    def at_the_door(self, arn, trust):
        """Whether the principal gets into the lent role."""
        for at, mfa in self.requests:
            asked = self.ask([], None, "sts:AssumeRole", at, mfa, arn)
            yield {**asked, "trust": trust}, ALLOWED if self.is_lent(at) and self.lets_in(mfa) else DENIED

    def in_session(self, arn, has):
        """What a session of the lent role may do: what the grant says until the end, also in one that began before it."""
        for at, (action, answer) in itertools.product(MOMENTS[1:], self.actions.items()):
            yield self.ask(has, arn.rsplit("/", 1)[1], action, at, "unsaid"), answer if at < END else EXPLICIT


def product():
    both = [False, True]
    for number, values in enumerate(itertools.product(GRANTS, MODES, KINDS, [NONPROD, PROD], both, both)):
        yield Case(*values, name=f"p{number:03d}")


def reason_against(case):
    """Why there is no such lease (DESIGN §3): nobody can switch to a role as a group, and no session of a role has MFA."""
    if (case.mode, case.kind) == ("role", "group"):
        return "mode-not-possible"
    return "role-without-mfa" if (case.kind, case.account) == ("role", PROD) else None


NAMES = {NONPROD: "nonprod", PROD: "prod"}
RULE = {"iamlease.yaml": json.dumps({"version": 1, "environments": {"prod": {"require_mfa": True}}})}


def lent(case):
    entry = {
        "description": "Lent",
        case.kind: case.name,
        "environment": NAMES[case.account],
        "grant": f"try.{case.grant}",
        "mode": case.mode,
        "expires_at": END,
    }
    return {**entry, "starts_at": START} if case.starts else entry


def configuration(cases):
    beside = [
        {"description": "", f"{case.kind}s": [case.name], "environments": [NAMES[case.account]], "grants": ["try.beside"]}
        for case in cases
        if case.beside
    ]
    policies = {f"try.{name}": {"custom_statements": grant.statements} for name, grant in GRANTS.items()}
    content = {
        "aws-accounts": {name: account for account, name in NAMES.items()},
        "aws-policies": {**policies, "try.beside": {"custom_statements": BESIDE}},
        "permanent-access": beside,
        "temporary-access": [lent(case) for case in cases],
    }
    return {f"{folder}/table.yaml": json.dumps({folder: value}) for folder, value in content.items()}


def create(iam, case):
    if case.kind == "user":
        iam.create_user(UserName=case.name)
    elif case.kind == "group":
        iam.create_group(GroupName=case.name)
    else:
        iam.create_role(RoleName=case.name, AssumeRolePolicyDocument=TRUST)


class Account:
    """An account after the apply, as boto3 reads it."""

    def __init__(self, content):
        self.content = content
        self.inline = our_inline(content)
        self.policies = {arn: policy["document"] for arn, policy in our_policies(content).items()}
        self.roles = {}  # that are lent, by whom they are lent to
        for name, role in lent_roles(content).items():
            mark = next(tag["Value"] for tag in role["tags"] if tag["Key"] == "iamlease")
            self.roles[tuple(mark.split(":")[1:3])] = name, role

    def documents(self, kind, name):
        has = self.content[kind][name]
        return list(has["inline"].values()), [self.policies[arn] for arn in has["attached"]]


def questions_of(case, account):
    """(question, answer) of a case, from what stands in AWS."""
    inline, attached = account.documents(f"{case.kind}s", case.name)
    counts = case.mode == "inline", case.beside + (case.mode == "policy")
    assert (len(inline), len(attached)) == counts, case
    yield from case.on_principal(inline + attached)
    assert ((case.kind, case.name) in account.roles) == (case.mode == "role"), case
    if case.mode == "role":
        name, role = account.roles[case.kind, case.name]
        arn = f"arn:aws:iam::{case.account}:role/iamlease/{name}"
        yield from case.at_the_door(arn, role["trust"])
        inline, attached = account.documents("roles", name)
        yield from case.in_session(arn, inline + attached)


def test_every_lease_begins_and_ends(shipped_world):
    world, cases = shipped_world, [case for case in product() if not reason_against(case)]
    nothing = {"aws-accounts/table.yaml": configuration([])["aws-accounts/table.yaml"]}
    world.begin({**RULE, **nothing}, {**RULE, **configuration(cases)})
    for case in cases:
        create(world.aws.admin[case.account], case)
    world.run("apply").expect(0)
    accounts = {account: Account(content) for account, content in world.snapshot().items()}
    asked = [(case, *it) for case in cases for it in questions_of(case, accounts[case.account])]
    answers = judge([question for _, question, _ in asked])
    wrong = [f"{said}, not {right}: {case}, {it}" for said, (case, it, right) in zip(answers, asked, strict=True) if said != right]
    assert wrong == [], "\n".join(wrong[:20])
    assert {(case.mode, case.kind, case.account) for case in cases} == {
        *itertools.product(["inline", "policy"], ["user", "group"], NAMES),
        *itertools.product(MODES, ["role"], [NONPROD]),
        *itertools.product(["role"], ["user"], NAMES),
    }


def test_what_cannot_be_lent(world):
    """The rest of the product is refused, each entry for its reason."""
    cases = [case for case in product() if reason_against(case)]
    world.begin({**RULE, **configuration([])}, {**RULE, **configuration(cases)})
    said = world.run("validate", "--base", "HEAD^", "--json").expect(1).json["diagnostics"]
    said.sort(key=lambda diagnostic: diagnostic["place"]["column"])  # the file is one line
    assert [diagnostic["id"] for diagnostic in said] == [reason_against(case) for case in cases]

"""The stories of which every call is broken: what was applied, what is committed on top, and a command (breaking.py)."""

import json
from dataclasses import dataclass, field

from harness.aws import NONPROD, PLANNER, PROD
from harness.configs import POWER_USER
from harness.world import NOW

from model import reading, reference

S3_FULL, S3_READ = (f"arn:aws:iam::aws:policy/{name}" for name in ("AmazonS3FullAccess", "AmazonS3ReadOnlyAccess"))
SETTINGS = {
    "version": 1,
    "limits": {"max_removals": "100%"},
    "environments": {"strict": {"require_mfa": True}},
    "aws": {"plan_role": PLANNER},
}
ENDED = "2026-06-03T12:00:00Z"
LATEST = "2026-06-06T00:00:00Z"


def _statements(*actions, effect="Allow"):
    return [{"effect": effect, "actions": list(actions), "resources": ["*"]}]


_POLICIES = {
    "dev.read": {"custom_statements": _statements("s3:List*"), "managed_policies": [S3_READ]},
    "dev.queues": {"custom_statements": _statements("sqs:*")},
    "ops.debug": {"custom_statements": _statements("s3:Put*") + _statements("s3:PutBucket*", effect="Deny")},
    "ops.power": {"managed_policies": [POWER_USER]},
    "ops.files": {"managed_policies": [S3_FULL], "custom_statements": _statements("kms:Decrypt")},
    "ops.deploy": {"managed_policies": [S3_READ], "custom_statements": _statements("ecs:*")},
}
POLICIES = {name: {"description": f"For {name}", **policy} for name, policy in _POLICIES.items()}
MODES = {
    "dev.read": "auto",
    "dev.queues": "auto",
    "ops.debug": "inline",
    "ops.power": "policy",
    "ops.files": "policy",
    "ops.deploy": "role",
}


def _team(permanent, temporary, policies=(), modes=()):
    return {
        "payments": reference.Team(
            accounts={"nonprod": NONPROD, "prod": PROD},
            policies={**POLICIES, **dict(policies)},
            permanent=permanent,
            temporary=temporary,
            modes={**MODES, **dict(modes)},
        )
    }


def _standing(grants, environments=("nonprod", "prod"), **who):
    return {"description": "Standing", "environments": list(environments), "grants": list(grants), **who}


def _lent(grant, date, environment="prod", **who):
    return {"description": "Lent", "expiration_date": date, "environment": environment, "grant": grant, **who}


NOTHING = _team([], [])
BEFORE = _team(
    [_standing(["dev.read"], users=["ada@example.com"]), _standing(["dev.queues"], ["prod"], groups=["developers"])],
    [
        _lent("ops.debug", "2026-06-02", user="bert@example.com"),
        _lent("ops.debug", "2026-06-02", "nonprod", role="github-actions-deployer"),
        _lent("ops.power", "2026-06-02", user="carol@example.com"),
        _lent("ops.files", "2026-06-02", user="ada@example.com"),
        _lent("ops.deploy", "2026-06-02", user="bert@example.com"),
    ],
)
MORE_READ = {"dev.read": {**POLICIES["dev.read"], "custom_statements": _statements("s3:List*", "s3:Get*")}}
# A changed document, a grant more and one less; leases longer, gone and new, in both modes.
PENDING = _team(
    [_standing(["dev.read"], users=["ada@example.com"]), _standing(["dev.queues"], ["nonprod"], users=["bert@example.com"])],
    [
        _lent("ops.debug", "2026-06-05", user="bert@example.com"),
        _lent("ops.debug", "2026-06-04", user="ada@example.com"),
        _lent("ops.power", "2026-06-05", user="carol@example.com"),
        _lent("ops.files", "2026-06-03", group="developers"),
        _lent("ops.deploy", "2026-06-02", user="bert@example.com"),
    ],
    MORE_READ,
)
EDITED = _team(
    [_standing(["dev.queues", "dev.read"], ["prod"], users=["carol@example.com"])],
    [
        _lent("ops.debug", "2026-06-03", user="carol@example.com"),
        _lent("ops.power", "2026-06-03", user="carol@example.com"),
        _lent("ops.files", "2026-06-05", user="ada@example.com"),
        _lent("ops.deploy", "2026-06-05", user="ada@example.com"),
    ],
)
# Roles: one that gets a later end, one an earlier, one that becomes a policy, one that a policy becomes.
SWITCHES = [
    _lent("ops.deploy", "2026-06-02", user="bert@example.com"),
    _lent("ops.deploy", "2026-06-05", user="ada@example.com"),
    _lent("ops.files", "2026-06-03", user="carol@example.com"),
    _lent("ops.power", "2026-06-03", user="carol@example.com"),
]
OTHER_SWITCHES = [
    _lent("ops.deploy", "2026-06-04", user="bert@example.com"),
    _lent("ops.deploy", "2026-06-02", user="ada@example.com"),
    *SWITCHES[2:],
]
OTHER_MODES = {"ops.files": "role", "ops.power": "policy"}
# And in the second commit one is new, one is gone, and what the rest lends is more, and less.
ROLES = _team([], [*SWITCHES, _lent("ops.deploy", "2026-06-03", "nonprod", role="github-actions-deployer")], (), OTHER_MODES)
ROLES_PENDING = _team(
    [],
    [*OTHER_SWITCHES, {**_lent("ops.deploy", "2026-06-04", user="carol@example.com"), "starts_at": "2026-06-02T00:00:00Z"}],
    {"ops.deploy": {"managed_policies": [S3_FULL], "custom_statements": _statements("ecs:*", "ecr:*")}},
    {"ops.files": "policy", "ops.power": "role"},
)


# Roles of aws-roles, and the providers that they trust: new, gone, and changed in all that they have.
CI = f"arn:aws:iam::{NONPROD}:role/github-actions-deployer"
BERT = f"arn:aws:iam::{PROD}:user/bert"
PORT, OLD, NEW = "oidc.eks.eu-west-1.amazonaws.com/id/A1B2C3", "token.old.example", "token.new.example/realm"
BOTH = ["nonprod", "prod"]


def _kept(trust, *managed, environments=("prod",), **more):
    return {"trust": trust, "managed_policies": list(managed), "environments": list(environments), **more}


def _token(provider, *subjects):
    return [{"oidc": {"provider": provider, "audience": "sts.amazonaws.com", "subjects": list(subjects)}}]


def _provider(url, environments=("prod",), **more):
    return {"url": f"https://{url}", "client_ids": ["sts.amazonaws.com"], "thumbprints": ["ab" * 20], "environments": list(environments), **more}


def _with_roles(roles, providers, permanent=(), temporary=()):
    teams = _team(list(permanent), list(temporary))
    teams["payments"].roles = roles
    teams["payments"].providers = {"theirs": {"url": f"https://{reading.THEIRS}", "existing": True, "environments": ["prod"]}, **providers}
    return teams


KEPT = _with_roles(
    {
        "reader": _kept([{"principals": [CI]}], S3_READ, S3_FULL, grants=["dev.queues"], max_session_hours=2, tags={"a": "1", "b": "2"},
                        permissions_boundary=POWER_USER, description="Reads"),
        "port": _kept(_token("port", "organization:a"), POWER_USER, environments=BOTH, path="/iamlease/ci/"),
        "old": _kept(_token("old", "x"), S3_READ, grants=["ops.power"]),
        "guest": _kept([*_token("theirs", "organization:acme:*"), {"account": NONPROD, "external_id": "e-1"}], S3_READ),
        "swap": _kept([{"services": ["ec2.amazonaws.com"]}], S3_FULL),
    },
    {"port": _provider(PORT, BOTH, tags={"port": "integration"}), "old": _provider(OLD)},
    [_standing(["dev.read"], ["prod"], roles=["reader"])],
    [_lent("ops.debug", "2026-06-02", role="reader"), _lent("ops.deploy", "2026-06-03", role="port")],
)  # fmt: skip
KEPT_PENDING = _with_roles(
    {
        "reader": _kept([{"principals": [CI, BERT]}, {"services": ["ec2.amazonaws.com"]}], S3_READ, grants=["dev.read"], tags={"b": "3", "c": "4"},
                        description="Reads more"),
        "port": _kept(_token("port", "organization:a", "organization:b:*"), S3_FULL, environments=BOTH, path="/iamlease/ci/"),
        "guest": _kept([{"saml": {"provider": "corp"}}], S3_READ, permissions_boundary=POWER_USER),
        "swap": _kept([{"services": ["lambda.amazonaws.com"]}], S3_READ, permissions_boundary=POWER_USER),
        "new": _kept([*_token("new", "y"), {"principals": [f"arn:aws:iam::{PROD}:role/iamlease/reader"]}], grants=["ops.power"]),
    },
    {"port": _provider(PORT, BOTH, client_ids=["sts.amazonaws.com", "second"], thumbprints=["cd" * 20], tags={"of": "port"}), "new": _provider(NEW)},
    [_standing(["dev.queues"], ["prod"], roles=["new"])],
    [_lent("ops.debug", "2026-06-04", role="reader"), _lent("ops.debug", "2026-06-03", role="new"), _lent("ops.deploy", "2026-06-05", role="port")],
)  # fmt: skip
KEPT_EDITED = _with_roles(
    {
        "reader": _kept([{"principals": [BERT]}], S3_FULL, tags={"a": "1", "c": "5"}, max_session_hours=4, permissions_boundary=POWER_USER),
        "port": _kept(_token("port", "organization:b:*"), POWER_USER, path="/iamlease/ci/"),
        "old": _kept([*_token("new", "x"), *_token("old", "x")], S3_READ),
        "swap": _kept([{"services": ["ec2.amazonaws.com"]}], S3_FULL, S3_READ),
    },
    {"port": _provider(PORT, client_ids=["third"], tags={"port": "integration"}), "new": _provider(NEW, client_ids=["z"]), "old": _provider(OLD)},
    [_standing(["ops.power"], ["prod"], roles=["swap"])],
    [_lent("ops.debug", "2026-06-02", role="swap")],
)  # fmt: skip

# What cloud-iam-self-serve left, and what became of it: changed, given to others, gone, ended, with a name of its own.
DORA = "dora.x@example.com"
LEFT = _team(
    [
        _standing(["dev.read"], users=["ada@example.com", "bert@example.com"]),
        _standing(["dev.queues"], ["prod"], users=["ada@example.com"], roles=["github-actions-deployer"]),
    ],
    [
        _lent("ops.debug", "2026-06-02", user="bert@example.com"),
        _lent("ops.debug", "2026-06-03", "nonprod", user="ada@example.com"),
        _lent("ops.debug", "2026-05-20", user="carol@example.com"),
        _lent("ops.debug", "2026-06-03", user=DORA),
        _lent("ops.files", "2026-06-03", user="carol@example.com"),
    ],
)
LEFT_PENDING = _team(
    [
        _standing(["dev.read"], users=["ada@example.com", "carol@example.com"]),
        _standing(["dev.queues"], ["prod"], users=["ada@example.com", "bert@example.com"]),
    ],
    [
        _lent("ops.debug", "2026-06-05", user="bert@example.com"),
        _lent("ops.debug", "2026-06-02", user=DORA),
        _lent("ops.files", "2026-06-04", user="carol@example.com"),
    ],
    MORE_READ,
)
LEFT_EDITED = _team(
    [_standing(["dev.read"], ["prod"], users=["ada@example.com", "bert@example.com"])],
    [
        _lent("ops.debug", "2026-06-02", user="bert@example.com"),
        _lent("ops.debug", "2026-06-04", user=DORA),
        _lent("ops.files", "2026-06-04", user="ada@example.com"),
    ],
)


@dataclass(frozen=True)
class Story:
    applied: dict  # None: nothing ever was
    pending: dict
    command: str = "apply"
    now: str = NOW
    filled: str = "payments-dev-read"  # the policy; or none that has all the versions that AWS allows
    mfa: bool = False  # whether leases in production want a second factor
    edited: dict = field(default_factory=lambda: EDITED)  # what is committed where an ending edits
    left: dict = None  # what cloud-iam-self-serve applied, where `applied` is None; every run has --adopt
    handled: tuple = ()  # roles of aws-roles in production on which others put something

    @property
    def before(self):
        """What a revert brings back."""
        return self.applied or self.left or NOTHING

    @property
    def options(self):
        return ["--adopt"] if self.left else []

    @property
    def settings(self):
        """The rule holds, or not, by the name that another team has for the account."""
        accounts = {"aws-accounts": {"strict" if self.mfa else "house": PROD}}
        return {"iamlease.yaml": json.dumps(SETTINGS), "aws-accounts/house.yaml": json.dumps(accounts)}


STORIES = {
    "the first apply": Story(None, BEFORE),
    "a change": Story(BEFORE, PENDING),
    "a revocation": Story(BEFORE, NOTHING),
    "a cleanup": Story(BEFORE, PENDING, "cleanup", ENDED),
    "roles": Story(ROLES, ROLES_PENDING, filled="payments-ops-deploy", mfa=True),
    "adopting": Story(None, LEFT_PENDING, edited=LEFT_EDITED, filled="payments-dev-read", left=LEFT),
    "roles that are kept": Story(KEPT, KEPT_PENDING, edited=KEPT_EDITED, filled=None, handled=("reader",)),
}

"""Configurations of one team, `payments`, in the format of the four files.

Built from data (JSON is YAML), so that a test can change single grants; test_story.py has them as people write them.
"""

import json

from harness.aws import NONPROD, PROD

READ_ONLY = "arn:aws:iam::aws:policy/ReadOnlyAccess"
POWER_USER = "arn:aws:iam::aws:policy/PowerUserAccess"
READ_ONLY_ARN = {
    account: f"arn:aws:iam::{account}:policy/iamlease/payments-dev-read-only" for account in (NONPROD, PROD)
}
LEASE_NAME = "temp-payments-dev-s3-debug-{}".format


def statement(actions, resources=("*",), effect="Allow"):
    return {"effect": effect, "actions": list(actions), "resources": list(resources)}


POLICIES = {
    "dev.read-only": {
        "description": "Read what the team runs",
        "managed_policies": [READ_ONLY],
        "custom_statements": [statement(["s3:ListBucket", "ec2:DescribeInstances"])],
    },
    "dev.break-glass": {"description": "Everything but IAM", "managed_policies": [POWER_USER]},
    "dev.s3-debug": {
        "description": "Put an object back",
        "custom_statements": [statement(["s3:GetObject", "s3:PutObject"], ["arn:aws:s3:::payments-*/*"])],
    },
    "dev.queues": {
        "description": "Empty a queue",
        "custom_statements": [statement(["sqs:ReceiveMessage", "sqs:DeleteMessage"])],
    },
}


def permanent(grants, users=(), roles=(), environments=("nonprod", "prod")):
    entry = {"description": "Standing access", "environments": list(environments), "grants": list(grants)}
    if users:
        entry["users"] = [f"{user}@example.com" for user in users]
    if roles:
        entry["roles"] = list(roles)
    return entry


def lease(user, grant="dev.s3-debug", date="2026-06-03", environment="prod"):
    return {
        "description": "Debug production",
        "expiration_date": date,
        "user": f"{user}@example.com",
        "environment": environment,
        "grant": grant,
    }


def files(permanent=(), temporary=(), policies=POLICIES):
    """The four files of the team; a folder without entries has no file."""
    content = {
        "aws-accounts": {"nonprod": NONPROD, "prod": PROD},
        "aws-policies": policies,
        "permanent-access": list(permanent),
        "temporary-access": list(temporary),
    }
    return {
        f"{folder}/payments.yaml": json.dumps({folder: value}, indent=2) + "\n" if value else None
        for folder, value in content.items()
    }


# Nothing is granted.
NOTHING = files()

# A custom policy with an AWS managed one beside it, in both accounts; a role; a lease.
GRANTS = files(
    [permanent(["dev.read-only"], users=["ada"]), permanent(["dev.break-glass"], roles=["github-actions-deployer"])],
    [lease("bert")],
)

# The same team after an edit: another user, another grant, one grant less, the lease for somebody else and longer.
EDITED = files([permanent(["dev.read-only", "dev.queues"], users=["carol"])], [lease("ada", date="2026-06-05")])

# GRANTS with a changed policy document, a new grant in place of the role's, and the lease prolonged.
CHANGED = files(
    [permanent(["dev.read-only"], users=["ada"]), permanent(["dev.queues"], users=["bert"], environments=["nonprod"])],
    [lease("bert", date="2026-06-05")],
    {**POLICIES, "dev.read-only": {**POLICIES["dev.read-only"], "custom_statements": [statement(["s3:ListBucket"])]}},
)

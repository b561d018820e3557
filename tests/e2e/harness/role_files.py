"""Files of aws-roles for the team `payments` (harness/configs.py has the others)."""

import json

from harness.aws import NONPROD
from harness.configs import READ_ONLY, files

CI = f"arn:aws:iam::{NONPROD}:role/github-actions-deployer"


def role(trust=None, environments=("nonprod", "prod"), **more):
    return {
        "description": "Reads what there is",
        "environments": list(environments),
        "trust": trust or [{"principals": [CI]}],
        "managed_policies": [READ_ONLY],
        **more,
    }


def with_roles(roles=None, providers=None, base=None):
    content = {}
    if roles:
        content["aws-roles"] = roles
    if providers:
        content["oidc-providers"] = providers
    return {**(base or files()), "aws-roles/payments.yaml": json.dumps(content, indent=2) + "\n" if content else None}

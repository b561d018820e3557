"""Accounts before the first apply: an administrator of the hub, and a role by which it reaches the others."""

import copy
import json

from harness.aws import HUB, MANAGED, allow, document
from harness.configs import GRANTS

DEPLOYER, PLANNER = "iamlease-deployer", "iamlease-planner"
APPLY_HUB, PLAN_HUB = "iamlease-hub", "iamlease-plan-hub"
THROUGH = "OrganizationAccountAccessRole"
TAG = "iamlease-bootstrap"
PROVIDER = "token.actions.githubusercontent.com"
PROVIDER_ARN = f"arn:aws:iam::{HUB}:oidc-provider/{PROVIDER}"
SETTINGS = {
    "version": 1,
    "aws": {"deployer_role": DEPLOYER, "plan_role": PLANNER, "external_id": "acme-42"},
    "bootstrap": {
        "hub_account": HUB,
        "repository": "acme/access",
        "repository_ids": "1234/567890",
        "environments": ["iamlease"],
        "branch": "main",
        "through_role": THROUGH,
    },
}
OURS = {HUB: [APPLY_HUB, PLAN_HUB], **{account: [DEPLOYER, PLANNER] for account in MANAGED}}


def configuration(**bootstrap):
    """Grants in both accounts, and settings for bootstrap; None takes a key away."""
    settings = copy.deepcopy(SETTINGS)
    settings["bootstrap"].update(bootstrap)
    settings["bootstrap"] = {key: value for key, value in settings["bootstrap"].items() if value is not None}
    return {**GRANTS, "iamlease.yaml": json.dumps(settings)}


def subjects(rest):
    return [f"repo:acme@1234/access@567890:{rest}", f"repo:acme/access:{rest}"]


def administrator(world, account=HUB):
    """The environment of somebody who may do everything in an account."""
    iam = world.aws.admin[account]
    iam.create_user(UserName="harness-owner")
    iam.put_user_policy(UserName="harness-owner", PolicyName="all", PolicyDocument=document(allow("*")))
    key = iam.create_access_key(UserName="harness-owner")["AccessKey"]
    return {"AWS_ACCESS_KEY_ID": key["AccessKeyId"], "AWS_SECRET_ACCESS_KEY": key["SecretAccessKey"]}


def open_members(world):
    """What AWS Organizations makes in each account that it creates."""
    trust = {"Effect": "Allow", "Principal": {"AWS": f"arn:aws:iam::{HUB}:root"}, "Action": "sts:AssumeRole"}
    for account in MANAGED:
        iam = world.aws.admin[account]
        iam.create_role(RoleName=THROUGH, AssumeRolePolicyDocument=document(trust))
        iam.put_role_policy(RoleName=THROUGH, PolicyName="all", PolicyDocument=document(allow("*")))


def _role(iam, name):
    role = iam.get_role(RoleName=name)["Role"]
    names = iam.list_role_policies(RoleName=name)["PolicyNames"]
    attached = iam.list_attached_role_policies(RoleName=name)["AttachedPolicies"]
    return {
        "path": role["Path"],
        "description": role.get("Description", ""),
        "session": role["MaxSessionDuration"],
        "trust": role["AssumeRolePolicyDocument"],
        "tags": {tag["Key"]: tag["Value"] for tag in role.get("Tags", [])},
        "inline": {one: iam.get_role_policy(RoleName=name, PolicyName=one)["PolicyDocument"] for one in names},
        "attached": [policy["PolicyArn"] for policy in attached],
    }


def _provider(iam, arn):
    provider = iam.get_open_id_connect_provider(OpenIDConnectProviderArn=arn)
    tags = {tag["Key"]: tag["Value"] for tag in provider.get("Tags", [])}
    return {"url": provider["Url"], "clients": sorted(provider["ClientIDList"]), "tags": tags}


def made(world):
    """What stands where bootstrap makes something, read by boto3: the roles that there are, and all providers."""
    state = {}
    for account, names in OURS.items():
        iam = world.aws.admin[account]
        there = {role["RoleName"] for role in iam.list_roles()["Roles"]}
        providers = iam.list_open_id_connect_providers()["OpenIDConnectProviderList"]
        state[account] = {
            "roles": {name: _role(iam, name) for name in names if name in there},
            "providers": {entry["Arn"]: _provider(iam, entry["Arn"]) for entry in providers},
        }
    return state

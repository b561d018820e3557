"""What an account's IAM holds, read by boto3, as plain data that can be compared."""

import copy

from harness import people

MARK = "[iamlease default/"
HARNESS = "harness-admin"
WHOLE = 999  # how many items of a sweep the harness asks for; the program asks for another number


def snapshot(iam):
    """Users, roles and groups with their inline policies and attachments; customer policies with their documents."""
    wanted = ["User", "Role", "Group", "LocalManagedPolicy"]
    paginator = iam.get_paginator("get_account_authorization_details")
    pages = list(paginator.paginate(Filter=wanted, PaginationConfig={"PageSize": WHOLE}))
    details = {
        kind: [detail for page in pages for detail in page[key]]
        for kind, key in [
            ("users", "UserDetailList"),
            ("roles", "RoleDetailList"),
            ("groups", "GroupDetailList"),
            ("policies", "Policies"),
        ]
    }
    return {
        "users": {
            user["UserName"]: _principal(user, "UserPolicyList")
            for user in details["users"]
            if user["UserName"] != HARNESS
        },
        "roles": {
            role["RoleName"]: {**_principal(role, "RolePolicyList"), "trust": role["AssumeRolePolicyDocument"]}
            for role in details["roles"]
        },
        "groups": {group["GroupName"]: _principal(group, "GroupPolicyList") for group in details["groups"]},
        "policies": {policy["Arn"]: _policy(policy) for policy in details["policies"]},
    }


def _principal(detail, inline):
    return {
        "inline": {policy["PolicyName"]: policy["PolicyDocument"] for policy in detail.get(inline, [])},
        "attached": sorted(policy["PolicyArn"] for policy in detail["AttachedManagedPolicies"]),
        "tags": detail.get("Tags", []),
    }


def _policy(detail):
    default = [version for version in detail["PolicyVersionList"] if version["IsDefaultVersion"]]
    return {
        "document": default[0]["Document"],
        "description": detail.get("Description", ""),
        "versions": len(detail["PolicyVersionList"]),
    }


def foreign(state, declared=()):
    """The part of a snapshot that is not the program's: nothing with its mark, no attachment of such a policy.

    `declared` names AWS managed policies that the configuration attaches: their attachments are not foreign.
    """
    rest = copy.deepcopy(state)
    ours = {arn for arn, policy in rest["policies"].items() if MARK in policy["description"]}
    rest["roles"] = {name: role for name, role in rest["roles"].items() if name not in our_roles(state)}
    rest["policies"] = {arn: policy for arn, policy in rest["policies"].items() if arn not in ours}
    for kind in ("users", "roles", "groups"):
        for principal in rest[kind].values():
            principal["attached"] = [arn for arn in principal["attached"] if arn not in ours and arn not in declared]
            principal["inline"] = {
                name: document for name, document in principal["inline"].items() if not is_our_inline(document)
            }
    return rest


def is_our_inline(document):
    statements = document["Statement"]
    first = statements[0] if isinstance(statements, list) else statements
    return first.get("Sid", "").startswith(people.sid_prefix("default"))


def our_inline(state):
    """Every inline policy of ours in a snapshot: {(kind, principal, policy name): document}."""
    return {
        (kind, name, policy): document
        for kind in ("users", "roles", "groups")
        for name, principal in state[kind].items()
        for policy, document in principal["inline"].items()
        if is_our_inline(document)
    }


def our_policies(state):
    """Every customer managed policy of ours in a snapshot, by ARN."""
    return {arn: policy for arn, policy in state["policies"].items() if MARK in policy["description"]}


def our_roles(state):
    """Every role of ours in a snapshot, by name: leases, and roles of aws-roles."""
    return {name: role for name, role in state["roles"].items() if _mark(role).startswith("default/")}


def lent_roles(state):
    """Those that are leases: their mark says for whom."""
    return {name: role for name, role in our_roles(state).items() if ":" in _mark(role)}


def kept_roles(state):
    """Those of aws-roles."""
    return {name: role for name, role in our_roles(state).items() if ":" not in _mark(role)}


def _mark(role):
    return {tag["Key"]: tag["Value"] for tag in role["tags"]}.get("iamlease", "")


def difference(actual, expected, path=""):
    """Where two snapshots differ, one line for each place; equal ones give an empty list."""
    if isinstance(actual, dict) and isinstance(expected, dict):
        keys = sorted(actual.keys() | expected.keys())
        return [line for key in keys for line in difference(actual.get(key), expected.get(key), f"{path}/{key}")]
    return [] if actual == expected else [f"{path}: {actual!r}, expected {expected!r}"]

"""Accounts that grew by hand, drawn at random: users, roles and groups with names that IAM allows, policies with everything
that policies may have, attached, inline, or used by nobody."""

import json

from harness import people
from harness.aws import allow, document

AWS_POLICIES = [f"arn:aws:iam::aws:policy/{name}" for name in ("SecurityAudit", "AmazonS3ReadOnlyAccess", "ReadOnlyAccess", "PowerUserAccess")]
NAMES = ["ida", "no", "012", "1e3", "Null", "2026-06-01", "a.b-c", "-x", "=", "_", "+1", "w,x", "ada@example.com", "Ada.B", "true", "y" * 64]
ROLE_PATHS = ["/", "/team/", "/aws-service-role/logs.amazonaws.com/", "/service-role/", "/aws-reserved/sso.amazonaws.com/"]
TEXTS = ["", "plain", "Read: \"x\" #1", "'no'", "caf\u00e9", "a\tb\nc", "- x", "{x}", "&x *y !z", "\u00a0\u00ad", "%", "x [iamlease other/team/x]"]
CONDITIONS = [
    {"StringLike": {"s3:prefix": ["no", "012", "a: b"]}},
    {"Bool": {"aws:MultiFactorAuthPresent": "true"}, "NumericLessThan": {"aws:MultiFactorAuthAge": "3600"}},
    {"DateLessThan": {"aws:CurrentTime": "2030-01-01T00:00:00Z"}},
    {"ForAnyValue:StringEqualsIfExists": {"aws:TagKeys": ["a", "A"]}},
    {"Null": {"aws:TokenIssueTime": "false"}},
]


def _statement(draw):
    statement = {"Effect": draw.choice(["Allow", "Deny"])}
    actions = draw.sample(["s3:Get*", "ec2:*", "sqs:SendMessage", "iam:ListUsers"], draw.randint(1, 3))
    resources = draw.sample(["*", "arn:aws:s3:::x/${aws:username}/*", "arn:aws:sqs:*:*:q?"], draw.randint(1, 2))
    statement[draw.choice(["Action", "NotAction"])] = actions if len(actions) > 1 else draw.choice([actions, actions[0]])
    statement[draw.choice(["Resource", "NotResource"])] = resources
    if draw.random() < 0.5:
        statement["Condition"] = draw.choice(CONDITIONS)
    return statement


def _document(draw):
    return document(*(_statement(draw) for _ in range(draw.randint(1, 3))))


def _names(draw, count):
    """In one case in one account, in another in the next: to IAM these are one name."""
    return [draw.choice([name, name.swapcase()]) for name in draw.sample(NAMES, count)]


def _principals(draw, iam, marker):
    users = _names(draw, 5)
    groups, roles = _names(draw, 3), _names(draw, 4)
    for name in users:
        iam.create_user(UserName=name)
    for name in groups:
        iam.create_group(GroupName=name)
        for user in draw.sample(users, 2):
            iam.add_user_to_group(GroupName=name, UserName=user)
    for name in roles:
        more = {"PermissionsBoundary": marker} if draw.random() < 0.3 else {}
        iam.create_role(RoleName=name, Path=draw.choice(ROLE_PATHS), AssumeRolePolicyDocument=people.TRUST, **more)
    iam.create_instance_profile(InstanceProfileName="profile")
    iam.add_role_to_instance_profile(InstanceProfileName="profile", RoleName=roles[0])
    return [("User", name) for name in users] + [("Group", name) for name in groups] + [("Role", name) for name in roles]


def create(draw, iam):
    """Fills an account."""
    policies = []
    for name in draw.sample(NAMES[:-1], 6):
        path, text = draw.choice(["/", "/a/b/"]), draw.choice(TEXTS)
        made = iam.create_policy(PolicyName=name, Path=path, Description=text, PolicyDocument=_document(draw))
        policies.append(made["Policy"]["Arn"])
    for kind, name in _principals(draw, iam, policies[0]):
        who = {f"{kind}Name": name}
        for arn in draw.sample(AWS_POLICIES + policies[1:], draw.randint(0, 4)):
            getattr(iam, f"attach_{kind.lower()}_policy")(**who, PolicyArn=arn)
        for policy in draw.sample(["inline", "temp-legacy-x-ada", "012"], draw.randint(0, 2)):
            getattr(iam, f"put_{kind.lower()}_policy")(**who, PolicyName=policy, PolicyDocument=_document(draw))


def rows(iam, account):
    """All that the account has, as rows of what import leaves behind: {(account, kind, principal's kind and name in small
    letters, what)}."""
    found = set()
    pages = iam.get_paginator("get_account_authorization_details").paginate(
        Filter=["User", "Role", "Group", "LocalManagedPolicy"], PaginationConfig={"PageSize": 999}
    )
    for page in pages:
        for kind in ("User", "Role", "Group"):
            for detail in page[f"{kind}DetailList"]:
                who = (kind.lower(), detail[f"{kind}Name"].lower())
                found |= {(account, "attachment", who, one["PolicyArn"]) for one in detail["AttachedManagedPolicies"]}
                found |= {(account, "inline-policy", who, one["PolicyName"]) for one in detail.get(f"{kind}PolicyList", [])}
                found |= {(account, "membership", who, group) for group in detail.get("GroupList", [])}
                found |= {
                    (account, "instance-profile", who, one["InstanceProfileName"]) for one in detail.get("InstanceProfileList", [])
                }
                if detail.get("PermissionsBoundary"):
                    found.add((account, "boundary", who, detail["PermissionsBoundary"]["PermissionsBoundaryArn"]))
        found |= {(account, "policy", None, policy["Arn"]) for policy in page["Policies"]}
    return found


def declared(files):
    """The same of what the files of a team say: attachments, and the policies that these are of. Users are written by name."""
    found = set()
    for entry in files.get("permanent-access", []):
        principals = [(kind, name.lower()) for kind in ("user", "role", "group") for name in entry.get(f"{kind}s", [])]
        for environment in entry["environments"]:
            account = files["aws-accounts"][environment]
            for grant in entry["grants"]:
                (arn,) = files["aws-policies"][grant]["managed_policies"]
                found |= {(account, "attachment", who, arn) for who in principals}
                if "::aws:" not in arn:
                    found.add((account, "policy", None, arn))
    return found

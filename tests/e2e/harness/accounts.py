"""Accounts that grew by hand, drawn at random: users, roles and groups with names that IAM allows, policies with everything
that policies may have, attached, inline, or used by nobody."""

import random

from harness import accounts_ours, people
from harness.aws import document

AWS_POLICIES = [f"arn:aws:iam::aws:policy/{name}" for name in ("SecurityAudit", "AmazonS3ReadOnlyAccess", "ReadOnlyAccess", "PowerUserAccess")]
NAMES = ["ida", "no", "012", "1e3", "Null", "2026-06-01", "a.b-c", "-x", "=", "_", "+1", "w,x", "ada@example.com", "Ada.B", "true", "y" * 64]
USERNAMES = {"one@example.com": "ida", "two@example.com": "Ada.B"}
TEAMS = ["legacy", "second"]
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


def _statements(draw):
    return [_statement(draw) for _ in range(draw.randint(1, 3))]


def _document(draw):
    return document(*_statements(draw))


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


def create(drawn_by, account, iam):
    """Fills an account; what iamlease made in it for two teams depends on `drawn_by` only."""
    draw = random.Random(f"{drawn_by} {account}")
    policies = []
    for name in draw.sample(NAMES[:-1], 6):
        path, text = draw.choice(["/", "/a/b/"]), draw.choice(TEXTS)
        made = iam.create_policy(PolicyName=name, Path=path, Description=text, PolicyDocument=_document(draw))
        policies.append(made["Policy"]["Arn"])
    principals = _principals(draw, iam, policies[0])
    make = accounts_ours.Make(_statements, lambda name: next(one for one in NAMES if one.lower() == name.lower()))
    users = [name for kind, name in principals if kind == "User" and "@" not in name]
    for number, team in enumerate(TEAMS):
        inline = users[2 * number : 2 * number + 2]
        accounts_ours.create(drawn_by, draw, iam, account, team, principals, inline, make, TEXTS, AWS_POLICIES, policies[1:])
    for kind, name in principals:
        who = {f"{kind}Name": name}
        for arn in draw.sample(AWS_POLICIES + policies[1:], draw.randint(0, 4)):
            getattr(iam, f"attach_{kind.lower()}_policy")(**who, PolicyArn=arn)
        for policy in draw.sample(["inline", "temp-legacy-x-ada", "012"], draw.randint(0, 2)):
            getattr(iam, f"put_{kind.lower()}_policy")(**who, PolicyName=policy, PolicyDocument=_document(draw))


def rows(iam, account):
    """All that the account has, as rows of what import leaves behind, in small letters: {(account, kind, principal's kind and
    name, what)}."""
    found, linked = set(), 0
    pages = iam.get_paginator("get_account_authorization_details").paginate(
        Filter=["User", "Role", "Group", "LocalManagedPolicy"], PaginationConfig={"PageSize": 999}
    )
    for page in pages:
        for kind in ("User", "Role", "Group"):
            for detail in page[f"{kind}DetailList"]:
                who = (kind.lower(), detail[f"{kind}Name"].lower())
                found |= {(account, "attachment", who, one["PolicyArn"].lower()) for one in detail["AttachedManagedPolicies"]}
                found |= {(account, "inline-policy", who, one["PolicyName"].lower()) for one in detail.get(f"{kind}PolicyList", [])}
                if kind == "Role" and "/aws-service-role/" in detail["Arn"]:
                    linked += 1
                elif kind == "Role":
                    found.add((account, "role", who, who[1]))
                found |= {(account, "membership", who, group.lower()) for group in detail.get("GroupList", [])}
                found |= {
                    (account, "instance-profile", who, one["InstanceProfileName"].lower()) for one in detail.get("InstanceProfileList", [])
                }
                if detail.get("PermissionsBoundary"):
                    found.add((account, "boundary", who, detail["PermissionsBoundary"]["PermissionsBoundaryArn"].lower()))
        found |= {(account, "policy", None, policy["Arn"].lower()) for policy in page["Policies"]}
    if linked:
        found.add((account, "role", None, f"{linked} service-linked role{'s' * (linked > 1)}"))
    providers = iam.list_open_id_connect_providers()["OpenIDConnectProviderList"]
    return found | {(account, "oidc-provider", None, one["Arn"].lower()) for one in providers}


def _user_of(kind, name):
    return (USERNAMES.get(name, name) if kind == "user" else name).lower()


def declared(files, team):
    """The same of what the files of a team say: attachments, and the policies that these are of, leases, roles and providers."""
    account_of = files["aws-accounts"].__getitem__
    found = accounts_ours.declared(files, team, account_of, _user_of)
    for entry in files.get("permanent-access", []):
        principals = [(kind, _user_of(kind, name)) for kind in ("user", "role", "group") for name in entry.get(f"{kind}s", [])]
        for account in map(account_of, entry["environments"]):
            for grant in entry["grants"]:
                policy = files["aws-policies"][grant]
                arns = set(policy.get("managed_policies", []))
                if "custom_statements" in policy:
                    arns.add(f"arn:aws:iam::{account}:policy/iamlease/{team}-{grant.replace('.', '-')}")
                found |= {(account, "attachment", who, arn.lower()) for who in principals for arn in arns}
                found |= {(account, "policy", None, arn.lower()) for arn in arns if "::aws:" not in arn}
    return found

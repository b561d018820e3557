"""What iamlease made in accounts of harness/accounts.py for a team whose files are lost, drawn at random: grants, leases of every
kind, roles and OIDC providers. Alike in every account with the same `drawn_by`; who has it differs."""

import hashlib
import json
import random

from harness import people
from harness.aws import document

START, END = "2026-06-02T00:00:00Z", "2026-06-05T01:02:03Z"
COMPACT_START = "20260602T000000Z"
NOWHERE = "arn:aws:iam::aws:policy/NobodyHasIt"
SID = people.sid_prefix("default")


def _source(arn):
    return "x" + hashlib.sha256(arn.encode()).hexdigest()[:8]


def _lent(statements, start=None, first=1, tag=""):
    """The statements as those of a lease; the first of each effect says from which policy they were copied."""
    lent = []
    for effect in ("Deny", "Allow"):
        of_effect = [one for one in statements if one["Effect"] == effect]
        for place, one in enumerate(of_effect):
            condition = {**one.get("Condition", {}), "DateLessThan": {"aws:CurrentTime": END}}
            if start:
                condition["DateGreaterThanEquals"] = {"aws:CurrentTime": start}
            sid = f"{SID}{first + len(lent)}{tag if place == 0 else ''}"
            lent.append({**one, "Sid": sid, "Condition": condition})
    return lent


def _tag(text):
    return "".join(c if c.isascii() and (c.isalnum() or c in "_.:+-@") else f"={ord(c):02X}" for c in text)


def _grants(alike, draw, iam, team, users, make, texts):
    for name in ["x.y", "no"]:
        text = f"{alike.choice(texts)} [iamlease default/{team}/{name}]"
        policy = iam.create_policy(
            PolicyName=f"{team}-{name.replace('.', '-')}", Path="/iamlease/", Description=text, PolicyDocument=document(*make.document(alike))
        )
        for user in draw.sample(users, draw.randint(1, 2)):
            iam.attach_user_policy(UserName=user, PolicyArn=policy["Policy"]["Arn"])


def _inline(alike, iam, team, users, make):
    lent = document(*_lent(make.document(alike)))
    for user in users:
        iam.put_user_policy(UserName=user, PolicyName=f"temp-{team}-lent-{make.spelled(user)}", PolicyDocument=lent)


def _copies(alike, draw, iam, team, principals, make, sources):
    own, copied = make.document(alike), make.document(alike)
    tag = _source(alike.choice([*sources, NOWHERE])) + "v99"
    start = alike.choice([None, START])
    statements = _lent(own, start)
    statements += _lent(copied, start, len(statements) + 1, tag)
    behind, mark_behind = (f"-{COMPACT_START}", f":{COMPACT_START}") if start else ("", "")
    first = draw.choice(principals)
    for kind, name in [first, draw.choice([one for one in principals if one[1].lower() != first[1].lower()])]:
        written = make.spelled(name)
        policy = iam.create_policy(
            PolicyName=f"temp-{team}-copied-{written}{behind}",
            Path="/iamlease/",
            Description=f"Copied [iamlease default/{team}/copied:{kind.lower()}:{written}{mark_behind}]",
            PolicyDocument=document(*statements),
        )
        getattr(iam, f"attach_{kind.lower()}_policy")(**{f"{kind}Name": name}, PolicyArn=policy["Policy"]["Arn"])


def _lease_role(alike, draw, iam, account, team, users, make, sources):
    own = iam.create_policy(
        PolicyName=f"{team}-role-x", Path="/iamlease/", Description=f"[iamlease default/{team}/role.x]", PolicyDocument=document(*make.document(alike))
    )
    managed = alike.sample(sources, alike.randint(0, 2))
    user = draw.choice([name for name in users if len(name) < 20])
    written = make.spelled(user)
    name = f"temp-{team}-role-x-{written}"
    trust = {
        "Sid": f"{SID}1",
        "Effect": "Allow",
        "Principal": {"AWS": f"arn:aws:iam::{account}:user/{user}"},
        "Action": "sts:AssumeRole",
        "Condition": {"DateLessThan": {"aws:CurrentTime": END}},
    }
    deny = {"Sid": f"{SID}1", "Effect": "Deny", "Action": "*", "Resource": "*", "Condition": {"DateGreaterThanEquals": {"aws:CurrentTime": END}}}
    iam.create_role(
        RoleName=name,
        Path="/iamlease/",
        Description=f"[iamlease default/{team}/role.x:user:{written}]",
        AssumeRolePolicyDocument=document(trust),
        Tags=[{"Key": "iamlease", "Value": _tag("default") + f"/{_tag(team)}/{_tag(f'role.x:user:{written}')}"}],
    )
    iam.put_role_policy(RoleName=name, PolicyName="iamlease-end", PolicyDocument=document(deny))
    for arn in [own["Policy"]["Arn"], *managed]:
        iam.attach_role_policy(RoleName=name, PolicyArn=arn)


def _kept(alike, draw, iam, account, team, sources, locals_):
    issuer = f"token.example.com/{team}"
    mine = {"Key": "iamlease", "Value": f"default/{team}/{alike.choice(['port', '012', 'no'])}"}
    iam.create_open_id_connect_provider(
        Url=f"https://{issuer}",
        ClientIDList=alike.sample(["sts.amazonaws.com", "theirs", "1e3"], 2),
        ThumbprintList=["ab" * 20],
        Tags=[mine, *([{"Key": "team", "Value": "x y"}] if alike.random() < 0.5 else [])],
    )
    trusts = {
        "token": {
            "Effect": "Allow",
            "Principal": {"Federated": f"arn:aws:iam::{account}:oidc-provider/{issuer}"},
            "Action": "sts:AssumeRoleWithWebIdentity",
            "Condition": {
                "StringEquals": {f"{issuer}:aud": "theirs"},
                alike.choice(["StringEquals", "StringLike"]): {f"{issuer}:sub": ["team:a:job", "team:b:job"]},
            },
        },
        "service": {"Effect": "Allow", "Principal": {"Service": ["ec2.amazonaws.com", "lambda.amazonaws.com"]}, "Action": "sts:AssumeRole"},
        "account": {"Effect": "Allow", "Principal": {"AWS": f"arn:aws:iam::{'1' * 12}:root"}, "Action": "sts:AssumeRole",
                    "Condition": {"StringEquals": {"sts:ExternalId": "x-1"}}},
    }
    token = trusts["token"]["Condition"]
    if list(token) == ["StringEquals"]:
        token["StringEquals"] = {f"{issuer}:aud": "theirs", f"{issuer}:sub": "team:a:job"}
    else:
        token["StringLike"] = {f"{issuer}:sub": ["team:a:*", "team:b:job"]}
    name = f"{team}-kept"
    iam.create_role(
        RoleName=name,
        Path=alike.choice(["/iamlease/", "/iamlease/deep/"]),
        Description=alike.choice(["", "plain", "caf\u00e9: 'no' #1"]),
        AssumeRolePolicyDocument=document(*(trusts[key] for key in alike.sample(sorted(trusts), alike.randint(1, 3)))),
        MaxSessionDuration=3600 * alike.choice([1, 1, 12]),
        Tags=[{"Key": "iamlease", "Value": f"default/{team}/{name}"}, *([{"Key": "1e3", "Value": "no"}] if alike.random() < 0.5 else [])],
    )
    for arn in draw.sample(sources, draw.randint(0, 3)) + draw.sample(locals_, 1):
        iam.attach_role_policy(RoleName=name, PolicyArn=arn)


class Make:
    """How to draw the statements of a document, and how files write a name."""

    def __init__(self, document, spelled):
        self.document, self.spelled = document, spelled


def create(drawn_by, draw, iam, account, team, principals, inline, make, texts, sources, locals_):
    """`principals`: (kind, name) of whom may get something; `inline`: the users with inline leases."""
    alike = random.Random(f"{drawn_by} {team}")
    users = [name for kind, name in principals if kind == "User" and "@" not in name]
    whole = [("User", name) for name in users] + [(kind, name) for kind, name in principals if kind == "Group"]
    _grants(alike, draw, iam, team, users, make, texts)
    _inline(alike, iam, team, inline, make)
    _copies(alike, draw, iam, team, whole, make, sources)
    _lease_role(alike, draw, iam, account, team, users, make, sources)
    _kept(alike, draw, iam, account, team, sources, locals_)


def declared(files, team, account_of, user_of):
    """What the files of the team say of it, as rows of harness/accounts.py."""
    found = set()
    for entry in files.get("temporary-access", []):
        assert entry["expires_at"] == END
        behind = f"-{COMPACT_START}" if "starts_at" in entry else ""
        (environment,), (grant,) = entry["environments"], entry["grants"]
        ((kind, name),) = [(kind, user_of(kind, name)) for kind in ("user", "role", "group") for name in entry.get(f"{kind}s", [])]
        account, dashed = account_of(environment), grant.replace(".", "-")
        own = f"arn:aws:iam::{account}:policy/iamlease/"
        lease = f"temp-{team}-{dashed}-{name}{behind}".lower()
        if entry.get("mode") == "policy":
            found |= {(account, "attachment", (kind, name), f"{own}{lease}"), (account, "policy", None, f"{own}{lease}")}
        elif entry.get("mode") == "role":
            policy = files["aws-policies"][grant]
            arns = {arn.lower() for arn in policy.get("managed_policies", [])} | {f"{own}{team}-{dashed}".lower()}
            found |= {(account, "attachment", ("role", lease), arn) for arn in arns}
            found |= {(account, "role", ("role", lease), lease), (account, "inline-policy", ("role", lease), "iamlease-end")}
            found.add((account, "policy", None, f"{own}{team}-{dashed}".lower()))
        else:
            found.add((account, "inline-policy", (kind, name), lease))
    roles = files.get("aws-roles", {})
    for name, role in roles.get("aws-roles", {}).items():
        for account in map(account_of, role["environments"]):
            found.add((account, "role", ("role", name.lower()), name.lower()))
            found |= {(account, "attachment", ("role", name.lower()), arn.lower()) for arn in role.get("managed_policies", [])}
    for provider in roles.get("oidc-providers", {}).values():
        for account in map(account_of, provider["environments"]):
            found.add((account, "oidc-provider", None, f"arn:aws:iam::{account}:oidc-provider/{provider['url'].removeprefix('https://')}".lower()))
    return found

"""What boto3 reads from AWS, in the terms of the reference, so that the two can be compared."""

import copy
import json
import re
from collections import Counter

from harness import state
from harness.aws import allow, document

from model import adopting, reading_kept
from model import statements as st
from model.reference import own

MARK = re.compile(r"\[iamlease default/([a-z0-9_-]+)/([^:\]]+)(:[a-z]+:[^\]]+)?\]$")
PRINCIPALS = ("users", "roles", "groups")
THEIRS = "id.others.example/realm"  # the address of an OIDC provider


def differences(snapshot, model, others_before, now):
    """Where AWS, as reading_kept.snapshot() has it, is not as the model says, a line each."""
    read = {
        "attached": attachments(snapshot),
        "policies": policies(snapshot),
        "lent": lent(snapshot, now),
        "roles": reading_kept.roles(snapshot),
        "providers": reading_kept.providers(snapshot),
        "left": adopting.left(snapshot),
        "others": others(snapshot),
    }
    expected = {
        "attached": model.attached,
        "policies": model.policies,
        "lent": expected_lent(model.things, now),
        "roles": model.expected_roles(),
        "providers": model.expected_providers(),
        "left": model.left,
        "others": others_before,
    }
    versions = [policy["versions"] for content in snapshot.values() for policy in content["policies"].values()]
    wrong = ["a policy has more than 5 versions" for count in versions if count > 5]
    return state.difference(read, expected) + wrong + adopting.renamed(snapshot)


def attachments(snapshot):
    """Every attachment, also those of others: (account, kind, principal, what); leases are left out."""
    found = set()
    for account, content in snapshot.items():
        lent_roles = state.lent_roles(content)
        for kind in PRINCIPALS:
            for principal, has in content[kind].items():
                for arn in has["attached"] if kind != "roles" or principal not in lent_roles else []:
                    what = _name_of(content, arn)
                    if what:
                        found.add((account, kind, principal, what))
    return found


def policies(snapshot):
    """Our policies that stay: {(account, what): meanings}."""
    return {
        (account, _name_of(content, arn)): Counter(map(st.meaning, st.listed(policy["document"]["Statement"])))
        for account, content in snapshot.items()
        for arn, policy in content["policies"].items()
        if arn in state.our_policies(content) or adopting.is_adopted(policy)
        if _name_of(content, arn)
    }


def lent(snapshot, now):
    """What is lent: {(account, kind, principal, team, mode): meanings, seen from `now` on}."""
    found = {}

    def add(place, document):
        said = Counter(st.begun(st.meaning(s), now) for s in st.listed(document["Statement"]))
        found[place] = found.get(place, Counter()) + said

    for account, content in snapshot.items():
        roles = state.lent_roles(content)
        for role in roles.values():
            team, kind, principal = borrower_of(role)
            place = account, kind + "s", principal, team, "role"
            found.setdefault(place, Counter())[_said_by(content, role, now)] += 1
        for (kind, principal, name), document in state.our_inline(content).items():
            if kind == "roles" and principal in roles:
                continue
            add((account, kind, principal, name.split("-")[1], "inline"), document)
        for arn, policy in state.our_policies(content).items():
            team, _, borrower = MARK.search(policy["description"]).groups()
            if borrower:
                kind, principal = borrower.split(":")[1:3]
                holders = [(k, p) for k in PRINCIPALS for p, has in content[k].items() if arn in has["attached"]]
                if holders != [(kind + "s", principal)]:
                    found[account, "held by", arn] = holders
                add((account, kind + "s", principal, team, "policy"), policy["document"])
    return found


def expected_lent(things, now):
    """The same of the model's things."""
    found = {}
    for thing in things:
        lease = thing.lease
        place = lease.account, lease.kind, lease.principal, lease.team, thing.mode
        if thing.mode == "role":
            trust, denial = thing.says
            role = frozenset([st.begun(trust, now)]), frozenset([denial]), thing.attached
            found.setdefault(place, Counter())[role] += 1
        else:
            found[place] = found.get(place, Counter()) + Counter(st.begun(says, now) for says in thing.says)
    return found


def borrower_of(role):
    """The team, and kind and name of whom a role of ours is for, as its tag says."""
    _, team, name = next(tag["Value"] for tag in role["tags"] if tag["Key"] == "iamlease").split("/")
    return team, *name.split(":")[1:3]


def _said_by(content, role, now):
    """Of a role: who may come in, what its inline policies say, what is attached to it."""
    trust = frozenset(st.begun(st.meaning(s), now) for s in st.listed(role["trust"]["Statement"]))
    inline = [st.meaning(s) for document in role["inline"].values() for s in st.listed(document["Statement"])]
    return trust, frozenset(inline), frozenset(_name_of(content, arn) or arn for arn in role["attached"])


def create_others(iam):
    """Roles with names as the program would choose them, of another owner and made by hand; and a provider of another owner."""
    trust = {"Effect": "Allow", "Principal": {"AWS": "*"}, "Action": "sts:AssumeRole"}
    for name, tags in [
        ("temp-team-read-carol", [{"Key": "iamlease", "Value": "other/team/read:user:carol"}]),
        ("temp-payments-legacy-bert", []),
        ("temp-orders-legacy-bert", [{"Key": "iamlease", "Value": "default payments"}]),
    ]:
        iam.create_role(RoleName=name, Path="/iamlease/", AssumeRolePolicyDocument=document(trust), Tags=tags)
        iam.attach_role_policy(RoleName=name, PolicyArn="arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess")
        iam.put_role_policy(RoleName=name, PolicyName="iamlease-end", PolicyDocument=document(allow("s3:*")))
    tags = [{"Key": "iamlease", "Value": "other/payments/theirs"}]
    iam.create_open_id_connect_provider(Url=f"https://{THEIRS}", ClientIDList=["x"], ThumbprintList=["ee" * 20], Tags=tags)


def others(snapshot):
    """All that is not ours and no attachment, as text, in the order of names: equal only when every byte is."""
    rest = {}
    for account, content in copy.deepcopy(adopting.without(snapshot)).items():
        content.pop("providers", None)  # judged by themselves
        rest[account] = {kind: dict(sorted(things.items())) for kind, things in state.foreign(content).items()}
        for kind in PRINCIPALS:
            for has in rest[account][kind].values():
                has["attached"] = None
    return json.dumps(rest, indent=1)


def inline_bytes(snapshot):
    """How much of each principal's quota others use."""
    return {
        (account, kind, principal): sum(len(json.dumps(document)) for document in has["inline"].values())
        for account, content in snapshot.items()
        for kind in PRINCIPALS
        for principal, has in content[kind].items()
    }


def sources(iam, arns):
    """The documents of managed policies, by ARN."""
    found = {}
    for arn in arns:
        version = iam.get_policy(PolicyArn=arn)["Policy"]["DefaultVersionId"]
        found[arn] = iam.get_policy_version(PolicyArn=arn, VersionId=version)["PolicyVersion"]["Document"]
    return found


def _name_of(content, arn):
    """How the reference calls an attached policy; None for a lease."""
    policy = content["policies"].get(arn, {"description": ""})
    if adopting.is_adopted(policy):
        return f"own:{arn.rsplit('/', 1)[1]}"
    mark = MARK.search(policy["description"])
    if not mark or "[iamlease default/" not in mark[0]:
        return arn
    if mark[2].startswith("adhoc-") and not mark[3]:
        (statement,) = st.listed(content["policies"][arn]["document"]["Statement"])
        return own(mark[1], tuple(map(tuple, map(st.listed, (statement["Action"], statement["Resource"])))))
    return None if mark[3] else f"own:{arn.rsplit('/', 1)[1]}"

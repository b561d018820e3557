"""What cloud-iam-self-serve left, in the reference: what becomes ours by --adopt, and what stays (docs/migration.md).

The scripts' policies and temporary inline policies are kept out of what belongs to others, and judged here.
"""

import re

from harness import self_serve
from harness.aws import MANAGED

from model import reference

SUFFIX = " (managed by iam-as-code for payments)"
OURS = "default/payments/"
ARN = "arn:aws:iam::{}:policy/payments-{}"


def look(world, snapshot):
    """The same snapshot, in which policies of the scripts have their tags."""
    for account in MANAGED:
        for arn, policy in snapshot[account]["policies"].items():
            if policy["description"].endswith(SUFFIX):
                policy["tags"] = self_serve.tags(world, arn)
    return snapshot


def is_adopted(policy):
    return policy.get("tags", {}).get("iamlease", "").startswith(OURS)


def adopted(snapshot):
    """The scripts' policies that carry our tag, {(account, what)}: a run that was cut off made them ours, for good."""
    return {
        (account, f"own:{arn.rsplit('/', 1)[1]}")
        for account, content in snapshot.items()
        for arn, policy in content["policies"].items()
        if is_adopted(policy)
    }


def left(snapshot):
    """What the scripts left, and nobody adopted, {(account, "policy", ARN) or (account, "inline", user, name): what it is}."""
    found = {}
    for account, content in snapshot.items():
        for arn, policy in content["policies"].items():
            if policy["description"].endswith(SUFFIX) and not is_adopted(policy):
                found[account, "policy", arn] = policy
        for user, has in content["users"].items():
            for name, document in has["inline"].items():
                if is_of_scripts(document):
                    found[account, "inline", user, name] = document
    return found


def renamed(snapshot):
    """Adopted policies that are not where, and called as, the scripts made them: AWS can change neither."""
    return [
        f"adopted, and not as the scripts made it: {arn}"
        for account, content in snapshot.items()
        for arn, policy in content["policies"].items()
        if is_adopted(policy)
        and (arn != ARN.format(account, policy["tags"]["iamlease"].removeprefix(OURS).replace(".", "-")) or policy["tags"].keys() != {"iamlease"})
    ]


def is_of_scripts(document):
    """Their temporary inline policies: no Sid, and one end at the last second of a day."""
    return all(
        "Sid" not in statement
        and re.fullmatch(r".*T23:59:59Z", statement.get("Condition", {}).get("DateLessThan", {}).get("aws:CurrentTime", ""))
        for statement in document["Statement"]
    )


def without(snapshot):
    """The same snapshot without all that; for what belongs to others."""
    rest = {}
    for account, content in snapshot.items():
        users = {
            user: {**has, "inline": {name: text for name, text in has["inline"].items() if not is_of_scripts(text)}}
            for user, has in content["users"].items()
        }
        policies = {arn: policy for arn, policy in content["policies"].items() if not policy["description"].endswith(SUFFIX)}
        rest[account] = {**content, "users": users, "policies": policies}
    return rest


def always_lent(configs, now):
    """What all of these lend to users as inline policies: {(account, user, the names that it may have)}; see watching.py."""
    facts = [{lease.fact for lease in reference.leases(config, now) if teams_mode(config, lease) == "inline"} for config in configs]
    return {
        (account, user, frozenset([self_serve.inline_name(grant, user), f"temp-{team}-{grant}-{user}".replace(grant, grant.replace(".", "-"))]))
        for account, _, user, team, grant in set.intersection(*facts)
    }


def teams_mode(config, lease):
    return config[lease.team].mode(lease.grant)

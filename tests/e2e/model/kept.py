"""aws-roles in the reference: what roles and OIDC providers of a configuration are (docs/roles.md).

A role is who may assume it and its settings; what is attached to it is in the model's attachments, as of everybody.
"""

from collections import Counter

from model import statements as st

PATH = "/iamlease/"
BY_HAND = "github-actions-deployer"  # a role that was there before (harness/people.py)


def trust(account, item, providers):
    """The statement of the trust policy that one item asks for; `providers` has addresses by name."""

    def says(principal, action="sts:AssumeRole", **equals):
        conditions = {operator: keys for operator, keys in equals.items() if keys}
        return {"Effect": "Allow", "Principal": principal, "Action": action, "Condition": conditions}

    external = {"sts:ExternalId": item["external_id"]} if "external_id" in item else {}
    if "account" in item:
        return says({"AWS": f"arn:aws:iam::{item['account']}:root"}, StringEquals=external)
    if "principals" in item:
        return says({"AWS": item["principals"]}, StringEquals=external)
    if "services" in item:
        return says({"Service": item["services"]})
    if "saml" in item:
        provider = f"arn:aws:iam::{account}:saml-provider/{item['saml']['provider']}"
        audience = item["saml"].get("audience", "https://signin.aws.amazon.com/saml")
        return says({"Federated": provider}, "sts:AssumeRoleWithSAML", StringEquals={"SAML:aud": audience})
    token = item["oidc"]
    issuer = providers.get(token["provider"], token["provider"]).removeprefix("https://")
    audience, subjects = {f"{issuer}:aud": token["audience"]}, {f"{issuer}:sub": token["subjects"]}
    is_like = any(set(subject) & set("*?") for subject in st.listed(token["subjects"]))
    return says(
        {"Federated": f"arn:aws:iam::{account}:oidc-provider/{issuer}"},
        "sts:AssumeRoleWithWebIdentity",
        StringEquals=audience if is_like else {**audience, **subjects},
        StringLike=subjects if is_like else {},
    )


def roles(teams):
    """Every role of aws-roles: {(account, name): what it is}."""
    return {
        (team.accounts[environment], name): {
            "path": role.get("path", PATH),
            "description": role.get("description", ""),
            "session_s": 3_600 * role.get("max_session_hours", 1),
            "boundary": role.get("permissions_boundary"),
            "tags": {**role.get("tags", {}), "iamlease": f"default/{label}/{name}"},
            "trust": Counter(st.meaning(trust(team.accounts[environment], item, team.issuers)) for item in role["trust"]),
        }
        for label, team in teams.items()
        for name, role in team.roles.items()
        for environment in role["environments"]
    }


def providers(teams):
    """Every OIDC provider that is ours: {(account, address): what it is}."""
    return {
        (team.accounts[environment], provider["url"].removeprefix("https://")): {
            "client_ids": sorted(provider.get("client_ids", [])),
            "thumbprints": sorted(provider["thumbprints"]),
            "tags": {**provider.get("tags", {}), "iamlease": f"default/{label}/{name}"},
        }
        for label, team in teams.items()
        for name, provider in team.providers.items()
        if not provider.get("existing")
        for environment in provider["environments"]
    }


def is_whole(teams, granted):
    """Whether every role is there that somebody is `granted` something by, (account, kind, name, …), but for one that no
    file declares; and every provider, which a role has by its name."""
    there = {*roles(teams), *((team.accounts[environment], BY_HAND) for team in teams.values() for environment in team.accounts)}
    named = {(account, name) for account, kind, name, *_ in granted if kind == "roles"}
    return named <= there and all(
        name in team.providers and set(role["environments"]) <= set(team.providers[name]["environments"])
        for team in teams.values()
        for role in team.roles.values()
        for name in [item["oidc"]["provider"] for item in role["trust"] if "oidc" in item]
    )


def arn(teams, account, name):
    """The ARN of a role, which is in its path where it is one of these."""
    role = roles(teams).get((account, name))
    return f"arn:aws:iam::{account}:role{role['path'] if role else '/'}{name}"


def doors(statement):
    """What a statement of a trust policy says, by itself for everybody whom it names, and for each value of a condition."""
    _, what, (_, trusted), conditions = statement
    found = [[]]
    for operator, key, values in conditions:
        assert operator in ("stringequals", "stringlike"), operator
        found = [[*door, (key, value)] for door in found for value in values]
    return [(what, one, frozenset(door)) for one in trusted for door in found]


def allowed(statement):
    """What a statement of a lease allows, and until when."""
    effect, what, where, conditions = statement
    return (what, where, frozenset(c for c in conditions if c[:2] != (st.END, st.TIME))), st.end_of(statement)


def given(configs, models):
    """
    What commits give to whom they let in, {(account, role): {(door, what allows, until when, boundary)}}: what allows is the
    ARN of a policy, or what a lease allows. `models` has what the reference makes of each of `configs`.
    """
    found = {}
    for config, model in zip(configs, models, strict=True):
        for (account, name), role in roles(config).items():
            who = account, "roles", name
            has = [(_arn(account, what), st.FOREVER) for *holder, what in model.attached if tuple(holder) == who]
            lent = [thing for thing in model.things if thing.mode == "inline" and thing.lease.fact[:3] == who]
            has += [allowed(says) for thing in lent for says in thing.says if says[0] == "Allow"]
            found.setdefault((account, name), set()).update(
                (door, what, end, role["boundary"]) for says in role["trust"] for door in doors(says) for what, end in has
            )
    return found


def _arn(account, what):
    return f"arn:aws:iam::{account}:policy/iamlease/{what.removeprefix('own:')}" if what.startswith("own:") else what

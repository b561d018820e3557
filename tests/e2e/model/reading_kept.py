"""What boto3 reads of roles that are kept, and of OIDC providers, in the terms of the reference (kept.py)."""

from collections import Counter

from harness import state
from harness.aws import MANAGED

from model import adopting
from model import statements as st


def snapshot(world):
    """
    World.snapshot(), with what a sweep of an account does not tell: the details of kept roles, its providers, and the tags of
    policies that cloud-iam-self-serve made.
    """
    found = world.snapshot()
    for account in MANAGED:
        iam, content = world.aws.admin[account], found[account]
        for name in state.kept_roles(content):
            content["roles"][name]["details"] = iam.get_role(RoleName=name)["Role"]
        listed = iam.list_open_id_connect_providers()["OpenIDConnectProviderList"]
        content["providers"] = {
            item["Arn"].split(":oidc-provider/")[1]: _provider(iam, item["Arn"]) for item in listed
        }
    return adopting.look(world, found)


def _provider(iam, arn):
    live = iam.get_open_id_connect_provider(OpenIDConnectProviderArn=arn)
    return {
        "client_ids": sorted(live["ClientIDList"]),
        "thumbprints": sorted(live["ThumbprintList"]),
        "tags": {tag["Key"]: tag["Value"] for tag in live.get("Tags", [])},
    }


def roles(snapshot):
    """Every role that is kept, with what others put on it: {(account, name): what it is}."""
    found = {}
    for account, content in snapshot.items():
        for name, role in state.kept_roles(content).items():
            live = role["details"]
            found[account, name] = {
                "path": live["Path"],
                "description": live.get("Description", ""),
                "session_s": live["MaxSessionDuration"],
                "boundary": live.get("PermissionsBoundary", {}).get("PermissionsBoundaryArn"),
                "tags": {tag["Key"]: tag["Value"] for tag in live.get("Tags", [])},
                "trust": Counter(map(st.meaning, st.listed(role["trust"]["Statement"]))),
                "by_hand": {
                    policy: document for policy, document in role["inline"].items() if not state.is_our_inline(document)
                },
            }
    return found


def providers(snapshot):
    """Every OIDC provider, also those of others: {(account, address): what it is}."""
    return {(account, url): it for account, content in snapshot.items() for url, it in content["providers"].items()}

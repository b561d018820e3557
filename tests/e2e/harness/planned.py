"""The operations of plan.json as the requests that they mean, to be held against those that reached AWS."""

import json

# operation → what AWS calls it ("{}": the kind of the principal), and the keys that it sends
ACTIONS = {
    "create-policy": ("CreatePolicy", "policy_name path description document"),
    "change-policy": ("CreatePolicyVersion", "policy_arn document"),
    "adopt-policy": ("TagPolicy", "policy_arn mark"),
    "delete-policy-version": ("DeletePolicyVersion", "policy_arn version_id"),
    "delete-policy": ("DeletePolicy", "policy_arn"),
    "attach-policy": ("Attach{}Policy", "principal policy_arn"),
    "detach-policy": ("Detach{}Policy", "principal policy_arn"),
    "put-inline-policy": ("Put{}Policy", "principal policy_name document"),
    "delete-inline-policy": ("Delete{}Policy", "principal policy_name"),
    "create-role": ("CreateRole", "principal path description trust session mark tags boundary"),
    "change-trust-of-role": ("UpdateAssumeRolePolicy", "principal document"),
    "change-role": ("UpdateRole", "principal whole_description session"),
    "tag-role": ("TagRole", "principal mark tags"),
    "untag-role": ("UntagRole", "principal tag_keys"),
    "set-boundary-of-role": ("PutRolePermissionsBoundary", "principal boundary"),
    "clear-boundary-of-role": ("DeleteRolePermissionsBoundary", "principal"),
    "delete-role": ("DeleteRole", "principal"),
    "create-oidc-provider": ("CreateOpenIDConnectProvider", "url client_ids thumbprints mark tags"),
    "add-client-id": ("AddClientIDToOpenIDConnectProvider", "provider_arn client_id"),
    "remove-client-id": ("RemoveClientIDFromOpenIDConnectProvider", "provider_arn client_id"),
    "change-thumbprints-of-oidc-provider": ("UpdateOpenIDConnectProviderThumbprint", "provider_arn thumbprints"),
    "tag-oidc-provider": ("TagOpenIDConnectProvider", "provider_arn mark tags"),
    "untag-oidc-provider": ("UntagOpenIDConnectProvider", "provider_arn tag_keys"),
    "delete-oidc-provider": ("DeleteOpenIDConnectProvider", "provider_arn"),
}
TEXTS = {
    "policy_name": "PolicyName",
    "policy_arn": "PolicyArn",
    "path": "Path",
    "description": "Description",
    "document": "PolicyDocument",
    "version_id": "VersionId",
}
NOT_PLANNED = {"Action", "Version", "SetAsDefault"}


def _members(name, values):
    return {f"{name}.member.{number}": value for number, value in enumerate(values, 1)}


def _tags(operation, fields):
    tags = [{"key": "iamlease", "value": operation["mark"]}] if "mark" in fields and operation.get("mark") else []
    tags += operation.get("tags", []) if "tags" in fields else []
    return {
        f"Tags.member.{number}.{key.title()}": value for number, tag in enumerate(tags, 1) for key, value in tag.items()
    }


def _values(operation, fields):
    """Each parameter that the fields could mean; those that are missing or empty are not sent."""
    principal = operation["principal"] or {"kind": "", "name": None}
    url = operation.get("provider")
    yield from ((TEXTS[field], operation[field]) for field in fields if field in TEXTS)
    yield from _tags(operation, fields).items()
    lists = {"client_ids": ("ClientIDList", operation.get("client_ids", []))}
    lists["thumbprints"] = ("ThumbprintList", operation.get("thumbprints", []))
    lists["tag_keys"] = ("TagKeys", [tag["key"] for tag in operation.get("tags", [])])
    for field in fields & lists.keys():
        yield from _members(*lists[field]).items()
    ones = {
        "principal": (f"{principal['kind'].title()}Name", principal["name"]),
        "trust": ("AssumeRolePolicyDocument", operation["document"]),  # of a role, that is the document which is written
        "session": ("MaxSessionDuration", str(operation.get("max_session_seconds", 3600))),
        "boundary": ("PermissionsBoundary", operation.get("permissions_boundary")),
        "url": ("Url", f"https://{url}"),
        "provider_arn": ("OpenIDConnectProviderArn", f"arn:aws:iam::{operation['account_id']}:oidc-provider/{url}"),
        "client_id": ("ClientID", next(iter(operation.get("client_ids", [])), None)),
    }
    yield from (ones[field] for field in fields & ones.keys())


def call_of(operation):
    """The request that an operation means: account, action and parameters."""
    action, words = ACTIONS[operation["operation"]]
    fields = set(words.split())
    kind = operation["principal"]["kind"].title() if operation["principal"] else ""
    params = {name: value for name, value in _values(operation, fields) if value}
    if "whole_description" in fields and operation["description"] is not None:
        params["Description"] = operation["description"]  # an empty one clears it
    return operation["account_id"], action.format(kind), params


def in_order(calls):
    return sorted(calls, key=lambda call: json.dumps(call, sort_keys=True))


def calls_of(plan):
    return in_order(call_of(operation) for operation in plan["operations"]["items"])


def requests(world):
    """The writes of the last run, each as account, action and parameters."""
    return in_order(
        (call.account, call.action, {key: value for key, value in call.params.items() if key not in NOT_PLANNED})
        for call in world.proxy.calls
        if call.write
    )


def differences(plan, world):
    """A line for each request of the last run that the plan did not print, and the other way around."""
    planned, made = calls_of(plan), requests(world)
    lines = [f"planned, and not made: {call}" for call in planned if call not in made]
    lines += [f"made, and not planned: {call}" for call in made if call not in planned]
    return lines or ([] if planned == made else [f"{len(planned)} planned, {len(made)} made"])

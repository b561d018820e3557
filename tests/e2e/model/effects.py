"""Whether what a report calls done can be seen in AWS."""

import json

GONE = {"inline": {}, "attached": [], "trust": None, "tags": {}, "boundary": None}


def _tags(row):
    return {tag["key"]: tag["value"] for tag in row.get("tags", [])}


def _of_holder(content, row, kind):
    """Of operations on a user, group or role; None: it is another one."""
    holder = content[row["principal"]["kind"] + "s"].get(row["principal"]["name"], GONE)
    if kind == "create-role":
        made = holder is not GONE and {**_tags(row), "iamlease": row["mark"]}.items() <= holder["tags"].items()
        bound = holder["boundary"] == row.get("permissions_boundary")
        return made and bound and json.loads(holder["trust"]) == json.loads(row["document"])
    if kind == "change-trust-of-role":
        return json.loads(holder["trust"]) == json.loads(row["document"])
    if kind == "delete-role":
        return holder is GONE
    if kind == "change-role":
        return (holder["description"], int(holder["session_s"])) == (row["description"] or "", row["max_session_seconds"])
    if kind in ("tag-role", "untag-role"):
        return _has_tags(holder["tags"], row, kind)
    if kind in ("set-boundary-of-role", "clear-boundary-of-role"):
        return holder["boundary"] == row.get("permissions_boundary")
    if kind in ("attach-policy", "detach-policy"):
        return (row["policy_arn"] in holder["attached"]) is (kind == "attach-policy")
    if kind == "delete-inline-policy":
        return row["policy_name"] not in holder["inline"]
    if kind == "put-inline-policy":
        return json.loads(holder["inline"][row["policy_name"]]) == json.loads(row["document"])
    return None


def _has_tags(tags, row, kind):
    return not _tags(row).keys() & tags.keys() if kind.startswith("untag") else _tags(row).items() <= tags.items()


def _of_provider(content, row, kind):
    arn = f"arn:aws:iam::{row['account_id']}:oidc-provider/{row['provider']}"
    live = content["providers"].get(arn)
    if kind == "delete-oidc-provider":
        return live is None
    if kind == "create-oidc-provider":
        clients = sorted(live["client_ids"]) == sorted(row["client_ids"])
        return clients and live["tags"] == {**_tags(row), "iamlease": row["mark"]}
    if kind in ("add-client-id", "remove-client-id"):
        return (row["client_ids"][0] in live["client_ids"]) is (kind == "add-client-id")
    if kind == "change-thumbprints-of-oidc-provider":
        return sorted(live["thumbprints"]) == sorted(row["thumbprints"])
    return _has_tags(live["tags"], row, kind) if kind in ("tag-oidc-provider", "untag-oidc-provider") else None


def took_effect(content, row):
    """Of an operation that is done; `content` is the account, past its API (Aws.look)."""
    kind = row["operation"]
    if kind in ("create-policy", "change-policy"):
        return json.loads(content["policies"][row["policy_arn"]]["document"]) == json.loads(row["document"])
    if kind == "delete-policy":
        return row["policy_arn"] not in content["policies"]
    if kind == "adopt-policy":
        return content["policies"][row["policy_arn"]]["tags"].get("iamlease") == row["mark"]
    if kind == "delete-policy-version":
        return True
    seen = _of_provider(content, row, kind) if row.get("provider") else _of_holder(content, row, kind)
    assert seen is not None, f"what is {kind}?"
    return seen

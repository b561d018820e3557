"""Permissions as IAM checks them: each action against the ARN of what it works on.

moto asks for every action of IAM whether it is allowed on "*", so a policy that names resources would allow nothing,
and it knows no condition keys. Here the identity policies of the caller decide, by the rules of the IAM User Guide,
"Policy evaluation logic": a Deny that matches wins, else an Allow that matches is needed. Which resource an action
has is from the Service Authorization Reference, "Actions defined by AWS Identity and Access Management".
"""

import json
import re
from fnmatch import fnmatchcase

from moto.iam.access_control import IAMRequestBase
from moto.iam.models import Policy

CREATED = {"CreatePolicy": ("policy", "PolicyName"), "CreateRole": ("role", "RoleName")}
EXISTING = {"UserName": "user", "RoleName": "role", "GroupName": "group"}
KEYS = {"iam:PolicyARN": "PolicyArn", "iam:PermissionsBoundary": "PermissionsBoundary"}
REQUEST_TAG, RESOURCE_TAG = "aws:RequestTag/", "aws:ResourceTag/"
TAGGING = {"CreateRole": "TagRole", "CreateOpenIDConnectProvider": "TagOpenIDConnectProvider"}
OPERATORS = {"StringEquals": str.__eq__, "ArnEquals": fnmatchcase, "ArnLike": fnmatchcase, "StringLike": fnmatchcase}


def resource_of(backend, account, action, data):
    """The ARN that an IAM action is checked against; "*" where IAM knows none narrower."""
    if action in CREATED:
        kind, name = CREATED[action]
        return f"arn:aws:iam::{account}:{kind}{data.get('Path', '/')}{data[name]}"
    if action == "CreateOpenIDConnectProvider":
        return f"arn:aws:iam::{account}:oidc-provider/{data['Url'].removeprefix('https://')}"
    for parameter, kind in EXISTING.items():
        if parameter in data:
            held = getattr(backend, f"{kind}s").values()
            found = [entity.arn for entity in held if entity.name == data[parameter]]
            return found[0] if found else f"arn:aws:iam::{account}:{kind}/{data[parameter]}"
    return data.get("PolicyArn") or data.get("OpenIDConnectProviderArn", "*")


def request_tags(data):
    """The tags that a request gives, by their keys in lower case."""
    keys = {name: value for name, value in data.items() if re.fullmatch(r"Tags\.member\.\d+\.Key", name)}
    return {key.lower(): data.get(name.removesuffix("Key") + "Value", "") for name, key in keys.items()}


def resource_tags(backend, data):
    """The tags of the OIDC provider that a request is about: of other resources nothing here asks for them."""
    provider = backend.open_id_providers.get(data.get("OpenIDConnectProviderArn"))
    return {tag["Key"].lower(): tag["Value"] for tag in provider.get_tags()} if provider else {}


def _listed(value):
    return value if isinstance(value, list) else [value]


def _matches(patterns, text):
    """IAM's wildcards are * and ?; a bracket is itself."""
    return any(fnmatchcase(text, re.sub(r"\[", "[[]", pattern)) for pattern in _listed(patterns))


def _value_of(key, data, tags):
    if key.startswith(REQUEST_TAG):
        return request_tags(data).get(key.removeprefix(REQUEST_TAG).lower())
    if key.startswith(RESOURCE_TAG):
        return tags.get(key.removeprefix(RESOURCE_TAG).lower())
    return data.get(KEYS[key])


def _condition_holds(condition, data, tags):
    for operator, keys in condition.items():
        for key, wanted in keys.items():
            value = _value_of(key, data, tags)
            if value is None or not any(OPERATORS[operator](value, one) for one in _listed(wanted)):
                return False
    return True


def _concerns(statement, action, resource, data, tags):
    return (
        _matches([name.lower() for name in _listed(statement["Action"])], action.lower())
        and _matches(statement["Resource"], resource)
        and _condition_holds(statement.get("Condition", {}), data, tags)
    )


def decide(documents, action, resource, data, tags):
    """Whether identity policies allow an action such as "iam:GetUser" on a resource that has these tags."""
    statements = [statement for document in documents for statement in _listed(document["Statement"])]
    effects = {statement["Effect"] for statement in statements if _concerns(statement, action, resource, data, tags)}
    return effects == {"Allow"}


def _documents(policies):
    for policy in policies:
        if isinstance(policy, Policy):
            yield json.loads(next(version.document for version in policy.versions if version.is_default))
        else:
            yield json.loads(policy if isinstance(policy, str) else policy["policy_document"])


def install():
    whole = IAMRequestBase.check_action_permitted

    def check_action_permitted(self, resource):
        if self._service != "iam":
            return whole(self, resource)
        action = self._action.removeprefix("iam:")
        data = {name: values[0] for name, values in self._data.items()}
        resource = resource_of(self.backend, self.account_id, action, data)
        documents = list(_documents(self._access_key.collect_policies()))
        asked = [(self._action, data)]
        if action in TAGGING and request_tags(data):
            given = {name: value for name, value in data.items() if name.startswith("Tags.")}
            asked.append((f"iam:{TAGGING[action]}", given))
        tags = resource_tags(self.backend, data)
        if not all(decide(documents, name, resource, values, tags) for name, values in asked):
            self._raise_access_denied()

    IAMRequestBase.check_action_permitted = check_action_permitted

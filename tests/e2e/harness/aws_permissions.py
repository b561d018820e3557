"""Permissions as IAM checks them: each action against the ARN of what it works on.

moto asks for every action of IAM whether it is allowed on "*", so a policy that names resources would allow nothing,
and it knows no condition keys. Here the identity policies of the caller decide, by the rules of the IAM User Guide,
"Policy evaluation logic": a Deny that matches wins, else an Allow that matches is needed. Which resource an action
has is from the Service Authorization Reference, "Actions defined by AWS Identity and Access Management".
"""

import functools
import json
import re
from fnmatch import fnmatchcase, translate

from moto.iam.access_control import IAMRequestBase
from moto.iam.models import Policy

CREATED = {"CreatePolicy": ("policy", "PolicyName"), "CreateRole": ("role", "RoleName")}
EXISTING = {"UserName": "user", "RoleName": "role", "GroupName": "group"}
KEYS = {"iam:PolicyARN": "PolicyArn", "iam:PermissionsBoundary": "PermissionsBoundary"}
TAGGING = {"CreateRole": "TagRole", "CreateOpenIDConnectProvider": "TagOpenIDConnectProvider"}
WHOLE = "ForAllValues:"  # every value of the request, also where it has none
IF_EXISTS = "IfExists"
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
    """The tags of the OIDC provider, policy or role that a request is about: of others nothing here asks for them."""
    provider = backend.open_id_providers.get(data.get("OpenIDConnectProviderArn"))
    policy = backend.managed_policies.get(data.get("PolicyArn"))
    role = next((role for role in backend.roles.values() if role.name == data.get("RoleName")), None)
    tags = provider.get_tags() if provider else policy.tags.values() if policy else role.tags if role else []
    return {tag["Key"].lower(): tag["Value"] for tag in tags}


def _listed(value):
    return value if isinstance(value, list) else [value]


@functools.cache
def _compiled(pattern):
    """IAM's wildcards are * and ?; a bracket is itself."""
    return re.compile(translate(re.sub(r"\[", "[[]", pattern))).match


def _matches(patterns, text):
    return any(_compiled(pattern)(text) for pattern in _listed(patterns))


def context_of(backend, data):
    """The values of every condition key that the request has: by name, as lists."""
    context = {key: [data[parameter]] for key, parameter in KEYS.items() if parameter in data}
    context["aws:PrincipalAccount"] = [backend.account_id]  # nobody works on IAM from another account
    context["aws:TagKeys"] = list(request_tags(data))
    context.update({f"aws:RequestTag/{key}": [value] for key, value in request_tags(data).items()})
    context.update({f"aws:ResourceTag/{key}": [value] for key, value in resource_tags(backend, data).items()})
    return context


def _filled(text, context):
    """IAM's variables, "${aws:PrincipalAccount}", are values of condition keys."""
    return re.sub(r"\$\{([^}]+)\}", lambda found: context[found[1]][0], text)


def _condition_holds(condition, context):
    for operator, keys in condition.items():
        matches = OPERATORS[operator.removeprefix(WHOLE).removesuffix(IF_EXISTS)]
        for key, wanted in keys.items():
            values = context.get(key, [])
            if not values and not operator.startswith(WHOLE) and not operator.endswith(IF_EXISTS):
                return False
            if not all(any(matches(value, _filled(one, context)) for one in _listed(wanted)) for value in values):
                return False
    return True


def _concerns(statement, action, resource, context):
    return (
        _matches([name.lower() for name in _listed(statement["Action"])], action.lower())
        and _matches(statement["Resource"], resource)
        and _condition_holds(statement.get("Condition", {}), context)
    )


def decide(documents, action, resource, context):
    """Whether identity policies allow an action such as "iam:GetUser" on a resource."""
    statements = [statement for document in documents for statement in _listed(document["Statement"])]
    effects = {statement["Effect"] for statement in statements if _concerns(statement, action, resource, context)}
    return effects == {"Allow"}


_parsed = functools.lru_cache(maxsize=1000)(json.loads)  # the same few at every request; nobody changes them


def _documents(policies):
    for policy in policies:
        if isinstance(policy, Policy):
            yield _parsed(next(version.document for version in policy.versions if version.is_default))
        else:
            yield _parsed(policy if isinstance(policy, str) else policy["policy_document"])


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
        if not all(decide(documents, name, resource, context_of(self.backend, values)) for name, values in asked):
            self._raise_access_denied()

    IAMRequestBase.check_action_permitted = check_action_permitted

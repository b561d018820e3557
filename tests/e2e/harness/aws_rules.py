"""Rules of the real IAM and STS that moto lacks and that this program must live with.

Each rule wraps a method of moto's backend, so it runs after moto has checked the signature and the
permissions, and it answers with the error code that AWS gives. The sources are the IAM User Guide
("IAM and AWS STS quotas") and the API reference; facts on how moto differs were found by running it.
"""

import datetime
import functools
import inspect
import json
import re

import oidc
from aws_permissions import OPERATORS
from moto.core.exceptions import AccessDeniedError
from moto.core.responses import ActionResult
from moto.iam import models
from moto.iam.exceptions import (
    DeleteConflictException,
    EntityAlreadyExists,
    IAMException,
    LimitExceededException,
    MalformedPolicyDocument,
    ValidationError,
)
from moto.iam.models import IAMBackend, iam_backends
from moto.iam.responses import IamResponse
from moto.sts.models import STSBackend
from moto.sts.responses import TokenResponse

INLINE_QUOTA = {"user": 2_048, "role": 10_240, "group": 5_120}
MANAGED_QUOTA = 6_144
TRUST_QUOTA = 2_048
ATTACHMENT_QUOTA = 10
WHOLE = 999  # state.py

lagging = {}  # account → what sweeps of the program still see of it

# The AWS managed policies that the many-run tests load; the whole set costs a second per account.
TRIMMED = [
    "AdministratorAccess",
    "AmazonS3FullAccess",
    "AmazonS3ReadOnlyAccess",
    "AWSSupportServiceRolePolicy",
    "PowerUserAccess",
    "ReadOnlyAccess",
    "SecurityAudit",
]


def before(*methods, owner=IAMBackend):
    """Runs the decorated check, with the same arguments, before each of these methods of `owner`."""

    def register(check):
        for name in methods:
            original = getattr(owner, name)
            setattr(owner, name, _guarded(original, check))
        return check

    return register


def _guarded(original, check):
    signature = inspect.signature(original)

    @functools.wraps(original)
    def guarded(*args, **kwargs):
        check(**signature.bind(*args, **kwargs).arguments)
        return original(*args, **kwargs)

    return guarded


def _listed(value):
    return value if isinstance(value, list) else [value]


def _non_blank(text):
    """IAM does not count white space; the API reference gives no other definition of size."""
    return len(re.sub(r"\s", "", text))


def _holder(backend, names):
    """The kind and the object of the user, role or group that a call names."""
    for kind in INLINE_QUOTA:
        if f"{kind}_name" in names:
            return kind, getattr(backend, f"get_{kind}")(names[f"{kind}_name"])
    raise KeyError("no principal in the call")


class PolicyNotAttachable(IAMException):
    code = "PolicyNotAttachable"


def trim_managed_policies():
    data = json.loads(models.aws_managed_policies_data)
    models.aws_managed_policies_data = json.dumps({name: data[name] for name in TRIMMED})


def install(page_size):
    """Puts every rule in force; `page_size` is the most that one page of a listing holds."""
    _install_dates()
    _install_names()
    _install_documents()
    _install_trust()
    _install_quotas()
    _install_attachments()
    _install_assume_role()
    _install_paging(page_size)


def _install_dates():
    """Principals are as old as the tests' clock has them, not as old as the run of the tests."""
    for name in ("create_user", "create_role", "create_group"):
        setattr(IAMBackend, name, _dated(getattr(IAMBackend, name)))


def _dated(create):
    @functools.wraps(create)
    def dated(*args, **kwargs):
        made = create(*args, **kwargs)
        made.create_date = principals_are_made_at["time"]
        return made

    return dated


# When users, roles and groups are created, for whoever asks; POST /harness/made-at/<seconds since 1970> sets it.
LONG_AGO = datetime.datetime(2025, 1, 1)
principals_are_made_at = {"time": LONG_AGO}


def _install_names():
    @before("put_user_policy", "put_role_policy", "put_group_policy", "create_policy")
    def names_follow_the_grammar(policy_name, **_):
        if not re.fullmatch(r"[A-Za-z0-9_+=,.@-]{1,128}", policy_name):
            raise ValidationError(f"The specified value for policyName is invalid: {policy_name}")

    @before("create_policy")
    def path_and_description_follow_the_grammar(path, description, **_):
        if path and not re.fullmatch(r"((/[A-Za-z0-9.,+@=_-]+)*)/", path):
            raise ValidationError(f"The specified value for path is invalid: {path}")
        if description and len(description) > 1_000:
            raise ValidationError("description must have length less than or equal to 1000")

    @before("create_policy")
    def names_are_unique_without_case_and_path(self, policy_name, **_):
        local = set(self.managed_policies.values()) - set(self.aws_managed_policies)
        if policy_name.lower() in {policy.name.lower() for policy in local}:
            raise EntityAlreadyExists(f"A policy called {policy_name} already exists. Duplicate names are not allowed.")


def _install_documents():
    def check(document):
        if not re.fullmatch(r"[\t\n\r\u0020-\u00ff]{1,131072}", document):
            raise ValidationError("The specified value for policyDocument is invalid")
        statements = json.loads(document).get("Statement", [])
        for statement in statements if isinstance(statements, list) else [statements]:
            sid = statement.get("Sid", "")
            if not re.fullmatch(r"[A-Za-z0-9]*", sid):
                raise MalformedPolicyDocument(f"Statement IDs (SID) must be alpha-numeric: {sid}")

    @before("put_user_policy", "put_role_policy", "put_group_policy")
    def inline_documents(policy_json, **_):
        check(policy_json)

    @before("create_policy", "create_policy_version")
    def managed_documents(policy_document, **_):
        check(policy_document)


def _exists(arn):
    """Whether the user or role is there; what is no ARN of one, an account or a service, needs no look."""
    parts = re.fullmatch(r"arn:aws:iam::(\d{12}):(user|role)/.+", arn)
    if not parts:
        return True
    backend = iam_backends[parts[1]]["aws"]
    return any(entity.arn == arn for entity in getattr(backend, f"{parts[2]}s").values())


def _install_trust():
    """Of a role: whom it trusts exists, and its name and its trust policy have a length."""

    def check(document):
        if _non_blank(document) > TRUST_QUOTA:
            raise LimitExceededException(f"Cannot exceed quota for ACLSizePerRole: {TRUST_QUOTA}")
        for statement in _listed(json.loads(document).get("Statement", [])):
            trusted = statement.get("Principal")
            for arn in _listed(trusted.get("AWS", [])) if isinstance(trusted, dict) else []:
                if not _exists(arn):
                    raise MalformedPolicyDocument(f'Invalid principal in policy: "AWS":"{arn}"')

    @before("create_role")
    def a_new_role(role_name, assume_role_policy_document, **_):
        if not re.fullmatch(r"[A-Za-z0-9_+=,.@-]{1,64}", role_name):
            raise ValidationError(f"The specified value for roleName is invalid: {role_name}")
        check(assume_role_policy_document)

    @before("update_assume_role_policy")
    def whom_a_role_trusts(policy_document, **_):
        check(policy_document)


def _install_quotas():
    @before("put_user_policy", "put_role_policy", "put_group_policy")
    def inline_policies_share_one_quota(self, policy_name, policy_json, **names):
        kind, holder = _holder(self, names)
        documents = {**holder.policies, policy_name: policy_json}
        if sum(map(_non_blank, documents.values())) > INLINE_QUOTA[kind]:
            raise LimitExceededException(
                f"Maximum policy size of {INLINE_QUOTA[kind]} bytes exceeded for {kind} {holder.name}"
            )

    @before("create_policy", "create_policy_version")
    def managed_policies_have_a_size(policy_document, **_):
        if _non_blank(policy_document) > MANAGED_QUOTA:
            raise LimitExceededException(f"Cannot exceed quota for PolicySize: {MANAGED_QUOTA}")


def _install_attachments():
    @before("attach_user_policy", "attach_role_policy", "attach_group_policy")
    def attachments_have_a_quota(self, policy_arn, **names):
        kind, holder = _holder(self, names)
        if ":policy/aws-service-role/" in policy_arn:
            raise PolicyNotAttachable(f"Cannot attach a Service Role Policy to a {kind}.")
        if policy_arn not in holder.managed_policies and len(holder.managed_policies) >= ATTACHMENT_QUOTA:
            raise LimitExceededException(f"Cannot exceed quota for PoliciesPer{kind.title()}: {ATTACHMENT_QUOTA}")

    @before("delete_policy")
    def a_policy_in_use_stays(self, policy_arn):
        holders = [*self.users.values(), *self.roles.values(), *self.groups.values()]
        if any(policy_arn in holder.managed_policies for holder in holders):
            raise DeleteConflictException("Cannot delete a policy attached to entities.")
        if len(self.get_policy(policy_arn).versions) > 1:
            raise DeleteConflictException("This policy has more than one version. Delete the others first.")

    attach = models.ManagedPolicy.attach_to

    def attach_once(self, obj):
        if self.arn not in obj.managed_policies:
            attach(self, obj)

    models.ManagedPolicy.attach_to = attach_once


class InvalidIdentityToken(IAMException):
    code = "InvalidIdentityToken"


class NotAuthorized(IAMException):
    code = "AccessDenied"
    status_code = 403


def _trusts(role_arn, claims):
    """Whether a role's trust policy takes a token: its provider, and StringEquals and StringLike on its claims."""
    backend = iam_backends[role_arn.split(":")[4]]["aws"]
    role = next((role for role in backend.roles.values() if role.arn == role_arn), None)
    provider = claims["iss"].removeprefix("https://")
    for statement in json.loads(role.assume_role_policy_document)["Statement"] if role else []:
        wanted = statement.get("Condition", {})
        is_provider = statement["Principal"].get("Federated", "").endswith(f":oidc-provider/{provider}")
        if is_provider and wanted and all(
            any(OPERATORS[operator](claims[key.rsplit(":", 1)[1]], one) for one in ([value] if isinstance(value, str) else value))
            for operator, keys in wanted.items()
            for key, value in keys.items()
        ):
            return True
    return False


def _install_assume_role():
    """moto lets anybody assume any role of another account, even one that does not exist."""

    trusted_token = {"role": None}  # whose web identity was found good: moto goes on by assume_role
    whole = TokenResponse.assume_role_with_web_identity

    def assume_role_with_web_identity(self):
        role_arn, claims = self._get_param("RoleArn"), oidc.read_token(self._get_param("WebIdentityToken"))
        if claims is None:
            raise InvalidIdentityToken("The signature of the token does not fit.")
        if not _trusts(role_arn, claims):
            raise NotAuthorized("Not authorized to perform sts:AssumeRoleWithWebIdentity")
        trusted_token["role"] = role_arn
        try:
            return whole(self)
        finally:
            trusted_token["role"] = None

    TokenResponse.assume_role_with_web_identity = assume_role_with_web_identity

    @before("assume_role", owner=STSBackend)
    def the_role_exists_and_trusts_the_caller(self, role_arn, role_session_name, **_):
        if not re.fullmatch(r"[A-Za-z0-9_+=,.@-]{2,64}", role_session_name or ""):
            raise ValidationError(f"Value '{role_session_name}' at 'roleSessionName' is invalid")
        backend = iam_backends[role_arn.split(":")[4]]["aws"]
        role = next((role for role in backend.roles.values() if role.arn == role_arn), None)
        if role_arn == trusted_token["role"]:
            return
        if role is None or f":{self.account_id}:" not in role.assume_role_policy_document:
            raise AccessDeniedError(f"of account {self.account_id}", f"sts:AssumeRole on resource: {role_arn}")


def _install_paging(page_size):
    """One sweep over users, groups, roles and policies; AWS managed policies only where attached. The harness itself
    asks for so many items that it gets all of them."""
    whole = IamResponse.get_account_authorization_details

    def seen(self, wanted):
        """What the sweep sees: the program, perhaps, an account as it was a moment ago; the harness never."""
        account = self.current_account
        if wanted == WHOLE or account not in lagging:
            return whole(self).result
        now, iam_backends[account]["aws"] = iam_backends[account]["aws"], lagging[account]
        try:
            return whole(self).result
        finally:
            iam_backends[account]["aws"] = now

    def page(self):
        wanted = self._get_int_param("MaxItems", 100)
        answer = seen(self, wanted)
        answer["Policies"] = [
            policy
            for policy in answer["Policies"]
            if not isinstance(policy, models.AWSManagedPolicy) or policy.attachment_count > 0
        ]
        lists = ["UserDetailList", "GroupDetailList", "RoleDetailList", "Policies"]
        items = [(name, item) for name in lists for item in answer[name]]
        start = int(self._get_param("Marker") or 0)
        stop = start + (wanted if wanted == WHOLE else min(page_size, wanted))
        shown = items[start:stop]
        result = {name: [item for owner, item in shown if owner == name] for name in lists}
        result["IsTruncated"] = stop < len(items)
        if result["IsTruncated"]:
            result["Marker"] = str(stop)
        return ActionResult(result)

    IamResponse.get_account_authorization_details = page

"""What cloud-iam-self-serve leaves in AWS for the files of one team, as its scripts do it (facts of its repository).

It makes every policy that has statements, in every account, whether somebody uses it or not; it never takes anything
away but ended temporary grants; the managed policies of a temporary grant are attached without an end.
"""

import json

from harness.aws import document


def _content(files, folder):
    text = files.get(f"{folder}/payments.yaml")
    return json.loads(text)[folder] if text else {}


def _statements(policy, condition=None):
    more = {"Condition": condition} if condition else {}
    return [
        {"Effect": entry["effect"], "Action": entry["actions"], "Resource": entry["resources"], **more}
        for entry in policy.get("custom_statements", [])
    ]


def _name(*parts):
    return "-".join(parts).replace(".", "-")


def arn(account, grant):
    return f"arn:aws:iam::{account}:policy/{_name('payments', grant)}"


def inline_name(grant, user):
    return f"temp-{_name('payments', grant, user)}"


def leave(world, files):
    """Applies the files as the scripts do."""
    accounts = _content(files, "aws-accounts")
    policies = _content(files, "aws-policies")
    for grant, policy in policies.items():
        for account in accounts.values():
            if _statements(policy):
                world.aws.admin[account].create_policy(
                    PolicyName=_name("payments", grant),
                    PolicyDocument=document(*_statements(policy)),
                    Description=f"{policy['description']} (managed by iam-as-code for payments)",
                )
    for entry in _content(files, "permanent-access"):
        for environment in entry["environments"]:
            iam, account = world.aws.admin[accounts[environment]], accounts[environment]
            for grant in entry["grants"]:
                policy = policies[grant]
                ours = [arn(account, grant)] if _statements(policy) else []
                for policy_arn in [*ours, *policy.get("managed_policies", [])]:
                    for user in entry.get("users", []):
                        iam.attach_user_policy(UserName=user.split("@")[0], PolicyArn=policy_arn)
                    for role in entry.get("roles", []):
                        iam.attach_role_policy(RoleName=role, PolicyArn=policy_arn)
    for entry in _content(files, "temporary-access"):
        iam, user = world.aws.admin[accounts[entry["environment"]]], entry["user"].split("@")[0]
        policy = policies[entry["grant"]]
        end = {"DateLessThan": {"aws:CurrentTime": f"{entry['expiration_date']}T23:59:59Z"}}
        iam.put_user_policy(
            UserName=user,
            PolicyName=inline_name(entry["grant"], user),
            PolicyDocument=document(*_statements(policy, end)),
        )
        for policy_arn in policy.get("managed_policies", []):
            iam.attach_user_policy(UserName=user, PolicyArn=policy_arn)


def tags(world, policy_arn):
    """The tags of a policy, by key."""
    account = policy_arn.split(":")[4]
    found = world.aws.admin[account].list_policy_tags(PolicyArn=policy_arn)["Tags"]
    return {tag["Key"]: tag["Value"] for tag in found}

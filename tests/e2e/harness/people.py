"""Who and what is in a managed account before the program is ever run: principals, and objects of other owners."""

import hashlib
import json

TRUST = json.dumps(
    {
        "Version": "2012-10-17",
        "Statement": [{"Effect": "Allow", "Principal": {"Service": "ec2.amazonaws.com"}, "Action": "sts:AssumeRole"}],
    }
)


def sid_prefix(owner):
    """What the first Sid of an owner's inline policies begins with (DESIGN §3, Ownership)."""
    return "iamlease" + hashlib.sha256(owner.encode()).hexdigest()[:10]


def _document(sid, action, condition=None):
    statement = {"Sid": sid, "Effect": "Allow", "Action": action, "Resource": "*"}
    if condition:
        statement["Condition"] = condition
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


def create(iam, account):
    """Users ada, bert and carol, a role and a group; around them, things that are none of our business."""
    for name in ["ada", "bert", "carol"]:
        iam.create_user(UserName=name)
    iam.create_group(GroupName="developers")
    iam.create_role(RoleName="github-actions-deployer", AssumeRolePolicyDocument=TRUST)
    _create_hand_made(iam)
    _create_other_owner(iam)


def _create_hand_made(iam):
    """No mark at all, one of them with a name as the program would choose it."""
    logs = iam.create_policy(
        PolicyName="hand-made-logs", Description="made by hand", PolicyDocument=_document("Logs", "logs:Get*")
    )["Policy"]["Arn"]
    iam.attach_user_policy(UserName="bert", PolicyArn=logs)
    iam.attach_group_policy(GroupName="developers", PolicyArn="arn:aws:iam::aws:policy/SecurityAudit")
    iam.attach_role_policy(
        RoleName="github-actions-deployer", PolicyArn="arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess"
    )
    iam.put_user_policy(UserName="bert", PolicyName="by-hand", PolicyDocument=_document("ByHand", "sns:Publish"))
    iam.put_user_policy(
        UserName="bert", PolicyName="temp-payments-legacy-bert", PolicyDocument=_document("iamleased", "sqs:*")
    )
    iam.put_group_policy(GroupName="developers", PolicyName="by-hand", PolicyDocument=_document("ByHand", "sns:List*"))


def _create_other_owner(iam):
    """Objects that carry the mark of another owner, one of them a lease that ended years ago."""
    policy = iam.create_policy(
        PolicyName="other-team-read",
        Path="/iamlease/",
        Description="read [iamlease other/team/read]",
        PolicyDocument=_document("Read", "s3:Get*"),
    )["Policy"]["Arn"]
    iam.attach_user_policy(UserName="carol", PolicyArn=policy)
    ended = {"DateLessThan": {"aws:CurrentTime": "2020-01-01T00:00:00Z"}}
    iam.put_user_policy(
        UserName="carol",
        PolicyName="temp-team-read-carol",
        PolicyDocument=_document(sid_prefix("other") + "0", "s3:Put*", ended),
    )

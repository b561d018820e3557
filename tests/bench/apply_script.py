"""What a team would write without iamlease: the leases of the benchmark by boto3, one call after the other.

usage: python3 apply_script.py URL ACCOUNTS USERS END
"""

import json
import sys

import boto3
from botocore.config import Config


def client(service, url, credentials=None):
    keys = {"aws_access_key_id": credentials["AccessKeyId"], "aws_secret_access_key": credentials["SecretAccessKey"],
            "aws_session_token": credentials["SessionToken"]} if credentials else {}
    return boto3.client(service, endpoint_url=url, region_name="us-east-1", config=Config(retries={"max_attempts": 0}),
                        **keys)


def lease(team, end):
    condition = {"DateLessThan": {"aws:CurrentTime": end}}
    statement = {"Effect": "Allow", "Action": "s3:GetObject", "Resource": f"arn:aws:s3:::{team}/*", "Condition": condition}
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]}, separators=(",", ":"))


def main(url, accounts, users, end):
    sts = client("sts", url)
    for account in range(int(accounts)):
        role = f"arn:aws:iam::100000000{account:03}:role/AWSSelfServeDeployer"
        credentials = sts.assume_role(RoleArn=role, RoleSessionName="script")["Credentials"]
        iam = client("iam", url, credentials)
        pages = iam.get_paginator("get_account_authorization_details").paginate(Filter=["User"])
        there = {user["UserName"]: user for page in pages for user in page["UserDetailList"]}
        for number in range(int(users)):
            user, team = f"a{account:03}-u{number:03}", f"team-{account:03}"
            if not there[user].get("UserPolicyList"):
                iam.put_user_policy(UserName=user, PolicyName=f"temp-{team}-read-{user}",
                                    PolicyDocument=lease(team, end))


if __name__ == "__main__":
    main(*sys.argv[1:])

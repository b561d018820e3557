"""Lends policies that AWS manages, each to a user of its own team's file, and says what became of each.

    lent          a policy of this one user with the end on every statement, which allows what the source allows until
                  the second before the end, and nothing at the end
    too large     with the end on each statement it exceeds what a managed policy holds: the diagnostic says so
    refused       the emulator refuses the source itself, as it stands, when somebody creates a policy of it
"""

import json
import re
from collections import Counter

from botocore.exceptions import ClientError
from harness.aws import PROD
from harness.judge import judge_ends
from harness.state import our_policies, snapshot

from model import statements as st

QUOTA = 6_144
PER_USER = 8
DATE, LAST_SECOND, END = "2026-06-03", "2026-06-03T23:59:59Z", "2026-06-04T00:00:00Z"
SID_MOST = 40  # more than a Sid of ours takes, with its key


def all_names(world):
    pages = world.aws.admin[PROD].get_paginator("list_policies").paginate(Scope="AWS")
    return sorted(policy["PolicyName"] for page in pages for policy in page["Policies"])


class Lending:
    """`names` of AWS managed policies, all lent in one apply."""

    def __init__(self, world, names):
        self.world = world
        self.iam = world.aws.admin[PROD]
        self.names = list(names)
        self.grants = {name: f"m.{number:04d}" for number, name in enumerate(self.names)}
        self.users = {name: f"user{number // PER_USER:03d}" for number, name in enumerate(self.names)}

    def files(self):
        lent = [
            {
                "description": "Lent",
                "expiration_date": DATE,
                "user": self.users[name],
                "environment": "prod",
                "grant": self.grants[name],
                "mode": "policy",
            }
            for name in self.names
        ]
        policies = {self.grants[name]: {"managed_policies": [self.arns[name]]} for name in self.names}
        return {
            "aws-accounts/all.yaml": json.dumps({"aws-accounts": {"prod": PROD}}),
            "aws-policies/all.yaml": json.dumps({"aws-policies": policies}),
            "temporary-access/all.yaml": json.dumps({"temporary-access": lent}),
        }

    def run(self, timeout_s=60):
        """Applies, and gives {name: what became of it}; fails where that is not as it must be."""
        self._read_sources()
        self.world.begin({"aws-accounts/all.yaml": json.dumps({"aws-accounts": {"prod": PROD}})}, self.files())
        for user in sorted(set(self.users.values())):
            self.iam.create_user(UserName=user)
        result = self.world.run("apply", "--json", timeout_s=timeout_s)
        found = self._found(result.json)
        self._judge({name for name, became in found.items() if became == "lent"})
        expected_code = 0 if set(found.values()) == {"lent"} else 1
        assert result.code == expected_code, f"exit {result.code}\n{result.stderr[-2_000:]}"
        return found

    def _read_sources(self):
        pages = self.iam.get_paginator("list_policies").paginate(Scope="AWS")
        listed = {policy["PolicyName"]: policy for page in pages for policy in page["Policies"]}
        self.arns = {name: listed[name]["Arn"] for name in self.names}
        self.sources = {
            name: self.iam.get_policy_version(PolicyArn=self.arns[name], VersionId=listed[name]["DefaultVersionId"])[
                "PolicyVersion"
            ]["Document"]
            for name in self.names
        }

    def _found(self, report):
        """What became of each, by the report and by what boto3 reads; each must be as its source lets expect."""
        content = snapshot(self.iam)
        self.copies, found = {}, {}
        for arn, policy in our_policies(content).items():
            grant, user = re.search(r"\[iamlease default/all/(m\.\d+):user:(user\d+)\]", policy["description"]).groups()
            name = self.names[int(grant[2:])]
            if arn in content["users"][user]["attached"]:
                assert user == self.users[name]
                self.copies.setdefault(name, []).append(policy["document"])
        problems = {problem["message"].split()[0]: problem for problem in report["problems"]}
        failed = {row["policy_name"]: row for row in report["operations"] if row["status"] == "failed"}
        for name in self.names:
            problem, grant = problems.get(self.arns[name]), self.grants[name].replace(".", "-")
            least, most = _sizes(self.sources[name])
            if name in self.copies:
                assert problem is None and least <= QUOTA, name
                found[name] = "lent"
            elif problem:
                assert problem["id"] == "lease-too-large" and most > QUOTA, f"{name}: {problem}"
                assert str(QUOTA) in problem["message"] and problem["hint"], problem
                found[name] = "too large"
            else:
                row = failed[f"temp-all-{grant}-{self.users[name]}"]
                assert row["error_code"] == "MalformedPolicyDocument", f"{name}: {row}"
                assert self._emulator_refuses(name), f"{name} is good as it stands, and was refused as a lease: {row}"
                found[name] = "refused"
        return found

    def _emulator_refuses(self, name):
        try:
            self.iam.create_policy(PolicyName="as-it-stands", PolicyDocument=json.dumps(self.sources[name]))
        except ClientError as error:
            return error.response["Error"]["Code"] == "MalformedPolicyDocument"
        return False

    def _judge(self, lent):
        wrong = []
        for name in lent:
            said = Counter(st.meaning(s) for copy in self.copies[name] for s in st.listed(copy["Statement"]))
            source = st.listed(self.sources[name]["Statement"])
            if said != Counter(st.lent(s, None, st.seconds(END), False) for s in source):
                wrong.append(name)
        assert wrong == [], f"copied wrongly: {wrong}"
        questions = [
            {
                "source": self.sources[name],
                "copies": self.copies[name],
                "principal": f"arn:aws:iam::{PROD}:user/{self.users[name]}",
                "before": LAST_SECOND,
                "end": END,
            }
            for name in sorted(lent)
        ]
        self.counts = dict(zip(sorted(lent), judge_ends(questions)))
        less = {name: counts for name, counts in self.counts.items() if counts["lent"] != counts["allowed"]}
        assert less == {}, f"these allow less than their sources before the end: {less}"
        late = {name: counts for name, counts in self.counts.items() if counts["atEnd"]}
        assert late == {}, f"these allow something at the end: {late}"


def _sizes(source):
    """The least and the most characters that a copy with the end on each statement can take, without white space."""
    least, sids = 0, 0
    for statement in st.listed(source["Statement"]):
        merged = {key: value for key, value in statement.items() if key != "Sid"}
        condition = dict(merged.get("Condition", {}))
        condition["DateLessThan"] = {**condition.get("DateLessThan", {}), "aws:CurrentTime": END}
        least += len(re.sub(r"\s", "", json.dumps({**merged, "Condition": condition}))) + 1
        sids += SID_MOST
    whole = len('{"Version":"2012-10-17","Statement":[]}') + least - 1
    return whole, whole + sids + 2 * len(re.findall(r'"(Action|Resource|NotAction|NotResource)":"', json.dumps(source)))

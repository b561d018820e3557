"""An AWS of three accounts for the tests: a hub that holds the credentials, and two that are managed.

The server is moto in a process of its own with signatures and permissions enforced. The hub's user may do
nothing but assume the deployer and the plan role; both may do exactly what the program prints for them. The harness reads
with an administrator of each account, through boto3, which shares no code with the program.
"""

import datetime
import functools
import json
import subprocess
import sys
import tempfile
import urllib.request
from pathlib import Path

import boto3
import botocore.handlers
from botocore.config import Config
from botocore.utils import parse_timestamp

from harness import cli, people
from harness.gitrepo import GitRepo

HUB = "111111111111"
NONPROD = "222222222222"
PROD = "333333333333"
MANAGED = [NONPROD, PROD]
DEPLOYER = "AWSSelfServeDeployer"
PLANNER = "AWSSelfServePlanner"  # the plan role, where the settings name it
PAGE_SIZE = 4  # small, so that every sweep of an account takes several pages

# The same times and documents are read again and again; of documents only the text is kept, so that each reader has its own.
botocore.handlers.unquote = functools.lru_cache(maxsize=10_000)(botocore.handlers.unquote)


@functools.cache
def _session():
    """Reads the description of a service once."""
    session = boto3.session.Session()
    parsers = session._session.get_component("response_parser_factory")
    parsers.set_parser_defaults(timestamp_parser=functools.lru_cache(maxsize=10_000)(parse_timestamp))
    return session


def role_policy(role, *files, options=()):
    """The policy that the program prints for "deployer" or "plan": the tests run under exactly that."""
    with tempfile.TemporaryDirectory() as folder:
        repo = GitRepo.create(Path(folder) / "settings", *files)
        return cli.run(cli.SHIPPED, ["policy", role, *options], repo.path, {}).expect(0).stdout


def document(*statements):
    return json.dumps({"Version": "2012-10-17", "Statement": list(statements)})


def allow(actions, resources="*", **more):
    return {"Effect": "Allow", "Action": actions, "Resource": resources, **more}


class Aws:
    """A running server; `restore("base")` takes every account back to where it began.

    `managed` says which of AWS's own policies there are, `populate(iam, account)` fills each account.
    """

    def __init__(self, managed, accounts=MANAGED, populate=people.create, page_size=PAGE_SIZE):
        command = [sys.executable, str(Path(__file__).with_name("moto_server.py")), "--managed", managed]
        command += ["--accounts", ",".join([HUB, *accounts]), "--page-size", str(page_size)]
        self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        started = json.loads(self._process.stdout.readline())
        self.port = started["port"]
        self.admin = {account: self.client("iam", *key) for account, key in started["admins"].items()}
        self.hub_key = self._create_hub_user()
        self.deployer_policy, plan_policy = role_policy("deployer"), role_policy("plan")
        for account in accounts:
            self._create_role(account, DEPLOYER, "deployer", self.deployer_policy)
            self._create_role(account, PLANNER, "plan", plan_policy)
            populate(self.admin[account], account)
        self.save("base")

    def document(self, account, arn):
        """The default version of a managed policy."""
        iam = self.admin[account]
        version = iam.get_policy(PolicyArn=arn)["Policy"]["DefaultVersionId"]
        return iam.get_policy_version(PolicyArn=arn, VersionId=version)["PolicyVersion"]["Document"]

    def stop(self):
        self._process.stdin.close()
        self._process.wait()

    def client(self, service, key_id, secret, token=None, port=None):
        """A boto3 client with these credentials; it never retries, so that a fault is seen as it is."""
        return _session().client(
            service,
            region_name="us-east-1",
            endpoint_url=f"http://127.0.0.1:{port or self.port}",
            aws_access_key_id=key_id,
            aws_secret_access_key=secret,
            aws_session_token=token,
            config=Config(retries={"max_attempts": 0}, read_timeout=20),
        )

    def save(self, name):
        self._harness(f"save/{name}")

    def restore(self, name="base"):
        self._harness(f"restore/{name}")

    def look(self, account):
        """What an account allows at this moment, seen past the API and its lags (moto_server.py)."""
        return self._harness(f"look/{account}")

    def lag(self, name):
        """From now on the program's sweeps see the accounts as they were when `name` was saved; None: as they are."""
        self._harness(f"lag/{name or ''}")

    def deploy_by(self, boundary):
        """The deployer role gets what the program prints where the settings name that boundary; until `restore`."""
        settings = json.dumps({"version": 1, "aws": {"permissions_boundary": boundary}})
        policy = role_policy("deployer", {"iamlease.yaml": settings})
        for account in self.admin.keys() - {HUB}:
            self.admin[account].put_role_policy(RoleName=DEPLOYER, PolicyName="deployer", PolicyDocument=policy)
        return policy

    def let_adopt(self):
        """Both roles get what the program prints for `--adopt`; until `restore`."""
        for role, name in [(DEPLOYER, "deployer"), (PLANNER, "plan")]:
            policy = role_policy(name, options=["--adopt"])
            for account in self.admin.keys() - {HUB}:
                self.admin[account].put_role_policy(RoleName=role, PolicyName=name, PolicyDocument=policy)

    def made_at(self, instant):
        """From now on, until the next `restore`, principals that are created were created then (RFC 3339)."""
        self._harness(f"made-at/{int(datetime.datetime.fromisoformat(instant).timestamp())}")

    def _harness(self, path):
        request = urllib.request.Request(f"http://127.0.0.1:{self.port}/harness/{path}", method="POST")
        with urllib.request.urlopen(request) as answer:
            return json.load(answer)

    def _create_hub_user(self):
        iam = self.admin[HUB]
        iam.create_user(UserName="iamlease")
        roles = [f"arn:aws:iam::*:role/{role}" for role in (DEPLOYER, PLANNER)]
        iam.put_user_policy(
            UserName="iamlease", PolicyName="assume", PolicyDocument=document(allow("sts:AssumeRole", roles))
        )
        key = iam.create_access_key(UserName="iamlease")["AccessKey"]
        return key["AccessKeyId"], key["SecretAccessKey"]

    def _create_role(self, account, role, name, policy):
        iam = self.admin[account]
        trust = {"Effect": "Allow", "Principal": {"AWS": f"arn:aws:iam::{HUB}:root"}, "Action": "sts:AssumeRole"}
        iam.create_role(RoleName=role, AssumeRolePolicyDocument=document(trust))
        iam.put_role_policy(RoleName=role, PolicyName=name, PolicyDocument=policy)

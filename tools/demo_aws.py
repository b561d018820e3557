"""The AWS of `make demo`: an emulator with the three accounts of test-fixtures/corrected and the people in them.

Signatures and permissions are enforced, as in the end-to-end tests. Prints shell assignments for the program's
environment, then serves until its standard input ends.
"""

import shlex
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "tests" / "e2e"))

from harness.aws import Aws  # noqa: E402
from harness.people import TRUST  # noqa: E402

ACCOUNTS = {"nonprod": "123456789012", "acceptance": "234567890123", "prod": "345678901234"}


def create_people(iam, _account):
    for user in ["user1", "user2", "developer"]:
        iam.create_user(UserName=user)
    iam.create_role(RoleName="github-actions-deployer", AssumeRolePolicyDocument=TRUST)


def main():
    aws = Aws("full", list(ACCOUNTS.values()), create_people)
    key_id, secret = aws.hub_key
    environment = {
        "AWS_ACCESS_KEY_ID": key_id,
        "AWS_SECRET_ACCESS_KEY": secret,
        "AWS_REGION": "us-east-1",
        "AWS_ENDPOINT_URL": f"http://127.0.0.1:{aws.port}",
    }
    for name, value in environment.items():
        print(f"export {name}={shlex.quote(value)}")
    print("ready", flush=True)
    sys.stdin.read()
    aws.stop()


if __name__ == "__main__":
    main()

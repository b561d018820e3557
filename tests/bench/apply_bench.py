"""The part of `make bench` about apply: wall time, calls and memory against a stub of AWS (iam_stub.c).

Every call takes 20 ms. No schedule can be faster than the longest chain of calls that wait for each other, than the
calls of the busiest account two at a time, or than all calls a hundred at a time: the longest of the three is the
yardstick. Beside it a script does the same work by boto3, one call after the other.

usage: python3 apply_bench.py [--check] PROGRAM IAM_STUB FOLDER
"""

import argparse
import contextlib
import json
import os
import pathlib
import shutil
import subprocess
import sys
import time
import urllib.request
from statistics import median

NOW = "2026-06-01T09:00:00Z"
END = "2026-06-03T00:00:00Z"
DELAY_MS = 20
IN_FLIGHT, IN_FLIGHT_PER_ACCOUNT = 100, 2
CHAIN = 3  # AssumeRole, then the state of the account, then a write: no write needs another one
ACCOUNTS, USERS = 50, 200
MANY_ACCOUNTS, FEW_USERS = 1000, 10
ROUNDS = 5
MIB = 1024 * 1024
HERE = pathlib.Path(__file__).parent
ENVIRONMENT = {"AWS_ACCESS_KEY_ID": "AKIABENCH", "AWS_SECRET_ACCESS_KEY": "bench", "AWS_REGION": "us-east-1"}


def account_id(account):
    return f"100000000{account:03}"


def files(accounts, users):
    """A team for each account, a lease for each of its users."""
    for account in range(accounts):
        team = f"team-{account:03}"
        yield f"aws-accounts/{team}.yaml", {"aws-accounts": {"prod": account_id(account)}}
        statement = {"effect": "Allow", "actions": ["s3:GetObject"], "resources": [f"arn:aws:s3:::{team}/*"]}
        policy = {"description": "Read objects", "custom_statements": [statement]}
        yield f"aws-policies/{team}.yaml", {"aws-policies": {"read": policy}}
        entries = [
            {"description": "Look", "expiration_date": "2026-06-02", "user": f"a{account:03}-u{user:03}@example.com",
             "environment": "prod", "grant": "read"}
            for user in range(users)
        ]
        yield f"temporary-access/{team}.yaml", {"temporary-access": entries}


def make_repository(folder, accounts, users):
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    for path, content in files(accounts, users):
        (folder / path).parent.mkdir(exist_ok=True)
        (folder / path).write_text(json.dumps(content))
    git = ["git", "-C", folder, "-c", "user.name=Bench", "-c", "user.email=bench@example.com"]
    subprocess.run([*git, "init", "--quiet", "--initial-branch=main"], check=True)
    subprocess.run([*git, "add", "."], check=True)
    subprocess.run([*git, "commit", "--quiet", "-m", "Leases"], check=True)


class Stub:
    def __init__(self, program, users):
        self.process = subprocess.Popen([program, str(users), str(DELAY_MS)], stdin=subprocess.PIPE,
                                        stdout=subprocess.PIPE)
        self.url = f"http://127.0.0.1:{int(self.process.stdout.readline())}"

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.stdin.close()
        self.process.wait()

    def stats(self):
        """All calls, AssumeRole, reads, writes, and the calls of the busiest account, since the last time."""
        return [int(word) for word in urllib.request.urlopen(f"{self.url}/stats").read().split()]


def apply(program, repository, url):
    """Runs it once: seconds, and peak memory in bytes."""
    environment = {"PATH": os.environ["PATH"], "HOME": str(repository), **ENVIRONMENT, "AWS_ENDPOINT_URL": url}
    began = time.monotonic()
    child = subprocess.Popen([program, "apply", "--repo", repository, "--now", NOW, "--quiet"], env=environment,
                             stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(child.pid, 0)
    seconds = time.monotonic() - began
    child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode:
        raise SystemExit(f"bench: apply ended with exit code {child.returncode}")
    return seconds, usage.ru_maxrss * 1024


def shortest(total, busiest):
    """Seconds that any schedule within the limits takes."""
    return max(CHAIN, busiest / IN_FLIGHT_PER_ACCOUNT, total / IN_FLIGHT) * DELAY_MS / 1000


def run_script(url, accounts, users):
    """What common scripts do: a role for each account, its state, then user by user. Seconds."""
    program = [sys.executable, HERE / "apply_script.py", url, str(accounts), str(users), END]
    began = time.monotonic()
    subprocess.run(program, check=True, env={"PATH": os.environ["PATH"], **ENVIRONMENT})
    return time.monotonic() - began


def show(name, value, bound, unit, more=""):
    within = value <= bound
    print(f"{'ok  ' if within else 'over'}  {value:7.2f}{unit}  (at most {bound:g}{unit})  {name}{more}", flush=True)
    return within


def measure(program, stub_program, folder, stack):
    repository, rounds = folder / "apply", []
    for left in reversed(range(ROUNDS)):
        make_repository(repository, ACCOUNTS, USERS)
        stub = stack.enter_context(Stub(stub_program, USERS))
        seconds, _ = apply(program, repository, stub.url)
        total, assumed, _, writes, busiest = stub.stats()
        if writes != ACCOUNTS * USERS or assumed != ACCOUNTS:
            raise SystemExit(f"bench: {writes} writes and {assumed} roles, not {ACCOUNTS * USERS} and {ACCOUNTS}")
        rounds.append(seconds)
        if left:
            continue
        seconds, least = median(rounds), shortest(total, busiest)
        yield show(f"apply, {ACCOUNTS} accounts of {USERS} users / the shortest schedule", seconds / least, 1.25, "",
                   f": {seconds:.2f} s / {least:.2f} s, {total} calls, median of {ROUNDS}")
        again, _ = apply(program, repository, stub.url)
        total, assumed, reads, writes, busiest = stub.stats()
        yield show("second apply: writes", writes, 0, "", f", {again:.2f} s")
        yield show("second apply: calls of the busiest account beside AssumeRole", busiest - 1, 3, "",
                   f", {reads} reads in all, {assumed} roles")
    with Stub(stub_program, USERS) as stub:
        print(f"      boto3, one call after the other: the same {ACCOUNTS} accounts, for some minutes", flush=True)
        script = run_script(stub.url, ACCOUNTS, USERS)
        if stub.stats()[3] != ACCOUNTS * USERS:
            raise SystemExit("bench: the script did something else")
        print(f"      {script / seconds:7.1f} times as long: the same by boto3: {script:.1f} s", flush=True)
    repository = folder / "apply-many"
    make_repository(repository, MANY_ACCOUNTS, FEW_USERS)
    with Stub(stub_program, FEW_USERS) as stub:
        seconds, peak = apply(program, repository, stub.url)
        least = shortest(*(stub.stats()[i] for i in (0, 4)))
        yield show(f"peak memory of apply, {MANY_ACCOUNTS} accounts of {FEW_USERS} users", peak / MIB, 64, " MiB",
                   f": {seconds:.2f} s, the shortest schedule {least:.2f} s")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--check", action="store_true")
    parser.add_argument("program", type=pathlib.Path)
    parser.add_argument("stub", type=pathlib.Path)
    parser.add_argument("folder", type=pathlib.Path)
    arguments = parser.parse_args()
    with contextlib.ExitStack() as stack:
        paths = (arguments.program.resolve(), arguments.stub.resolve(), arguments.folder.resolve())
        rows = list(measure(*paths, stack))
    return 1 if arguments.check and not all(rows) else 0


if __name__ == "__main__":
    sys.exit(main())

"""Whatever comes in, the answer is a sentence and an exit code: what happened, where, what to do."""

import random
import re
import socket

import pytest
from harness import aws
from harness.aws import HUB, MANAGED, PROD
from harness.configs import GRANTS, NOTHING, files, lease, permanent
from harness.state import our_inline
from harness.world import NOW

POLICY_FILE = "aws-policies/payments.yaml"
USAGE = [
    (["aply"], "apply"),
    (["clean-up"], "cleanup"),
    (["plan", "--mardown"], "--markdown"),
    (["apply", "--dry-rum"], "--dry-run"),
    (["validate", "--teem", "payments"], "--team"),
    ([], "command"),
    (["plan", "extra"], "extra"),
    (["help", "aply"], "apply"),
    (["plan", "--now", "yesterday"], "--now"),
]
BAD_YAML = {
    "deep": b"aws-policies: " + b"[" * 100_000,
    "deep-block": b"".join(b" " * level + b"a:\n" for level in range(500)),
    "huge": b"aws-policies:\n" + b"  a: b\n" * 200_000,
    "one-long-line": b"aws-policies: {" + b"a" * 2_000_000,
    "binary": bytes(range(256)) * 16,
    "nul": b"aws-policies:\n  a:\0 b\n",
    "utf-8": b"aws-policies:\n  \xff\xfe: b\n",
    "utf-16": "aws-policies:\n".encode("utf-16"),
    "alias": b"aws-policies: &a\n  b: *a\n",
    "bomb": b"a: &a [x,x]\n" + b"".join(b"%c: &%c [*%c,*%c]\n" % (c + 1, c + 1, c, c) for c in range(97, 110)),
    "duplicate": b"aws-policies:\n  a: {description: x}\n  a: {description: y}\n",
    "two-documents": b"aws-policies: {}\n---\naws-policies: {}\n",
    "tag": b"aws-policies: !!python/object {}\n",
    "bidi": "aws-policies:\n  a\u202eb:\n    description: x\n".encode(),
    "list": b"- aws-policies\n",
    "other-key": b"aws-polices: {}\n",
    "tab": b"aws-policies:\n\ta: b\n",
}


@pytest.mark.parametrize("arguments, nearest", USAGE)
def test_wrong_usage(world, arguments, nearest):
    world.begin(NOTHING)
    result = world.run(*arguments, now=None).expect(64)
    assert nearest in result.stderr
    assert result.stdout == "" and world.proxy.calls == []


@pytest.mark.parametrize("case", BAD_YAML)
def test_bad_yaml_has_a_place_and_grants_nothing(world, case):
    world.begin(GRANTS)
    world.repo.commit("Wrong", {POLICY_FILE: BAD_YAML[case]})
    place = rf"{POLICY_FILE}: error" if len(BAD_YAML[case]) > 1024 * 1024 else rf"{POLICY_FILE}:\d+:\d+: error"
    for command in (["validate", "--base", "HEAD^"], ["apply"]):
        result = world.run(*command).expect(1)
        assert re.search(place, result.output), result
        assert world.proxy.writes == []


def test_mutated_files_never_crash_the_program(world):
    """Deterministic damage to real files; an exit code other than 0 and 1 would be a crash."""
    chance = random.Random(20260601)
    world.begin(GRANTS)
    for _ in range(60):
        path = chance.choice([path for path, text in GRANTS.items() if text])
        damaged = bytearray(GRANTS[path].encode())
        for _ in range(chance.randint(1, 4)):
            position = chance.randrange(len(damaged))
            damaged[position : position + chance.randint(0, 3)] = chance.randbytes(chance.randint(0, 3))
        world.repo.write({path: bytes(damaged)})
        result = world.run("validate")
        assert result.code in (0, 1), f"{path}: {bytes(damaged)}\n{result}"
        world.repo.write({path: GRANTS[path]})


def test_a_file_of_another_kind_in_one_of_the_folders(world):
    world.begin(GRANTS)
    world.repo.commit("Wrong", {"aws-policies/ledger.yml": "aws-policies: {}\n"})
    assert "aws-policies/ledger.yml" in world.run("validate", "--base", "HEAD^").expect(1).output


@pytest.mark.parametrize("path", ["permanent-access/payments.yaml", "iamlease.yaml"])
def test_a_tree_with_two_files_of_one_name(world, path):
    """Git writes no such tree; but whoever pushes one shows one file to the reviewer and the other to the program."""
    world.begin({**GRANTS, "iamlease.yaml": "version: 1\n"})
    folder, _, name = path.rpartition("/")
    lines = world.repo.git("ls-tree", f"HEAD:{folder}").splitlines()
    twice = [line for line in lines if line.endswith(f"\t{name}")]
    tree = world.repo.git("mktree", text="\n".join(lines + twice) + "\n")
    if folder:
        lines = [line for line in world.repo.git("ls-tree", "HEAD").splitlines() if not line.endswith(f"\t{folder}")]
        tree = world.repo.git("mktree", text="\n".join([*lines, f"040000 tree {tree}\t{folder}"]) + "\n")
    before = world.repo.head
    world.repo.git("update-ref", "refs/heads/main", world.repo.git("commit-tree", "-m", "Two", "-p", before, tree))
    for command in (["plan", "--base", before, "--head", "HEAD"], ["apply"]):
        assert f"two entries named '{name}'" in world.run(*command).expect(1).stderr
    assert world.proxy.writes == []


def test_a_lease_that_is_too_long(world):
    world.begin(files())
    world.repo.commit("Too long", files(temporary=[lease("bert", date="2026-06-08")]))
    result = world.run("validate", "--base", "HEAD^").expect(1)
    assert re.search(r"temporary-access/payments.yaml:\d+:\d+", result.output)
    assert "2026-06-07" in result.output  # the furthest day that is allowed
    world.run("apply").expect(1)
    assert world.proxy.writes == []


def test_wrong_credentials(world):
    world.begin(GRANTS)
    cases = [
        ({"AWS_SECRET_ACCESS_KEY": "wrong"}, "SignatureDoesNotMatch", "AWS_SECRET_ACCESS_KEY"),
        ({"AWS_ACCESS_KEY_ID": "AKIA" + "A" * 16}, "InvalidClientTokenId", "AWS_ACCESS_KEY_ID"),
        ({"AWS_SESSION_TOKEN": "stale"}, "InvalidClientTokenId", "AWS_SESSION_TOKEN"),
    ]
    for environment, code, advice in cases:
        for command in ("apply", "cleanup", "who"):
            result = world.run(command, **environment).expect(1)
            assert code in result.output and advice in result.output, result
            assert all(account in result.output for account in MANAGED), result
            assert world.aws.hub_key[1] not in result.output
            assert world.proxy.writes == []


@pytest.mark.parametrize("missing", ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"])
def test_no_credentials(world, missing):
    world.begin(GRANTS)
    for value in (None, ""):
        result = world.run("apply", **{missing: value})
        assert result.code in (1, 64) and missing in result.stderr, result
    assert world.proxy.calls == [] and world.repo.applied is None


def test_an_endpoint_that_nobody_serves(world):
    world.begin(GRANTS)
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))  # bound but not listening: a connection is refused
        place = f"127.0.0.1:{unused.getsockname()[1]}"
        result = world.run("apply", AWS_ENDPOINT_URL=f"http://{place}").expect(1)
    assert place in result.output and all(account in result.output for account in MANAGED)
    assert "AWS_ENDPOINT_URL" in result.output


def test_a_role_that_is_not_there(world):
    world.begin(GRANTS)
    iam = world.aws.admin[PROD]
    iam.delete_role_policy(RoleName=aws.DEPLOYER, PolicyName="deployer")
    iam.delete_role(RoleName=aws.DEPLOYER)
    result = world.run("apply").expect(1)
    for word in (f"arn:aws:iam::{PROD}:role/{aws.DEPLOYER}", "AccessDenied", "trust"):
        assert word in result.output


def test_a_user_that_is_not_there(world):
    world.begin(NOTHING)
    world.run("apply").expect(0)
    before = world.repo.applied
    config = files([permanent(["dev.read-only"], users=["nobody", "ada"])], [lease("noone"), lease("bert")])
    world.repo.commit("Two strangers", config)
    result = world.run("apply").expect(1)
    for word in ("'nobody'", "nobody@example.com", "'noone'", PROD, "create the user"):
        assert word in result.output
    assert {user for _, user, _ in our_inline(world.snapshot()[PROD])} == {"bert"}
    assert world.repo.applied == before


@pytest.mark.parametrize("command", ["apply", "cleanup"])
@pytest.mark.parametrize(
    "endpoint",
    [
        {"AWS_ENDPOINT_URL": None},
        {"AWS_ENDPOINT_URL": "http://127.0.0.1.example.com"},
        {"AWS_ENDPOINT_URL": "http://127.0.0.1@example.com"},
        {"AWS_ENDPOINT_URL_IAM": "https://iam.amazonaws.com"},
        {"AWS_ENDPOINT_URL_STS": "https://sts.us-east-1.amazonaws.com"},
    ],
    ids=lambda endpoint: " ".join(f"{name}={url}" for name, url in endpoint.items()),
)
def test_another_clock_is_for_tests_only(world, command, endpoint):
    """--now would let anybody end or prolong leases in a real account."""
    world.begin(GRANTS)
    for now, environment in [(NOW, {}), (None, {"IAMLEASE_NOW": NOW})]:
        result = world.run(command, now=now, **endpoint, **environment)
        assert result.code in (1, 64) and "loopback" in result.stderr, result
        assert world.proxy.calls == [] and world.repo.applied is None


def test_not_a_repository(world, tmp_path):
    world.begin(NOTHING)
    result = world.run("validate", "--repo", str(tmp_path)).expect(1)
    assert str(tmp_path) in result.stderr


def test_the_hub_account_is_never_written_to(world):
    world.begin(GRANTS)
    world.run("apply").expect(0)
    assert {call.account for call in world.proxy.calls} == set(MANAGED) and HUB not in MANAGED

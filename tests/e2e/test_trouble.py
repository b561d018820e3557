"""Whatever goes wrong on the way to one account: its own sentence, what to do, exit 1, and all else is done."""

import contextlib
import json
import socket
import time

import pytest
from harness.aws import NONPROD, PROD
from harness.configs import GRANTS, READ_ONLY_ARN, files, lease, permanent
from harness.proxy import Fault
from harness.state import our_inline

TROUBLE = {
    "skewed": ["SignatureDoesNotMatch", "the clock of this machine is wrong", "set it and run again"],
    "html": ["a web page", "not from AWS", "AWS_ENDPOINT_URL"],
    "huge": ["larger than", "not from AWS", "AWS_ENDPOINT_URL"],
    "garbage": ["cannot be read", "AWS_ENDPOINT_URL"],
    "endless": ["did not come to its end", "run it again"],
    "cut": ["broke off", "run it again"],
    "expired": ["ExpiredToken", "get new ones"],
    "denied": ["AccessDenied", "must exist", "trust policy"],
}


@pytest.mark.parametrize("kind", TROUBLE)
def test_an_account_that_cannot_be_reached(world, kind):
    """AssumeRole fails in one account; the other one gets what is declared."""
    world.begin(files([permanent(["dev.read-only"], users=["ada"])], [lease("bert")]))
    fault = Fault(kind, when=lambda call: call.action == "AssumeRole" and call.account == PROD)
    result = world.run("apply", "--answer-timeout", "1", faults=[fault]).expect(1)
    report = world.run("apply", "--answer-timeout", "1", "--json", faults=[fault]).expect(1).json
    problems = [problem for problem in report["problems"] if problem["account_id"] == PROD]
    assert [problem["id"] for problem in problems] == ["account-unreachable"]
    for word in TROUBLE[kind]:
        assert word in problems[0]["message"], problems
        assert word in result.output
    assert READ_ONLY_ARN[NONPROD] in world.snapshot()[NONPROD]["users"]["ada"]["attached"]
    assert our_inline(world.snapshot()[PROD]) == {}
    world.run("apply").expect(0)
    assert our_inline(world.snapshot()[PROD])


@pytest.mark.parametrize("kind", ["skewed", "html", "huge", "garbage", "endless", "cut", "quota"])
def test_a_call_that_fails(world, kind):
    """One write in one account; what does not need it is done, and the next run does the rest."""
    world.begin(GRANTS)
    fault = Fault(kind, when=lambda call: call.action == "PutUserPolicy")
    result = world.run("apply", "--answer-timeout", "1", faults=[fault]).expect(1)
    says = {"quota": ["LimitExceeded", "a quota is reached", "ask AWS to raise it"], **TROUBLE}[kind]
    assert all(word in result.stdout for word in says), result
    for account in (NONPROD, PROD):
        assert READ_ONLY_ARN[account] in world.snapshot()[account]["users"]["ada"]["attached"]
    before = world.repo.applied
    world.run("apply").expect(0)
    assert our_inline(world.snapshot()[PROD]) and world.repo.applied == before == world.repo.head


def test_the_deadline(world):
    """AWS throttles one account without end: what was tried fails then, and what was not begun is not begun any more."""
    world.begin(files([permanent(["dev.read-only"], users=["ada", "bert"])], [lease("ada"), lease("bert")]))
    journal = world.path / "late.jsonl"
    fault = Fault("throttle", when=lambda call: call.action == "AttachUserPolicy" and call.account == PROD)
    options = ["--deadline", "3s", "--max-in-flight-per-account", "1", "--json", "--journal", str(journal)]
    begin = time.monotonic()
    report = world.run("apply", *options, faults=[fault]).expect(1).json
    assert time.monotonic() - begin < 30
    rows = report["operations"]
    failed = [row for row in rows if row["status"] == "failed"]
    left = [row for row in rows if row["status"] == "pending"]
    assert failed and all("the deadline of 3 seconds passed" in row["message"] for row in failed)
    assert all("--deadline" in row["message"] for row in failed)
    assert {row["account_id"] for row in failed + left} == {PROD}
    assert report["deadline_passed"] and report["counts"]["pending"] == len(left)
    assert {row["message"] for row in left} == {"not begun: the run's deadline had passed"}
    lines = [json.loads(line) for line in journal.read_text().splitlines()]
    begun = {line["operation"] for line in lines}
    assert len(lines) == 2 * len(begun) < 2 * len(rows)
    assert {i for i, row in enumerate(rows) if row["status"] != "pending"} <= begun
    assert READ_ONLY_ARN[NONPROD] in world.snapshot()[NONPROD]["users"]["ada"]["attached"]
    assert READ_ONLY_ARN[PROD] not in world.snapshot()[PROD]["users"]["ada"]["attached"]
    world.run("apply").expect(0)
    assert READ_ONLY_ARN[PROD] in world.snapshot()[PROD]["users"]["ada"]["attached"]


@pytest.mark.parametrize(
    "options, most",
    [([], [2, 2, 4]), (["--max-in-flight-per-account", "3"], [3, 3, 6]), (["--max-in-flight", "1"], [1, 1, 1])],
    ids=["default", "account", "all"],
)
def test_so_many_calls_at_once(world, options, most):
    """Each answer takes a moment, so that whatever may be in flight is."""
    people = [permanent(["dev.read-only"], users=["ada", "bert", "carol"])]
    world.begin(files(people))
    world.proxy.observer = lambda call: time.sleep(0.1)
    world.run("apply", *options).expect(0)
    world.proxy.observer = None
    assert [world.proxy.most[place] for place in (NONPROD, PROD, "all")] == most


def test_after_the_first_throttle_an_account_goes_slower(world):
    """Ten calls a second and slowly more (src/net/retry.c); the other account goes on as fast as AWS answers."""
    world.begin(files([permanent(["dev.read-only", "dev.queues"], users=["ada", "bert", "carol"])]))
    begun = {NONPROD: [], PROD: []}

    def is_first_of_prod(call):
        if call.action != "AttachUserPolicy":
            return False
        begun[call.account].append(time.monotonic())
        return call.account == PROD and len(begun[PROD]) == 1

    world.run("apply", faults=[Fault("throttle", when=is_first_of_prod)]).expect(0)
    gaps = {account: [after - before for before, after in zip(times, times[1:])] for account, times in begun.items()}
    assert len(gaps[NONPROD]) == 8 and len(gaps[PROD]) == 9
    assert sum(gaps[PROD][1:]) > 8 * 0.07 > 8 * min(gaps[NONPROD]), gaps


@contextlib.contextmanager
def full_listener():
    """A port that drops whoever knocks, as a firewall does: its queue is full, and nobody takes from it."""
    with contextlib.ExitStack() as stack:
        listener = stack.enter_context(socket.socket())
        listener.bind(("127.0.0.1", 0))
        listener.listen(0)
        for _ in range(4):
            waiting = stack.enter_context(socket.socket())
            waiting.setblocking(False)
            waiting.connect_ex(listener.getsockname())
        yield listener.getsockname()[1]


def test_a_connection_that_does_not_come_about(world):
    """It is given up after 10 s, not after the time that an answer may take; the deadline lets no second attempt begin."""
    world.begin(GRANTS)
    with full_listener() as port:
        begin = time.monotonic()
        result = world.run("who", "--deadline", "1s", AWS_ENDPOINT_URL=f"http://127.0.0.1:{port}").expect(1)
        assert 9.5 < time.monotonic() - begin < 20
    for word in (f"127.0.0.1:{port}", "tried 1 time)", "check the network, the proxy and AWS_ENDPOINT_URL", NONPROD, PROD):
        assert word in result.output, result


@pytest.mark.parametrize("region, says", [("mars north", "is no region"), ("cn-north-1", "not in partition 'aws'")])
def test_a_region_that_cannot_be(world, region, says):
    world.begin(GRANTS)
    result = world.run("apply", AWS_REGION=region).expect(64)
    assert says in result.stderr and "AWS_REGION" in result.stderr and world.proxy.calls == []


def test_a_region_that_nobody_knows(world):
    """Its name is well made, but there is no such host (RFC 6761 keeps .invalid free for that)."""
    world.begin(GRANTS)
    place = {"AWS_REGION": "mars-north-9", "AWS_ENDPOINT_URL_STS": "https://sts.mars-north-9.invalid"}
    result = world.run("who", **place).expect(1)
    assert "sts.mars-north-9.invalid" in result.output and "there may be no such region" in result.output
    assert world.proxy.calls == []

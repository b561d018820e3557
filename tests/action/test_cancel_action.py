"""A job that is cancelled or killed: the runner's signals reach the program, it reports in time, and the next run goes on.

The runner sends SIGINT to the client, SIGTERM 7.5 s later, and 2.5 s after that it kills.
"""

import re
import signal
import subprocess
import threading
import time

import pytest
from harness.configs import GRANTS, NOTHING, files, lease
from harness.proxy import Fault
from job import on_main, pull_request

SIGTERM_AFTER_S, KILL_AFTER_S = 7.5, 2.5


class Cancelling:
    """Jobs.run's `started`, and the process that a Proxy sends signals to: SIGINT cancels as the runner does.

    `send_signal` returns when the engine has passed the signal on, so that a test knows what came after it.
    """

    def __init__(self, engine):
        self.engine = engine
        self.sent = []
        self.took_s = None

    def __call__(self, process, name):
        self.process, self.name = process, name

    def send_signal(self, number):
        if number == signal.SIGKILL:
            self.engine.docker("kill", self.name)
        elif not self.sent:
            self.sent.append(number)
            command = ["docker", "events", "--since", str(int(time.time()) - 1), "--filter", f"container={self.name}",
                       "--filter", "event=kill"]
            with subprocess.Popen(command, env=self.engine.env, stdout=subprocess.PIPE) as events:
                self.process.send_signal(number)
                threading.Thread(target=self._go_on, daemon=True).start()
                assert events.stdout.readline()
                events.kill()

    def _go_on(self):
        began = time.monotonic()
        for number, wait_s in ((signal.SIGTERM, SIGTERM_AFTER_S), (signal.SIGKILL, KILL_AFTER_S)):
            if self._ends_within(wait_s):
                break
            self.sent.append(number)
            self.process.send_signal(number)
        self.took_s = time.monotonic() - began

    def _ends_within(self, wait_s):
        end = time.monotonic() + wait_s
        while self.process.returncode is None and time.monotonic() < end:  # Jobs.run waits for the process
            time.sleep(0.02)
        return self.process.returncode is not None


class Once:
    """For Fault.when: true for the first write; `others` says it for all later ones."""

    def __init__(self):
        self.seen = 0

    def first(self, call):
        self.seen += call.write
        return call.write and self.seen == 1


def apply(jobs, world, engine, *faults):
    cancelling = Cancelling(engine)

    def started(process, name):
        cancelling(process, name)
        world.proxy.attach(cancelling)

    world.proxy.start_run(faults)
    step = jobs.run(on_main(jobs.origin, "push"), depth=0, started=started)
    world.proxy.wait_until_idle()
    return step, cancelling


@pytest.fixture
def expected(new_jobs, world):
    """What AWS holds when nothing comes in between."""
    new = new_jobs(NOTHING, GRANTS, world=world)
    new.run(on_main(new.origin, "push"), depth=0).expect(0)
    snapshot = world.snapshot()
    world.aws.restore()
    return snapshot


def must_go_on(jobs, world, expected):
    world.proxy.start_run()
    jobs.run(on_main(jobs.origin, "push"), depth=0).expect(0)
    assert world.snapshot() == expected and jobs.origin.applied == jobs.origin.merge


def test_a_cancelled_apply(new_jobs, world, engine, expected):
    """What was sent is finished, what was not is in the report, and the tag stays where it was."""
    jobs = new_jobs(NOTHING, GRANTS, world=world)
    step, cancelling = apply(jobs, world, engine, Fault("interrupt", when=Once().first))
    step.expect(130)
    assert cancelling.sent == [signal.SIGINT], cancelling.took_s
    assert re.search("stopped by a signal: .*[1-9][0-9]* pending", step.summary), step.summary
    assert int(step.outputs["done"]) == len(world.proxy.writes)
    must_go_on(jobs, world, expected)


def test_a_cancelled_apply_while_aws_does_not_answer(new_jobs, world, engine, expected):
    """The report is written before the runner loses its patience; what nobody knows is said to be unknown."""
    jobs = new_jobs(NOTHING, GRANTS, world=world)
    once = Once()
    step, cancelling = apply(jobs, world, engine, Fault("interrupt", when=once.first), Fault("late", when=lambda c: c.write))
    step.expect(130)
    assert cancelling.sent == [signal.SIGINT], cancelling.took_s
    assert re.search("stopped by a signal: .*failed", step.summary), step.summary
    must_go_on(jobs, world, expected)


@pytest.mark.parametrize("kind", ["kill", "kill_after"])
def test_a_killed_apply(new_jobs, world, engine, expected, kind):
    jobs = new_jobs(NOTHING, GRANTS, world=world)
    step, _ = apply(jobs, world, engine, Fault(kind, when=Once().first))
    assert step.exit_code == 137
    must_go_on(jobs, world, expected)


@pytest.mark.parametrize("number, code", [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_a_cancelled_plan(new_jobs, number, code):
    """It has nothing to finish: it ends at once, while GitHub has not answered yet."""
    jobs = new_jobs(NOTHING)
    jobs.origin.open_pull(files(temporary=[lease("bert")]))
    client, answer = [], jobs.github.answer

    def answer_late(request):
        client[0].send_signal(number)
        client[0].wait(timeout=SIGTERM_AFTER_S)
        return answer(request)

    jobs.github.answer = answer_late
    jobs.run(pull_request(jobs.origin), depth=2, started=lambda process, _: client.append(process)).expect(code)
    assert jobs.github.comments == []

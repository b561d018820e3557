"""Breaks one call of a story of a direct grant: to AWS, to Port or to GitHub. What is granted at once is whole or of no use.

A story is a request, its revocation, or its end. The call is broken, the run ends as it can, and then the same is done again
("kept"), the settings no longer allow direct grants ("edited"), or it is taken back, or left to another command ("reverted"); after the end
nothing is left. What must hold stands in DESIGN §3 and docs/port.md ("At once, without a pull request", "Revoking").
"""

import json
import re

from harness import github_events
from harness.aws import PROD
from harness.double import Fault as DoubleFault
from harness.github_double import REPOSITORY
from harness.port_double import BUCKET, RUN, Run
from harness.port_job import PortJob
from harness.proxy import Fault
from harness.watch import Watch, standing

from model import reading, reading_kept
from model import statements as st
from model.breaking import ENDINGS, KINDS, TIMEOUT

NAME = f"Permission-{RUN}"
ROLE = f"arn:aws:iam::{PROD}:role/iamlease/{NAME}"
BERT = f"arn:aws:iam::{PROD}:user/bert"
END = "2026-06-01T16:59:58Z"  # 8 hours after the run was started
GIVES = ("Action", frozenset(["s3:GetObject", "s3:PutObject"])), ("Resource", frozenset([BUCKET, f"{BUCKET}/*"]))
DIRECT = {"request_mode": "direct", "direct": True, "domains": ["example.com"]}
REVOKE = "r_Revoke0123456789"
SCHEDULE = ("schedule", github_events.schedule(REPOSITORY))
STORIES = ["a request at once", "its revocation", "its end"]
ALL_KINDS = {**KINDS, "denied": "refused"}
# What a double of GitHub or Port does: status, body, headers.
BREAKS = {
    "html": (500, b"<html>500</html>", {}),
    "throttle": (429, {"message": "told"}, {"Retry-After": "0"}),
    "reset": (0, None, {}),
    "garbage": (200, b"<<<&", {}),
    "denied": (403, {"ok": False, "error": "told", "message": "told"}, {}),
}


class DirectWatch(Watch):
    """Sees also what the role allows, and to whom: nothing but what was asked for, and nothing that stands there for good."""

    def see(self, call, content):
        super().see(call, content)
        role = content["roles"].get(NAME)
        if not role:
            return
        wrong = [f"has {arn}" for arn in role["attached"]]
        doors = [st.meaning(s) for s in st.listed(json.loads(role["trust"])["Statement"])]
        wrong += [f"trusts {door}" for door in doors if door != st.trust(BERT, None, st.seconds(END), False)]
        said = [st.meaning(s) for text in role["inline"].values() for s in st.listed(json.loads(text)["Statement"])]
        for says in said:
            _, *gives, conditions = says
            ends = conditions == frozenset([(st.END, st.TIME, st.seconds(END))])
            if says != st.denial(st.seconds(END)) and not (tuple(gives) == GIVES and ends):
                wrong.append(f"says {says}")
        self.violations += [f"after {call.name}: {NAME} {line}" for line in wrong]


class Stage:
    """One story, ready to be broken as often as wanted."""

    def __init__(self, world, story):
        self.world, self.story = world, story
        self.looks = self.turns = 0
        job = self._begin()
        self._play(job).expect(0)
        self.calls = [("aws", name, 0) for name in world.proxy.names]
        seen = {}
        for service in ("port", "github"):
            for request in getattr(job, service).requests[self._before[service] :]:
                number = seen[service, str(request)] = seen.get((service, str(request)), -1) + 1
                self.calls.append((service, str(request), number))
        self.writes = [("aws", name, 0) for name in world.proxy.writes]
        job.close()

    def _begin(self):
        """A job of which the call is to be broken; what was there before it."""
        job = PortJob(self.world, port=DIRECT, program=self.world.program)
        reading.create_others(self.world.aws.admin[PROD])
        self.start = reading_kept.snapshot(self.world)
        if self.story != "a request at once":
            job.request().expect(0)
        self._before = {name: len(getattr(job, name).requests) for name in ("port", "github")}
        return job

    def _play(self, job, *options, faults=()):
        """The command of the story."""
        if self.story == "a request at once":
            return job.request(*options, faults=faults)
        if self.story == "its revocation":
            return revoke(job, *options, faults=faults)
        return job.run("cleanup", *options, event=SCHEDULE, now=END, faults=faults)

    def run(self, kind, call, ending):
        """Breaks one call in the way of `kind` and goes on by `ending`; gives what is wrong, a line each."""
        job = self._begin()
        watch = self.world.proxy.observer = DirectWatch(self.world.aws, standing(self.start), END)
        try:
            faults = self._break(job, kind, call)
            broken = self._play(job, *(TIMEOUT if kind in ("stall", "late") else ()), faults=faults)
            fired = [bool(fault.fired) for fault in faults + job.port.faults + job.github.faults]
            wrong = [] if fired == [True] else ["never called"]
            job.port.faults, job.github.faults = [], []
            wrong += self._judge(job, broken, kind)
            wrong += getattr(self, ENDS[self.story, ending])(job)
            wrong += self._leave(job)
        finally:
            self.world.proxy.observer = None
            job.close()
        self.looks += watch.looks
        wrong += watch.violations
        return [f"{self.story}, {kind} at {' '.join(map(str, call))}, {ending}: {line}" for line in wrong]

    @staticmethod
    def _break(job, kind, call):
        """What AWS does to the call; the doubles of GitHub and Port are told."""
        service, name, number = call
        if service == "aws":
            return [Fault(kind, name)]
        method, path = name.split(" ", 1)
        status, body, headers = BREAKS.get(kind, (kind, None, {}))
        pattern = re.sub("[0-9a-f]{40}", "[0-9a-f]{40}", f"^{re.escape(path)}$")
        getattr(job, service).faults = [DoubleFault(method, pattern, status, body, headers, times=1, skip=number)]
        return []

    def _judge(self, job, broken, kind):
        """Whether the exit code, and what Port was told, are true."""
        run = job.the_run if self.story == "a request at once" else job.port.runs.get(REVOKE)
        is_done = is_whole(job) if self.story == "a request at once" else not has_role(job)
        wrong = []
        if kind.startswith("kill"):
            return [] if broken.code == -9 else [f"exit {broken.code} of a run that was killed"]
        if broken.code not in (0, 1):
            wrong.append(f"the broken run ended with {broken.code}")
        if broken.code == 0 and not is_done:
            wrong.append("exit 0, and not all is done")
        if broken.code == 1 and not broken.said("error") and not re.search("failure|problem", broken.summary):
            wrong.append("exit 1, and nothing says why")
        if run and run.status == "SUCCESS" and not is_done:
            wrong.append("Port was told that it is done, and it is not")
        if run and run.status == "FAILURE" and (is_done or broken.code == 0):
            wrong.append("Port was told that it is not done, and it is")
        if broken.code == 0 and not self._told(job, run) and not broken.said("notice"):
            wrong.append("Port was not told, and nothing says so")
        return [f"{line}\n{broken}" for line in wrong]

    def _told(self, job, run):
        """Whether Port knows all that came of it."""
        entities = 1 if self.story == "a request at once" else 0
        return len(job.port.provisioned) == entities and (not run or run.status == "SUCCESS")

    # --- endings ------------------------------------------------------------------------------------------------

    def request_again(self, job):
        """The same job is started again, and Port's catalog is brought to what AWS has."""
        wrong = []
        if not is_whole(job) or job.the_run.status == "IN_PROGRESS":
            job.the_run.status = "IN_PROGRESS"
            wrong += failed(job.request())
        wrong += failed(job.run("port-sync", event=SCHEDULE))
        if not is_whole(job) or not self._told(job, job.the_run) or job.pulls:
            wrong.append(f"not granted: {job.the_run}, {job.port.provisioned}, {job.pulls}")
        wrong += failed(job.request(), 1)  # the run is over
        return wrong + [f"one run more writes: {name}" for name in job.writes]

    def request_without_direct(self, job):
        """What stands there is whole, or allows nothing; what comes now is a pull request."""
        was_whole = is_whole(job)
        forbid(job)
        if not was_whole:
            job.the_run.status = "IN_PROGRESS"
            wrong = failed(job.request()) + ([] if len(job.pulls) == 1 else ["no pull request"])
            return wrong + ([] if not is_whole(job) and not job.writes else ["granted at once all the same"])
        return failed(job.run("apply")) + ([] if is_whole(job) else ["it went"])

    def take_back(self, job):
        """Nothing is left, and nobody gets it again."""
        wrong = failed(revoke(job, RUN)) + ([] if not has_role(job) else ["still there"])
        job.the_run.status = "IN_PROGRESS"
        wrong += failed(job.request(), 1)
        if has_role(job) or job.pulls or job.the_run.status != "FAILURE":
            wrong.append(f"granted again: {job.the_run}, {job.pulls}")
        return wrong

    def revoke_again(self, job):
        if has_role(job) or job.port.runs[REVOKE].status != "SUCCESS":
            wrong = failed(revoke(job))
        else:
            wrong = failed(job.run("port-sync", event=SCHEDULE))
        if has_role(job) or job.port.runs[REVOKE].status != "SUCCESS":
            wrong.append(f"not taken back: {job.port.runs[REVOKE]}")
        job.the_run.status = "IN_PROGRESS"
        return wrong + failed(job.request(), 1) + (["granted again"] if has_role(job) else [])

    def revoke_without_direct(self, job):
        forbid(job)
        return self.revoke_again(job)

    def another_command(self, job):
        """Once its run has the tag it goes with whoever comes next, and the revocation has its end."""
        is_marked = bool(job.repo.git("tag", "--list", f"iamlease/revoked/{RUN}"))
        self.turns += 1
        if self.turns % 2:
            wrong = failed(job.run("apply"))
        else:
            wrong = failed(job.run("cleanup", event=SCHEDULE))
        if is_marked and (has_role(job) or job.port.provisioned or job.port.runs[REVOKE].status != "SUCCESS"):
            wrong.append(f"not finished: {job.port.runs[REVOKE]}, {job.port.provisioned}")
        return wrong + failed(job.run("port-sync", event=SCHEDULE))

    def clean_again(self, job):
        return failed(job.run("cleanup", event=SCHEDULE, now=END))

    def apply_without_direct(self, job):
        forbid(job)
        return failed(job.run("apply", now=END))

    def revoke_what_ended(self, job):
        return failed(revoke(job, RUN, now=END)) + (["still there"] if has_role(job) else [])

    def _leave(self, job):
        """At its end nothing is left, and what belongs to others is as it was."""
        wrong = failed(job.run("cleanup", event=SCHEDULE, now=END))
        if job.port.provisioned:
            wrong.append(f"still in the catalog: {job.port.provisioned}")
        now = reading_kept.snapshot(self.world)
        if now != self.start:
            wrong.append(f"not as it was: {[name for name in now[PROD]['roles'] if name not in self.start[PROD]['roles']]}")
        wrong += failed(job.run("cleanup", event=SCHEDULE, now=END))
        return wrong + [f"one run more writes: {name}" for name in job.writes]


ENDS = {
    (story, ending): name
    for story, names in zip(
        STORIES,
        [
            ("request_again", "request_without_direct", "take_back"),
            ("revoke_again", "revoke_without_direct", "another_command"),
            ("clean_again", "apply_without_direct", "revoke_what_ended"),
        ],
    )
    for ending, name in zip(ENDINGS, names)
}


def revoke(job, *arguments, **more):
    """Started in Port on the entity of the role; where a run is named, on that."""
    entity = RUN if RUN in arguments else next(iter(job.port.provisioned), RUN)
    known = job.port.runs.get(REVOKE)
    if not known or known.status != "IN_PROGRESS":
        job.port.runs[REVOKE] = Run(REVOKE, "revoke_permissions", blueprint="provisioned_permissions", entity=entity, properties={})

    def change(inputs):
        inputs["port_context"] = json.dumps({"runId": REVOKE, "trigger": {"by": {"user": {"email": "bert@example.com"}}}})

    options = [argument for argument in arguments if argument != RUN]
    return job.run("revoke", *options, event=job.dispatch(change=change), **more)


def forbid(job):
    """From now on the settings allow no direct grants."""
    settings = {**job.settings, "port": {**job.settings["port"], "direct": False}}
    job.origin.push({"iamlease.yaml": json.dumps(settings)})


def failed(step, code=0):
    return [] if step.code == code else [f"a run ended with {step.code}\n{step}"]


def has_role(job):
    return NAME in job.world.aws.look(PROD)["roles"]


def is_whole(job):
    """Whether the role is there with all that it shall be."""
    role = job.world.aws.look(PROD)["roles"].get(NAME)
    if not role:
        return False
    end = st.seconds(END)
    said = {name: [st.meaning(s) for s in st.listed(json.loads(text)["Statement"])] for name, text in role["inline"].items()}
    gives = ("Allow", *GIVES, frozenset([(st.END, st.TIME, end)]))
    return (
        said == {"iamlease-end": [st.denial(end)], NAME: [gives]}
        and [st.meaning(s) for s in st.listed(json.loads(role["trust"])["Statement"])] == [st.trust(BERT, None, end, False)]
        and role["tags"].get("iamlease-direct") == "bert@example.com"
    )

"""Breaks one call of a story, then keeps, edits or reverts the configuration, then runs again: nothing may be lost.

A story is what was applied, what is committed on top, and a command. For each of its calls, each kind of fault and each
ending: the report of the broken run is true, no write leaves temporary access without its end, and after the clean run
AWS is as the reference model says.
"""

import json
import re

from harness import self_serve
from harness.aws import MANAGED, PROD, allow, document
from harness.configs import POWER_USER
from harness.planned import differences
from harness.proxy import Fault
from harness.watch import standing
from harness.world import NOW

from model import adopting, kept, reading, reading_kept, reference
from model import statements as st
from model.effects import took_effect
from model.stories import LATEST, NOTHING, S3_FULL, S3_READ, STORIES
from model.watching import Promises, StoryWatch

KINDS = {
    "html": "500",
    "throttle": "throttled",
    "reset": "connection reset",
    "lost": "done, answer lost",
    "stall": "no answer in time",
    "late": "done, answer too late",
    "cut": "answer cut off",
    "garbage": "answer is garbage",
    "kill": "SIGKILL before it is done",
    "kill_after": "SIGKILL after it is done",
}
ENDINGS = ["kept", "edited", "reverted"]
TIMEOUT = ("--answer-timeout", "1")
SECURITY_AUDIT = "arn:aws:iam::aws:policy/SecurityAudit"


def _files(config):
    return {path: text for name, team in config.items() for path, text in team.files(name).items()}


def _fill_versions(world, name):
    """So that the next document must make room: its policy has the five versions that AWS allows."""
    iam = world.aws.admin[PROD]
    arn = f"arn:aws:iam::{PROD}:policy/{name}"
    document = reading.sources(iam, [arn])[arn]
    for _ in range(4):
        iam.create_policy_version(PolicyArn=arn, PolicyDocument=json.dumps(document), SetAsDefault=True)


def _handle(world, roles):
    """What others put on roles of ours: a tag, an inline policy, an attachment."""
    for name in roles:
        iam = world.aws.admin[PROD]
        iam.tag_role(RoleName=name, Tags=[{"Key": "cost", "Value": "1"}])
        iam.put_role_policy(RoleName=name, PolicyName="theirs", PolicyDocument=document(allow("sns:List*", Sid="ByHand")))
        iam.attach_role_policy(RoleName=name, PolicyArn=SECURITY_AUDIT)


def _fault(kind, name):
    """Of AWS's own policies one account reads what all need: whichever asks first."""
    what = name.split(" ", 1)[1]
    if not re.match(r"GetPolicy(Version)? (PowerUserAccess|AmazonS3)", what):
        return Fault(kind, name)
    fault = Fault(kind, when=lambda call: call.name.split(" ", 1)[1] == what and not fault.fired)
    return fault


class Stage:
    """One story, ready to be broken as often as wanted."""

    def __init__(self, world, name):
        self.world = world
        self.name = name
        self.story = STORIES[name]
        self.sources = reading.sources(world.aws.admin[PROD], [POWER_USER, S3_FULL, S3_READ])
        self.promises = self._prepare_all()
        world.restore("story")
        self._run().expect(0)
        self.calls, self.writes = world.proxy.names, world.proxy.writes
        self.looks = 0  # of all watches

    def _begin(self):
        self.world.begin({**self.story.settings, **_files(NOTHING)})
        reading.create_others(self.world.aws.admin[PROD])
        if self.story.left:
            self._leave()

    def _leave(self):
        """What the scripts do, while iamlease is there and was told nothing; and what somebody did by hand."""
        world, iam = self.world, self.world.aws.admin[PROD]
        world.aws.let_adopt()
        world.run("apply").expect(0)
        world.repo.commit("Left", _files(self.story.left))
        iam.create_user(UserName="dora.x")
        self_serve.leave(world, _files(self.story.left))
        iam.attach_user_policy(UserName="carol", PolicyArn=self_serve.arn(PROD, "dev.queues"))
        _fill_versions(world, self.story.filled)

    def _run(self, *arguments, command=None, **more):
        return self.world.run(command or self.story.command, *self.story.options, *arguments, now=self.story.now, **more)

    def _prepare_all(self):
        """Saves the world at the point where the story begins; gives what holds whatever happens and however it ends."""
        world, story = self.world, self.story
        self._begin()
        self.start = reading_kept.snapshot(world)
        self.others = reading.others(self.start)
        states = [self.start]
        configs = [config for config in (story.applied, story.left, story.pending, story.edited) if config is not None]
        for config in configs:
            world.repo.commit("Try", _files(config))
            self._run(command="apply").expect(0)
            states.append(world.snapshot())
        self._begin()
        if story.applied is not None:
            world.repo.commit("Before", _files(story.applied))
            world.run("apply").expect(0)
            if story.filled:
                _fill_versions(world, f"iamlease/{story.filled}")
            _handle(world, story.handled)
        world.repo.commit("Pending", _files(story.pending))
        world.save("story")
        always = set.intersection(*(set(standing(state)) for state in states[1:] + ([] if story.applied else [self.start])))
        lent = adopting.always_lent(configs, st.seconds(NOW)) if story.left else set()
        return Promises(standing(*states, world.snapshot()), LATEST, kept.given(configs, map(self._applied, configs)), always, lent)

    def _applied(self, config):
        """What the reference makes of a configuration, when nothing else ever was."""
        model = self._new_model()
        model.commit(config)
        model.apply(config, st.seconds(self.story.now))
        return model

    def _new_model(self):
        by_hand = reference.ByHand(providers=reading_kept.providers(self.start))
        by_hand.tags = {(PROD, name): {"cost": "1"} for name in self.story.handled}
        by_hand.inline = {(PROD, name): {"theirs": json.loads(document(allow("sns:List*", Sid="ByHand")))} for name in self.story.handled}
        attached = reading.attachments(self.start) | {(PROD, "roles", name, SECURITY_AUDIT) for name in self.story.handled}
        mfa = [PROD] if self.story.mfa else []
        return reference.Model(attached, reading.inline_bytes(self.start), self.sources, mfa, by_hand, adopting.left(self.start))

    def model(self):
        model = self._new_model()
        if self.story.applied is not None:
            model.commit(self.story.applied)
            model.apply(self.story.applied, st.seconds(NOW))
        if self.story.left:
            model.commit(self.story.left)
        model.commit(self.story.pending)
        return model

    def run(self, kind, call, ending):
        """Breaks one call in the way of `kind` and goes on by `ending`; gives what is wrong, a line each."""
        world = self.world
        world.restore("story")
        watch = world.proxy.observer = StoryWatch(world.aws, self.promises)
        try:
            fault = _fault(kind, call)
            broken = self._run("--json", *TIMEOUT, faults=[fault])
            wrong = self._judge(broken, kind)
            wrong += self._end(ending)
        finally:
            world.proxy.observer = None
        self.looks += watch.looks
        wrong += watch.violations
        return [f"{self.name}, {kind} at {call}, {ending}: {line}" for line in wrong]

    def run_as_planned(self):
        """Plans by the role that only reads, then applies; gives a line for each call that only one of the two has."""
        self.world.restore("story")
        plan = self._run("--live", "--base", "HEAD^", "--head", "HEAD", "--json", command="plan").expect(0).json
        writes = self.world.proxy.writes
        self._run().expect(0)
        return [f"the plan writes: {name}" for name in writes] + differences(plan, self.world)

    def run_beside(self, command, write):
        """Right after `write` another clone runs `command`, from end to end; gives what is wrong, a line each."""
        world, story = self.world, self.story
        world.restore("story")
        other = world.second_clone()
        watch, beside = StoryWatch(world.aws, self.promises), []

        def observe(call):
            watch(call)
            if call.name == write and not beside:
                beside.append(other.run(command, now=story.now))

        world.proxy.observer, other.proxy.observer = observe, watch
        try:
            first = world.run("apply", "--json", now=story.now)
            wrong = self._judge(first, "beside") + ([] if beside else [f"never called: {write}"])
            wrong += [f"exit {run.code}\n{run}" for run in beside if run.code not in (0, 1)]
            wrong += self._end("kept")
        finally:
            world.proxy.observer = None
            other.close()
        return [f"{command} in the middle, after {write}: {line}" for line in wrong + watch.violations]

    def _judge(self, broken, kind):
        """Whether the exit code and the report of the broken run are true."""
        if kind.startswith("kill"):
            return [] if broken.code == -9 else [f"exit {broken.code} of a run that was killed"]
        if broken.code not in (0, 1):
            return [f"the broken run ended with {broken.code}\n{broken}"]
        report, wrong = broken.json, []
        model = self.model()
        if self.story.command == "apply":
            model.apply(self.story.pending, st.seconds(self.story.now))
        else:
            model.cleanup(st.seconds(self.story.now))
        lines = reading.differences(reading_kept.snapshot(self.world), model, self.others, st.seconds(self.story.now))
        moved = self.world.repo.applied == self.world.repo.head
        if broken.code == 0 and (lines or (self.story.command == "apply" and not moved) or not report["clean"]):
            wrong.append(f"exit 0, and not all is done: {lines}\n{broken}")
        if broken.code == 1 and (report["clean"] or not _says_why(report)):
            wrong.append(f"exit 1, and the report does not say why\n{broken}")
        if broken.code == 1 and moved and self.story.before is not NOTHING:
            wrong.append(f"exit 1, and the applied ref moved\n{broken}")
        state = {account: self.world.aws.look(account) for account in MANAGED}
        done = [row for row in report["operations"] if row["status"] == "done"]
        wrong += [f"reported as done, and is not: {row}" for row in done if not took_effect(state[row["account_id"]], row)]
        return wrong

    def _end(self, ending):
        """Keeps, edits or reverts the configuration, runs again, and holds the world against the model."""
        world, story, model, wrong = self.world, self.story, self.model(), []
        now, command, config = story.now, "apply", story.pending
        if ending == "kept" and story.command == "cleanup":
            command = "cleanup"
        elif ending == "edited":
            config = story.edited
            world.repo.commit("Edited", _files(config))
        elif ending == "reverted":
            config = story.before
            world.repo.revert()
        tagged = adopting.adopted(reading_kept.snapshot(world)) if story.left else set()
        last = self._run(command=command)
        if command == "cleanup":
            model.cleanup(st.seconds(now))
        else:
            model.take_over(tagged)
            model.commit(config)
            model.apply(config, st.seconds(now))
        if last.code != 0:
            wrong.append(f"the clean run ended with {last.code}\n{last}")
        wrong += reading.differences(reading_kept.snapshot(world), model, self.others, st.seconds(now))
        if command == "apply" and world.repo.applied != world.repo.head:
            wrong.append("the applied ref did not follow")
        self._run(command=command).expect(0)
        return wrong + [f"one run more writes: {name}" for name in world.proxy.writes]


def _says_why(report):
    rows = [row for row in report["operations"] if row["status"] in ("failed", "blocked")]
    return (rows or report["problems"]) and all(row["message"] for row in rows)

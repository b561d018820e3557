"""Breaks one call of a story, then keeps, edits or reverts the configuration, then runs again: nothing may be lost.

A story is what was applied, what is committed on top, and a command. For each of its calls, each kind of fault and each
ending: the report of the broken run is true, no write leaves temporary access without its end, and after the clean run
AWS is as the reference model says.
"""

import json
from dataclasses import dataclass

from harness.aws import NONPROD, PROD
from harness.configs import POWER_USER
from harness.proxy import Fault
from harness.watch import Watch, standing
from harness.world import NOW

from model import reading, reference
from model import statements as st

S3_FULL, S3_READ = (f"arn:aws:iam::aws:policy/{name}" for name in ("AmazonS3FullAccess", "AmazonS3ReadOnlyAccess"))
SETTINGS = {"version": 1, "limits": {"max_removals": "100%"}, "environments": {"strict": {"require_mfa": True}}}
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
ENDED = "2026-06-03T12:00:00Z"
LATEST = "2026-06-06T00:00:00Z"
TIMEOUT = ("--answer-timeout", "1")


def _statements(*actions, effect="Allow"):
    return [{"effect": effect, "actions": list(actions), "resources": ["*"]}]


POLICIES = {
    "dev.read": {"custom_statements": _statements("s3:List*"), "managed_policies": [S3_READ]},
    "dev.queues": {"custom_statements": _statements("sqs:*")},
    "ops.debug": {"custom_statements": _statements("s3:Put*") + _statements("s3:PutBucket*", effect="Deny")},
    "ops.power": {"managed_policies": [POWER_USER]},
    "ops.files": {"managed_policies": [S3_FULL], "custom_statements": _statements("kms:Decrypt")},
    "ops.deploy": {"managed_policies": [S3_READ], "custom_statements": _statements("ecs:*")},
}
MODES = {
    "dev.read": "auto",
    "dev.queues": "auto",
    "ops.debug": "inline",
    "ops.power": "policy",
    "ops.files": "policy",
    "ops.deploy": "role",
}


def _team(permanent, temporary, policies=(), modes=()):
    return {
        "payments": reference.Team(
            accounts={"nonprod": NONPROD, "prod": PROD},
            policies={**POLICIES, **dict(policies)},
            permanent=permanent,
            temporary=temporary,
            modes={**MODES, **dict(modes)},
        )
    }


def _standing(grants, environments=("nonprod", "prod"), **who):
    return {"description": "Standing", "environments": list(environments), "grants": list(grants), **who}


def _lent(grant, date, environment="prod", **who):
    return {"description": "Lent", "expiration_date": date, "environment": environment, "grant": grant, **who}


NOTHING = _team([], [])
BEFORE = _team(
    [_standing(["dev.read"], users=["ada@example.com"]), _standing(["dev.queues"], ["prod"], groups=["developers"])],
    [
        _lent("ops.debug", "2026-06-02", user="bert@example.com"),
        _lent("ops.debug", "2026-06-02", "nonprod", role="github-actions-deployer"),
        _lent("ops.power", "2026-06-02", user="carol@example.com"),
        _lent("ops.files", "2026-06-02", user="ada@example.com"),
        _lent("ops.deploy", "2026-06-02", user="bert@example.com"),
    ],
)
# A changed document, a grant more and one less; leases longer, gone and new, in both modes.
PENDING = _team(
    [_standing(["dev.read"], users=["ada@example.com"]), _standing(["dev.queues"], ["nonprod"], users=["bert@example.com"])],
    [
        _lent("ops.debug", "2026-06-05", user="bert@example.com"),
        _lent("ops.debug", "2026-06-04", user="ada@example.com"),
        _lent("ops.power", "2026-06-05", user="carol@example.com"),
        _lent("ops.files", "2026-06-03", group="developers"),
        _lent("ops.deploy", "2026-06-02", user="bert@example.com"),
    ],
    {"dev.read": {"custom_statements": _statements("s3:List*", "s3:Get*"), "managed_policies": [S3_READ]}},
)
EDITED = _team(
    [_standing(["dev.queues", "dev.read"], ["prod"], users=["carol@example.com"])],
    [
        _lent("ops.debug", "2026-06-03", user="carol@example.com"),
        _lent("ops.power", "2026-06-03", user="carol@example.com"),
        _lent("ops.files", "2026-06-05", user="ada@example.com"),
        _lent("ops.deploy", "2026-06-05", user="ada@example.com"),
    ],
)
# Roles: one that gets a later end, one an earlier, one that becomes a policy, one that a policy becomes.
SWITCHES = [
    _lent("ops.deploy", "2026-06-02", user="bert@example.com"),
    _lent("ops.deploy", "2026-06-05", user="ada@example.com"),
    _lent("ops.files", "2026-06-03", user="carol@example.com"),
    _lent("ops.power", "2026-06-03", user="carol@example.com"),
]
OTHER_SWITCHES = [
    _lent("ops.deploy", "2026-06-04", user="bert@example.com"),
    _lent("ops.deploy", "2026-06-02", user="ada@example.com"),
    *SWITCHES[2:],
]
OTHER_MODES = {"ops.files": "role", "ops.power": "policy"}
# And in the second commit one is new, one is gone, and what the rest lends is more, and less.
ROLES = _team([], [*SWITCHES, _lent("ops.deploy", "2026-06-03", "nonprod", role="github-actions-deployer")], (), OTHER_MODES)
ROLES_PENDING = _team(
    [],
    [*OTHER_SWITCHES, {**_lent("ops.deploy", "2026-06-04", user="carol@example.com"), "starts_at": "2026-06-02T00:00:00Z"}],
    {"ops.deploy": {"managed_policies": [S3_FULL], "custom_statements": _statements("ecs:*", "ecr:*")}},
    {"ops.files": "policy", "ops.power": "role"},
)


@dataclass(frozen=True)
class Story:
    applied: dict  # None: nothing ever was
    pending: dict
    command: str = "apply"
    now: str = NOW
    filled: str = "payments-dev-read"  # the policy that has all the versions that AWS allows
    mfa: bool = False  # whether leases in production want a second factor

    @property
    def settings(self):
        """The rule holds, or not, by the name that another team has for the account."""
        accounts = {"aws-accounts": {"strict" if self.mfa else "house": PROD}}
        return {"iamlease.yaml": json.dumps(SETTINGS), "aws-accounts/house.yaml": json.dumps(accounts)}


STORIES = {
    "the first apply": Story(None, BEFORE),
    "a change": Story(BEFORE, PENDING),
    "a revocation": Story(BEFORE, NOTHING),
    "a cleanup": Story(BEFORE, PENDING, "cleanup", ENDED),
    "roles": Story(ROLES, ROLES_PENDING, filled="payments-ops-deploy", mfa=True),
}


def _files(config):
    return {path: text for name, team in config.items() for path, text in team.files(name).items()}


def _fill_versions(world, name):
    """So that the next document must make room: its policy has the five versions that AWS allows."""
    iam = world.aws.admin[PROD]
    arn = f"arn:aws:iam::{PROD}:policy/iamlease/{name}"
    document = reading.sources(iam, [arn])[arn]
    for _ in range(4):
        iam.create_policy_version(PolicyArn=arn, PolicyDocument=json.dumps(document), SetAsDefault=True)


class Stage:
    """One story, ready to be broken as often as wanted."""

    def __init__(self, world, name):
        self.world = world
        self.name = name
        self.story = STORIES[name]
        self.sources = reading.sources(world.aws.admin[PROD], [POWER_USER, S3_FULL, S3_READ])
        self.standing = self._prepare_all()
        world.restore("story")
        world.run(self.story.command, now=self.story.now).expect(0)
        self.calls, self.writes = world.proxy.names, world.proxy.writes
        self.looks = 0  # of all watches

    def _begin(self):
        self.world.begin({**self.story.settings, **_files(NOTHING)})
        reading.create_others_roles(self.world.aws.admin[PROD])

    def _prepare_all(self):
        """Saves the world at the point where the story begins; gives every attachment that any ending may want."""
        world, applied = self.world, self.story.applied
        self._begin()
        start = world.snapshot()
        self.others = reading.others(start)
        self.attached, self.inline_bytes = reading.attachments(start), reading.inline_bytes(start)
        states = [start]
        for config in (BEFORE, PENDING, EDITED):
            world.repo.commit("Try", _files(config))
            world.run("apply").expect(0)
            states.append(world.snapshot())
        self._begin()
        if applied is not None:
            world.repo.commit("Before", _files(applied))
            world.run("apply").expect(0)
            _fill_versions(world, self.story.filled)
        world.repo.commit("Pending", _files(self.story.pending))
        world.save("story")
        return standing(*states)

    def model(self):
        mfa = [PROD] if self.story.mfa else []
        model = reference.Model(self.attached, self.inline_bytes, self.sources, mfa)
        if self.story.applied is not None:
            model.commit(self.story.applied)
            model.apply(self.story.applied, st.seconds(NOW))
        model.commit(self.story.pending)
        return model

    def run(self, kind, call, ending):
        """Breaks one call in the way of `kind` and goes on by `ending`; gives what is wrong, a line each."""
        world, story = self.world, self.story
        world.restore("story")
        watch = world.proxy.observer = Watch(world.aws, self.standing, LATEST)
        try:
            fault = Fault(kind, call)
            broken = world.run(story.command, "--json", *TIMEOUT, now=story.now, faults=[fault])
            wrong = self._judge(broken, kind)
            wrong += self._end(ending)
        finally:
            world.proxy.observer = None
        self.looks += watch.looks
        wrong += watch.violations
        return [f"{self.name}, {kind} at {call}, {ending}: {line}" for line in wrong]

    def run_beside(self, command, write):
        """Right after `write` another clone runs `command`, from end to end; gives what is wrong, a line each."""
        world, story = self.world, self.story
        world.restore("story")
        other = world.second_clone()
        watch, beside = Watch(world.aws, self.standing, LATEST), []

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
        lines = reading.differences(self.world.snapshot(), model, self.others, st.seconds(self.story.now))
        moved = self.world.repo.applied == self.world.repo.head
        if broken.code == 0 and (lines or (self.story.command == "apply" and not moved) or not report["clean"]):
            wrong.append(f"exit 0, and not all is done: {lines}\n{broken}")
        if broken.code == 1 and (report["clean"] or not _says_why(report)):
            wrong.append(f"exit 1, and the report does not say why\n{broken}")
        if broken.code == 1 and moved and self.story.applied is not None:
            wrong.append(f"exit 1, and the applied ref moved\n{broken}")
        state = {account: self.world.aws.look(account) for account in (NONPROD, PROD)}
        done = [row for row in report["operations"] if row["status"] == "done"]
        wrong += [f"reported as done, and is not: {row}" for row in done if not _took_effect(state, row)]
        return wrong

    def _end(self, ending):
        """Keeps, edits or reverts the configuration, runs again, and holds the world against the model."""
        world, story, model, wrong = self.world, self.story, self.model(), []
        now, command, config = story.now, "apply", story.pending
        if ending == "kept" and story.command == "cleanup":
            command = "cleanup"
        elif ending == "edited":
            config = EDITED
            world.repo.commit("Edited", _files(config))
        elif ending == "reverted":
            config = story.applied if story.applied is not None else NOTHING
            world.repo.revert()
        last = world.run(command, now=now)
        if command == "cleanup":
            model.cleanup(st.seconds(now))
        else:
            model.commit(config)
            model.apply(config, st.seconds(now))
        if last.code != 0:
            wrong.append(f"the clean run ended with {last.code}\n{last}")
        wrong += reading.differences(world.snapshot(), model, self.others, st.seconds(now))
        if command == "apply" and world.repo.applied != world.repo.head:
            wrong.append("the applied ref did not follow")
        world.run(command, now=now).expect(0)
        return wrong + [f"one run more writes: {name}" for name in world.proxy.writes]


def _says_why(report):
    rows = [row for row in report["operations"] if row["status"] in ("failed", "blocked")]
    return (rows or report["problems"]) and all(row["message"] for row in rows)


def _took_effect(state, row):
    """Whether what an operation is for can be seen in AWS."""
    content = state[row["account_id"]]
    kind = row["operation"]
    gone = {"inline": {}, "attached": [], "trust": None}
    holder = row["principal"] and content[row["principal"]["kind"] + "s"].get(row["principal"]["name"], gone)
    if kind in ("create-role", "change-trust-of-role"):
        return json.loads(holder["trust"]) == json.loads(row["document"])
    if kind == "delete-role":
        return holder is gone
    if kind in ("attach-policy", "detach-policy"):
        return (row["policy_arn"] in holder["attached"]) is (kind == "attach-policy")
    if kind == "delete-policy":
        return row["policy_arn"] not in content["policies"]
    if kind == "delete-inline-policy":
        return row["policy_name"] not in holder["inline"]
    if kind == "put-inline-policy":
        return json.loads(holder["inline"][row["policy_name"]]) == json.loads(row["document"])
    if kind in ("create-policy", "change-policy"):
        return json.loads(content["policies"][row["policy_arn"]]["document"]) == json.loads(row["document"])
    assert kind == "delete-policy-version", f"what is {kind}?"
    return True

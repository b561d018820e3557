"""Random lives of a repository: what Hypothesis draws, and the machine that lives them."""

import copy
import json
import os

import hypothesis.strategies as draw
from harness.aws import NONPROD, PLANNER, PROD
from harness.planned import differences
from harness.world import NOW
from hypothesis import HealthCheck, Phase, event, settings
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule, run_state_machine_as_test

from model import reading, reading_kept, reference
from model import statements as st

TEAMS = ["payments", "orders"]
NAMES = ["dev.read", "dev.write", "ops.mixed"]
MANAGED = S3_FULL, S3_READ, POWER_USER, READ_ONLY = [
    f"arn:aws:iam::aws:policy/{name}"
    for name in ("AmazonS3FullAccess", "AmazonS3ReadOnlyAccess", "PowerUserAccess", "ReadOnlyAccess")
]
STATEMENTS = [
    {"effect": "Allow", "actions": ["s3:GetObject", "s3:PutObject"], "resources": ["arn:aws:s3:::payments-*/*"]},
    {"effect": "Allow", "actions": "sqs:*", "resources": "*", "sid": "Queues"},
    {"effect": "Deny", "actions": ["s3:DeleteObject"], "resources": ["*"]},
    {"effect": "Allow", "not_actions": ["iam:*", "sts:*"], "resources": ["*"]},
    {"effect": "Deny", "actions": ["kms:*"], "not_resources": ["arn:aws:kms:*:*:key/1"]},
    {
        "effect": "Allow",
        "actions": ["ec2:StartInstances"],
        "resources": ["*"],
        "conditions": {"StringEquals": {"aws:RequestedRegion": ["eu-west-1", "eu-north-1"]}},
    },
    {
        "effect": "Allow",
        "actions": ["sns:Publish"],
        "resources": ["*"],
        "conditions": {"DateLessThan": {"aws:CurrentTime": "2026-06-03T12:00:00Z"}},
    },
    {
        "effect": "Allow",
        "actions": ["logs:GetLogEvents"],
        "resources": ["*"],
        "conditions": {
            "DateGreaterThanEquals": {"AWS:currentTime": ["2026-06-02", "2026-06-03T06:00:00Z"]},
            "Bool": {"aws:SecureTransport": "true"},
        },
    },
]
SETTINGS = {
    "version": 1,
    "limits": {"max_removals": "100%"},
    "environments": {"strict": {"require_mfa": True}},
    "aws": {"plan_role": PLANNER},
}
PEOPLE = [("user", name) for name in ("ada", "bert", "carol")]
PEOPLE += [("group", "developers"), ("role", "github-actions-deployer")]
HOURS = [1, 5, 11, 15, 24, 39, 63, 96]

teams = draw.sampled_from(TEAMS)
names = draw.sampled_from(NAMES)
accounts = draw.sampled_from([NONPROD, PROD])
environments = draw.sampled_from(["nonprod", "prod"])
custom = draw.lists(draw.sampled_from(STATEMENTS), min_size=1, max_size=3, unique_by=json.dumps)
managed = draw.lists(draw.sampled_from(MANAGED), min_size=1, max_size=2, unique=True)
policies = draw.one_of(
    draw.fixed_dictionaries({"custom_statements": custom}),
    draw.fixed_dictionaries({"managed_policies": managed}),
    draw.fixed_dictionaries({"custom_statements": custom, "managed_policies": managed}),
)
some_people = draw.lists(draw.sampled_from(PEOPLE), min_size=1, max_size=3, unique=True)
some_grants = draw.lists(names, min_size=1, max_size=2, unique=True)
some_environments = draw.lists(environments, min_size=1, max_size=2, unique=True)
one = draw.sampled_from(PEOPLE)
kinds = draw.sampled_from(["permanent", "temporary"])
numbers = draw.integers(0, 3)
modes = draw.sampled_from(["auto", "inline", "policy", "role"])
then = draw.booleans()
windows = draw.tuples(draw.one_of(draw.none(), draw.sampled_from(HOURS)), draw.sampled_from(HOURS), draw.booleans())
adhoc = draw.fixed_dictionaries(
    {
        "permissions": draw.sampled_from([["s3:GetObject"], ["sqs:SendMessage", "ec2:Describe*"]]),
        "resources": draw.sampled_from([["*"], ["arn:aws:s3:::payments-1/*"]]),
    }
)


def email(kind, name):
    return f"{name}@example.com" if kind == "user" else name


def window_of(now, window):
    """The dates of an entry: (hours until it begins or None, hours that it lasts, whether as a date)."""
    begin, hours, as_date = window
    end = now + (hours + (begin or 0)) * 3_600
    end = min(end, now + 143 * 3_600)
    dates = {"expiration_date": st.instant(end)[:10]} if as_date else {"expires_at": st.instant(end)}
    if begin is not None and now + begin * 3_600 < reference.end_of(dates):
        dates["starts_at"] = st.instant(now + begin * 3_600)
    return dates


def beginning():
    """A configuration in which nothing is granted."""
    policy = {"custom_statements": STATEMENTS[:1]}
    return {
        name: reference.Team(
            accounts={"nonprod": NONPROD, "prod": PROD},
            policies={grant: policy for grant in NAMES},
            modes={grant: "auto" for grant in [*NAMES, reference.ADHOC]},
        )
        for name in TEAMS
    }


class Life(RuleBasedStateMachine):
    """Edits, plans and applies, hours that pass and cleanups; after each, AWS is as the model says."""

    world = None
    applies = edits = 0

    def __init__(self):
        super().__init__()
        self.now = st.seconds(NOW)
        self.config = beginning()
        self.history = [self.config]
        self.rejected = 0

    @initialize(mfa=draw.booleans())
    def first_apply(self, mfa):
        """With or without the rule that leases in production need a second factor: it holds by another team's name."""
        strict = {"aws-accounts/house.yaml": json.dumps({"aws-accounts": {"strict" if mfa else "house": PROD}})}
        self.world.begin({"iamlease.yaml": json.dumps(SETTINGS), **strict}, self.files())
        reading.create_others(self.world.aws.admin[PROD])
        before = reading_kept.snapshot(self.world)
        self.others = reading.others(before)
        sources = reading.sources(self.world.aws.admin[PROD], MANAGED)
        by_hand = reference.ByHand(providers=reading_kept.providers(before))
        self.model = reference.Model(reading.attachments(before), reading.inline_bytes(before), sources, [PROD] * mfa, by_hand)
        self.model.commit(self.config)
        self.apply()

    # --- what people do ---

    @rule(team=teams, grant=names, policy=policies, then=then)
    def change_policy(self, team, grant, policy, then):
        def edit(config):
            config[team].policies[grant] = policy
            if "managed_policies" in policy and config[team].modes[grant] == "inline":
                config[team].modes[grant] = "auto"

        self.edit(edit, then)

    @rule(team=teams, grant=draw.one_of(names, draw.just(reference.ADHOC)), mode=modes, then=then)
    def change_mode(self, team, grant, mode, then):
        def edit(config):
            if "managed_policies" not in config[team].policies.get(grant, {}) or mode != "inline":
                config[team].modes[grant] = mode

        self.edit(edit, then)

    @rule(team=teams, people=some_people, grants=some_grants, where=some_environments, then=then)
    def grant(self, team, people, grants, where, then):
        entry = {"description": "Standing", "environments": where, "grants": grants}
        for kind, name in people:
            entry.setdefault(f"{kind}s", []).append(email(kind, name))
        self.edit(lambda config: config[team].permanent.append(entry), then)

    @rule(team=teams, who=one, grant=names, where=environments, window=windows, then=then)
    def lend(self, team, who, grant, where, window, then):
        kind, name = who
        entry = {"description": "Lent", kind: email(kind, name), "environment": where, "grant": grant}
        entry.update(window_of(self.now, window))
        self.edit(lambda config: config[team].temporary.append(entry), then)

    @rule(team=teams, who=one, what=adhoc, where=environments, window=windows, then=then)
    def lend_adhoc(self, team, who, what, where, window, then):
        kind, name = who
        entry = {"description": "Lent", kind: email(kind, name), "environment": where, **what}
        entry.update(window_of(self.now, window))
        self.edit(lambda config: config[team].temporary.append(entry), then)

    @rule(team=teams, number=numbers, window=windows, then=then)
    def change_window(self, team, number, window, then):
        def edit(config):
            entries = config[team].temporary
            if number < len(entries):
                dates = ("starts_at", "expires_at", "expiration_date")
                kept = {key: value for key, value in entries[number].items() if key not in dates}
                entries[number] = {**kept, **window_of(self.now, window)}

        self.edit(edit, then)

    @rule(team=teams, number=numbers, kind=kinds, then=then)
    def take_away(self, team, number, kind, then):
        self.edit(lambda config: getattr(config[team], kind).__delitem__(slice(number, number + 1)), then)

    @rule(team=teams, environment=environments, account=accounts, then=then)
    def move_account(self, team, environment, account, then):
        self.edit(lambda config: config[team].accounts.update({environment: account}), then)

    @rule(back=draw.integers(1, 4), then=then)
    def revert(self, back, then):
        self.edit(lambda config: config.update(copy.deepcopy(self.history[-min(back, len(self.history))])), then)

    @rule(hours=draw.sampled_from([1, 7, 24, 49]))
    def hours_pass(self, hours):
        self.now += hours * 3_600

    @rule(number=numbers, early=draw.booleans())
    def until_an_end(self, number, early):
        """To the last second of a lease, or to the first after it."""
        ends = sorted({thing.end for thing in self.model.things if thing.end > self.now + 1})
        if number < len(ends):
            self.now = ends[number] - early

    # --- what the program does ---

    @rule()
    def apply(self):
        type(self).applies += 1
        plan = self.plan() if self.world.repo.applied else None
        self.world.run("apply", now=st.instant(self.now)).expect(0)
        lines = differences(plan, self.world) if plan else []
        assert lines == [], self.shown("apply does not do what was planned:", *lines)
        self.model.apply(self.config, self.now)
        self.check()
        assert self.world.repo.applied == self.world.repo.head
        self.rest("apply")
        self.rest("cleanup")

    @rule()
    def cleanup(self):
        self.world.run("cleanup", now=st.instant(self.now)).expect(0)
        self.model.cleanup(self.now)
        self.check()
        self.rest("cleanup")

    # --- helpers ---

    def plan(self):
        """By the role that only reads, of all that was committed since the last apply."""
        arguments = ["--live", "--base", "refs/tags/iamlease/applied", "--head", "HEAD", "--json"]
        plan = self.world.run("plan", *arguments, now=st.instant(self.now)).json
        assert self.world.proxy.writes == []
        return plan

    def edit(self, change, then):
        """Commits a change, unless something of it would be held; and applies it, or not yet."""
        config = copy.deepcopy(self.config)
        change(config)
        if config == self.config or not self.model.possible(config, self.now):
            event("edit left out")
            return
        type(self).edits += 1
        self.config = config
        self.history.append(config)
        self.world.repo.commit(f"Edit {len(self.history)}", self.files())
        self.model.commit(config)
        if then:
            self.apply()

    def files(self):
        return {path: text for name, team in self.config.items() for path, text in team.files(name).items()}

    def check(self):
        lines = reading.differences(reading_kept.snapshot(self.world), self.model, self.others, self.now)
        assert lines == [], self.shown(f"at {st.instant(self.now)}, AWS is not as the model says:", *lines)

    def rest(self, command):
        self.world.run(command, now=st.instant(self.now)).expect(0)
        assert self.world.proxy.writes == [], self.shown(f"a second {command} writes", *self.world.proxy.writes)

    def shown(self, *lines):
        return "\n".join([*lines, *(f"--- {path}\n{text}" for path, text in self.files().items() if text)])


def live(world, seed, examples, steps):
    """Lives `examples` random lives of up to `steps` steps; gives the machine, which has counted what was done.

    One that fails is shown as it was; with IAMLEASE_SHRINK set, a shorter one is looked for, which takes minutes.
    """
    machine = type("OneLife", (Life,), {"world": world, "_hypothesis_internal_use_seed": seed})
    phases = [Phase.generate, Phase.shrink] if os.environ.get("IAMLEASE_SHRINK") else [Phase.generate]
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=examples,
            stateful_step_count=steps,
            deadline=None,
            database=None,
            suppress_health_check=list(HealthCheck),
            phases=phases,
            print_blob=False,
        ),
    )
    return machine

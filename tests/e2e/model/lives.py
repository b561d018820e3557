"""Random lives of a repository: what Hypothesis draws, and the machine that lives them."""

import copy
import json
import os

import hypothesis.strategies as draw
from harness.aws import MANAGED as ACCOUNTS
from harness.aws import NONPROD, PLANNER, PROD
from harness.planned import differences
from harness.proxy import Fault
from harness.world import NOW
from hypothesis import HealthCheck, Phase, event, settings
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule, run_state_machine_as_test

from model import kept, reading, reading_kept, reference
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
HOUSE = {"aws-accounts": {"strict": PROD, "house": NONPROD}}  # of another team: production by a name that has rules
PEOPLE = [("user", name) for name in ("ada", "bert", "carol")]
PEOPLE += [("group", "developers"), ("role", kept.BY_HAND)]
ROLES = ["reader", "deploy"]  # of aws-roles: names that begin with that of the team
HOURS = [1, 5, 11, 15, 24, 39, 63, 96]
TOO_FAR = [145, 150, 190]  # hours: further than a lease may reach
DATES = ("starts_at", "expires_at", "expiration_date")
PROVIDER = {"environments": ["nonprod", "prod"], "client_ids": ["sts.amazonaws.com"], "thumbprints": ["ab" * 20]}
TRUST = [
    {"services": ["ec2.amazonaws.com"]},
    {"principals": [f"arn:aws:iam::{NONPROD}:role/{kept.BY_HAND}"]},
    {"account": PROD, "external_id": "e-1"},
    {"oidc": {"provider": "ci", "audience": "sts.amazonaws.com", "subjects": ["organization:a"]}},
    {"oidc": {"provider": "ci", "audience": "sts.amazonaws.com", "subjects": ["organization:b:*", "organization:c"]}},
]

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
one = draw.sampled_from(PEOPLE + [("role", f"{team}-{role}") for team in TEAMS for role in ROLES])
some_people = draw.lists(one, min_size=1, max_size=3, unique=True)
some_grants = draw.lists(names, min_size=1, max_size=2, unique=True)
some_environments = draw.lists(environments, min_size=1, max_size=2, unique=True)
kinds = draw.sampled_from(["permanent", "temporary"])
numbers = draw.integers(0, 3)
modes = draw.sampled_from(["auto", "inline", "policy", "role"])
then = draw.booleans()
windows = draw.tuples(draw.one_of(draw.none(), draw.sampled_from(HOURS)), draw.sampled_from(HOURS), draw.booleans())
roles = draw.sampled_from(ROLES)
kept_roles = draw.fixed_dictionaries(
    {
        "environments": some_environments,
        "trust": draw.lists(draw.sampled_from(TRUST), min_size=1, max_size=2, unique_by=json.dumps),
        "grants": draw.lists(names, max_size=1),
        "managed_policies": draw.lists(draw.sampled_from([S3_READ, READ_ONLY]), max_size=1),
        "max_session_hours": draw.integers(1, 2),
        "tags": draw.sampled_from([{}, {"cost": "1"}, {"cost": "2", "of": "team"}]),
    },
    optional={"permissions_boundary": draw.sampled_from([POWER_USER, S3_FULL]), "description": draw.sampled_from(["Reads", "Deploys"])},
)
kept_providers = draw.fixed_dictionaries(
    {
        "environments": some_environments,
        "client_ids": draw.lists(draw.sampled_from(["sts.amazonaws.com", "second"]), min_size=1, max_size=2, unique=True),
        "thumbprints": draw.sampled_from([["ab" * 20], ["cd" * 20]]),
    }
)
adhoc = draw.fixed_dictionaries(
    {
        "permissions": draw.sampled_from([["s3:GetObject"], ["sqs:SendMessage", "ec2:Describe*"]]),
        "resources": draw.sampled_from([["*"], ["arn:aws:s3:::payments-1/*"]]),
    }
)

# What people do, and what of: each is a rule of a life, and some of them come before its first apply.
EDITS = {
    "change_policy": dict(team=teams, grant=names, policy=policies),
    "change_mode": dict(team=teams, grant=draw.one_of(names, draw.just(reference.ADHOC)), mode=modes),
    "grant": dict(team=teams, people=some_people, grants=some_grants, where=some_environments),
    "lend": dict(team=teams, who=one, grant=names, where=environments, window=windows),
    "lend_adhoc": dict(team=teams, who=one, what=adhoc, where=environments, window=windows),
    "change_window": dict(team=teams, number=numbers, window=windows),
    "take_away": dict(team=teams, number=numbers, kind=kinds),
    "move_account": dict(team=teams, environment=environments, account=accounts),
    "reach_too_far": dict(team=teams, number=numbers, hours=draw.sampled_from(TOO_FAR)),
    "keep_role": dict(team=teams, role=roles, has=kept_roles),
    "drop_role": dict(team=teams, role=roles),
    "change_provider": dict(team=teams, provider=draw.one_of(draw.none(), kept_providers)),
    "change_rules": dict(mfa=draw.booleans()),
}
OFTEN = ["grant", "lend", "lend", "keep_role"]
some_edits = draw.lists(
    draw.one_of([draw.tuples(draw.just(name), draw.fixed_dictionaries(EDITS[name])) for name in [*OFTEN, *EDITS]]),
    min_size=3,
    max_size=9,
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


def settings_with(mfa):
    rules = {"limits": {"max_removals": "100%"}, "environments": {"strict": {"require_mfa": mfa}}}
    return {"iamlease.yaml": json.dumps({"version": 1, **rules, "aws": {"plan_role": PLANNER}})}


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
    """Edits of files and rules, plans and applies, some of which get into one account only, hours that pass and cleanups;
    after each, AWS is as the model says."""

    world = None
    applies = edits = 0
    is_whole = True  # the last apply did everything
    has_new_rules = is_mixed = False  # the rules changed since then; and something else behind them

    def __init__(self):
        super().__init__()
        self.now = st.seconds(NOW)
        self.config = beginning()
        self.history = [self.config]
        self.rejected = 0

    @initialize(mfa=draw.booleans(), edits=some_edits)
    def first_apply(self, mfa, edits=()):
        """With or without the rule that leases in production need a second factor: it holds by another team's name."""
        self.world.begin({**settings_with(mfa), "aws-accounts/house.yaml": json.dumps(HOUSE)}, self.files())
        reading.create_others(self.world.aws.admin[PROD])
        before = reading_kept.snapshot(self.world)
        self.others = reading.others(before)
        sources = reading.sources(self.world.aws.admin[PROD], MANAGED)
        by_hand = reference.ByHand(providers=reading_kept.providers(before))
        self.model = reference.Model(reading.attachments(before), reading.inline_bytes(before), sources, [PROD] * mfa, by_hand)
        self.model.commit(self.config)
        self.apply()
        for name, what in edits:
            getattr(self, name)(**what, then=False)

    # --- what people do ---

    @rule(**EDITS["change_policy"], then=then)
    def change_policy(self, team, grant, policy, then):
        def edit(config):
            config[team].policies[grant] = policy
            if "managed_policies" in policy and config[team].modes[grant] == "inline":
                config[team].modes[grant] = "auto"

        self.edit(edit, then)

    @rule(**EDITS["change_mode"], then=then)
    def change_mode(self, team, grant, mode, then):
        def edit(config):
            if "managed_policies" not in config[team].policies.get(grant, {}) or mode != "inline":
                config[team].modes[grant] = mode

        self.edit(edit, then)

    @rule(**EDITS["grant"], then=then)
    def grant(self, team, people, grants, where, then):
        entry = {"description": "Standing", "environments": where, "grants": grants}
        for kind, name in map(self.somebody, people):
            entry.setdefault(f"{kind}s", []).append(email(kind, name))
        self.edit(lambda config: config[team].permanent.append(entry), then)

    @rule(**EDITS["lend"], then=then)
    def lend(self, team, who, grant, where, window, then):
        kind, name = self.somebody(who)
        entry = {"description": "Lent", kind: email(kind, name), "environment": where, "grant": grant}
        entry.update(window_of(self.now, window))
        self.edit(lambda config: config[team].temporary.append(entry), then)

    @rule(**EDITS["lend_adhoc"], then=then)
    def lend_adhoc(self, team, who, what, where, window, then):
        kind, name = self.somebody(who)
        entry = {"description": "Lent", kind: email(kind, name), "environment": where, **what}
        entry.update(window_of(self.now, window))
        self.edit(lambda config: config[team].temporary.append(entry), then)

    @rule(**EDITS["change_window"], then=then)
    def change_window(self, team, number, window, then):
        def edit(config):
            entries = config[team].temporary
            if entries:
                at = number % len(entries)
                rest = {key: value for key, value in entries[at].items() if key not in DATES}
                entries[at] = {**rest, **window_of(self.now, window)}

        self.edit(edit, then)

    @rule(**EDITS["take_away"], then=then)
    def take_away(self, team, number, kind, then):
        def edit(config):
            entries = getattr(config[team], kind)
            if entries:
                del entries[number % len(entries)]

        self.edit(edit, then)

    @rule(**EDITS["move_account"], then=then)
    def move_account(self, team, environment, account, then):
        self.edit(lambda config: config[team].accounts.update({environment: account}), then)

    @rule(**EDITS["reach_too_far"], then=then)
    def reach_too_far(self, team, number, hours, then):
        """It came past the pull request. Until it is mended, or the day is near enough, it is held."""

        def edit(config):
            entries = config[team].temporary
            if entries:
                dates = {"expires_at": st.instant(self.now + hours * 3_600)}
                at = number % len(entries)
                entries[at] = {key: value for key, value in entries[at].items() if key not in DATES[1:]} | dates

        self.edit(edit, then)

    @rule(**EDITS["keep_role"], then=then)
    def keep_role(self, team, role, has, then):
        """One that trusts the team's OIDC provider brings it."""

        def edit(config):
            config[team].roles[f"{team}-{role}"] = has
            if any("oidc" in item for item in has["trust"]):
                config[team].providers.setdefault("ci", {**PROVIDER, "url": f"https://id.{team}.example/ci"})

        self.edit(edit, then)

    @rule(**EDITS["drop_role"], then=then)
    def drop_role(self, team, role, then):
        def edit(config):
            there = sorted(config[team].roles)
            if there:
                del config[team].roles[there[ROLES.index(role) % len(there)]]

        self.edit(edit, then)

    @rule(**EDITS["change_provider"], then=then)
    def change_provider(self, team, provider, then):
        def edit(config):
            config[team].providers = {"ci": {"url": f"https://id.{team}.example/ci", **provider}} if provider else {}

        self.edit(edit, then)

    @rule(**EDITS["change_rules"], then=then)
    def change_rules(self, mfa, then):
        """Leases in production need a second factor from now on, or no more."""
        lends_to_roles = [lease for lease in reference.leases(self.config, self.now) if lease.kind == "roles" and lease.account == PROD]
        if (PROD in self.model.mfa) == mfa or lends_to_roles:
            event("edit left out")
            return
        type(self).edits += 1
        self.has_new_rules = True
        self.world.repo.commit("Rules", settings_with(mfa))
        self.model.commit(self.config, [PROD] * mfa)
        if then:
            self.apply()

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
        self.apply_once()
        lent = self.model.things
        self.model.apply(self.config, self.now)
        if self.model.things != lent:  # a rule is for what comes after it: leases that are there follow with the next apply
            self.run_apply(is_done=not self.model.waits)
        self.rest("apply", code=int(self.model.waits))
        self.rest("cleanup")

    @rule(account=draw.sampled_from(ACCOUNTS), then=then)
    def apply_without(self, account, then):
        """The role of one account cannot be assumed: the other gets all, and the next apply does the rest."""
        self.apply_once(account)
        if then:
            self.apply()

    def apply_once(self, failed=None):
        faults = [Fault("denied", when=lambda call: call.action == "AssumeRole" and call.account == failed)] if failed else []
        self.run_apply(self.model.apply(self.config, self.now, failed), faults)

    def run_apply(self, is_done, faults=()):
        type(self).applies += 1
        applied = self.world.repo.applied
        # A plan judges one change by the rules before it; of several an apply judges each by its own.
        plan = self.plan() if applied and is_done and self.is_whole and not self.is_mixed else None
        self.world.run("apply", now=st.instant(self.now), faults=faults).expect(0 if is_done else 1)
        lines = differences(plan, self.world) if plan else []
        assert lines == [], self.shown("apply does not do what was planned:", *lines)
        if is_done:
            self.has_new_rules = self.is_mixed = False
        self.is_whole = is_done  # what an apply did that was not whole is not between the two commits of a plan
        self.check()
        assert self.world.repo.applied == (self.world.repo.head if is_done else applied)

    @rule()
    def cleanup(self):
        self.world.run("cleanup", now=st.instant(self.now)).expect(0)
        self.model.cleanup(self.now)
        self.check()
        self.rest("cleanup")

    # --- helpers ---

    def somebody(self, who):
        """In place of a role that no file declares the one that was there before."""
        is_there = who[0] != "role" or any(who[1] in team.roles for team in self.config.values())
        return who if is_there else ("role", kept.BY_HAND)

    def plan(self):
        """By the role that only reads, of all that was committed since the last apply."""
        arguments = ["--live", "--base", "refs/tags/iamlease/applied", "--head", "HEAD", "--json"]
        plan = self.world.run("plan", *arguments, now=st.instant(self.now)).json
        assert self.world.proxy.writes == []
        return plan

    def edit(self, change, then):
        """Commits a change, unless more of it would be held than what reaches too far; and applies it, or not yet."""
        config = copy.deepcopy(self.config)
        change(config)
        if config == self.config or not self.model.possible(config, self.now):
            event("edit left out")
            return
        type(self).edits += 1
        self.config = config
        self.history.append(config)
        self.is_mixed |= self.has_new_rules
        self.world.repo.commit(f"Edit {len(self.history)}", self.files())
        self.model.commit(config)
        if then:
            self.apply()

    def files(self):
        return {path: text for name, team in self.config.items() for path, text in team.files(name).items()}

    def check(self):
        lines = reading.differences(reading_kept.snapshot(self.world), self.model, self.others, self.now)
        assert lines == [], self.shown(f"at {st.instant(self.now)}, AWS is not as the model says:", *lines)

    def rest(self, command, code=0):
        self.world.run(command, now=st.instant(self.now)).expect(code)
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

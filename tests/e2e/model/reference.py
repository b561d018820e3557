"""The reference: what a configuration means, and what apply and cleanup make of the state of AWS (DESIGN §3).

It knows nothing of the program: no order of calls, no names of objects, no sizes beyond "certainly fits".
"""

import json
import re
from collections import Counter
from dataclasses import dataclass, field

from model import kept
from model import statements as st

DAY = 86_400
ADHOC = "ad-hoc"  # what Team.modes calls entries without a grant's name
KINDS = {"user": "users", "role": "roles", "group": "groups"}
INLINE_QUOTA = {"users": 2_048, "roles": 10_240, "groups": 5_120}
ATTACHMENTS = 10
MANAGED_QUOTA = 6_144
MAX_DAYS = 6  # how far a lease may reach, where the settings do not say


@dataclass
class Team:
    """One team's files, as data; `modes` has how the leases of a grant are made, ADHOC among them."""

    accounts: dict
    policies: dict
    permanent: list = field(default_factory=list)
    temporary: list = field(default_factory=list)
    modes: dict = field(default_factory=dict)
    roles: dict = field(default_factory=dict)  # aws-roles
    providers: dict = field(default_factory=dict)  # oidc-providers

    @property
    def issuers(self):
        return {name: provider["url"] for name, provider in self.providers.items()}

    def mode(self, grant):
        return self.modes.get(grant if isinstance(grant, str) else ADHOC, "auto")

    def files(self, name):
        """The four files, and that of roles; JSON is YAML."""
        temporary = [{**entry, "mode": self.mode(grant_of(entry))} for entry in self.temporary]
        content = {
            "aws-accounts": self.accounts,
            "aws-policies": self.policies,
            "permanent-access": self.permanent,
            "temporary-access": temporary,
        }
        files = {folder: {folder: value} if value else {} for folder, value in content.items()}
        kept_content = {"aws-roles": self.roles, "oidc-providers": self.providers}
        files["aws-roles"] = {key: value for key, value in kept_content.items() if value}
        return {
            f"{folder}/{name}.yaml": json.dumps(value, indent=1) + "\n" if value else None for folder, value in files.items()
        }


@dataclass(frozen=True)
class Lease:
    """What one entry of temporary-access asks for, or several that overlap or touch."""

    account: str
    kind: str
    principal: str
    team: str
    grant: object  # its name, or what an ad-hoc one allows
    begin: int  # None: at once
    end: int

    @property
    def fact(self):
        return self.account, self.kind, self.principal, self.team, self.grant


@dataclass(frozen=True)
class Thing:
    """What lends: `mode` inline or policy, and what it says; or a role, of which the trust policy and the denial are
    what it says."""

    lease: Lease
    mode: str
    says: tuple  # meanings
    attached: frozenset = frozenset()  # to a role: ARNs, and policies of ours

    @property
    def end(self):
        """The latest end of what it allows; of what only denies, that of the denial."""
        allows = [statement for statement in self.says if statement[0] == "Allow"]
        return max(map(st.end_of, allows or self.says))

    @property
    def needs_mfa(self):
        return any(st.requires_mfa(statement) for statement in self.says)


def user_name(email):
    return email.split("@")[0]


def principals(entry):
    """(kind, name) of everybody an entry names."""
    for one, kind in KINDS.items():
        names = entry.get(kind, []) + ([entry[one]] if one in entry else [])
        for name in names:
            yield kind, user_name(name) if kind == "users" else name


def own(team, grant):
    """How a policy of ours that stays is called; one of an ad-hoc grant by what it allows."""
    return f"own:{team}-{grant.replace('.', '-')}" if isinstance(grant, str) else f"own:{team}-{adhoc(grant)}"


def adhoc(grant):
    """What an ad-hoc grant allows, as text that is one for one meaning."""
    return str([sorted(grant[0]), sorted(grant[1])])


def attached_by(team, label, grant):
    """What a grant attaches: ARNs, and a policy of ours."""
    policy = team.policies[grant]
    return [*policy.get("managed_policies", []), *([own(label, grant)] if "custom_statements" in policy else [])]


def attachments(teams):
    """The permanent grants: (account, kind, principal, what), where what is an ARN or a policy of ours."""
    of_entries = {
        (team.accounts[environment], kind, principal, what)
        for label, team in teams.items()
        for entry in team.permanent
        for environment in entry["environments"]
        for kind, principal in principals(entry)
        for grant in entry["grants"]
        for what in attached_by(team, label, grant)
    }
    return of_entries | {
        (team.accounts[environment], "roles", name, what)
        for label, team in teams.items()
        for name, role in team.roles.items()
        for environment in role["environments"]
        for what in [
            *role.get("managed_policies", []),
            *(what for grant in role.get("grants", []) for what in attached_by(team, label, grant)),
        ]
    }


def policies(teams, things, failed=None):
    """Our policies that stay: {(account, what): meanings}, where something attaches them, roles that are lent too; but for
    one account."""
    things = [thing for thing in things if thing.lease.account != failed]
    used = {(account, what) for account, _, _, what in attachments(teams)}
    used |= {(thing.lease.account, what) for thing in things for what in thing.attached}
    used = {(account, what) for account, what in used if what.startswith("own:")}
    says = {
        own(label, name): Counter(st.meaning(st.written(s)) for s in policy["custom_statements"])
        for label, team in teams.items()
        for name, policy in team.policies.items()
        if "custom_statements" in policy
    }
    for team, grant in {(thing.lease.team, thing.lease.grant) for thing in things}:
        if not isinstance(grant, str):
            says[own(team, grant)] = Counter([st.meaning(adhoc_statement(grant))])
    return {(account, what): says[what] for account, what in used if account != failed}


def end_of(entry):
    if "expires_at" in entry:
        return st.seconds(entry["expires_at"])
    return st.seconds(entry["expiration_date"]) + DAY  # through the end of that day


def grant_of(entry):
    if "grant" in entry:
        return entry["grant"]
    return tuple(sorted(entry["permissions"])), tuple(sorted(entry["resources"]))


def leases(teams, now):
    """What is to be lent at `now`: what overlaps or touches is one lease, and what has ended is none."""
    for fact, windows in entries_of(teams).items():
        windows = sorted(windows, key=lambda window: (window[0] if window[0] is not None else -1, window[1]))
        merged = [windows[0][:2]]
        for begin, end, _ in windows[1:]:
            if begin is None or begin <= merged[-1][1]:
                merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
            else:
                merged.append((begin, end))
        yield from (Lease(*fact, begin, end) for begin, end in merged if end > now)


def too_far(teams, now):
    """Facts with an entry that reaches further than it may, {fact: when that begins}; they have no other (Model.possible)."""
    return {
        fact: begin
        for fact, windows in entries_of(teams).items()
        for begin, end, is_date in windows
        if end > now + (MAX_DAYS + is_date) * DAY
    }


def entries_of(teams):
    """The entries of temporary-access by fact: (begin or None, end, whether that is a date)."""
    found = {}
    for label, team in teams.items():
        for entry in team.temporary:
            for kind, principal in principals(entry):
                begin = st.seconds(entry["starts_at"]) if "starts_at" in entry else None
                fact = team.accounts[entry["environment"]], kind, principal, label, grant_of(entry)
                found.setdefault(fact, []).append((begin, end_of(entry), "expiration_date" in entry))
    return found


def adhoc_statement(grant):
    actions, resources = grant
    return {"Effect": "Allow", "Action": list(actions), "Resource": list(resources)}


def lent_statements(teams, lease, sources):
    """The statements that a lease lends, before its window is merged in; `sources` has managed policies by ARN."""
    if not isinstance(lease.grant, str):
        return [adhoc_statement(lease.grant)]
    policy = teams[lease.team].policies[lease.grant]
    from_managed = [s for arn in policy.get("managed_policies", []) for s in st.listed(sources[arn]["Statement"])]
    return [st.written(s) for s in policy.get("custom_statements", [])] + from_managed


def attached_to_role(teams, lease):
    """What is attached to a role that lends a grant."""
    if not isinstance(lease.grant, str):
        return frozenset([own(lease.team, lease.grant)])
    return frozenset(attached_by(teams[lease.team], lease.team, lease.grant))


def is_too_large(source):
    """Whether a document certainly has no room for an end, as it is too large without one."""
    return len(re.sub(r"\s", "", json.dumps(source))) > MANAGED_QUOTA


def most_bytes(says):
    """No less than what an inline policy of these statements takes."""
    return 60 + sum(len(json.dumps(statement)) + 190 for statement in says)


@dataclass
class ByHand:
    """What others put on roles of ours, {(account, role): {…}}, and their OIDC providers, {(account, address): …}."""

    tags: dict = field(default_factory=dict)
    inline: dict = field(default_factory=dict)
    providers: dict = field(default_factory=dict)


def of(places, account):
    """Those in an account, of a set or dict by (account, …)."""
    return _chosen(places, lambda place: place[0] == account)


def others_than(places, account):
    return _chosen(places, lambda place: place[0] != account)


def _chosen(places, test):
    chosen = filter(test, places)
    return {place: places[place] for place in chosen} if isinstance(places, dict) else set(chosen)


class Model:
    """The state that AWS should have: attachments, our policies, and what is lent."""

    def __init__(self, attached, inline_bytes, sources, mfa=(), by_hand=None, left=None):
        """`attached` and `inline_bytes` are what was there before; `mfa` names accounts that require it; of `by_hand` see
        ByHand; `left` is what cloud-iam-self-serve left, which every apply adopts (adopting.left)."""
        self.attached = set(attached)
        self.inline_bytes = inline_bytes
        self.sources = sources
        self.mfa = frozenset(mfa)  # by the rules of the last commit
        self.mfa_before = frozenset()  # by those before any commit since the last apply that did everything
        self.policies = {}
        self.things = set()
        self.roles, self.providers = {}, {}  # of aws-roles
        self.by_hand = by_hand or ByHand()
        self.left = dict(left or {})
        self.adopted = {}  # like `policies`: what we took over, and somebody has
        self.declared = set()  # attachments of all commits since the last apply that did everything
        self.waits = False  # whether there is a commit since
        self.since = []  # the files that were applied last, all of them, and of the commits since
        self.applied = {}  # by account, the files of which it was last given what is not held

    def commit(self, teams, mfa=None):
        """`mfa`: the accounts that require it by the rules of this commit, where these change: they are for what comes
        after it."""
        self.declared |= attachments(teams)
        self.mfa_before |= self.mfa
        self.mfa = self.mfa if mfa is None else frozenset(mfa)
        self.waits = True
        self.since.append(teams)

    def apply(self, teams, now, failed=None):
        """Gives whether all is done: nothing held, and no account `failed`, which stays as it is."""
        wanted = attachments(teams)
        self.adopt(wanted)
        self.attached = of(self.attached, failed) | others_than((self.attached - self.declared) | wanted, failed)
        self.things = {thing for thing in self.things if thing.lease.account == failed} | {
            thing for thing in self.lend(teams, now) if thing.lease.account != failed
        }
        has = {(account, what) for account, _, _, what in self.attached}
        self.adopted = {policy: says for policy, says in self.adopted.items() if policy in has}
        stays = of(self.policies, failed)
        self.policies = {**self.adopted, **others_than(policies(teams, self.things, failed), failed), **stays}
        self.roles = {**of(self.roles, failed), **others_than(kept.roles(teams), failed)}
        self.providers = {**of(self.providers, failed), **others_than(kept.providers(teams), failed)}
        self.applied.update({account: teams for account in {place[0] for place in self.inline_bytes} if account != failed})
        is_done = not failed and not too_far(teams, now)
        if is_done:
            self.declared, self.mfa_before, self.waits, self.since = set(wanted), frozenset(), False, [teams]
        return is_done

    def requires_mfa(self, account):
        """The strictest of the rules that judge what was committed since the last apply; later those of the last commit."""
        return account in (self.mfa_before if self.waits else self.mfa)

    def adopt(self, wanted):
        """Policies of the scripts that permanent grants need become ours; their temporary ones go."""
        self.take_over({(account, what) for account, _, _, what in wanted if what.startswith("own:")})
        self.left = {place: it for place, it in self.left.items() if place[1] != "inline"}

    def take_over(self, policies):
        """From now on these are ours, {(account, what)}, with all who have them."""
        for account, what in policies:
            arn = f"arn:aws:iam::{account}:policy/{what.removeprefix('own:')}"
            policy = self.left.pop((account, "policy", arn), None)
            if policy:
                self.adopted[account, what] = Counter(map(st.meaning, policy["document"]["Statement"]))
                self.attached = {(*who, what if (who[0], has) == (account, arn) else has) for *who, has in self.attached}

    def expected_roles(self):
        return {
            place: {
                **role,
                "tags": {**role["tags"], **self.by_hand.tags.get(place, {})},
                "by_hand": self.by_hand.inline.get(place, {}),
            }
            for place, role in self.roles.items()
        }

    def expected_providers(self):
        return {**self.by_hand.providers, **self.providers}

    def cleanup(self, now):
        self.things = {thing for thing in self.things if thing.end > now}

    def lend(self, teams, now, held=None):
        """What is to be lent: what is held stays as it is, until its end."""
        held, live = too_far(teams, now) if held is None else held, {}
        for thing in self.things:
            if thing.end > now:
                live.setdefault((thing.lease.fact, thing.lease.begin), set()).add(thing.mode)
        lent_with_mfa = {(thing.lease.fact, thing.lease.begin) for thing in self.things if thing.needs_mfa}
        things = {  # a window that begins at another time is another lease, which goes with its entry
            thing for thing in self.things if held.get(thing.lease.fact, "no") == thing.lease.begin and thing.end > now
        }
        for lease in leases(teams, now):
            if lease.fact in held:
                continue
            mfa = self.requires_mfa(lease.account) or (lease.fact, lease.begin) in lent_with_mfa
            mode = self.mode(teams, lease, live.get((lease.fact, lease.begin), set()))
            if mode == "role":
                arn = f"arn:aws:iam::{lease.account}:user/{lease.principal}"
                arn = kept.arn(teams, lease.account, lease.principal) if lease.kind == "roles" else arn
                says = st.trust(arn, lease.begin, lease.end, mfa), st.denial(lease.end)
                things.add(Thing(lease, mode, says, attached_to_role(teams, lease)))
                continue
            says = lent_statements(teams, lease, self.sources)
            thing = Thing(lease, mode, tuple(st.lent(s, lease.begin, lease.end, mfa) for s in says))
            if thing.end > now:  # by its own conditions it may be over before the lease is
                things.add(thing)
        return things

    def mode(self, teams, lease, live):
        """An entry's own mode; else the one that it has while that can be; else the first of inline (unless managed
        policies are in it), policy and role that is possible."""
        asked = teams[lease.team].mode(lease.grant)
        if asked != "auto":
            return asked
        sources = self.managed(teams, lease)
        lives = next(iter(live)) if len(live) == 1 else "inline"
        if lives == "role" or any(is_too_large(self.sources[arn]) for arn in sources):
            return "role"
        return "policy" if sources else lives

    def stays(self, teams, held, now):
        """Whether each of these facts has one entry, grants what it granted when it was applied last, and no commit since
        made it shorter: that would go on."""
        first, *since = [entries_of(config) for config in [*self.since, teams]]
        for fact in held:
            account, _, _, label, grant = fact
            before, after = self.applied[account][label], teams[label]
            if (before.policies.get(grant), before.mode(grant)) != (after.policies.get(grant), after.mode(grant)):
                return False
            is_held = [fact in too_far(config, now) for config in [*self.since[1:], teams]]
            is_same = [entries.get(fact) == first.get(fact) for entries in since]
            if len(since[-1][fact]) > 1 or not all(same or it for same, it in zip(is_same, is_held)):
                return False
        return True

    @staticmethod
    def managed(teams, lease):
        named = isinstance(lease.grant, str)
        return teams[lease.team].policies[lease.grant].get("managed_policies", []) if named else []

    def possible(self, teams, now):
        """Whether a configuration is one that nothing is held of but what reaches too far: no role is lent to where a second
        factor is needed, no group is to switch to a role, nothing too large is to be copied, every principal certainly
        stays within its quotas, also while it is applied, and every role and provider is there that an entry names."""
        if not kept.is_whole(teams, attachments(teams) | {lease.fact for lease in leases(teams, now)}):
            return False
        held = too_far(teams, now)
        if held and not self.stays(teams, held, now):
            return False
        entries = [(team, entry) for team in teams.values() for entry in team.temporary]
        if any("group" in entry and team.mode(grant_of(entry)) == "role" for team, entry in entries):
            return False
        things = self.lend(teams, now) | self.lend(teams, now, held={})
        for thing in things:
            large = any(is_too_large(self.sources[arn]) for arn in self.managed(teams, thing.lease))
            if thing.lease.kind == "groups" if thing.mode == "role" else large:
                return False
        if any(thing.lease.account in self.mfa | self.mfa_before and thing.lease.kind == "roles" for thing in things):
            return False
        inline, attached = Counter(self.inline_bytes), Counter()
        for thing in things | self.things:
            holder = thing.lease.account, thing.lease.kind, thing.lease.principal
            if thing.mode == "inline":
                inline[holder] += most_bytes(lent_statements_of(thing))
            elif thing.mode == "policy":
                attached[holder] += 1
        attached.update(where[:3] for where in self.attached | attachments(teams))
        return all(size <= INLINE_QUOTA[kind] for (_, kind, _), size in inline.items()) and all(
            count <= ATTACHMENTS for count in attached.values()
        )


def lent_statements_of(thing):
    """The statements of a thing as plain data, only to be measured."""
    return [
        [effect, what[0], sorted(what[1]), where[0], sorted(where[1]), [[o, k, str(v)] for o, k, v in conditions]]
        for effect, what, where, conditions in thing.says
    ]

"""What statements of policies mean, as data that is equal where the meaning is; and how a lease's window is merged in.

A statement becomes (effect, actions, resources, conditions). Conditions are a frozenset of (operator, key, values); the
bounds of aws:CurrentTime that a lease sets are seconds since 1970.
"""

from datetime import datetime, timezone

BEGIN, END = "dategreaterthanequals", "datelessthan"
FOREVER = float("inf")
TIME, MFA = "aws:currenttime", "aws:multifactorauthpresent"


def listed(value):
    return value if isinstance(value, list) else [value]


def text(value):
    """A condition's value as IAM compares it: JSON's true is the text "true"."""
    return str(value).lower() if isinstance(value, bool) else str(value)


def seconds(when):
    """An instant, or a date, as seconds since 1970."""
    moment = datetime.fromisoformat(str(when).replace("Z", "+00:00"))
    return int((moment if moment.tzinfo else moment.replace(tzinfo=timezone.utc)).timestamp())


def instant(at):
    return datetime.fromtimestamp(at, timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")


def meaning(statement):
    """The meaning of a statement as IAM stores it; that of a trust policy has its principals in place of resources."""
    what = next((key, frozenset(listed(statement[key]))) for key in ("Action", "NotAction") if key in statement)
    if "Principal" in statement:
        trusted = statement["Principal"].items()
        where = "Principal", frozenset((kind, name) for kind, names in trusted for name in listed(names))
    else:
        where = next((key, frozenset(listed(statement[key]))) for key in ("Resource", "NotResource") if key in statement)
    conditions = {}
    for operator, keys in statement.get("Condition", {}).items():
        for key, values in keys.items():
            place = (operator.lower(), key.lower())
            values = frozenset(map(text, listed(values)))
            if place in ((BEGIN, TIME), (END, TIME)):  # several values are alternatives, of which the widest counts
                values = (min if place[0] == BEGIN else max)(map(seconds, values))
            assert place not in conditions, f"{operator} {key} twice in {statement}"
            conditions[place] = values
    return statement["Effect"], what, where, frozenset((*place, values) for place, values in conditions.items())


def written(statement):
    """A statement of a team's file, as IAM would store it."""
    names = {
        "effect": "Effect",
        "actions": "Action",
        "not_actions": "NotAction",
        "resources": "Resource",
        "not_resources": "NotResource",
        "conditions": "Condition",
    }
    return {names[key]: value for key, value in statement.items() if key != "sid"}


def lent(statement, begin, end, mfa):
    """The meaning of a statement that holds from `begin` (None: always did) until `end`; never wider than it was."""
    effect, what, where, conditions = meaning(statement)
    kept = {(operator, key): values for operator, key, values in conditions}
    kept[END, TIME] = min(end, kept.get((END, TIME), end))
    if begin is not None:
        kept[BEGIN, TIME] = max(begin, kept.get((BEGIN, TIME), begin))
    if mfa and effect == "Allow":
        kept["bool", MFA] = frozenset(["true"])
    return effect, what, where, frozenset((*place, values) for place, values in kept.items())


def trust(arn, begin, end, mfa):
    """The meaning of the trust policy of a lease that is a role."""
    door = {"Effect": "Allow", "Principal": {"AWS": arn}, "Action": "sts:AssumeRole"}
    return lent({**door, "Condition": {}}, begin, end, mfa)


def denial(end):
    """The meaning of what denies everything from the end on."""
    return "Deny", ("Action", frozenset("*")), ("Resource", frozenset("*")), frozenset([(BEGIN, TIME, end)])


def end_of(statement):
    """When a meaning ends; infinite without an end."""
    return next((values for operator, key, values in statement[3] if (operator, key) == (END, TIME)), FOREVER)


def requires_mfa(statement):
    return ("bool", MFA, frozenset(["true"])) in statement[3]


def begun(statement, now):
    """The same meaning seen from `now` on: a beginning that has passed says nothing more."""
    effect, what, where, conditions = statement
    passed = {c for c in conditions if c[:2] == (BEGIN, TIME) and c[2] <= now}
    return effect, what, where, conditions - passed

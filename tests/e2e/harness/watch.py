"""Looks at an account after every write: temporary access is never there without its end, not even for a moment. Nobody
has anything else that is not his for good: what is attached to him, what it says, and inline policies.

Of a role that is lent that means: it lets in one principal only, and until its end; before anything is allowed to its
sessions, its denial is there, and the denial goes after all that allows; where the end moves, the denial moves first.
"""

import json
import re

from harness import state

KINDS = ("users", "roles", "groups")
BORROWED = re.compile(r"\[iamlease default/[^/\]]+/[^:\]]+:")  # the mark of a policy that is a lease


class Watch:
    """For Proxy.observer. `standing` is what may have no end: see standing(); `latest` is the latest end that any lease
    of the story may have."""

    def __init__(self, aws, standing, latest):
        self.aws = aws
        self.standing = standing
        self.latest = latest
        self.looks = 0
        self.violations = []

    def __call__(self, call):
        self.looks += 1
        self.see(call, self.aws.look(call.account))

    def see(self, call, content):
        """Judges what an account allows after that call."""
        borrowed = {arn for arn, policy in content["policies"].items() if BORROWED.search(policy["description"])}
        for arn in borrowed:
            self._must_end(call, arn, json.loads(content["policies"][arn]["document"]))
        for kind in KINDS:
            for name, has in content[kind].items():
                if name == state.HARNESS:
                    continue
                if kind == "roles" and is_lent(has):
                    self._must_be_bounded(call, name, has)
                    continue
                for policy, text in has["inline"].items():
                    document = json.loads(text)
                    if state.is_our_inline(document):
                        self._must_end(call, f"{kind}/{name}/{policy}", document)
                    else:
                        self._must_stand(call, kind, name, policy, document)
                for arn in set(has["attached"]) - borrowed:
                    policy = content["policies"].get(arn)
                    self._must_stand(call, kind, name, arn, json.loads(policy["document"]) if policy else None)

    def _must_stand(self, call, kind, name, what, document):
        said = self.standing.get((call.account, kind, name, what))
        if said is None:
            self.violations.append(f"after {call.name}: {kind}/{name} has {what}, which nobody gave for good")
        elif _text(document) not in said and not any(_is_within(document, json.loads(text)) for text in said):
            self.violations.append(f"after {call.name}: {kind}/{name} has {what}, and nobody gave what it says: {_text(document)}")

    def _must_end(self, call, what, document):
        for statement in _statements(document):
            end = _end_of(statement)
            if statement["Effect"] == "Allow" and not (isinstance(end, str) and end <= self.latest):
                self.violations.append(f"after {call.name}: {what} allows until {end}: {json.dumps(statement)}")

    def _must_be_bounded(self, call, name, role):
        """A role that is a lease; an attachment is one more thing that it allows."""
        trust = json.loads(role["trust"])
        self._must_end(call, f"the trust policy of {name}", trust)
        for statement in _statements(trust):
            trusted = statement["Principal"].get("AWS")
            if not isinstance(trusted, str) or not re.search(r":(user|role)/", trusted):
                self.violations.append(f"after {call.name}: role {name} lets in {statement['Principal']}")
        if int(role["session_s"]) != 3_600:
            self.violations.append(f"after {call.name}: a session of role {name} lasts {role['session_s']} s")
        inline = [(policy, s) for policy, text in role["inline"].items() for s in _statements(json.loads(text))]
        denied_from = _denied_from([statement for _, statement in inline])
        allows = role["attached"] + [policy for policy, statement in inline if statement["Effect"] == "Allow"]
        if allows and not (denied_from and denied_from <= self.latest):
            self.violations.append(f"after {call.name}: role {name} allows {allows}, and denies from {denied_from}")
        ends = set(map(_end_of, _statements(trust)))
        if call.action == "UpdateAssumeRolePolicy" and call.params["RoleName"] == name and ends != {denied_from}:
            self.violations.append(f"after {call.name}: role {name} lets in until {ends}, and denies from {denied_from}")


def is_lent(role):
    """Whether a role, as Aws.look() has it, carries the mark of a lease of ours."""
    return re.fullmatch(r"default/[^/]+/[^/:]+:.+", role["tags"].get("iamlease", "")) is not None


def _statements(document):
    statements = document["Statement"]
    return statements if isinstance(statements, list) else [statements]


def _end_of(statement):
    return statement.get("Condition", {}).get("DateLessThan", {}).get("aws:CurrentTime")


def _denied_from(statements):
    """From when on everything is denied, by some statement."""
    for statement in statements:
        is_whole = all(statement.get(key) in ("*", ["*"]) for key in ("Action", "Resource"))
        (operator, keys), *more = statement.get("Condition", {"": {}}).items()
        if statement["Effect"] == "Deny" and is_whole and (operator, more) == ("DateGreaterThanEquals", []):
            return keys["aws:CurrentTime"] if len(keys) == 1 else None
    return None


def standing(*snapshots):
    """
    What somebody has in one of these states and is no lease, with what it says there: {(account, kind, principal, ARN or name
    of an inline policy): documents as text}. The documents of AWS's own policies are not known.
    """
    found = {}
    for account, content in [(account, content) for snapshot in snapshots for account, content in snapshot.items()]:
        for kind, name, has in [(kind, name, has) for kind in KINDS for name, has in content[kind].items()]:
            has_for_good = {policy: document for policy, document in has["inline"].items() if not state.is_our_inline(document)}
            for arn in has["attached"]:
                policy = content["policies"].get(arn, {"description": "", "document": None})
                if not BORROWED.search(policy["description"]):
                    has_for_good[arn] = policy["document"]
            for what, document in has_for_good.items():
                found.setdefault((account, kind, name, what), set()).add(_text(document))
    return found


def _is_within(document, given):
    """Whether a document allows no more than that one: what it lost on the way to somebody else's is no gain."""
    if document is None or given is None:
        return False
    allowed = [(_actions(s), _without_actions(s)) for s in _statements(given) if s["Effect"] == "Allow" and "Action" in s]
    denied = [s for s in _statements(given) if s["Effect"] == "Deny"]
    return all(s in _statements(document) for s in denied) and all(
        "Action" in s and any(_actions(s) <= actions and _without_actions(s) == rest for actions, rest in allowed)
        for s in _statements(document)
        if s["Effect"] == "Allow"
    )


def _actions(statement):
    action = statement["Action"]
    return set([action] if isinstance(action, str) else action)


def _without_actions(statement):
    return {key: value for key, value in statement.items() if key not in ("Action", "Sid")}


def _text(document):
    return json.dumps(document, sort_keys=True)

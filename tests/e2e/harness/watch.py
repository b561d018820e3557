"""Looks at an account after every write: temporary access is never there without its end, not even for a moment.

Of a role that is lent that means: it lets in one principal only, and until its end; before anything is allowed to its
sessions, its denial is there, and the denial goes after all that allows; where the end moves, the denial moves first.
"""

import json
import re

from harness import state

BORROWED = re.compile(r"\[iamlease default/[^/\]]+/[^:\]]+:")  # the mark of a policy that is a lease


class Watch:
    """For Proxy.observer. `standing` are the attachments that may have no end: (account, kind, principal, ARN);
    `latest` is the latest end that any lease of the story may have."""

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
        for kind in ("users", "roles", "groups"):
            for name, has in content[kind].items():
                if kind == "roles" and is_lent(has):
                    self._must_be_bounded(call, name, has)
                    continue
                for policy, text in has["inline"].items():
                    document = json.loads(text)
                    if state.is_our_inline(document):
                        self._must_end(call, f"{kind}/{name}/{policy}", document)
                for arn in has["attached"]:
                    if arn not in borrowed and (call.account, kind, name, arn) not in self.standing:
                        self.violations.append(f"after {call.name}: {kind}/{name} has {arn}, which nobody gave for good")

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
    """The attachments of these states that are no leases."""
    return {
        (account, kind, name, arn)
        for snapshot in snapshots
        for account, content in snapshot.items()
        for kind in ("users", "roles", "groups")
        for name, has in content[kind].items()
        for arn in has["attached"]
        if not BORROWED.search(content["policies"].get(arn, {}).get("description", ""))
    }

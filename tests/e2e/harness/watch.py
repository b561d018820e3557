"""Looks at an account after every write: temporary access is never there without its end, not even for a moment."""

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
        content = self.aws.look(call.account)
        self.looks += 1
        borrowed = {arn for arn, policy in content["policies"].items() if BORROWED.search(policy["description"])}
        for arn in borrowed:
            self._must_end(call, arn, json.loads(content["policies"][arn]["document"]))
        for kind in ("users", "roles", "groups"):
            for name, has in content[kind].items():
                for policy, text in has["inline"].items():
                    document = json.loads(text)
                    if state.is_our_inline(document):
                        self._must_end(call, f"{kind}/{name}/{policy}", document)
                for arn in has["attached"]:
                    if arn not in borrowed and (call.account, kind, name, arn) not in self.standing:
                        self.violations.append(f"after {call.name}: {kind}/{name} has {arn}, which nobody gave for good")

    def _must_end(self, call, what, document):
        statements = document["Statement"]
        for statement in statements if isinstance(statements, list) else [statements]:
            end = statement.get("Condition", {}).get("DateLessThan", {}).get("aws:CurrentTime")
            if statement["Effect"] == "Allow" and not (isinstance(end, str) and end <= self.latest):
                self.violations.append(f"after {call.name}: {what} allows until {end}: {json.dumps(statement)}")


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

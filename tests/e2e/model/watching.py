"""The watch of a story: what harness/watch.py sees, and what needs to know what the commits of the story say."""

import json
from dataclasses import dataclass, field

from harness import state
from harness.watch import Watch

from model import kept
from model import statements as st


@dataclass
class Promises:
    """
    What holds at every moment of a story. `standing` and `latest`: see Watch. `given`: see kept.given(). `always` is
    what all its commits give for good, (account, kind, principal, ARN or name of an inline policy), and `lent` what all of
    them lend: (account, user, names of inline policies), of which the user always has one.
    """

    standing: dict
    latest: str
    given: dict = field(default_factory=dict)
    always: set = field(default_factory=set)
    lent: set = field(default_factory=set)


class StoryWatch(Watch):
    def __init__(self, aws, promises):
        super().__init__(aws, promises.standing, promises.latest)
        self.promises = promises

    def see(self, call, content):
        super().see(call, content)
        for account, kind, name, what in self.promises.always:
            if account == call.account and what not in (*content[kind][name]["attached"], *content[kind][name]["inline"]):
                self.violations.append(f"after {call.name}: {kind}/{name} lost {what}, which every commit gives")
        for account, user, names in self.promises.lent:
            if account == call.account and not names & content["users"][user]["inline"].keys():
                self.violations.append(f"after {call.name}: {user} has none of {sorted(names)}, which every commit lends")
        for name, role in content["roles"].items():
            if "/" in role["tags"].get("iamlease", "") and ":" not in role["tags"]["iamlease"]:
                self._must_be_given(call, name, role, content["providers"])

    def _must_be_given(self, call, name, role, providers):
        """A role that is kept: nobody who may assume it has what no commit gave to him; and who vouches for him is there."""
        given = self.promises.given.get((call.account, name), set())
        statements = list(map(st.meaning, st.listed(json.loads(role["trust"])["Statement"])))
        for _, _, (_, trusted), _ in statements:
            self.violations += [
                f"after {call.name}: role {name} trusts {arn}, which is not there"
                for kind, arn in trusted
                if kind == "Federated" and ":oidc-provider/" in arn and arn not in providers
            ]
        lent = [json.loads(text) for text in role["inline"].values()]
        lent = [st.meaning(s) for document in lent if state.is_our_inline(document) for s in st.listed(document["Statement"])]
        has = [(arn, st.FOREVER) for arn in role["attached"]] + [kept.allowed(says) for says in lent if says[0] == "Allow"]
        if any(effect == "Deny" and ("AWS", "*") in trusted for effect, _, (_, trusted), _ in statements):
            return  # nobody may assume it
        for door in [door for statement in statements for door in kept.doors(statement)]:
            for what, end in has:
                if not any(
                    (door, what) == (to, thing) and end <= until and bound in (role["boundary"], None)
                    for to, thing, until, bound in given
                ):
                    bounds = f"role {name}, bound by {role['boundary']},"
                    self.violations.append(f"after {call.name}: {bounds} lets in {door} to {what} until {end}, which no commit gives")

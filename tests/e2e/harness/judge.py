"""What a principal's policies allow, judged by @cloud-copilot/iam-simulate: code that this project did not write."""

import json
import subprocess

from harness.cli import ROOT

JUDGE = ROOT / "tests" / "judge" / "judge.mjs"
ENDS = JUDGE.with_name("ends.mjs")
ALLOWED = "Allowed"
DENIED = "ImplicitlyDenied"


def question(policies, action, resource, principal, at, **context):
    """Is `principal` (an ARN) allowed this, by these policy documents, at this instant (RFC 3339)?

    `context` has more keys of the request, such as {"aws:MultiFactorAuthPresent": "true"}.
    """
    return {
        "policies": policies,
        "action": action,
        "resource": resource,
        "principal": principal,
        "context": {"aws:CurrentTime": at, **context},
    }


def judge(questions):
    """The answers to all questions, in their order: 'Allowed', 'ImplicitlyDenied' or 'ExplicitlyDenied'."""
    return _ask(JUDGE, questions)


def judge_ends(questions):
    """Of each {source, copies, principal, before, end}: the counts {made, allowed, lent, atEnd} (tests/judge/ends.mjs)."""
    return _ask(ENDS, questions)


def _ask(script, questions):
    done = subprocess.run(["node", str(script)], input=json.dumps(questions), capture_output=True, text=True)
    assert done.returncode == 0, f"the judge failed (npm install in {JUDGE.parent}?)\n{done.stderr}"
    return json.loads(done.stdout)

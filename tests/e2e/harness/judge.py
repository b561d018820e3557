"""What a principal's policies allow, judged by @cloud-copilot/iam-simulate: code that this project did not write."""

import json
import subprocess

from harness.cli import ROOT

JUDGE = ROOT / "tests" / "judge" / "judge.mjs"
ENDS = JUDGE.with_name("ends.mjs")
ARNS = JUDGE.with_name("arns.mjs")
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


def arns_of(services):
    """Of each service the ARNs of its kinds of resources, with variables such as ${Region} (tests/judge/arns.mjs)."""
    return _ask(ARNS, services)


_judges = {}  # script -> the process, as long as this one lives: node and the simulator take a while to start


def _ask(script, questions):
    if script not in _judges:
        _judges[script] = subprocess.Popen(
            ["node", str(script)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1
        )
    process = _judges[script]
    process.stdin.write(json.dumps(questions) + "\n")
    line = process.stdout.readline()
    assert line, f"the judge ended with {process.wait()} (npm install in {JUDGE.parent}?)"
    answers = json.loads(line)
    assert isinstance(answers, list) and len(answers) == len(questions), f"the judge failed: {answers}"
    return answers

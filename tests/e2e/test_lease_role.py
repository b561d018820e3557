"""Temporary grants by a role that a user switches to, judged by an independent simulator on what boto3 reads."""

import json

import pytest
from harness.aws import PROD, allow, document
from harness.configs import POLICIES, POWER_USER, files, lease, permanent, statement
from harness.judge import ALLOWED, DENIED, judge, question
from harness.state import our_inline, our_policies, our_roles

BERT = f"arn:aws:iam::{PROD}:user/bert"
NAME = "temp-payments-dev-s3-debug-bert"
ROLE = f"arn:aws:iam::{PROD}:role/iamlease/{NAME}"
OBJECT = "arn:aws:s3:::payments-ledger/2026"
LAST_SECOND, END = "2026-06-03T23:59:59Z", "2026-06-04T00:00:00Z"
EXPLICIT = "ExplicitlyDenied"


def by_role(user="bert", grant="dev.s3-debug", date="2026-06-03", **more):
    return {**lease(user, grant, date), "mode": "role", **more}


def role_of(world, name=NAME):
    return our_roles(world.snapshot()[PROD])[name]


def assumes(role, at, principal=BERT, **context):
    """The question whether the role's trust policy lets `principal` in."""
    asked = question([], "sts:AssumeRole", ROLE, principal, at, **context)
    return {**asked, "trust": role["trust"]}


def within(world, role, action, at, resource=OBJECT):
    """The question what a session of the role may do."""
    documents = [*role["inline"].values(), *(world.aws.document(PROD, arn) for arn in role["attached"])]
    return question(documents, action, resource, f"arn:aws:sts::{PROD}:assumed-role/{NAME}/bert", at)


def test_a_role_is_lent_and_ends(world):
    world.begin(files(temporary=[by_role()]))
    before = world.snapshot()
    result = world.run("apply").expect(0)
    role = role_of(world)
    assert judge([assumes(role, LAST_SECOND), assumes(role, END)]) == [ALLOWED, DENIED]
    inside = [within(world, role, "s3:PutObject", at) for at in (LAST_SECOND, END, "2030-01-01T00:00:00Z")]
    assert judge(inside) == [ALLOWED, EXPLICIT, EXPLICIT]
    assert ROLE in result.output and "https://signin.aws.amazon.com/switchrole?" in result.output
    world.run("apply").expect(0)
    assert world.proxy.writes == []
    world.run("cleanup", now=LAST_SECOND).expect(0)
    assert world.proxy.writes == []
    world.run("cleanup", now=END).expect(0)
    assert our_roles(world.snapshot()[PROD]) == {}
    world.repo.commit("No more", files())
    world.run("apply", now=END).expect(0)
    assert world.snapshot() == before

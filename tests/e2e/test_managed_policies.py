"""Policies that AWS manages, lent: some of them here, all of them in `make torture`."""

import random

import pytest
from model import managed

pytestmark = pytest.mark.xdist_group("full AWS")

SAMPLE = 40


def test_some_managed_policies_are_lent(full_world, seed):
    names = managed.all_names(full_world)
    lending = managed.Lending(full_world, random.Random(seed).sample(names, SAMPLE))
    found = lending.run()
    assert sorted(found) == sorted(lending.names)
    assert sum(counts["allowed"] for counts in lending.counts.values()) > SAMPLE  # the judge had something to judge


def test_one_that_is_too_large_and_one_that_the_emulator_refuses(full_world):
    names = ["ReadOnlyAccess", "CloudFrontFullAccess", "AmazonS3FullAccess"]
    lending = managed.Lending(full_world, names)
    assert lending.run() == dict(zip(names, ["too large", "refused", "lent"]))

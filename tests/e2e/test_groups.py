"""Groups: granted to, shown, taken from and cleaned up as users and roles are, under the printed permissions."""

from harness.aws import PROD
from harness.configs import READ_ONLY, READ_ONLY_ARN, files, lease, permanent
from harness.judge import ALLOWED, DENIED, judge, question
from harness.state import foreign, our_inline, our_policies

DEVELOPERS = "developers"
LEASE = "temp-payments-dev-s3-debug-developers"


def group_lease(date="2026-06-03"):
    entry = {**lease("bert", date=date), "group": DEVELOPERS}
    del entry["user"]
    return entry


def group_grant():
    return {**permanent(["dev.read-only"], environments=["prod"]), "groups": [DEVELOPERS]}


def group(world):
    return world.snapshot()[PROD]["groups"][DEVELOPERS]


def test_a_group_from_grant_to_removal(world):
    world.begin(files([group_grant()], [group_lease()]))
    before = world.snapshot()[PROD]
    world.run("apply").expect(0)
    after = group(world)
    assert set(after["attached"]) - set(before["groups"][DEVELOPERS]["attached"]) == {READ_ONLY, READ_ONLY_ARN[PROD]}
    assert set(our_inline(world.snapshot()[PROD])) == {("groups", DEVELOPERS, LEASE)}
    assert foreign(world.snapshot()[PROD], [READ_ONLY]) == foreign(before)

    shown = world.run("who").expect(0).stdout
    assert DEVELOPERS in shown and "payments/dev.s3-debug" in shown
    world.run("apply").expect(0)
    assert world.proxy.writes == []

    world.repo.commit("Nothing", files())
    world.run("apply").expect(0)
    assert world.snapshot()[PROD] == before


def test_a_lease_of_a_group_ends_and_is_cleaned_up(world):
    world.begin(files([], [group_lease()]))
    world.run("apply").expect(0)
    document = group(world)["inline"][LEASE]
    ada = f"arn:aws:iam::{PROD}:user/ada"
    times = ["2026-06-03T23:59:59Z", "2026-06-04T00:00:00Z"]
    questions = [question([document], "s3:PutObject", "arn:aws:s3:::payments-x/1", ada, at) for at in times]
    assert judge(questions) == [ALLOWED, DENIED]
    world.run("cleanup", now="2026-06-03T23:59:59Z").expect(0)
    assert LEASE in group(world)["inline"]
    world.run("cleanup", now="2026-06-04T00:00:00Z").expect(0)
    assert LEASE not in group(world)["inline"] and "by-hand" in group(world)["inline"]
    assert our_policies(world.snapshot()[PROD]) == {}


def test_a_group_that_is_not_there(world):
    world.begin(files([{**group_grant(), "groups": ["testers"]}]))
    result = world.run("apply").expect(1)
    assert "there is no group named 'testers'" in result.output

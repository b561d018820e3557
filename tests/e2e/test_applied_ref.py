"""refs/tags/iamlease/applied: what was applied, where it may stand, and when it moves."""

import json

from harness.aws import NONPROD, PROD
from harness.configs import CHANGED, EDITED, GRANTS, NOTHING, POWER_USER, files, lease, permanent

REF = "refs/tags/iamlease/applied"


def test_it_is_missing_while_objects_of_ours_are_there(world):
    world.begin(GRANTS)
    world.run("apply").expect(0)
    granted = world.snapshot()
    world.repo.git("update-ref", "-d", REF)
    world.repo.commit("Nothing", NOTHING)
    result = world.run("apply").expect(1)
    assert "--first-apply" in result.stderr
    assert "another repository made them, set another owner" in result.stderr  # or it would be taken apart
    assert world.proxy.writes == [] and world.snapshot() == granted and world.repo.applied is None
    world.run("apply", "--first-apply").expect(0)
    assert world.repo.applied == world.repo.head


def test_it_is_not_behind_head(world):
    """A force-push, or an old commit checked out: nothing is done, whatever HEAD declares."""
    world.begin(NOTHING, GRANTS)
    world.run("apply").expect(0)
    applied, granted = world.repo.applied, world.snapshot()
    world.repo.git("reset", "--quiet", "--hard", "HEAD^")
    for _ in ("older", "beside"):
        assert REF in world.run("apply").expect(1).output
        assert world.proxy.writes == [] and world.snapshot() == granted and world.repo.applied == applied
        world.repo.commit("Beside", EDITED)


def test_it_is_not_on_the_first_parents_of_head(world):
    """A commit of a branch was never the state of the default branch, though the merge contains it."""
    world.begin(NOTHING)
    world.repo.branch("request")
    inside = world.repo.commit("Inside the branch", GRANTS)
    world.repo.merge("request")
    world.repo.git("update-ref", REF, inside)
    assert REF in world.run("apply").expect(1).output
    assert world.proxy.writes == []


def test_it_cannot_be_written(world):
    world.begin(GRANTS)
    before = world.snapshot()
    world.repo.write({".git/refs/tags/iamlease": "a file where a folder must be\n"})
    assert REF in world.run("apply").expect(1).output
    assert world.proxy.writes == [] and world.snapshot() == before


def test_it_is_missing_in_a_shallow_clone(world):
    """The commit before is not there: whose rules would judge the first apply?"""
    world.begin(NOTHING, GRANTS)
    shallow = world.path / "shallow"
    world.repo.git("clone", "--quiet", "--depth=1", f"file://{world.repo.path}", str(shallow))
    for options in ([], ["--dry-run"]):
        assert "--unshallow" in world.run("apply", "--repo", str(shallow), *options).expect(1).stderr
        assert world.proxy.calls == []
    world.run("cleanup", "--repo", str(shallow)).expect(0)  # it grants nothing


def test_it_stays_when_only_some_teams_were_applied(world):
    ledger = {
        path.replace("payments", "ledger"): text
        for path, text in files([permanent(["dev.queues"], users=["carol"])], [lease("carol")]).items()
    }
    world.begin({**NOTHING, "README.md": "Who may do what\n"})
    world.run("apply").expect(0)
    first = world.repo.applied
    world.repo.commit("Both teams", {**GRANTS, **ledger})
    world.run("apply", "--team", "payments").expect(0)
    assert world.repo.applied == first
    assert not any("ledger" in name for name in world.proxy.writes)
    world.run("apply").expect(0)
    assert all("ledger" in name for name in world.proxy.writes)
    assert world.repo.applied == world.repo.head


def test_all_that_was_declared_since_is_taken_away(world):
    """Access that a commit in between declared, and that is there, goes: it came by a run that nobody saw end."""
    world.begin(NOTHING)
    world.run("apply").expect(0)
    start = world.snapshot()
    for config in (GRANTS, CHANGED, NOTHING):
        world.repo.commit("Next", config)
    applied, head = world.repo.applied, world.repo.head
    for declaring in ("HEAD~2", "HEAD~1"):
        world.repo.git("reset", "--quiet", "--hard", declaring)
        world.run("apply").expect(0)
        world.repo.git("reset", "--quiet", "--hard", head)
        world.repo.git("update-ref", REF, applied)
    assert world.snapshot() != start
    world.run("apply").expect(0)
    assert world.snapshot() == start


def test_grants_of_a_merged_branch(world):
    world.begin(NOTHING)
    world.run("apply").expect(0)
    start = world.snapshot()
    world.repo.branch("request")
    world.repo.commit("Grants", GRANTS)
    world.repo.commit("Others", EDITED)
    world.repo.merge("request")
    world.run("apply").expect(0)
    assert world.repo.applied == world.repo.head
    world.repo.git("revert", "--no-edit", "--mainline", "1", "HEAD")
    world.run("apply").expect(0)
    assert world.snapshot() == start


def test_what_was_adopted_is_known_though_nothing_had_to_be_done(world):
    """The first apply finds what it shall attach in place, and fails otherwise: it has taken it over all the same."""
    entry = permanent(["dev.break-glass"], users=["ada", "nobody"], environments=["prod"])
    world.begin(files([entry]))
    world.aws.admin[PROD].attach_user_policy(UserName="ada", PolicyArn=POWER_USER)
    assert "looks after it from now on" in world.run("apply").expect(1).output
    assert world.proxy.writes == [] and world.repo.applied == world.repo.head
    world.repo.commit("Less", NOTHING)
    world.run("apply").expect(0)
    assert world.snapshot()[PROD]["users"]["ada"]["attached"] == []


def test_a_first_apply_that_sees_nothing_begins_nothing(world):
    """What stands in an account that cannot be read is not known: a later run must still ask whose it is."""
    world.begin(GRANTS)
    world.run("apply").expect(0)
    world.repo.git("update-ref", "-d", REF)
    accounts = {"nonprod": "999999999999", "prod": "999999999999"}
    unreachable = {**NOTHING, "aws-accounts/payments.yaml": json.dumps({"aws-accounts": accounts})}
    world.repo.commit("Elsewhere", unreachable)
    world.run("apply").expect(1)
    assert world.repo.applied is None
    world.repo.commit("Back", NOTHING)
    assert "--first-apply" in world.run("apply").expect(1).stderr


def test_an_account_that_is_closed(world):
    """It never answers again: the report says how to go on, and only when nothing is asked for there."""
    world.begin(files([permanent(["dev.break-glass"], users=["ada"])]))
    world.run("apply").expect(0)
    accounts = {"nonprod": NONPROD, "prod": PROD, "closed": "999999999999"}
    entry = permanent(["dev.break-glass"], users=["ada"], environments=accounts)
    named = {**files([entry]), "aws-accounts/payments.yaml": json.dumps({"aws-accounts": accounts})}
    world.repo.commit("Another account", named)
    assert "git tag" not in world.run("apply").expect(1).output
    world.repo.commit("It was closed", files([permanent(["dev.break-glass"], users=["ada"])]))
    result = world.run("apply").expect(1)
    assert "account-unreachable" in result.output
    assert f"git tag -f iamlease/applied {world.repo.head[:12]}" in result.output
    world.repo.git("tag", "-f", "iamlease/applied", world.repo.head[:12])
    world.run("apply").expect(0)

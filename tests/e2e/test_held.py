"""What is doubtful is held, with a row and exit code 1: nothing wider is granted, and everything else goes on."""

import pytest
from harness.aws import NONPROD, PROD
from harness.configs import GRANTS, NOTHING, POLICIES, READ_ONLY, files, lease, permanent, statement
from harness.state import our_inline, our_policies

ADA = permanent(["dev.read-only"], users=["ada"])
LONG = lease("bert", date="2026-06-20")


def leases(world):
    return {user for _, user, _ in our_inline(world.snapshot()[PROD])}


def test_a_lease_beyond_the_limit(world):
    """It is held; the grant of another commit and the removal go on; the ref waits until it is mended."""
    world.begin(files([permanent(["dev.break-glass"], roles=["github-actions-deployer"])]))
    start = world.snapshot()
    world.run("apply").expect(0)
    before = world.repo.applied
    world.repo.commit("Too long", files(temporary=[LONG]))
    world.repo.commit("Something else", files([ADA], [LONG, lease("carol")]))
    result = world.run("apply").expect(1)
    assert "bert" in result.output and "2026-06-21T00:00:00Z" in result.output
    after = world.snapshot()
    assert leases(world) == {"carol"}
    assert READ_ONLY in after[PROD]["users"]["ada"]["attached"]
    assert after[NONPROD]["roles"] == start[NONPROD]["roles"]
    assert world.repo.applied == before
    world.repo.commit("Mended", files([ADA], [lease("bert"), lease("carol")]))
    world.run("apply").expect(0)
    assert leases(world) == {"bert", "carol"}
    assert world.repo.applied == world.repo.head


def test_a_change_does_not_raise_the_limit_that_it_is_judged_by(world):
    world.begin(NOTHING)
    world.run("apply").expect(0)
    rules = {"iamlease.yaml": "version: 1\nlimits:\n  max_days: 30\n"}
    world.repo.commit("A longer lease and the rule that allows it", {**files(temporary=[LONG]), **rules})
    world.run("validate", "--base", "HEAD^").expect(1)
    world.run("apply").expect(1)
    assert leases(world) == set()
    world.repo.commit("No lease", NOTHING)
    world.run("apply").expect(0)
    world.repo.commit("The lease by itself", files(temporary=[LONG]))
    world.run("validate", "--base", "HEAD^").expect(0)
    world.run("apply").expect(0)
    assert leases(world) == {"bert"}


def test_an_error_beside_it_does_not_raise_the_limit_either(world):
    """What is wrong holds its own entry only; the rest is judged by the rules before the change all the same."""
    world.begin(NOTHING)
    world.run("apply").expect(0)
    rules = {"iamlease.yaml": "version: 1\nlimits:\n  max_days: 30\n"}
    wrong = permanent(["no.such-grant"], users=["ada"])
    world.repo.commit("Rule, lease and something wrong", {**files([ADA, wrong], [LONG]), **rules})
    result = world.run("apply").expect(1)
    assert "held-limit" in result.output and "no.such-grant" in result.output
    assert leases(world) == set()
    assert READ_ONLY in world.snapshot()[PROD]["users"]["ada"]["attached"]


def test_a_first_apply_does_not_take_for_applied_what_it_held(world):
    world.begin(files([ADA]))
    rules = {"iamlease.yaml": "version: 1\nlimits:\n  max_days: 30\n"}
    world.repo.commit("A longer lease and the rule that allows it", {**files([ADA], [LONG]), **rules})
    for arguments in (["apply", "--dry-run"], ["apply"], ["apply"]):
        result = world.run(*arguments).expect(1)
        assert "held-limit" in result.output and "held-first-apply" in result.output
        assert world.proxy.writes == [] and world.repo.applied is None
    world.repo.commit("No lease", files([ADA]))
    world.run("apply").expect(0)
    world.repo.commit("The lease by itself", files([ADA], [LONG]))
    world.run("apply").expect(0)
    assert leases(world) == {"bert"}


def test_an_entry_that_is_wrong(world):
    """It came past the pull request. It is neither granted nor taken away; what else is declared goes on."""
    world.begin(files([ADA], [lease("bert")]))
    world.run("apply").expect(0)
    before = world.repo.applied
    wrong = {**lease("bert"), "grant": "dev.no-such-grant"}
    world.repo.commit("A misspelt grant", files([ADA], [wrong, lease("carol")]))
    result = world.run("apply").expect(1)
    assert "[unknown-grant]" in result.output and "is held" in result.output
    assert leases(world) == {"bert", "carol"}
    assert world.repo.applied == before
    world.repo.commit("No lease for bert", files([ADA], [lease("carol")]))
    world.run("apply").expect(0)
    assert leases(world) == {"carol"}
    assert world.repo.applied == world.repo.head


def test_a_file_that_cannot_be_read(world):
    """Nothing readable is never nothing desired."""
    world.begin(files([ADA], [lease("bert")]))
    world.run("apply").expect(0)
    good = files([ADA], [lease("carol")])
    name = next(path for path in good if path.startswith("temporary-access/"))
    world.repo.commit("Half a file", {**good, name: "temporary-access: [\n"})
    result = world.run("apply").expect(1)
    assert "[yaml-syntax]" in result.output and "is held" in result.output
    assert leases(world) == {"bert"}
    assert READ_ONLY in world.snapshot()[PROD]["users"]["ada"]["attached"]
    world.repo.commit("The whole file", good)
    world.run("apply").expect(0)
    assert leases(world) == {"carol"}


def test_settings_that_are_wrong(world):
    """They are about everything: nothing is done at all."""
    world.begin(files([ADA]))
    world.run("apply").expect(0)
    world.repo.commit("No such key", {**files(temporary=[lease("bert")]), "iamlease.yaml": "limit: {}\n"})
    result = world.run("apply").expect(1)
    assert "nothing is granted or removed" in result.output
    assert leases(world) == set()
    assert READ_ONLY in world.snapshot()[PROD]["users"]["ada"]["attached"]


def test_many_removals_at_once_are_held_until_they_are_accepted(world):
    """A file that was emptied by mistake must not take everybody's access away."""
    policies = {f"p{n}": {"description": "", "custom_statements": [statement([f"s3:Get{n}*"])]} for n in range(6)}
    world.begin(files([permanent(policies, users=["ada", "carol"])], [lease("bert")], {**POLICIES, **policies}))
    world.run("apply").expect(0)
    granted, before = world.snapshot(), world.repo.applied
    world.repo.commit("Oops", NOTHING)
    result = world.run("apply").expect(1)
    assert "max_removals" in result.output and "--accept-removals" in result.output
    assert world.proxy.writes == [] and world.snapshot() == granted and world.repo.applied == before
    world.run("apply", "--accept-removals", "HEAD").expect(0)
    assert [our_policies(account) for account in world.snapshot().values()] == [{}, {}]
    assert world.repo.applied == world.repo.head


def test_a_broken_commit_removes_nothing_and_does_not_block_the_next(world):
    world.begin(GRANTS)
    world.run("apply").expect(0)
    granted, before = world.snapshot(), world.repo.applied
    world.repo.commit("Broken", {"permanent-access/payments.yaml": "permanent-access: [\n"})
    world.run("apply").expect(1)
    assert world.proxy.writes == [] and world.snapshot() == granted and world.repo.applied == before
    world.run("cleanup", now="2026-06-04T00:00:00Z")
    assert leases(world) == set()  # what has ended goes, whatever state the files are in
    world.repo.commit("Mended", GRANTS)
    world.run("apply").expect(0)
    assert world.snapshot() == granted
    assert world.repo.applied == world.repo.head


def test_an_error_that_is_held_hides_no_collision(world):
    """A file in which something was wrong before is not the same file because nobody could read all of it."""
    name = "aws-policies/payments.yaml"
    allow = "custom_statements: [{effect: Allow, actions: ['s3:GetObject'], resources: ['*']}]"
    policies = {name: f"aws-policies:\n  a: {{{allow}}}\n  a-b: {{{allow}}}\n"}

    def temporary(*who):
        lines = [f"- {{{line}, environment: prod, mode: policy, expiration_date: 2026-06-03}}" for line in who]
        return {"temporary-access/payments.yaml": "\n".join(["temporary-access:", *lines, ""])}

    wrong = "user: 'bad user', grant: a"
    world.begin({**NOTHING, **policies, **temporary(wrong)})
    world.repo.commit("Two leases of one name", temporary(wrong, "user: b-c, grant: a", "user: c, grant: a-b"))
    for command in ("plan", "validate"):
        result = world.run(command, "--base", "HEAD^", "--head", "HEAD").expect(1)
        assert "lease-name-collision" in result.output


@pytest.mark.parametrize("mode", ["inline", "policy", "role"])
def test_what_is_held_goes_at_its_end(world, mode):
    """The entry is to end too late, and it is held; what stands in AWS of it ended already."""
    world.begin(NOTHING, files(temporary=[{**lease("bert"), "mode": mode}]))
    before = world.snapshot()
    world.run("apply").expect(0)
    world.repo.commit("Too long", files(temporary=[{**LONG, "mode": mode}]))
    world.run("apply", now="2026-06-03T23:59:59Z").expect(1)
    assert world.proxy.writes == []
    world.run("apply", now="2026-06-04T00:00:00Z").expect(1)
    assert world.proxy.writes and world.snapshot() == before
    world.run("apply", now="2026-06-04T00:00:00Z").expect(1)
    assert world.proxy.writes == []

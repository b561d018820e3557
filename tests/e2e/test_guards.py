"""What must be refused before anything is written: two runs at once, a moved configuration, a branch, another owner."""

import fcntl
import json

from harness.aws import PROD
from harness.configs import GRANTS, NOTHING, POWER_USER, files, lease, permanent

BREAK_GLASS = files([permanent(["dev.break-glass"], users=["ada"])])
WITHOUT_ADA = files([permanent(["dev.break-glass"], users=["bert"])])


def attached(world, user):
    return world.snapshot()[PROD]["users"][user]["attached"]


def below(folder, config):
    """The same files in another folder, and gone from where they were."""
    return {path: None for path in config} | {f"{folder}/{path}": text for path, text in config.items() if text}


def test_two_runs_at_once(world):
    """Each would remove what the other grants, and the ref would forget it."""
    world.begin(GRANTS)
    with open(world.repo.path / ".git" / "iamlease.lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        for command in ("apply", "cleanup"):
            assert "another apply or cleanup" in world.run(command).expect(1).stderr
            assert world.proxy.calls == []
        world.run("apply", "--dry-run").expect(0)
    world.run("apply").expect(0)


def test_the_configuration_moves(world):
    for folder, options in (("cfg", ["--config-root", "cfg"]), ("aws", [])):
        world.begin(BREAK_GLASS)
        world.run("apply").expect(0)
        applied = world.repo.applied
        world.repo.commit("Move, and one person less", below(folder, WITHOUT_ADA))
        assert "apply cannot follow a move" in world.run("apply", *options).expect(1).stderr
        assert world.proxy.writes == [] and world.repo.applied == applied
        assert POWER_USER in attached(world, "ada")


def test_a_branch_that_is_not_merged(world):
    world.begin(NOTHING)
    world.run("apply").expect(0)
    applied = world.repo.applied
    world.repo.branch("request")
    world.repo.commit("Not merged", BREAK_GLASS)
    assert "is not on the branch 'main'" in world.run("apply").expect(1).stderr
    assert world.proxy.writes == [] and world.repo.applied == applied
    world.run("apply", "--apply-branch", "request").expect(0)
    assert POWER_USER in attached(world, "ada")


def test_an_annotated_tag_is_as_good_as_any(world):
    world.begin(GRANTS)
    world.run("apply").expect(0)
    world.repo.git("tag", "--annotate", "--force", "--message", "set by hand", "iamlease/applied", "HEAD")
    world.repo.commit("Less", NOTHING)
    world.run("apply").expect(0)
    assert world.repo.applied == world.repo.head


def test_the_owner_changes_only_when_nothing_is_declared(world):
    owner = "iamlease.yaml"
    world.begin({**BREAK_GLASS, owner: "owner: alpha\n"})
    world.run("apply").expect(0)
    world.repo.commit("Other owner", {owner: "owner: beta\n"})
    for command in (["plan", "--base", "HEAD^"], ["apply"]):
        assert "the owner changes" in world.run(*command).expect(1).stderr
    world.repo.commit("No access, same owner", {**NOTHING, owner: "owner: alpha\n"})
    world.run("apply", "--accept-removals", "HEAD").expect(0)
    world.repo.commit("Other owner", {**WITHOUT_ADA, owner: "owner: beta\n"})
    world.run("apply").expect(0)
    assert attached(world, "ada") == [] and POWER_USER in attached(world, "bert")


def test_a_revert_lets_held_removals_go(world):
    many = files([permanent(["dev.read-only", "dev.break-glass", "dev.queues"], users=["ada", "bert"])])
    few = files([permanent(["dev.queues"], users=["ada"])])
    world.begin(many)
    world.run("apply").expect(0)
    granted = world.snapshot()
    world.repo.commit("Too much at once", few)
    assert "held-removals" in world.run("apply").expect(1).output
    assert world.snapshot() == granted
    world.repo.revert()
    world.run("apply").expect(0)
    assert world.snapshot() == granted and world.repo.applied == world.repo.head


def test_a_commit_is_not_compared_with_itself(world):
    """A checkout without the default branch, as in a merge queue: the rules of the change would be its judge."""
    rules = {"iamlease.yaml": "version: 1\nlimits:\n  max_days: 30\n"}
    world.begin(NOTHING, {**files(temporary=[lease("bert", date="2026-06-20")]), **rules})
    world.repo.git("checkout", "--quiet", "--detach")
    world.repo.git("branch", "--quiet", "--delete", "--force", "main")
    job = {"GITHUB_ACTIONS": "true", "GITHUB_EVENT_NAME": "merge_group"}
    for arguments, environment in ((["plan"], job), (["validate"], job), (["plan", "--head", "HEAD"], {})):
        assert "give --base REVISION" in world.run(*arguments, **environment).expect(1).stderr
    assert "expiry-too-far" in world.run("plan", "--base", "HEAD^", **job).expect(1).output
    world.run("plan").expect(0)  # the work tree with the commit that it began at


def test_the_plan_of_one_team_shows_the_calls_that_apply_makes(world):
    """What another team wants, too, is not taken away; and what another team gives up is not shown."""
    ada = files([permanent(["dev.break-glass"], users=["ada"])])
    ledger = {path.replace("payments", "ledger"): text for path, text in ada.items()}
    world.begin({**ada, **ledger})
    world.run("apply").expect(0)
    before = world.repo.head
    for change, detached in ((NOTHING, 0), ({**NOTHING, "permanent-access/ledger.yaml": None}, 2)):
        world.repo.git("reset", "--quiet", "--hard", before)
        world.repo.commit("Less", change)
        plan = world.run("plan", "--team", "payments", "--base", "HEAD^").expect(0).stdout
        would = world.run("apply", "--team", "payments", "--dry-run").expect(0).stdout
        assert plan.count("detach policy") == would.count("detach policy") == detached


def test_json_is_json_in_a_job_too(world):
    world.begin(NOTHING)
    hostile = "##[error]no ::error::no"
    entry = {**lease("bert"), "description": hostile}
    world.repo.commit("Hostile", files(temporary=[entry]))
    result = world.run("plan", "--json", "--base", "HEAD^", GITHUB_ACTIONS="true").expect(0)
    assert json.loads(result.stdout)["rows"][0]["description"] == hostile
    assert "##[" not in result.stdout

"""Every checkout works, or fails with one sentence that says what to change (facts of actions/checkout and libgit2)."""

import os
import re
import subprocess

import pytest
from harness import configs
from harness.double import Fault
from harness.github_job import Job, Origin
from harness.gitrepo import GitRepo


@pytest.fixture
def origin(tmp_path):
    return Origin(tmp_path / "origin", configs.GRANTS, configs.CHANGED, {})


@pytest.fixture
def job(tmp_path, origin):
    job = Job(tmp_path, origin)
    yield job
    job.close()


def sentence(step):
    """The one message of a run that failed: on the log, and as an error at the top of the run."""
    [error] = step.said("error")
    assert f"iamlease: {error}" in step.result.output
    assert "\n" not in error and not error.endswith(".")
    assert "not done" in step.summary
    return error


@pytest.mark.parametrize("options", [
    {"depth": 1}, {"filter": "blob:none"}, {"filter": "tree:0"}, {"depth": 0, "filter": "blob:none"},
], ids=["depth-1", "blob-none", "tree-0", "full-blob-none"])
def test_what_is_missing_comes_from_github_or_not_at_all(job, options):
    """With a token it works; without one, a sentence says what to fetch. Nothing unreadable counts as nothing declared."""
    job.check_out(**options)
    job.run("plan").expect(0)
    step = job.run("plan", token=None).expect(1)
    assert re.search("fetch-depth|filter", sentence(step))
    assert "github-token" in sentence(step)


def libgit2():
    """The version that the program reads with: that of the image where it runs in one, else this machine's."""
    version = os.environ.get("IAMLEASE_LIBGIT2") or subprocess.run(
        ["pkg-config", "--modversion", "libgit2"], check=True, capture_output=True, text=True).stdout
    return tuple(map(int, version.strip().split(".")[:2]))


@pytest.mark.parametrize("options", [{"depth": 1}, {"depth": 0}, {"depth": 2, "filter": "blob:none"}], ids=["depth-1", "full", "blob-none"])
def test_a_sparse_checkout(job, options):
    """What is not in the work tree is read all the same. Where a filter made git count the extension of the format
    (actions/checkout always sets one), it takes libgit2 1.8 to open it; an older one says what to leave out."""
    job.check_out(depth=0)
    whole = job.run("plan", "--json").expect(0).result.stdout
    job.check_out(**options, sparse=["README.md"])
    step = job.run("plan", "--json")
    if libgit2() >= (1, 8) or "filter" not in options:
        assert step.expect(0).result.stdout == whole
    else:
        assert "leave sparse-checkout of actions/checkout out" in sentence(step.expect(1))


def test_bytes_that_are_not_what_was_asked_for(job, origin):
    """A blob or a tree whose hash is another is not used."""
    job.check_out(depth=1)
    blob = origin.repo.git("rev-parse", f"{origin.base}:temporary-access/payments.yaml")
    job.github.lies[blob] = b"temporary-access: []\n"
    assert f"what came as the git object {blob[:12]} is another one" in sentence(job.run("plan").expect(1))
    job.github.lies.clear()
    tree = origin.repo.git("rev-parse", f"{origin.base}^{{tree}}")
    for body in [
        {"sha": tree, "tree": [], "truncated": False},
        {"sha": tree, "tree": [{"path": "a/b", "mode": "100644", "sha": blob}], "truncated": False},
        {"sha": tree, "tree": [{"path": "a", "mode": "x", "sha": blob}], "truncated": False},
        {"sha": tree, "tree": [{"path": "a"}], "truncated": False},
        {"sha": tree, "tree": [], "truncated": True},
        {"tree": 1},
        [],
    ]:
        job.github.faults = [Fault("GET", f"/git/trees/{tree}", 200, body)]
        message = sentence(job.run("plan").expect(1))
        assert tree[:12] in message, message


@pytest.mark.parametrize("path", ["/git/commits/", "/git/trees/", "/git/blobs/"])
@pytest.mark.parametrize("status", [403, 404, 500])
def test_when_github_does_not_give_it(job, path, status):
    job.check_out(depth=1)
    body = {"message": "Resource not accessible by integration"} if status == 403 else {"message": "Not Found"}
    job.github.faults = [Fault("GET", path, status, body)]
    message = sentence(job.run("plan").expect(1))
    assert ("permissions: contents: read" in message) == (status != 500), message


def test_too_many_missing_files(tmp_path):
    teams = {f"aws-accounts/team{number:03d}.yaml": 'aws-accounts: { prod: "%012d" }\n' % number for number in range(501)}
    origin = Origin(tmp_path / "origin", configs.NOTHING | teams, {name: f"{text}# more\n" for name, text in teams.items()}, {})
    job = Job(tmp_path, origin)
    job.check_out(depth=1)
    message = sentence(job.run("plan").expect(1))
    assert "too many to ask GitHub for; set fetch-depth: 2" in message
    job.close()


def test_another_owner(job, origin):
    """The workspace belongs to the runner's user, not to the container's."""
    job.check_out(depth=2)
    subprocess.run(["chown", "-R", "1001:118", str(job.workspace.path)], check=False)
    job.run("plan").expect(0)


def test_a_bare_repository(job, origin):
    """It has commits, and that is enough."""
    bare = job.path / "bare"
    subprocess.run(["git", "clone", "--quiet", "--bare", f"file://{origin.repo.path}", str(bare)], check=True)
    job.workspace = GitRepo(bare)
    job.run("plan", "--repo", ".", "--base", "main", "--head", "change").expect(0)
    step = job.run("plan", "--repo", ".", "--base", "main", "--head", "WORKTREE").expect(1)
    assert "bare repository has no work tree" in sentence(step)


def test_no_repository(tmp_path, job):
    job.workspace = GitRepo(tmp_path / "nothing")
    job.workspace.path.mkdir()
    assert "git repository" in sentence(job.run("plan", "--repo", ".").expect(1))


@pytest.mark.parametrize("event", ["pull_request", "schedule"])
def test_an_empty_repository(tmp_path, job, event):
    job.workspace = GitRepo.create(tmp_path / "empty")
    job.event_name = event
    assert "the branch has no commit yet" in sentence(job.run("plan", "--repo", ".").expect(1))


def test_a_sha256_repository(tmp_path, job):
    folder = tmp_path / "sha256"
    subprocess.run(["git", "init", "--quiet", "--object-format=sha256", str(folder)], check=True)
    job.workspace = GitRepo(folder)
    assert "is a SHA-256 repository; iamlease reads SHA-1 ones only" in sentence(job.run("plan", "--repo", ".").expect(1))


def test_no_common_ancestor(job, origin):
    """Somebody put another history in the place of the branch."""
    origin.repo.git("checkout", "--quiet", "--orphan", "other")
    head = origin.repo.commit("Another beginning", {})
    job.event = job.pull_request(head=("other", head))
    job.check_out(commit=head, depth=1)
    message = sentence(job.run("plan").expect(1))
    assert "no common ancestor" in message and "the input base" in message
    job.check_out(commit=head, depth=0)
    assert "no common ancestor" in sentence(job.run("plan", token=None).expect(1))


def test_a_base_that_was_pushed_over(job, origin):
    """What the merge was made into is gone from every branch: its objects are asked for by their ids."""
    job.check_out(depth=1)
    origin.repo.git("checkout", "--quiet", "main")
    origin.repo.git("reset", "--quiet", "--hard", origin.start)
    origin.repo.commit("Instead", {"README.md": "x"})
    job.run("plan").expect(0)


def test_links_and_submodules(tmp_path):
    """What is no file is an error at its place, also where it comes through the API."""
    origin = Origin(tmp_path / "origin", configs.GRANTS, configs.CHANGED, {})
    origin.repo.git("checkout", "--quiet", "change")
    (origin.repo.path / "aws-policies/linked.yaml").symlink_to("payments.yaml")
    origin.repo.git("update-index", "--add", "--cacheinfo", f"160000,{origin.start},aws-accounts/module.yaml")
    origin.repo.git("add", "aws-policies/linked.yaml")
    origin.repo.git("commit", "--quiet", "--message", "Odd")
    origin.head = origin.repo.head
    origin.merge_change()
    job = Job(tmp_path, origin)
    for options in ({"depth": 2}, {"depth": 1}, {"filter": "tree:0", "depth": 0}):
        job.check_out(**options)
        step = job.run("plan").expect(1)
        assert "this is a symbolic link" in step.result.output and "this is a submodule" in step.result.output
    job.close()


def test_a_pointer_of_lfs(tmp_path):
    pointer = "version https://git-lfs.github.com/spec/v1\noid sha256:" + "0" * 64 + "\nsize 12\n"
    origin = Origin(tmp_path / "origin", configs.GRANTS, {"aws-policies/payments.yaml": pointer}, {})
    job = Job(tmp_path, origin)
    job.check_out(depth=2)
    step = job.run("plan").expect(1)
    assert "aws-policies/payments.yaml:1:1: error: this is a pointer of Git LFS" in step.result.output
    job.close()


@pytest.mark.parametrize("event", [
    b"", b"[]", b"{", b"\xff\xfe", b'{"pull_request": {}}', b'{"a": ' * 5000, b'{"pull_request": {"number": "12"}}',
    b'{"repository": {"full_name": "../.."}}',
], ids=range(8))
def test_hostile_events(job, event):
    job.check_out(depth=2)
    file = job.path / "event"
    file.write_bytes(event)
    step = job.run("plan", GITHUB_EVENT_PATH=str(file)).expect(1)
    assert "event" in sentence(step)
    assert not job.github.requests

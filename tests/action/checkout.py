"""A repository on GitHub with a pull request, and checkouts of it as actions/checkout leaves them in the workspace."""

import uuid
from pathlib import Path

from harness.github_double import REPOSITORY
from harness.github_merges import Mainline, Pull
from harness.gitrepo import GitRepo

URL = f"https://github.com/{REPOSITORY}"
NUMBER = 12
BRANCH = "lease"
HEADER = "http.https://github.com/.extraheader"
CREDENTIALS = "AUTHORIZATION: basic eC1hY2Nlc3MtdG9rZW46ZXhhbXBsZQ=="


class Origin(Mainline):
    """The default branch, and one pull request with GitHub's test merge of it."""

    def open_pull(self, change, meanwhile=None):
        """change: what its branch writes. meanwhile: what the default branch gets after the branch began; GitHub
        merges into that, so the merge commit's first parent is newer than the event's `base.sha`."""
        self.start = self.repo.head
        self.repo.branch(BRANCH)
        self.head = self.repo.commit("Lease", change)
        self.repo.git("checkout", "--quiet", "main")
        if meanwhile:
            self.repo.commit("Meanwhile", meanwhile)
        self.make_test_merge()

    def push_to_pull(self, change):
        self.repo.git("checkout", "--quiet", BRANCH)
        self.head = self.repo.commit("Another", change)
        self.repo.git("checkout", "--quiet", "main")
        self.make_test_merge()

    def make_test_merge(self):
        self.repo.git("checkout", "--quiet", "--detach", "main")
        self.repo.git("merge", "--quiet", "--no-ff", "--message", f"Merge {self.head} into main", BRANCH)
        self.test_merge = self.repo.head
        self.repo.git("update-ref", f"refs/pull/{NUMBER}/merge", self.test_merge)
        self.repo.git("checkout", "--quiet", "main")

    def merge_pull(self):
        """Somebody presses the button."""
        merged = self.repo.merge(BRANCH)
        self.pulls[NUMBER] = Pull(NUMBER, self.head, [merged], commits=[(self.head, "bert", "bert")])
        return merged


def check_out(origin, workspace, temp, ref, commit, depth=1, sparse=(), persist="config"):
    """Fills the workspace as actions/checkout does for an event of this ref and commit.

    depth: its `fetch-depth`, 0 is everything. sparse: its `sparse-checkout`. persist: where the credentials stay, in the
    repository's "config" (to v5), in an "include" of it that is in runner.temp (from v6), or nowhere (None).
    """
    copy = GitRepo(workspace)
    copy.path.mkdir(parents=True, exist_ok=True)
    copy.git("init", "--quiet", "--template=", "--initial-branch=main", ".")
    copy.git("remote", "add", "origin", URL)
    copy.git("config", "--local", "gc.auto", "0")
    _persist(copy, Path(temp), persist)
    reach = ["-c", "protocol.version=2", "-c", f"url.file://{origin.repo.path}.insteadOf={URL}"]
    tracked = ref.replace("refs/pull/", "refs/remotes/pull/").replace("refs/heads/", "refs/remotes/origin/")
    names = [f"+{commit}:{tracked}"]
    if depth:
        names = ["--no-tags", f"--depth={depth}", "origin", *names]
    else:
        others = names if ref.startswith("refs/pull/") else []
        names = ["origin", "+refs/heads/*:refs/remotes/origin/*", "+refs/tags/*:refs/tags/*", *others]
    filtered = ["--filter=blob:none"] if sparse else []
    copy.git(*reach, "fetch", "--quiet", "--prune", "--no-recurse-submodules", *filtered, *names)
    if sparse:
        copy.git("sparse-checkout", "set", *sparse)
    else:
        copy.git("sparse-checkout", "disable")
        copy.git("config", "--local", "--unset-all", "extensions.worktreeConfig")
    branch = ["-B", ref.removeprefix("refs/heads/")] if ref.startswith("refs/heads/") else []
    copy.git(*reach, "checkout", "--quiet", "--force", *branch, tracked)
    return copy


def _persist(copy, temp, how):
    if how == "config":
        copy.git("config", "--local", HEADER, CREDENTIALS)
    elif how == "include":
        name = f"git-credentials-{uuid.uuid4()}.config"
        temp.mkdir(parents=True, exist_ok=True)
        copy.git("config", "--file", str(temp / name), HEADER, CREDENTIALS)
        for folder, place in ((copy.path, temp), ("/github/workspace", "/github/runner_temp")):
            copy.git("config", "--local", f"includeIf.gitdir:{folder}/.git.path", f"{place}/{name}")

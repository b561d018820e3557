"""A repository with a pull request, and checkouts of it as actions/checkout@v4 leaves them in the workspace."""

import os
import subprocess
from pathlib import Path

REPOSITORY = "example/access"
URL = f"https://github.com/{REPOSITORY}"
NUMBER = 12
BRANCH = "lease"
MERGE_REF = f"refs/remotes/pull/{NUMBER}/merge"


class PullRequest:
    """A pull request in a repository of its own.

    base: the files of the default branch. change: what the pull request's branch writes. meanwhile: what the default
    branch gets after the branch began; GitHub merges into that, so the merge commit's first parent is newer than the
    event's `base.sha`.
    """

    def __init__(self, folder, base, change, meanwhile):
        self.folder = Path(folder)
        self.folder.mkdir(parents=True)
        self.git("init", "--quiet", "--initial-branch=main")
        # As on GitHub: a commit can be asked for by its id.
        self.git("config", "uploadpack.allowAnySHA1InWant", "true")
        self.base_sha = self.commit("Access of payments", base)
        self.git("switch", "--quiet", "--create", BRANCH)
        self.head_sha = self.commit("Lease for bert", change)
        self.git("switch", "--quiet", "main")
        self.commit("Access of billing", meanwhile)
        self.git("switch", "--quiet", "--detach")
        self.git("merge", "--quiet", "--no-ff", "-m", f"Merge {self.head_sha} into main", BRANCH)
        self.merge_sha = self.git("rev-parse", "HEAD")
        self.git("update-ref", f"refs/pull/{NUMBER}/merge", self.merge_sha)
        self.git("switch", "--quiet", "main")

    def git(self, *args):
        return git(self.folder, *args)

    def commit(self, message, files):
        """Writes the files and commits them; returns the id of the commit."""
        for path, text in files.items():
            (self.folder / path).parent.mkdir(parents=True, exist_ok=True)
            (self.folder / path).write_text(text)
        self.git("add", "--all")
        self.git("commit", "--quiet", "-m", message)
        return self.git("rev-parse", "HEAD")

    def check_out(self, workspace, depth):
        """Fills the workspace as actions/checkout@v4 does for pull_request, with `fetch-depth: depth` (0 is all)."""
        workspace = Path(workspace)
        workspace.mkdir(parents=True)
        git(workspace, "init", "--quiet", ".")
        git(workspace, "remote", "add", "origin", URL)
        git(workspace, "config", "--local", "gc.auto", "0")
        git(workspace, "config", "--local", "http.https://github.com/.extraheader", "AUTHORIZATION: basic ZXhhbXBsZQ==")
        merge = f"+{self.merge_sha}:{MERGE_REF}"
        if depth > 0:
            self.fetch(workspace, "--no-tags", f"--depth={depth}", "origin", merge)
        else:
            self.fetch(workspace, "origin", "+refs/heads/*:refs/remotes/origin/*", "+refs/tags/*:refs/tags/*", merge)
        git(workspace, "sparse-checkout", "disable")
        git(workspace, "config", "--local", "--unset-all", "extensions.worktreeConfig")
        git(workspace, "checkout", "--quiet", "--progress", "--force", MERGE_REF)

    def fetch(self, workspace, *args):
        """Fetches from GitHub's address, which stands for this repository."""
        git(workspace, "-c", "protocol.version=2", "-c", f"url.file://{self.folder}.insteadOf={URL}",
            "fetch", "--quiet", "--prune", "--no-recurse-submodules", *args)

    def event(self):
        """The payload of the webhook `pull_request`, as far as an action could want it."""
        author = {"login": "bert-example", "id": 1001, "type": "User"}
        repository = {
            "id": 700001,
            "name": REPOSITORY.split("/")[1],
            "full_name": REPOSITORY,
            "private": True,
            "owner": {"login": REPOSITORY.split("/")[0], "id": 500001, "type": "Organization"},
            "html_url": URL,
            "default_branch": "main",
        }
        return {
            "action": "opened",
            "number": NUMBER,
            "pull_request": {
                "id": 900001,
                "number": NUMBER,
                "state": "open",
                "draft": False,
                "title": "Lease for bert",
                "html_url": f"{URL}/pull/{NUMBER}",
                "user": author,
                "labels": [],
                "head": {"label": f"example:{BRANCH}", "ref": BRANCH, "sha": self.head_sha, "repo": repository},
                "base": {"label": "example:main", "ref": "main", "sha": self.base_sha, "repo": repository},
                "merge_commit_sha": self.merge_sha,
                "author_association": "MEMBER",
            },
            "repository": repository,
            "sender": author,
        }


def git(folder, *args):
    """Runs git as on a clean machine; returns its stdout without the last line end."""
    env = {
        "PATH": os.environ["PATH"],
        "HOME": "/nonexistent",
        "GIT_CONFIG_NOSYSTEM": "1",
        "GIT_AUTHOR_NAME": "Bert Example", "GIT_AUTHOR_EMAIL": "bert@example.com",
        "GIT_COMMITTER_NAME": "Bert Example", "GIT_COMMITTER_EMAIL": "bert@example.com",
    }
    done = subprocess.run(["git", *args], cwd=folder, env=env, check=True, stdout=subprocess.PIPE, text=True)
    return done.stdout.rstrip("\n")

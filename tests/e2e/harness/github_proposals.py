"""What `request` asks GitHub for: trees, commits, branches and pull requests. The answers join those of the double."""

import os
import subprocess
import tempfile

from harness.github_double import HANDLERS, REPOSITORY
from harness.github_merges import Pull, _describe


def create_tree(self, request, operation, values):
    with tempfile.TemporaryDirectory() as folder:
        environment = {**os.environ, "GIT_INDEX_FILE": f"{folder}/index"}

        def git(*arguments, text=None):
            done = subprocess.run(["git", "-C", str(self.git_folder), *arguments], input=text, capture_output=True, env=environment)
            assert done.returncode == 0, done.stderr
            return done.stdout.decode().strip()

        git("read-tree", request.body["base_tree"])
        for entry in request.body["tree"]:
            blob = git("hash-object", "-w", "--stdin", text=entry["content"].encode())
            git("update-index", "--add", "--cacheinfo", f"{entry['mode']},{blob},{entry['path']}")
        sha = git("write-tree")
    answer = operation.example(201)
    answer["sha"] = sha
    return 201, answer, {}


def create_commit(self, request, operation, values):
    body = request.body
    parents = [word for parent in body["parents"] for word in ("-p", parent)]
    sha = self.git("-c", "user.name=robot", "-c", "user.email=robot@example.com", "commit-tree", body["tree"], *parents,
                   "-m", body["message"])
    assert sha
    answer = operation.example(201)
    answer.update(sha=sha, message=body["message"])
    return 201, answer, {}


def list_pulls(self, request, operation, values):
    owner, branch = request.query["head"].split(":")
    assert owner == REPOSITORY.split("/")[0] and request.query["state"] == "all"
    found = [pull for pull in self.merges.values() if getattr(pull, "branch", None) == branch]
    found.sort(key=lambda pull: pull.number, reverse=True)
    return 200, [_shown(pull, operation.example(200)[0]) for pull in found[: int(request.query["per_page"])]], {}


def create_pull(self, request, operation, values):
    head = self.git("rev-parse", "--verify", f"refs/heads/{request.body['head']}")
    if not head or request.body["base"] != "main":
        return 422, {"message": "Validation Failed", "documentation_url": "https://docs.github.com"}, {}
    if any(pull.open and getattr(pull, "branch", None) == request.body["head"] for pull in self.merges.values()):
        return 422, {"message": "Validation Failed", "documentation_url": "https://docs.github.com"}, {}
    number = max(self.merges, default=0) + 1
    pull = Pull(number, head, [head], author=self.login, open=True)
    pull.branch, pull.title, pull.body = request.body["head"], request.body["title"], request.body["body"]
    pull.closed_unmerged = False
    self.merges[number] = pull
    return 201, _shown(pull, operation.example(201)), {}


def _shown(pull, answer):
    answer = _describe(pull, answer)
    answer["html_url"] = f"https://github.com/{REPOSITORY}/pull/{pull.number}"
    answer["head"]["ref"] = pull.branch
    answer["head"]["repo"]["full_name"] = getattr(pull, "repository", REPOSITORY)
    if getattr(pull, "closed_unmerged", False):
        answer["merged_at"] = None
    return answer


HANDLERS.update({
    ("POST", "/git/trees"): create_tree,
    ("POST", "/git/commits"): create_commit,
    ("GET", "/pulls"): list_pulls,
    ("POST", "/pulls"): create_pull,
})

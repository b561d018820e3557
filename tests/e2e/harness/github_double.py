"""A GitHub that remembers: comments, and the objects of a real repository.

Every request is held against GitHub's own description of its API, and so is every answer. What a test breaks on purpose
(`Fault`) is not described and not judged.
"""

import re
import subprocess
from urllib.parse import unquote

from harness.double import Double
from harness.github_api import api
from harness.git_objects import GitObjects

TOKEN = "ghs_0123456789abcdefghijklmnopqrstuvwxyz"
REPOSITORY = "acme/access"
ROBOT = "github-actions[bot]"
ROOT = "/repos/{owner}/{repo}"


class Github(Double):
    STATE = ("comments", "pulls", "merges", "permissions", "page_size", "hidden", "lies", "_next_id")

    def __init__(self, git, login=ROBOT, user=None):
        """git: the folder with the repository. login: who writes with the token. user: what GET /user names, None: 403."""
        self.git_folder = git
        self.objects = GitObjects(git)
        self.login = login
        self.user = user
        self.comments = []
        self.pulls = {}  # number -> (base branch, head branch, head id)
        self.merges = {}  # number -> github_merges.Pull
        self.permissions = {}  # login -> what it may do
        self.page_size = 100
        self.hidden = set()  # objects that GitHub does not find
        self.lies = {}  # id -> bytes that are given for that blob
        self._next_id = 1000
        super().__init__()

    def stop(self):
        super().stop()
        self.objects.close()

    def path_of(self, path):
        # A page of a list is asked for by the address that GitHub gave.
        return _one_segment(path.replace("/repositories/1300192/", f"/repos/{REPOSITORY}/"))

    def git(self, *arguments):
        done = subprocess.run(["git", "-C", str(self.git_folder), *arguments], capture_output=True)
        return done.stdout.decode().strip() if done.returncode == 0 else None

    def add_comment(self, body, login=None, number=12):
        """As if somebody had written it; gives the comment."""
        comment = api().operation("POST", ROOT + "/issues/{issue_number}/comments").example(201)
        self._next_id += 1
        comment.update(id=self._next_id, body=body, number=number)
        comment["user"]["login"] = login or self.login
        comment["html_url"] = f"https://github.com/{REPOSITORY}/pull/{number}#issuecomment-{self._next_id}"
        self.comments.append(comment)
        return comment

    # --- answers ------------------------------------------------------------------------------------------------

    def answer(self, request):
        found = api().find(request.method, request.path)
        if not found:
            self.wrong.append(f"{request}: GitHub has no such path")
            return 404, self.not_found(), {}
        operation, values = found
        self.wrong += [f"{request}: {reason}" for reason in operation.judge_request(values, request.query, request.body)]
        self.wrong += [f"{request}: {reason}" for reason in _judge_headers(request.headers)]
        if values.get("owner") and f"{values['owner']}/{values['repo']}" != REPOSITORY:
            return 404, self.not_found(), {}
        handler = HANDLERS.get((request.method, operation.path.removeprefix(ROOT)))
        assert handler, f"{request}: the double has no answer"
        status, body, headers = handler(self, request, operation, values)
        # Its description leaves the 404 of a thing that is gone out at several operations.
        if not isinstance(body, bytes) and (status, body) != (404, self.not_found()):
            self.wrong += [f"{request}: {reason}" for reason in operation.judge_answer(status, body)]
        return status, body, headers

    @staticmethod
    def not_found():
        return {"message": "Not Found", "documentation_url": "https://docs.github.com/rest", "status": "404"}

    def get_user(self, request, operation, values):
        if not self.user:
            return 403, {"message": "Resource not accessible by integration", "documentation_url": "https://docs.github.com"}, {}
        user = operation.example(200)
        user["login"] = self.user
        return 200, user, {}

    def list_comments(self, request, operation, values):
        size = min(int(request.query.get("per_page", 30)), self.page_size)
        page = int(request.query.get("page", 1))
        mine = [c for c in self.comments if c["number"] == int(values["issue_number"])]
        shown = mine[(page - 1) * size : page * size]
        headers = {}
        if page * size < len(mine):
            # Another shape of path, as GitHub has it.
            base = f"{self.url}/repositories/1300192/issues/{values['issue_number']}/comments?per_page={size}"
            headers["Link"] = f'<{base}&page={page + 1}>; rel="next", <{base}&page=99>; rel="last"'
        return 200, [_without(comment, "number") for comment in shown], headers

    def create_comment(self, request, operation, values):
        if len(request.body["body"]) > 65536:
            return 422, {"message": "Validation Failed", "documentation_url": "https://docs.github.com"}, {}
        comment = self.add_comment(request.body["body"], number=int(values["issue_number"]))
        return 201, _without(comment, "number"), {}

    def _find_comment(self, values):
        return next((c for c in self.comments if c["id"] == int(values["comment_id"])), None)

    def update_comment(self, request, operation, values):
        comment = self._find_comment(values)
        if not comment:
            return 404, self.not_found(), {}
        comment["body"] = request.body["body"]
        return 200, _without(comment, "number"), {}

    def delete_comment(self, request, operation, values):
        comment = self._find_comment(values)
        if not comment:
            return 404, self.not_found(), {}
        self.comments.remove(comment)
        return 204, None, {}

    def get_commit(self, request, operation, values):
        sha = values["commit_sha"]
        tree = sha not in self.hidden and self.objects.find(f"{sha}^{{tree}}")
        if not tree:
            return 404, self.not_found(), {}
        commit = operation.example(200)
        commit["sha"] = sha
        commit["tree"]["sha"] = tree[0]
        return 200, commit, {}

    def resolve_commit(self, request, operation, values):
        found = self.objects.find(f"{values['ref']}^{{commit}}")
        if not found:
            return 404, self.not_found(), {}
        commit = operation.example(200)
        commit.update(sha=found[0], files=[])  # the example's own have not the described shape
        return 200, commit, {}

    def get_tree(self, request, operation, values):
        sha = values["tree_sha"]
        listing = sha not in self.hidden and self.git("ls-tree", "-z", "-l", sha)
        if listing is None or listing is False:
            return 404, self.not_found(), {}
        entries = []
        for line in filter(None, listing.split("\0")):
            head, path = line.split("\t")
            mode, kind, entry, size = head.split()
            item = {"path": path, "mode": mode, "type": kind, "sha": entry, "url": f"{self.url}/x"}
            entries.append(item | ({"size": int(size)} if size != "-" else {}))
        return 200, {"sha": sha, "url": f"{self.url}/x", "truncated": False, "tree": entries}, {}

    def get_blob(self, request, operation, values):
        sha = values["file_sha"]
        content = self.lies.get(sha) or (sha not in self.hidden and self.objects.blob(sha))
        if content is None or content is False:
            return 404, self.not_found(), {}
        assert request.headers["Accept"] == "application/vnd.github.raw+json"
        return 200, content, {}

    def compare(self, request, operation, values):
        base, head = values["basehead"].split("...")
        merge_base = self.git("merge-base", base, head)
        if not merge_base:
            return 404, {"message": f"No common ancestor between {base} and {head}."}, {}
        comparison = operation.example(200)
        comparison["merge_base_commit"]["sha"] = merge_base
        return 200, comparison, {}

    def get_ref(self, request, operation, values):
        ref = unquote(request.path).split("/git/ref/")[1]
        target = self.objects.find(f"refs/{ref}")
        if not target:
            return 404, self.not_found(), {}
        answer = operation.example(200)
        answer.update(ref=f"refs/{ref}")
        answer["object"].update(sha=target[0], type=target[1])
        return 200, answer, {}

    def get_pull(self, request, operation, values):
        if int(values["pull_number"]) not in self.pulls:
            return 404, self.not_found(), {}
        base, head, commit = self.pulls[int(values["pull_number"])]
        pull = operation.example(200)
        pull["number"] = int(values["pull_number"])
        pull["base"]["ref"] = base
        pull["base"]["sha"] = self.git("rev-parse", base)
        pull["head"].update(ref=head, sha=commit)
        pull["head"]["repo"]["full_name"] = "bert/access"
        pull["requested_teams"] = []  # the example's own have not the described shape
        return 200, pull, {}


HANDLERS = {
    ("GET", "/user"): Github.get_user,
    ("GET", "/issues/{issue_number}/comments"): Github.list_comments,
    ("POST", "/issues/{issue_number}/comments"): Github.create_comment,
    ("PATCH", "/issues/comments/{comment_id}"): Github.update_comment,
    ("DELETE", "/issues/comments/{comment_id}"): Github.delete_comment,
    ("GET", "/git/commits/{commit_sha}"): Github.get_commit,
    ("GET", "/commits/{ref}"): Github.resolve_commit,
    ("GET", "/git/trees/{tree_sha}"): Github.get_tree,
    ("GET", "/git/blobs/{file_sha}"): Github.get_blob,
    ("GET", "/compare/{basehead}"): Github.compare,
    ("GET", "/git/ref/{ref}"): Github.get_ref,
    ("GET", "/pulls/{pull_number}"): Github.get_pull,
}


def _without(comment, key):
    return {name: value for name, value in comment.items() if name != key}


def _judge_headers(headers):
    wanted = {
        "Authorization": f"Bearer {TOKEN}",
        "X-GitHub-Api-Version": "2022-11-28",
        "Accept": r"application/vnd\.github(\.raw)?\+json",
        "User-Agent": r"iamlease/\S+",
    }
    return [f"header {name}: {headers.get(name)}" for name, pattern in wanted.items()
            if not re.fullmatch(pattern, headers.get(name) or "")]


def _one_segment(path):
    """The name of a ref is one parameter, slashes and all, in GitHub's description as in its router."""
    for place in ("/git/ref/", "/git/refs/", "/git/matching-refs/"):
        before, found, ref = path.partition(place)
        if found:
            return before + found + ref.replace("/", "%2F")
    return path

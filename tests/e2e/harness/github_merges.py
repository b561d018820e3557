"""What apply asks GitHub for: branches and tags, the history, merged pull requests and who approved them.

The answers join those of the double; `Mainline` is a default branch on which pull requests are merged.
"""

from dataclasses import dataclass, field
from urllib.parse import unquote

from harness.github_double import HANDLERS, Github
from harness.github_job import Origin, served
from harness.gitrepo import GitRepo

AUTHOR = "bert"
REVIEWER = "carla"


@dataclass
class Pull:
    number: int
    head: str  # the last commit of its branch
    merged: list  # the commits that it made on the default branch
    author: str = AUTHOR
    labels: list = field(default_factory=list)  # (name, who set it)
    reviews: list = field(default_factory=list)  # (login, state, commit)
    commits: list = field(default_factory=list)  # (id, author, committer) of its branch; None: nobody that GitHub knows
    open: bool = False

    def approve(self, login=REVIEWER, state="APPROVED", commit=None):
        self.reviews.append((login, state, commit or self.head))
        return self


class Mainline(Origin):
    """The repository on GitHub with its default branch, and the pull requests that were merged into it."""

    def __init__(self, folder, *commits):
        self.repo = served(GitRepo.create(folder, *commits))
        self.pulls = {}
        self.permissions = {REVIEWER: "write", AUTHOR: "write"}

    @property
    def merge(self):
        return self.repo.tip("main")

    @property
    def applied(self):
        return self.repo.applied

    def push(self, files, message="Pushed"):
        """A commit without a pull request."""
        return self.repo.commit(message, files)

    def pull(self, files, how="merge", number=None, **more):
        """Opens a pull request with one commit and merges it: as a merge commit, squashed, or rebased."""
        number = number or len(self.pulls) + 1
        base = self.repo.head
        self.repo.branch(f"change-{number}")
        head = self.repo.commit(f"Change {number}", files)
        author = more.get("author", AUTHOR)
        more.setdefault("commits", [(head, author, author)])
        self.repo.git("checkout", "--quiet", "main")
        if how == "merge":
            merged = self.repo.merge(f"change-{number}")
        else:
            assert how == "squash" and self.repo.head == base
            merged = self.repo.commit(f"Change {number} (#{number})", files)
        self.pulls[number] = Pull(number, head, [merged], **more)
        return self.pulls[number]

    def revert(self, pull):
        self.repo.git("revert", "--no-edit", *(["--mainline", "1"] if self._is_merge(pull.merged[0]) else []), pull.merged[0])
        return self.repo.head

    def _is_merge(self, commit):
        return len(self.repo.git("rev-list", "--parents", "-n1", commit).split()) > 2


def _user(operation_user, login):
    return {**operation_user, "login": login}


def list_commits(self, request, operation, values):
    size = min(int(request.query.get("per_page", 30)), self.page_size)
    listing = self.git("rev-list", "--parents", f"--max-count={size}", request.query["sha"])
    if listing is None:
        return 404, self.not_found(), {}
    commits = []
    for line in listing.splitlines():
        commit, *parents = line.split()
        item = operation.example(200)[0]
        item["sha"] = commit
        item["parents"] = [{**item["parents"][0], "sha": parent} for parent in parents]
        commits.append(item)
    return 200, commits, {}


def get_repository(self, request, operation, values):
    repository = operation.example(200)
    repository["default_branch"] = "main"
    for of in (repository, repository["source"], repository["parent"], repository["template_repository"]):
        of.setdefault("language", None)
    return 200, repository, {}


def create_ref(self, request, operation, values):
    ref, sha = request.body["ref"], request.body["sha"]
    if self.objects.find(ref):
        return 422, {"message": "Reference already exists", "documentation_url": "https://docs.github.com"}, {}
    if self.git("update-ref", ref, sha) is None:
        return 422, {"message": "Object does not exist", "documentation_url": "https://docs.github.com"}, {}
    return 201, _ref(operation.example(201), ref, sha), {}


def update_ref(self, request, operation, values):
    ref, sha = "refs/" + unquote(request.path).split("/git/refs/")[1], request.body["sha"]
    found = self.objects.find(ref)
    if not found:
        return 422, {"message": "Reference does not exist", "documentation_url": "https://docs.github.com"}, {}
    now = found[0]
    if not request.body.get("force") and self.git("merge-base", "--is-ancestor", now, sha) is None:
        return 422, {"message": "Update is not a fast forward", "documentation_url": "https://docs.github.com"}, {}
    self.git("update-ref", ref, sha)
    return 200, _ref(operation.example(200), ref, sha), {}


def list_refs(self, request, operation, values):
    prefix = "refs/" + unquote(request.path).split("/git/matching-refs/")[1]
    listing = self.git("for-each-ref", "--format=%(refname) %(objectname)")
    found = [line.split() for line in listing.splitlines() if line.startswith(prefix)]
    page, headers = _page(self, request, [_ref(operation.example(200)[0], ref, sha) for ref, sha in found])
    return 200, page, headers


def _ref(answer, ref, sha):
    answer["ref"] = ref
    answer["object"].update(type="commit", sha=sha)
    return answer


def _describe(pull, answer):
    answer.update(number=pull.number, state="open" if pull.open else "closed")
    answer["merged_at"] = None if pull.open else "2026-05-30T12:00:00Z"
    answer["merge_commit_sha"] = pull.merged[-1]
    answer["user"]["login"] = pull.author
    answer["head"]["sha"] = pull.head
    answer["base"]["ref"] = "main"
    answer["requested_teams"] = []  # the example's own have not the described shape
    answer["labels"] = [{**answer["labels"][0], "name": name} for name, _ in pull.labels]
    return answer


def pulls_of_commit(self, request, operation, values):
    return 200, [_describe(p, operation.example(200)[0]) for p in self.merges.values() if values["commit_sha"] in p.merged], {}


def get_merged_pull(self, request, operation, values):
    pull = self.merges.get(int(values["pull_number"]))
    if not pull:
        return Github.get_pull(self, request, operation, values)
    answer = _describe(pull, operation.example(200))
    answer["merged"] = not pull.open
    answer["base"]["sha"] = answer["head"]["sha"] = pull.head
    return 200, answer, {}


def _page(self, request, items):
    size = min(int(request.query.get("per_page", 30)), self.page_size)
    page = int(request.query.get("page", 1))
    headers = {}
    if page * size < len(items):
        headers["Link"] = f'<{self.url}{request.path}?per_page={size}&page={page + 1}>; rel="next"'
    return items[(page - 1) * size : page * size], headers


def list_reviews(self, request, operation, values):
    reviews = []
    pull = self.merges.get(int(values["pull_number"]))
    if not pull:
        return 404, self.not_found(), {}
    for number, (login, state, commit) in enumerate(pull.reviews):
        review = operation.example(200)[0]
        review.update(id=number + 1, state=state, commit_id=commit)
        review["user"] = _user(review["user"], login)
        reviews.append(review)
    page, headers = _page(self, request, reviews)
    return 200, page, headers


def list_pull_commits(self, request, operation, values):
    commits = []
    pull = self.merges.get(int(values["pull_number"]))
    if not pull:
        return 404, self.not_found(), {}
    for sha, author, committer in pull.commits:
        commit = operation.example(200)[0]
        commit["sha"] = sha
        commit["author"] = _user(commit["author"], author) if author else {}
        commit["committer"] = _user(commit["committer"], committer) if committer else {}
        commits.append(commit)
    page, headers = _page(self, request, commits)
    return 200, page, headers


def get_permission(self, request, operation, values):
    permission = self.permissions.get(values["username"])
    if not permission:
        return 404, self.not_found(), {}
    answer = operation.example(200)
    answer.update(permission=permission, role_name=permission)
    answer["user"]["login"] = values["username"]
    answer["user"]["role_name"] = permission
    return 200, answer, {}


def list_issue_events(self, request, operation, values):
    events = []
    pull = self.merges.get(int(values["issue_number"]))
    if not pull:
        return 404, self.not_found(), {}
    for number, (name, actor) in enumerate(pull.labels):
        # GitHub describes an event of a label elsewhere, with one more member.
        event = operation.example(200)[0]
        event.update(id=number + 1, event="labeled", label={"name": name, "color": "ededed"})
        event["actor"] = _user(event["actor"], actor)
        events.append(event)
    page, headers = _page(self, request, events)
    return 200, page, headers


HANDLERS.update({
    ("GET", "/commits"): list_commits,
    ("GET", ""): get_repository,
    ("POST", "/git/refs"): create_ref,
    ("PATCH", "/git/refs/{ref}"): update_ref,
    ("GET", "/git/matching-refs/{ref}"): list_refs,
    ("GET", "/commits/{commit_sha}/pulls"): pulls_of_commit,
    ("GET", "/pulls/{pull_number}"): get_merged_pull,
    ("GET", "/pulls/{pull_number}/reviews"): list_reviews,
    ("GET", "/pulls/{pull_number}/commits"): list_pull_commits,
    ("GET", "/collaborators/{username}/permission"): get_permission,
    ("GET", "/issues/{issue_number}/events"): list_issue_events,
})

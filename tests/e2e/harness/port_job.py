"""Jobs of workflows that Port starts: GitHub, AWS and Port side by side."""

import copy
import json
import shutil
import signal
import uuid

import yaml
from harness import cli, configs, github_events, github_proposals  # noqa: F401  (answers of the double)
from harness.apply_job import ApplyJob
from harness.github_double import REPOSITORY
from harness.port_double import BUCKET, CLIENT_ID, CLIENT_SECRET, RUN, Port

FIXTURES = cli.ROOT / "test-fixtures/port"

# An entry as `request` writes it.
ASKED = {"description": "Asked for in Port", "user": "bert@example.com", "environment": "prod", "expires_at": "2026-06-01T17:00:00Z",
         "permissions": ["s3:GetObject", "s3:PutObject"], "resources": [BUCKET, f"{BUCKET}/*"], "port_run": RUN}


def inputs(name):
    return json.loads((FIXTURES / f"{name}.json").read_text())["inputs"]


class PortJob(ApplyJob):
    def __init__(self, world, *commits, port=None, settings=None, program=cli.SANITIZED):
        self.port = Port()
        self.settings = {"version": 1, "port": {"base_url": self.port.url, "actions": ["request_permissions", "revoke_permissions", "timer"],
                                                "allow": ["s3:*", "sqs:Receive*"], **(port or {})}, **(settings or {})}
        first, *more = commits or (configs.NOTHING,)
        super().__init__(world, {"iamlease.yaml": yaml.safe_dump(self.settings), **first}, *more, program=program,
                         path=world.path / f"job-{uuid.uuid4().hex[:8]}")

        self.port.kill = self.github.kill = lambda: world.proxy.signal(signal.SIGKILL)

    def close(self):
        super().close()
        self.port.stop()

    def save(self):
        """Remembers the repository, AWS and both doubles; `restore` begins there again, as often as wanted."""
        self.world.aws.save("job")
        self._saved = self.repo.copy(self.path / "saved"), self.port.remember(), self.github.remember()
        return self

    def restore(self):
        saved, port, github = self._saved
        self.world.aws.restore("job")
        self.github.objects.close()
        shutil.rmtree(self.repo.path)
        self.origin.repo = saved.copy(self.repo.path)
        self.port.recall(port)
        self.github.recall(github)
        self.origin.pulls, self.origin.permissions = self.github.merges, self.github.permissions

    def run(self, *arguments, **more):
        step = super().run(*arguments, **{**self.port.environment, **more})
        assert not self.port.wrong, "\n".join(self.port.wrong)
        shown = [line for line in step.result.output.splitlines() if CLIENT_SECRET in line or CLIENT_ID in line or "port.token" in line]
        assert all(line.startswith("::add-mask::") for line in shown), shown
        return step

    def dispatch(self, of="version-3", branch="main", change=None, **values):
        """The event; `change` edits what the fixture has, value by value."""
        event = github_events.dispatch(REPOSITORY, branch)
        event["inputs"] = {**copy.deepcopy(inputs(of)), **values}
        if change:
            change(event["inputs"])
        return ("workflow_dispatch", event)

    def request(self, *arguments, of="version-3", change=None, branch="main", **more):
        return self.run("request", *arguments, event=self.dispatch(of, branch, change), **more)

    @property
    def the_run(self):
        return next(iter(self.port.runs.values()))

    @property
    def pulls(self):
        return [pull for pull in self.github.merges.values() if getattr(pull, "branch", None)]

    def file(self, commit, path="temporary-access/payments.yaml"):
        return self.repo.git("show", f"{commit}:{path}")

    def merge(self, pull):
        """As somebody does who presses the button."""
        self.repo.git("checkout", "--quiet", "main")
        self.repo.git("merge", "--quiet", "--no-ff", "--message", f"Merge pull request #{pull.number}", pull.branch)
        pull.open, pull.merged = False, [self.repo.git("rev-parse", "HEAD")]
        pull.commits = [(pull.head, pull.author, pull.author)]
        return pull

"""Apply and cleanup as steps of a job: a repository on GitHub, its checkout, and an AWS behind the proxy."""

import copy

from harness import cli, github_events
from harness.github_double import REPOSITORY
from harness.github_job import Job
from harness.github_merges import Mainline
from harness.proxy import Proxy


class ApplyJob(Job):
    """A push to the default branch, unless the test sets another event."""

    def __init__(self, world, *commits, program=cli.SANITIZED, path=None):
        self.world = world
        world.aws.restore()
        self.started = world.proxy.attach
        path = path or world.path
        super().__init__(path, Mainline(path / "origin", *commits), program)
        self.github.merges = self.origin.pulls
        self.github.permissions = self.origin.permissions

    def pull_request(self, **other):
        return {}

    @property
    def repo(self):
        return self.origin.repo

    @property
    def calls(self):
        return self.world.proxy.calls

    @property
    def writes(self):
        return self.world.proxy.writes

    def is_push(self, branch="main", before=None):
        self.event_name = "push"
        tip = self.repo.tip(branch)
        self.event = github_events.push(REPOSITORY, before or tip, tip, branch)

    def run(self, *arguments, faults=(), event=None, checkout=True, **more):
        """A step; by default of a push of the tip, in a fresh checkout of it."""
        if event:
            self.event_name, self.event = event
        else:
            self.is_push()
        if checkout:
            options = checkout if isinstance(checkout, dict) else {"depth": 0}
            self.check_out(**options)
        self.world.proxy.start_run(faults)
        step = super().run(*(arguments or ["apply"]), **{**self.world.environment, **more})
        self.world.proxy.wait_until_idle()
        return step

    def beside(self):
        """A job that runs while this one does: the same GitHub and AWS, files and a way to AWS of its own."""
        other = copy.copy(self)
        other.path = self.path / f"beside-{self._steps}"
        other.path.mkdir()
        other.world = copy.copy(self.world)
        other.world.proxy = Proxy(self.world.aws.port)
        other.started = other.world.proxy.attach
        return other

    def snapshot(self):
        return self.world.snapshot()

"""One scenario: an AWS, a proxy before it, a git repository, and the program that works between them."""

import copy

from harness import aws, cli, state
from harness.gitrepo import GitRepo
from harness.proxy import Proxy

NOW = "2026-06-01T09:00:00Z"  # what `--now` says unless a test says otherwise


class World:
    def __init__(self, server, path, program=cli.SANITIZED):
        self.program = program
        self.aws = server
        self.path = path
        self.proxy = Proxy(server.port)
        self._repositories = 0
        self._saved = {}
        self.repo = None
        self.aws.restore()

    def close(self):
        self.proxy.stop()

    def begin(self, *commits):
        """A new repository with these commits, and AWS as it was before anything."""
        self.aws.restore()
        self._repositories += 1
        self.repo = GitRepo.create(self.path / f"repo-{self._repositories}", *commits)
        return self.repo

    def save(self, name):
        """Remembers the repository and AWS as they are now; `restore` begins there again, as often as wanted."""
        self._saved[name] = self.repo.copy(self.path / name)
        self.aws.save(name)

    def restore(self, name):
        self.aws.restore(name)
        self._repositories += 1
        self.repo = self._saved[name].copy(self.path / f"repo-{self._repositories}")
        return self.repo

    def second_clone(self):
        """The same repository in another place, and another run's way to the same AWS; to be closed."""
        other = copy.copy(self)
        other.proxy = Proxy(self.aws.port)
        self._repositories += 1
        other.repo = self.repo.copy(self.path / f"repo-{self._repositories}")
        return other

    @property
    def environment(self):
        """What the program finds in its environment: the hub's credentials, and AWS behind the proxy."""
        key_id, secret = self.aws.hub_key
        return {
            "AWS_ACCESS_KEY_ID": key_id,
            "AWS_SECRET_ACCESS_KEY": secret,
            "AWS_REGION": "us-east-1",
            "AWS_ENDPOINT_URL": f"http://127.0.0.1:{self.proxy.port}",
        }

    def run(self, *arguments, now=NOW, faults=(), timeout_s=cli.TIMEOUT_S, **environment):
        """Runs the program in the repository, breaking its calls as `faults` say; each of them must happen.

        The records of the run are in `self.proxy` until the next one.
        """
        self.proxy.start_run(faults)
        options = ["--now", now] if now else []
        result = cli.run(
            self.program,
            [*arguments, *options],
            self.repo.path,
            {**self.environment, **environment},
            self.proxy.attach,
            timeout_s,
        )
        self.proxy.wait_until_idle()
        missed = [str(fault) for fault in faults if not fault.fired]
        assert not missed, f"never happened: {missed}; the calls were\n{self.proxy.log}\n{result}"
        return result

    def snapshot(self):
        """The state of every managed account, by account id."""
        return {account: state.snapshot(self.aws.admin[account]) for account in aws.MANAGED}

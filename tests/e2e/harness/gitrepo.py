"""Real git repositories made from dictionaries of files, with fixed authors and dates."""

import shutil
import subprocess
from pathlib import Path

START = 1_780_000_000  # the first commit's time; each later one is a minute after


class GitRepo:
    def __init__(self, path):
        self.path = Path(path)
        self._clock = START

    @classmethod
    def create(cls, path, *commits):
        """A new repository with one commit for each dictionary of files."""
        repo = cls(path)
        repo.path.mkdir(parents=True)
        repo.git("init", "--quiet", "--initial-branch=main", "--template=")
        for number, files in enumerate(commits):
            repo.commit(f"Commit {number}", files)
        return repo

    def copy(self, path):
        """The same repository, refs and clock included, in another place."""
        shutil.copytree(self.path, path)
        copy = GitRepo(path)
        copy._clock = self._clock
        return copy

    def git(self, *arguments, text=None):
        """Runs git here, untouched by the user's own configuration, and returns what it prints; `text` is its input."""
        date = f"{self._clock} +0000"
        environment = {
            "PATH": "/usr/local/bin:/usr/bin:/bin",
            "HOME": str(self.path),
            "GIT_CONFIG_NOSYSTEM": "1",
            "GIT_AUTHOR_NAME": "Ada",
            "GIT_AUTHOR_EMAIL": "ada@example.com",
            "GIT_COMMITTER_NAME": "Ada",
            "GIT_COMMITTER_EMAIL": "ada@example.com",
            "GIT_AUTHOR_DATE": date,
            "GIT_COMMITTER_DATE": date,
        }
        command = ["git", "-C", str(self.path), *arguments]
        done = subprocess.run(command, env=environment, input=text, capture_output=True, text=True)
        assert done.returncode == 0, f"{' '.join(command)}: {done.stderr}"
        return done.stdout.strip()

    def write(self, files):
        """Writes files into the work tree; None removes one."""
        for name, content in files.items():
            target = self.path / name
            target.parent.mkdir(parents=True, exist_ok=True)
            if content is None:
                target.unlink(missing_ok=True)
            elif isinstance(content, bytes):
                target.write_bytes(content)
            else:
                target.write_text(content)

    def commit(self, message, files):
        self.write(files)
        self._clock += 60
        self.git("add", "--all")
        self.git("commit", "--quiet", "--allow-empty", "--message", message)
        return self.head

    def revert(self, commit="HEAD"):
        self._clock += 60
        self.git("revert", "--no-edit", commit)
        return self.head

    def branch(self, name):
        self.git("checkout", "--quiet", "-b", name)

    def merge(self, name, into="main"):
        """Merges as a pull request does: always with a merge commit."""
        self._clock += 60
        self.git("checkout", "--quiet", into)
        self.git("merge", "--quiet", "--no-ff", "--no-edit", name)
        return self.head

    @property
    def head(self):
        return self.git("rev-parse", "HEAD")

    @property
    def applied(self):
        """The commit that the applied ref names, or None."""
        return self.git("for-each-ref", "--format=%(objectname)", "refs/tags/iamlease/applied") or None

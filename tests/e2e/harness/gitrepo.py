"""Real git repositories made from dictionaries of files, with fixed authors and dates.

Starting git is most of what they cost: a repository that was made once in this process is copied the next time, and
what stands in one file of .git is read there.
"""

import atexit
import functools
import itertools
import os
import pickle
import shutil
import subprocess
import tempfile
from pathlib import Path

START = 1_780_000_000  # the first commit's time; each later one is a minute after

# No process that tidies up after each command, no waiting for the disk.
QUICKLY = {"gc.auto": "0", "maintenance.auto": "false", "core.fsync": "none"}

_numbers = itertools.count()
_made = {}  # what was made, and of what -> (the repository, what its maker gave with it)


@functools.cache
def _shelf():
    """The folder of the repositories that are copied, as long as this process lives."""
    folder = tempfile.mkdtemp(prefix="iamlease-repositories-")
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return Path(folder)


def made_once(path, make, *of, **beside):
    """A repository at `path` as `make(a path, *of, **beside)` makes it, and what that gives with it: for all calls with
    an equal `of` it is made once."""
    key = pickle.dumps((make.__qualname__, of))
    if key not in _made:
        _made[key] = make(_shelf() / str(next(_numbers)), *of, **beside)
    repo, more = _made[key]
    return repo.copy(path), more


class GitRepo:
    def __init__(self, path):
        self.path = Path(path)
        self._clock = START

    @classmethod
    def create(cls, path, *commits):
        """A new repository with one commit for each dictionary of files."""
        return made_once(path, _make, *commits)[0]

    def copy(self, path):
        """The same repository, refs and clock included, in another place."""
        Path(path).parent.mkdir(parents=True, exist_ok=True)
        _copy(str(self.path), str(path))
        copy = GitRepo(path)
        copy._clock = self._clock
        return copy

    def git(self, *arguments, text=None):
        """Runs git here, untouched by the user's own configuration, and returns what it prints; `text` is its input."""
        date = f"{self._clock} +0000"
        environment = {
            **_CONFIGURATION,
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
        return self.tip()

    def tip(self, branch=None):
        """The commit of a branch, or of HEAD."""
        folder = self.path / ".git"
        try:
            text = (folder / "refs" / "heads" / branch if branch else folder / "HEAD").read_text().strip()
            return (folder / text.removeprefix("ref: ")).read_text().strip() if text.startswith("ref: ") else text
        except OSError:  # no such file: a bare repository, or refs that were packed
            return self.git("rev-parse", branch or "HEAD")

    def refs(self):
        """Every ref with what it names."""
        folder = self.path / ".git"
        files = [folder / "packed-refs", *(file for file in sorted((folder / "refs").rglob("*")) if file.is_file())]
        return {str(file.relative_to(folder)): file.read_text() for file in files if file.exists()}

    @property
    def applied(self):
        """The commit that the applied ref names, or None."""
        return self.git("for-each-ref", "--format=%(objectname)", "refs/tags/iamlease/applied") or None


_CONFIGURATION = {"GIT_CONFIG_COUNT": str(len(QUICKLY))}
for _number, (_name, _value) in enumerate(QUICKLY.items()):
    _CONFIGURATION |= {f"GIT_CONFIG_KEY_{_number}": _name, f"GIT_CONFIG_VALUE_{_number}": _value}


def _copy(source, target, linked=False):
    """A folder with all that is in it. Objects of git are links to the same files: git never changes one that it has written."""
    os.mkdir(target)
    with os.scandir(source) as entries:
        for entry in entries:
            place = os.path.join(target, entry.name)
            if entry.is_dir(follow_symlinks=False):
                _copy(entry.path, place, linked or entry.path.endswith("/.git/objects"))
            elif linked:
                os.link(entry.path, place)
            else:
                shutil.copy2(entry.path, place, follow_symlinks=False)


def _make(path, *commits):
    repo = GitRepo(path)
    repo.path.mkdir(parents=True)
    repo.git("init", "--quiet", "--initial-branch=main", "--template=")
    for number, files in enumerate(commits):
        repo.commit(f"Commit {number}", files)
    return repo, None

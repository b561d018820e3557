"""What names come to in a repository, and the content of its files: asked of one git that stays, not of one each time."""

import subprocess


class GitObjects:
    """Sees what is written while it runs; git is started with the first question, and ends with `close`."""

    def __init__(self, folder):
        self.folder = folder
        self._git = None

    def find(self, name):
        """(id, type) of the object that a name comes to, or None."""
        found = self._ask("info", name)
        return found and found[:2]

    def blob(self, name):
        """The bytes of a file, or None where the name comes to nothing or to something else."""
        found = self._ask("contents", name)
        if not found:
            return None
        content = self._git.stdout.read(found[2])
        assert self._git.stdout.read(1) == b"\n"
        return content if found[1] == "blob" else None

    def close(self):
        if self._git:
            self._git.stdin.close()
            self._git.stdout.close()
            self._git.wait()
            self._git = None

    def _ask(self, command, name):
        if not self._git:
            arguments = ["git", "-C", str(self.folder), "cat-file", "--batch-command"]
            self._git = subprocess.Popen(
                arguments, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
            )
        self._git.stdin.write(f"{command} {name}\n".encode())
        self._git.stdin.flush()
        line = self._git.stdout.readline().decode().rstrip("\n")
        if line.endswith((" missing", " ambiguous")):
            return None
        identity, kind, size = line.split(" ")
        return identity, kind, int(size)

"""A shell at a terminal, so that what a key does can be seen: what completion makes of half a command line."""

import os
import pty
import re
import select
import subprocess
import time

TIMEOUT_S = 20
TAB, LINE_START = "\t", "\x01"


class Terminal:
    """Runs `command` with a terminal of its own; use it in a `with`."""

    def __init__(self, command, cwd, environment):
        self.master, slave = pty.openpty()
        clean = {"PATH": "/usr/local/bin:/usr/bin:/bin", "HOME": str(cwd), "LC_ALL": "C.UTF-8", "TERM": "dumb"}
        self.process = subprocess.Popen(
            command,
            cwd=cwd,
            env={**clean, **environment},
            stdin=slave,
            stdout=slave,
            stderr=slave,
            start_new_session=True,
        )
        os.close(slave)
        self.output = ""

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.kill()
        self.process.wait()
        os.close(self.master)

    def type(self, text):
        os.write(self.master, text.encode())

    def read_until(self, pattern):
        """What the pattern matches in all that has been printed; the output from there on is kept."""
        end = time.monotonic() + TIMEOUT_S
        while not (found := re.search(pattern, self.output)):
            left = end - time.monotonic()
            assert left > 0 and select.select([self.master], [], [], left)[0], f"no {pattern} in:\n{self.output}"
            self.output += os.read(self.master, 65536).decode(errors="replace")
        self.output = self.output[found.end() :]
        return found

    def complete(self, typed):
        """The words that the shell would run after the typed text and a TAB."""
        self.type(typed + TAB + LINE_START + "words-of-the-line " + "\r")
        words = self.read_until(r"\r\nBEGIN\r?\n((?:.*\r?\n)*?)END\r?\n")[1]
        return [word[1:-1] for word in words.replace("\r", "").splitlines()]

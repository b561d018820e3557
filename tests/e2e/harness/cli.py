"""Runs the program as a user would: arguments, a clean environment, an exit code, two streams."""

import json
import os
import subprocess
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
SHIPPED = Path(os.environ.get("IAMLEASE_PROGRAM", ROOT / "build" / "iamlease"))
SANITIZED = Path(os.environ.get("IAMLEASE_PROGRAM", ROOT / "build" / "san" / "iamlease"))  # ASan and UBSan
TIMEOUT_S = 60


@dataclass
class Result:
    arguments: list
    code: int
    stdout: str
    stderr: str

    @property
    def json(self):
        return json.loads(self.stdout)

    @property
    def output(self):
        return self.stdout + self.stderr

    def expect(self, code):
        """The run itself, if it ended with this code; otherwise the test fails and shows all of it."""
        assert self.code == code, f"exit code {self.code}, not {code}\n{self}"
        return self

    def __str__(self):
        return f"$ iamlease {' '.join(self.arguments)}\n{self.stdout}---- stderr\n{self.stderr}---- exit {self.code}"


def run(program, arguments, cwd, environment, started=None, timeout_s=TIMEOUT_S):
    """Runs the program; `started` gets the process before it has been waited for."""
    assert program.exists(), f"{program} is not there: make test builds it"
    clean = {"PATH": "/usr/local/bin:/usr/bin:/bin", "HOME": str(cwd), "LC_ALL": "C.UTF-8", **environment}
    process = subprocess.Popen(
        [str(program), *arguments],
        cwd=cwd,
        env={name: value for name, value in clean.items() if value is not None},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    if started:
        started(process)
    try:
        stdout, stderr = process.communicate(timeout=timeout_s)
    except subprocess.TimeoutExpired:
        process.kill()
        stdout, stderr = process.communicate()
        raise AssertionError(f"still running after {timeout_s} s: {arguments}\n{stderr.decode()}") from None
    return Result(list(arguments), process.returncode, stdout.decode(), stderr.decode())

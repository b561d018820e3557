"""Every checkout that the program meets, read by the libgit2 of the image, which is newer than Debian 12's.

The tests are those of tests/e2e, with their repositories and what they expect; only the program is the image's.
"""

import os
import re
import subprocess
import sys

from image_program import program_in
from conftest import ROOT

TESTS = [
    "test_github_checkouts.py",
    "test_github_plan.py::test_a_pull_request",
    "test_github_plan.py::test_every_checkout_says_the_same",
    "test_github_plan.py::test_the_head_is_checked_out",
    "test_github_plan.py::test_a_stale_merge_ref",
    "test_github_plan.py::test_pull_request_target",
    "test_github_plan.py::test_a_merge_group",
]
LIBGIT2 = "1.9"  # of Debian 13: it opens sparse checkouts


def test_every_checkout_in_the_image(engine, action, tmp_path):
    with program_in(engine, action.image, tmp_path) as program:
        done = subprocess.run(
            [sys.executable, "-m", "pytest", "-q", "-n", "4", f"--basetemp={tmp_path}/tests",
             *(f"tests/e2e/{name}" for name in TESTS)],
            cwd=ROOT, env={**os.environ, "IAMLEASE_PROGRAM": str(program), "IAMLEASE_LIBGIT2": LIBGIT2},
            capture_output=True, text=True)
    assert done.returncode == 0, done.stdout[-20000:] + done.stderr[-5000:]
    assert re.fullmatch(r"\d+ passed in .*", done.stdout.splitlines()[-1]), done.stdout[-2000:]

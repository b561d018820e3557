"""How long a plan takes in its container, from `docker run` to the posted comment, beside a container that does nothing.

Both are started in turn, so that whatever else the machine does meets both; medians are compared. The repository is that
of `make demo`, checked out as actions/checkout does it, and GitHub's double listens on loopback. Prints the size of the
image too. With --check the exit code is 1 when a bound is exceeded.

usage: action_bench.py [--check] [RUNS]
"""

import io
import re
import statistics
import subprocess
import sys
import tarfile
import tempfile
import time
import zlib
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "tests" / "action"), str(ROOT / "tests" / "e2e")]

from checkout import Origin  # noqa: E402
from engine import engine_with  # noqa: E402
from job import Jobs, pull_request  # noqa: E402
from runner import Runner  # noqa: E402

FIXTURE = ROOT / "test-fixtures" / "corrected"
NOW = "2025-11-26T09:00:00Z"  # the week before the fixture's lease ends, as in the demo
MORE_MS, SIZE_MB = 100, 32


def files(folder):
    return {str(path.relative_to(folder)): path.read_text() for path in folder.rglob("*.yaml")}


def sizes(engine, image):
    """Unpacked and compressed as a registry keeps it, in bytes."""
    container = engine.docker("create", image).strip()
    content = engine.docker_bytes("export", container)
    engine.docker("rm", container)
    with tarfile.open(fileobj=io.BytesIO(content)) as archive:
        unpacked = sum(member.size for member in archive)
    packer = zlib.compressobj(6, zlib.DEFLATED, 31)
    return unpacked, len(packer.compress(content) + packer.flush())


def idle_ms(engine, image):
    began = time.monotonic()
    subprocess.run(["docker", "run", "--rm", "--network", "host", "--entrypoint", "/bin/busybox", image, "true"],
                   env=engine.env, check=True)
    return 1000 * (time.monotonic() - began)


def plan_ms(jobs, trigger):
    """From the start of the client to the request that posts the comment, and to the end of the client."""
    began, posted = [], []
    create = jobs.github.answer

    def answer(request):
        if request.method == "POST" and request.path.endswith("/comments"):
            posted.append(time.monotonic())
        return create(request)

    jobs.github.answer = answer
    jobs.github.comments.clear()
    step = jobs.run(trigger, depth=2, now=NOW, started=lambda *_: began.append(time.monotonic()))
    jobs.github.answer = create
    assert step.exit_code == 0 and len(posted) == 1, step
    return 1000 * (posted[0] - began[0]), 1000 * (step.ended_s - began[0])


def main(arguments):
    check = "--check" in arguments
    runs = int(next((text for text in arguments if text.isdigit()), 20))
    base = re.search(r"^ARG BASE=(\S+)$", (ROOT / "Dockerfile").read_text(), re.M)[1]
    with engine_with(base) as engine, tempfile.TemporaryDirectory() as folder:
        runner = Runner(engine, ROOT)
        origin = Origin(Path(folder) / "origin", {"README.md": "Access\n"})
        origin.open_pull(files(FIXTURE))
        jobs = Jobs(runner, Path(folder) / "jobs", origin)
        trigger = pull_request(origin)
        idle_ms(engine, runner.image), plan_ms(jobs, trigger)  # once before, so that no file is read for the first time
        idle, posted, ended = [], [], []
        for _ in range(runs):
            idle.append(idle_ms(engine, runner.image))
            for times, taken in zip((posted, ended), plan_ms(jobs, trigger)):
                times.append(taken)
        unpacked, packed = sizes(engine, runner.image)
        jobs.close()
        runner.remove()
    nothing, plan, whole = map(statistics.median, (idle, posted, ended))
    rows = [
        ("docker run of busybox true, median", f"{nothing:.0f} ms", "", True),
        ("docker run to the posted plan, median", f"{plan:.0f} ms", "", True),
        ("docker run to its end, median", f"{whole:.0f} ms", "", True),
        ("posted plan / more than nothing", f"{plan - nothing:.0f} ms", f"{MORE_MS} ms", plan - nothing <= MORE_MS),
        ("end / more than nothing", f"{whole - nothing:.0f} ms", "", True),
        ("image unpacked", f"{unpacked / 1e6:.1f} MB", f"{SIZE_MB} MB", unpacked <= SIZE_MB * 1e6),
        ("image compressed", f"{packed / 1e6:.1f} MB", "", True),
    ]
    for what, figure, bound, good in rows:
        print(f"{what:40} {figure:>10} {bound:>8} {'' if not bound else 'ok' if good else 'over'}")
    return int(check and not all(good for *_, good in rows))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

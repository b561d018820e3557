"""`make bench`: measures the program and prints each ratio with its bound.

A command's figure is the processor time (user and system) that the kernel accounts for it. What is compared runs in turn,
A B A B …, and a ratio is the median of the pairs' ratios: so a machine that is busy with other things moves it little.

usage: python3 run.py [--check] [--only WORD] PROGRAM YAML_LOOP FOLDER

  --check   exit code 1 when a ratio is over its bound
  --only    only the rows whose name holds WORD
  FOLDER    where the repositories are kept; they are made anew when the generator has changed
"""

import argparse
import hashlib
import os
import pathlib
import shutil
import subprocess
import sys
import time
from statistics import median

from world import NOW

HERE = pathlib.Path(__file__).parent
WORLDS = {"full": ["1000"], "tenth": ["100"], "shared": ["1000", "shared"]}
ROUNDS_MIN, ROUNDS_MAX, SECONDS_MAX = 3, 31, 20
MIB = 1024 * 1024


class Bench:
    def __init__(self, program, yaml_loop, folder):
        self.program = str(program)
        self.yaml_loop = str(yaml_loop)
        self.folder = folder
        self.peak = {}  # of a plan: bytes, the highest of all its runs

    # --- the repositories ---------------------------------------------------------------------------------------------

    def make_worlds(self):
        sources = b"".join((HERE / name).read_bytes() for name in ("world.py", "repository.py"))
        checksum, stamp = hashlib.sha256(sources).hexdigest(), self.folder / "stamp"
        if stamp.exists() and stamp.read_text() == checksum:
            return
        shutil.rmtree(self.folder, ignore_errors=True)
        self.folder.mkdir(parents=True)
        for name, arguments in WORLDS.items():
            # In a process of its own: peak memory of a child cannot be read below that of its parent.
            subprocess.run([sys.executable, HERE / "repository.py", self.folder / name, *arguments], check=True)
        self.write_blobs("full", "base", "every")
        self.write_blobs("shared", "one")
        stamp.write_text(checksum)

    def write_blobs(self, world, *revisions):
        """Every different file of some commits: what has to be read of them at least once."""
        repository = self.folder / world
        lists = [subprocess.check_output(["git", "-C", repository, "ls-tree", "-r", name]) for name in revisions]
        ids = sorted({line.split()[2] for listing in lists for line in listing.splitlines()})
        with open(self.folder / f"{world}.blobs", "wb") as file:
            subprocess.run(["git", "-C", repository, "cat-file", "--batch"], input=b"\n".join(ids) + b"\n",
                           stdout=file, check=True)

    # --- commands, each of which gives its processor time in seconds --------------------------------------------------

    def cost(self, *command):
        child = subprocess.Popen(command, stdout=subprocess.DEVNULL)
        _, status, usage = os.wait4(child.pid, 0)
        child.returncode = os.waitstatus_to_exitcode(status)
        if child.returncode:
            raise SystemExit(f"bench: exit code {child.returncode}: {' '.join(map(str, command))}")
        return usage.ru_utime + usage.ru_stime, usage.ru_maxrss * 1024

    def plan(self, world, head):
        seconds, peak = self.cost(self.program, "plan", "--repo", self.folder / world, "--base", "base", "--head", head,
                                  "--now", NOW, "--out", self.folder / "plan.json")
        self.peak[world, head] = max(peak, self.peak.get((world, head), 0))
        return seconds

    def loop(self, world):
        with open(self.folder / f"{world}.blobs", "rb") as blobs:
            return float(subprocess.check_output([self.yaml_loop], stdin=blobs))

    def version_and_diff(self, world, head):
        version, _ = self.cost(self.program, "--version")
        diff, _ = self.cost("git", "-C", self.folder / world, "diff", "--stat", "base", head)
        return version + diff

    # --- rows ---------------------------------------------------------------------------------------------------------

    def rows(self):
        """Name, what is measured, the yardstick, the bound of their ratio."""
        return [
            ("full plan, every team changed / bare libyaml loop over the same files",
             lambda: self.plan("full", "every"), lambda: self.loop("full"), 3.0),
            ("one team changed / iamlease --version + git diff --stat",
             lambda: self.plan("full", "one"), lambda: self.version_and_diff("full", "one"), 2.0),
            ("one team changed / the same in a tenth of the repository",
             lambda: self.plan("full", "one"), lambda: self.plan("tenth", "one"), 1.5),
            ("one team changed, all share an account / bare libyaml loop over head",
             lambda: self.plan("shared", "one"), lambda: self.loop("shared"), 1.5),
        ]

    def compare(self, measured, yardstick):
        """Medians of both and of the ratios, over as many rounds as time allows."""
        pairs, began = [], time.monotonic()
        while len(pairs) < ROUNDS_MIN or (len(pairs) < ROUNDS_MAX and time.monotonic() - began < SECONDS_MAX):
            pairs.append((measured(), yardstick()))
        return median(a for a, _ in pairs), median(b for _, b in pairs), median(a / b for a, b in pairs), len(pairs)


def show(name, figures, ratio, bound, unit):
    within = ratio <= bound
    print(f"{'ok  ' if within else 'over'}  {ratio:7.2f}{unit}  (at most {bound:.1f}{unit})  {name}{figures}", flush=True)
    return within


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--check", action="store_true")
    parser.add_argument("--only", default="")
    parser.add_argument("program", type=pathlib.Path)
    parser.add_argument("yaml_loop", type=pathlib.Path)
    parser.add_argument("folder", type=pathlib.Path)
    arguments = parser.parse_args()
    bench = Bench(arguments.program.resolve(), arguments.yaml_loop.resolve(), arguments.folder.resolve())
    bench.make_worlds()
    within = True
    for name, measured, yardstick, bound in bench.rows():
        if arguments.only in name:
            a, b, ratio, rounds = bench.compare(measured, yardstick)
            within &= show(name, f": {a * 1000:.1f} ms / {b * 1000:.1f} ms, {rounds} rounds", ratio, bound, "")
    if bench.peak.get(("full", "every")):
        within &= show("peak memory of the full plan", "", bench.peak["full", "every"] / MIB, 64, " MiB")
    return 1 if arguments.check and not within else 0


if __name__ == "__main__":
    sys.exit(main())

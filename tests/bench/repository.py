"""Turns a World into a packed git repository with three branches: base, every (each team changed), one (one team changed).

usage: python3 repository.py FOLDER TEAMS [shared]
"""

import subprocess
import sys

from world import World

AUTHOR = "Bench <bench@example.com> 1764072000 +0000"


def write_commit(stream, branch, parent, teams):
    stream.write(f"commit refs/heads/{branch}\ncommitter {AUTHOR}\ndata {len(branch)}\n{branch}\n".encode())
    if parent:
        stream.write(f"from refs/heads/{parent}\n".encode())
    for files in teams:
        for path, text in files.items():
            data = text.encode()
            stream.write(f"M 100644 inline {path}\ndata {len(data)}\n".encode() + data + b"\n")
    stream.write(b"\n")


def make(folder, world):
    subprocess.run(["git", "init", "--quiet", "--bare", "--initial-branch=base", folder], check=True)
    with subprocess.Popen(["git", "-C", folder, "fast-import", "--quiet"], stdin=subprocess.PIPE) as importing:
        write_commit(importing.stdin, "base", None, (world.files(team) for team in range(world.teams)))
        write_commit(importing.stdin, "every", "base", (world.changes(team) for team in range(world.teams)))
        write_commit(importing.stdin, "one", "base", [world.changes(world.teams // 30 * 15)])
        importing.stdin.close()
    if importing.returncode:
        raise SystemExit("git fast-import failed")
    # One pack with deltas, as a clone gets it.
    subprocess.run(["git", "-C", folder, "repack", "-a", "-d", "-f", "-q"], check=True)


if __name__ == "__main__":
    make(sys.argv[1], World(int(sys.argv[2]), shared="shared" in sys.argv[3:]))

"""A Docker engine that can build the Dockerfile of this tree.

The engine that answers on this machine is used when it has the Dockerfile's base image or can pull it, as on GitHub's
runners. Otherwise an engine of our own is started, without network devices and firewall rules, so that it also runs
inside a container; it disappears with the tests, whatever ends them. Where no registry can be reached, its base image
is made by debootstrap from the package sources of this machine and kept for the next run (see base.py).
"""

import contextlib
import json
import os
import shutil
import signal
import socket
import subprocess
import tempfile
from pathlib import Path

import base

START_TIMEOUT_S = 60
STOP_TIMEOUT_S = 60
PULL_TIMEOUT_S = 60


class EngineError(Exception):
    """The engine cannot be had, or refused a command. The text says what to do."""


class Engine:
    """A Docker engine. `host` is what DOCKER_HOST holds; None means the engine the client would choose."""

    def __init__(self, host=None):
        self.env = {**os.environ, **({"DOCKER_HOST": host} if host else {})}

    def docker(self, *args, timeout=None):
        """Runs the client and returns its stdout. Raises EngineError with what it wrote when it fails."""
        return self.docker_bytes(*args, timeout=timeout).decode()

    def docker_bytes(self, *args, timeout=None):
        done = subprocess.run(["docker", *args], env=self.env, capture_output=True, timeout=timeout)
        if done.returncode != 0:
            wrote = (done.stdout + done.stderr).decode(errors="replace")
            raise EngineError(f"docker {' '.join(args)}: exit code {done.returncode}\n{wrote}")
        return done.stdout

    def succeeds(self, *args, timeout=None):
        """True when the client runs the command without an error, within the time."""
        with contextlib.suppress(EngineError, OSError, subprocess.TimeoutExpired):
            self.docker(*args, timeout=timeout)
            return True
        return False

    def answers(self):
        return self.succeeds("version", "--format", "{{.Server.Version}}", timeout=20)

    def has(self, image):
        return self.succeeds("image", "inspect", image)

    def pulls(self, image):
        return self.succeeds("pull", "--quiet", image, timeout=PULL_TIMEOUT_S)

    def socket_path(self):
        """The engine's socket on this machine: what the runner mounts into the container."""
        host = self.env.get("DOCKER_HOST") or self.docker(
            "context", "inspect", "--format", "{{.Endpoints.docker.Host}}").strip()
        return host.removeprefix("unix://")


@contextlib.contextmanager
def engine_with(image):
    """Yields an engine that has `image`."""
    present = Engine()
    if present.answers() and (present.has(image) or present.pulls(image)):
        yield present
        return
    with own_engine() as own:
        if not own.pulls(image):
            try:
                archive = base.archive_of(image)
            except RuntimeError as error:
                raise EngineError(str(error)) from error
            own.docker("import", str(archive), image)
        yield own


@contextlib.contextmanager
def own_engine():
    """Starts an engine of our own in a temporary folder, and stops it at the end."""
    missing = [tool for tool in ("docker", "dockerd", "setpriv", "unshare") if not shutil.which(tool)]
    if missing:
        raise EngineError("no Docker engine here can build the image, and to start one these are missing: "
                          f"{', '.join(missing)}; 'tools/setup.sh action' installs them")
    if os.geteuid() != 0:
        raise EngineError("no Docker engine here can build the image, and only root can start one")

    folder = Path(tempfile.mkdtemp(prefix="iamlease-engine-"))
    host = f"unix://{folder}/docker.sock"
    config = {
        "hosts": [host],
        "data-root": f"{folder}/data",
        "exec-root": f"{folder}/exec",
        "pidfile": f"{folder}/docker.pid",
        "bridge": "none",
        "iptables": False,
        "ip6tables": False,
    }
    (folder / "daemon.json").write_text(json.dumps(config))
    with contextlib.ExitStack() as stack:
        stack.callback(shutil.rmtree, folder)
        ready = stack.enter_context(socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM))
        ready.bind(f"{folder}/ready")
        log = stack.enter_context(open(folder / "log", "w"))
        # The kernel ends the engine when the tests are killed, and its mounts end with its mount namespace.
        engine = subprocess.Popen(
            ["setpriv", "--pdeathsig", "TERM", "unshare", "--mount",
             "dockerd", "--config-file", f"{folder}/daemon.json"],
            env={**os.environ, "NOTIFY_SOCKET": f"{folder}/ready"},
            stdout=log, stderr=log, start_new_session=True)
        stack.callback(stop, engine)
        wait_until_ready(engine, ready, folder / "log")
        yield Engine(host)


def wait_until_ready(engine, ready, log):
    """Waits for the message that dockerd sends to NOTIFY_SOCKET when it takes requests (sd_notify(3))."""
    ready.settimeout(1)
    for _ in range(START_TIMEOUT_S):
        with contextlib.suppress(TimeoutError):
            if b"READY=1" in ready.recv(4096):
                return
        if engine.poll() is not None:
            break
    raise EngineError(f"dockerd did not start:\n{log.read_text()[-4000:]}")


def stop(engine):
    """Ends dockerd, which ends the containerd that it started."""
    engine.send_signal(signal.SIGTERM)
    try:
        engine.wait(STOP_TIMEOUT_S)
    except subprocess.TimeoutExpired:
        engine.kill()
        engine.wait()

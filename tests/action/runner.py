"""How GitHub's runner starts a Docker container action.

Builds and starts the action as the runner does (facts of its source: `docker build` without build arguments, every
variable handed over by name, host paths in values translated to container paths, file commands in mounted files).
Two things differ: `--network host`, because an engine of our own has no bridge, and the values of the fake job.
"""

import dataclasses
import json
import os
import re
import subprocess
import time
import uuid
from pathlib import Path

import yaml
from obeying import obeyed_commands, parse_file_command, shown_log

# The user that runs jobs on GitHub's hosted runners.
RUNNER_UID, RUNNER_GID = 1001, 118
RUN_TIMEOUT_S = 120

# In action.yml only inputs are asked for, and the job's token as the default of one.
EXPRESSION = re.compile(r"\$\{\{\s*inputs\.([A-Za-z0-9_-]+)\s*\}\}")
GITHUB_TOKEN = "${{ github.token }}"

FILE_COMMANDS = {
    "GITHUB_ENV": "set_env", "GITHUB_OUTPUT": "set_output", "GITHUB_PATH": "add_path", "GITHUB_STATE": "save_state",
    "GITHUB_STEP_SUMMARY": "step_summary",
}


@dataclasses.dataclass
class Step:
    """What one run of the action left behind."""
    exit_code: int
    stdout: str
    stderr: str
    files: dict     # file command -> its text
    ended_s: float  # when the client ended, by the monotonic clock

    @property
    def summary(self):
        return self.files["GITHUB_STEP_SUMMARY"]

    @property
    def outputs(self):
        return parse_file_command(self.files["GITHUB_OUTPUT"])

    @property
    def shown(self):
        """The log as everybody reads it."""
        return shown_log(self.stdout) + shown_log(self.stderr)

    def commands(self):
        """The workflow commands obeyed. The runner reads two pipes in no fixed order: one must hold them all."""
        by_stream = [obeyed_commands(self.stdout), obeyed_commands(self.stderr)]
        assert [] in by_stream, "workflow commands in both streams: a stop-commands in one would not protect the other"
        return by_stream[0] + by_stream[1]

    def said(self, name):
        return [command.data for command in self.commands() if command.name == name]

    def expect(self, code):
        assert self.exit_code == code, f"exit code {self.exit_code}, not {code}\n{self.stdout}{self.stderr}"
        return self


class Runner:
    """A runner with one action, built from the folder that holds its action.yml."""

    def __init__(self, engine, action_folder):
        self.engine = engine
        self.folder = Path(action_folder)
        self.action = yaml.safe_load((self.folder / "action.yml").read_text())
        self.image = f"iamlease-test:{uuid.uuid4().hex}"
        dockerfile = self.folder / self.action["runs"]["image"]
        engine.docker("build", "--network", "host", "-t", self.image, "-f", str(dockerfile), str(dockerfile.parent))

    def run(self, temp, workspace, event, variables, given=None, token="", started=None):
        """Runs the action as a step of a job.

        temp: the job's _temp. workspace: the folder with the checkout. event: the webhook's payload. variables: those
        of the job. given: the step's `with:`. token: the job's. started: gets the process of the client and the name of
        the container.
        """
        temp = Path(temp)
        home, workflow, commands = folders = [
            temp / name for name in ("_github_home", "_github_workflow", "_runner_file_commands")]
        for folder in folders:
            folder.mkdir(parents=True, exist_ok=True)
        (workflow / "event.json").write_text(event if isinstance(event, str) else json.dumps(event, indent=2))
        files = {name: commands / f"{kind}_{uuid.uuid4()}" for name, kind in FILE_COMMANDS.items()}
        for file in files.values():
            file.touch()
        give_to_runner(temp)

        mounts = {
            str(home): "/github/home",
            str(workflow): "/github/workflow",
            str(commands): "/github/file_commands",
            str(workspace): "/github/workspace",
            str(temp): "/github/runner_temp",
        }
        env = {
            **self.action_env(given or {}, token, variables),
            **{name: str(file) for name, file in files.items()},
            "GITHUB_EVENT_PATH": str(workflow / "event.json"),
            "GITHUB_WORKSPACE": str(workspace),
            "HOME": str(home),
            "RUNNER_TEMP": str(temp),
            "RUNNER_WORKSPACE": str(Path(workspace).parent),
        }
        env = {name: translate(value, mounts) for name, value in env.items()}
        name, command = self.command(env, mounts)
        with subprocess.Popen(command, env={**self.engine.env, **env}, stdin=subprocess.DEVNULL,
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
            if started:
                started(process, name)
            try:
                stdout, stderr = process.communicate(timeout=RUN_TIMEOUT_S)
            except subprocess.TimeoutExpired:
                self.engine.docker("kill", name)
                raise
            ended_s = time.monotonic()
        return Step(process.returncode, stdout.decode(), stderr.decode(),
                    {name: file.read_text(encoding="utf-8") for name, file in files.items()}, ended_s)

    def command(self, env, mounts):
        """The name of the container, and the client's command line."""
        name = re.sub(r"[^a-zA-Z0-9_]", "", self.image) + "_" + uuid.uuid4().hex[:6]
        command = ["docker", "run", "--name", name, "--label", uuid.uuid4().hex[:6],
                   "--workdir", "/github/workspace", "--rm"]
        for variable in env:
            command += ["-e", variable]
        command += ["-e", "GITHUB_ACTIONS=true", "-e", "CI=true", "--network", "host",
                    "-v", f"{self.engine.socket_path()}:/var/run/docker.sock"]
        for host_path, container_path in sorted(mounts.items(), key=lambda mount: len(mount[0])):
            command += ["-v", f"{host_path}:{container_path}"]
        return name, [*command, self.image]

    def action_env(self, given, token, variables):
        """Inputs as INPUT_…, and runs.env; a variable that the job sets wins over runs.env."""
        defaults = {name: entry.get("default", "").replace(GITHUB_TOKEN, token)
                    for name, entry in self.action["inputs"].items()}
        inputs = {name: given.get(name, default) for name, default in defaults.items()}
        unknown = set(given) - set(inputs)
        assert not unknown, f"Unexpected input(s) {unknown}"
        env = {f"INPUT_{name.replace(' ', '_').upper()}": value for name, value in inputs.items()}
        for name, value in self.action["runs"].get("env", {}).items():
            env[name] = EXPRESSION.sub(lambda match: inputs[match[1]], value)
        return {**env, **variables}

    def remove(self):
        """Removes the image; an engine that we did not start keeps nothing of ours but its build cache."""
        self.engine.docker("image", "rm", "--force", self.image)


def translate(value, mounts):
    """A value that is a mounted path, or begins with one, is rewritten to the path inside the container."""
    for host_path, container_path in mounts.items():
        if value == host_path or value.startswith(f"{host_path}/"):
            return container_path + value[len(host_path):]
    return value


def give_to_runner(folder):
    """Hands a tree to the runner's user, where we may; elsewhere it belongs to our user, who is not the container's."""
    if os.geteuid() != 0:
        return
    for parent, folders, files in os.walk(folder):
        for path in [parent, *(os.path.join(parent, name) for name in folders + files)]:
            os.chown(path, RUNNER_UID, RUNNER_GID, follow_symlinks=False)

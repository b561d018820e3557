"""What a Docker container action sees of GitHub's runner.

Builds and starts the action as the runner does (facts of its source: `docker build` without build arguments, every
variable handed over by name, host paths in values translated to container paths, file commands in mounted files) and
judges its output as the runner does: workflow commands in the log, the grammar of the file commands.

Two things differ: `--network host`, because an engine of our own has no bridge, and the values of the fake job.
"""

import contextlib
import dataclasses
import json
import os
import re
import subprocess
import uuid
from pathlib import Path

import yaml

# The user that runs jobs on GitHub's hosted runners.
RUNNER_UID, RUNNER_GID = 1001, 118
RUN_TIMEOUT_S = 120
SUMMARY_LIMIT = 1024 * 1024

# Only `runs.env` of our own action is evaluated, and it may use nothing but inputs.
EXPRESSION = re.compile(r"\$\{\{\s*inputs\.([A-Za-z0-9_-]+)\s*\}\}")

COMMANDS = {
    "add-mask", "add-matcher", "add-path", "debug", "echo", "endgroup", "error", "group", "notice", "remove-matcher",
    "save-state", "set-env", "set-output", "stop-commands", "warning",
}
FILE_COMMANDS = {
    "GITHUB_ENV": "set_env", "GITHUB_OUTPUT": "set_output", "GITHUB_PATH": "add_path", "GITHUB_STATE": "save_state",
    "GITHUB_STEP_SUMMARY": "step_summary",
}


@dataclasses.dataclass
class Command:
    """A workflow command that the runner obeyed."""
    name: str
    properties: dict
    data: str


@dataclasses.dataclass
class Step:
    """What one run of the action left behind."""
    exit_code: int
    stdout: str
    stderr: str
    files: dict     # file command -> its text

    @property
    def summary(self):
        return self.files["GITHUB_STEP_SUMMARY"]

    def commands(self):
        """The workflow commands obeyed. The runner reads two pipes in no fixed order: one must hold them all."""
        by_stream = [obeyed_commands(self.stdout), obeyed_commands(self.stderr)]
        assert [] in by_stream, "workflow commands in both streams: a stop-commands in one would not protect the other"
        return by_stream[0] + by_stream[1]


class Runner:
    """A runner with one action, built from the folder that holds its action.yml."""

    def __init__(self, engine, action_folder):
        self.engine = engine
        self.folder = Path(action_folder)
        self.action = yaml.safe_load((self.folder / "action.yml").read_text())
        self.image = f"iamlease-test:{uuid.uuid4().hex}"
        dockerfile = self.folder / self.action["runs"]["image"]
        engine.docker("build", "--network", "host", "-t", self.image, "-f", str(dockerfile), str(dockerfile.parent))

    def run(self, temp, workspace, event_name, event, given=None, extra_env=None):
        """Runs the action as a step of a job.

        temp: an empty folder, the job's _temp. workspace: the folder with the checkout. event: the webhook's payload.
        given: the step's `with:`. extra_env: variables of the job.
        """
        temp = Path(temp)
        home, workflow, commands = folders = [
            temp / name for name in ("_github_home", "_github_workflow", "_runner_file_commands")]
        for folder in folders:
            folder.mkdir(parents=True)
        (workflow / "event.json").write_text(json.dumps(event, indent=2))
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
            **self.action_env(given or {}, extra_env or {}),
            **job_env(event_name, event, str(workspace), str(workflow / "event.json")),
            **{name: str(file) for name, file in files.items()},
            "HOME": str(home),
            "RUNNER_TEMP": str(temp),
        }
        env = {name: translate(value, mounts) for name, value in env.items()}

        name = re.sub(r"[^a-zA-Z0-9_]", "", self.image) + "_" + uuid.uuid4().hex[:6]
        command = ["docker", "run", "--name", name, "--label", uuid.uuid4().hex[:6],
                   "--workdir", "/github/workspace", "--rm"]
        for variable in env:
            command += ["-e", variable]
        command += ["-e", "GITHUB_ACTIONS=true", "-e", "CI=true", "--network", "host",
                    "-v", f"{self.engine.socket_path()}:/var/run/docker.sock"]
        for host_path, container_path in mounts.items():
            command += ["-v", f"{host_path}:{container_path}"]
        command.append(self.image)
        try:
            done = subprocess.run(command, env={**self.engine.env, **env}, capture_output=True, timeout=RUN_TIMEOUT_S)
        except subprocess.TimeoutExpired:
            self.engine.docker("kill", name)
            raise
        return Step(done.returncode, done.stdout.decode(), done.stderr.decode(),
                    {name: file.read_text(encoding="utf-8") for name, file in files.items()})

    def action_env(self, given, extra_env):
        """Inputs as INPUT_…, and runs.env; a variable that the job sets wins over runs.env."""
        # A default may name the job's token; these jobs have none, so that nothing reaches out to GitHub.
        defaults = {name: "" if entry.get("default") == "${{ github.token }}" else entry.get("default", "")
                    for name, entry in self.action["inputs"].items()}
        inputs = {name: given.get(name, default) for name, default in defaults.items()}
        unknown = set(given) - set(inputs)
        assert not unknown, f"Unexpected input(s) {unknown}"
        env = {f"INPUT_{name.replace(' ', '_').upper()}": value for name, value in inputs.items()}
        for name, value in self.action["runs"].get("env", {}).items():
            env[name] = EXPRESSION.sub(lambda match: inputs[match[1]], value)
        return {**env, **extra_env}

    def remove(self):
        """Removes the image; an engine that we did not start keeps nothing of ours but its build cache."""
        self.engine.docker("image", "rm", "--force", self.image)


def job_env(event_name, event, workspace, event_path):
    """The variables of the runner and of the job, with the paths of the host."""
    repository = event["repository"]["full_name"]
    pull_request = event.get("pull_request")
    branch = event["repository"]["default_branch"]
    ref = f"refs/pull/{event['number']}/merge" if pull_request else f"refs/heads/{branch}"
    sha = pull_request["merge_commit_sha"] if pull_request else event["after"]
    return {
        "GITHUB_ACTION": "__self",
        "GITHUB_ACTION_REPOSITORY": "",
        "GITHUB_ACTOR": event["sender"]["login"],
        "GITHUB_API_URL": "https://api.github.com",
        "GITHUB_BASE_REF": pull_request["base"]["ref"] if pull_request else "",
        "GITHUB_EVENT_NAME": event_name,
        "GITHUB_EVENT_PATH": event_path,
        "GITHUB_GRAPHQL_URL": "https://api.github.com/graphql",
        "GITHUB_HEAD_REF": pull_request["head"]["ref"] if pull_request else "",
        "GITHUB_JOB": "plan",
        "GITHUB_REF": ref,
        "GITHUB_REF_NAME": ref.removeprefix("refs/heads/").removeprefix("refs/pull/"),
        "GITHUB_REF_PROTECTED": "false",
        "GITHUB_REF_TYPE": "branch",
        "GITHUB_REPOSITORY": repository,
        "GITHUB_REPOSITORY_OWNER": repository.split("/")[0],
        "GITHUB_RETENTION_DAYS": "90",
        "GITHUB_RUN_ATTEMPT": "1",
        "GITHUB_RUN_ID": "9876543210",
        "GITHUB_RUN_NUMBER": "7",
        "GITHUB_SERVER_URL": "https://github.com",
        "GITHUB_SHA": sha,
        "GITHUB_TRIGGERING_ACTOR": event["sender"]["login"],
        "GITHUB_WORKFLOW": "access",
        "GITHUB_WORKSPACE": workspace,
        "RUNNER_ARCH": "X64",
        "RUNNER_ENVIRONMENT": "github-hosted",
        "RUNNER_NAME": "GitHub Actions 1",
        "RUNNER_OS": "Linux",
        "RUNNER_TOOL_CACHE": "/opt/hostedtoolcache",
        "RUNNER_WORKSPACE": str(Path(workspace).parent),
        "ACTIONS_RUNTIME_TOKEN": RUNTIME_TOKEN,
        "ACTIONS_RUNTIME_URL": "https://pipelines.actions.githubusercontent.com/example/",
    }


RUNTIME_TOKEN = "runtime-token-that-never-reaches-a-log"


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


def obeyed_commands(log):
    """The workflow commands that the runner obeys in one stream, with both syntaxes and stop-commands."""
    obeyed, stopped_until = [], None
    for line in log.split("\n"):
        registered = COMMANDS | ({stopped_until} if stopped_until else set())
        command = parse_command(line.rstrip("\r"), registered)
        if command is None:
            continue
        if stopped_until:
            if command.name == stopped_until:
                stopped_until = None
            continue
        if command.name == "stop-commands":
            stopped_until = command.data.lower()
            assert stopped_until and stopped_until not in COMMANDS, f"invalid stop-commands token: {line}"
            continue
        obeyed.append(command)
    assert stopped_until is None, "stop-commands was never lifted"
    return obeyed


def parse_command(line, registered):
    """`::name key=value,key=value::data` at the start of a line, or `##[name key=value]data` anywhere in it."""
    current = re.match(r"\s*::([^\s:]+)(?: +(.*?))?::(.*)$", line)
    if current and current[1].lower() in registered:
        pairs = (part.split("=", 1) for part in (current[2] or "").split(",") if "=" in part)
        properties = {key.strip(): unescape(value) for key, value in pairs}
        return Command(current[1].lower(), properties, unescape(current[3]))
    legacy = re.search(r"##\[([^\s\]]+)(?: ([^\]]*))?\](.*)$", line)
    if legacy and legacy[1].lower() in registered:
        return Command(legacy[1].lower(), {}, legacy[3])
    return None


def unescape(text):
    for escaped, plain in (("%0D", "\r"), ("%0A", "\n"), ("%3A", ":"), ("%2C", ","), ("%25", "%")):
        text = text.replace(escaped, plain)
    return text


def parse_file_command(text):
    """The pairs of a file command: NAME=VALUE, or NAME<<DELIMITER, lines, DELIMITER. Anything else fails the step."""
    pairs, lines = {}, iter(text.split("\n"))
    for line in lines:
        if not line:
            continue
        equals, heredoc = line.find("="), line.find("<<")
        if equals >= 0 and (heredoc < 0 or equals < heredoc):
            name, pairs[name] = line[:equals], line[equals + 1:]
        elif heredoc >= 0:
            name, delimiter = line.split("<<", 1)
            assert name and delimiter, f"Invalid format '{line}'"
            value = []
            with contextlib.suppress(StopIteration):
                while (line := next(lines)) != delimiter:
                    value.append(line)
            assert line == delimiter, f"Invalid value. Matching delimiter not found '{delimiter}'"
            pairs[name] = "\n".join(value)
        else:
            raise AssertionError(f"Invalid format '{line}'")
    return pairs

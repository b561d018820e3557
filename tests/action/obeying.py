"""What GitHub's runner takes from the output of a step: workflow commands, masks, file commands.

Facts of the runner's source: commands of both syntaxes in stdout and stderr, `::stop-commands::`, the grammar of the
files, and what makes a step fail although its exit code is 0.
"""

import contextlib
import dataclasses
import re

SUMMARY_LIMIT = 1024 * 1024

COMMANDS = {
    "add-mask", "add-matcher", "add-path", "debug", "echo", "endgroup", "error", "group", "notice", "remove-matcher",
    "save-state", "set-env", "set-output", "stop-commands", "warning",
}
# What a step may set by a line of its log; the others are of the past, and fail a step.
ALLOWED = {"add-mask", "debug", "endgroup", "error", "group", "notice", "stop-commands", "warning"}


@dataclasses.dataclass
class Command:
    """A workflow command that the runner obeyed."""
    name: str
    properties: dict
    data: str


def lines_and_commands(log):
    """Each line of one stream with the command that the runner obeyed in it, or None."""
    stopped_until = None
    for line in log.split("\n"):
        registered = COMMANDS | ({stopped_until} if stopped_until else set())
        command = parse_command(line.rstrip("\r"), registered)
        if stopped_until:
            if command and command.name == stopped_until:
                stopped_until = None
            command = None
        elif command and command.name == "stop-commands":
            stopped_until = command.data.lower()
            assert stopped_until and stopped_until not in COMMANDS, f"invalid stop-commands token: {line}"
            command = None
        yield line, command
    assert stopped_until is None, "stop-commands was never lifted"


def obeyed_commands(log):
    """The workflow commands that the runner obeys in one stream, with both syntaxes and stop-commands."""
    return [command for _, command in lines_and_commands(log) if command]


def shown_log(log):
    """One stream as the runner shows it: from a mask on, and in the command itself, three stars stand for its text."""
    shown, masks = [], []
    for line, command in lines_and_commands(log):
        if command and command.name == "add-mask":
            assert command.data.strip(), "an empty mask"
            masks += [part.strip() for part in [command.data, *command.data.splitlines()] if part.strip()]
        for mask in sorted(masks, key=len, reverse=True):
            line = line.replace(mask, "***")
        shown.append(line)
    return "\n".join(shown)


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

"""The judge itself: what the runner obeys, and what it refuses."""

import pytest

from obeying import obeyed_commands, parse_file_command, shown_log
from runner import translate


@pytest.mark.parametrize(("log", "obeyed"), [
    ("plain text: a::b::c", []),
    ("  ::error file=a.yaml,line=3,col=7::too%3A far%0Aby 5 days", [("error", "too: far\nby 5 days")]),
    ("::ERROR::x", [("error", "x")]),
    ("::no-such-command::x", []),
    ("text ::error::x", []),
    ("text ##[error]x", [("error", "x")]),
    ("::stop-commands::t0ken\n::error::x\n##[add-mask]y\n::t0ken::\n::notice::z", [("notice", "z")]),
    ("::add-mask::x\r\n", [("add-mask", "x")]),
])
def test_commands_in_a_log(log, obeyed):
    assert [(command.name, command.data) for command in obeyed_commands(log)] == obeyed


def test_properties_of_a_command():
    command, = obeyed_commands("::error file=a%2Cb.yaml,line=3,col=7::x")
    assert command.properties == {"file": "a,b.yaml", "line": "3", "col": "7"}


@pytest.mark.parametrize("log", ["::stop-commands::t0ken\ntext", "::stop-commands::", "::stop-commands::error"])
def test_stop_commands_that_is_not_right(log):
    with pytest.raises(AssertionError):
        obeyed_commands(log)


def test_masks_hold_from_their_command_on():
    assert shown_log("a key\n::add-mask::key\na key, keys\n") == "a key\n::add-mask::***\na ***, ***s\n"
    assert shown_log("::stop-commands::t0ken\n::add-mask::key\n::t0ken::\nkey") == \
        "::stop-commands::t0ken\n::add-mask::key\n::t0ken::\nkey"


@pytest.mark.parametrize(("text", "pairs"), [
    ("", {}),
    ("a=b=c\n\n", {"a": "b=c"}),
    ("a=b<<c\n", {"a": "b<<c"}),
    ("a<<END\none=1\n\ntwo\nEND\nb=c\n", {"a": "one=1\n\ntwo", "b": "c"}),
    ("a<<END\nEND\n", {"a": ""}),
])
def test_file_commands(text, pairs):
    assert parse_file_command(text) == pairs


@pytest.mark.parametrize("text", ["name\n", "a<<END\none\n", "<<END\nEND\n", "a<<\n"])
def test_file_commands_that_fail_a_step(text):
    with pytest.raises(AssertionError):
        parse_file_command(text)


def test_paths_are_translated_at_the_start_of_a_value():
    mounts = {"/home/runner/work/a/a": "/github/workspace"}
    assert translate("/home/runner/work/a/a", mounts) == "/github/workspace"
    assert translate("/home/runner/work/a/a/x", mounts) == "/github/workspace/x"
    assert translate("/home/runner/work/a/abc", mounts) == "/home/runner/work/a/abc"
    assert translate("x /home/runner/work/a/a", mounts) == "x /home/runner/work/a/a"

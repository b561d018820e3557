"""What a pull request writes are words, in the comment, the summary, the annotations and the log."""

import json

import pytest
from harness import configs
from harness.github_job import Job, Origin
from harness.outlets import judge_log, judge_markdown

COMMANDS = {"add-mask", "error", "warning", "notice", "group", "endgroup"}

# What it tries: texts without '/', so that a file may be called so.
TEXTS = {
    "bidirectional": "pay\u202e\u2066stnem\u2069\u200b\u00ad",
    "line-breaks": "a\n::error::b\r::set-output name=c::d\u2028::warning::e",
    "look-alikes": "p\u0430yments",
    "mention": "@octocat and @octocat\\@octocat`@octocat",
    "html": "<img src=x onerror=alert(1)> <!-- x --> &lt;b&gt; &#64;octocat</code>",
    "markdown": "**bold** ~~gone~~ [link](https:x) ![i](https:x) `a` | b | #1 www.example.com\n# heading",
    "command": "::add-mask::payments",
    "old-command": "see ##[error]no and ##[add-mask]payments",
    "stop": "::stop-commands::x",
    "percent": "%0A::error::x%25",
}


class Change:
    """A pull request, and its four outlets after a plan."""

    def __init__(self, folder, files, **names):
        self.job = Job(folder, Origin(folder / "origin", configs.GRANTS, files, {}))
        origin = self.job.origin
        self.job.event = self.job.pull_request(
            base=(names.get("base", "main"), origin.start), head=(names.get("head", "change"), origin.head)
        )
        self.job.check_out(depth=2)

    def judge(self, code):
        step = self.job.run().expect(code)
        self.job.close()
        assert len(self.job.github.comments) == 1, step
        self.comment = self.job.github.comments[0]["body"]
        judge_markdown(self.comment)
        judge_markdown(step.summary)
        judge_log(step, COMMANDS)
        return step


def entry(description, user="bert@example.com"):
    return {
        "permanent-access/payments.yaml": "permanent-access:\n"
        f"  - {{description: {description}, users: [{user}], environments: [prod], grants: [dev.read-only]}}\n"
    }


@pytest.mark.parametrize("kind", TEXTS)
def test_a_file_name(tmp_path, kind):
    step = Change(tmp_path, {f"permanent-access/{TEXTS[kind]}.yaml": "permanent-access: []\n"}).judge(1)
    assert [command.properties.get("line") for command in step.commands if command.name == "error"] == [None]


@pytest.mark.parametrize("kind", TEXTS)
def test_a_description(tmp_path, kind):
    """Shown with the row, or refused."""
    invisible = kind in ("bidirectional", "line-breaks")
    Change(tmp_path, entry(json.dumps(TEXTS[kind]))).judge(1 if invisible else 0)


@pytest.mark.parametrize("kind", TEXTS)
def test_a_value(tmp_path, kind):
    """A message quotes it, and the line that it stands in."""
    Change(tmp_path, entry("x", json.dumps(TEXTS[kind]))).judge(1)


@pytest.mark.parametrize("kind", TEXTS)
def test_a_line_as_it_is(tmp_path, kind):
    Change(tmp_path, entry("x", f"'{TEXTS[kind]}'")).judge(1)


BRANCHES = {
    "bidirectional": "pay\u202e\u2066stnem\u2069\u200b\u00ad",
    "look-alikes": "p\u0430yments",
    "mention": "@octocat/`@octocat`@octocat",
    "html": "<img/src=x><!--x-->&lt;b&gt;</code>",
    "markdown": "_bold_/#1/](https/|`a``|www.example.com",
    "percent": "%0A%3A%3Aerror",
}


@pytest.mark.parametrize("kind", BRANCHES)
def test_a_branch(tmp_path, kind):
    Change(tmp_path, configs.CHANGED, base=BRANCHES[kind], head=f"pull{BRANCHES[kind]}").judge(0)


@pytest.mark.parametrize("kind", sorted(set(TEXTS) - {"bidirectional", "look-alikes"}))
def test_a_branch_that_git_does_not_know(tmp_path, kind):
    """An event that says so is no event of GitHub's."""
    change = Change(tmp_path, configs.CHANGED, base=TEXTS[kind])
    step = change.job.run().expect(1)
    change.job.close()
    judge_log(step, COMMANDS)
    assert not change.job.github.comments
    assert step.said("error") == ["pull_request: base.ref in the event 'pull_request' is not what GitHub writes there"]


MARK = "mixes Latin and Cyrillic letters"


@pytest.mark.parametrize("path, code", [("file", 1), ("description", 0), ("value", 1)])
def test_look_alikes_are_marked(tmp_path, path, code):
    """Nobody sees that a letter is another one: the words say so, wherever they are shown."""
    text = TEXTS["look-alikes"]
    files = {
        "file": {f"permanent-access/{text}.yaml": "permanent-access: []\n"},
        "description": entry(text),
        "value": entry("x", f"'{text}'"),
    }[path]
    change = Change(tmp_path, files)
    step = change.judge(code)
    assert MARK in change.comment and MARK in step.summary
    if code:
        assert all(MARK in f"{error.properties}{error.data}" for error in step.commands if error.name == "error")


@pytest.mark.parametrize("text", ["@octocat", "<img src=x>", "[a](https:x)", "see #1", "`a` <script>", "a\u202eb", "```\nx", "<!-- x"])
def test_the_judge_sees_it(text):
    with pytest.raises(AssertionError):
        judge_markdown(text)

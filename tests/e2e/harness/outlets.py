"""Where a pull request can make the program say something, and what its words must not become there."""

import re
import unicodedata

MENTION, HTML, LINK = "@octocat", "<img", "](https"


def markdown_outside_code(text):
    """What of GitHub's Markdown is neither a fenced block, nor a code span, nor in <code>: there words have powers."""
    kept, fence = [], None
    for line in text.split("\n"):
        opening = re.match(r" {0,3}(`{3,}|~{3,})", line)
        if fence:
            if opening and opening[1].startswith(fence) and not line.strip().strip(fence[0]):
                fence = None
            continue
        if opening:
            fence = opening[1]
            continue
        line = re.sub(r"<code>[^<]*</code>", "", line)
        kept.append(re.sub(r"(?<!`)(`+)(?!`)(.*?)(?<!`)\1(?!`)", "", line))
    assert not fence, f"a fence is never closed\n{text}"
    return "\n".join(kept)


def judge_markdown(text):
    """A comment or a summary: nothing invisible, and nothing that a pull request wrote is more than words."""
    judge_visible(text)
    bare = markdown_outside_code(text)
    comments = re.findall(r"<!--.*?-->", bare, re.DOTALL)
    bare = re.sub(r"<!-- ?/?[\w.:= -]+ -->", "", bare)
    for power in ("<!--", MENTION, LINK, "https://", "www.", "#1", "**bold**", "~~"):
        assert power not in bare, f"{power!r} has its power ({comments})\n{text}"
    tags = set(re.findall(r"<\s*/?\s*([A-Za-z!?][\w-]*)", bare))
    assert tags <= {"br", "sub", "details", "summary", "code", "b"}, f"{tags}\n{text}"


def judge_visible(text):
    for character in text:
        assert character == "\n" or unicodedata.category(character) not in ("Cc", "Cf", "Zl", "Zp"), (
            f"U+{ord(character):04X} is not to be seen\n{text!r}"
        )


def judge_log(step, allowed):
    """Annotations and all other lines: the runner obeys what the program says, and nobody else."""
    judge_visible(step.result.stdout + step.result.stderr)
    for command in step.commands:
        assert command.name in allowed, f"{command}\n{step}"

"""Pictures of what iamlease writes on a pull request, as GitHub shows it: GitHub's own Markdown library, its style, and
Chromium without a window. The texts are those of golden cases, which the tests run.

usage: take.py FOLDER        where the pictures go
"""

import subprocess
import sys
import tempfile
from pathlib import Path

import cmarkgfm
from cmarkgfm.cmark import Options

ROOT = Path(__file__).resolve().parents[2]
STYLE = Path(__file__).with_name("node_modules") / "github-markdown-css" / "github-markdown-light.css"
CASES = ROOT / "test-fixtures" / "cases"
PICTURES = {
    "plan": CASES / "a-pull-request" / "plan.md",
    "mistakes": CASES / "original" / "summary.md",
}
WIDTH = 900  # of the column of comments
HEIGHT_MAX = 6000

PAGE = """<!DOCTYPE html>
<meta charset="utf-8">
<style>{style}</style>
<style>
  body {{ margin: 0; padding: 16px; width: {width}px; box-sizing: border-box; background: #fff; }}
  .box {{ border: 1px solid #d1d9e0; border-radius: 6px; }}
  .head {{ font: 14px/1.5 "Noto Sans", sans-serif; color: #59636e; background: #f6f8fa; padding: 8px 16px;
           border-bottom: 1px solid #d1d9e0; border-radius: 6px 6px 0 0; }}
  .head b {{ color: #1f2328; }}
  .head span {{ border: 1px solid #d1d9e0; border-radius: 2em; font-size: 12px; padding: 0 7px; }}
  .markdown-body {{ padding: 16px; font-family: "Noto Sans", sans-serif; font-size: 14px; }}
</style>
<div class="box">
  <div class="head"><b>github-actions</b> <span>bot</span> commented</div>
  <div class="markdown-body">{body}</div>
</div>
<script>document.title = Math.ceil(document.querySelector(".box").getBoundingClientRect().bottom + 16);</script>
"""


def html_of(markdown):
    body = cmarkgfm.github_flavored_markdown_to_html(markdown, Options.CMARK_OPT_UNSAFE)
    return PAGE.format(style=STYLE.read_text(), width=WIDTH, body=body)


def chromium(folder, *arguments):
    command = ["chromium", "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--hide-scrollbars",
               "--disable-background-networking", "--disable-component-update", "--disable-sync", f"--user-data-dir={folder}/profile",
               "--force-device-scale-factor=1", *arguments]
    return subprocess.run(command, check=True, capture_output=True, text=True, timeout=120).stdout


def take(name, text, target):
    with tempfile.TemporaryDirectory() as folder:
        page = Path(folder) / "page.html"
        page.write_text(html_of(text))
        # The page says how high it is, in its title.
        shown = chromium(folder, f"--window-size={WIDTH},{HEIGHT_MAX}", "--dump-dom", page.as_uri())
        height = int(shown.split("<title>")[1].split("<")[0])
        picture = target / f"{name}.png"
        chromium(folder, f"--window-size={WIDTH},{height}", f"--screenshot={picture}", page.as_uri())
        print(f"{picture}: {WIDTH} x {height}, {picture.stat().st_size} bytes")


def main():
    target = Path(sys.argv[1]).resolve()
    target.mkdir(parents=True, exist_ok=True)
    for name, file in PICTURES.items():
        take(name, file.read_text(), target)


if __name__ == "__main__":
    main()

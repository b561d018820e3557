"""The tables of README.md about the action, made from action.yml and the workflows of examples/."""

import re

from harness import workflow_files

PLACE = re.compile(r"^<!-- begin: (\w+) -->\n(.*?)^<!-- end -->$", re.MULTILINE | re.DOTALL)


def table(head, rows):
    return "".join(f"| {' | '.join(row)} |\n" for row in [head, ["---"] * len(head), *rows])


def inputs():
    rows = [(f"`{name}`", f"`{entry['default']}`" if entry["default"] else "empty", entry["description"])
            for name, entry in workflow_files.ACTION["inputs"].items()]
    return table(("input", "default", "meaning"), rows)


def outputs():
    rows = [(f"`{name}`", entry["description"]) for name, entry in workflow_files.ACTION["outputs"].items()]
    return table(("output", "meaning"), rows)


def permissions():
    """What each job asks for, and why: the comments behind it."""
    rows = []
    for file in workflow_files.EXAMPLES:
        for job, reasons in workflow_files.reasons(file).items():
            levels = workflow_files.read(file)["jobs"][job]["permissions"]
            asked = "<br>".join(f"`{name}: {levels[name]}` – {reason}" for name, reason in reasons.items())
            rows.append((f"[`{file.name}`](examples/workflows/{file.name})", f"`{job}`", asked))
    return table(("workflow", "job", "permissions"), rows)


def filled(name):
    made = {"inputs": inputs, "outputs": outputs, "permissions": permissions}[name]()
    return f"<!-- begin: {name} -->\n{made}<!-- end -->"

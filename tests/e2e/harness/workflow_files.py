"""Workflow files: of this repository, of examples/, and what the action that they use takes."""

import re
import shutil
import subprocess

import yaml
from harness import cli
from harness.gitrepo import GitRepo

EXAMPLES = sorted((cli.ROOT / "examples" / "workflows").glob("*.yml"))
OF_PORT = sorted((cli.ROOT / "port" / "workflows").glob("*.yml"))
OWN = sorted((cli.ROOT / ".github" / "workflows").glob("*.yml"))
ACTION = yaml.safe_load((cli.ROOT / "action.yml").read_text())
PLACEHOLDER = "OWNER/iamlease@REF"
ACTIONLINT = cli.ROOT / ".venv" / "bin" / "actionlint"


def read(file):
    """A workflow; YAML takes its key `on` for a boolean."""
    workflow = yaml.safe_load(file.read_text())
    workflow["on"] = workflow.pop(True)
    return workflow


def steps(workflow):
    """(name of the job, job, step) of all steps."""
    for name, job in workflow["jobs"].items():
        for step in job["steps"]:
            yield name, job, step


def is_ours(step):
    return step.get("uses") in (PLACEHOLDER, "./")


def reasons(file):
    """job → permission → why it is there, which stands behind it."""
    found, job = {}, None
    for line in file.read_text().splitlines():
        begins = re.fullmatch(r"  ([\w-]+):", line)
        entry = re.fullmatch(r"      ([a-z-]+): (read|write) # (.+)", line)
        if begins:
            job = begins[1]
        elif entry:
            found.setdefault(job, {})[entry[1]] = entry[3]
    return found


def actionlint(folder):
    """What actionlint says about the workflows of a repository; it wants to stand in one."""
    done = subprocess.run([ACTIONLINT, "-no-color"], cwd=folder, capture_output=True, text=True)
    return done.stdout + done.stderr


def lint_files(folder, files):
    """The same of these files alone."""
    repo = GitRepo.create(folder)
    (folder / ".github" / "workflows").mkdir(parents=True)
    for file in files:
        shutil.copy(file, folder / ".github" / "workflows")
    return actionlint(repo.path)

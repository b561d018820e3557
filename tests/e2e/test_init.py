"""`iamlease init`: from an empty repository to one that validates, with workflows that can run."""

import re

import pytest
import yaml
from harness import cli, workflow_files
from harness.gitrepo import GitRepo

FOLDERS = ["aws-accounts", "aws-policies", "permanent-access", "temporary-access"]
WORKFLOWS = ["iamlease-apply.yml", "iamlease-cleanup.yml", "iamlease-comment.yml", "iamlease-plan.yml"]
WRITTEN = sorted([f"{folder}/example.yaml" for folder in FOLDERS] + ["iamlease.yaml"] + [f".github/workflows/{n}" for n in WORKFLOWS])


@pytest.fixture
def repo(tmp_path):
    return GitRepo.create(tmp_path / "repo", {"README.md": "Access to AWS\n"})


def run(repo, *arguments, **environment):
    return cli.run(cli.SANITIZED, list(arguments), repo.path, environment)


def files(repo):
    return {str(file.relative_to(repo.path)): file.read_text() for file in repo.path.rglob("*")
            if file.is_file() and ".git" not in file.relative_to(repo.path).parts}


def without_comment_marks(text):
    """The file with its examples: what stands behind `#` without a space, or indented, is YAML; prose is not."""
    return re.sub(r"^#(?=\S|  )", "", text, flags=re.MULTILINE)


def test_all_is_there_and_valid(repo, tmp_path):
    result = run(repo, "init").expect(0)
    assert sorted(line.split()[-1] for line in result.stdout.splitlines()) == WRITTEN
    assert all(line.startswith("written ") for line in result.stdout.splitlines())
    assert "OWNER/iamlease@REF" in result.stderr
    assert sorted(files(repo)) == sorted([*WRITTEN, "README.md"])
    run(repo, "validate").expect(0)
    repo.commit("Begin", {})
    run(repo, "validate", "--head", "HEAD").expect(0)
    assert "Nothing to change" in run(repo, "plan", "--base", "HEAD").expect(0).stdout
    assert workflow_files.actionlint(repo.path) == ""


def test_the_texts_are_those_of_the_examples(repo):
    run(repo, "init").expect(0)
    for name, text in files(repo).items():
        if name.startswith(".github/"):
            example = cli.ROOT / "examples" / "workflows" / name.rpartition("/")[2]
            assert text == example.read_text().replace("          # config-root: infra/access\n", "")
        elif name != "README.md":
            assert text == (cli.ROOT / "examples" / "repository" / name).read_text()


def test_the_examples_in_the_files_are_true(repo):
    """With the marks taken away, all of it is a configuration that holds on the day of its lease."""
    run(repo, "init").expect(0)
    shown = {name: without_comment_marks(text) for name, text in files(repo).items() if name.endswith(".yaml")}
    assert all(yaml.safe_load(text) for text in shown.values())
    repo.write({name.replace("example", "payments"): text for name, text in shown.items()})
    for folder in FOLDERS:
        (repo.path / folder / "example.yaml").unlink()
    repo.write({"iamlease.yaml": "version: 1\n"})
    run(repo, "validate", "--now", "2026-11-30T00:00:00Z").expect(0)
    repo.commit("Without the rules", {})
    repo.write({"iamlease.yaml": shown["iamlease.yaml"]})
    result = run(repo, "validate", "--now", "2026-11-30T00:00:00Z", "--json")
    # The rules of the example ask for more than the example of a lease has: that is all that can be said.
    assert {row["id"] for row in result.json["diagnostics"]} <= {"missing-reason", "reason-required"}, result


def test_nothing_is_overwritten(repo):
    mine = {"iamlease.yaml": "version: 1\n", ".github/workflows/iamlease-plan.yml": "on: push\n",
            "aws-accounts/payments.yaml": "aws-accounts: {}\n"}
    repo.write(mine)
    result = run(repo, "init").expect(0).stdout
    assert {name: text for name, text in files(repo).items() if name in mine} == mine
    assert "left alone  iamlease.yaml (it is there)\n" in result
    assert "left alone  aws-accounts/example.yaml (the folder holds files)\n" in result
    before = files(repo)
    again = run(repo, "init").expect(0)
    assert files(repo) == before and "written " not in again.stdout
    assert "everything is there" in again.stderr


@pytest.mark.parametrize("root", [".git", ".git/hooks", "infra/.git", "infra/.GIT/access"])
def test_git_is_no_place_for_it(repo, root):
    before = files(repo)
    git = sorted((repo.path / ".git").rglob("*"))
    result = run(repo, "init", "--config-root", root).expect(64)
    assert ".git" in result.stderr.lower() and files(repo) == before and sorted((repo.path / ".git").rglob("*")) == git
    assert not (repo.path / "infra").exists()


def test_json(repo):
    repo.write({"iamlease.yaml": "version: 1\n"})
    document = run(repo, "init", "--json").expect(0).json
    assert list(document) == ["format", "version", "files"] and document["format"] == "iamlease/init" and document["version"] == 1
    assert sorted(row["path"] for row in document["files"]) == WRITTEN
    assert [row for row in document["files"] if not row["written"]] == [
        {"path": "iamlease.yaml", "written": False, "reason": "it is there"}]


def test_an_action_a_branch_and_a_config_root(tmp_path):
    """What differs between repositories stands in the workflows as it is here."""
    repo = GitRepo.create(tmp_path / "repo", {"README.md": "x"})
    repo.git("branch", "--move", "master")
    action = "acme/iamlease@0123456789abcdef0123456789abcdef01234567"
    result = run(repo, "init", "--action", action, "--config-root", "infra/access").expect(0)
    assert "OWNER" not in result.output
    assert (repo.path / "infra/access/iamlease.yaml").exists() and not (repo.path / "iamlease.yaml").exists()
    assert workflow_files.actionlint(repo.path) == ""
    for file in sorted((repo.path / ".github/workflows").iterdir()):
        workflow = workflow_files.read(file)
        ours = [step for _, _, step in workflow_files.steps(workflow) if step["uses" if "uses" in step else "run"] == action]
        assert ours and all(step["with"]["config-root"] == "infra/access" for step in ours)
        assert workflow["on"].get("push", {"branches": ["master"]}) == {"branches": ["master"]}
    run(repo, "validate", "--config-root", "infra/access").expect(0)


def test_from_anywhere(repo, tmp_path):
    """In a folder of the repository, and by --repo from outside; in the repository that has no commit yet."""
    (repo.path / "deep").mkdir()
    cli.run(cli.SANITIZED, ["init"], repo.path / "deep", {}).expect(0)
    assert (repo.path / "iamlease.yaml").exists()
    empty = GitRepo.create(tmp_path / "empty")
    cli.run(cli.SANITIZED, ["init", "--repo", str(empty.path), "--quiet"], tmp_path, {}).expect(0)
    assert sorted(files(empty)) == WRITTEN


def test_trouble(repo, tmp_path):
    (tmp_path / "none").mkdir()
    assert "cannot open a git repository here" in cli.run(cli.SANITIZED, ["init"], tmp_path / "none", {}).expect(1).stderr
    for wrong in ("somewhere", "a/b@c d"):
        assert "--action" in run(repo, "init", "--action", wrong).expect(64).stderr
    run(repo, "init", "here").expect(64)
    assert sorted(files(repo)) == ["README.md"]
    (repo.path / ".github").write_text("in the way")
    result = run(repo, "init").expect(1)
    assert "cannot write '.github/workflows/iamlease-" in result.stderr
    assert "written     iamlease.yaml\n" in result.stdout, "what was written before is named"


def test_a_failed_write_leaves_no_half_file(repo):
    """The disk is full: the limit on the size of a file stands for it."""
    import resource
    import subprocess

    def limit():
        import signal
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (600, 600))

    done = subprocess.run([str(cli.SHIPPED), "init"], cwd=repo.path, preexec_fn=limit, capture_output=True, text=True)
    assert done.returncode == 1 and "cannot write" in done.stderr
    for name, text in files(repo).items():
        if name != "README.md":
            assert text == (cli.ROOT / "examples" / "repository" / name).read_text(), f"{name} is cut"
    run(repo, "init").expect(0)
    assert sorted(files(repo)) == sorted([*WRITTEN, "README.md"])

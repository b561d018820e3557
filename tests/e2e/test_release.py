"""The steps of a release that need no registry: what may be released, and the release commit."""

import shutil
import subprocess

import pytest
import yaml
from harness import cli
from harness.gitrepo import GitRepo

DIGEST = "sha256:" + "0123456789abcdef" * 4
IMAGE = "ghcr.io/acme/iamlease"


@pytest.fixture
def repo(tmp_path):
    repo = GitRepo.create(tmp_path / "repo")
    (repo.path / "tools").mkdir()
    for name in ("action.yml", "tools/release.sh"):
        shutil.copy(cli.ROOT / name, repo.path / name)
    repo.commit("All", {"Makefile": "VERSION := 1.2.3\n", "CHANGELOG.md": "# Changelog\n\n## [1.2.3] - 2026-11-30\n\n- It works.\n\n## [1.2.2]\n\n- Old.\n"})
    return repo


def run(repo, step, **variables):
    output = repo.path.parent / "output"
    output.write_text("")
    environment = {"PATH": "/usr/local/bin:/usr/bin:/bin", "HOME": str(repo.path), "VERSION": "1.2.3", "BRANCH": "main", "IMAGE": IMAGE,
                   "GITHUB_REF": "refs/heads/main", "GITHUB_REPOSITORY": "Acme/iamlease", "GITHUB_OUTPUT": str(output), **variables}
    done = subprocess.run(["tools/release.sh", step], cwd=repo.path, env=environment, capture_output=True, text=True)
    return done.returncode, done.stdout + done.stderr, output.read_text()


def test_what_may_be_released(repo):
    assert run(repo, "check") == (0, "", f"image={IMAGE}\n")
    for wrong, reason in [({"VERSION": "1.2"}, "no version"), ({"VERSION": "1.2.3-rc.1"}, "no version"), ({"VERSION": "01.2.3"}, "no version"),
                          ({"VERSION": "1.2.4"}, "another VERSION"), ({"GITHUB_REF": "refs/heads/other"}, "made of main")]:
        code, said, output = run(repo, "check", **wrong)
        assert code == 1 and said.startswith("::error ") and reason in said and output == "", wrong
    repo.write({"CHANGELOG.md": "# Changelog\n"})
    assert "no section [1.2.3]" in run(repo, "check")[1]
    repo.git("checkout", "CHANGELOG.md")
    repo.git("tag", "v1.2.3")
    assert "already" in run(repo, "check")[1]
    assert run(repo, "something")[0] == 64


def test_the_release_commit(repo):
    """It names the image and changes nothing else; main stays as it is; both tags name it."""
    main, before = repo.head, yaml.safe_load((repo.path / "action.yml").read_text())
    repo.git("tag", "v1", main)
    code, said, _ = run(repo, "commit", DIGEST=DIGEST)
    assert code == 0, said
    released = yaml.safe_load(repo.git("show", "v1.2.3:action.yml"))
    assert released["runs"].pop("image") == f"docker://{IMAGE}@{DIGEST}"
    assert before["runs"].pop("image") == "Dockerfile" and released == before
    assert repo.git("rev-parse", "main") == main == repo.git("rev-parse", "v1.2.3^")
    assert repo.git("rev-parse", "v1") == repo.git("rev-parse", "v1.2.3")
    assert repo.git("diff", "--name-only", main, "v1.2.3") == "action.yml"


def test_no_release_commit_without_an_image(repo):
    for digest in ("", "latest", "sha256:0123"):
        assert run(repo, "commit", DIGEST=digest)[0] == 1
    repo.write({"action.yml": "runs: { using: docker, image: Dockerfile }\n"})
    assert "no line" in run(repo, "commit", DIGEST=DIGEST)[1]
    assert repo.git("tag") == ""

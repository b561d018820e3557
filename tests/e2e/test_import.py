"""iamlease import: what accounts have becomes the files of a team, what files cannot say is listed, and nothing is to be
done afterwards."""

import json

import pytest
import yaml
from harness.aws import NONPROD, PLANNER, PROD, allow, document
from harness.proxy import Fault

SETTINGS = {"iamlease.yaml": f"version: 1\naws: {{plan_role: {PLANNER}}}\n"}
ACCOUNTS = ["--account", f"nonprod={NONPROD}", "--account", f"prod={PROD}"]
FOLDERS = ["aws-accounts", "aws-policies", "permanent-access", "temporary-access"]
AUDIT, S3 = "arn:aws:iam::aws:policy/SecurityAudit", "arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess"


def read_files(world, team="legacy"):
    paths = {folder: world.repo.path / folder / f"{team}.yaml" for folder in FOLDERS}
    return {folder: yaml.safe_load(path.read_text())[folder] for folder, path in paths.items() if path.exists()}


def run_import(world, *arguments, accounts=ACCOUNTS, code=0, **more):
    """Without a write, and by no other role than the one for plans."""
    result = world.run("import", "--team", "legacy", *accounts, *arguments, **more).expect(code)
    assert world.proxy.writes == []
    assert all(call.params["RoleArn"].endswith(f"/{PLANNER}") for call in world.proxy.calls if call.service == "sts")
    return result


def commit_and_find_nothing_to_do(world):
    """The files pass, the plan of the change has no operation, and the first apply writes nothing."""
    before = world.snapshot()
    world.repo.git("add", "--all")
    world.repo.git("commit", "--quiet", "--message", "Import")
    world.run("validate").expect(0)
    plan = world.run("plan", "--live", "--base", "HEAD^", "--head", "HEAD", "--json").expect(0).json
    assert plan["operations"] == {"implied": False, "items": []} and plan["problems"] == []
    world.run("apply").expect(0)
    assert world.proxy.writes == [] and world.snapshot() == before


def left(result):
    return {(row["account_id"], row["kind"], (row["principal"] or {}).get("name"), row["what"]): row["reason"] for row in result.json["left_behind"]}


def test_what_is_attached_becomes_permanent_access(world):
    world.begin(SETTINGS)
    result = run_import(world, "--json")
    assert read_files(world) == {
        "aws-accounts": {"nonprod": NONPROD, "prod": PROD},
        "aws-policies": {
            "AmazonS3ReadOnlyAccess": {"managed_policies": [S3]},
            "SecurityAudit": {"managed_policies": [AUDIT]},
            **{
                f"hand-made-logs.{name}": {
                    "description": "made by hand",
                    "managed_policies": [f"arn:aws:iam::{account}:policy/hand-made-logs"],
                }
                for name, account in [("nonprod", NONPROD), ("prod", PROD)]
            },
        },
        "permanent-access": [
            {"users": ["bert"], "environments": ["nonprod"], "grants": ["hand-made-logs.nonprod"]},
            {"users": ["bert"], "environments": ["prod"], "grants": ["hand-made-logs.prod"]},
            {"roles": ["github-actions-deployer"], "environments": ["nonprod", "prod"], "grants": ["AmazonS3ReadOnlyAccess"]},
            {"groups": ["developers"], "environments": ["nonprod", "prod"], "grants": ["SecurityAudit"]},
        ],
    }
    other = f"arn:aws:iam::{PROD}:policy/iamlease/other-team-read"
    assert {key[1:]: reason for key, reason in left(result).items() if key[0] == PROD} == {
        ("attachment", "carol", other): "of-iamlease",
        ("policy", None, other): "of-iamlease",
        ("inline-policy", "carol", "temp-team-read-carol"): "of-iamlease",
        ("inline-policy", "bert", "temp-payments-legacy-bert"): "inline-policy",
        ("inline-policy", "bert", "by-hand"): "inline-policy",
        ("inline-policy", "developers", "by-hand"): "inline-policy",
        ("inline-policy", "harness-admin", "admin"): "inline-policy",
        ("inline-policy", "AWSSelfServeDeployer", "deployer"): "inline-policy",
        ("inline-policy", "AWSSelfServePlanner", "plan"): "inline-policy",
    }
    assert result.json["counts"] == {"accounts": 2, "attachments": 6, "leases": 0, "policies": 4, "left_behind": 18, "not_asked_for": 0}
    commit_and_find_nothing_to_do(world)


def test_an_account_that_cannot_be_read_is_one_too_many(world):
    world.begin(SETTINGS)
    world.aws.admin[PROD].delete_role_policy(RoleName=PLANNER, PolicyName="plan")
    result = run_import(world, code=1)
    assert result.stdout == "" and f"account {PROD} could not be read, 1 of 2 in all, and nothing is written" in result.stderr
    assert read_files(world) == {} and not (world.repo.path / "aws-accounts").exists()


@pytest.mark.parametrize("folder", FOLDERS)
def test_nothing_is_overwritten(world, folder):
    world.begin({**SETTINGS, f"{folder}/legacy.yaml": ""})
    result = run_import(world, code=1)
    assert f"'{folder}/legacy.yaml' is there, and import overwrites nothing" in result.stderr
    assert world.proxy.calls == [] and (world.repo.path / folder / "legacy.yaml").read_text() == ""


def test_a_dry_run_prints_what_would_be_written(world):
    world.begin(SETTINGS)
    result = run_import(world, "--dry-run")
    assert read_files(world) == {}
    printed = result.stdout.split("# permanent-access/legacy.yaml\n")[1].split("\n\n")[0]
    assert yaml.safe_load(printed)["permanent-access"][0]["users"] == ["bert"]
    assert "18 left behind" in result.stdout


def test_strict_writes_nothing_when_anything_is_left_behind(world):
    world.begin(SETTINGS)
    result = run_import(world, "--strict", code=1)
    assert "18 left behind" in result.stdout and read_files(world) == {}
    run_import(world, "--strict", "--roles", "github-actions-*", "--groups", "none")
    assert [entry["roles"] for entry in read_files(world)["permanent-access"]] == [["github-actions-deployer"]]

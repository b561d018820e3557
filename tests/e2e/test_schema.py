"""The JSON Schemas and the reference page say what the program decodes; the copies in docs/ are what it prints."""

import json
import re

import jsonschema
import pytest
import yaml
from harness import cli, golden

DOCS = cli.ROOT / "docs"
KINDS = {
    "accounts": "aws-accounts",
    "policies": "aws-policies",
    "roles": "aws-roles",
    "permanent": "permanent-access",
    "temporary": "temporary-access",
    "settings": "iamlease.yaml",
}
MARKER = "<!-- from here on: iamlease help --reference -->\n"

# Ids of what a schema cannot know: files that are no YAML of ours, or what stands in other files or on the clock.
DECODING = """wrong-type missing-key missing-value unknown-key keys-exclude no-principal empty-policy""".split()

kinds = pytest.mark.parametrize("kind", KINDS)


class EditorLoader(yaml.SafeLoader):
    """YAML as an editor reads it: dates are texts."""


EditorLoader.yaml_implicit_resolvers = {
    first: [(tag, expression) for tag, expression in resolvers if tag != "tag:yaml.org,2002:timestamp"]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


def run(*arguments, cwd):
    return cli.run(cli.SANITIZED, ["help", *arguments], cwd, {}).expect(0).stdout


def schema(kind, cwd):
    return json.loads(run("--schema", kind, cwd=cwd))


def files(kind, root):
    """Every file of that kind below a folder, read as an editor reads it."""
    pattern = "iamlease.yaml" if kind == "settings" else f"{KINDS[kind]}/*.yaml"
    for path in sorted(root.rglob(pattern)):
        if path.is_symlink() or not path.is_file():
            continue
        try:
            yield path, yaml.load(path.read_bytes(), EditorLoader)
        except (yaml.YAMLError, UnicodeDecodeError):
            continue


def write_or_compare(path, text, update):
    if update:
        path.parent.mkdir(exist_ok=True)
        path.write_text(text)
    assert path.read_text() == text, f"{path.name} is old; pytest --update writes it"


@pytest.fixture(scope="session")
def update(request):
    return request.config.getoption("--update")


@kinds
def test_the_copy_in_docs_is_what_the_program_prints(kind, tmp_path, update):
    write_or_compare(DOCS / "schema" / f"{kind}.json", run("--schema", kind, cwd=tmp_path), update)


def test_the_reference_page_is_what_the_program_prints(tmp_path, update):
    page = DOCS / "configuration.md"
    head = page.read_text().partition(MARKER)[0]
    write_or_compare(page, head + MARKER + "\n" + run("--reference", cwd=tmp_path), update)


@kinds
def test_it_is_a_schema(kind, tmp_path):
    jsonschema.Draft7Validator.check_schema(schema(kind, tmp_path))


@kinds
def test_what_the_program_takes_passes(kind, tmp_path):
    """Every file of a golden case without errors, and the examples of cloud-iam-self-serve."""
    validator = jsonschema.Draft7Validator(schema(kind, tmp_path))
    seen = 0
    for name in golden.cases():
        folder = golden.FOLDER / name
        diagnostics = folder / "diagnostics.txt"
        if diagnostics.exists() and ": error: " in diagnostics.read_text():
            continue
        for path, content in files(kind, folder / "head"):
            seen += 1
            assert [error.message for error in validator.iter_errors(content)] == [], path
    for folder in ["payments", "corrected"]:
        for path, content in files(kind, cli.ROOT / "test-fixtures" / folder):
            seen += 1
            assert [error.message for error in validator.iter_errors(content)] == [], path
    assert seen


@kinds
def test_what_the_program_refuses_fails(kind, tmp_path):
    """Every file of a golden case with an error in its own keys and values."""
    validator = jsonschema.Draft7Validator(schema(kind, tmp_path))
    seen = 0
    for name in golden.cases():
        diagnostics = golden.FOLDER / name / "diagnostics.txt"
        shown = diagnostics.read_text() if diagnostics.exists() else ""
        for path, content in files(kind, golden.FOLDER / name / "head"):
            place = re.escape(str(path.relative_to(golden.FOLDER / name / "head")))
            ids = re.findall(rf"^{place}:\d+:\d+: error: .* \[([a-z-]+)\]$", shown, re.MULTILINE)
            if not any(word in DECODING for word in ids):
                continue
            seen += 1
            assert not validator.is_valid(content), f"{path}: {ids}"
    assert seen


WRONG = [
    ("accounts", "aws-accounts: { prod: '1234' }"),
    ("accounts", "aws-accounts: { 'a b': '123456789012' }"),
    ("accounts", "accounts: {}"),
    ("policies", "aws-policies: { p: { custom_statements: [{ effect: allow, actions: '*', resources: '*' }] } }"),
    ("policies", "aws-policies: { p: { managed_policies: [ReadOnlyAccess] } }"),
    ("policies", "aws-policies: { p: { custom_statements: [{ effect: Deny, actions: '*', resources: '*', sid: a-b }] } }"),
    ("permanent", "permanent-access: [{ users: bert, environments: [prod], grants: [p] }]"),
    ("permanent", "permanent-access: [{ environments: [prod], grants: [p] }]"),
    ("temporary", "temporary-access: [{ user: u, environment: e, grant: g, expiration_date: soon }]"),
    ("temporary", "temporary-access: [{ user: u, users: [v], environment: e, grant: g, expiration_date: 2026-11-30 }]"),
    ("temporary", "temporary-access: [{ user: u, environment: e, permissions: 's3:*', expiration_date: 2026-11-30 }]"),
    ("temporary", "temporary-access: [{ user: u, environment: e, expires_at: 2026-11-30T14:00:00Z }]"),
    ("settings", "version: 2"),
    ("settings", "limits: { max_days: 4000 }"),
    ("settings", "usernames: e-mail"),
    ("settings", "usernames: { bert: b }"),
]


@pytest.mark.parametrize("kind, text", WRONG)
def test_wrong_files_fail(kind, text, tmp_path):
    assert not jsonschema.Draft7Validator(schema(kind, tmp_path)).is_valid(yaml.load(text, EditorLoader))


def test_an_unknown_kind_is_a_mistake_in_the_command(tmp_path):
    result = cli.run(cli.SANITIZED, ["help", "--schema", "policy"], tmp_path, {}).expect(64)
    assert "accounts, policies, permanent, temporary or settings" in result.stderr

"""docs/plan.schema.json holds for every plan.json that there is, and says of each key that it prints what it is."""

import copy
import json

import jsonschema
import pytest
from harness import cli, golden
from harness.configs import EDITED, GRANTS, NOTHING

SCHEMA = json.loads((cli.ROOT / "docs" / "plan.schema.json").read_text())
PLANS = [
    path
    for path in sorted(golden.FOLDER.glob("*/plan.json"))
    if json.loads(path.read_text())["format"] == "iamlease/plan"  # with errors there is no plan, but diagnostics
]


def validator(schema=SCHEMA):
    jsonschema.Draft202012Validator.check_schema(schema)
    return jsonschema.Draft202012Validator(schema)


def closed(schema):
    """The same schema, refusing every key that it does not name: readers must not, but the test does."""
    if isinstance(schema, list):
        return [closed(item) for item in schema]
    if not isinstance(schema, dict):
        return schema
    copied = {key: closed(value) for key, value in schema.items()}
    if copied.get("type") == "object" and "properties" in copied:
        copied["additionalProperties"] = False
    return copied


@pytest.mark.parametrize("path", PLANS, ids=lambda path: path.parent.name)
def test_golden_plans(path):
    plan = json.loads(path.read_text())
    validator().validate(plan)
    validator(closed(SCHEMA)).validate(plan)


def test_live_plans(world):
    repo = world.begin(NOTHING)
    for config in (GRANTS, EDITED, NOTHING):
        repo.commit("change", config)
        plan = json.loads(world.run("plan", "--base", "HEAD~1", "--head", "HEAD", "--json").expect(0).stdout)
        validator(closed(SCHEMA)).validate(plan)
        assert sum(plan["counts"].values()) == len(plan["rows"]) > 0


def test_the_schema_is_strict_where_it_says_something():
    plan = json.loads(next(path for path in PLANS if path.parent.name == "extend").read_text())
    for broken in (
        {**plan, "version": 2},
        {**plan, "digest": "abc"},
        {key: value for key, value in plan.items() if key != "side_changes"},
        {**plan, "rows": [{**plan["rows"][0], "risk": "none"}]},
        {**plan, "now": "yesterday"},
    ):
        with pytest.raises(jsonschema.ValidationError):
            validator().validate(broken)
    more = copy.deepcopy(plan)
    more["a_later_key"] = more["rows"][0]["another"] = 1
    validator().validate(more)

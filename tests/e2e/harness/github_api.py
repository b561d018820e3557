"""GitHub's own description of its REST API, as a judge of requests and answers (npm: @octokit/openapi)."""

import copy
import functools
import json
import re
from urllib.parse import unquote

import referencing
import referencing.jsonschema
from harness import cli
from jsonschema import Draft4Validator, FormatChecker, validators

FILE = cli.ROOT / "tests/github/node_modules/@octokit/openapi/generated/api.github.com.json"
NAME = "urn:api.github.com"


def _unless_null(keyword):
    """OpenAPI 3.0 is JSON Schema draft 4 but for a few things; one is `nullable`, beside type or enum."""
    check = Draft4Validator.VALIDATORS[keyword]

    def relaxed(validator, value, instance, schema):
        if instance is None and schema.get("nullable"):
            return
        yield from check(validator, value, instance, schema)

    return relaxed


Validator = validators.extend(Draft4Validator, {"type": _unless_null("type"), "enum": _unless_null("enum")})


class Operation:
    """One method of one path."""

    def __init__(self, api, path, described, parameters):
        self.api = api
        self.path = path
        self.described = described
        self.parameters = {(p["in"], p["name"]): p for p in map(api.resolve, parameters)}

    def judge_request(self, path_values, query, body):
        """What is wrong with a request: a list of sentences."""
        wrong = []
        for place, values in [("path", path_values), ("query", query)]:
            for name, text in values.items():
                parameter = self.parameters.get((place, name))
                if not parameter:
                    wrong.append(f"no parameter {name} in the {place}")
                    continue
                schema = parameter["schema"]
                value = int(text) if schema.get("type") == "integer" and text.isdecimal() else text
                wrong += self.api.judge(value, schema, f"{place} parameter {name}")
        missing = [n for (place, n), p in self.parameters.items() if p.get("required") and place == "query" and n not in query]
        wrong += [f"the query lacks {name}" for name in missing]
        return wrong + self._judge_body(body)

    def _judge_body(self, body):
        wanted = self.described.get("requestBody")
        if not wanted:
            return [] if body is None else ["a body where none is described"]
        if body is None:
            return ["no body"] if wanted.get("required") else []
        schema = self.api.resolve(wanted["content"]["application/json"]["schema"])
        unknown = set(body) - set(schema.get("properties", {})) if isinstance(body, dict) else set()
        return [f"unknown member {name} of the body" for name in sorted(unknown)] + self.api.judge(body, schema, "body")

    def _content(self, status):
        answer = self.described["responses"].get(str(status))
        assert answer is not None, f"{self.path}: no status {status} is described"
        return self.api.resolve(answer).get("content", {}).get("application/json")

    def judge_answer(self, status, body):
        content = self._content(status)
        if not content:
            return [] if body is None else ["a body where none is described"]
        return self.api.judge(body, content["schema"], f"answer {status}")

    def example(self, status):
        """A copy of the first example of an answer."""
        examples = self._content(status)["examples"]
        return copy.deepcopy(self.api.resolve(next(iter(examples.values())))["value"])


class Api:
    def __init__(self):
        self.document = json.loads(FILE.read_text())
        resource = referencing.Resource(contents=self.document, specification=referencing.jsonschema.DRAFT4)
        self._registry = referencing.Registry().with_resource(NAME, resource)
        self._operations = []
        for path, methods in self.document["paths"].items():
            names = re.findall(r"{(\w+)}", path)
            pattern = re.compile(re.sub(r"\\{\w+\\}", "([^/]+)", re.escape(path)) + "$")
            self._operations.append((path.count("{"), path, pattern, names, methods))
        self._operations.sort(key=lambda entry: entry[0])  # a path without parameters is the better match

    def resolve(self, node):
        while "$ref" in node:
            target = self.document
            for step in node["$ref"].removeprefix("#/").split("/"):
                target = target[step.replace("~1", "/").replace("~0", "~")]
            node = target
        return node

    def judge(self, value, schema, what):
        """What is wrong with a value; `schema` is a part of the document."""
        validator = Validator(_absolute(schema), registry=self._registry, format_checker=FormatChecker())
        return [f"{what}: {'/'.join(map(str, error.path))}: {error.message[:300]}" for error in validator.iter_errors(value)]

    def find(self, method, path):
        """The operation for a path as it is sent, and the values of its parameters; None when there is none."""
        for _, template, pattern, names, methods in self._operations:
            match = pattern.match(path)
            if match and method.lower() in methods:
                described = methods[method.lower()]
                parameters = [*methods.get("parameters", []), *described.get("parameters", [])]
                values = dict(zip(names, map(unquote, match.groups())))
                return Operation(self, template, described, parameters), values
        return None

    def operation(self, method, template):
        methods = self.document["paths"][template]
        return Operation(self, template, methods[method.lower()], methods[method.lower()].get("parameters", []))


def _absolute(schema):
    """The schema with references that say which document they mean: only its own level has to be rewritten once."""
    if isinstance(schema, dict):
        return {
            key: NAME + value if key == "$ref" and isinstance(value, str) and value.startswith("#") else _absolute(value)
            for key, value in schema.items()
        }
    return [_absolute(item) for item in schema] if isinstance(schema, list) else schema


@functools.cache
def api():
    """Read once: the file has 13 MB."""
    return Api()

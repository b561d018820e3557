"""A Port that remembers: runs with their logs, and entities.

Strict where the program speaks: method, path, query, headers and bodies are held against the table of facts that the
program is built on; what does not fit is in `wrong`, and every test looks there.
"""

import copy
import json
import re
from dataclasses import dataclass, field
from urllib.parse import unquote

from harness import cli
from harness.aws import PROD
from harness.double import Double

CLIENT_ID = "clientid0123456789ABCDEF"
CLIENT_SECRET = "clientsecret0123456789ABCDEFabcdef"
RUN = "r_AbCdEf0123456789"
BUCKET = "arn:aws:s3:::payments-invoices"


@dataclass
class Run:
    """A run of an action, as Port keeps it."""

    id: str = RUN
    action: str = "request_permissions"
    status: str = "IN_PROGRESS"
    blueprint: str = "aws_resource"
    entity: str = BUCKET
    requester: object = "bert@example.com"
    properties: dict = field(default_factory=lambda: {"permissions": ["s3:GetObject", "s3:PutObject"]})
    created: str = "2026-06-01T08:59:58.123Z"
    source: object = "UI"  # or "API", "AUTOMATION"
    synchronized: bool = False  # Port sets its status by that of the workflow
    logs: list = field(default_factory=list)
    link: list = field(default_factory=list)
    summary: str = None
    label: str = None

    def describe(self):
        return {
            "id": self.id, "status": self.status, "action": {"identifier": self.action, "title": self.action},
            "blueprint": {"identifier": self.blueprint}, "entity": {"identifier": self.entity, "title": self.entity},
            "properties": self.properties, "createdBy": self.requester, "createdAt": self.created, "source": self.source, "endedAt": None,
            "summary": self.summary, "statusLabel": self.label, "link": self.link,
        }


# Member of a body → type; True: it must be there.
LOG = {"message": (str, True), "terminationStatus": (str, False), "statusLabel": (str, False)}
PATCH = {"status": (str, False), "summary": (str, False), "link": (list, False), "statusLabel": (str, False),
         "externalRunId": (str, False)}
ENTITY = {"identifier": (str, True), "title": (str, False), "properties": (dict, True), "relations": (dict, True)}
SEARCH = {"query": (dict, True), "limit": (int, True), "from": (str, False)}
TOKEN = {"clientId": (str, True), "clientSecret": (str, True)}
TYPES = {"string": str, "object": dict, "array": list, "number": (int, float), "boolean": bool}
FORMATS = {"url": r"https?://[^\s/]+(/\S*)?", "user": r"[\w+=-]+(\.[\w+=-]+)*@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+", "timer": r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z"}
BLUEPRINTS = {path.stem: json.loads(path.read_text()) for path in (cli.ROOT / "port/blueprints").glob("*.json")}


def _judge_entity(blueprint, body):
    """What Port's schema says of it: types, formats, values and patterns, what must be there, and to what it may relate."""
    schema, wrong = blueprint["schema"], []
    for name, value in body["properties"].items():
        described = schema["properties"].get(name)
        if not described or (value is not None and not isinstance(value, TYPES[described["type"]])):
            wrong.append(f"{name}: {value}")
        elif value is not None and (
                value not in described.get("enum", [value]) or not re.fullmatch(FORMATS.get(described.get("format"), "(?s).*"), str(value))
                or not re.search(described.get("pattern", ""), str(value))):
            wrong.append(f"{name}: {value}")
    wrong += [f"{name} is missing" for name in schema["required"] if body["properties"].get(name) is None]
    for name, value in body["relations"].items():
        described = blueprint["relations"].get(name)
        names = value if described and described["many"] else [value]
        if not described or not isinstance(names, list) or not all(isinstance(one, str) and one for one in names):
            wrong.append(f"relation {name}: {value}")
    return wrong


class Port(Double):
    STATE = ("runs", "entities", "users", "tokens", "page_size")

    def __init__(self):
        self.runs = {RUN: Run()}
        self.entities = {"aws_resource": {BUCKET: {"properties": {"resource_type": "S3", "account_id": PROD}}},
                         "provisioned_permissions": {}}
        self.users = [{"id": "auth0|1", "email": "bert@example.com"}]
        self.tokens = 0
        self.page_size = 1000  # of runs, too
        super().__init__()

    @property
    def token(self):
        return f"port.token-{self.tokens}"

    @property
    def provisioned(self):
        return self.entities["provisioned_permissions"]

    @property
    def environment(self):
        return {"PORT_CLIENT_ID": CLIENT_ID, "PORT_CLIENT_SECRET": CLIENT_SECRET}

    # --- answers ------------------------------------------------------------------------------------------------

    def answer(self, request):
        return *self._find_answer(request), {}

    def _find_answer(self, request):
        for method, pattern, queries, described, handler in ROUTES:
            match = re.fullmatch(pattern, request.path)
            if not match or method != request.method:
                continue
            unknown = {k: v for k, v in request.query.items() if not re.fullmatch(queries.get(k, ""), v)}
            missing = {k for k in queries if k not in request.query}
            unknown.pop("next", None) if handler is Port.list_runs else None
            if unknown or missing:
                self.wrong.append(f"{request}: query {request.query}")
            self._judge_headers(request)
            self._judge_body(request, described)
            if request.path != "/v1/auth/access_token" and request.headers.get("Authorization") != f"Bearer {self.token}":
                return 401, {"ok": False, "error": "invalid_token", "message": "Invalid token"}
            if "/v1/blueprints/" in pattern and match[1] not in self.entities:
                return 404, _error("not_found")
            return handler(self, request, *map(unquote, match.groups()))
        self.wrong.append(f"{request}: Port has no such path")
        return 404, _error("not_found")

    def _judge_headers(self, request):
        wanted = {"Accept": "application/json", "User-Agent": r"iamlease/\S+",
                  **({"Content-Type": "application/json"} if request.body is not None else {})}
        self.wrong += [f"{request}: header {name}: {request.headers.get(name)}" for name, pattern in wanted.items()
                       if not re.fullmatch(pattern, request.headers.get(name) or "")]

    def _judge_body(self, request, described):
        if described is None or request.body is None:
            if (described is None) != (request.body is None):
                self.wrong.append(f"{request}: body {request.body}")
            return
        for name, (kind, required) in described.items():
            if name not in request.body and not required:
                continue
            if not isinstance(request.body.get(name), kind):
                self.wrong.append(f"{request}: member {name} of {request.body}")
        if set(request.body) - set(described):
            self.wrong.append(f"{request}: unknown members of {request.body}")

    def get_token(self, request):
        if request.body != {"clientId": CLIENT_ID, "clientSecret": CLIENT_SECRET}:
            return 401, {"ok": False, "error": "invalid_credentials"}
        self.tokens += 1
        return 200, {"ok": True, "accessToken": self.token, "expiresIn": 10800, "tokenType": "Bearer"}

    def get_users(self, request):
        return 200, {"ok": True, "users": self.users}

    def get_run(self, request, run):
        if run not in self.runs:
            return 404, _error("not_found")
        return 200, {"ok": True, "run": self.runs[run].describe()}

    # A run that has ended can no longer be modified: docs.port.io/actions-and-automations/reflect-action-progress. It does
    # not say with which error, nor whether a line of the log still goes: here none does, and the program may need none.

    def log(self, request, run):
        if run not in self.runs:
            return 404, _error("not_found")
        if self.runs[run].status != "IN_PROGRESS":
            return 422, _error("invalid_request")
        # Documented for PATCH; whoever sends an end here must be ready for it, too.
        if self.runs[run].synchronized and "terminationStatus" in request.body:
            return 422, _error("run_synchronized_error")
        self.runs[run].logs.append(request.body["message"])
        self._end(request, self.runs[run], request.body.get("terminationStatus"))
        return 201, {"ok": True}

    def _end(self, request, run, status):
        """A label stays until there is another one: "Waiting for review" on a run that has ended misleads."""
        assert status in (None, "SUCCESS", "FAILURE")
        if status and "statusLabel" not in request.body:
            self.wrong.append(f"{request}: ends a run and leaves its label")
        run.status = status or run.status
        run.label = request.body.get("statusLabel", run.label)

    def patch(self, request, run):
        if run not in self.runs:
            return 404, _error("not_found")
        found = self.runs[run]
        if found.status != "IN_PROGRESS":
            return 422, _error("invalid_request")
        if found.synchronized:
            return 422, _error("run_synchronized_error")
        self._end(request, found, request.body.get("status"))
        found.link = request.body.get("link", found.link)
        found.summary = request.body.get("summary", found.summary)
        return 200, {"ok": True, "run": found.describe()}

    def upsert(self, request, blueprint):
        """merge=true: what the body leaves out stays. Entities that it relates to are made, empty, where there are none."""
        body, there = request.body, self.entities[blueprint].get(request.body["identifier"])
        wrong = _judge_entity(BLUEPRINTS[blueprint], body)
        if wrong:
            self.wrong.append(f"{request}: not of the blueprint: {wrong}")
            return 422, _error("invalid_request")
        for name, value in body["relations"].items():
            target = self.entities.setdefault(BLUEPRINTS[blueprint]["relations"][name]["target"], {})
            for identifier in value if isinstance(value, list) else [value]:
                target.setdefault(identifier, {"properties": {}, "relations": {}})
        old = there or {"properties": {}, "relations": {}}
        self.entities[blueprint][body["identifier"]] = {**old, **copy.deepcopy(body), **{
            part: {**old[part], **copy.deepcopy(body[part])} for part in ("properties", "relations")}}
        return (200 if there else 201), {"ok": True, "entity": self.entities[blueprint][body["identifier"]]}

    def get_entity(self, request, blueprint, identifier):
        found = self.entities[blueprint].get(identifier)
        if found is None:
            return 404, _error("not_found")
        return 200, {"ok": True, "entity": {"identifier": identifier, "blueprint": blueprint, **found}}

    def delete_entity(self, request, blueprint, identifier):
        if self.entities[blueprint].pop(identifier, None) is None:
            return 404, _error("not_found")
        return 200, {"ok": True}

    def _page(self, items, start, size):
        """From the cursor that the page before gave; there is one as long as there is more."""
        start = int(start.removeprefix("cursor-")) if start else 0
        more = {"next": f"cursor-{start + size}"} if start + size < len(items) else {}
        return items[start : start + size], more

    def search(self, request, blueprint):
        query, limit = request.body["query"], request.body["limit"]
        assert query["combinator"] == "and" and all(rule["operator"] == "=" for rule in query["rules"]) and 1 <= limit <= 1000
        found = [{"identifier": identifier, "blueprint": blueprint, **entity} for identifier, entity in self.entities[blueprint].items()
                 if all(entity["properties"].get(rule["property"]) == rule["value"] for rule in query["rules"])]
        page, more = self._page(found, request.body.get("from"), min(limit, self.page_size))
        return 200, {"ok": True, "entities": page, **more}

    def list_runs(self, request):
        active = [run.describe() for run in self.runs.values() if run.status == "IN_PROGRESS" and run.blueprint == request.query["blueprint"]]
        page, more = self._page(active[::-1], request.query.get("next"), self.page_size)
        return 200, {"ok": True, "runs": page, **more}


UPSERT = {"upsert": "true", "merge": "true", "create_missing_related_entities": "true"}
ROUTES = [
    ("POST", "/v1/auth/access_token", {}, TOKEN, Port.get_token),
    ("GET", "/v1/users", {}, None, Port.get_users),
    ("GET", "/v1/actions/runs", {"version": "v2", "active": "true", "blueprint": "aws_resource|provisioned_permissions"}, None, Port.list_runs),
    ("GET", "/v1/actions/runs/([A-Za-z0-9_-]+)", {"version": "v2"}, None, Port.get_run),
    ("POST", "/v1/actions/runs/([A-Za-z0-9_-]+)/logs", {}, LOG, Port.log),
    ("PATCH", "/v1/actions/runs/([A-Za-z0-9_-]+)", {}, PATCH, Port.patch),
    ("POST", "/v1/blueprints/([a-z_]+)/entities", UPSERT, ENTITY, Port.upsert),
    ("GET", "/v1/blueprints/([a-z_]+)/entities/([^/]+)", {}, None, Port.get_entity),
    ("DELETE", "/v1/blueprints/([a-z_]+)/entities/([^/]+)", {}, None, Port.delete_entity),
    ("POST", "/v1/blueprints/([a-z_]+)/entities/search", {}, SEARCH, Port.search),
]


def _error(name):
    return {"ok": False, "error": name, "message": f"told by a test: {name}"}

"""A Port that remembers: runs with their logs, and entities.

Strict where the program speaks: method, path, query, headers and bodies are held against the table of facts that the
program is built on; what does not fit is in `wrong`, and every test looks there.
"""

import copy
import json
import re
import threading
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qsl, unquote, urlsplit

from harness.aws import PROD

CLIENT_ID = "clientid0123456789ABCDEF"
CLIENT_SECRET = "clientsecret0123456789ABCDEFabcdef"
RUN = "r_AbCdEf0123456789"
BUCKET = "arn:aws:s3:::payments-invoices"


@dataclass
class Fault:
    """Answers instead of Port, `times` times, whatever matches; status 0: the connection is closed."""

    method: str
    path: str  # a regular expression
    status: int
    body: object = None
    times: int = 1000
    fired: int = 0


@dataclass
class Request:
    method: str
    path: str
    query: dict
    body: object
    headers: dict

    def __str__(self):
        return f"{self.method} {self.path}"


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
    synchronized: bool = False  # Port sets its status by that of the workflow
    logs: list = field(default_factory=list)
    link: list = field(default_factory=list)
    summary: str = None
    label: str = None

    def describe(self):
        return {
            "id": self.id, "status": self.status, "action": {"identifier": self.action, "title": self.action},
            "blueprint": {"identifier": self.blueprint}, "entity": {"identifier": self.entity, "title": self.entity},
            "properties": self.properties, "createdBy": self.requester, "createdAt": self.created, "source": "UI", "endedAt": None,
            "summary": self.summary, "statusLabel": self.label, "link": self.link,
        }


# Member of a body → type; True: it must be there.
LOG = {"message": (str, True), "terminationStatus": (str, False), "statusLabel": (str, False)}
PATCH = {"status": (str, False), "summary": (str, False), "link": (list, False), "statusLabel": (str, False),
         "externalRunId": (str, False)}
ENTITY = {"identifier": (str, True), "title": (str, False), "properties": (dict, True), "relations": (dict, True)}
SEARCH = {"combinator": (str, True), "rules": (list, True)}
TOKEN = {"clientId": (str, True), "clientSecret": (str, True)}
PROPERTIES = {
    "requester": str, "iam_policy": dict, "sign_in_url": str, "policy_arn": str, "role_arn": str, "expiry_time": str,
    "owner": str, "account_id": str, "team": str, "grant": str,
}


class Port:
    def __init__(self):
        self.runs = {RUN: Run()}
        self.entities = {"aws_resource": {BUCKET: {"properties": {"resource_type": "S3", "account_id": PROD}}},
                         "provisioned_permissions": {}}
        self.users = [{"id": "auth0|1", "email": "bert@example.com"}]
        self.faults, self.requests, self.wrong = [], [], []
        self.tokens = 0
        self._lock = threading.Lock()
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        self.server.daemon_threads = True
        threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
        self.url = f"http://127.0.0.1:{self.server.server_port}"

    def stop(self):
        self.server.shutdown()
        self.server.server_close()

    @property
    def token(self):
        return f"port.token-{self.tokens}"

    @property
    def provisioned(self):
        return self.entities["provisioned_permissions"]

    @property
    def environment(self):
        return {"PORT_CLIENT_ID": CLIENT_ID, "PORT_CLIENT_SECRET": CLIENT_SECRET}

    def calls(self, method=None):
        return [str(request) for request in self.requests if method in (None, request.method)]

    # --- answers ------------------------------------------------------------------------------------------------

    def answer(self, request):
        for fault in self.faults:
            if fault.fired < fault.times and fault.method in ("*", request.method) and re.search(fault.path, request.path):
                fault.fired += 1
                return fault.status, fault.body
        for method, pattern, queries, described, handler in ROUTES:
            match = re.fullmatch(pattern, request.path)
            if not match or method != request.method:
                continue
            unknown = {k: v for k, v in request.query.items() if queries.get(k) != v}
            missing = {k for k in queries if k not in request.query and k != "create_missing_related_entities"}
            if unknown or missing:
                self.wrong.append(f"{request}: query {request.query}")
            self._judge_headers(request)
            self._judge_body(request, described)
            if request.path != "/v1/auth/access_token" and request.headers.get("Authorization") != f"Bearer {self.token}":
                return 401, {"ok": False, "error": "invalid_token", "message": "Invalid token"}
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

    def log(self, request, run):
        if run not in self.runs:
            return 404, _error("not_found")
        self.runs[run].logs.append(request.body["message"])
        if "terminationStatus" in request.body:
            assert request.body["terminationStatus"] in ("SUCCESS", "FAILURE")
            self.runs[run].status = request.body["terminationStatus"]
        return 201, {"ok": True}

    def patch(self, request, run):
        if run not in self.runs:
            return 404, _error("not_found")
        found = self.runs[run]
        if found.synchronized:
            return 422, _error("run_synchronized_error")
        assert request.body.get("status", "SUCCESS") in ("SUCCESS", "FAILURE")
        found.status = request.body.get("status", found.status)
        found.link = request.body.get("link", found.link)
        found.summary = request.body.get("summary", found.summary)
        found.label = request.body.get("statusLabel", found.label)
        return 200, {"ok": True, "run": found.describe()}

    def upsert(self, request, blueprint):
        body = request.body
        unknown = set(body["properties"]) - set(PROPERTIES)
        mistyped = [k for k, v in body["properties"].items() if v is not None and not isinstance(v, PROPERTIES.get(k, object))]
        relations = body["relations"]
        if unknown or mistyped or set(relations) - {"permissions", "aws_resource"}:
            self.wrong.append(f"{request}: not of the blueprint: {unknown or mistyped or relations}")
            return 422, _error("invalid_request")
        new = body["identifier"] not in self.entities[blueprint]
        self.entities[blueprint][body["identifier"]] = copy.deepcopy(body)
        return (201 if new else 200), {"ok": True, "entity": body}

    def get_entity(self, request, blueprint, identifier):
        found = self.entities.get(blueprint, {}).get(identifier)
        if found is None:
            return 404, _error("not_found")
        return 200, {"ok": True, "entity": {"identifier": identifier, "blueprint": blueprint, **found}}

    def delete_entity(self, request, blueprint, identifier):
        if self.entities.get(blueprint, {}).pop(identifier, None) is None:
            return 404, _error("not_found")
        return 200, {"ok": True}

    def search(self, request):
        rules = request.body["rules"]
        found = []
        for blueprint, entities in self.entities.items():
            for identifier, entity in entities.items():
                values = {"$blueprint": blueprint, **entity["properties"]}
                assert request.body["combinator"] == "and" and all(rule["operator"] == "=" for rule in rules)
                if all(values.get(rule["property"]) == rule["value"] for rule in rules):
                    found.append({"identifier": identifier, "blueprint": blueprint, **entity})
        return 200, {"ok": True, "entities": found}


UPSERT = {"upsert": "true", "merge": "true", "create_missing_related_entities": "true"}
ROUTES = [
    ("POST", "/v1/auth/access_token", {}, TOKEN, Port.get_token),
    ("GET", "/v1/users", {}, None, Port.get_users),
    ("GET", "/v1/actions/runs/([A-Za-z0-9_-]+)", {"version": "v2"}, None, Port.get_run),
    ("POST", "/v1/actions/runs/([A-Za-z0-9_-]+)/logs", {}, LOG, Port.log),
    ("PATCH", "/v1/actions/runs/([A-Za-z0-9_-]+)", {}, PATCH, Port.patch),
    ("POST", "/v1/blueprints/([a-z_]+)/entities", UPSERT, ENTITY, Port.upsert),
    ("GET", "/v1/blueprints/([a-z_]+)/entities/([^/]+)", {}, None, Port.get_entity),
    ("DELETE", "/v1/blueprints/([a-z_]+)/entities/([^/]+)", {}, None, Port.delete_entity),
    ("POST", "/v1/entities/search", {}, SEARCH, Port.search),
]


def _error(name):
    return {"ok": False, "error": name, "message": f"told by a test: {name}"}


def _handler(port):
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def serve(self):
            url = urlsplit(self.path)
            text = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            request = Request(self.command, url.path, dict(parse_qsl(url.query)), json.loads(text) if text else None, self.headers)
            with port._lock:
                port.requests.append(request)
                try:
                    status, body = port.answer(request)
                except Exception as error:  # the test must see it, not only this thread
                    port.wrong.append(f"{request}: {error!r}")
                    status, body = 500, None
            if status == 0:
                self.close_connection = True
                return
            content = b"" if body is None else json.dumps(body).encode()
            self.send_response(status)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        do_GET = do_POST = do_PATCH = do_DELETE = serve

        def log_message(self, *arguments):
            pass

    return Handler

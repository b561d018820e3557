"""Stands between the program and AWS: records every call, and breaks chosen ones.

A request is forwarded as it came, its Host header too, so its signature stays valid. A `Fault` says how a call
is broken and which one: by its name (the same in every run, whatever the order of calls) or by any test on it.

    throttle       400 Throttling                          denied         403 AccessDenied
    unavailable    503 ServiceUnavailable                  missing        404 NoSuchEntity
    expired        403 ExpiredToken                        garbage        200 with what is no XML
    html           500 with an HTML page                   cut            the answer breaks off in the middle
    concurrent     409 ConcurrentModification              unmodifiable   409 EntityTemporarilyUnmodifiable
    unseen         404 NoSuchEntity of the policy: what was made a moment ago is not seen everywhere yet
    nobody         400 MalformedPolicyDocument: whom the policy names is not known everywhere yet
    reset          connection reset, nothing forwarded     lost           forwarded, then reset: the answer is lost
    huge           200 with megabytes of XML              endless        the answer begins and never ends
    skewed         403, the client's clock is wrong       quota          409 LimitExceeded
    stall          not forwarded, no answer until the      late           forwarded, the answer comes after the client
                   client has given up                                    has given up
    kill           SIGKILL to the client, not forwarded    kill_after     forwarded, then SIGKILL to the client
    interrupt      SIGINT to the client, then answered     terminate      SIGTERM to the client, then answered
"""

import http.client
import re
import signal
import socket
import struct
import threading
from collections import Counter
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler
from urllib.parse import parse_qsl

from harness.listener import Listener

WRITE_VERBS = ("Create", "Put", "Attach", "Detach", "Delete", "Set", "Tag", "Untag", "Update", "Add", "Remove")
SUBJECTS = ["UserName", "RoleName", "GroupName", "PolicyName", "PolicyArn", "VersionId", "Marker"]
ERROR = "<ErrorResponse><Error><Type>Sender</Type><Code>{}</Code><Message>{}</Message></Error></ErrorResponse>"
ANSWERS = {
    "throttle": (400, "text/xml", ERROR.format("Throttling", "Rate exceeded")),
    "unavailable": (503, "text/xml", ERROR.format("ServiceUnavailable", "try again")),
    "denied": (403, "text/xml", ERROR.format("AccessDenied", "User: deployer is not authorized to perform: {call}")),
    "missing": (404, "text/xml", ERROR.format("NoSuchEntity", "The user with that name cannot be found.")),
    "concurrent": (409, "text/xml", ERROR.format("ConcurrentModification", "Multiple requests to change this object.")),
    "unmodifiable": (409, "text/xml", ERROR.format("EntityTemporarilyUnmodifiable", "The entity is being deleted.")),
    "unseen": (404, "text/xml", ERROR.format("NoSuchEntity", "Policy {arn} does not exist or is not attachable.")),
    "nobody": (400, "text/xml", ERROR.format("MalformedPolicyDocument", "Invalid principal in policy: x")),
    "expired": (403, "text/xml", ERROR.format("ExpiredToken", "The security token is expired")),
    "skewed": (
        403,
        "text/xml",
        ERROR.format("SignatureDoesNotMatch", "Signature expired: 20260101T000000Z is now earlier than 20260601T000000Z"),
    ),
    "quota": (409, "text/xml", ERROR.format("LimitExceeded", "Cannot exceed quota for PoliciesPerAccount: 1500")),
    "huge": (200, "text/xml", "<R>" + "<Member>filler</Member>" * 400_000),
    "garbage": (200, "text/xml", "<<<&"),
    "html": (500, "text/html", "<html><body><h1>Internal Server Error</h1></body></html>"),
}
SIGNALS = {"kill": signal.SIGKILL, "interrupt": signal.SIGINT, "terminate": signal.SIGTERM}


@dataclass
class Call:
    """One request; `occurrence` counts the requests of this run that have the same subject."""

    service: str
    action: str
    account: str
    params: dict
    occurrence: int = 0

    @property
    def write(self):
        return self.action.startswith(WRITE_VERBS)

    @property
    def subject(self):
        named = [self.params[key].rsplit("/", 1)[-1] for key in SUBJECTS if key in self.params]
        return " ".join([self.account, self.action, *named])

    @property
    def name(self):
        return f"{self.subject} #{self.occurrence}"


class Fault:
    """Breaks the first call with the name `at`, or every call for which `when(call)` holds."""

    def __init__(self, kind, at=None, when=None):
        self.kind = kind
        self.at = at
        self.when = when
        self.fired = []

    def claims(self, call):
        if not (self.when(call) if self.when else call.name == self.at):
            return False
        self.fired.append(call)
        return True

    def __str__(self):
        return f"{self.kind} at {self.at or 'some calls'}"


class Proxy:
    """Listens until `stop`; one client program at a time uses it, each after `start_run`."""

    def __init__(self, upstream_port, context=None):
        """With an ssl.SSLContext it speaks https."""
        self.upstream_port = upstream_port
        self.calls = []
        self.observer = None  # called with each write, after it reached AWS and before it is answered
        self._victim = None
        self._attached = threading.Event()
        self.most = Counter()  # since `start_run`: how many calls there were at once, by account and of "all"
        self.secrets = []  # what AssumeRole… gave since `start_run`: secret keys and session tokens
        self._accounts = {}  # temporary access key id → account, learned from AssumeRole's answers
        self._seen = Counter()
        self._faults = []
        self._lock = threading.Lock()
        self._idle = threading.Condition(self._lock)
        self._in_flight = Counter()
        self._server = Listener(_handler(self), context)
        self.port = self._server.server_port

    def stop(self):
        self._server.stop()

    def start_run(self, faults=()):
        """Forgets the calls of the run before; the coming one is broken as `faults` say."""
        with self._lock:
            self.calls, self._faults, self.secrets = [], list(faults), []
            self._seen.clear()
            self.most.clear()
        self._attached.clear()

    def wait_until_idle(self):
        """Returns when no request is being forwarded: after a kill, some may still be on their way to AWS."""
        with self._idle:
            self._idle.wait_for(lambda: self._in_flight["all"] == 0, timeout=20)

    def attach(self, process):
        """Says which process the kill faults end; a request that comes earlier waits for this."""
        self._victim = process
        self._attached.set()

    def signal(self, number):
        self._attached.wait(timeout=20)
        self._victim.send_signal(number)

    @property
    def names(self):
        return [call.name for call in self.calls]

    @property
    def writes(self):
        return [call.name for call in self.calls if call.write]

    @property
    def log(self):
        return "\n".join(f"  {name}" for name in self.names)

    def enter(self, headers, body):
        """Records a request, and says how it is to be broken, if it is."""
        params = dict(parse_qsl(body.decode(), keep_blank_values=True))
        scope = re.search(r"Credential=([^/]+)/[^/]*/[^/]*/([^/]+)/", headers.get("Authorization", ""))
        key, service = scope.groups() if scope else ("", "")
        role = params.get("RoleArn")
        with self._lock:
            account = role.split(":")[4] if role else self._accounts.get(key, "-")
            call = Call(service, params.get("Action", "-"), account, params)
            self._seen[call.subject] += 1
            call.occurrence = self._seen[call.subject]
            self.calls.append(call)
            for place in (account, "all"):
                self._in_flight[place] += 1
                self.most[place] = max(self.most[place], self._in_flight[place])
            fault = next((fault for fault in self._faults if fault.claims(call)), None)
        return call, fault.kind if fault else None

    def leave(self, call):
        with self._idle:
            self._in_flight.subtract((call.account, "all"))
            self._idle.notify_all()

    def forward(self, upstream, call, method, path, headers, body):
        upstream.putrequest(method, path, skip_host=True, skip_accept_encoding=True)
        for name, value in headers.items():
            upstream.putheader(name, value)
        upstream.endheaders(body)
        response = upstream.getresponse()
        content = response.read()
        granted = re.search(rb"<AccessKeyId>([^<]+)<", content)
        if call.action.startswith("AssumeRole") and granted:
            self._accounts[granted[1].decode()] = call.account
            self.secrets += re.findall(r"<(?:SecretAccessKey|SessionToken)>([^<]+)<", content.decode())
        if call.write and self.observer:
            self.observer(call)
        return response.status, response.getheader("Content-Type", "text/xml"), content


def _handler(proxy):
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True
        wbufsize = 1 << 16  # an answer goes out at once, not head and body by themselves

        def do_POST(self):
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            call, fault = proxy.enter(self.headers, body)
            try:
                self._answer(call, fault, body)
            finally:
                proxy.leave(call)

        do_GET = do_POST

        def _answer(self, call, fault, body):
            if fault in ANSWERS:
                status, content_type, content = ANSWERS[fault]
                names = {"call": f"{call.service}:{call.action}", "arn": call.params.get("PolicyArn", "")}
                return self._send(status, content_type, content.format(**names).encode())
            if fault == "endless":
                return self._begin_and_wait()
            if fault in SIGNALS:
                proxy.signal(SIGNALS[fault])
            if fault not in ("kill", "reset", "stall"):
                answer = proxy.forward(self.upstream, call, self.command, self.path, self.headers, body)
            if fault == "kill_after":
                proxy.signal(signal.SIGKILL)
            if fault in ("stall", "late"):
                self._wait_for_hang_up()
            if fault in ("kill", "reset", "lost", "kill_after", "stall", "late"):
                return self._reset()
            return self._send(*answer, cut=fault == "cut")

        def _send(self, status, content_type, content, cut=False):
            self.send_response(status)
            self.send_header("Content-Type", content_type)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content[: len(content) // 2] if cut else content)
            self.close_connection = self.close_connection or cut

        def _wait_for_hang_up(self):
            self.connection.settimeout(90)
            self.connection.recv(1)  # nothing, once the client is gone

        def _begin_and_wait(self):
            """Until the client has had enough."""
            self.send_response(200)
            self.send_header("Content-Type", "text/xml")
            self.end_headers()
            self.wfile.write(b"<R>")
            self.wfile.flush()
            self._wait_for_hang_up()
            self.close_connection = True

        def _reset(self):
            linger = struct.pack("ii", 1, 0)  # close with RST instead of FIN
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
            self.connection.close()
            self.close_connection = True

        def handle(self):
            """A connection of the client has one of its own to the server, opened with its first request."""
            self.upstream = http.client.HTTPConnection("127.0.0.1", proxy.upstream_port)
            try:
                super().handle()
            except (OSError, ValueError):
                pass  # the client is gone, by our own fault or by its own
            finally:
                self.upstream.close()

        def log_message(self, *_):
            pass

    return Handler

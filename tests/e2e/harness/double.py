"""What the doubles of GitHub and of Port share: a server that remembers what it was asked, and breaks where a test says so.

One request is answered at a time, under a lock: what an answer reads and what it changes is of one moment. What a request is
not allowed to be, and what goes wrong in the double itself, is in `wrong`; every test looks there.
"""

import copy
import json
import re
import threading
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler
from urllib.parse import parse_qsl, urlsplit

from harness.listener import Listener


@dataclass
class Fault:
    """
    Answers instead of the double, `times` times, whatever matches after the first `skip` of them. Status 0: the connection is
    closed. A word for the status: the double does what it was asked for, and then the answer is "lost", "cut" in the middle, "late",
    which is after its client has given up, or the client is ended by "kill_after"; it does nothing, and there is no answer until the
    client has given up, with "stall", or the client is ended by "kill".
    """

    method: str
    path: str  # a regular expression
    status: int | str
    body: object = None
    headers: dict = field(default_factory=dict)
    times: int = 1000
    skip: int = 0
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


class Double:
    STATE = ()  # the attributes that hold what it knows

    def __init__(self):
        self.faults, self.requests, self.wrong = [], [], []
        self.kill = None  # ends the client
        self._lock = threading.Lock()
        self.server = Listener(_handler(self))
        self.url = f"http://127.0.0.1:{self.server.server_port}"

    def stop(self):
        self.server.stop()

    def remember(self):
        """What it knows now, for `recall`."""
        return copy.deepcopy({name: getattr(self, name) for name in self.STATE})

    def recall(self, state):
        """As it was when it was told to remember, and as if nobody had asked it anything."""
        vars(self).update(copy.deepcopy(state), faults=[], requests=[])

    def calls(self, method=None):
        return [str(request) for request in self.requests if method in (None, request.method)]

    def path_of(self, path):
        """The path as the double knows it."""
        return path

    def answer(self, request):
        """(status, JSON or bytes or None, headers)"""
        raise NotImplementedError

    def _answer(self, request):
        for fault in self.faults:
            if fault.fired < fault.times and fault.method in ("*", request.method) and re.search(fault.path, request.path):
                if fault.skip:
                    fault.skip -= 1
                    continue
                fault.fired += 1
                if not isinstance(fault.status, str):
                    return fault.status, fault.body, fault.headers, None
                return self._break(fault.status, request)
        return *self.answer(request), None

    def _break(self, how, request):
        answer = (0, None, {}) if how in ("stall", "kill") else self.answer(request)
        if how in ("kill", "kill_after"):
            self.kill()
        return *answer, {"kill": "lost", "kill_after": "lost", "late": "stall"}.get(how, how)

    def take(self, request):
        with self._lock:
            self.requests.append(request)
            try:
                return self._answer(request)
            except Exception as error:  # the test must see it, not only this thread
                self.wrong.append(f"{request}: {error!r}")
                return 500, None, {}, None


def _handler(double):
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        wbufsize = 1 << 16  # an answer goes out at once, not head and body by themselves

        def serve(self):
            url = urlsplit(self.path)
            text = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            body = json.loads(text) if text else None
            status, body, headers, broken = double.take(Request(self.command, double.path_of(url.path), dict(parse_qsl(url.query)), body, self.headers))
            if broken == "stall":
                self.connection.settimeout(90)
                self.connection.recv(1)  # nothing, once the client is gone
            if status == 0 or broken in ("lost", "stall"):
                self.close_connection = True
                return
            content = b"" if body is None else body if isinstance(body, bytes) else json.dumps(body).encode()
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            if status != 204:
                self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            if status != 204:
                self.wfile.write(content[: len(content) // 2] if broken == "cut" else content)
            self.close_connection = self.close_connection or broken == "cut"

        do_GET = do_POST = do_PATCH = do_DELETE = do_PUT = serve

        def log_message(self, *arguments):
            pass

    return Handler

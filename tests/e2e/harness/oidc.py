"""GitHub's OIDC endpoint: a token for whoever shows the request token, signed with a key that moto's rules know."""

import base64
import hashlib
import hmac
import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

ISSUER = "https://token.actions.githubusercontent.com"
SUBJECT = "repo:acme/access:ref:refs/heads/main"
BEARER = "request-token-of-the-job"
_KEY = b"only for tests"


def _encode(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def _sign(text):
    return _encode(hmac.new(_KEY, text.encode(), hashlib.sha256).digest())


def make_token(**claims):
    text = ".".join(_encode(json.dumps(part).encode()) for part in ({"alg": "HS256", "typ": "JWT"}, claims))
    return f"{text}.{_sign(text)}"


def read_token(token):
    """The claims, or None when somebody else signed it."""
    text, _, signature = token.rpartition(".")
    if not text or not hmac.compare_digest(signature, _sign(text)):
        return None
    payload = text.split(".")[1]
    return json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))


def trust_policy(account, subject=SUBJECT):
    """What a role has whose trust is a workflow."""
    provider = ISSUER.removeprefix("https://")
    return {
        "Effect": "Allow",
        "Principal": {"Federated": f"arn:aws:iam::{account}:oidc-provider/{provider}"},
        "Action": "sts:AssumeRoleWithWebIdentity",
        "Condition": {"StringEquals": {f"{provider}:aud": "sts.amazonaws.com", f"{provider}:sub": subject}},
    }


class Oidc:
    """Listens until `stop`; `subject` is what the next tokens say, `tokens` are those that were given."""

    def __init__(self):
        self.subject = SUBJECT
        self.tokens = []
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        self._server.daemon_threads = True
        threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()

    def stop(self):
        self._server.shutdown()
        self._server.server_close()

    @property
    def environment(self):
        """What the job finds in its environment, with a role to assume and without any keys."""
        return {
            "ACTIONS_ID_TOKEN_REQUEST_URL": f"http://127.0.0.1:{self._server.server_port}/idtoken?api-version=2.0",
            "ACTIONS_ID_TOKEN_REQUEST_TOKEN": BEARER,
            "AWS_ACCESS_KEY_ID": None,
            "AWS_SECRET_ACCESS_KEY": None,
        }

    def give(self, audience):
        self.tokens.append(make_token(sub=self.subject, aud=audience, iss=ISSUER, number=len(self.tokens)))
        return self.tokens[-1]


def _handler(oidc):
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            query = parse_qs(urlsplit(self.path).query)
            known = self.headers.get("Authorization") == f"Bearer {BEARER}" and query["api-version"] == ["2.0"]
            answer = {"count": 1, "value": oidc.give(query["audience"][0])} if known else {}
            content = json.dumps(answer).encode()
            self.send_response(200 if known else 401)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_):
            pass

    return Handler

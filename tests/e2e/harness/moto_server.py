"""Serves moto on a free port of 127.0.0.1 until its standard input ends, so it never outlives its parent.

Unlike `moto_server` it keeps connections open, checks every signature and permission from the first request,
adds the rules of aws_rules.py, and can save and restore the state of all accounts, and look at what one account
allows, in a few milliseconds:

    POST /harness/save/NAME      POST /harness/restore/NAME      POST /harness/made-at/SECONDS
    POST /harness/look/ACCOUNT   POST /harness/lag/NAME

Once it listens it prints one line of JSON: {"port": …, "admins": {"<account>": [<key id>, <secret>], …}}.
"""

import argparse
import datetime
import io
import json
import os
import pickle
import sys
import threading

os.environ["MOTO_IAM_LOAD_MANAGED_POLICIES"] = "true"
os.environ["MOTO_DISABLE_GLOBAL_CORS"] = "true"  # headers for browsers, which AWS does not send

import aws_permissions  # noqa: E402
import aws_providers  # noqa: E402
import aws_rules  # noqa: E402  (moto reads the variable when it is imported)
import moto_speed  # noqa: E402
from moto import settings  # noqa: E402
from moto.iam import models  # noqa: E402
from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app  # noqa: E402
from moto.sts.models import sts_backends  # noqa: E402
from werkzeug.serving import WSGIRequestHandler, make_server  # noqa: E402

ADMIN_POLICY = '{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"*","Resource":"*"}}'


class Handler(WSGIRequestHandler):
    protocol_version = "HTTP/1.1"  # keep-alive
    disable_nagle_algorithm = True
    wbufsize = 1 << 16  # an answer goes out at once, not head and body by themselves

    def run_wsgi(self):
        """The class's own closes every connection, as it cannot know that an application has read all of a request."""
        begun = []
        content = b"".join(self.server.app(self.make_environ(), lambda *status_and_headers: begun.extend(status_and_headers)))
        code, reason = begun[0].split(" ", 1)
        self.send_response(int(code), reason)
        for name, value in begun[1]:
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(content)

    def log_request(self, *_):
        pass


class Application:
    """moto, one request at a time, as it is not made for threads; and the requests of the harness itself."""

    def __init__(self):
        self.moto = DomainDispatcherApplication(create_backend_app)
        self.turn = threading.Lock()
        self.saved = {}

    def __call__(self, environ, start_response):
        path = environ["PATH_INFO"].split("/")
        if path[1] != "harness":
            with self.turn:
                return [b"".join(self.answer(environ, start_response))]
        with self.turn:
            calls = {
                "save": self.save,
                "restore": self.restore,
                "look": self.look,
                "lag": self.lag,
                "made-at": self.made_at,
            }
            answer = calls[path[2]](path[3])
        content = json.dumps(answer).encode()
        start_response("200 OK", [("Content-Length", str(len(content)))])
        return [content]

    def answer(self, environ, start_response):
        body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
        environ["wsgi.input"] = io.BytesIO(body)
        unsigned = b"Action=AssumeRoleWithWebIdentity&" in body
        settings.INITIAL_NO_AUTH_ACTION_COUNT = float("inf") if unsigned else 0  # its credential is in the form
        return self.moto(environ, start_response)

    def made_at(self, seconds):
        made = datetime.datetime.fromtimestamp(int(seconds), datetime.timezone.utc)
        aws_rules.principals_are_made_at["time"] = made.replace(tzinfo=None)

    def save(self, name):
        self.saved[name] = pickle.dumps({account: regions["aws"] for account, regions in models.iam_backends.items()})

    def restore(self, name):
        aws_rules.lagging.clear()
        aws_rules.principals_are_made_at["time"] = aws_rules.LONG_AGO
        sts_backends.clear()
        models.iam_backends.clear()
        for account, backend in pickle.loads(self.saved[name]).items():
            models.iam_backends[account]["aws"] = backend

    def lag(self, name):
        """From now on sweeps see the state of that name, which was saved; an empty name ends it."""
        aws_rules.lagging.clear()
        aws_rules.lagging.update(pickle.loads(self.saved[name]) if name else {})

    def look(self, account):
        """Who has which documents, of customer policies all; and the OIDC providers, by ARN."""
        backend = models.iam_backends[account]["aws"]
        kinds = {"users": backend.users, "roles": backend.roles, "groups": backend.groups}
        return {
            "policies": {
                policy.arn: {
                    "document": _default_document(policy),
                    "description": policy.description or "",
                    "tags": _by_key(policy.tags.values()),
                }
                for policy in backend.managed_policies.values()
                if not isinstance(policy, models.AWSManagedPolicy)
            },
            "providers": {
                provider.arn: {
                    "client_ids": provider.client_id_list,
                    "thumbprints": provider.thumbprint_list,
                    "tags": _by_key(provider.tags.values()),
                }
                for provider in backend.open_id_providers.values()
            },
            **{kind: {holder.name: _has(holder) for holder in holders.values()} for kind, holders in kinds.items()},
        }


def _has(holder):
    """Of a user, role or group what it has; of a role also whom it lets in, for how long, what bounds it, and its tags."""
    has = {"inline": dict(holder.policies), "attached": sorted(holder.managed_policies)}
    if isinstance(holder, models.Role):
        has |= {"trust": holder.assume_role_policy_document, "session_s": holder.max_session_duration}
        has |= {"boundary": holder.permissions_boundary_arn, "description": holder.description or ""}
        has["tags"] = _by_key(holder.tags)
    return has


def _by_key(tags):
    return {tag["Key"]: tag["Value"] for tag in tags}


def _default_document(policy):
    return next(version.document for version in policy.versions if version.is_default)


def create_admin(account):
    """An administrator for the harness itself; everything else is made by signed requests."""
    backend = models.iam_backends[account]["aws"]
    backend.create_user("us-east-1", "harness-admin")
    backend.put_user_policy("harness-admin", "admin", ADMIN_POLICY)
    key = backend.create_access_key("harness-admin")
    return [key.access_key_id, key.secret_access_key]


def exit_with_parent():
    sys.stdin.buffer.read()
    os._exit(0)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--accounts", required=True)
    parser.add_argument("--managed", choices=["full", "trimmed"], required=True)
    parser.add_argument("--page-size", type=int, required=True)
    options = parser.parse_args()
    if options.managed == "trimmed":
        aws_rules.trim_managed_policies()
    aws_rules.install(options.page_size)
    aws_permissions.install()
    aws_providers.install()
    moto_speed.install()
    settings.INITIAL_NO_AUTH_ACTION_COUNT = 0
    models.PARTITION_NAMES = ["aws"]  # moto would load the managed policies once more for each other partition
    admins = {account: create_admin(account) for account in options.accounts.split(",")}
    server = make_server("127.0.0.1", 0, Application(), threaded=True, request_handler=Handler)
    threading.Thread(target=exit_with_parent, daemon=True).start()
    print(json.dumps({"port": server.server_port, "admins": admins}), flush=True)
    server.serve_forever()


if __name__ == "__main__":
    main()

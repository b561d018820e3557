"""Where credentials come from, and the ways to AWS: OIDC, a profile, roles, TLS, a web proxy.

The order is fixed, and what is asked for and does not work is never replaced by something else.
"""

import pytest
from harness import aws, oidc
from harness.aws import DEPLOYER, HUB, MANAGED, PLANNER, PROD, allow, document
from harness.configs import EDITED, GRANTS, files, lease, permanent
from harness.oidc import Oidc
from harness.proxy import Fault, Proxy
from harness.state import our_inline
from harness.tls import make_certificate
from harness.tunnel import Tunnel

ROLE = f"arn:aws:iam::{HUB}:role/iamlease-ci"


@pytest.fixture
def github():
    server = Oidc()
    yield server
    server.stop()


@pytest.fixture
def job(world, github):
    """A repository, a hub role that trusts the job's token, and no keys: what a workflow has."""
    world.begin(GRANTS)
    iam = world.aws.admin[HUB]
    iam.create_role(RoleName="iamlease-ci", AssumeRolePolicyDocument=document(oidc.trust_policy(HUB)))
    policy = document(allow("sts:AssumeRole", f"arn:aws:iam::*:role/{DEPLOYER}"))
    iam.put_role_policy(RoleName="iamlease-ci", PolicyName="assume", PolicyDocument=policy)
    return {**github.environment, "IAMLEASE_ROLE_TO_ASSUME": ROLE}


def assert_no_token(result, github):
    assert github.tokens and all(token not in result.output for token in github.tokens)
    assert all(part not in result.output for token in github.tokens for part in token.split(".")[1:])
    assert oidc.BEARER not in result.output


def test_the_token_of_a_job(world, github, job):
    result = world.run("apply", **job).expect(0)
    assert len(github.tokens) == 1
    first, *rest = world.proxy.calls
    assert first.action == "AssumeRoleWithWebIdentity" and first.params["RoleArn"] == ROLE
    assert first.params["DurationSeconds"] == "3600" and first.params["RoleSessionName"].startswith("iamlease-")
    assert [call.account for call in rest if call.action == "AssumeRole"].count(PROD) == 1
    assert "AssumeRoleWithWebIdentity" not in [call.action for call in rest]
    assert our_inline(world.snapshot()[PROD])
    assert_no_token(result, github)


def test_a_plan_by_the_token_of_a_job(world, github, job):
    """What plans a pull request assumes the plan role from it, and no other."""
    world.run("apply").expect(0)
    world.repo.commit("Let plans read", {"iamlease.yaml": f"version: 1\naws: {{plan_role: {PLANNER}}}\n"})
    world.repo.commit("Change", EDITED)
    roles = document(allow("sts:AssumeRole", f"arn:aws:iam::*:role/{PLANNER}"))
    world.aws.admin[HUB].put_role_policy(RoleName="iamlease-ci", PolicyName="assume", PolicyDocument=roles)
    result = world.run("plan", "--live", "--base", "HEAD^", "--json", **job).expect(0)
    assert result.json["operations"]["implied"] is False and result.json["operations"]["items"]
    first, *rest = world.proxy.calls
    assert first.action == "AssumeRoleWithWebIdentity" and len(github.tokens) == 1 and world.proxy.writes == []
    assumed = {call.params["RoleArn"].rsplit("/", 1)[1] for call in rest if call.service == "sts"}
    assert assumed == {PLANNER}
    assert_no_token(result, github)


@pytest.mark.parametrize("arguments", [["cleanup"], ["who", "--json"]])
def test_a_log_of_actions_hides_what_was_given(world, github, job, arguments):
    """Each secret is masked, in a line of its own, before anything else could print it; and nothing else prints it."""
    place = {"GITHUB_ACTIONS": "true", "GITHUB_EVENT_NAME": "workflow_dispatch", "GITHUB_REF": "refs/heads/main"}
    world.run("apply").expect(0)
    result = world.run(*arguments, **{**job, **place}).expect(0)
    lines = result.output.splitlines()
    masked = [line.removeprefix("::add-mask::") for line in lines if line.startswith("::add-mask::")]
    secrets = [*github.tokens, *world.proxy.secrets]
    assert len(github.tokens) == 1 and len(world.proxy.secrets) == 2 * (1 + len(MANAGED))
    assert sorted(masked) == sorted(secrets)
    rest = "\n".join(line for line in lines if not line.startswith("::add-mask::"))
    assert not [secret for secret in secrets if secret in rest]
    if "--json" in arguments:
        assert result.json["format"] == "iamlease/who"


def test_a_token_that_the_role_does_not_trust(world, github, job):
    """The keys beside it would do, and are not touched."""
    github.subject = "repo:acme/access:pull_request"
    key_id, secret = world.aws.hub_key
    keys = {"AWS_ACCESS_KEY_ID": key_id, "AWS_SECRET_ACCESS_KEY": secret}
    result = world.run("apply", **{**job, **keys}).expect(1)
    for word in (ROLE, "AccessDenied", f"sub '{github.subject}'", "aud 'sts.amazonaws.com'", f"iss '{oidc.ISSUER}'"):
        assert word in result.output, result
    assert {call.action for call in world.proxy.calls} == {"AssumeRoleWithWebIdentity"}
    assert all(account in result.output for account in MANAGED)
    assert_no_token(result, github)


def test_a_hostile_claim_is_only_text(world, github, job):
    github.subject = "repo:x\n::set-output name=a::b\x1b[31m\u202e'"
    result = world.run("apply", **job).expect(1)
    assert "\n::set-output" not in result.output and "\x1b" not in result.output and "\u202e" not in result.output
    assert "sub 'repo:x?::set-output name=a::b?[31m" in result.output


def test_a_job_without_the_permission(world, job):
    for missing in ("ACTIONS_ID_TOKEN_REQUEST_URL", "ACTIONS_ID_TOKEN_REQUEST_TOKEN"):
        result = world.run("apply", **{**job, missing: None, "AWS_ACCESS_KEY_ID": "x"})
        assert result.code == 64 and "id-token: write" in result.stderr and world.proxy.calls == []


def test_a_request_token_that_is_over(world, job):
    result = world.run("apply", **{**job, "ACTIONS_ID_TOKEN_REQUEST_TOKEN": "stale"}).expect(1)
    assert "HTTP status 401" in result.output and "id-token: write" in result.output and world.proxy.calls == []


def test_a_profile(world, tmp_path):
    world.begin(GRANTS)
    key_id, secret = world.aws.hub_key
    credentials = tmp_path / "credentials"
    credentials.write_text(f"[default]\n[hub]\naws_access_key_id = {key_id}\naws_secret_access_key = {secret}\n")
    environment = {"AWS_ACCESS_KEY_ID": None, "AWS_SECRET_ACCESS_KEY": None}
    place = {"AWS_SHARED_CREDENTIALS_FILE": str(credentials)}
    result = world.run("apply", AWS_PROFILE="hub", **place, **environment).expect(0)
    assert secret not in result.output
    for profile, says in (("default", "lacks aws_access_key_id"), ("other", "there is no profile 'other'")):
        result = world.run("apply", AWS_PROFILE=profile, **place, **environment).expect(64)
        assert says in result.stderr and world.proxy.calls == []
    result = world.run("apply", **place, **environment).expect(64)  # a profile must be named
    assert "AWS_PROFILE" in result.stderr and world.proxy.calls == []


def test_masks_are_for_actions_only(world, github, job):
    assert "::add-mask::" not in world.run("apply", **job).expect(0).output


def test_external_id_goes_with_every_role(world):
    world.begin({**GRANTS, "iamlease.yaml": "version: 1\naws: {external_id: 'acme:7'}\n"})
    world.run("apply").expect(0)
    roles = [call for call in world.proxy.calls if call.action == "AssumeRole"]
    assert roles and all(call.params["ExternalId"] == "acme:7" for call in roles)


def test_a_role_that_cannot_be_assumed_stops_its_account_only(world):
    world.begin(files([permanent(["dev.queues"], users=["ada"])], [lease("bert", environment="nonprod")]))
    fault = Fault("denied", when=lambda call: call.action == "AssumeRole" and call.account == PROD)
    result = world.run("apply", faults=[fault]).expect(1)
    assert f"arn:aws:iam::{PROD}:role/{DEPLOYER}" in result.output
    assert {call.account for call in world.proxy.calls if call.write} == {aws.NONPROD}
    assert [call.action for call in world.proxy.calls if call.account == PROD] == ["AssumeRole"]


def test_a_session_that_ends_early_is_renewed(world):
    world.begin(GRANTS)
    fault = Fault("expired", at=f"{PROD} GetAccountAuthorizationDetails #1")
    world.run("apply", faults=[fault]).expect(0)
    assert [call.account for call in world.proxy.calls if call.action == "AssumeRole"].count(PROD) == 2


@pytest.fixture
def tls(world, tmp_path):
    """AWS behind https, with a certificate of its own making for this address."""
    certificate = tmp_path / "certificate.pem"
    proxy = Proxy(world.aws.port, make_certificate(certificate, "127.0.0.1"))
    yield proxy, certificate
    proxy.stop()


def test_a_certificate_that_nobody_trusts(world, tls):
    proxy, certificate = tls
    world.begin(GRANTS)
    endpoint = {"AWS_ENDPOINT_URL": f"https://127.0.0.1:{proxy.port}"}
    result = world.run("apply", **endpoint).expect(1)
    assert "is not trusted" in result.output and "AWS_CA_BUNDLE" in result.output and "tried 1 time)" in result.output
    assert proxy.calls == []
    for name in ("AWS_CA_BUNDLE", "SSL_CERT_FILE"):
        world.run("apply", **endpoint, **{name: str(certificate)}).expect(0)
        assert proxy.calls


def test_a_certificate_of_another_host(world, tmp_path):
    world.begin(GRANTS)
    certificate = tmp_path / "other.pem"
    proxy = Proxy(world.aws.port, make_certificate(certificate, "iam.example.com"))
    endpoint = {"AWS_ENDPOINT_URL": f"https://127.0.0.1:{proxy.port}", "AWS_CA_BUNDLE": str(certificate)}
    result = world.run("apply", **endpoint).expect(1)
    assert "is not trusted" in result.output and proxy.calls == []
    proxy.stop()


def test_a_web_proxy(world, tmp_path):
    """`who`, because another clock than the machine's is for loopback endpoints where AWS is written to."""
    world.begin(GRANTS)
    world.run("apply").expect(0)
    certificate = tmp_path / "aws.pem"
    proxy = Proxy(world.aws.port, make_certificate(certificate, "aws.example.com"))
    tunnel = Tunnel(proxy.port)
    place = {"AWS_ENDPOINT_URL": "https://aws.example.com", "AWS_CA_BUNDLE": str(certificate)}
    result = world.run("who", https_proxy=tunnel.url, **place).expect(0)
    assert "bert" in result.stdout and set(tunnel.hosts) == {"aws.example.com:443"} and proxy.calls
    tunnel.hosts.clear()
    world.run("who", https_proxy=tunnel.url).expect(0)  # loopback never goes through it
    assert tunnel.hosts == []
    tunnel.stop()
    proxy.stop()


@pytest.mark.parametrize("kind, says", [("html", "a web page"), ("cut", "broke off"), ("garbage", "cannot be read")])
def test_answers_that_are_none(world, kind, says):
    """What needs the account fails with a sentence; the other account is done."""
    world.begin(GRANTS)
    name = "GetAccountAuthorizationDetails"
    fault = Fault(kind, when=lambda call: call.action == name and call.account == aws.NONPROD)
    result = world.run("apply", faults=[fault]).expect(1)
    assert says in result.output and f"{name} failed in account {aws.NONPROD}" in result.output, result
    assert our_inline(world.snapshot()[PROD])


@pytest.mark.parametrize("option", ["deadline", "answer-timeout", "max-in-flight", "max-in-flight-per-account"])
def test_numbers_that_are_none(world, option):
    world.begin(GRANTS)
    for value in ("0", "-1", "many", "1.5", "s", "0s", "99999999999999999999"):
        result = world.run("apply", f"--{option}={value}").expect(64)
        assert option in result.stderr and world.proxy.calls == []
    world.run("apply", f"--{option}", "3").expect(0)

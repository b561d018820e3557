"""The comment on the pull request: one, ours, quiet; and what happens where it cannot be written."""

import re

import pytest
from harness import configs, github_events
from harness.aws import PROD
from harness.double import Fault
from harness.github_double import REPOSITORY, ROBOT, TOKEN
from harness.github_job import NUMBER, Job, Origin

COMMENTS = rf"/issues/{NUMBER}/comments$"


@pytest.fixture
def origin(tmp_path):
    return Origin(tmp_path / "origin", configs.GRANTS, configs.CHANGED, {})


@pytest.fixture
def job(tmp_path, origin):
    job = Job(tmp_path, origin)
    job.check_out(depth=2)
    yield job
    job.close()


def writes(job):
    return [request.method for request in job.github.requests if request.method != "GET"]


def only_comment(job):
    assert len(job.github.comments) == 1
    return job.github.comments[0]["body"]


def test_it_is_created_once(job, origin):
    """The same plan is not sent again, also when time has passed; another one is an update."""
    first = job.run().expect(0)
    body = only_comment(job)
    assert body.startswith("<!-- iamlease:. ")
    assert "iamlease plan: " in body.split("\n")[1] and PROD in body
    later = job.run("plan", now="2026-06-01T18:00:00Z").expect(0)
    assert later.outputs["comment-url"] == first.outputs["comment-url"]
    assert writes(job) == ["POST"]
    assert only_comment(job) == body

    origin.repo.git("checkout", "--quiet", "change")
    head = origin.repo.commit("More", configs.EDITED)
    origin.merge_change()
    job.event = job.pull_request(head=("change", head))
    job.check_out(depth=2)
    job.run().expect(0)
    assert writes(job) == ["POST", "PATCH"]
    assert only_comment(job) != body


def test_several_comments(job):
    """Each key has its own."""
    for _ in range(2):
        for arguments in ([], ["--comment-key", "nonprod"], ["--comment-key", "a --> b"]):
            job.run("plan", *arguments).expect(0)
    assert len(job.github.comments) == 3
    assert writes(job) == ["POST"] * 3


def test_it_can_be_turned_off(job):
    step = job.run("plan", IAMLEASE_COMMENT="false").expect(0)
    assert not job.github.requests
    assert "comment-url" not in step.outputs and not step.said("notice")


def test_it_is_found_on_a_later_page(job):
    job.github.page_size = 5
    for number in range(23):
        job.github.add_comment(f"Comment {number}", login="ada")
    job.run().expect(0)
    job.run().expect(0)
    assert writes(job) == ["POST"]
    assert len(job.github.comments) == 24


def test_nobody_elses_comment_is_taken_for_ours(job):
    """Whoever writes the marker gets neither an update nor peace."""
    job.run().expect(0)
    body = job.github.comments.pop()["body"]
    for login in ("mallory", "github-actions", "dependabot[bot]"):
        job.github.add_comment(body, login=login)
    job.github.add_comment(f"> {body}")
    before = [comment["body"] for comment in job.github.comments]
    job.run().expect(0)
    assert [comment["body"] for comment in job.github.comments] == [*before, body]
    assert writes(job) == ["POST", "POST"]


@pytest.mark.parametrize("login", ["ada", "our-app[bot]"])
def test_other_tokens(tmp_path, origin, login):
    """A person's token says whose it is; an app's does not, and is known by what it wrote."""
    job = Job(tmp_path, origin, login=login, user=None if "[bot]" in login else login)
    job.check_out(depth=2)
    for _ in range(2):
        job.run().expect(0)
    only_comment(job)
    job.close()


def test_duplicates_are_removed(job):
    """Two runs at the same time each found none and made one."""
    job.run().expect(0)
    older = job.github.comments[0]
    job.github.add_comment(older["body"])
    step = job.run().expect(0)
    assert job.github.comments == [older]
    assert step.outputs["comment-url"] == older["html_url"]
    assert writes(job) == ["POST", "DELETE"]


def test_a_duplicate_that_another_run_removed_first(job):
    """Of two runs that found the same duplicate, the slower is told 404: what it wanted is true."""
    job.run().expect(0)
    duplicate = job.github.add_comment(job.github.comments[0]["body"])
    before = job.github.answer

    def answer(request):
        if request.method == "DELETE" and duplicate in job.github.comments:
            job.github.comments.remove(duplicate)
        return before(request)

    job.github.answer = answer
    step = job.run().expect(0)
    assert writes(job) == ["POST", "DELETE"] and not job.github.wrong
    assert not step.said("notice")
    only_comment(job)


def test_mistakes_take_the_place_of_an_old_plan(job, origin):
    """What stands there is about what was pushed last, also when there is no plan of it."""
    job.run().expect(0)
    plan = only_comment(job)
    origin.repo.git("checkout", "--quiet", "change")
    head = origin.repo.commit("Wrong", {"permanent-access/payments.yaml": "permanent-access: [{}]\n"})
    origin.merge_change()
    job.event = job.pull_request(head=("change", head))
    job.check_out(depth=2)
    step = job.run().expect(1)
    body = only_comment(job)
    assert body != plan and "permanent-access/payments.yaml" in body
    assert step.outputs == {"comment-url": job.github.comments[0]["html_url"]}
    job.run("plan", "--config-root", "nowhere", "--comment-key", ".").expect(1)
    assert "not done" in only_comment(job)


FAILURES = {
    "may-not": (Fault("POST", COMMENTS, 403, {"message": "Resource not accessible by integration"}),
                "permissions: pull-requests: write"),
    "not-found": (Fault("GET", COMMENTS, 404, {"message": "Not Found"}), "does not find it (404)"),
    "gone": (Fault("*", COMMENTS, 410, {"message": "Issues are disabled for this repo"}), "Issues are disabled"),
    "refused": (Fault("POST", COMMENTS, 422, {"message": "Validation Failed"}), "does not take it (422"),
    "limited": (Fault("GET", COMMENTS, 403, {"message": "API rate limit exceeded"},
                      {"x-ratelimit-remaining": "0", "x-ratelimit-reset": "99999999999"}), "limit of requests is used up"),
    "too-many": (Fault("POST", COMMENTS, 429, None, {"retry-after": "3600"}), "for another 3600 seconds"),
    "bad-token": (Fault("*", "", 401, {"message": "Bad credentials"}), "does not take the token (401)"),
    "trouble": (Fault("POST", COMMENTS, 502), "GitHub is in trouble (502)"),
    "not-json": (Fault("GET", COMMENTS, 200, b"<html>"), "not JSON"),
    "no-list": (Fault("GET", COMMENTS, 200, {"id": 1}), "is no list"),
    "no-comment": (Fault("POST", COMMENTS, 201, {"id": "x"}), "is no comment"),
    "elsewhere": (Fault("GET", COMMENTS, 200, [], {"Link": '<https://example.net/x>; rel="next"'}), "next page"),
    "redirect": (Fault("GET", COMMENTS, 301, None, {"Location": "https://example.net/x"}), "answered with 301"),
}


def known(outputs):
    """Without what is another in each run."""
    assert re.fullmatch(r"iamlease-plan-\w{6}\.json", outputs["plan-file"])
    return {name: value for name, value in outputs.items() if name not in ("plan-file", "comment-url")}


@pytest.mark.parametrize("name", FAILURES)
@pytest.mark.parametrize("changes", [True, False], ids=["changes", "quiet"])
def test_a_failure_changes_nothing_else(job, name, changes):
    """Exit code, summary and log are those of a run without a comment; a notice says what is the matter."""
    fault, reason = FAILURES[name]
    options = ["--detailed-exitcode"] if changes else []
    without = job.run("plan", *options, IAMLEASE_COMMENT="false")
    fault.fired = 0
    job.github.faults = [fault]
    step = job.run("plan", *options).expect(without.code)
    assert without.code == (2 if changes else 0)
    assert fault.fired
    [notice] = step.said("notice")
    assert reason in notice and "job summary has all of it" in notice
    assert step.summary == without.summary
    assert known(without.outputs) == known(step.outputs)
    assert not job.github.comments


def test_what_passes_is_tried_again(job):
    """Trouble on GitHub's side and limits that end soon delay the comment, and no more."""
    job.github.faults = [
        Fault("GET", "/user", 502, times=1),
        Fault("GET", COMMENTS, 503, times=2),
        Fault("POST", COMMENTS, 403, {"message": "You have exceeded a secondary rate limit"}, {"retry-after": "1"}, times=1),
    ]
    step = job.run().expect(0)
    assert not step.said("notice")
    only_comment(job)
    assert all(fault.fired == fault.times for fault in job.github.faults)


def test_no_network(job):
    step = job.run("plan", GITHUB_API_URL="http://127.0.0.1:9").expect(0)
    [notice] = step.said("notice")
    assert "no answer from http://127.0.0.1:9" in notice


@pytest.mark.parametrize("who", ["fork", "dependabot"])
def test_whose_token_only_reads(job, who):
    job.event = (
        job.pull_request(head_repository="bert/access") if who == "fork" else job.pull_request(author="dependabot[bot]"))
    job.github.faults = [Fault("POST", COMMENTS, 403, {"message": "Resource not accessible by integration"})]
    [notice] = job.run().expect(0).said("notice")
    assert who in notice.lower()


def test_without_a_token(job):
    step = job.run("plan", token=None).expect(0)
    [notice] = step.said("notice")
    assert "no token" in notice
    assert not job.github.requests


def test_what_goes_wrong_after_the_comment(job):
    """A comment that stands is a comment; the rest is a notice."""
    job.run().expect(0)
    job.github.add_comment(job.github.comments[0]["body"])
    job.github.faults = [Fault("DELETE", "/issues/comments/", 403, {"message": "no"})]
    step = job.run().expect(0)
    assert step.outputs["comment-url"] == job.github.comments[0]["html_url"]
    [notice] = step.said("notice")
    assert "remove an older comment" in notice


@pytest.mark.parametrize("token", ["a b", "a\nb", "a%0Ab", "ä"])
def test_a_token_that_is_none(job, token):
    step = job.run("plan", token=None, IAMLEASE_GITHUB_TOKEN=token).expect(64)
    assert "characters that no token has" in step.result.output
    assert token not in step.result.output


def test_a_long_plan(tmp_path):
    """Bounded, with the rest in the summary."""
    users = [f"user{number:04d}" for number in range(1500)]
    many = configs.files([configs.permanent(["dev.read-only", "dev.queues"], users=users)])
    job = Job(tmp_path, Origin(tmp_path / "origin", configs.NOTHING, many, {}))
    job.check_out(depth=2)
    step = job.run()
    body = only_comment(job)
    assert len(body.encode()) <= 60_000 and body.startswith("<!-- iamlease:")
    assert step.outputs["grants"] == "6000"
    assert not step.said("notice")
    job.close()


def test_a_plan_that_may_not_be_cut(tmp_path):
    """What must be shown and does not fit fails the step, and the comment says so instead of showing a part of it."""
    powers = {"dev.admin": {"custom_statements": [configs.statement(["*"])]}}
    users = [f"user{number:04d}" for number in range(400)]
    many = configs.files([configs.permanent(["dev.admin"], users=users)], policies=powers)
    job = Job(tmp_path, Origin(tmp_path / "origin", configs.NOTHING, many, {}))
    job.check_out(depth=2)
    step = job.run().expect(1)
    body = only_comment(job)
    message = "800 changes with high risk or held cannot be shown in "
    assert body.split("\n")[1] == "### iamlease plan: too long to be reviewed" and message in body
    assert "user0000" not in body and len(body.encode()) < 1000
    assert [error.split(" in ")[0] + " in " for error in step.said("error")] == [message]
    assert message in step.result.stderr and "split the pull request" in step.result.stderr
    assert step.outputs["grants"] == "800" and step.outputs["comment-url"] == job.github.comments[0]["html_url"]
    assert "user0399" in step.summary
    job.close()


def test_no_comment_where_it_has_no_place(job, origin):
    for name, event in [
        ("merge_group", github_events.merge_group(REPOSITORY, NUMBER, origin.base, origin.merge)),
        ("push", github_events.push(REPOSITORY, origin.start, origin.merge)),
    ]:
        job.event_name, job.event = name, event
        step = job.run("plan").expect(0)
        assert not [notice for notice in step.said("notice") if "comment" in notice]
    assert not writes(job)


def test_the_json_stays_alone(job):
    """With --json, the mask goes to the other stream."""
    step = job.run("plan", "--json").expect(0)
    assert step.result.json["format"] == "iamlease/plan"
    assert f"::add-mask::{TOKEN}" in step.result.stderr
    assert only_comment(job)
    assert job.github.comments[0]["user"]["login"] == ROBOT

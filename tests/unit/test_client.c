/* SPDX-License-Identifier: Apache-2.0 */
#include "github/client.h"
#include "github_world.h"
#include "unit.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

static const struct github_request reading = {.method = "GET",
                                              .path = "/x?a=1",
                                              .what = "read the x",
                                              .permission = "contents: read"};

/* Sends `request` to a server that follows the script. */
static struct github_world *run(const struct http_line *script, size_t count,
                                const struct github_request *request, int expected,
                                struct github_answer *answer)
{
    struct github_world *world = github_world_new(script, count);
    assert_int_equal(github_send(world->arena, world->github, request, answer, &world->err), expected);
    github_world_stop(world);
    for (size_t i = 0; i < http_double_count(world->server); i++)
        assert_non_null(strstr(http_double_request(world->server, i), "\r\nAuthorization: Bearer t0ken\r\n"));
    assert_null(strstr(world->err.message, "t0ken"));
    return world;
}

static void test_a_request_and_its_answer(void **state)
{
    (void)state;
    const struct http_line script[] = {{NULL, 201, NULL, "{\"a\":[1]}", HTTP_ANSWER, 0}};
    const struct github_request request = {.method = "POST",
                                           .path = "/x",
                                           .body = "{\"b\":1}",
                                           .what = "make an x",
                                           .permission = "x: write"};
    struct github_answer answer;
    struct github_world *world = run(script, COUNT(script), &request, 0, &answer);
    assert_int_equal(answer.status, 201);
    assert_int_equal(json_get(answer.json, "a")->count, 1);
    assert_null(answer.next);
    static const char *const parts[] = {"POST /x HTTP/1.1\r\n",
                                        "\r\nAccept: application/vnd.github+json\r\n",
                                        "\r\nX-GitHub-Api-Version: 2022-11-28\r\n",
                                        "\r\nUser-Agent: unit/1\r\n",
                                        "\r\nContent-Type: application/json\r\n",
                                        "\r\n\r\n{\"b\":1}"};
    for (size_t i = 0; i < COUNT(parts); i++)
        CHECK(strstr(http_double_request(world->server, 0), parts[i]), "%s", parts[i]);
    github_world_free(world);
}

static void test_raw_bytes(void **state)
{
    (void)state;
    const struct http_line script[] = {{NULL, 200, NULL, "no json", HTTP_ANSWER, 0}};
    struct github_request request = reading;
    request.raw = true;
    struct github_answer answer;
    struct github_world *world = run(script, COUNT(script), &request, 0, &answer);
    assert_string_equal(answer.text, "no json");
    assert_int_equal(answer.size, 7);
    assert_null(answer.json);
    assert_non_null(
        strstr(http_double_request(world->server, 0), "Accept: application/vnd.github.raw+json\r\n"));
    github_world_free(world);
}

static void test_no_content(void **state)
{
    (void)state;
    const struct http_line script[] = {{NULL, 204, NULL, "", HTTP_ANSWER, 0}};
    struct github_answer answer;
    struct github_world *world = run(script, COUNT(script), &reading, 0, &answer);
    assert_null(answer.json);
    github_world_free(world);
}

/* Each refusal is one sentence that says what to do. */
static void test_refusals(void **state)
{
    (void)state;
    static const struct {
        int status;
        const char *headers, *body, *message;
        enum err_code code;
    } cases[] = {
        {401, NULL, "{\"message\":\"Bad credentials\"}",
         "cannot read the x: GitHub does not take the token (401)", ERR_REFUSED},
        {403, NULL, "{\"message\":\"Resource not accessible by integration\"}",
         "the token may not do that; give the job 'permissions: contents: read'", ERR_REFUSED},
        {403, NULL, "{\"message\":\"Resource not accessible by personal access token\"}",
         "the token may not do that", ERR_REFUSED},
        {403, NULL, "{\"message\":\"GitHub Actions is not permitted to create or approve pull requests.\"}",
         "cannot read the x: the repository does not let its jobs open pull requests; allow it in Settings → "
         "Actions → General (\"Allow GitHub Actions to create and approve pull requests\")",
         ERR_REFUSED},
        {403, NULL, "{\"message\":\"SSO\\u001b[31m\"}", "forbids it (403: SSO?[31m)", ERR_REFUSED},
        {403, NULL, "<html>", "no reason given", ERR_REFUSED},
        {404, NULL, "{\"message\":\"Not Found\"}", "does not find it (404)", ERR_REFUSED},
        {410, NULL, "{\"message\":\"Issues are disabled\"}", "gone or turned off (410: Issues are disabled)",
         ERR_REFUSED},
        {422, NULL, "{\"message\":\"Body is too long\"}", "does not take it (422: Body is too long)",
         ERR_REFUSED},
        {403, "X-RateLimit-Remaining: 0\r\nX-RateLimit-Reset: 99999999999\r\n", "{}",
         "limit of requests is used up", ERR_NET},
        {429, "Retry-After: 3600\r\n", "", "for another 3600 seconds", ERR_NET},
        {301, "Location: https://a.example.com\r\n", "{\"message\":\"Moved Permanently\"}",
         "GitHub answered with 301: Moved Permanently", ERR_NET},
        {200, NULL, "{\"a\":", "the answer of GitHub: not JSON", ERR_INPUT},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        const struct http_line script[] = {
            {NULL, cases[i].status, cases[i].headers, cases[i].body, HTTP_ANSWER, 0}};
        struct github_answer answer;
        struct github_world *world = run(script, COUNT(script), &reading, -1, &answer);
        assert_int_equal(answer.status, cases[i].status);
        CHECK(strstr(world->err.message, cases[i].message), "%s", world->err.message);
        assert_int_equal(world->err.code, cases[i].code);
        assert_int_equal(http_double_count(world->server), 1);
        github_world_free(world);
    }
}

/* What is transient is tried again, a POST only when it was certainly not carried out. */
static void test_what_is_tried_again(void **state)
{
    (void)state;
    static const struct {
        const char *method;
        int status;
        enum http_fault fault;
        const char *headers;
        size_t requests;
    } cases[] = {
        {"GET", 502, HTTP_ANSWER, NULL, 2},
        {"PATCH", 500, HTTP_ANSWER, NULL, 2},
        {"DELETE", 503, HTTP_ANSWER, NULL, 2},
        {"GET", 200, HTTP_DROP, NULL, 2},
        {"GET", 429, HTTP_ANSWER, "Retry-After: 0\r\n", 2},
        {"POST", 403, HTTP_ANSWER, "Retry-After: 0\r\n", 2},
        {"POST", 502, HTTP_ANSWER, NULL, 1},
        {"POST", 201, HTTP_DROP, NULL, 1},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        const struct http_line script[] = {
            {NULL, cases[i].status, cases[i].headers, "{}", cases[i].fault, 0},
            {NULL, 200, NULL, "{}", HTTP_ANSWER, 0},
        };
        struct github_request request = reading;
        request.method = cases[i].method;
        struct github_answer answer;
        struct github_world *world =
            run(script, COUNT(script), &request, cases[i].requests == 2 ? 0 : -1, &answer);
        CHECK(http_double_count(world->server) == cases[i].requests, "%s %d", cases[i].method,
              cases[i].status);
        if (cases[i].fault == HTTP_DROP && cases[i].requests == 1)
            assert_non_null(strstr(world->err.message, "cannot read the x: no answer from http://127.0.0.1:"));
        github_world_free(world);
    }
}

static void test_it_gives_up(void **state)
{
    (void)state;
    const struct http_line script[] = {{NULL, 503, NULL, "", HTTP_ANSWER, 99}};
    struct github_answer answer;
    struct github_world *world = run(script, COUNT(script), &reading, -1, &answer);
    assert_int_equal(http_double_count(world->server), 5);
    assert_non_null(strstr(world->err.message, "GitHub is in trouble (503)"));
    github_world_free(world);
    const struct http_line slow[] = {{NULL, 429, "Retry-After: 0\r\n", "", HTTP_ANSWER, 99}};
    world = run(slow, COUNT(slow), &reading, -1, &answer);
    assert_int_equal(http_double_count(world->server), 3);
    github_world_free(world);
}

static void test_many_at_once(void **state)
{
    (void)state;
    const struct http_line script[] = {{"/a ", 200, NULL, "{\"is\":\"a\"}", HTTP_ANSWER, 0},
                                       {"/b ", 404, NULL, "{}", HTTP_ANSWER, 0},
                                       {"/c ", 200, NULL, "{\"is\":\"c\"}", HTTP_ANSWER, 0}};
    struct github_world *world = github_world_new(script, COUNT(script));
    struct github_request requests[3] = {reading, reading, reading};
    requests[0].path = "/a";
    requests[1].path = "/b";
    requests[2].path = "/c";
    struct github_answer answers[3];
    assert_int_equal(github_send_all(world->arena, world->github, requests, 3, answers, &world->err), -1);
    assert_string_equal(json_get_string(answers[0].json, "is"), "a");
    assert_int_equal(answers[1].status, 404);
    assert_string_equal(json_get_string(answers[2].json, "is"), "c");
    assert_non_null(strstr(world->err.message, "404"));
    github_world_stop(world);
    github_world_free(world);
}

static int count_items(void *context, const struct json *page, struct err *err)
{
    (void)err;
    *(size_t *)context += page->count;
    return 0;
}

/* Pages are followed as they are named, but only to the API's own origin. */
static void test_pages(void **state)
{
    (void)state;
    static const struct {
        bool here; /* at the server that was asked */
        const char *rest, *message;
    } cases[] = {
        {true, "/repositories/1/x?page=2", NULL},
        {false, "https://example.net/x?page=2", "next page that is not at http://127.0.0.1:"},
        {true, "0/x?page=2", "next page that is not at"},
        {false, "/x?page=2", "next page that is not at"},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        char text[300];
        struct http_line script[] = {
            {"/x?a=1 ", 200, text, "[1,2]", HTTP_ANSWER, 0},
            {"/repositories/1/x?page=2 ", 200, NULL, "[3]", HTTP_ANSWER, 0},
        };
        /* The script is copied when the server starts, its texts are not: the port is known by then. */
        struct github_world *world = github_world_new(script, COUNT(script));
        snprintf(text, sizeof text, "Link: <%s%s>; rel=\"next\"\r\n",
                 cases[i].here ? http_double_url(world->server) : "", cases[i].rest);
        size_t count = 0;
        int rc = github_pages(world->github, &reading, count_items, &count, &world->err);
        github_world_stop(world);
        assert_int_equal(rc, cases[i].message ? -1 : 0);
        assert_int_equal(count, cases[i].message ? 2 : 3);
        if (cases[i].message)
            CHECK(strstr(world->err.message, cases[i].message), "%s", world->err.message);
        github_world_free(world);
    }
}

static void test_pages_without_end(void **state)
{
    (void)state;
    char text[128];
    const struct http_line script[] = {{NULL, 200, text, "[1]", HTTP_ANSWER, 1000}};
    struct github_world *world = github_world_new(script, COUNT(script));
    snprintf(text, sizeof text, "Link: <%s/x>; rel=\"next\"\r\n", http_double_url(world->server));
    size_t count = 0;
    assert_int_equal(github_pages(world->github, &reading, count_items, &count, &world->err), -1);
    assert_int_equal(count, 200);
    assert_non_null(strstr(world->err.message, "more than 200 pages"));
    github_world_stop(world);
    github_world_free(world);
}

static void test_a_page_that_is_no_list(void **state)
{
    (void)state;
    const struct http_line script[] = {{NULL, 200, NULL, "{}", HTTP_ANSWER, 0}};
    struct github_world *world = github_world_new(script, COUNT(script));
    size_t count = 0;
    assert_int_equal(github_pages(world->github, &reading, count_items, &count, &world->err), -1);
    assert_non_null(strstr(world->err.message, "is no list"));
    github_world_stop(world);
    github_world_free(world);
}

static void test_options(void **state)
{
    (void)state;
    static const struct {
        const char *url, *repository, *token, *message;
    } cases[] = {
        {"http://api.github.com", "a/b", "t", "GITHUB_API_URL"},
        {"ftp://127.0.0.1", "a/b", "t", "GITHUB_API_URL"},
        {"https://api.github.com/?a", "a/b", "t", "GITHUB_API_URL"},
        {NULL, NULL, "t", "GITHUB_REPOSITORY"},
        {NULL, "a", "t", "GITHUB_REPOSITORY"},
        {NULL, "a/b", "", "github-token"},
        {NULL, "a/b", "a\r\nX: y", "github-token"},
        {NULL, "a/b", "t", NULL},
        {"https://github.example.com/api/v3/", "a/b", "t", NULL},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct arena *arena = arena_new();
        struct secret token = {0};
        struct github *github = NULL;
        struct err err = {0};
        secret_set(&token, cases[i].token, strlen(cases[i].token));
        const struct github_options options = {.api_url = cases[i].url,
                                               .repository = cases[i].repository,
                                               .token = &token};
        int rc = github_open(arena, &options, &github, &err);
        CHECK(rc == (cases[i].message ? -1 : 0), "%s", cases[i].url ? cases[i].url : "");
        if (cases[i].message)
            CHECK(strstr(err.message, cases[i].message) && err.code == ERR_USAGE, "%s", err.message);
        else
            assert_string_equal(github_path(arena, github, "/x/%s", github_escape(arena, "a/b ä~")),
                                "/repos/a/b/x/a%2Fb%20%C3%A4~");
        secret_clear(&token);
        arena_free(arena);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_request_and_its_answer),
        cmocka_unit_test(test_raw_bytes),
        cmocka_unit_test(test_no_content),
        cmocka_unit_test(test_refusals),
        cmocka_unit_test(test_what_is_tried_again),
        cmocka_unit_test(test_it_gives_up),
        cmocka_unit_test(test_many_at_once),
        cmocka_unit_test(test_pages),
        cmocka_unit_test(test_pages_without_end),
        cmocka_unit_test(test_a_page_that_is_no_list),
        cmocka_unit_test(test_options),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: Apache-2.0 */
#include "github/refs.h"
#include "github_world.h"
#include "unit.h"

#include <string.h>

#define ID               "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
#define TAG              "refs/tags/iamlease/applied"
#define ANSWER           "{\"ref\":\"" TAG "\",\"object\":{\"type\":\"commit\",\"sha\":\"" ID "\"}}"
#define NO_REF           "{\"message\":\"Not Found\"}"
#define OBJECT(type, id) "{\"object\":{\"type\":\"" type "\",\"sha\":\"" id "\"}}"

/* What is asked is a path without "refs/" and with its slashes. */
static void test_reading(void **state)
{
    (void)state;
    static const struct {
        int status;
        const char *body, *id; /* id NULL: there is none */
        int rc;
        enum err_code code;
        const char *says;
    } cases[] = {
        {200, ANSWER, ID, 0, 0, ""},
        {404, NO_REF, NULL, 0, 0, ""},
        {403, NO_REF, NULL, -1, ERR_NET, "permissions: contents: read"},
        {200, OBJECT("tag", ID), NULL, -1, ERR_REFUSED, TAG " names a tag object, not a commit"},
        {200, OBJECT("tree", ID), NULL, -1, ERR_REFUSED, "names a git object"},
        {200, OBJECT("commit", "../x"), NULL, -1, ERR_INPUT, "has no id in it"},
        {200, OBJECT("commit", ID "aa"), NULL, -1, ERR_INPUT, "has no id in it"},
        {200, "{}", NULL, -1, ERR_INPUT, "has no id in it"},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        const struct http_line script[] = {{"GET /repos/acme/access/git/ref/tags/iamlease/applied ",
                                            cases[i].status, NULL, cases[i].body, HTTP_ANSWER, 0}};
        struct github_world *world = github_world_new(script, COUNT(script));
        const char *id = "nothing";
        int rc = refs_read(world->arena, world->github, TAG, &id, &world->err);
        CHECK(rc == cases[i].rc, "%zu: %s", i, world->err.message);
        CHECK(rc == 0 || strstr(world->err.message, cases[i].says), "%zu: %s", i, world->err.message);
        CHECK(rc == 0 || cases[i].code == ERR_NET || world->err.code == cases[i].code, "%zu: %d", i,
              (int)world->err.code);
        CHECK(cases[i].id ? id && strcmp(id, cases[i].id) == 0 : !id, "%zu: %s", i, id ? id : "none");
        github_world_stop(world);
        github_world_free(world);
    }
}

static void test_a_name_is_escaped(void **state)
{
    (void)state;
    const struct http_line script[] = {
        {"GET /repos/acme/access/git/ref/heads/a%23b/c%3Fd ", 200, NULL, ANSWER, HTTP_ANSWER, 0}};
    struct github_world *world = github_world_new(script, COUNT(script));
    const char *id;
    assert_int_equal(refs_read(world->arena, world->github, "refs/heads/a#b/c?d", &id, &world->err), 0);
    assert_string_equal(id, ID);
    github_world_stop(world);
    github_world_free(world);
}

/* 422 alone says that it is there: the caller looks then. Any other refusal is one. */
static void test_creating(void **state)
{
    (void)state;
    static const struct {
        int status;
        int rc;
        bool exists;
    } cases[] = {{201, 0, false}, {422, -1, true}, {403, -1, false}, {404, -1, false}};
    for (size_t i = 0; i < COUNT(cases); i++) {
        const struct http_line script[] = {
            {"POST /repos/acme/access/git/refs ", cases[i].status, NULL, ANSWER, HTTP_ANSWER, 0}};
        struct github_world *world = github_world_new(script, COUNT(script));
        bool exists = !cases[i].exists;
        int rc = refs_create(world->arena, world->github, TAG, ID, &exists, &world->err);
        github_world_stop(world);
        CHECK(rc == cases[i].rc && exists == cases[i].exists, "%zu: %s", i, world->err.message);
        CHECK(rc == 0 || strstr(world->err.message, "write " TAG), "%zu: %s", i, world->err.message);
        const char *request = http_double_request(world->server, 0);
        CHECK(strstr(request, "\r\n\r\n{\"ref\":\"" TAG "\",\"sha\":\"" ID "\"}"), "%zu: %s", i, request);
        github_world_free(world);
    }
}

/* Never by force. */
static void test_moving(void **state)
{
    (void)state;
    for (int status = 200; status <= 422; status += 222) {
        const struct http_line script[] = {{"PATCH /repos/acme/access/git/refs/tags/iamlease/applied ",
                                            status, NULL, ANSWER, HTTP_ANSWER, 0}};
        struct github_world *world = github_world_new(script, COUNT(script));
        int rc = refs_move(world->arena, world->github, TAG, ID, &world->err);
        github_world_stop(world);
        CHECK(rc == (status == 200 ? 0 : -1), "%d: %s", status, world->err.message);
        const char *request = http_double_request(world->server, 0);
        CHECK(strstr(request, "\r\n\r\n{\"sha\":\"" ID "\",\"force\":false}"), "%s", request);
        github_world_free(world);
    }
}

static void test_the_default_branch(void **state)
{
    (void)state;
    static const struct {
        const char *body, *branch;
    } cases[] = {
        {"{\"default_branch\":\"main\"}", "main"},
        {"{\"default_branch\":\"release/1\"}", "release/1"},
        {"{\"default_branch\":\"a..b\"}", NULL},
        {"{\"default_branch\":7}", NULL},
        {"{}", NULL},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        const struct http_line script[] = {
            {"GET /repos/acme/access ", 200, NULL, cases[i].body, HTTP_ANSWER, 0}};
        struct github_world *world = github_world_new(script, COUNT(script));
        const char *branch;
        int rc = refs_default_branch(world->arena, world->github, &branch, &world->err);
        CHECK(rc == (cases[i].branch ? 0 : -1), "%zu: %s", i, world->err.message);
        CHECK(rc < 0 || strcmp(branch, cases[i].branch) == 0, "%zu: %s", i, branch);
        github_world_stop(world);
        github_world_free(world);
    }
}

/* What begins so and has another slash is another ref; the next page is asked for. */
static void test_names(void **state)
{
    (void)state;
    static const char revoked[] = "refs/tags/iamlease/revoked/";
    static const char first[] = "GET /repos/acme/access/git/matching-refs/tags/iamlease/revoked/ ";
    const struct http_line script[] = {
        {first, 200, "Link: <https://api.github.com/x?page=2>; rel=\"next\"\r\n",
         "[{\"ref\":\"refs/tags/iamlease/revoked/r_1\"},{\"ref\":\"refs/tags/iamlease/other\"}]", HTTP_ANSWER,
         0}};
    struct github_world *world = github_world_new(script, COUNT(script));
    struct strings names = {0};
    assert_int_equal(refs_names(world->arena, world->github, revoked, &names, &world->err), -1);
    assert_int_equal(names.count, 1); /* what lies at another origin is not asked for */
    assert_string_equal(names.items[0], "r_1");
    github_world_stop(world);
    github_world_free(world);
    static const char *const strange[] = {"{}", "[{}]", "[7]", "[{\"ref\":7}]"};
    for (size_t i = 0; i < COUNT(strange); i++) {
        const struct http_line line[] = {{first, 200, NULL, strange[i], HTTP_ANSWER, 0}};
        world = github_world_new(line, COUNT(line));
        CHECK(refs_names(world->arena, world->github, revoked, &names, &world->err) == -1, "%s", strange[i]);
        github_world_stop(world);
        github_world_free(world);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_reading),
        cmocka_unit_test(test_a_name_is_escaped),
        cmocka_unit_test(test_creating),
        cmocka_unit_test(test_moving),
        cmocka_unit_test(test_the_default_branch),
        cmocka_unit_test(test_names),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

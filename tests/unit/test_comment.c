/* SPDX-License-Identifier: Apache-2.0 */
#include "base/str.h"
#include "github/comment.h"
#include "github_world.h"
#include "unit.h"

#include <stdio.h>
#include <string.h>

static const struct comment_request wanted = {.number = 7, .key = "aws", .hash = "abc", .body = "The plan\n"};

/* A comment as GitHub tells of it. */
#define COMMENT(id, login, marker)                                                     \
    "{\"id\":" id ",\"user\":{\"login\":\"" login "\"},\"body\":\"" marker "\\nold\"," \
    "\"html_url\":\"https://github.com/acme/access/pull/7#issuecomment-" id "\"}"
#define OURS         "github-actions[bot]"
#define MARKER(hash) "<!-- iamlease:aws " hash " -->"

static const struct http_line nobody = {
    "GET /user ", 403, NULL, "{\"message\":\"Resource not accessible by integration\"}", HTTP_ANSWER, 1};

#define LIST(body)                                                                                \
    {                                                                                             \
        "GET /repos/acme/access/issues/7/comments?per_page=100 ", 200, NULL, body, HTTP_ANSWER, 1 \
    }
#define CREATE(body)                                                                  \
    {                                                                                 \
        "POST /repos/acme/access/issues/7/comments ", 201, NULL, body, HTTP_ANSWER, 1 \
    }
#define UPDATE(id)                                                                                       \
    {                                                                                                    \
        "PATCH /repos/acme/access/issues/comments/" id " ", 200, NULL, COMMENT(id, OURS, MARKER("abc")), \
            HTTP_ANSWER, 1                                                                               \
    }
#define DELETE(id)                                                                         \
    {                                                                                      \
        "DELETE /repos/acme/access/issues/comments/" id " ", 204, NULL, "", HTTP_ANSWER, 1 \
    }

static struct comment_result result;

static struct github_world *publish(const struct http_line *script, size_t count, int expected)
{
    struct github_world *world = github_world_new(script, count);
    int rc = comment_publish(world->arena, world->github, &wanted, &result, &world->err);
    github_world_stop(world);
    CHECK(rc == expected, "%s", world->err.message);
    return world;
}

/* Every request of the script was made, and no other. */
static void expect_all(struct github_world *world, size_t count)
{
    assert_int_equal(http_double_count(world->server), count);
    assert_null(result.trouble);
    github_world_free(world);
}

static void test_the_first_comment(void **state)
{
    (void)state;
    static const char created[] = COMMENT("5", OURS, MARKER("abc"));
    const struct http_line script[] = {nobody, LIST("[]"), CREATE(created),
                                       LIST("[" COMMENT("5", OURS, MARKER("abc")) "]")};
    struct github_world *world = publish(script, COUNT(script), 0);
    assert_int_equal(result.action, COMMENT_CREATED);
    assert_string_equal(result.url, "https://github.com/acme/access/pull/7#issuecomment-5");
    assert_non_null(strstr(http_double_request(world->server, 2),
                           "\r\n\r\n{\"body\":\"<!-- iamlease:aws abc -->\\nThe plan\\n\"}"));
    expect_all(world, COUNT(script));
}

static void test_it_is_updated(void **state)
{
    (void)state;
    const struct http_line script[] = {
        nobody, LIST("[" COMMENT("3", "ada", "hello") "," COMMENT("5", OURS, MARKER("def")) "]"), UPDATE("5")};
    struct github_world *world = publish(script, COUNT(script), 0);
    assert_int_equal(result.action, COMMENT_UPDATED);
    assert_string_equal(result.url, "https://github.com/acme/access/pull/7#issuecomment-5");
    expect_all(world, COUNT(script));
}

static void test_an_equal_one_is_left(void **state)
{
    (void)state;
    const struct http_line script[] = {nobody, LIST("[" COMMENT("5", OURS, MARKER("abc")) "]")};
    struct github_world *world = publish(script, COUNT(script), 0);
    assert_int_equal(result.action, COMMENT_UNCHANGED);
    assert_string_equal(result.url, "https://github.com/acme/access/pull/7#issuecomment-5");
    expect_all(world, COUNT(script));
}

/* Anybody can write the marker; another key is another comment; and a marker stands on the first line or not at all. */
static void test_what_is_not_ours(void **state)
{
    (void)state;
    static const char *const others[] = {
        COMMENT("1", "mallory", MARKER("abc")),
        COMMENT("1", "github-actions", MARKER("abc")),
        COMMENT("1", OURS, "<!-- iamlease:other abc -->"),
        COMMENT("1", OURS, "<!-- iamlease:aws2 abc -->"),
        COMMENT("1", OURS, "x" MARKER("abc")),
        COMMENT("1", OURS, "x\\n" MARKER("abc")),
        COMMENT("1", OURS, MARKER("xyz")),
        "{\"id\":1,\"user\":null,\"body\":\"" MARKER("abc") "\"}",
        "{\"id\":1,\"user\":{\"login\":\"" OURS "\"},\"body\":null}",
        "{\"id\":\"1\",\"user\":{\"login\":\"" OURS "\"},\"body\":\"" MARKER("abc") "\"}",
        "null",
    };
    for (size_t i = 0; i < COUNT(others); i++) {
        char list[1024];
        snprintf(list, sizeof list, "[%s]", others[i]);
        const struct http_line script[] = {nobody, LIST(list), CREATE(COMMENT("5", OURS, MARKER("abc"))),
                                           LIST("[]")};
        struct github_world *world = publish(script, COUNT(script), 0);
        CHECK(result.action == COMMENT_CREATED, "%s", others[i]);
        expect_all(world, COUNT(script));
    }
}

static void test_the_owner_of_another_token(void **state)
{
    (void)state;
    const struct http_line script[] = {
        {"GET /user ", 200, NULL, "{\"login\":\"Robot\"}", HTTP_ANSWER, 1},
        LIST("[" COMMENT("4", OURS, MARKER("abc")) "," COMMENT("5", "robot", MARKER("abc")) "]")};
    struct github_world *world = publish(script, COUNT(script), 0);
    assert_int_equal(result.action, COMMENT_UNCHANGED);
    expect_all(world, COUNT(script));
}

/* An app cannot ask who it is: it learns that from what it wrote, and finds what it wrote before. */
static void test_an_app_learns_its_name(void **state)
{
    (void)state;
    const struct http_line script[] = {
        nobody,
        LIST("[" COMMENT("4", "my-app[bot]", MARKER("def")) "]"),
        CREATE(COMMENT("9", "my-app[bot]", MARKER("abc"))),
        LIST("[" COMMENT("4", "my-app[bot]", MARKER("def")) "," COMMENT("9", "my-app[bot]", MARKER("abc")) "]"),
        UPDATE("4"),
        DELETE("9"),
    };
    struct github_world *world = publish(script, COUNT(script), 0);
    assert_int_equal(result.action, COMMENT_UPDATED);
    assert_int_equal(result.removed, 1);
    assert_string_equal(result.url, "https://github.com/acme/access/pull/7#issuecomment-4");
    expect_all(world, COUNT(script));
}

static void test_a_younger_duplicate_is_removed(void **state)
{
    (void)state;
    const struct http_line script[] = {
        nobody,
        LIST("[]"),
        CREATE(COMMENT("6", OURS, MARKER("abc"))),
        LIST("[" COMMENT("5", OURS, MARKER("abc")) "," COMMENT("6", OURS, MARKER("abc")) "]"),
        DELETE("6"),
    };
    struct github_world *world = publish(script, COUNT(script), 0);
    assert_int_equal(result.action, COMMENT_UNCHANGED);
    assert_int_equal(result.removed, 1);
    assert_string_equal(result.url, "https://github.com/acme/access/pull/7#issuecomment-5");
    expect_all(world, COUNT(script));
}

static void test_one_that_is_gone_is_made_again(void **state)
{
    (void)state;
    const struct http_line script[] = {
        nobody,
        LIST("[" COMMENT("5", OURS, MARKER("def")) "]"),
        {"PATCH ", 404, NULL, "{}", HTTP_ANSWER, 1},
        CREATE(COMMENT("6", OURS, MARKER("abc"))),
        LIST("[" COMMENT("6", OURS, MARKER("abc")) "]"),
    };
    struct github_world *world = publish(script, COUNT(script), 0);
    assert_int_equal(result.action, COMMENT_CREATED);
    expect_all(world, COUNT(script));
}

/* What fails after the comment stood is told, and no failure. */
static void test_trouble_after_the_comment(void **state)
{
    (void)state;
    const struct http_line no_list[] = {nobody,
                                        LIST("[]"),
                                        CREATE(COMMENT("6", OURS, MARKER("abc"))),
                                        {"GET /repos", 403, NULL, "{\"message\":\"no\"}", HTTP_ANSWER, 1}};
    struct github_world *world = publish(no_list, COUNT(no_list), 0);
    assert_non_null(strstr(result.trouble, "read the comments"));
    github_world_free(world);
    const struct http_line no_delete[] = {
        nobody,
        LIST("[" COMMENT("5", OURS, MARKER("abc")) "," COMMENT("6", OURS, MARKER("abc")) "]"),
        {"DELETE ", 403, NULL, "{\"message\":\"no\"}", HTTP_ANSWER, 1}};
    world = publish(no_delete, COUNT(no_delete), 0);
    assert_int_equal(result.action, COMMENT_UNCHANGED);
    assert_non_null(strstr(result.trouble, "remove an older comment"));
    github_world_free(world);
}

static void test_refusals(void **state)
{
    (void)state;
    const struct http_line bad_token[] = {{"GET /user ", 401, NULL, "{}", HTTP_ANSWER, 1}};
    const struct http_line no_list[] = {nobody, {"GET ", 404, NULL, "{}", HTTP_ANSWER, 1}};
    const struct http_line no_comment[] = {
        nobody,
        LIST("[]"),
        {"POST ", 403, NULL, "{\"message\":\"Resource not accessible by integration\"}", HTTP_ANSWER, 1}};
    const struct http_line odd[] = {nobody, LIST("[]"), {"POST ", 201, NULL, "{\"id\":0}", HTTP_ANSWER, 1}};
    const struct http_line none[] = {{"GET /user ", 200, NULL, "{\"login\":\"a b\"}", HTTP_ANSWER, 1}};
    const struct {
        const struct http_line *script;
        size_t count;
        const char *message;
    } cases[] = {
        {bad_token, COUNT(bad_token), "does not take the token"},
        {no_list, COUNT(no_list), "cannot read the comments of the pull request: GitHub does not find it"},
        {no_comment, COUNT(no_comment), "give the job 'permissions: pull-requests: write'"},
        {odd, COUNT(odd), "is no comment"},
        {none, COUNT(none), "names nobody"},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct github_world *world = publish(cases[i].script, cases[i].count, -1);
        CHECK(strstr(world->err.message, cases[i].message), "%s", world->err.message);
        github_world_free(world);
    }
}

static void test_markers(void **state)
{
    (void)state;
    char longest[400];
    memset(longest, '#', sizeof longest - 1);
    longest[sizeof longest - 1] = 0;
    const struct {
        const char *key, *marker;
    } cases[] = {
        {"", "<!-- iamlease:. ab -->"},
        {"infra/aws-access_1.x", "<!-- iamlease:infra/aws-access_1.x ab -->"},
        {"a --> b", "<!-- iamlease:a%20-%2D%3E%20b ab -->"},
        {"\xc3\xa4\n", "<!-- iamlease:%C3%A4%0A ab -->"},
        {longest, NULL},
    };
    struct arena *arena = arena_new();
    for (size_t i = 0; i < COUNT(cases); i++) {
        const char *marker = comment_marker(arena, cases[i].key, "ab");
        CHECK(!cases[i].marker || str_eq(marker, cases[i].marker), "%s", marker);
        assert_true(strlen(marker) < COMMENT_MARKER_MAX);
        assert_string_equal(comment_hash(arena, marker, cases[i].key), "ab");
        assert_string_equal(comment_hash(arena, arena_printf(arena, "%s\r\nx", marker), cases[i].key), "ab");
        assert_null(comment_hash(arena, arena_printf(arena, "%sx", marker), cases[i].key));
        assert_null(comment_hash(arena, marker, "another"));
    }
    arena_free(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_the_first_comment),
        cmocka_unit_test(test_it_is_updated),
        cmocka_unit_test(test_an_equal_one_is_left),
        cmocka_unit_test(test_what_is_not_ours),
        cmocka_unit_test(test_the_owner_of_another_token),
        cmocka_unit_test(test_an_app_learns_its_name),
        cmocka_unit_test(test_a_younger_duplicate_is_removed),
        cmocka_unit_test(test_one_that_is_gone_is_made_again),
        cmocka_unit_test(test_trouble_after_the_comment),
        cmocka_unit_test(test_refusals),
        cmocka_unit_test(test_markers),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: Apache-2.0 */
#include "flow/publishing.h"
#include "github_world.h"
#include "unit.h"

#include <string.h>

static const struct event ours = {.kind = EVENT_PULL_REQUEST,
                                  .name = "pull_request",
                                  .number = 7,
                                  .author = "ada"};
static const struct event from_fork = {.kind = EVENT_PULL_REQUEST,
                                       .name = "pull_request",
                                       .number = 7,
                                       .author = "ada",
                                       .is_fork = true};
static const struct event dependabot = {.kind = EVENT_PULL_REQUEST,
                                        .name = "pull_request",
                                        .number = 7,
                                        .author = "dependabot[bot]"};
/* Its token may write, wherever the pull request comes from. */
static const struct event target = {.kind = EVENT_PULL_REQUEST_TARGET,
                                    .name = "pull_request_target",
                                    .number = 7,
                                    .is_fork = true};

static struct published publish(struct arena *arena, struct github *github, const struct event *event)
{
    const struct publication publication = {.github = github,
                                            .event = event,
                                            .key = "",
                                            .markdown = "The plan\n",
                                            .hash = "abc"};
    return publish_comment(arena, &publication);
}

static void test_a_comment(void **state)
{
    (void)state;
    static const char comment[] =
        "{\"id\":1,\"user\":{\"login\":\"robot\"},\"body\":\"<!-- iamlease:. abc -->\\nThe plan\\n\","
        "\"html_url\":\"https://github.com/acme/access/pull/7#issuecomment-1\"}";
    const struct http_line script[] = {
        {"GET /user ", 200, NULL, "{\"login\":\"robot\"}", HTTP_ANSWER, 1},
        {"GET ", 200, NULL, "[]", HTTP_ANSWER, 1},
        {"POST ", 201, NULL, comment, HTTP_ANSWER, 1},
        {"GET ", 200, NULL, "[]", HTTP_ANSWER, 1},
    };
    struct github_world *world = github_world_new(script, COUNT(script));
    struct published published = publish(world->arena, world->github, &ours);
    assert_string_equal(published.url, "https://github.com/acme/access/pull/7#issuecomment-1");
    assert_null(published.notice);
    github_world_stop(world);
    github_world_free(world);
}

static void test_without_a_token(void **state)
{
    (void)state;
    struct arena *arena = arena_new();
    struct published published = publish(arena, NULL, &ours);
    assert_null(published.url);
    assert_non_null(strstr(published.notice, "there is no token (input github-token)"));
    arena_free(arena);
}

/* Whose token only reads is told from whose job lacks a permission: the first cannot be mended there. */
static void test_why_it_may_not(void **state)
{
    (void)state;
    static const struct {
        const struct event *event;
        const char *why;
    } cases[] = {{&ours, NULL}, {&from_fork, "from a fork"}, {&dependabot, "from Dependabot"}, {&target, NULL}};
    for (size_t i = 0; i < COUNT(cases); i++) {
        const struct http_line script[] = {
            {"GET /user ", 403, NULL, "{}", HTTP_ANSWER, 1},
            {"GET ", 200, NULL, "[]", HTTP_ANSWER, 1},
            {"POST ", 403, NULL, "{\"message\":\"Resource not accessible by integration\"}", HTTP_ANSWER, 1},
        };
        struct github_world *world = github_world_new(script, COUNT(script));
        struct published published = publish(world->arena, world->github, cases[i].event);
        assert_null(published.url);
        CHECK(strstr(published.notice, "permissions: pull-requests: write"), "%s", published.notice);
        assert_non_null(strstr(published.notice, "the job summary has all of it"));
        const char *told = strstr(published.notice, "(it comes from");
        CHECK(cases[i].why ? told && strstr(told, cases[i].why) : !told, "%s", published.notice);
        github_world_stop(world);
        github_world_free(world);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_comment),
        cmocka_unit_test(test_without_a_token),
        cmocka_unit_test(test_why_it_may_not),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

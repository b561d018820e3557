/* SPDX-License-Identifier: Apache-2.0 */
#include "base/str.h"
#include "github/pulls.h"
#include "github_world.h"
#include "unit.h"

#include <string.h>

#define A40  "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
#define B40  "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb"
#define HEAD "\"head\":{\"sha\":\"" A40 "\"}"
#define BASE "\"base\":{\"ref\":\"main\"}"

static struct github_world *world_of(const char *match, const char *body)
{
    const struct http_line script[] = {{match, 200, NULL, body, HTTP_ANSWER, 0}};
    return github_world_new(script, COUNT(script));
}

static void test_pulls(void **state)
{
    (void)state;
    struct github_world *world = world_of(
        "GET /repos/acme/access/commits/" B40 "/pulls?per_page=100 ",
        "[{\"number\":7,\"user\":{\"login\":\"bert\"}," HEAD "," BASE ",\"merged_at\":\"2026-05-30T12:00:00Z\","
        "\"merge_commit_sha\":\"" B40 "\",\"labels\":[{\"name\":\"one\"},{\"name\":3},{\"name\":\"two\"}]},"
        "{\"number\":8,\"user\":null," HEAD "," BASE ",\"merged_at\":null,\"merge_commit_sha\":null}]");
    struct pulls pulls = {0};
    assert_int_equal(pulls_of_commit(world->arena, world->github, B40, &pulls, &world->err), 0);
    assert_int_equal(pulls.count, 2);
    const struct pull *merged = &pulls.items[0], *open = &pulls.items[1];
    assert_int_equal(merged->number, 7);
    assert_string_equal(merged->author, "bert");
    assert_string_equal(merged->head_id, A40);
    assert_string_equal(merged->base_branch, "main");
    assert_string_equal(merged->merge_commit_id, B40);
    assert_true(merged->is_merged);
    assert_int_equal(merged->labels.count, 2);
    assert_string_equal(merged->labels.items[1], "two");
    assert_null(open->author);
    assert_null(open->merge_commit_id);
    assert_false(open->is_merged);
    github_world_stop(world);
    github_world_free(world);
}

/* A pull request of which something that decides is not known is no answer at all. */
static void test_malformed_pulls(void **state)
{
    (void)state;
    static const char *const bodies[] = {
        "[{\"number\":0," HEAD "," BASE "}]",
        "[{\"number\":\"7\"," HEAD "," BASE "}]",
        "[{\"number\":1e10," HEAD "," BASE "}]",
        "[{" HEAD "," BASE "}]",
        "[{\"number\":7," BASE "}]",
        "[{\"number\":7," HEAD "}]",
        "[{\"number\":7," HEAD ",\"base\":{\"ref\":\"a..b\"}}]",
        "[{\"number\":7,\"head\":{\"sha\":\"" A40 "a\"}," BASE "}]",
        "[7]",
        "{}",
    };
    for (size_t i = 0; i < COUNT(bodies); i++) {
        struct github_world *world = world_of(NULL, bodies[i]);
        struct pulls pulls = {0};
        CHECK(pulls_of_commit(world->arena, world->github, B40, &pulls, &world->err) == -1, "%s", bodies[i]);
        github_world_stop(world);
        github_world_free(world);
    }
}

static void test_reviews(void **state)
{
    (void)state;
    struct github_world *world =
        world_of("GET /repos/acme/access/pulls/7/reviews?per_page=100 ",
                 "[{\"user\":{\"login\":\"carla\"},\"commit_id\":\"" A40 "\",\"state\":\"APPROVED\"},"
                 "{\"user\":null,\"commit_id\":null,\"state\":\"CHANGES_REQUESTED\"},"
                 "{\"user\":{\"login\":\"../x\"},\"commit_id\":\"no id\",\"state\":\"DISMISSED\"},"
                 "{\"user\":{\"login\":\"carla\"},\"commit_id\":\"" A40 "\",\"state\":\"approved\"},"
                 "{\"user\":{\"login\":\"carla\"},\"commit_id\":\"" A40 "\"}]");
    static const enum review_state states[] = {REVIEW_APPROVED, REVIEW_CHANGES_REQUESTED, REVIEW_DISMISSED,
                                               REVIEW_OTHER, REVIEW_OTHER};
    struct reviews reviews = {0};
    assert_int_equal(pull_reviews(world->arena, world->github, 7, &reviews, &world->err), 0);
    assert_int_equal(reviews.count, COUNT(states));
    for (size_t i = 0; i < COUNT(states); i++)
        CHECK(reviews.items[i].state == states[i], "%zu", i);
    assert_string_equal(reviews.items[0].login, "carla");
    assert_string_equal(reviews.items[0].commit_id, A40);
    for (size_t i = 1; i < 3; i++) {
        assert_null(reviews.items[i].login);
        assert_null(reviews.items[i].commit_id);
    }
    github_world_stop(world);
    github_world_free(world);
}

/* GitHub commits as web-flow when a button was pressed; as an author, it is somebody like others. */
static void test_people(void **state)
{
    (void)state;
    struct github_world *world = world_of(
        "GET /repos/acme/access/pulls/7/commits?per_page=100 ",
        "[{\"sha\":\"" A40 "\",\"author\":{\"login\":\"bert\"},\"committer\":{\"login\":\"web-flow\"}},"
        "{\"sha\":\"" B40 "\",\"author\":{\"login\":\"bert\"},\"committer\":{\"login\":\"dora\"}}]");
    struct strings logins = {0};
    const char *unknown = "something";
    assert_int_equal(pull_people(world->arena, world->github, 7, &logins, &unknown, &world->err), 0);
    assert_null(unknown);
    assert_int_equal(logins.count, 2);
    assert_string_equal(logins.items[0], "bert");
    assert_string_equal(logins.items[1], "dora");
    github_world_stop(world);
    github_world_free(world);

    world = world_of(NULL, "[{\"sha\":\"" B40 "\",\"author\":{\"login\":\"web-flow\"},\"committer\":null}]");
    logins = (struct strings){0};
    assert_int_equal(pull_people(world->arena, world->github, 7, &logins, &unknown, &world->err), 0);
    assert_string_equal(unknown, B40);
    assert_int_equal(logins.count, 1);
    assert_string_equal(logins.items[0], "web-flow");
    github_world_stop(world);
    github_world_free(world);
}

/* Beyond what GitHub lists there may be anybody. */
static void test_more_commits_than_are_listed(void **state)
{
    (void)state;
    CLEANUP(arena_freep) struct arena *arena = arena_new();
    for (unsigned count = 249; count <= 250; count++) {
        const char *body = "[";
        for (unsigned i = 0; i < count; i++)
            body = arena_printf(arena, "%s%s{\"author\":{\"login\":\"a\"},\"committer\":{\"login\":\"a\"}}",
                                body, i ? "," : "");
        struct github_world *world = world_of(NULL, arena_printf(arena, "%s]", body));
        struct strings logins = {0};
        const char *unknown;
        int rc = pull_people(world->arena, world->github, 7, &logins, &unknown, &world->err);
        CHECK(rc == (count < 250 ? 0 : -1), "%u: %s", count, world->err.message);
        CHECK(rc == 0 || world->err.code == ERR_REFUSED, "%u", count);
        github_world_stop(world);
        github_world_free(world);
    }
}

static void test_who_may_write(void **state)
{
    (void)state;
    static const struct {
        int status;
        const char *body;
        int rc;
        bool may;
    } cases[] = {
        {200, "{\"permission\":\"admin\"}", 0, true},   {200, "{\"permission\":\"write\"}", 0, true},
        {200, "{\"permission\":\"read\"}", 0, false},   {200, "{\"permission\":\"none\"}", 0, false},
        {200, "{\"permission\":\"Write\"}", 0, false},  {200, "{}", 0, false},
        {404, "{\"message\":\"Not Found\"}", 0, false}, {403, "{\"message\":\"no\"}", -1, false},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        const struct http_line script[] = {{"GET /repos/acme/access/collaborators/carla/permission ",
                                            cases[i].status, NULL, cases[i].body, HTTP_ANSWER, 0}};
        struct github_world *world = github_world_new(script, COUNT(script));
        bool may = !cases[i].may;
        int rc = pull_may_write(world->arena, world->github, "carla", &may, &world->err);
        CHECK(rc == cases[i].rc && may == cases[i].may, "%zu: %s", i, world->err.message);
        github_world_stop(world);
        github_world_free(world);
    }
}

/* The last time counts; what happened to other labels, or took this one off, does not. */
static void test_who_set_a_label(void **state)
{
    (void)state;
    struct github_world *world =
        world_of("GET /repos/acme/access/issues/7/events?per_page=100 ",
                 "[{\"event\":\"labeled\",\"label\":{\"name\":\"ok\"},\"actor\":{\"login\":\"bert\"}},"
                 "{\"event\":\"unlabeled\",\"label\":{\"name\":\"ok\"},\"actor\":{\"login\":\"dora\"}},"
                 "{\"event\":\"labeled\",\"label\":{\"name\":\"ok\"},\"actor\":{\"login\":\"carla\"}},"
                 "{\"event\":\"labeled\",\"label\":{\"name\":\"okay\"},\"actor\":{\"login\":\"emil\"}},"
                 "{\"event\":\"closed\",\"actor\":{\"login\":\"emil\"}}]");
    const char *login = "nobody";
    assert_int_equal(pull_label_actor(world->arena, world->github, 7, "ok", &login, &world->err), 0);
    assert_string_equal(login, "carla");
    github_world_stop(world);
    github_world_free(world);

    world =
        world_of(NULL, "[{\"event\":\"labeled\",\"label\":{\"name\":\"ok\"},\"actor\":{\"login\":\"bert\"}},"
                       "{\"event\":\"labeled\",\"label\":{\"name\":\"ok\"},\"actor\":null}]");
    assert_int_equal(pull_label_actor(world->arena, world->github, 7, "ok", &login, &world->err), 0);
    assert_null(login);
    github_world_stop(world);
    github_world_free(world);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_pulls),
        cmocka_unit_test(test_malformed_pulls),
        cmocka_unit_test(test_reviews),
        cmocka_unit_test(test_people),
        cmocka_unit_test(test_more_commits_than_are_listed),
        cmocka_unit_test(test_who_may_write),
        cmocka_unit_test(test_who_set_a_label),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

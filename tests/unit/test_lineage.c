/* SPDX-License-Identifier: Apache-2.0 */
#include "base/str.h"
#include "flow/lineage.h"
#include "git_world.h"
#include "github_world.h"
#include "unit.h"

#include <string.h>

#define A40 "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
#define B40 "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb"
#define C40 "cccccccccccccccccccccccccccccccccccccccc"
#define D40 "dddddddddddddddddddddddddddddddddddddddd"

#define COMMIT(id, parents) "{\"sha\":\"" id "\",\"parents\":[" parents "]}"
#define PARENT(id)          "{\"sha\":\"" id "\"}"

/* First parents only, one request for as many commits as an answer lists; the end of the history refuses. */
static void test_from_github(void **state)
{
    (void)state;
    struct git_world *world = git_world_new();
    static const struct http_line script[] = {
        {"GET /repos/acme/access/commits?sha=" C40 "&per_page=100 ", 200, NULL,
         "[" COMMIT(C40, PARENT(B40) "," PARENT(D40)) "," COMMIT(D40, PARENT(A40)) "]", HTTP_ANSWER, 1},
        {"GET /repos/acme/access/commits?sha=" B40 "&per_page=100 ", 200, NULL,
         "[" COMMIT(B40, PARENT(A40)) "," COMMIT(A40, "") "]", HTTP_ANSWER, 1},
    };
    struct github_world *github = github_world_new(script, COUNT(script));
    struct lineage lineage = lineage_new(world->arena, world->repo, github->github);
    struct strings commits = {0};
    CHECK(lineage_between(&lineage, A40, C40, &commits, &github->err) == 0, "%s", github->err.message);
    assert_int_equal(commits.count, 2);
    assert_string_equal(commits.items[0], B40);
    assert_string_equal(commits.items[1], C40);
    assert_int_equal(lineage_between(&lineage, D40, C40, &commits, &github->err), -1); /* a second parent */
    assert_int_equal(github->err.code, ERR_REFUSED);
    github_world_stop(github);
    assert_int_equal(http_double_count(github->server), 2);
    github_world_free(github);
    git_world_free(world);
}

static void test_here(void **state)
{
    (void)state;
    struct git_world *world = git_world_new();
    struct strings commits = {0};
    git_world_write(world, "a", "1");
    const char *first = git_world_commit(world), *parent;
    git_world_write(world, "a", "2");
    const char *second = git_world_commit(world);
    struct lineage lineage = lineage_new(world->arena, world->repo, NULL);
    assert_int_equal(lineage_between(&lineage, first, second, &commits, &world->err), 0);
    assert_int_equal(commits.count, 1);
    assert_int_equal(lineage_first_parent(&lineage, first, &parent, &world->err), 0);
    assert_null(parent);
    int64_t made_at_s = 0;
    assert_int_equal(lineage_time(&lineage, first, &made_at_s, &world->err), 0);
    assert_true(made_at_s > 0);
    assert_int_equal(lineage_time(&lineage, A40, &made_at_s, &world->err), -1);
    assert_int_equal(lineage_first_parent(&lineage, A40, &parent, &world->err), -1);
    assert_non_null(strstr(world->err.message, "github-token"));
    git_world_free(world);
}

static void test_time_from_github(void **state)
{
    (void)state;
    static const struct {
        const char *more;
        int64_t time_s;
    } cases[] = {
        {",\"commit\":{\"committer\":{\"date\":\"2026-06-01T09:00:00Z\"}}", 1780304400},
        {",\"commit\":{\"committer\":{\"date\":\"yesterday\"}}", 0},
        {",\"commit\":{\"committer\":null}", 0},
        {"", 0},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct git_world *world = git_world_new();
        const char *body =
            arena_printf(world->arena, "[{\"sha\":\"" A40 "\",\"parents\":[]%s}]", cases[i].more);
        const struct http_line script[] = {{"/commits?", 200, NULL, body, HTTP_ANSWER, 1}};
        struct github_world *github = github_world_new(script, COUNT(script));
        struct lineage lineage = lineage_new(world->arena, world->repo, github->github);
        int64_t time_s = -1;
        CHECK(lineage_time(&lineage, A40, &time_s, &github->err) == 0, "%s", github->err.message);
        CHECK(time_s == cases[i].time_s, "%zu: %lld", i, (long long)time_s);
        github_world_stop(github);
        github_world_free(github);
        git_world_free(world);
    }
}

static void test_lies(void **state)
{
    (void)state;
    static const char *const bodies[] = {
        "{}",
        "[]",
        "[" COMMIT(B40, "") "]", /* about another commit */
        "[{\"sha\":\"" A40 "\"}]",
        "[{\"sha\":\"main\",\"parents\":[]}]",
        "[" COMMIT(A40, PARENT("main")) "]",
        "[" COMMIT(A40, "{}") "]",
    };
    for (size_t i = 0; i < COUNT(bodies); i++) {
        struct git_world *world = git_world_new();
        const struct http_line script[] = {{"/commits?", 200, NULL, bodies[i], HTTP_ANSWER, 1}};
        struct github_world *github = github_world_new(script, COUNT(script));
        struct lineage lineage = lineage_new(world->arena, world->repo, github->github);
        const char *parent;
        CHECK(lineage_first_parent(&lineage, A40, &parent, &github->err) == -1, "%zu", i);
        CHECK(github->err.code == ERR_INPUT, "%zu: %s", i, github->err.message);
        github_world_stop(github);
        github_world_free(github);
        git_world_free(world);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_from_github),
        cmocka_unit_test(test_here),
        cmocka_unit_test(test_time_from_github),
        cmocka_unit_test(test_lies),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

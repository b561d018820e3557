/* SPDX-License-Identifier: Apache-2.0 */
/* flow/history.c: removals that are perhaps not meant are held. */
#include "base/str.h"
#include "base/time.h"
#include "flow/history.h"
#include "git_world.h"
#include "plan_world.h"
#include "unit.h"

#include <string.h>

struct walked {
    struct history history;
    struct problems problems;
};

static struct walked walk(struct git_world *world, const char *applied, const char *accepted)
{
    struct source head;
    struct diags diags = diags_new(world->arena);
    struct walked walked = {0};
    assert_int_equal(source_open(world->arena, world->repo, "HEAD", NULL, &head, &world->err), 0);
    assert_int_equal(source_load(world->arena, world->repo, &head, &diags, &world->err), 0);
    struct history_request request = {.applied = applied, .accepted_removals = accepted, .head = &head};
    assert_true(time_parse_rfc3339(WORLD_NOW, &request.now_s));
    assert_int_equal(
        history_load(world->arena, world->repo, &request, &walked.history, &walked.problems, &world->err), 0);
    return walked;
}

/* A commit that grants users `from` to `to` something. */
static const char *commit_users(struct git_world *world, unsigned from, unsigned to)
{
    const char *yaml = WORLD_BASE "permanent-access:\n";
    for (unsigned i = from; i <= to; i++)
        yaml = arena_printf(world->arena, "%s- {users: [u%u], environments: [prod], grants: [ro]}\n", yaml, i);
    return git_world_config(world, yaml);
}

static void test_too_many(void **state)
{
    (void)state;
    struct git_world *world = git_world_new();
    const char *applied = commit_users(world, 1, 20), *removing = commit_users(world, 11, 21);
    struct walked walked = walk(world, applied, NULL);
    assert_int_equal(walked.history.held.count, 10); /* just these; what else there is goes on */
    assert_string_equal(walked.history.held.items[0].principal, "u1");
    assert_string_equal(walked.history.held.items[9].principal, "u9");
    assert_int_equal(walked.problems.count, 1);
    assert_string_equal(walked.problems.items[0].id, "held-removals");
    assert_non_null(strstr(walked.problems.items[0].message, "revokes 10 of 20 grants"));
    assert_non_null(strstr(walked.problems.items[0].hint, removing));

    walked = walk(world, applied, removing);
    assert_int_equal(walked.history.held.count, 0);
    assert_int_equal(walked.problems.count, 0);
    walked = walk(world, applied, applied); /* accepted was something else */
    assert_int_equal(walked.history.held.count, 10);
    git_world_free(world);
}

/* Of what such a change takes away, a lease that has ended is not kept. */
static void test_an_ended_lease_goes(void **state)
{
    (void)state;
    struct git_world *world = git_world_new();
    commit_users(world, 1, 20);
    git_world_write(world, "temporary-access/payments.yaml",
                    "temporary-access:\n" LEASE("late", "fix", "2026-11-20")
                        LEASE("early", "fix", "2026-11-27"));
    const char *applied = git_world_commit(world);
    commit_users(world, 11, 21);
    struct walked walked = walk(world, applied, NULL);
    assert_int_equal(walked.problems.count, 1);
    assert_int_equal(walked.history.held.count, 11);
    assert_string_equal(walked.history.held.items[0].principal, "early");
    git_world_free(world);
}

/* Each commit is judged by itself, by the rules before it. */
static void test_steps(void **state)
{
    (void)state;
    struct git_world *world = git_world_new();
    const char *applied = commit_users(world, 1, 20);
    commit_users(world, 10, 20); /* nine are never too many */
    commit_users(world, 19, 20);
    struct walked walked = walk(world, applied, NULL);
    assert_int_equal(walked.history.held.count, 0);

    applied = commit_users(world, 1, 20);
    git_world_write(world, "iamlease.yaml", "limits: {max_removals: \"100%\"}\n");
    git_world_write(world, "permanent-access", NULL);
    git_world_commit(world); /* raises the limit that it is judged by */
    walked = walk(world, applied, NULL);
    assert_int_equal(walked.history.held.count, 20);
    git_world_free(world);
}

/* Held removals stay held when further commits come; what comes back is no removal. */
static void test_later_commits(void **state)
{
    (void)state;
    struct git_world *world = git_world_new();
    const char *applied = commit_users(world, 1, 20);
    const char *removing = commit_users(world, 11, 20);
    commit_users(world, 10, 20);
    struct walked walked = walk(world, applied, NULL);
    assert_int_equal(walked.history.held.count, 9);
    commit_users(world, 10, 21);
    walked = walk(world, applied, NULL);
    assert_int_equal(walked.history.held.count, 9);
    walked = walk(world, applied, removing);
    assert_int_equal(walked.history.held.count, 0);
    git_world_free(world);
}

/* The whole configuration vanished: one grant is enough. */
static void test_emptied(void **state)
{
    (void)state;
    struct git_world *world = git_world_new();
    const char *applied = commit_users(world, 1, 1);
    git_world_write(world, "README.md", "words");
    const char *emptied = git_world_config(world, "");
    struct walked walked = walk(world, applied, NULL);
    assert_int_equal(walked.history.held.count, 1);
    assert_string_equal(walked.problems.items[0].id, "held-removals");
    walked = walk(world, applied, emptied);
    assert_int_equal(walked.history.held.count, 0);
    git_world_free(world);
}

/* The first apply takes nothing away: there is nothing to hold. */
static void test_first_apply(void **state)
{
    (void)state;
    struct git_world *world = git_world_new();
    commit_users(world, 1, 20);
    commit_users(world, 20, 20);
    struct walked walked = walk(world, NULL, NULL);
    assert_int_equal(walked.history.held.count, 0);
    assert_int_equal(walked.problems.count, 0);
    git_world_free(world);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_too_many), cmocka_unit_test(test_an_ended_lease_goes),
        cmocka_unit_test(test_steps),    cmocka_unit_test(test_later_commits),
        cmocka_unit_test(test_emptied),  cmocka_unit_test(test_first_apply),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

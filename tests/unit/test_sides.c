/* SPDX-License-Identifier: Apache-2.0 */
#include "base/str.h"
#include "flow/sides.h"
#include "git_world.h"
#include "unit.h"

#include <string.h>

/* main with two commits, a branch from the first one, and HEAD is their merge, as GitHub makes it. */
struct history {
    struct git_world *world;
    const char *start, *base, *head, *merge;
    struct event event; /* of the pull request */
    struct sides sides;
};

static struct history history_new(void)
{
    struct git_world *world = git_world_new();
    struct history history = {.world = world};
    history.start = git_world_commit(world);
    git_world_write(world, "change", "1");
    history.head = git_world_commit(world);
    git_world_reset(world, history.start);
    git_world_write(world, "meanwhile", "1");
    history.base = git_world_commit(world);
    git_world_ref(world, "refs/remotes/origin/main", history.base);
    history.merge = git_world_merge(world, history.head);
    history.event = (struct event){.kind = EVENT_PULL_REQUEST,
                                   .name = "pull_request",
                                   .repository = "acme/access",
                                   .default_branch = "main",
                                   .number = 7,
                                   .base_branch = "main",
                                   .base_id = history.start,
                                   .head_branch = "change",
                                   .head_id = history.head};
    return history;
}

static int find(struct history *history, const char *base, const char *head)
{
    const struct sides_request request = {.base = base,
                                          .head = head,
                                          .is_actions = true,
                                          .event = &history->event};
    history->world->err = (struct err){0};
    return sides_find(history->world->arena, history->world->repo, &request, &history->sides,
                      &history->world->err);
}

static void expect(struct history *history, const char *base, const char *head)
{
    CHECK(find(history, NULL, NULL) == 0, "%s", history->world->err.message);
    assert_string_equal(history->sides.base, base);
    assert_string_equal(history->sides.head, head);
}

static void test_the_test_merge(void **state)
{
    (void)state;
    struct history history = history_new();
    expect(&history, history.base, history.merge);
    assert_string_equal(history.sides.head_name, "HEAD");
    assert_null(history.sides.notice);
    history.event = (struct event){.kind = EVENT_PULL_REQUEST, .name = "pull_request"}; /* without its file */
    expect(&history, history.base, history.merge);
    git_world_reset(history.world, history.head);
    assert_int_equal(find(&history, NULL, NULL), -1);
    assert_non_null(strstr(history.world->err.message, "is not the merge commit of a pull request"));
    git_world_free(history.world);
}

/* Somebody pushed since; or the workflow checks out something else. */
static void test_another_head(void **state)
{
    (void)state;
    struct history history = history_new();
    const char *pushed = history.head;
    history.event.head_id = history.base; /* any commit that is not the merge's second parent */
    expect(&history, history.base, history.base);
    assert_non_null(strstr(history.sides.notice, "stale merge ref"));
    history.event.head_id = pushed;
    git_world_reset(history.world, pushed);
    expect(&history, history.start, pushed);
    assert_null(history.sides.notice);
    history.event.kind = EVENT_PULL_REQUEST_TARGET;
    git_world_reset(history.world, history.base);
    expect(&history, history.start, pushed);
    git_world_free(history.world);
}

static void test_other_events(void **state)
{
    (void)state;
    struct history history = history_new();
    history.event.kind = EVENT_MERGE_GROUP;
    history.event.base_id = history.base;
    history.event.head_id = history.merge;
    expect(&history, history.base, history.merge);

    history.event =
        (struct event){.kind = EVENT_PUSH, .name = "push", .ref = "refs/heads/main", .default_branch = "main"};
    assert_int_equal(find(&history, NULL, NULL), 0);
    assert_null(history.sides.base);
    assert_string_equal(history.sides.base_name, "nothing");
    assert_non_null(strstr(history.sides.notice, "is not there"));
    git_world_ref(history.world, APPLIED_REF, history.start);
    expect(&history, history.start, history.merge);
    history.event.ref = "refs/heads/change";
    expect(&history, history.base, history.merge);
    history.event.kind = EVENT_SCHEDULE;
    history.event.ref = NULL;
    expect(&history, history.start, history.merge);

    history.event.kind = EVENT_WORKFLOW_RUN;
    assert_int_equal(find(&history, NULL, NULL), -1);
    assert_int_equal(history.world->err.code, ERR_USAGE);
    assert_non_null(strstr(history.world->err.message, "--pr NUMBER"));
    git_world_free(history.world);
}

static void test_options_win(void **state)
{
    (void)state;
    struct history history = history_new();
    assert_int_equal(find(&history, "HEAD^1", "HEAD^2"), 0);
    assert_string_equal(history.sides.base, history.base);
    assert_string_equal(history.sides.base_name, "HEAD^1");
    assert_string_equal(history.sides.head, history.head);
    assert_string_equal(history.sides.head_name, "HEAD^2");
    assert_int_equal(find(&history, NULL, history.head), 0);
    assert_string_equal(history.sides.base, history.start);
    assert_int_equal(find(&history, "nowhere", NULL), -1);
    assert_int_equal(history.world->err.code, ERR_GIT);
    git_world_free(history.world);
}

/* Each is one sentence that says what to change. */
static void test_what_is_missing(void **state)
{
    (void)state;
    struct history history = history_new();
    git_world_forget(history.world, history.base);
    assert_int_equal(find(&history, NULL, NULL), -1);
    assert_non_null(strstr(history.world->err.message, "fetch-depth: 2 in actions/checkout"));
    assert_non_null(strstr(history.world->err.message, "github-token"));
    git_world_reset(history.world, history.head);
    history.event.base_branch = "release"; /* no such branch here */
    assert_int_equal(find(&history, NULL, NULL), -1);
    assert_non_null(strstr(history.world->err.message, "fetch-depth: 0 in actions/checkout"));
    git_world_free(history.world);
}

static void test_a_plain_clone(void **state)
{
    (void)state;
    struct git_world *world = git_world_new();
    struct sides sides;
    const struct sides_request request = {0};
    assert_int_equal(sides_find(world->arena, world->repo, &request, &sides, &world->err), 0);
    assert_null(sides.base); /* no commit at all */
    assert_string_equal(sides.head, REPO_WORKTREE);
    const char *first = git_world_commit(world);
    assert_int_equal(sides_find(world->arena, world->repo, &request, &sides, &world->err), 0);
    assert_string_equal(sides.base, first);
    git_world_free(world);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_the_test_merge),  cmocka_unit_test(test_another_head),
        cmocka_unit_test(test_other_events),    cmocka_unit_test(test_options_win),
        cmocka_unit_test(test_what_is_missing), cmocka_unit_test(test_a_plain_clone),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: Apache-2.0 */
#include "base/str.h"
#include "git_world.h"
#include "unit.h"

#include <string.h>

/* The commits of a walk by one letter each, in the order in which the world made them. */
static const char *show(struct git_world *world, const struct strings *commits, const struct strings *known)
{
    char *text = arena_alloc(world->arena, commits->count + 1);
    for (size_t i = 0; i < commits->count; i++)
        for (size_t j = 0; j < known->count; j++)
            if (str_eq(commits->items[i], known->items[j]))
                text[i] = (char)('a' + j);
    return text;
}

/*
 *     a ── b ── d ── e      main; d is the merge of c
 *      └── c ──┘
 */
static void make_history(struct git_world *world, struct strings *ret)
{
    strings_add(world->arena, ret, git_world_commit(world));
    strings_add(world->arena, ret, git_world_commit(world));
    git_world_reset(world, ret->items[0]);
    git_world_write(world, "file", "on a branch");
    strings_add(world->arena, ret, git_world_commit(world));
    git_world_reset(world, ret->items[1]);
    strings_add(world->arena, ret, git_world_merge(world, ret->items[2]));
    strings_add(world->arena, ret, git_world_commit(world));
}

static void test_parents(void **state)
{
    (void)state;
    static const char *const expected[] = {"", "a", "a", "bc", "d"};
    struct git_world *world = git_world_new();
    struct strings known = {0};
    make_history(world, &known);
    for (size_t i = 0; i < known.count; i++) {
        struct strings parents = {0};
        assert_int_equal(repo_parents(world->arena, world->repo, known.items[i], &parents, &world->err), 0);
        CHECK(str_eq(show(world, &parents, &known), expected[i]), "%zu: %s", i, show(world, &parents, &known));
    }
    git_world_free(world);
}

/* Oldest first, along the first parents only; what a merge brought in is not on the way. */
static void test_first_parents(void **state)
{
    (void)state;
    static const struct {
        char from, to;
        const char *expected; /* NULL: refused */
    } cases[] = {
        {'a', 'e', "bde"}, {'b', 'e', "de"}, {'d', 'e', "e"},  {'e', 'e', ""},   {'a', 'c', "c"},
        {'c', 'e', NULL},  {'e', 'a', NULL}, {'b', 'c', NULL}, {'e', 'd', NULL},
    };
    struct git_world *world = git_world_new();
    struct strings known = {0};
    make_history(world, &known);
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct strings commits = {0};
        world->err = (struct err){0};
        int rc = repo_first_parents(world->arena, world->repo, known.items[cases[i].from - 'a'],
                                    known.items[cases[i].to - 'a'], &commits, &world->err);
        CHECK(rc == (cases[i].expected ? 0 : -1), "%zu: %s", i, world->err.message);
        CHECK(!cases[i].expected || str_eq(show(world, &commits, &known), cases[i].expected), "%zu: %s", i,
              show(world, &commits, &known));
        CHECK(cases[i].expected || world->err.code == ERR_REFUSED, "%zu: %s", i, world->err.message);
    }
    git_world_free(world);
}

/* A message that looks like a header does not add a parent. */
static void test_hostile_message(void **state)
{
    (void)state;
    struct git_world *world = git_world_new();
    struct strings known = {0}, parents = {0};
    make_history(world, &known);
    world->message = arena_printf(world->arena, "parent %s\n\nparent %s\n", known.items[2], known.items[1]);
    const char *commit = git_world_commit(world);
    assert_int_equal(repo_parents(world->arena, world->repo, commit, &parents, &world->err), 0);
    assert_string_equal(show(world, &parents, &known), "e");
    git_world_free(world);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_parents),
        cmocka_unit_test(test_first_parents),
        cmocka_unit_test(test_hostile_message),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

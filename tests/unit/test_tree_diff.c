/* SPDX-License-Identifier: Apache-2.0 */
#include "git_world.h"
#include "unit.h"

#include <unistd.h>

static const char *commit_tree(struct git_world *world)
{
    const char *tree, *commit = git_world_commit(world);
    assert_int_equal(repo_tree_of_commit(world->arena, world->repo, commit, &tree, &world->err), 0);
    return tree;
}

static const char *differ(struct git_world *world, const char *before, const char *after)
{
    struct strings names = {0};
    const char *text = "";
    assert_int_equal(repo_diff_trees(world->arena, world->repo, before, after, &names, &world->err), 0);
    strings_sort_unique(&names);
    for (size_t i = 0; i < names.count; i++)
        text = arena_printf(world->arena, "%s%s ", text, names.items[i]);
    return text;
}

static void test_differences(void **state)
{
    (void)state;
    struct git_world *world = git_world_new();
    git_world_write(world, "a", "1");
    git_world_write(world, "b", "1");
    git_world_write(world, "link", "target");
    git_world_write(world, "x-1", "1");
    git_world_write(world, "x/inner", "1");
    const char *first = commit_tree(world);
    git_world_write(world, "a", NULL);
    git_world_write(world, "b", "2");
    git_world_write(world, "c", "1");
    const char *second = commit_tree(world);
    /* Other kinds of the same bytes; and a folder becomes a file, which sorts elsewhere. */
    git_world_write(world, "link", NULL);
    assert_return_code(symlink("target", arena_printf(world->arena, "%s/link", world->dir)), 0);
    git_world_write(world, "x", NULL);
    git_world_write(world, "x", "1");
    const char *third = commit_tree(world);
    assert_string_equal(differ(world, first, first), "");
    assert_string_equal(differ(world, first, second), "a b c ");
    assert_string_equal(differ(world, second, first), "a b c ");
    const char *kinds = differ(world, second, third);
    assert_non_null(strstr(kinds, "link "));
    assert_non_null(strstr(kinds, "x "));
    assert_null(strstr(kinds, "b "));
    assert_string_equal(differ(world, NULL, first), "a b link x x-1 ");
    assert_string_equal(differ(world, first, NULL), "a b link x x-1 ");
    assert_string_equal(differ(world, NULL, NULL), "");
    git_world_free(world);
}

static void test_missing(void **state)
{
    (void)state;
    struct git_world *world = git_world_new();
    struct strings names = {0};
    git_world_write(world, "a", "1");
    const char *tree = commit_tree(world), *nothing = "0123456789012345678901234567890123456789";
    assert_int_equal(repo_diff_trees(world->arena, world->repo, tree, nothing, &names, &world->err), -1);
    assert_int_equal(repo_diff_trees(world->arena, world->repo, "no id", tree, &names, &world->err), -1);
    git_world_free(world);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_differences),
        cmocka_unit_test(test_missing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

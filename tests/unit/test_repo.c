/* SPDX-License-Identifier: Apache-2.0 */
#include "base/str.h"
#include "git_world.h"
#include "repo/repo.h"
#include "unit.h"

#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static void test_open(void **state)
{
    (void)state;
    struct git_world *world = git_world_new();
    struct repo *repo = NULL;
    git_world_write(world, "folder/file", "");
    assert_string_equal(repo_workdir(world->repo), arena_printf(world->arena, "%s/", world->dir));

    /* --repo means that folder itself; a subfolder or a folder without one is not searched upwards. */
    const char *folder = arena_printf(world->arena, "%s/folder", world->dir);
    assert_int_equal(repo_open(&repo, folder, &world->err), -1);
    assert_int_equal(world->err.code, ERR_GIT);
    assert_non_null(strstr(world->err.message, folder));
    assert_null(repo);

    /* Without one, the repository around the current folder. */
    char *here = getcwd(NULL, 0);
    assert_return_code(chdir(folder), 0);
    assert_int_equal(repo_open(&repo, NULL, &world->err), 0);
    assert_return_code(chdir(here), 0);
    assert_string_equal(repo_workdir(repo), arena_printf(world->arena, "%s/", world->dir));
    repo_closep(&repo);
    assert_null(repo);
    free(here);
    git_world_free(world);
}

static void test_unborn(void **state)
{
    (void)state;
    struct git_world *world = git_world_new();
    const char *id;
    assert_true(repo_is_unborn(world->repo));
    assert_false(repo_has_revision(world->repo, "HEAD"));
    assert_int_equal(repo_resolve_commit(world->arena, world->repo, "HEAD", &id, &world->err), -1);
    assert_int_equal(world->err.code, ERR_GIT);
    git_world_commit(world);
    assert_false(repo_is_unborn(world->repo));
    git_world_free(world);
}

static void test_resolve(void **state)
{
    (void)state;
    struct git_world *world = git_world_new();
    const char *first = git_world_commit(world), *second = git_world_commit(world), *id;
    git_world_ref(world, "refs/tags/v1", first);
    git_world_ref(world, "refs/remotes/origin/main", first);
    const struct {
        const char *revision, *id;
    } cases[] = {
        {"HEAD", second},       {"main", second},
        {"HEAD~1", first},      {"v1", first},
        {first, first},         {"refs/tags/v1", first},
        {"origin/main", first}, {arena_strndup(world->arena, first, 10), first},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        CHECK(repo_resolve_commit(world->arena, world->repo, cases[i].revision, &id, &world->err) == 0,
              "%s: %s", cases[i].revision, world->err.message);
        CHECK(str_eq(id, cases[i].id), "%s", cases[i].revision);
        CHECK(repo_has_revision(world->repo, cases[i].revision), "%s", cases[i].revision);
    }
    static const char *const wrong[] = {"nowhere", "HEAD~7", "", "HEAD:", "HEAD^{tree}"};
    for (size_t i = 0; i < COUNT(wrong); i++) {
        world->err = (struct err){0};
        CHECK(repo_resolve_commit(world->arena, world->repo, wrong[i], &id, &world->err) == -1, "%s",
              wrong[i]);
        CHECK(world->err.code == ERR_GIT && strstr(world->err.message, wrong[i]), "%s", world->err.message);
        CHECK(!strstr(world->err.message, "fetch-depth"), "%s", world->err.message);
    }
    git_world_free(world);
}

/* A shallow checkout says what to change. */
static void test_shallow(void **state)
{
    (void)state;
    struct git_world *world = git_world_new();
    const char *first = git_world_commit(world), *second = git_world_commit(world), *id;
    git_world_write(world, ".git/shallow", arena_printf(world->arena, "%s\n", second));
    git_world_forget(world, first);
    assert_int_equal(repo_resolve_commit(world->arena, world->repo, "HEAD~1", &id, &world->err), -1);
    assert_int_equal(world->err.code, ERR_GIT);
    assert_non_null(strstr(world->err.message, "fetch-depth"));
    assert_false(repo_has_object(world->repo, first));
    assert_true(repo_has_object(world->repo, second));

    /* The raw commit names its parent all the same, and the history is not mistaken for a complete one. */
    struct strings parents = {0}, commits = {0};
    assert_int_equal(repo_parents(world->arena, world->repo, second, &parents, &world->err), 0);
    assert_int_equal(parents.count, 1);
    assert_string_equal(parents.items[0], first);
    const char *elsewhere = "0123456789012345678901234567890123456789";
    assert_int_equal(repo_first_parents(world->arena, world->repo, elsewhere, second, &commits, &world->err),
                     -1);
    assert_int_equal(world->err.code, ERR_GIT);
    assert_non_null(strstr(world->err.message, "fetch-depth: 0"));
    git_world_free(world);
}

static void test_merge_base(void **state)
{
    (void)state;
    struct git_world *world = git_world_new();
    const char *root = git_world_commit(world), *left = git_world_commit(world), *id;
    git_world_reset(world, root);
    const char *right = git_world_commit(world);
    assert_int_equal(repo_merge_base(world->arena, world->repo, left, right, &id, &world->err), 0);
    assert_string_equal(id, root);
    assert_int_equal(repo_merge_base(world->arena, world->repo, root, right, &id, &world->err), 0);
    assert_string_equal(id, root);

    git_world_write(world, ".git/HEAD", "ref: refs/heads/other\n");
    git_world_write(world, "file", "a root of its own");
    const char *orphan = git_world_commit(world);
    assert_int_equal(repo_merge_base(world->arena, world->repo, left, orphan, &id, &world->err), -1);
    assert_int_equal(world->err.code, ERR_GIT);
    assert_non_null(strstr(world->err.message, "no common ancestor"));
    assert_int_equal(repo_merge_base(world->arena, world->repo, left, "main", &id, &world->err), -1);
    git_world_free(world);
}

/* Nothing but 40 hexadecimal digits names an object; a tree or nothing is no commit. */
static void test_ids(void **state)
{
    (void)state;
    struct git_world *world = git_world_new();
    git_world_write(world, "file", "text");
    const char *commit = git_world_commit(world), *tree, *id;
    struct strings parents = {0};
    assert_int_equal(repo_tree_of_commit(world->arena, world->repo, commit, &tree, &world->err), 0);
    assert_true(repo_has_object(world->repo, tree));
    static const char *const wrong[] = {"", "abc", "zz23456789012345678901234567890123456789",
                                        "01234567890123456789012345678901234567890"};
    for (size_t i = 0; i < COUNT(wrong); i++) {
        CHECK(!repo_has_object(world->repo, wrong[i]), "%s", wrong[i]);
        CHECK(repo_parents(world->arena, world->repo, wrong[i], &parents, &world->err) == -1, "%s", wrong[i]);
        CHECK(repo_tree_of_commit(world->arena, world->repo, wrong[i], &id, &world->err) == -1, "%s",
              wrong[i]);
    }
    assert_int_equal(repo_parents(world->arena, world->repo, tree, &parents, &world->err), -1);
    assert_non_null(strstr(world->err.message, "is not a commit"));
    assert_int_equal(repo_tree_of_commit(world->arena, world->repo, tree, &id, &world->err), -1);
    git_world_free(world);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_open),    cmocka_unit_test(test_unborn),     cmocka_unit_test(test_resolve),
        cmocka_unit_test(test_shallow), cmocka_unit_test(test_merge_base), cmocka_unit_test(test_ids),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

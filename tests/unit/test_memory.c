/* SPDX-License-Identifier: Apache-2.0 */
#include "base/str.h"
#include "git_world.h"
#include "repo/repo.h"
#include "unit.h"

#include <string.h>

/* The ids that `git hash-object` gives. */
#define HELLO "ce013625030ba8dba906f756967f9e9ca394464a" /* "hello\n" */
#define TREE  "b4d01e9b0c4a9356736dfddf8830ba9a54f5271c" /* a file "hello" with that */

static const struct tree_record hello = {"100644", "hello", HELLO};

static void test_objects_that_came(void **state)
{
    (void)state;
    struct git_world *world = git_world_new();
    const struct tree_entry *entry;
    const char *text;
    size_t size;
    assert_false(repo_has_object(world->repo, HELLO));
    assert_int_equal(repo_add_blob(world->repo, HELLO, "hello\n", 6, &world->err), 0);
    assert_int_equal(repo_add_tree(world->repo, TREE, &hello, 1, &world->err), 0);
    assert_int_equal(repo_find_entry(world->arena, world->repo, TREE, "hello", &entry, &world->err), 0);
    assert_int_equal(entry->kind, ENTRY_FILE);
    assert_int_equal(repo_read_blob(world->arena, world->repo, entry->id, &text, &size, &world->err), 0);
    assert_string_equal(text, "hello\n");
    git_world_reopen(world); /* nothing of it was written */
    assert_false(repo_has_object(world->repo, HELLO));
    assert_false(repo_has_object(world->repo, TREE));
    git_world_free(world);
}

/* A tree with a folder in it has the mode without the zero in front. */
static void test_modes(void **state)
{
    (void)state;
    struct git_world *world = git_world_new();
    git_world_write(world, "a/b.yaml", "x\n");
    git_world_write(world, "c", "x\n");
    git_world_commit(world);
    const char *commit, *tree;
    assert_int_equal(repo_resolve_commit(world->arena, world->repo, "HEAD", &commit, &world->err), 0);
    assert_int_equal(repo_tree_of_commit(world->arena, world->repo, commit, &tree, &world->err), 0);
    struct tree_entries entries = {0};
    assert_int_equal(repo_list_tree(world->arena, world->repo, tree, &entries, &world->err), 0);
    const struct tree_record records[] = {{"040000", "a", entries.items[0].id},
                                          {"100644", "c", entries.items[1].id}};
    git_world_forget(world, tree);
    assert_false(repo_has_object(world->repo, tree));
    assert_int_equal(repo_add_tree(world->repo, tree, records, 2, &world->err), 0);
    assert_true(repo_has_object(world->repo, tree));
    git_world_free(world);
}

static void test_what_is_refused(void **state)
{
    (void)state;
    struct git_world *world = git_world_new();
    const struct tree_record others[] = {
        {"100755", "hello", HELLO}, {"100644", "hallo", HELLO}, {"100644", "a/b", HELLO},
        {"100644", "", HELLO},      {"100644", "hello", "x"},   {"1006448", "hello", HELLO},
        {"", "hello", HELLO},       {"file", "hello", HELLO},
    };
    assert_int_equal(repo_add_blob(world->repo, HELLO, "hallo\n", 6, &world->err), -1);
    assert_int_equal(world->err.code, ERR_INPUT);
    assert_non_null(strstr(world->err.message, "is another one"));
    for (size_t i = 0; i < COUNT(others); i++)
        CHECK(repo_add_tree(world->repo, TREE, &others[i], 1, &world->err) < 0, "%zu", i);
    assert_int_equal(repo_add_blob(world->repo, "abc", "", 0, &world->err), -1);
    assert_false(repo_has_object(world->repo, HELLO));
    assert_false(repo_has_object(world->repo, TREE));
    git_world_free(world);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_objects_that_came),
        cmocka_unit_test(test_modes),
        cmocka_unit_test(test_what_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

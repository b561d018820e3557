/* SPDX-License-Identifier: Apache-2.0 */
#include "git_world.h"
#include "unit.h"

#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const char *read_ref(struct git_world *world)
{
    const char *id;
    assert_int_equal(applied_read(world->arena, world->repo, &id, &world->err), 0);
    return id;
}

static int write_ref(struct git_world *world, const char *id, const char *expected)
{
    world->err = (struct err){0};
    return applied_write(world->repo, id, expected, &world->err);
}

/* The ref moves only from where it was seen last. */
static void test_compare_and_swap(void **state)
{
    (void)state;
    struct git_world *world = git_world_new();
    const char *a = git_world_commit(world), *b = git_world_commit(world), *c = git_world_commit(world);
    assert_null(read_ref(world));
    assert_int_equal(write_ref(world, b, a), -1); /* there is none to move */
    assert_int_equal(world->err.code, ERR_GIT);
    assert_null(read_ref(world));
    assert_int_equal(write_ref(world, a, NULL), 0);
    assert_string_equal(read_ref(world), a);
    assert_int_equal(write_ref(world, b, NULL), -1); /* somebody else made it first */
    assert_non_null(strstr(world->err.message, "was moved by somebody else"));
    assert_int_equal(write_ref(world, c, b), -1); /* somebody else moved it */
    assert_non_null(strstr(world->err.message, "was moved by somebody else"));
    assert_string_equal(read_ref(world), a);
    assert_int_equal(write_ref(world, b, a), 0);
    assert_string_equal(read_ref(world), b);
    git_world_reopen(world);
    assert_string_equal(read_ref(world), b);
    git_world_free(world);
}

/* Another process moved it between our reading and our writing. */
static void test_moved_meanwhile(void **state)
{
    (void)state;
    struct git_world *world = git_world_new();
    const char *a = git_world_commit(world), *b = git_world_commit(world), *c = git_world_commit(world);
    assert_int_equal(write_ref(world, a, NULL), 0);
    assert_string_equal(read_ref(world), a);
    git_world_write(world, ".git/refs/tags/iamlease/applied", c);
    assert_int_equal(write_ref(world, b, a), -1);
    assert_string_equal(read_ref(world), c);
    git_world_free(world);
}

/* Both equal: it only proves that the ref can be written. */
static void test_prove(void **state)
{
    (void)state;
    struct git_world *world = git_world_new();
    const char *a = git_world_commit(world);
    assert_int_equal(write_ref(world, a, NULL), 0);
    assert_int_equal(write_ref(world, a, a), 0);
    assert_string_equal(read_ref(world), a);
    /* Another process holds the lock. */
    git_world_write(world, ".git/refs/tags/iamlease/applied.lock", "");
    assert_int_equal(write_ref(world, a, a), -1);
    assert_int_equal(world->err.code, ERR_GIT);
    git_world_free(world);
}

static void test_strange_refs(void **state)
{
    (void)state;
    struct git_world *world = git_world_new();
    const char *id, *commit = git_world_commit(world), *tree;
    assert_int_equal(write_ref(world, "main", NULL), -1);
    assert_int_equal(write_ref(world, "0123456789012345678901234567890123456789", NULL), -1);
    assert_null(read_ref(world));

    /* A ref that does not lead to a commit that is here is an error, never "nothing was applied". */
    assert_int_equal(repo_tree_of_commit(world->arena, world->repo, commit, &tree, &world->err), 0);
    const char *const contents[] = {tree, "0123456789012345678901234567890123456789", "nonsense"};
    for (size_t i = 0; i < COUNT(contents); i++) {
        git_world_write(world, ".git/refs/tags/iamlease/applied", contents[i]);
        git_world_reopen(world);
        CHECK(applied_read(world->arena, world->repo, &id, &world->err) == -1, "%s", contents[i]);
        CHECK(world->err.code == ERR_GIT, "%s", contents[i]);
    }
    git_world_free(world);
}

/* It is made once, and stays where it is. */
static void test_applied_once(void **state)
{
    (void)state;
    struct git_world *world = git_world_new();
    const char *first = git_world_commit(world), *second = git_world_commit(world), *there;
    assert_false(repo_has_revision(world->repo, APPLIED_ONCE_REF));
    assert_int_equal(applied_once_write(world->repo, first, &world->err), 0);
    assert_int_equal(applied_once_write(world->repo, second, &world->err), 0);
    assert_int_equal(repo_resolve_commit(world->arena, world->repo, APPLIED_ONCE_REF, &there, &world->err), 0);
    assert_string_equal(there, first);
    git_world_free(world);
}

static void test_names_of_refs(void **state)
{
    (void)state;
    struct git_world *world = git_world_new();
    struct strings names = {0};
    const char *commit = git_world_commit(world), *prefix = "refs/tags/iamlease/revoked/";
    assert_int_equal(repo_ref_names(world->arena, world->repo, prefix, &names, &world->err), 0);
    assert_int_equal(names.count, 0);
    git_world_write(world, ".git/refs/tags/iamlease/revoked/r_1", commit);
    git_world_write(world, ".git/refs/tags/iamlease/other", commit);
    git_world_reopen(world);
    assert_int_equal(repo_ref_names(world->arena, world->repo, prefix, &names, &world->err), 0);
    assert_int_equal(names.count, 1);
    assert_string_equal(names.items[0], "r_1");
    git_world_free(world);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_compare_and_swap),
        cmocka_unit_test(test_moved_meanwhile),
        cmocka_unit_test(test_prove),
        cmocka_unit_test(test_strange_refs),
        cmocka_unit_test(test_applied_once),
        cmocka_unit_test(test_names_of_refs),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

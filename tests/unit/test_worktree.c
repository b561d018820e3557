/* SPDX-License-Identifier: Apache-2.0 */
#include "base/str.h"
#include "git_world.h"
#include "unit.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const char *const kinds[] = {"file", "folder", "link", "submodule"};

static const char *full(struct git_world *world, const char *path)
{
    return arena_printf(world->arena, "%s/%s", world->dir, path);
}

/* Hashes some paths (up to a NULL); gives the tree's id, or NULL. */
static const char *hash(struct git_world *world, const char *const *paths, size_t max)
{
    struct strings places = {0};
    const char *tree;
    for (size_t i = 0; paths[i]; i++)
        strings_add(world->arena, &places, paths[i]);
    world->err = (struct err){0};
    return repo_hash_worktree(world->arena, world->repo, &places, max, &tree, &world->err) == 0 ? tree : NULL;
}

/* "name:kind(content) " for each entry below a tree. */
static const char *show(struct git_world *world, const char *tree)
{
    struct tree_entries entries = {0};
    const char *text = "", *content;
    size_t size;
    assert_int_equal(repo_list_tree(world->arena, world->repo, tree, &entries, &world->err), 0);
    for (size_t i = 0; i < entries.count; i++) {
        const struct tree_entry *entry = &entries.items[i];
        if (entry->kind == ENTRY_FOLDER)
            content = show(world, entry->id);
        else
            assert_int_equal(
                repo_read_blob(world->arena, world->repo, entry->id, &content, &size, &world->err), 0);
        text = arena_printf(world->arena, "%s%s:%s(%s) ", text, entry->name, kinds[entry->kind], content);
    }
    return text;
}

static const char *const places[] = {"aws-accounts", "aws-policies", "iamlease.yaml", NULL};

/* What a commit of the same files would have; without a look at the index, and without a trace in the repository. */
static void test_same_as_commit(void **state)
{
    (void)state;
    struct git_world *world = git_world_new();
    const char *tree;
    git_world_write(world, "aws-accounts/a.yaml", "a\n");
    git_world_write(world, "aws-policies/b.yaml", "b\r\n");
    git_world_write(world, "iamlease.yaml", "version: 1\n");
    const char *commit = git_world_commit(world);
    assert_int_equal(repo_tree_of_commit(world->arena, world->repo, commit, &tree, &world->err), 0);
    assert_string_equal(hash(world, places, 100), tree);

    git_world_write(world, "aws-accounts/a.yaml", "changed\n");
    git_world_write(world, "aws-policies", NULL);
    git_world_write(world, "README.md", "nobody asked for it");
    const char *other = hash(world, places, 100);
    assert_string_equal(show(world, other),
                        "aws-accounts:folder(a.yaml:file(changed\n) ) iamlease.yaml:file(version: 1\n) ");
    git_world_reopen(world);
    assert_false(repo_has_object(world->repo, other));
    assert_true(repo_has_object(world->repo, tree));
    git_world_free(world);
}

static void test_nothing_there(void **state)
{
    (void)state;
    struct git_world *world = git_world_new();
    assert_string_equal(show(world, hash(world, places, 100)), "");
    git_world_write(world, "aws-accounts", "a file, where a folder should be");
    static const char *const below[] = {"aws-accounts/x", NULL};
    assert_string_equal(show(world, hash(world, below, 100)), "");
    git_world_free(world);
}

/* A symbolic link is one, wherever it points; what is behind it is not read. */
static void test_links(void **state)
{
    (void)state;
    struct git_world *world = git_world_new();
    git_world_write(world, "aws-accounts/a.yaml", "a");
    assert_return_code(symlink("/etc/passwd", full(world, "aws-accounts/evil.yaml")), 0);
    assert_return_code(symlink("nowhere", full(world, "aws-accounts/none.yaml")), 0);
    assert_return_code(symlink("aws-accounts", full(world, "aws-policies")), 0);
    assert_string_equal(show(world, hash(world, places, 100)),
                        "aws-accounts:folder(a.yaml:file(a) evil.yaml:link() none.yaml:link() ) "
                        "aws-policies:link() ");
    git_world_free(world);
}

/* Folders are seen, and those in them; deeper is nobody's business. */
static void test_depth(void **state)
{
    (void)state;
    struct git_world *world = git_world_new();
    git_world_write(world, "aws-accounts/a.yaml", "a");
    git_world_write(world, "aws-accounts/folder/b.yaml", "b");
    git_world_write(world, "aws-accounts/folder/deep/c.yaml", "c");
    git_world_write(world, "aws-accounts/.hidden.yaml", "h");
    assert_string_equal(
        show(world, hash(world, places, 100)),
        "aws-accounts:folder(.hidden.yaml:file(h) a.yaml:file(a) folder:folder(b.yaml:file(b) ) ) ");
    git_world_free(world);
}

/* Whatever is neither file nor folder nor link is refused at once: reading a pipe would wait for ever. */
static void test_fifo(void **state)
{
    (void)state;
    struct git_world *world = git_world_new();
    git_world_write(world, "aws-accounts/a.yaml", "a");
    assert_return_code(mkfifo(full(world, "aws-accounts/pipe.yaml"), 0600), errno);
    assert_null(hash(world, places, 100));
    assert_int_equal(world->err.code, ERR_IO);
    assert_string_equal(world->err.message, "'aws-accounts/pipe.yaml' is neither a file nor a folder");
    git_world_free(world);
}

/* A huge file costs no more than its limit, and is still seen to be too large. */
static void test_huge_file(void **state)
{
    (void)state;
    struct git_world *world = git_world_new();
    const struct tree_entry *entry;
    size_t size;
    git_world_write(world, "iamlease.yaml", "12345");
    assert_string_equal(show(world, hash(world, places, 5)), "iamlease.yaml:file(12345) ");
    assert_string_equal(show(world, hash(world, places, 4)), "iamlease.yaml:file(12345) ");
    assert_string_equal(show(world, hash(world, places, 3)), "iamlease.yaml:file(1234) ");
    assert_return_code(truncate(full(world, "iamlease.yaml"), (off_t)1 << 40),
                       errno); /* a hole of a terabyte */
    const char *tree = hash(world, places, 1000);
    assert_int_equal(repo_find_entry(world->arena, world->repo, tree, "iamlease.yaml", &entry, &world->err),
                     0);
    assert_int_equal(repo_blob_size(world->repo, entry->id, &size, &world->err), 0);
    assert_int_equal(size, 1001);
    git_world_free(world);
}

/* A file may hold anything; attributes and filters of git change nothing. */
static void test_bytes(void **state)
{
    (void)state;
    struct git_world *world = git_world_new();
    git_world_write(world, ".gitattributes", "* text=auto eol=crlf filter=x\n");
    git_world_write(world, ".gitignore", "*\n");
    git_world_write(world, "iamlease.yaml", "a\nb\r\n\xff\x80");
    assert_string_equal(show(world, hash(world, places, 100)), "iamlease.yaml:file(a\nb\r\n\xff\x80) ");
    git_world_free(world);
}

static void test_bare(void **state)
{
    (void)state;
    struct git_world *world = git_world_new();
    git_world_write(world, ".git/config", "[core]\n\trepositoryformatversion = 0\n\tbare = true\n");
    git_world_reopen(world);
    assert_null(repo_workdir(world->repo));
    assert_null(hash(world, places, 100));
    assert_int_equal(world->err.code, ERR_GIT);
    assert_non_null(strstr(world->err.message, "--head"));
    git_world_free(world);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_same_as_commit), cmocka_unit_test(test_nothing_there),
        cmocka_unit_test(test_links),          cmocka_unit_test(test_depth),
        cmocka_unit_test(test_fifo),           cmocka_unit_test(test_huge_file),
        cmocka_unit_test(test_bytes),          cmocka_unit_test(test_bare),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

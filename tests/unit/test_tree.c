/* SPDX-License-Identifier: Apache-2.0 */
#include "base/str.h"
#include "git_world.h"
#include "unit.h"

#include <string.h>
#include <unistd.h>

static const char *const kinds[] =
    {[ENTRY_FILE] = "file", [ENTRY_FOLDER] = "folder", [ENTRY_SYMLINK] = "link", [ENTRY_SUBMODULE] = "submodule"};

static const char *tree_of(struct git_world *world, const char *commit)
{
    const char *tree;
    assert_int_equal(repo_tree_of_commit(world->arena, world->repo, commit, &tree, &world->err), 0);
    return tree;
}

/* A commit with a file, a folder with a file, a symbolic link and a submodule. */
static const char *make_tree(struct git_world *world)
{
    git_world_write(world, "file.yaml", "hello\n");
    git_world_write(world, "folder/inner.yaml", "inner");
    git_world_write(world, "empty", "");
    assert_return_code(symlink("file.yaml", arena_printf(world->arena, "%s/link", world->dir)), 0);
    world->submodule = "module";
    return tree_of(world, git_world_commit(world));
}

static void test_list(void **state)
{
    (void)state;
    struct git_world *world = git_world_new();
    struct tree_entries entries = {0}, none = {0};
    const char *text = "", *tree = make_tree(world);
    assert_int_equal(repo_list_tree(world->arena, world->repo, tree, &entries, &world->err), 0);
    for (size_t i = 0; i < entries.count; i++)
        text =
            arena_printf(world->arena, "%s%s:%s ", text, entries.items[i].name, kinds[entries.items[i].kind]);
    assert_string_equal(text, "empty:file file.yaml:file folder:folder link:link module:submodule ");
    /* The id of these bytes, in every git. */
    assert_string_equal(entries.items[1].id, "ce013625030ba8dba906f756967f9e9ca394464a");
    assert_int_equal(repo_list_tree(world->arena, world->repo, entries.items[1].id, &none, &world->err), -1);
    assert_int_equal(none.count, 0);
    git_world_free(world);
}

static bool ends_in_yaml(void *context, const char *name)
{
    ++*(size_t *)context;
    return str_suffix(name, ".yaml");
}

static void test_list_some(void **state)
{
    (void)state;
    struct git_world *world = git_world_new();
    struct tree_entries entries = {0};
    size_t asked = 0, all = 0;
    const struct name_filter filter = {ends_in_yaml, &asked};
    const char *tree = make_tree(world);
    assert_int_equal(repo_list_some(world->arena, world->repo, tree, &filter, &entries, &all, &world->err), 0);
    assert_int_equal(entries.count, 1);
    assert_string_equal(entries.items[0].name, "file.yaml");
    assert_string_equal(entries.items[0].id, "ce013625030ba8dba906f756967f9e9ca394464a");
    assert_int_equal(all, 5);
    assert_int_equal(asked, 5);
    git_world_free(world);
}

/* A folder that this checkout lacks is trouble, never a path that does not exist. */
static void test_a_folder_that_is_missing(void **state)
{
    (void)state;
    struct git_world *world = git_world_new();
    const struct tree_entry *folder, *entry;
    const char *tree = make_tree(world);
    assert_int_equal(repo_find_entry(world->arena, world->repo, tree, "folder", &folder, &world->err), 0);
    git_world_forget(world, folder->id);
    assert_int_equal(
        repo_find_entry(world->arena, world->repo, tree, "folder/inner.yaml", &entry, &world->err), -1);
    assert_null(entry);
    assert_non_null(strstr(world->err.message, "is not in this checkout"));
    assert_non_null(strstr(world->err.message, "fetch-depth"));
    git_world_free(world);
}

static void test_find(void **state)
{
    (void)state;
    static const struct {
        const char *path, *name;
        enum entry_kind kind;
    } cases[] = {
        {"", "", ENTRY_FOLDER},
        {"file.yaml", "file.yaml", ENTRY_FILE},
        {"folder", "folder", ENTRY_FOLDER},
        {"folder/inner.yaml", "inner.yaml", ENTRY_FILE},
        {"link", "link", ENTRY_SYMLINK},
        {"module", "module", ENTRY_SUBMODULE},
    };
    static const char *const absent[] = {"nothing", "folder/nothing", "FOLDER", "nothing/at/all", "fold"};
    struct git_world *world = git_world_new();
    const struct tree_entry *entry;
    const char *tree = make_tree(world);
    for (size_t i = 0; i < COUNT(cases); i++) {
        CHECK(repo_find_entry(world->arena, world->repo, tree, cases[i].path, &entry, &world->err) == 0, "%s",
              cases[i].path);
        CHECK(entry && entry->kind == cases[i].kind && str_eq(entry->name, cases[i].name), "%s",
              cases[i].path);
        CHECK(strlen(entry->id) == 40, "%s", cases[i].path);
    }
    for (size_t i = 0; i < COUNT(absent); i++) {
        CHECK(repo_find_entry(world->arena, world->repo, tree, absent[i], &entry, &world->err) == 0, "%s: %s",
              absent[i], world->err.message);
        CHECK(!entry, "%s", absent[i]);
    }
    git_world_free(world);
}

static void test_blobs(void **state)
{
    (void)state;
    static const struct {
        const char *path, *text;
    } cases[] = {{"file.yaml", "hello\n"}, {"folder/inner.yaml", "inner"}, {"empty", ""}, {"link", "file.yaml"}};
    struct git_world *world = git_world_new();
    const char *tree = make_tree(world), *text;
    const struct tree_entry *entry;
    size_t size;
    for (size_t i = 0; i < COUNT(cases); i++) {
        assert_int_equal(repo_find_entry(world->arena, world->repo, tree, cases[i].path, &entry, &world->err),
                         0);
        assert_int_equal(repo_blob_size(world->repo, entry->id, &size, &world->err), 0);
        CHECK(size == strlen(cases[i].text), "%s: %zu", cases[i].path, size);
        assert_int_equal(repo_read_blob(world->arena, world->repo, entry->id, &text, &size, &world->err), 0);
        CHECK(size == strlen(cases[i].text) && str_eq(text, cases[i].text), "%s: %s", cases[i].path, text);
        assert_int_equal(
            repo_read_small_blob(world->arena, world->repo, entry->id, 5, &text, &size, &world->err), 0);
        CHECK(size == strlen(cases[i].text) && (size > 5 ? !text : str_eq(text, cases[i].text)), "%s",
              cases[i].path);
    }
    assert_int_equal(repo_read_blob(world->arena, world->repo, tree, &text, &size, &world->err), -1);
    assert_int_equal(repo_read_small_blob(world->arena, world->repo, tree, 9999, &text, &size, &world->err),
                     -1);
    git_world_free(world);
}

/* A partial checkout lacks objects: that is an error that names them, never an empty file. */
static void test_missing_objects(void **state)
{
    (void)state;
    struct git_world *world = git_world_new();
    const char *tree = make_tree(world), *text;
    const struct tree_entry *entry, *folder;
    size_t size;
    assert_int_equal(
        repo_find_entry(world->arena, world->repo, tree, "folder/inner.yaml", &entry, &world->err), 0);
    assert_int_equal(repo_find_entry(world->arena, world->repo, tree, "folder", &folder, &world->err), 0);
    git_world_forget(world, entry->id);
    assert_int_equal(repo_blob_size(world->repo, entry->id, &size, &world->err), -1);
    assert_int_equal(world->err.code, ERR_GIT);
    assert_non_null(strstr(world->err.message, arena_strndup(world->arena, entry->id, 12)));
    assert_int_equal(repo_read_blob(world->arena, world->repo, entry->id, &text, &size, &world->err), -1);

    git_world_forget(world, folder->id);
    world->err = (struct err){0};
    int rc = repo_find_entry(world->arena, world->repo, tree, "folder/inner.yaml", &entry, &world->err);
    assert_int_equal(rc, -1); /* whether it is there is not known */
    assert_int_equal(world->err.code, ERR_GIT);
    git_world_free(world);
}

/* Bytes under a name that is not their hash are refused, whoever put them there. */
static void test_an_object_that_was_exchanged(void **state)
{
    (void)state;
    struct git_world *world = git_world_new();
    const struct tree_entry *file, *inner;
    const char *tree = make_tree(world), *text;
    size_t size;
    assert_int_equal(repo_find_entry(world->arena, world->repo, tree, "file.yaml", &file, &world->err), 0);
    assert_int_equal(
        repo_find_entry(world->arena, world->repo, tree, "folder/inner.yaml", &inner, &world->err), 0);
    const char *target =
        arena_printf(world->arena, "%s/.git/objects/%.2s/%s", world->dir, file->id, file->id + 2);
    const char *other =
        arena_printf(world->arena, "%s/.git/objects/%.2s/%s", world->dir, inner->id, inner->id + 2);
    assert_return_code(unlink(target), 0);
    assert_return_code(link(other, target), 0);
    git_world_reopen(world);
    assert_int_equal(repo_read_blob(world->arena, world->repo, file->id, &text, &size, &world->err), -1);
    assert_int_equal(world->err.code, ERR_GIT);
    git_world_free(world);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_list),
        cmocka_unit_test(test_list_some),
        cmocka_unit_test(test_find),
        cmocka_unit_test(test_a_folder_that_is_missing),
        cmocka_unit_test(test_an_object_that_was_exchanged),
        cmocka_unit_test(test_blobs),
        cmocka_unit_test(test_missing_objects),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

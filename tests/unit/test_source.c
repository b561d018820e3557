/* SPDX-License-Identifier: Apache-2.0 */
#include "base/str.h"
#include "config_run.h"
#include "flow/source.h"
#include "git_world.h"
#include "plan_world.h"
#include "unit.h"

#include <string.h>
#include <unistd.h>

#define TEAM "aws-accounts: {prod: '" ACCOUNT "'}\n"

static int open_source(struct git_world *world, const char *revision, const char *root, struct source *ret)
{
    world->err = (struct err){0};
    return source_open(world->arena, world->repo, revision, root, ret, &world->err);
}

/* Loads; gives the diagnostics as text. */
static const char *load(struct git_world *world, struct source *source)
{
    struct diags diags = diags_new(world->arena);
    assert_int_equal(source_load(world->arena, world->repo, source, &diags, &world->err), 0);
    assert_non_null(source->config);
    return config_run_diags(world->arena, &diags);
}

static void test_root(void **state)
{
    (void)state;
    static const struct {
        const char *files[3], *option, *root; /* root NULL: refused */
        enum err_code code;
    } cases[] = {
        {{"README.md"}, NULL, "", 0},
        {{"aws-accounts/a.yaml"}, NULL, "", 0},
        {{"aws/aws-accounts/a.yaml"}, NULL, "aws", 0},
        {{"aws/README.md", "permanent-access/a.yaml"}, NULL, "", 0},
        {{"aws/temporary-access/a.yaml", "permanent-access/a.yaml"}, NULL, NULL, ERR_REFUSED},
        {{"aws/temporary-access/a.yaml", "permanent-access/a.yaml"}, "aws", "aws", 0},
        {{"aws/temporary-access/a.yaml", "permanent-access/a.yaml"}, ".", "", 0},
        {{"a/b/aws-accounts/a.yaml"}, "a/b", "a/b", 0},
        {{"a/b/aws-accounts/a.yaml"}, "./a/b//", "a/b", 0},
        {{"a/b/aws-accounts/a.yaml"}, "./", "", 0},
        {{"README.md"}, "/etc", NULL, ERR_USAGE},
        {{"README.md"}, "..", NULL, ERR_USAGE},
        {{"README.md"}, "../x", NULL, ERR_USAGE},
        {{"README.md"}, "a/../../x", NULL, ERR_USAGE},
        {{"README.md"}, "a/..", NULL, ERR_USAGE},
        {{"README.md"}, "./..", NULL, ERR_USAGE},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct git_world *world = git_world_new();
        for (size_t j = 0; j < COUNT(cases[i].files) && cases[i].files[j]; j++)
            git_world_write(world, cases[i].files[j], TEAM);
        git_world_commit(world);
        static const char *const revisions[] = {"HEAD", REPO_WORKTREE};
        for (size_t j = 0; j < COUNT(revisions); j++) {
            struct source source;
            int rc = open_source(world, revisions[j], cases[i].option, &source);
            CHECK(rc == (cases[i].root ? 0 : -1), "%zu %s: %s", i, revisions[j], world->err.message);
            CHECK(world->err.code == cases[i].code, "%zu %s: %s", i, revisions[j], world->err.message);
            CHECK(rc || str_eq(source.root, cases[i].root), "%zu %s: %s", i, revisions[j], source.root);
        }
        git_world_free(world);
    }
}

/* Equal for equal files of ours, whatever else there is; the work tree too. */
static void test_fingerprint(void **state)
{
    (void)state;
    struct git_world *world = git_world_new();
    struct source first, same, worktree, changed, settings, moved;
    git_world_config(world, TEAM);
    assert_int_equal(open_source(world, "HEAD", NULL, &first), 0);
    git_world_write(world, "README.md", "words");
    git_world_commit(world);
    assert_int_equal(open_source(world, "HEAD", NULL, &same), 0);
    assert_int_equal(open_source(world, REPO_WORKTREE, NULL, &worktree), 0);
    git_world_write(world, "aws-accounts/payments.yaml", "aws-accounts: {dev: '" ACCOUNT "'}\n");
    assert_int_equal(open_source(world, REPO_WORKTREE, NULL, &changed), 0);
    git_world_config(world, "limits: {max_days: 1}\n" TEAM);
    assert_int_equal(open_source(world, "HEAD", NULL, &settings), 0);
    git_world_write(world, "aws/aws-accounts/payments.yaml", TEAM);
    git_world_commit(world);
    assert_int_equal(open_source(world, "HEAD", "aws", &moved), 0);
    assert_string_equal(first.fingerprint, same.fingerprint);
    assert_string_equal(first.fingerprint, worktree.fingerprint);
    assert_string_not_equal(first.fingerprint, changed.fingerprint);
    assert_string_not_equal(first.fingerprint, settings.fingerprint);
    assert_string_not_equal(first.fingerprint, moved.fingerprint);
    assert_non_null(first.commit_id);
    assert_null(worktree.commit_id);
    git_world_free(world);
}

static void test_load(void **state)
{
    (void)state;
    struct git_world *world = git_world_new();
    struct source source;
    git_world_config(world, WORLD_BASE "limits: {max_days: 2}\nteam: billing\n" TEAM);
    git_world_write(world, "README.md", "words");
    git_world_write(world, "other-folder/x.yml", "words");
    git_world_commit(world);
    git_world_write(world, "aws-accounts/payments.yaml", "not: what was committed\n");
    assert_int_equal(open_source(world, "HEAD", NULL, &source), 0);
    assert_string_equal(load(world, &source), "");
    assert_false(source_is_empty(&source));
    assert_int_equal(source.inputs.count, 4);
    assert_int_equal(source.config->count, 2);
    assert_int_equal(source.config->settings.rules.max_days, 2);
    assert_string_equal(source.name, "HEAD");
    git_world_free(world);
}

/* Everything in the four folders that is not a team's file is an error, with its place; both ways to read see the same. */
static void test_what_is_no_team(void **state)
{
    (void)state;
    struct git_world *world = git_world_new();
    git_world_write(world, "aws/aws-accounts/payments.yaml", TEAM);
    git_world_write(world, "aws/aws-accounts/payments.yml", TEAM);
    git_world_write(world, "aws/aws-accounts/folder/payments.yaml", TEAM);
    git_world_write(world, "aws/permanent-access", "a file, where a folder should be");
    assert_return_code(
        symlink("payments.yaml", arena_printf(world->arena, "%s/aws/aws-accounts/link.yaml", world->dir)), 0);
    assert_return_code(symlink("aws-accounts", arena_printf(world->arena, "%s/aws/aws-policies", world->dir)),
                       0);
    git_world_commit(world);
    static const char *const revisions[] = {"HEAD", REPO_WORKTREE};
    for (size_t i = 0; i < COUNT(revisions); i++) {
        struct source source;
        assert_int_equal(open_source(world, revisions[i], NULL, &source), 0);
        CHECK(str_eq(load(world, &source), "aws/aws-accounts/folder:0:0+0 not-a-file\n"
                                           "aws/aws-accounts/link.yaml:0:0+0 not-a-file\n"
                                           "aws/aws-accounts/payments.yml:0:0+0 unexpected-file\n"
                                           "aws/aws-policies:0:0+0 not-a-folder\n"
                                           "aws/permanent-access:0:0+0 not-a-folder\n"),
              "%s:\n%s", revisions[i], load(world, &source));
        CHECK(source.inputs.count >= 1, "%s", revisions[i]);
    }
    git_world_free(world);
}

static void test_submodule_and_settings(void **state)
{
    (void)state;
    struct git_world *world = git_world_new();
    struct source source;
    world->submodule = "aws-accounts/payments.yaml";
    git_world_write(world, "iamlease.yaml/x", "a folder, where a file should be");
    git_world_commit(world);
    assert_int_equal(open_source(world, "HEAD", NULL, &source), 0);
    assert_string_equal(load(world, &source), "aws-accounts/payments.yaml:0:0+0 not-a-file\n"
                                              "iamlease.yaml:0:0+0 not-a-file\n");
    assert_int_equal(source.inputs.count, 2); /* they are there, and what they say is not known */
    assert_true(source.inputs.items[0].unreadable && source.inputs.items[1].unreadable);
    git_world_free(world);
}

static void test_too_large(void **state)
{
    (void)state;
    struct git_world *world = git_world_new();
    enum { MEBIBYTE = 1024 * 1024 };
    static const char *const revisions[] = {"HEAD", REPO_WORKTREE};
    char *text = arena_alloc(world->arena, MEBIBYTE + 2);
    for (size_t size = MEBIBYTE; size <= MEBIBYTE + 1; size++) {
        memset(text, '#', size);
        git_world_write(world, "aws-accounts/payments.yaml", text);
        git_world_commit(world);
        for (size_t i = 0; i < COUNT(revisions); i++) {
            struct source source;
            assert_int_equal(open_source(world, revisions[i], NULL, &source), 0);
            const char *found = load(world, &source);
            CHECK(str_prefix(found, "aws-accounts/payments.yaml:0:0+0 file-too-large") == (size > MEBIBYTE),
                  "%s, %zu: %s", revisions[i], size, found);
        }
    }
    git_world_free(world);
}

/* Names are cheap: what they add up to has a limit too. */
static void test_too_large_together(void **state)
{
    (void)state;
    struct git_world *world = git_world_new();
    enum { MEBIBYTE = 1024 * 1024 };
    struct source source;
    struct diags diags = diags_new(world->arena);
    char *text = arena_alloc(world->arena, MEBIBYTE + 1);
    memset(text, '#', MEBIBYTE);
    for (int i = 0; i < 64; i++)
        git_world_write(world, arena_printf(world->arena, "aws-policies/t%d.yaml", i), text);
    git_world_commit(world);
    assert_int_equal(open_source(world, "HEAD", NULL, &source), 0);
    assert_int_equal(source_load(world->arena, world->repo, &source, &diags, &world->err), 0);
    assert_int_equal(source.inputs.count, 64);
    assert_ptr_equal(source.inputs.items[0].file->text, source.inputs.items[63].file->text); /* read once */
    assert_string_equal(source.inputs.items[63].file->path, "aws-policies/t9.yaml");
    git_world_write(world, "aws-accounts/t.yaml", TEAM);
    git_world_commit(world);
    assert_int_equal(open_source(world, "HEAD", NULL, &source), 0);
    assert_int_equal(source_load(world->arena, world->repo, &source, &diags, &world->err), -1);
    assert_int_equal(world->err.code, ERR_REFUSED);
    assert_string_equal(world->err.message,
                        "the files of the configuration in 'HEAD' are larger than 64 MiB together");
    git_world_free(world);
}

static void test_too_many_files(void **state)
{
    (void)state;
    struct git_world *world = git_world_new();
    struct source source;
    struct diags diags = diags_new(world->arena);
    for (int i = 0; i < 20001; i++)
        git_world_write(world, arena_printf(world->arena, "aws-policies/%d.yml", i), "");
    git_world_commit(world);
    assert_int_equal(open_source(world, "HEAD", NULL, &source), 0);
    assert_int_equal(source_load(world->arena, world->repo, &source, &diags, &world->err), -1);
    assert_int_equal(world->err.code, ERR_REFUSED);
    assert_string_equal(world->err.message, "the configuration in 'HEAD' has more than 20000 files");
    assert_int_equal(diags.count, 0); /* nor is there a diagnostic for each */
    git_world_free(world);
}

static void test_empty(void **state)
{
    (void)state;
    struct git_world *world = git_world_new();
    struct source source = source_empty("nothing"), head;
    assert_string_equal(load(world, &source), "");
    assert_true(source_is_empty(&source));
    assert_int_equal(source.config->count, 0);
    assert_int_equal(source.config->settings.rules.max_days, 6);
    assert_int_equal(source_refuse_empty(&source, &world->err), -1);
    assert_int_equal(world->err.code, ERR_REFUSED);
    assert_non_null(strstr(world->err.message, "nothing"));

    /* A config root that is not there is not the same as no configuration. */
    git_world_write(world, "file", "");
    git_world_commit(world);
    assert_int_equal(open_source(world, "HEAD", "file", &head), 0);
    assert_int_equal(source_check_root(world->arena, world->repo, &head, "file", &world->err), -1);
    assert_int_equal(world->err.code, ERR_REFUSED);
    assert_int_equal(source_check_root(world->arena, world->repo, &head, NULL, &world->err), 0);
    assert_int_equal(open_source(world, "HEAD", "nowhere", &head), 0);
    assert_int_equal(source_check_root(world->arena, world->repo, &head, "nowhere", &world->err), -1);
    assert_int_equal(open_source(world, "HEAD", ".", &head), 0);
    assert_int_equal(source_check_root(world->arena, world->repo, &head, ".", &world->err), 0);
    assert_int_equal(source_check_root(world->arena, world->repo, &source, "nowhere", &world->err), 0);
    git_world_free(world);
}

/* What is not there to be read is trouble with the repository, never "no such team". */
static void test_missing_blob(void **state)
{
    (void)state;
    struct git_world *world = git_world_new();
    struct source source;
    struct diags diags = diags_new(world->arena);
    const struct tree_entry *entry;
    git_world_config(world, TEAM);
    assert_int_equal(open_source(world, "HEAD", NULL, &source), 0);
    assert_int_equal(repo_find_entry(world->arena, world->repo, source.tree_id, "aws-accounts/payments.yaml",
                                     &entry, &world->err),
                     0);
    git_world_forget(world, entry->id);
    assert_int_equal(source_load(world->arena, world->repo, &source, &diags, &world->err), -1);
    assert_int_equal(world->err.code, ERR_GIT);
    assert_true(str_prefix(world->err.message, "aws-accounts/payments.yaml: "));
    git_world_free(world);
}

static void test_a_pointer_of_lfs(void **state)
{
    (void)state;
    struct git_world *world = git_world_new();
    struct source source;
    git_world_write(world, "aws-accounts/a.yaml", TEAM);
    git_world_write(world, "aws-policies/a.yaml",
                    "version https://git-lfs.github.com/spec/v1\noid sha256:4d7a\nsize 12345\n");
    git_world_commit(world);
    assert_int_equal(open_source(world, "HEAD", NULL, &source), 0);
    const char *diags = load(world, &source);
    assert_string_equal(diags, "aws-policies/a.yaml:1:1+1 not-a-file\n");
    assert_int_equal(source.inputs.count, 2);
    git_world_free(world);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_pointer_of_lfs), cmocka_unit_test(test_root),
        cmocka_unit_test(test_fingerprint),      cmocka_unit_test(test_load),
        cmocka_unit_test(test_what_is_no_team),  cmocka_unit_test(test_submodule_and_settings),
        cmocka_unit_test(test_too_large),        cmocka_unit_test(test_too_large_together),
        cmocka_unit_test(test_too_many_files),   cmocka_unit_test(test_empty),
        cmocka_unit_test(test_missing_blob),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

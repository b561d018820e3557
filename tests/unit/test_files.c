/* SPDX-License-Identifier: Apache-2.0 */
#include "base/str.h"
#include "config_run.h"
#include "unit.h"

static const char longest[] = "a123456789012345678901234567890123456789012345678901234567890123";

static int classify(struct arena *arena, const char *path, enum file_kind *kind, const char **team,
                    struct diags *diags)
{
    return config_classify(arena, path, arena_printf(arena, "aws/%s", path), kind, team, diags);
}

static void test_files_that_are_ours(void **state)
{
    (void)state;
    static const struct {
        const char *path;
        enum file_kind kind;
        const char *team;
    } cases[] = {
        {"iamlease.yaml", FILE_SETTINGS, NULL},
        {"aws-accounts/payments.yaml", FILE_ACCOUNTS, "payments"},
        {"aws-policies/a.yaml", FILE_POLICIES, "a"},
        {"permanent-access/0_x-y.yaml", FILE_PERMANENT, "0_x-y"},
        {"temporary-access/example-team.yaml", FILE_TEMPORARY, "example-team"},
    };
    CLEANUP(arena_freep) struct arena *arena = arena_new();
    struct diags diags = diags_new(arena);
    for (size_t i = 0; i < COUNT(cases); i++) {
        enum file_kind kind = FILE_KIND_COUNT;
        const char *team = "unset";
        CHECK(classify(arena, cases[i].path, &kind, &team, &diags) == 1, "%s", cases[i].path);
        CHECK(kind == cases[i].kind, "%s", cases[i].path);
        CHECK(cases[i].team ? str_eq(team, cases[i].team) : !team, "%s", cases[i].path);
    }
    enum file_kind kind;
    const char *team;
    assert_int_equal(
        classify(arena, arena_printf(arena, "aws-accounts/%s.yaml", longest), &kind, &team, &diags), 1);
    assert_string_equal(team, longest);
    assert_int_equal(diags.count, 0);
}

static void test_files_of_others(void **state)
{
    (void)state;
    static const char *const paths[] = {
        "README.md",
        "LICENSE",
        ".github/workflows/x.yml",
        "aws-accounts2/a.yaml",
        "x/aws-accounts/a.yaml",
        "aws-account/a.yaml",
        "docs/aws-accounts/a.yaml",
        "src/iamlease.yaml",
        "aws-accounts/.gitkeep",
        "AWS-ACCOUNTS/a.yaml",
        "iamlease.yaml.md",
        "",
    };
    CLEANUP(arena_freep) struct arena *arena = arena_new();
    struct diags diags = diags_new(arena);
    for (size_t i = 0; i < COUNT(paths); i++) {
        enum file_kind kind;
        const char *team;
        CHECK(classify(arena, paths[i], &kind, &team, &diags) == 0, "'%s'", paths[i]);
    }
    assert_int_equal(diags.count, 0);
}

static void test_files_that_are_refused(void **state)
{
    (void)state;
    static const char *const paths[] = {
        "aws-accounts/payments.yml",
        "aws-accounts/README.md",
        "aws-policies/Payments.yaml",
        "aws-policies/-a.yaml",
        "aws-policies/_a.yaml",
        "aws-policies/.yaml",
        "aws-policies/.a.yaml",
        "permanent-access/a b.yaml",
        "permanent-access/a.b.yaml",
        "permanent-access/x/a.yaml",
        "temporary-access/.gitignore",
        "temporary-access/a.yaml~",
        "temporary-access/\xc3\xa9.yaml",
        "temporary-access/",
        "temporary-access",
        "aws-accounts/x/.gitkeep",
        "iamlease.yml",
        "Iamlease.yaml",
        "IAMLEASE.YML",
    };
    CLEANUP(arena_freep) struct arena *arena = arena_new();
    struct diags diags = diags_new(arena);
    for (size_t i = 0; i < COUNT(paths); i++) {
        enum file_kind kind;
        const char *team;
        CHECK(classify(arena, paths[i], &kind, &team, &diags) == -1, "'%s'", paths[i]);
        CHECK(diags.count == i + 1, "'%s'", paths[i]);
        assert_string_equal(diags.items[i].id, "unexpected-file");
        assert_string_equal(diags.items[i].span.file->path, arena_printf(arena, "aws/%s", paths[i]));
        assert_int_equal(diags.items[i].span.line, 0);
        assert_non_null(diags.items[i].hint);
    }
    enum file_kind kind;
    const char *team;
    const char *too_long = arena_printf(arena, "aws-accounts/%sx.yaml", longest);
    assert_int_equal(classify(arena, too_long, &kind, &team, &diags), -1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_files_that_are_ours),
        cmocka_unit_test(test_files_of_others),
        cmocka_unit_test(test_files_that_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

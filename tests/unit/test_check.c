/* SPDX-License-Identifier: Apache-2.0 */
#include "base/buf.h"
#include "base/str.h"
#include "config/check.h"
#include "config_run.h"
#include "unit.h"

#define ACCOUNTS                                                                                    \
    {                                                                                               \
        "aws-accounts/a.yaml", "aws-accounts:\n  nonprod: '123456789012'\n  prod: '345678901234'\n" \
    }
#define POLICIES                                                                                     \
    {                                                                                                \
        "aws-policies/a.yaml",                                                                       \
            "aws-policies:\n  dev.read-only:\n    managed_policies: ['arn:aws:iam::aws:policy/R']\n" \
            "  dev.write:\n    managed_policies: ['arn:aws:iam::aws:policy/W']\n"                    \
    }
#define PERMANENT(entry)                                              \
    {                                                                 \
        "permanent-access/a.yaml", "permanent-access:\n- " entry "\n" \
    }
#define TEMPORARY(grant, environment)                                                      \
    {                                                                                      \
        "temporary-access/a.yaml",                                                         \
            "temporary-access:\n- expiration_date: 2025-11-30\n  user: u\n  grant: " grant \
            "\n  environment: " environment "\n"                                           \
    }

struct check_case {
    struct text_file files[TEXT_FILES_MAX];
    const char *expected;       /* as config_run_diags() gives it */
    const char *message, *hint; /* of the first one; NULL: not compared */
};

static void run_cases(const struct check_case *cases, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        CLEANUP(arena_freep) struct arena *arena = arena_new();
        struct diags diags = diags_new(arena);
        config_run(arena, cases[i].files, &diags);
        const char *got = config_run_diags(arena, &diags);
        CHECK(str_eq(got, cases[i].expected), "case %zu gives\n%s", i, got);
        CHECK(!cases[i].message || str_eq(diags.items[0].message, cases[i].message), "'%s'",
              diags.items[0].message);
        CHECK(!cases[i].hint || str_eq(diags.items[0].hint, cases[i].hint), "'%s'", diags.items[0].hint);
    }
}

static void test_references(void **state)
{
    (void)state;
    static const struct check_case cases[] = {
        {{ACCOUNTS, POLICIES, PERMANENT("{users: [u], environments: [prod], grants: [dev.write]}"),
          TEMPORARY("dev.read-only", "nonprod")},
         "",
         NULL,
         NULL},
        {{ACCOUNTS, POLICIES, TEMPORARY("dev.readonly", "prod")},
         "temporary-access/a.yaml:4:10+12 unknown-grant\n",
         "unknown grant 'dev.readonly'",
         "did you mean 'dev.read-only'?"},
        {{ACCOUNTS, POLICIES, TEMPORARY("break-glass", "prod")},
         "temporary-access/a.yaml:4:10+11 unknown-grant\n",
         NULL,
         "aws-policies/a.yaml declares 'dev.read-only', 'dev.write'"},
        {{ACCOUNTS, POLICIES, TEMPORARY("dev.write", "prd")},
         "temporary-access/a.yaml:5:16+3 unknown-environment\n",
         "unknown environment 'prd'",
         "did you mean 'prod'?"},
        {{ACCOUNTS, POLICIES, TEMPORARY("DEV.WRITE", "Prod")},
         "temporary-access/a.yaml:4:10+9 unknown-grant\ntemporary-access/a.yaml:5:16+4 unknown-environment\n",
         NULL,
         "did you mean 'dev.write'?"},
        {{ACCOUNTS, POLICIES, PERMANENT("{roles: [r], environments: [prod, x, y], grants: [z, dev.write]}")},
         "permanent-access/a.yaml:2:37+1 unknown-environment\npermanent-access/a.yaml:2:40+1 unknown-environment\n"
         "permanent-access/a.yaml:2:53+1 unknown-grant\n",
         NULL,
         NULL},
        /* Another team's declarations do not count. */
        {{{"aws-accounts/b.yaml", "aws-accounts: {prod: '123456789012'}\n"},
          {"aws-policies/b.yaml",
           "aws-policies: {dev.write: {managed_policies: ['arn:aws:iam::aws:policy/R']}}\n"},
          TEMPORARY("dev.write", "prod")},
         "temporary-access/a.yaml:4:10+9 unknown-grant\ntemporary-access/a.yaml:5:16+4 unknown-environment\n",
         NULL,
         "declare it in aws-policies/a.yaml"},
        /* What a file that cannot be read would have declared is not missing. */
        {{ACCOUNTS, {"aws-policies/a.yaml", "aws-policies: [\n"}, TEMPORARY("dev.write", "prod")},
         "aws-policies/a.yaml:1:16+1 yaml-syntax\n",
         NULL,
         NULL},
        {{{"aws-accounts/a.yaml", "aws-accounts: *\n"}, POLICIES, TEMPORARY("dev.write", "prod")},
         "aws-accounts/a.yaml:1:15+1 yaml-alias\n",
         NULL,
         NULL},
        {{{"aws-accounts/a.yaml", "aws-accounts: {prod: 1}\n"}, POLICIES, TEMPORARY("dev.write", "prod")},
         "aws-accounts/a.yaml:1:22+1 invalid-account-id\n",
         NULL,
         NULL},
    };
    run_cases(cases, COUNT(cases));
}

static void test_entries(void **state)
{
    (void)state;
    static const struct check_case cases[] = {
        {{ACCOUNTS, POLICIES, PERMANENT("{environments: [prod], grants: [dev.write]}")},
         "permanent-access/a.yaml:2:3+43 no-principal\n",
         "this entry grants to nobody",
         "add 'users:', 'roles:' or 'groups:'"},
        {{ACCOUNTS, POLICIES, PERMANENT("{users: [], roles: [], environments: [prod], grants: [dev.write]}")},
         "permanent-access/a.yaml:2:3+65 no-principal\n",
         NULL,
         NULL},
        {{ACCOUNTS, POLICIES, PERMANENT("{users: ['a b'], environments: [prod], grants: [dev.write]}")},
         "permanent-access/a.yaml:2:12+5 invalid-user\n",
         NULL,
         NULL},
        {{ACCOUNTS, POLICIES,
          PERMANENT("{users: [u, v, u], environments: [prod, prod], grants: [dev.write, dev.write]}")},
         "permanent-access/a.yaml:2:18+1 repeated-value?\npermanent-access/a.yaml:2:43+4 repeated-value?\n"
         "permanent-access/a.yaml:2:70+9 repeated-value?\n",
         "'u' is in this list already",
         "it is first given in line 2"},
    };
    run_cases(cases, COUNT(cases));
}

#define LEASE(keys)                                                                             \
    {                                                                                           \
        "temporary-access/a.yaml",                                                              \
            "temporary-access:\n- {environment: prod, expiration_date: 2025-11-30, " keys "}\n" \
    }

static void test_modes(void **state)
{
    (void)state;
    static const struct check_case cases[] = {
        {{ACCOUNTS, POLICIES, LEASE("users: [u], mode: role, grant: dev.write")}, "", NULL, NULL},
        {{ACCOUNTS, POLICIES, LEASE("group: g, mode: role, grant: dev.write")},
         "temporary-access/a.yaml:2:59+1 mode-not-possible\n",
         "the group 'g' cannot have a lease in the mode 'role'",
         NULL},
        {{ACCOUNTS, POLICIES, LEASE("user: u, mode: inline, grant: dev.write")},
         "temporary-access/a.yaml:2:82+9 mode-not-possible\n",
         "'dev.write' holds managed policies and cannot be a lease in the mode 'inline'",
         "leave out 'mode:'"},
        /* The hash of what is allowed is the name of nothing else. */
        {{ACCOUNTS,
          {"aws-policies/a.yaml",
           "aws-policies: {adhoc-3382fd70c4d8: {managed_policies: ['arn:aws:iam::aws:policy/R']}}\n"},
          LEASE("user: u, permissions: 's3:GetObject', resources: '*'")},
         "aws-policies/a.yaml:1:16+18 policy-name-collision\n",
         "'adhoc-3382fd70c4d8' is the name of what an entry allows without a grant",
         "it stands in temporary-access/a.yaml:2; rename the policy"},
    };
    run_cases(cases, COUNT(cases));
}

static void test_policies(void **state)
{
    (void)state;
    static const struct check_case cases[] = {
        {{{"aws-policies/a.yaml", "aws-policies:\n  p: {}\n"}},
         "aws-policies/a.yaml:2:3+1 empty-policy\n",
         "'p' has neither managed policies nor custom statements",
         NULL},
        {{{"aws-policies/a.yaml", "aws-policies:\n  p: {managed_policies: [], custom_statements: []}\n"}},
         "aws-policies/a.yaml:2:3+1 empty-policy\n",
         NULL,
         NULL},
        {{{"aws-policies/a.yaml", "aws-policies:\n  p: {managed_policies: [x]}\n"}},
         "aws-policies/a.yaml:2:26+1 invalid-policy-arn\n",
         NULL,
         NULL},
        {{{"aws-policies/a.yaml",
           "aws-policies:\n  p:\n    managed_policies: ['arn:aws:iam::aws:policy/R', 'arn:aws:iam::aws:policy/R']\n"}},
         "aws-policies/a.yaml:3:53+27 repeated-value?\n",
         NULL,
         NULL},
        {{ACCOUNTS,
          {"aws-policies/a.yaml",
           "aws-policies:\n  p:\n    managed_policies: ['arn:aws:iam::345678901234:policy/R']\n"},
          TEMPORARY("p", "prod")},
         "",
         NULL,
         NULL},
        {{ACCOUNTS,
          {"aws-policies/a.yaml",
           "aws-policies:\n  p:\n    managed_policies: ['arn:aws:iam::345678901234:policy/R']\n"},
          TEMPORARY("p", "nonprod")},
         "temporary-access/a.yaml:5:16+7 policy-other-account\n",
         "'p' cannot be granted in 'nonprod', account 123456789012",
         "it holds a managed policy of account 345678901234 (aws-policies/a.yaml:3)"},
        {{{"aws-policies/a.yaml",
           "aws-policies:\n  p:\n    managed_policies: ['arn:aws:iam::345678901234:policy/R', 'arn:aws:iam::123456789012:policy/R']\n"}},
         "aws-policies/a.yaml:3:62+36 policy-other-account\n",
         NULL,
         "make a policy for each account"},
    };
    run_cases(cases, COUNT(cases));
}

static void test_partition_comes_from_the_settings(void **state)
{
    (void)state;
    static const struct check_case cases[] = {
        {{{"iamlease.yaml", "aws: {partition: aws-cn}\n"},
          {"aws-policies/a.yaml",
           "aws-policies:\n  p:\n    managed_policies: ['arn:aws-cn:iam::aws:policy/R']\n"}},
         "",
         NULL,
         NULL},
        {{{"aws-policies/a.yaml", "aws-policies:\n  p:\n    managed_policies: ['arn:aws:iam::aws:policy/R']\n"},
          {"iamlease.yaml", "aws: {partition: aws-cn}\n"}},
         "aws-policies/a.yaml:3:24+27 wrong-partition\n",
         NULL,
         NULL},
    };
    run_cases(cases, COUNT(cases));
}

/* A policy whose minified document has exactly `size` characters. */
static const char *policy_of_size(struct arena *arena, size_t size)
{
    static const char around[] =
        "{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\",\"Action\":[\"*\"],\"Resource\":[]}]}";
    struct buf text;
    buf_init(&text, 64 * 1024);
    buf_add_text(
        &text,
        "aws-policies:\n  p:\n    custom_statements:\n    - effect: Allow\n      actions: ['*']\n      resources:\n");
    size_t left = size - (sizeof around - 1) + 1; /* the first resource has no comma */
    while (left > 0) {
        size_t room = left - 3, length = room > 1000 ? 1000 : room; /* ,"…" */
        if (left - 3 - length > 0 && left - 3 - length < 100)
            length -= 100;
        buf_add_text(&text, "      - 'arn:aws:s3:::");
        for (size_t i = 13; i < length; i++)
            buf_add_char(&text, 'x');
        buf_add_text(&text, "'\n");
        left -= length + 3;
    }
    const char *copy = arena_strdup(arena, text.bytes);
    buf_free(&text);
    return copy;
}

static void test_the_largest_policy(void **state)
{
    (void)state;
    CLEANUP(arena_freep) struct arena *arena = arena_new();
    struct diags diags = diags_new(arena);
    config_run(arena,
               (const struct text_file[TEXT_FILES_MAX]){{"aws-policies/a.yaml", policy_of_size(arena, 6144)}},
               &diags);
    assert_string_equal(config_run_diags(arena, &diags), "");
    config_run(arena,
               (const struct text_file[TEXT_FILES_MAX]){{"aws-policies/a.yaml", policy_of_size(arena, 6145)}},
               &diags);
    assert_string_equal(config_run_diags(arena, &diags), "aws-policies/a.yaml:2:3+1 policy-too-large\n");
    assert_string_equal(diags.items[0].message,
                        "the custom statements of 'p' have 6145 characters; AWS allows 6144 in a policy");
}

/* "[a0, a1, …]" */
static const char *many(struct arena *arena, char prefix, int count)
{
    struct buf text;
    buf_init(&text, 64 * 1024);
    for (int i = 0; i < count; i++)
        buf_addf(&text, "%s%c%d", i ? ", " : "[", prefix, i);
    const char *copy = arena_printf(arena, "%s]", text.bytes);
    buf_free(&text);
    return copy;
}

static void test_too_many_grants(void **state)
{
    (void)state;
    CLEANUP(arena_freep) struct arena *arena = arena_new();
    struct diags diags = diags_new(arena);
    const char *text = arena_printf(arena,
                                    "permanent-access:\n- users: %s\n  environments: %s\n  grants: %s\n"
                                    "- users: %s\n  environments: %s\n  grants: %s\n"
                                    "- users: [u]\n  environments: [e]\n  grants: [g]\n",
                                    many(arena, 'u', 100), many(arena, 'e', 19), many(arena, 'g', 100),
                                    many(arena, 'v', 100), many(arena, 'e', 2), many(arena, 'g', 100));
    struct text_file files[TEXT_FILES_MAX] = {{"permanent-access/a.yaml", text}};
    const struct config *config = config_run(arena, files, &diags);
    assert_int_equal(config->items[0].entries.count, 0); /* who reads on meets nothing without a bound */
    const struct diag *diag = config_run_find(&diags, "too-many-grants");
    assert_non_null(diag);
    assert_int_equal(diag->span.line, 5);
    size_t count = 0;
    for (size_t i = 0; i < diags.count; i++)
        count += str_eq(diags.items[i].id, "too-many-grants");
    assert_int_equal(count, 1);
}

/* Short values make a small file and much memory: all files together have a limit. It is said once. */
static void test_too_many_values(void **state)
{
    (void)state;
    CLEANUP(arena_freep) struct arena *arena = arena_new();
    struct diags diags = diags_new(arena);
    struct config_inputs inputs = {0};
    struct buf text;
    buf_init(&text, 1024 * 1024);
    for (int i = 0; i < 190000; i++)
        buf_add_text(&text, i ? ",a" : "[a");
    buf_add_text(&text, "]\n");
    for (int i = 0; i < 13; i++)
        *VEC_ADD(arena, &inputs) = (struct config_input){
            .kind = FILE_PERMANENT,
            .team = arena_printf(arena, "t%02d", i),
            .file = config_run_file(arena, arena_printf(arena, "permanent-access/t%02d.yaml", i), text.bytes)};
    config_load(arena, &inputs, &diags);
    const struct diag *diag = config_run_find(&diags, "yaml-too-many-values");
    assert_non_null(diag);
    assert_string_equal(diag->span.file->path, "permanent-access/t10.yaml");
    assert_int_equal(diags.count, 11); /* a list is not what such a file must be: one for each that was read */
    buf_free(&text);
}

/* Hints name files as the diagnostics do: with the config root. */
static void test_hints_have_the_config_root(void **state)
{
    (void)state;
    CLEANUP(arena_freep) struct arena *arena = arena_new();
    struct diags diags = diags_new(arena);
    struct config_inputs inputs = {0};
    *VEC_ADD(arena, &inputs) = (struct config_input){
        .kind = FILE_TEMPORARY,
        .team = "a",
        .file = config_run_file(
            arena, "x/aws/temporary-access/a.yaml",
            "temporary-access: [{user: u, grant: g, environment: e, expiration_date: 2025-11-30}]\n")};
    config_load(arena, &inputs, &diags);
    assert_int_equal(diags.count, 2);
    assert_string_equal(config_run_find(&diags, "unknown-environment")->hint,
                        "declare it in x/aws/aws-accounts/a.yaml");
    assert_string_equal(config_run_find(&diags, "unknown-grant")->hint,
                        "declare it in x/aws/aws-policies/a.yaml");
}

/* Every mistake counts, though only the first DIAG_MAX are kept and only some get a "did you mean". */
static void test_many_mistakes(void **state)
{
    (void)state;
    CLEANUP(arena_freep) struct arena *arena = arena_new();
    struct diags diags = diags_new(arena);
    struct text_file files[TEXT_FILES_MAX] = {
        {"aws-accounts/a.yaml", "aws-accounts: {prod: '123456789012'}\n"},
        {"permanent-access/a.yaml",
         arena_printf(arena, "permanent-access: [{users: [u], environments: %s, grants: [g]}]\n",
                      many(arena, 'p', 6000))},
    };
    config_run(arena, files, &diags);
    assert_int_equal(diags.errors, 6001);
    assert_int_equal(diags.count, DIAG_MAX);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_references),
        cmocka_unit_test(test_entries),
        cmocka_unit_test(test_modes),
        cmocka_unit_test(test_policies),
        cmocka_unit_test(test_partition_comes_from_the_settings),
        cmocka_unit_test(test_the_largest_policy),
        cmocka_unit_test(test_too_many_grants),
        cmocka_unit_test(test_too_many_values),
        cmocka_unit_test(test_hints_have_the_config_root),
        cmocka_unit_test(test_many_mistakes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

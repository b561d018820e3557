/* SPDX-License-Identifier: Apache-2.0 */
#include "check_run.h"
#include "unit.h"

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
    check_run_cases(cases, COUNT(cases));
}

static void test_repeated_values(void **state)
{
    (void)state;
    static const struct check_case cases[] = {
        {{ACCOUNTS, POLICIES,
          PERMANENT("{users: [u, v, u], environments: [prod, prod], grants: [dev.write, dev.write]}")},
         "permanent-access/a.yaml:2:18+1 repeated-value?\npermanent-access/a.yaml:2:43+4 repeated-value?\n"
         "permanent-access/a.yaml:2:70+9 repeated-value?\n",
         "'u' is in this list already",
         "it is first given in line 2"},
    };
    check_run_cases(cases, COUNT(cases));
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
                      check_run_many(arena, 'p', 6000))},
    };
    config_run(arena, files, &diags);
    assert_int_equal(diags.errors, 6001);
    assert_int_equal(diags.count, DIAG_MAX);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_references),
        cmocka_unit_test(test_repeated_values),
        cmocka_unit_test(test_hints_have_the_config_root),
        cmocka_unit_test(test_many_mistakes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

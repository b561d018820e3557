/* SPDX-License-Identifier: Apache-2.0 */
#include "base/buf.h"
#include "check_run.h"
#include "unit.h"

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
    check_run_cases(cases, COUNT(cases));
}

static void test_ad_hoc(void **state)
{
    (void)state;
    static const struct check_case cases[] = {
        /* The hash of what is allowed is the name of nothing else. */
        {{ACCOUNTS,
          {"aws-policies/a.yaml",
           "aws-policies: {adhoc-3382fd70c4d8: {managed_policies: ['arn:aws:iam::aws:policy/R']}}\n"},
          {"temporary-access/a.yaml",
           "temporary-access:\n- {environment: prod, expiration_date: 2025-11-30, user: u, "
           "permissions: 's3:GetObject', resources: '*'}\n"}},
         "aws-policies/a.yaml:1:16+18 policy-name-collision\n",
         "'adhoc-3382fd70c4d8' is the name of what an entry allows without a grant",
         "it stands in temporary-access/a.yaml:2; rename the policy"},
    };
    check_run_cases(cases, COUNT(cases));
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
    check_run_cases(cases, COUNT(cases));
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

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_policies),
        cmocka_unit_test(test_ad_hoc),
        cmocka_unit_test(test_partition_comes_from_the_settings),
        cmocka_unit_test(test_the_largest_policy),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: Apache-2.0 */
#include "base/str.h"
#include "base/time.h"
#include "config/decode.h"
#include "config_run.h"
#include "unit.h"

/* A file of one kind, and what stands wrong in it: lines of "line:column+length id". */
struct decode_case {
    const char *text, *expected;
    const char *message, *hint; /* of the first diagnostic; NULL: not compared */
};

static void run_cases(const char *path, const struct decode_case *cases, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        CLEANUP(arena_freep) struct arena *arena = arena_new();
        struct diags diags = diags_new(arena);
        config_run(arena, (const struct text_file[TEXT_FILES_MAX]){{path, cases[i].text}}, &diags);
        const char *got = config_run_diags(arena, &diags), *expected = "";
        for (const char *line = cases[i].expected; *line;) {
            int size = 0;
            while (line[size] && line[size] != '\n')
                size++;
            expected = arena_printf(arena, "%s%s:%.*s\n", expected, path, size, line);
            line += size + (line[size] == '\n');
        }
        CHECK(str_eq(got, expected), "'%s' gives\n%s", cases[i].text, got);
        CHECK(!cases[i].message || str_eq(diags.items[0].message, cases[i].message), "'%s'",
              diags.items[0].message);
        CHECK(!cases[i].hint || str_eq(diags.items[0].hint, cases[i].hint), "'%s'", diags.items[0].hint);
    }
}

static void test_files(void **state)
{
    (void)state;
    static const struct decode_case cases[] = {
        {"", "", NULL, NULL},
        {"# nothing\n", "", NULL, NULL},
        {"---\n", "", NULL, NULL},
        {"{}", "", NULL, NULL},
        {"aws-accounts:\n", "", NULL, NULL},
        {"aws-accounts: ~\n", "", NULL, NULL},
        {"aws-accounts: {}\n", "", NULL, NULL},
        {"aws-acounts: {}\n", "1:1+11 unknown-key", "unknown key 'aws-acounts' in a file of aws-accounts",
         "did you mean 'aws-accounts'?"},
        {"temporary-access: []\n", "1:1+16 unknown-key", NULL, "the only key is: aws-accounts"},
        {"aws-accounts: {}\nversion: 1\n", "2:1+7 unknown-key", NULL, NULL},
        {"text\n", "1:1+4 wrong-type", "a file of aws-accounts must be a mapping, not a text",
         "write 'key: value' lines, indented"},
        {"- a\n", "1:1+3 wrong-type", "a file of aws-accounts must be a mapping, not a list", NULL},
        {"aws-accounts: prod\n", "1:15+4 wrong-type", "'aws-accounts' must be a mapping, not a text", NULL},
        {"aws-accounts:\n- prod: '123456789012'\n", "2:1+22 wrong-type",
         "'aws-accounts' must be a mapping, not a list", NULL},
        {"a: [\n", "1:5+1 yaml-syntax", NULL, NULL},
    };
    run_cases("aws-accounts/a.yaml", cases, COUNT(cases));
}

static void test_accounts(void **state)
{
    (void)state;
    static const struct decode_case cases[] = {
        {"aws-accounts: { no: 012345678901, yes: '123456789012', null: 123456789012 }\n", "", NULL, NULL},
        {"aws-accounts:\n  prod: 1234\n", "2:9+4 invalid-account-id", "'1234' is not an AWS account id",
         "an account id has 12 digits, such as \"012345678901\""},
        {"aws-accounts:\n  prod: 1.23456789e11\n", "2:9+13 invalid-account-id", NULL, NULL},
        {"aws-accounts:\n  prod:\n", "2:3+4 missing-value", "'prod' has no value",
         "give it a value or remove it"},
        {"aws-accounts:\n  prod: null\n", "2:3+4 missing-value", "'prod' has no value",
         "if 'null' is meant as a text, put it in quotes"},
        {"aws-accounts:\n  prod: ''\n", "2:9+2 missing-value", "'prod' is empty", NULL},
        {"aws-accounts:\n  prod: ['123456789012']\n", "2:9+16 wrong-type",
         "'prod' must be a text, not a list", "write a single value"},
        {"aws-accounts:\n  a b: '123456789012'\n", "2:3+3 invalid-environment",
         "'a b' is not a name for an environment", NULL},
        {"aws-accounts:\n  '': '123456789012'\n", "2:3+2 invalid-environment", NULL, NULL},
        {"aws-accounts:\n  prod: '123456789012'\n  prod: '123456789013'\n", "3:3+4 duplicate-key", NULL,
         "it is first given in line 2"},
    };
    run_cases("aws-accounts/a.yaml", cases, COUNT(cases));
}

#define STATEMENT "aws-policies:\n  p:\n    custom_statements:\n    - effect: Allow\n      actions: ['*']\n"

static void test_policies(void **state)
{
    (void)state;
    static const struct decode_case cases[] = {
        {STATEMENT "      resources: ['*']\n", "", NULL, NULL},
        {STATEMENT, "4:7+13 missing-key", "'resources' or 'not_resources' is missing in a statement",
         "add 'resources:'"},
        {STATEMENT "      resources: '*'\n", "", NULL, NULL},
        {STATEMENT "      resources: []\n", "6:18+2 missing-value", "'resources' is an empty list",
         "give it at least one value"},
        {STATEMENT "      resources: ['*', ~]\n", "6:24+1 missing-value",
         "an item of 'resources' has no value", NULL},
        {STATEMENT "      resources: [{a: b}]\n", "6:19+6 wrong-type",
         "an item of 'resources' must be a text, not a mapping", NULL},
        {STATEMENT "      resources: [bucket]\n", "6:19+6 invalid-resource", "'bucket' is not a resource",
         NULL},
        {STATEMENT "      resources: ['arn:aws-cn:s3:::b']\n", "6:19+19 wrong-partition",
         "this ARN is not in the partition 'aws'",
         "begin it with 'arn:aws:', or set aws.partition in iamlease.yaml"},
        {STATEMENT "      resources: ['*']\n      action: ['*']\n", "7:7+6 unknown-key", NULL,
         "did you mean 'actions'?"},
        {STATEMENT "      resources: ['*']\n      Condition: {}\n", "7:7+9 unknown-key",
         "unknown key 'Condition' in a statement", "did you mean 'conditions'?"},
        {"aws-policies: { p: { custom_statements: [{ effect: allow, actions: [s3], resources: ['*'] }] } }\n",
         "1:52+5 invalid-effect\n1:69+2 invalid-action", "'allow' is not an effect", "did you mean 'Allow'?"},
        {"aws-policies: { p: { custom_statements: { effect: Allow } } }\n", "1:41+17 wrong-type",
         "'custom_statements' must be a list, not a mapping", NULL},
        {"aws-policies: { p: { custom_statements: [a] } }\n", "1:42+1 wrong-type",
         "a statement must be a mapping, not a text", NULL},
        {"aws-policies: { p: { managed_policies: [ReadOnlyAccess] } }\n", "1:41+14 invalid-policy-arn",
         "'ReadOnlyAccess' is not the ARN of a managed policy", NULL},
        {"aws-policies: { p: { managed_policies: ['arn:aws-cn:iam::aws:policy/ReadOnlyAccess'] } }\n",
         "1:41+43 wrong-partition", NULL, NULL},
        {"aws-policies: { p: { managed_polices: [] } }\n", "1:22+15 unknown-key", NULL,
         "did you mean 'managed_policies'?"},
        {"aws-policies: { p: { description: [a], managed_policies: ['arn:aws:iam::aws:policy/A'] } }\n",
         "1:35+3 wrong-type", NULL, NULL},
        {"aws-policies: { p: }\n", "1:17+1 missing-value", "'p' has no value", NULL},
        {"aws-policies: { p: [] }\n", "1:20+2 wrong-type", "'p' must be a mapping, not a list", NULL},
        {"aws-policies: { 'a b': {} }\n", "1:17+5 invalid-policy-name", NULL, NULL},
        {"aws-policies: []\n", "1:15+2 wrong-type", NULL, NULL},
    };
    run_cases("aws-policies/a.yaml", cases, COUNT(cases));
}

static void test_permanent(void **state)
{
    (void)state;
    static const struct decode_case cases[] = {
        {"permanent-access:\n", "", NULL, NULL},
        {"permanent-access: []\n", "", NULL, NULL},
        {"permanent-access: {}\n", "1:19+2 wrong-type", "'permanent-access' must be a list, not a mapping",
         NULL},
        {"permanent-access:\n-\n", "2:2+1 missing-value", "an entry of permanent-access has no value", NULL},
        {"permanent-access: [{ users: bert, environments: [], grants: [] }]\n",
         "1:29+4 wrong-type\n1:49+2 missing-value\n1:61+2 missing-value",
         "'users' must be a list, not a text", "write each value on a line of its own, beginning with '- '"},
        {"permanent-access: [{}]\n", "1:20+2 missing-key\n1:20+2 missing-key",
         "'environments' is missing in an entry of permanent-access", NULL},
        {"permanent-access:\n- users: [a b]\n  user: x\n",
         "2:3+12 missing-key\n2:3+12 missing-key\n2:11+3 invalid-user\n3:3+4 unknown-key", NULL, NULL},
        {"permanent-access:\n- expiration_date: 2025-11-30\n",
         "2:3+15 unknown-key\n2:3+27 missing-key\n2:3+27 missing-key", NULL, NULL},
    };
    run_cases("permanent-access/a.yaml", cases, COUNT(cases));
}

#define ENTRY "temporary-access:\n- user: u\n  environment: [e]\n  grant: g/\n"

static void test_temporary(void **state)
{
    (void)state;
    static const struct decode_case cases[] = {
        {ENTRY "  expiration_date: 2025-11-31\n",
         "3:16+3 wrong-type\n4:10+2 invalid-policy-name\n5:20+10 invalid-date", NULL, NULL},
        {ENTRY, "2:3+7 missing-key\n3:16+3 wrong-type\n4:10+2 invalid-policy-name",
         "'expiration_date' or 'expires_at' is missing in an entry of temporary-access",
         "add 'expiration_date:'"},
        {"temporary-access:\n- expiration_date: 30.11.2025\n  user: [u]\n  environment: ''\n  grant:\n",
         "2:20+10 invalid-date\n3:9+3 wrong-type\n4:16+2 missing-value\n5:3+5 missing-value",
         "'30.11.2025' is not a date",
         "write year-month-day, as in '2026-11-30'; the lease ends with that day, UTC"},
        {"temporary-access:\n- expire_at: 2025-11-30T00:00:00Z\n",
         "2:3+9 unknown-key\n2:3+31 missing-key\n2:3+31 missing-key\n2:3+31 missing-key", NULL,
         "did you mean 'expires_at'?"},
    };
    run_cases("temporary-access/a.yaml", cases, COUNT(cases));
}

static const struct text_file whole[TEXT_FILES_MAX] = {
    {"iamlease.yaml", "owner: 'me'\n"},
    {"temporary-access/a.yaml",
     "temporary-access:\n- user: bert@example.com\n  grant: q\n  environment: prod\n  expiration_date: 2025-11-30\n"
     "  description: |\n    two\n    \tlines \n\n"},
    {"permanent-access/a.yaml",
     "permanent-access: [{ users: [u, v], roles: [r], environments: [prod], grants: [p.x, q] }]\n"},
    {"aws-policies/a.yaml",
     "aws-policies:\n  p.x:\n    description: Words\n    managed_policies: ['arn:aws:iam::aws:policy/A']\n  q:\n"
     "    custom_statements:\n    - effect: Deny\n      actions: ['s3:*', 'ec2:Run*']\n      resources: ['*']\n"},
    {"aws-accounts/a.yaml", "aws-accounts: { prod: 012345678901 }\n"},
    {"aws-accounts/0.yaml", "aws-accounts:\n"},
};

static void test_what_is_decoded(void **state)
{
    (void)state;
    CLEANUP(arena_freep) struct arena *arena = arena_new();
    struct diags diags = diags_new(arena);
    struct config *config = config_run(arena, whole, &diags);
    assert_int_equal(diags.count, 0);
    assert_string_equal(config->settings.owner, "me");
    assert_int_equal(config->count, 2);
    assert_string_equal(config->items[0].name, "0");
    const struct team_config *team = &config->items[1];
    assert_string_equal(team->name, "a");
    assert_int_equal(team->accounts.count, 1);
    assert_string_equal(team_find_account(team, "prod")->account_id.text, "012345678901");
    assert_int_equal(team_find_account(team, "prod")->account_id.span.column, 23);

    assert_int_equal(team->policies.count, 2);
    const struct policy_decl *named = team_find_policy(team, "p.x"), *custom = team_find_policy(team, "q");
    assert_string_equal(named->description, "Words");
    assert_string_equal(named->managed_policies.items[0].text, "arn:aws:iam::aws:policy/A");
    assert_int_equal(named->custom.count, 0);
    assert_int_equal(named->name.span.line, 2);
    assert_string_equal(custom->description, "");
    assert_int_equal(custom->custom.items[0].effect, EFFECT_DENY);
    assert_int_equal(custom->custom.items[0].actions.count, 2);
    assert_string_equal(custom->custom.items[0].actions.items[1], "ec2:Run*");
    assert_string_equal(custom->custom.items[0].resources.items[0], "*");
    assert_null(custom->custom.items[0].sid);

    assert_int_equal(team->entries.count, 2);
    const struct access_entry *permanent = &team->entries.items[0], *temporary = &team->entries.items[1];
    assert_false(permanent->temporary);
    assert_int_equal(permanent->users.count, 2);
    assert_string_equal(permanent->roles.items[0].text, "r");
    assert_string_equal(permanent->grants.items[1].text, "q");
    assert_string_equal(permanent->description, "");
    assert_int_equal(permanent->ends_at_s, 0);
    int64_t end_s;
    assert_true(time_parse_rfc3339("2025-12-01T00:00:00Z", &end_s));
    assert_true(temporary->temporary);
    assert_int_equal(temporary->ends_at_s, end_s);
    assert_int_equal(temporary->ends_at_span.line, 5);
    assert_string_equal(temporary->description, "two lines");
    assert_string_equal(temporary->users.items[0].text, "bert@example.com");
    assert_string_equal(temporary->span.file->path, "temporary-access/a.yaml");
}

static void test_long_texts_are_cut_in_messages(void **state)
{
    (void)state;
    CLEANUP(arena_freep) struct arena *arena = arena_new();
    struct diags diags = diags_new(arena);
    const char *euros = "";
    for (int i = 0; i < 81; i++)
        euros = arena_printf(arena, "%s\xe2\x82\xac", euros);
    const struct text_file files[TEXT_FILES_MAX] = {
        {"aws-accounts/a.yaml", arena_printf(arena, "aws-accounts: { a: %s }\n", euros)}};
    config_run(arena, files, &diags);
    assert_string_equal(diags.items[0].message,
                        arena_printf(arena, "'%.240s\xe2\x80\xa6' is not an AWS account id", euros));
    assert_int_equal(diags.items[0].span.length, 81);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_files),
        cmocka_unit_test(test_accounts),
        cmocka_unit_test(test_policies),
        cmocka_unit_test(test_permanent),
        cmocka_unit_test(test_temporary),
        cmocka_unit_test(test_what_is_decoded),
        cmocka_unit_test(test_long_texts_are_cut_in_messages),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

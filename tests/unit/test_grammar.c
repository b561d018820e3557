/* SPDX-License-Identifier: Apache-2.0 */
#include "base/str.h"
#include "config/grammar.h"
#include "unit.h"

#include <regex.h>
#include <string.h>

struct grammar_case {
    const struct grammar *grammar;
    const char *good[12], *bad[24];
};

static const struct grammar_case cases[] = {
    {&grammar_account_id,
     {"123456789012", "000000000000", "012345678901"},
     {"", "12345678901", "1234567890123", "12345678901a", "123 45678901", "-12345678901", "1e3"}},
    {&grammar_environment,
     {"prod", "eu-west.prod_1", "1", "PROD", "no", "null"},
     {"", "-prod", ".prod", "_prod", "a b", "a/b", "\xc3\xa9", "a:b"}},
    {&grammar_policy_name,
     {"dev.read-only", "a", ".", "A+=,.@-_9"},
     {"", "a b", "a/b", "a]", "a*", "\xc3\xa9", "a:b"}},
    {&grammar_user,
     {"bert@example.com", "bert", "b+x=y,z.@e", "a@b-c.d", "BERT@EXAMPLE.COM"},
     {"", "@example.com", "bert@", "bert@.com", "bert@example.", "a@b@c", "a b@c", "bert@ex_ample.com",
      "b/ert@example.com", "bert@-x.com", "\xc3\xa9@example.com"}},
    {&grammar_role,
     {"github-actions-deployer", "a+=,.@-_"},
     {"", "arn:aws:iam::123456789012:role/x", "path/role", "a b", "*"}},
    {&grammar_policy_arn,
     {"arn:aws:iam::aws:policy/ReadOnlyAccess", "arn:aws:iam::aws:policy/service-role/AWSLambdaRole",
      "arn:aws-cn:iam::aws:policy/job-function/Billing", "arn:aws:iam::123456789012:policy/team/x"},
     {"", "ReadOnlyAccess", "arn:aws:iam::aws:policy/", "arn:aws:iam::aws:policy",
      "arn:aws:iam::aws:role/ReadOnly", "arn:aws:iam:us-east-1:aws:policy/ReadOnlyAccess",
      "arn:aws:iam::12345:policy/ReadOnlyAccess", "arn:aws:s3::aws:policy/ReadOnlyAccess",
      "arn::iam::aws:policy/ReadOnlyAccess", "arn:*:iam::aws:policy/ReadOnlyAccess",
      "arn:a\xffs:iam::aws:policy/ReadOnlyAccess", "arn:aws:iam::aws:policy/*",
      "arn:aws:iam::aws:policy//x/y/z", "arn:aws:iam::aws:policy/a//b/c/d", "arn:aws:iam::aws:policy/abc/",
      "arn:aws:iam:::policy/ReadOnlyAccess", "arn:aws:iam::aws:policy/Read Only",
      "aws:arn:iam::aws:policy/ReadOnlyAccess"}},
    {&grammar_boundary,
     {"arn:aws:iam::aws:policy/ReadOnlyAccess", "arn:aws-cn:iam::123456789012:policy/team/x", "policy/x",
      "policy/limits/team/a+=,.@-_"},
     {"", "x", "limits/x", "/limits/x", "policy", "policy/", "policy//x", "policy/a//x", "policy/a/",
      "policy/*", "Policy/x", "policy/a b", "policy/a:b", "role/x", "arn:aws:iam:::policy/x",
      "arn:aws:iam::*:policy/x", "arn:aws:iam::12345:policy/ReadOnlyAccess"}},
    {&grammar_effect, {"Allow", "Deny"}, {"", "allow", "DENY", "Allow ", "no"}},
    {&grammar_action,
     {"*", "s3:*", "s3:GetObject", "s3:Get*", "execute-api:Invoke", "s3:Get?bject", "IAM:getuser"},
     {"", "s3", "s3:", ":GetObject", "*:*", "s*:Get", "s3:Get Object", "s3:Get:Object", "s3:Get-Object",
      "s3.GetObject", "**", "s3:\xc3\xa9"}},
    {&grammar_resource,
     {"*", "arn:aws:s3:::bucket/*", "arn:aws:s3:::${aws:username}/*", "arn:*:s3:::bucket",
      "arn:aws:logs:*:123456789012:log-group:/aws/rds/*", "arn:aws:s3:::with space",
      "arn:aws:s3:::caf\xc3\xa9"},
     {"", "bucket", "arn:aws:s3:::", "arn:aws:s3::", "arn::s3:::bucket", "arn:aws::::bucket", "**",
      "ARN:aws:s3:::bucket", "arn:aws:s3:::\xe2\x82\xac", "arn:aws:s3:::a\nb"}},
    {&grammar_owner, {"default", "a.b_c-D9"}, {"", "a/b", "a b", "a]", "\xc3\xa9"}},
    {&grammar_policy_path,
     {"/", "/iamlease/", "/a/b.c/", "/a+=,@-_/"},
     {"", "iamlease/", "/iamlease", "iamlease", "//", "/a//b/", "/a b/", "/a*/"}},
    {&grammar_group, {"admins", "a+=,.@-_"}, {"", "a b", "a/b", "arn:aws:iam::123456789012:group/x"}},
    {&grammar_team, {"a", "0", "example-team"}, {"", "-a", "A", "a.b", "a/b"}},
    {&grammar_email, {"bert@example.com"}, {"", "bert", "bert@", "@example.com"}},
    {&grammar_iam_user, {"bert", "bert@example.com", "a+=,.@-_"}, {"", "a b", "a/b"}},
    {&grammar_statement_id, {"Read", "0"}, {"", "a-b", "a b", "\xc3\xa9"}},
    {&grammar_operator,
     {"StringEquals", "StringLikeIfExists", "ForAnyValue:StringLike", "ForAllValues:ArnLikeIfExists", "Null",
      "BoolIfExists", "DateLessThanEquals", "NotIpAddress", "NumericGreaterThan"},
     {"", "stringEquals", "NullIfExists", "StringEqualsIfexists", "ForSomeValues:StringEquals", "IfExists",
      "ForAnyValue:", "String", "BoolNot", "ForAnyValue:ForAllValues:Bool"}},
    {&grammar_condition_key,
     {"aws:SourceIp", "s3:prefix", "aws:RequestTag/cost center", "token.actions.githubusercontent.com:sub"},
     {"", "SourceIp", "aws:", ":x", "a b:x", "aws:\xe2\x82\xac"}},
    {&grammar_region,
     {"us-east-1", "us-gov-west-1", "ap-southeast-12"},
     {"", "us-east", "us-1", "-us-east-1", "us--east-1", "us-east-1a", "US-EAST-1", "us-east1", "1"}},
    {&grammar_external_id, {"ab", "a:/=+@,._-"}, {"", "a", "a b", "a;b"}},
    {&grammar_url,
     {"https://api.getport.io", "https://api.us.port.io/", "http://127.0.0.1:8080"},
     {"", "http://api.getport.io", "http://127.0.0.1.example.com", "http://127.0.0.1:8@x", "https://",
      "https://a b", "https://a@b", "https://a?b", "https:///x", "https://a.example", "https://.port.io",
      "https://a.port.io/x", "https://a.port.io:8443"}},
    {&grammar_port_action, {"ask_for_access", "a@b.c:/=-"}, {"", "a b", "a\"b"}},
    {&grammar_boolean, {"true", "false"}, {"", "yes", "True", "1"}},
    {&grammar_usernames, {"local-part", "email"}, {"", "map", "Email"}},
    {&grammar_domain,
     {"example.com", "a.b-c.d1", "XN--A.example"},
     {"", "com", "@example.com", "a..b", ".a.b", "a.b.", "-a.b", "a-.b", "a.b-", "a b.c", "*.a.b"}},
    {&grammar_request_mode, {"pull-request", "direct"}, {"", "pull request"}},
    {&grammar_mode, {"auto", "inline", "policy", "role"}, {"", "Auto", "attach"}},
    {&grammar_date, {"2026-11-30"}, {"", "2026-11-31", "30.11.2026", "2026-11-30T00:00:00Z"}},
    {&grammar_end,
     {"2026-11-30T14:00:00Z", "2026-11-30T15:00:00.5+01:00"},
     {"", "2026-11-30", "2026-11-30T24:00:00Z", "2026-11-30T14:00:00", "2026-11-30T14:00Z"}},
    {&grammar_start, {"2026-11-30", "2026-11-30T14:00:00Z"}, {"", "tomorrow", "2026-11-30T14:00"}},
    {&grammar_partition,
     {"aws", "aws-cn", "aws-us-gov", "aws-iso", "aws-iso-b", "aws-eusc"},
     {"", "AWS", "aws-", "aws-us"}},
};

/* Editors know the pattern only: it must take everything that the program takes. */
static void check_pattern(const struct grammar *grammar, const char *good)
{
    regex_t pattern;
    assert_true(!grammar->pattern || strchr(grammar->pattern, '^') == grammar->pattern);
    if (!grammar->pattern) {
        assert_non_null(grammar->words);
        return;
    }
    assert_int_equal(regcomp(&pattern, grammar->pattern, REG_EXTENDED | REG_NOSUB), 0);
    CHECK(regexec(&pattern, good, 0, NULL, 0) == 0, "%s: %s is not in the pattern", grammar->id, good);
    CHECK(regexec(&pattern, "", 0, NULL, 0) == REG_NOMATCH, "%s takes the empty text", grammar->id);
    regfree(&pattern);
}

static void test_each_grammar(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        const struct grammar *grammar = cases[i].grammar;
        for (size_t k = 0; k < COUNT(cases[i].good) && cases[i].good[k]; k++) {
            CHECK(grammar->matches(cases[i].good[k]), "%s: '%s'", grammar->id, cases[i].good[k]);
            check_pattern(grammar, cases[i].good[k]);
        }
        for (size_t k = 0; k < COUNT(cases[i].bad) && cases[i].bad[k]; k++)
            CHECK(!grammar->matches(cases[i].bad[k]), "%s: '%s'", grammar->id, cases[i].bad[k]);
        assert_true(str_prefix(grammar->id, "invalid-"));
        assert_non_null(grammar->what);
        assert_non_null(grammar->hint);
    }
}

/* `prefix`, as many 'a' as are needed, and `suffix`: a text of `length` characters. */
static const char *long_text(struct arena *arena, const char *prefix, const char *suffix, size_t length)
{
    size_t head = strlen(prefix), tail = strlen(suffix);
    char *text = arena_alloc(arena, length + 1);
    memset(text, 'a', length);
    memcpy(text, prefix, head);
    memcpy(text + length - tail, suffix, tail);
    return text;
}

static void test_lengths(void **state)
{
    (void)state;
    static const struct {
        const struct grammar *grammar;
        const char *prefix, *suffix;
        size_t longest;
    } lengths[] = {
        {&grammar_environment, "", "", 64},
        {&grammar_policy_name, "", "", 128},
        {&grammar_user, "", "", 64},
        {&grammar_user, "", "@b.c", 68},
        {&grammar_user, "b@", "", 254},
        {&grammar_role, "", "", 64},
        {&grammar_owner, "", "", 64},
        {&grammar_policy_path, "/", "/", 512},
        {&grammar_policy_arn, "arn:aws:iam::aws:policy/", "/x", 2048},
        {&grammar_policy_arn, "arn:aws:iam::aws:policy/", "", 24 + 128},
        {&grammar_boundary, "policy/", "/x", 2048},
        {&grammar_boundary, "policy/a/", "", 9 + 128},
        {&grammar_resource, "arn:aws:s3:::", "", 2048},
        {&grammar_action, "s3:", "", 256},
    };
    CLEANUP(arena_freep) struct arena *arena = arena_new();
    for (size_t i = 0; i < COUNT(lengths); i++) {
        const char *fits = long_text(arena, lengths[i].prefix, lengths[i].suffix, lengths[i].longest);
        const char *longer = long_text(arena, lengths[i].prefix, lengths[i].suffix, lengths[i].longest + 1);
        CHECK(lengths[i].grammar->matches(fits), "%s: %s", lengths[i].grammar->id, fits);
        CHECK(!lengths[i].grammar->matches(longer), "%s: %s", lengths[i].grammar->id, longer);
    }
}

static void test_partition_of_an_arn(void **state)
{
    (void)state;
    assert_true(grammar_arn_in_partition("*", "aws"));
    assert_true(grammar_arn_in_partition("arn:aws:s3:::b", "aws"));
    assert_true(grammar_arn_in_partition("arn:*:s3:::b", "aws"));
    assert_true(grammar_arn_in_partition("arn:aws*:s3:::b", "aws-cn"));
    assert_false(grammar_arn_in_partition("arn:aws:s3:::b", "aws-cn"));
    assert_false(grammar_arn_in_partition("arn:aws-cn:s3:::b", "aws"));
    assert_false(grammar_arn_in_partition("arn:aws-cn:s3:::b*", "aws"));
}

static void test_account_of_a_policy(void **state)
{
    (void)state;
    CLEANUP(arena_freep) struct arena *arena = arena_new();
    assert_null(grammar_policy_arn_account(arena, "arn:aws:iam::aws:policy/x"));
    assert_string_equal(grammar_policy_arn_account(arena, "arn:aws:iam::123456789012:policy/x"),
                        "123456789012");
}

static void test_teams(void **state)
{
    (void)state;
    CLEANUP(arena_freep) struct arena *arena = arena_new();
    static const char *const good[] = {"a", "0", "example-team", "a_b", "a-"};
    static const char *const bad[] = {"", "-a", "_a", "A", "a.b", "a b", "a/b", "\xc3\xa9"};
    for (size_t i = 0; i < COUNT(good); i++)
        CHECK(grammar_is_team(good[i]), "%s", good[i]);
    for (size_t i = 0; i < COUNT(bad); i++)
        CHECK(!grammar_is_team(bad[i]), "%s", bad[i]);
    assert_true(grammar_is_team(long_text(arena, "", "", 64)));
    assert_false(grammar_is_team(long_text(arena, "", "", 65)));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_each_grammar),
        cmocka_unit_test(test_lengths),
        cmocka_unit_test(test_partition_of_an_arn),
        cmocka_unit_test(test_account_of_a_policy),
        cmocka_unit_test(test_teams),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

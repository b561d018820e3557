/* SPDX-License-Identifier: Apache-2.0 */
#include "policy/action_match.h"
#include "policy/pattern.h"
#include "unit.h"

#include <stdio.h>
#include <string.h>

static void test_meet(void **state)
{
    (void)state;
    static const struct {
        const char *a, *b;
        bool meet;
    } cases[] = {
        {"iam:CreateUser", "iam:createuser", true},
        {"iam:CreateUser", "iam:CreateRole", false},
        {"iam:*", "iam:CreateUser", true},
        {"*", "organizations:*", true},
        {"iam:Create*", "iam:*User", true},
        {"iam:Create*", "iam:Delete*", false},
        {"iam:Create?ser", "iam:CreateU*", true},
        {"iam:Create?", "iam:Create", false},
        {"iam:Create*", "iam:Create", true},
        {"iam:*", "s3:*", false},
        {"s3:*Object*", "s3:Get*Acl", true},
        {"s3:Get*Object", "s3:*Bucket", false},
        {"s3:?*", "s3:*?", true},
        {"a*b*c", "*bc", true},
        {"", "*", true},
        {"", "?", false},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        CHECK(patterns_meet(cases[i].a, cases[i].b) == cases[i].meet, "%s and %s", cases[i].a, cases[i].b);
        CHECK(patterns_meet(cases[i].b, cases[i].a) == cases[i].meet, "%s and %s", cases[i].b, cases[i].a);
    }
    char long_text[PATTERN_MAX + 2];
    memset(long_text, 'a', sizeof long_text);
    long_text[sizeof long_text - 1] = 0;
    assert_true(patterns_meet("b", long_text)); /* not looked at: the safe side */
}

/* Of all short texts over two letters, against what is true of each: the slow and obvious way. */
static bool matches(const char *pattern, const char *text)
{
    if (!*pattern)
        return !*text;
    if (*pattern == '*')
        return matches(pattern + 1, text) || (*text && matches(pattern, text + 1));
    return *text && (*pattern == '?' || *pattern == *text) && matches(pattern + 1, text + 1);
}

enum { LETTERS = 4, PATTERNS = 1 + 4 + 16 + 64, TEXTS = 1 + 2 + 4 + 8 + 16 + 32 + 64 };

/* The n-th text over the first `letters` of "ab?*", shortest first. */
static void nth(unsigned n, unsigned letters, char *ret)
{
    char *end = ret;
    for (; n; n = (n - 1) / letters)
        *end++ = "ab?*"[(n - 1) % letters];
    *end = 0;
}

static void test_all_short_patterns(void **state)
{
    (void)state;
    char a[8], b[8], text[8];
    for (unsigned i = 0; i < PATTERNS; i++)
        for (unsigned k = 0; k < PATTERNS; k++) {
            nth(i, LETTERS, a);
            nth(k, LETTERS, b);
            bool meet = false, covers = true;
            for (unsigned t = 0; t < TEXTS; t++) {
                nth(t, 2, text);
                meet |= matches(a, text) && matches(b, text);
                covers &= !matches(b, text) || matches(a, text);
            }
            CHECK(patterns_meet(a, b) == meet, "'%s' and '%s'", a, b);
            CHECK(!pattern_covers(a, b) || covers, "'%s' covers '%s'", a, b);
        }
}

static void test_covers(void **state)
{
    (void)state;
    assert_true(pattern_covers("*", "iam:*"));
    assert_true(pattern_covers("iam:*", "iam:Create*"));
    assert_true(pattern_covers("iam:*User", "IAM:create*user"));
    assert_true(pattern_covers("iam:Create?ser", "iam:CreateUser"));
    assert_false(pattern_covers("iam:Create*", "iam:*"));
    assert_false(pattern_covers("iam:?", "iam:*"));
    assert_false(pattern_covers("iam:CreateUser", "iam:Create?ser"));
}

static struct strings list(const char **items, size_t count)
{
    return (struct strings){.items = items, .count = count};
}

static void test_documents(void **state)
{
    (void)state;
    const char *reads[] = {"s3:Get*"}, *all_but_iam[] = {"iam:*", "sts:*"}, *some_iam[] = {"iam:Create*"},
               *deny[] = {"*"};
    struct statement statements[] = {
        {.effect = EFFECT_DENY, .actions = list(deny, 1)},
        {.effect = EFFECT_ALLOW, .actions = list(reads, 1)},
        {.effect = EFFECT_ALLOW, .not_actions = list(all_but_iam, 2)},
    };
    const struct document both = {.items = statements, .count = 2}, all = {.items = statements, .count = 3};
    const char *action = NULL;
    assert_true(document_allows(&both, "s3:*Object", &action));
    assert_string_equal(action, "s3:Get*");
    assert_false(document_allows(&both, "ec2:*", &action));
    assert_true(document_allows(&all, "ec2:*", &action));
    assert_string_equal(action, "NotAction");
    assert_false(document_allows(&all, "iam:CreateUser", &action));
    assert_true(document_allows(&all, "*", &action));
    statements[2].not_actions = list(some_iam, 1);
    assert_true(document_allows(&all, "iam:*", &action));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_meet),
        cmocka_unit_test(test_all_short_patterns),
        cmocka_unit_test(test_covers),
        cmocka_unit_test(test_documents),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: Apache-2.0 */
#include "policy/pattern.h"
#include "unit.h"

#include <string.h>

static void test_matches(void **state)
{
    (void)state;
    static const struct {
        const char *pattern, *text;
        bool matches;
    } cases[] = {
        {"", "", true},
        {"", "a", false},
        {"*", "", true},
        {"*", "abc", true},
        {"a*c", "abbbc", true},
        {"a*c", "abbb", false},
        {"?", "", false},
        {"?", "a", true},
        {"s3:Get*", "S3:getObject", true},
        {"s3:Get*", "s3:Put", false},
        {"*a*b*c*", "xaybzc", true},
        {"*a*b*c*", "xcybza", false},
        {"a**", "a", true},
        {"iam:*", "iam:" PATTERN_ANYTHING, true},
        {"iam:Put*", "iam:" PATTERN_ANYTHING, false},
    };
    for (size_t i = 0; i < COUNT(cases); i++)
        CHECK(pattern_matches(cases[i].pattern, cases[i].text) == cases[i].matches, "%s against %s",
              cases[i].pattern, cases[i].text);
}

static void test_meet(void **state)
{
    (void)state;
    static const struct {
        const char *a, *b;
        bool meet;
    } cases[] = {
        {"", "", true},
        {"", "*", true},
        {"", "?", false},
        {"abc", "ABC", true},
        {"abc", "abd", false},
        {"a*", "*b", true},
        {"a*", "b*", false},
        {"a*c", "a?c", true},
        {"a*c", "ab", false},
        {"*x*", "*y*", true},
        {"a?", "a", false},
        {"user/bert", "user/*bert", true},
        {"user/team/bert", "user/*bert", true},
        {"user/ernie", "user/*bert", false},
        {"user/*", "user/*bert", true},
        {"user/b*", "user/*bert", true},
        {"user/robert", "user/*bert", true}, /* 'ro' could be part of a path: what may be */
        {"role/*", "user/*bert", false},
        {"arn:aws:iam::111111111111:user/${aws:username}", "arn:aws:iam::111111111111:user/*bert", true},
        {"arn:aws:iam::222222222222:user/${aws:username}", "arn:aws:iam::111111111111:user/*bert", false},
        {"${unclosed", "$*", true},
        {"${unclosed", "x*", false},
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
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        CHECK(patterns_meet(cases[i].a, cases[i].b) == cases[i].meet, "%s and %s", cases[i].a, cases[i].b);
        CHECK(patterns_meet(cases[i].b, cases[i].a) == cases[i].meet, "%s and %s", cases[i].b, cases[i].a);
    }
    static char longer[PATTERN_MAX + 2];
    memset(longer, 'a', PATTERN_MAX + 1);
    assert_true(patterns_meet(longer, "b"));
    longer[PATTERN_MAX] = 0;
    assert_false(patterns_meet(longer, "b"));
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
                CHECK(pattern_matches(a, text) == matches(a, text), "'%s' and '%s'", a, text);
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

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_matches),
        cmocka_unit_test(test_meet),
        cmocka_unit_test(test_all_short_patterns),
        cmocka_unit_test(test_covers),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

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

/* Of small patterns all pairs: they meet exactly when one of all small texts matches both. */
static void test_meet_is_what_matching_says(void **state)
{
    (void)state;
    static const char letters[] = "ab?*";
    char patterns[85][4];
    size_t count = 0;
    for (size_t length = 0; length <= 3; length++)
        for (size_t number = 0; number < (size_t)1 << (2 * length); number++) {
            for (size_t i = 0; i < length; i++)
                patterns[count][i] = letters[number >> (2 * i) & 3];
            patterns[count++][length] = 0;
        }
    assert_int_equal(count, COUNT(patterns));
    for (size_t i = 0; i < count; i++)
        for (size_t j = 0; j < count; j++) {
            bool meet = false;
            for (size_t length = 0; length <= 6 && !meet; length++)
                for (size_t number = 0; number < (size_t)1 << length && !meet; number++) {
                    char text[7] = "";
                    for (size_t k = 0; k < length; k++)
                        text[k] = number >> k & 1 ? 'a' : 'b';
                    meet = pattern_matches(patterns[i], text) && pattern_matches(patterns[j], text);
                }
            CHECK(patterns_meet(patterns[i], patterns[j]) == meet, "%s and %s", patterns[i], patterns[j]);
        }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_matches),
        cmocka_unit_test(test_meet),
        cmocka_unit_test(test_meet_is_what_matching_says),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

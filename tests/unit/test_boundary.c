/* SPDX-License-Identifier: Apache-2.0 */
#include "base/str.h"
#include "policy/boundary.h"
#include "unit.h"

#define HERE  "123456789012"
#define THERE "345678901234"

static void test_the_account_is_filled_in(void **state)
{
    (void)state;
    CLEANUP(arena_freep) struct arena *arena = arena_new();
    static const struct {
        const char *general, *own, *expected;
    } cases[] = {
        {"", NULL, ""},
        {"policy/x", NULL, "arn:aws-cn:iam::" HERE ":policy/x"},
        {"", "policy/limits/x", "arn:aws-cn:iam::" HERE ":policy/limits/x"},
        {"policy/y", "policy/x", "arn:aws-cn:iam::" HERE ":policy/x"},
        {"arn:aws-cn:iam::" THERE ":policy/x", NULL, "arn:aws-cn:iam::" THERE ":policy/x"},
        {"arn:aws-cn:iam::aws:policy/x", NULL, "arn:aws-cn:iam::aws:policy/x"},
    };
    struct settings settings = settings_defaults();
    settings.partition = "aws-cn";
    for (size_t i = 0; i < COUNT(cases); i++) {
        const struct role_decl role = {.permissions_boundary = cases[i].own};
        settings.permissions_boundary = cases[i].general;
        assert_string_equal(boundary_of_role(arena, &settings, HERE, &role), cases[i].expected);
        if (!cases[i].own)
            assert_string_equal(boundary_of_role(arena, &settings, HERE, NULL), cases[i].expected);
    }
}

static void test_whose_it_is(void **state)
{
    (void)state;
    static const struct {
        const char *arn, *written;
        bool possible;
    } cases[] = {
        {"arn:aws:iam::" HERE ":policy/limits/x", "policy/limits/x", true},
        {"arn:aws:iam::" THERE ":policy/limits/x", "arn:aws:iam::" THERE ":policy/limits/x", false},
        {"arn:aws:iam::aws:policy/x", "arn:aws:iam::aws:policy/x", true},
        {"", "", true},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        CHECK(boundary_is_possible(cases[i].arn, HERE) == cases[i].possible, "%s", cases[i].arn);
        assert_string_equal(boundary_as_written(cases[i].arn, HERE), cases[i].written);
    }
    assert_string_equal(boundary_without_account(cases[1].arn), "policy/limits/x");
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_the_account_is_filled_in),
        cmocka_unit_test(test_whose_it_is),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

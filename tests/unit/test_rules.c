/* SPDX-License-Identifier: Apache-2.0 */
#include "model/rules.h"
#include "unit.h"

static void test_find(void **state)
{
    (void)state;
    struct account_rules items[] = {{.account_id = "111111111111"},
                                    {.account_id = "222222222222"},
                                    {.account_id = "333333333333"}};
    const struct all_account_rules all = {.items = items, .count = COUNT(items)}, none = {0};
    for (size_t i = 0; i < COUNT(items); i++)
        assert_ptr_equal(account_rules_find(&all, items[i].account_id), &items[i]);
    assert_null(account_rules_find(&all, "000000000000"));
    assert_null(account_rules_find(&all, "444444444444"));
    assert_null(account_rules_find(&none, "111111111111"));
}

/* The smallest that is set. */
static void test_max_days(void **state)
{
    (void)state;
    static const struct {
        int64_t limits, account, grant, expected;
    } cases[] = {
        {6, DAYS_UNSET, DAYS_UNSET, 6},
        {6, 2, DAYS_UNSET, 2},
        {6, DAYS_UNSET, 1, 1},
        {6, 2, 1, 1},
        {6, 1, 2, 1},
        {6, 9, 9, 6},
        {6, 0, 3, 0},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct rules rules = settings_defaults().rules;
        struct grant_rules grants[] = {{.name = {.text = "other"}, .max_days = 0},
                                       {.name = {.text = "fix"}, .max_days = cases[i].grant}};
        const struct account_rules account = {.max_days = cases[i].account};
        rules.max_days = cases[i].limits;
        rules.grants.items = grants;
        rules.grants.count = COUNT(grants);
        CHECK(rules_max_days(&rules, &account, "fix") == cases[i].expected, "%zu", i);
    }
    const struct rules defaults = settings_defaults().rules;
    assert_int_equal(rules_max_days(&defaults, NULL, "fix"), 6);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_find), cmocka_unit_test(test_max_days)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}

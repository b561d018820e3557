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

/* Each rule by itself is the stricter one, and whoever is in one list only is in the joined one. */
static void test_join(void **state)
{
    (void)state;
    CLEANUP(arena_freep) struct arena *arena = arena_new();
    struct account_rules here[] = {
        {.account_id = "1", .max_days = 3, .approvals = 2},
        {.account_id = "2", .max_days = DAYS_UNSET, .require_reason = true},
        {.account_id = "4", .max_days = 1},
    };
    struct account_rules there[] = {
        {.account_id = "0", .max_days = 5, .require_mfa = true},
        {.account_id = "2", .max_days = 2, .require_mfa = true, .approvals = 1},
        {.account_id = "4", .max_days = DAYS_UNSET},
    };
    static const struct account_rules expected[] = {
        {.account_id = "0", .max_days = 5, .require_mfa = true},
        {.account_id = "1", .max_days = 3, .approvals = 2},
        {.account_id = "2", .max_days = 2, .require_reason = true, .require_mfa = true, .approvals = 1},
        {.account_id = "4", .max_days = 1},
    };
    for (int turn = 0; turn < 2; turn++) {
        struct all_account_rules all = {.items = turn ? there : here, .count = 3};
        const struct all_account_rules more = {.items = turn ? here : there, .count = 3}, none = {0};
        account_rules_join(arena, &all, &more);
        account_rules_join(arena, &all, &none);
        assert_int_equal(all.count, COUNT(expected));
        for (size_t i = 0; i < COUNT(expected); i++) {
            const struct account_rules *rules = account_rules_find(&all, expected[i].account_id);
            CHECK(rules && rules->max_days == expected[i].max_days &&
                      rules->approvals == expected[i].approvals &&
                      rules->require_reason == expected[i].require_reason &&
                      rules->require_mfa == expected[i].require_mfa,
                  "%s", expected[i].account_id);
        }
    }
    assert_int_equal(here[1].max_days, DAYS_UNSET); /* the lists themselves stay as they are */
}

static void test_kept(void **state)
{
    (void)state;
    static const struct account_rules none = {.account_id = "1", .max_days = DAYS_UNSET},
                                      all = {.account_id = "1",
                                             .max_days = 2,
                                             .require_reason = true,
                                             .require_mfa = true,
                                             .approvals = 1};
    struct account_rules less[4] = {all, all, all, all}, more = all;
    less[0].max_days = 3;
    less[1].require_reason = false;
    less[2].require_mfa = false;
    less[3].approvals = 0;
    more.max_days = 0;
    more.approvals = 2;
    assert_true(account_rules_are_kept(&all, &all));
    assert_true(account_rules_are_kept(&all, &more));
    assert_true(account_rules_are_kept(&none, NULL));
    assert_true(account_rules_are_kept(&none, &all));
    assert_false(account_rules_are_kept(&all, NULL));
    for (size_t i = 0; i < COUNT(less); i++)
        assert_false(account_rules_are_kept(&all, &less[i]));
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_find), cmocka_unit_test(test_max_days),
                                       cmocka_unit_test(test_join), cmocka_unit_test(test_kept)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}

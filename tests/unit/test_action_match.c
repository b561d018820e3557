/* SPDX-License-Identifier: Apache-2.0 */
#include "policy/action_match.h"
#include "unit.h"

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
        cmocka_unit_test(test_documents),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

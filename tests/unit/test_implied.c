/* SPDX-License-Identifier: Apache-2.0 */
#include "plan_world.h"
#include "unit.h"

#include <string.h>

/* That nothing is to be done where AWS holds what a configuration implies is a law: plan_laws.h. */

static void test_state(void **state)
{
    (void)state;
    struct world *world = world_new();
    world_implies(world,
                  WORLD_BASE "permanent-access:\n" PERMANENT(
                      "bert, ernie", "both, ro") "- {roles: [Deploy],"
                                                 " environments: [dev], grants: [ro]}\n"
                                                 "temporary-access:\n" LEASE("bert", "fix", "2026-11-26"));
    assert_int_equal(world->observed.count, 2);
    const struct observed_account *account = world_account(world, ACCOUNT);
    assert_int_equal(account->quotas.attached[PRINCIPAL_USER], 10);
    assert_int_equal(account->principals.count, 2);
    assert_int_equal(account->policies.count, 1); /* a lease needs none */
    assert_string_equal(account->policies.items[0].arn, ARN_OF("payments-both"));
    assert_string_equal(account->policies.items[0].description, "[iamlease default/payments/both]");
    assert_string_equal(account->policies.items[0].versions.items[0].id, "v1");

    const struct observed_principal *bert = world_principal(world, ACCOUNT, "user bert");
    assert_int_equal(bert->attached.count, 3); /* what two grants bring is there once */
    assert_true(strings_contain(&bert->attached, ARN_OF("payments-both")));
    assert_int_equal(bert->inline_policies.count, 1);
    assert_string_equal(bert->inline_policies.items[0].name, "temp-payments-fix-bert");
    assert_non_null(strstr(bert->inline_policies.items[0].document, "2026-11-27T00:00:00Z"));
    assert_int_equal(world_principal(world, OTHER_ACCOUNT, "role Deploy")->attached.count, 1);
    world_free(world);
}

/* Whoever head names is there, with nothing: a plan without AWS must not say that he is missing. */
static void test_named_principals(void **state)
{
    (void)state;
    struct world *world = world_new();
    const char *head = WORLD_BASE "permanent-access:\n" PERMANENT("Bert, oscar", "ro");
    struct facts before = world_facts(world, WORLD_BASE "permanent-access:\n" PERMANENT("bert", "ro"), 0);
    struct facts after = world_facts(world, head, 0);
    operations_implied_state(world->arena, &world->settings, &before, &after, NULL, &world->observed);
    const struct observed_account *account = world_account(world, ACCOUNT);
    assert_int_equal(account->principals.count, 2); /* bert is Bert */
    assert_int_equal(world_principal(world, ACCOUNT, "user oscar")->attached.count, 0);
    world_want(world, head);
    assert_string_equal(world_plan(world), "attach policy ReadOnlyAccess, user oscar\n"
                                           "i\n");
    world_free(world);
}

/* Where it is not known what a lease copies it is a policy all the same. */
static void test_modes(void **state)
{
    (void)state;
    struct world *world = world_new();
    world_implies(world, WORLD_BASE "temporary-access:\n" LEASE("bert", "both", "2026-11-26"));
    const struct observed_principal *bert = world_principal(world, ACCOUNT, "user bert");
    assert_int_equal(bert->attached.count, 1);
    assert_string_equal(bert->attached.items[0], ARN_OF("temp-payments-both-bert"));
    assert_int_equal(bert->inline_policies.count, 0);
    const struct observed_policy *policy = &world_account(world, ACCOUNT)->policies.items[0];
    assert_string_equal(policy->description, "[iamlease default/payments/both:user:bert]");
    assert_non_null(
        strstr(policy->document, "\"DateLessThan\":{\"aws:CurrentTime\":\"2026-11-27T00:00:00Z\"}"));

    struct facts facts =
        world_facts(world, WORLD_BASE "temporary-access:\n" LEASE("bert", "both", "2026-11-26"), 0);
    struct observed unknown = {0};
    operations_implied_state(world->arena, &world->settings, &facts, &facts, NULL, &unknown);
    assert_int_equal(unknown.items[0].policies.count, 1);
    assert_string_equal(unknown.items[0].policies.items[0].name, "temp-payments-both-bert");
    world_free(world);
}

static void test_settings(void **state)
{
    (void)state;
    struct world *world = world_new();
    world->settings.partition = "aws-cn";
    world->settings.policy_path = "/x/";
    world->settings.owner = "acme";
    world_implies(world, WORLD_BASE "permanent-access:\n" PERMANENT("bert", "fix"));
    const struct observed_policy *policy = &world_account(world, ACCOUNT)->policies.items[0];
    assert_string_equal(policy->arn, "arn:aws-cn:iam::" ACCOUNT ":policy/x/payments-fix");
    assert_string_equal(policy->path, "/x/");
    assert_string_equal(policy->description, "Mend things [iamlease acme/payments/fix]");
    world_free(world);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_state),
        cmocka_unit_test(test_named_principals),
        cmocka_unit_test(test_modes),
        cmocka_unit_test(test_settings),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

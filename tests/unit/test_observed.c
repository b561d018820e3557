/* SPDX-License-Identifier: Apache-2.0 */
#include "model/observed.h"
#include "plan_world.h"
#include "unit.h"

/* IAM tells users, roles and policies apart by name without regard to case; a user and a role may have one name. */
static void test_find(void **state)
{
    (void)state;
    struct world *world = world_new();
    const struct observed *observed = &world->observed;
    assert_null(observed_find_account(observed, ACCOUNT));
    world_principal(world, ACCOUNT, "user Bert");
    world_principal(world, ACCOUNT, "role bert");
    world_policy(world, "Payments-fix", "", "{}", 1);
    world_principal(world, OTHER_ACCOUNT, "user ernie");
    const struct observed_account *account = observed_find_account(observed, ACCOUNT);
    assert_string_equal(account->account_id, ACCOUNT);
    assert_string_equal(observed_find_principal(account, PRINCIPAL_USER, "bERT")->name, "Bert");
    assert_string_equal(observed_find_principal(account, PRINCIPAL_ROLE, "BERT")->name, "bert");
    assert_null(observed_find_principal(account, PRINCIPAL_USER, "ernie"));
    assert_null(observed_find_principal(account, PRINCIPAL_USER, "ber"));
    assert_string_equal(observed_find_policy(account, "payments-FIX")->arn, ARN_OF("Payments-fix"));
    assert_null(observed_find_policy(account, "payments-fi"));
    assert_null(observed_find_policy(observed_find_account(observed, OTHER_ACCOUNT), "Payments-fix"));
    assert_null(observed_find_account(observed, "11111111111"));
    world_free(world);
}

static void test_quotas(void **state)
{
    (void)state;
    struct quotas quotas = quotas_defaults();
    assert_int_equal(quotas.managed_policy_size, 6144);
    assert_int_equal(quotas.user_inline_size, 2048);
    assert_int_equal(quotas.role_inline_size, 10240);
    assert_int_equal(quotas.attached_per_user, 10);
    assert_int_equal(quotas.attached_per_role, 10);
    assert_int_equal(quotas.versions_per_policy, 5);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_find),
        cmocka_unit_test(test_quotas),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

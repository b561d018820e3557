/* SPDX-License-Identifier: Apache-2.0 */
#include "model/observed.h"
#include "plan_world.h"
#include "unit.h"

/* IAM tells users, roles, groups and policies apart by name without regard to case; a user, a role and a
 * group may have one name. */
static void test_find(void **state)
{
    (void)state;
    struct world *world = world_new();
    const struct observed *observed = &world->observed;
    assert_null(observed_find_account(observed, ACCOUNT));
    world_principal(world, ACCOUNT, "user Bert");
    world_principal(world, ACCOUNT, "role bert");
    world_principal(world, ACCOUNT, "group BERT");
    world_policy(world, "Payments-fix", "", "{}", 1);
    world_principal(world, OTHER_ACCOUNT, "user ernie");
    const struct observed_account *account = observed_find_account(observed, ACCOUNT);
    assert_string_equal(account->account_id, ACCOUNT);
    assert_string_equal(observed_find_principal(account, PRINCIPAL_USER, "bERT")->name, "Bert");
    assert_string_equal(observed_find_principal(account, PRINCIPAL_ROLE, "BERT")->name, "bert");
    assert_string_equal(observed_find_principal(account, PRINCIPAL_GROUP, "bert")->name, "BERT");
    assert_null(observed_find_principal(account, PRINCIPAL_USER, "ernie"));
    assert_null(observed_find_principal(account, PRINCIPAL_USER, "ber"));
    assert_string_equal(observed_find_policy(account, "payments-FIX")->arn, ARN_OF("Payments-fix"));
    assert_null(observed_find_policy(account, "payments-fi"));
    assert_null(observed_find_policy(observed_find_account(observed, OTHER_ACCOUNT), "Payments-fix"));
    assert_null(observed_find_account(observed, "11111111111"));
    world_free(world);
}

/* What was there when the account was indexed, what came since, and what was added by name. */
static void test_index(void **state)
{
    (void)state;
    struct world *world = world_new();
    world_principal(world, ACCOUNT, "user Bert");
    world_policy(world, "Payments-fix", "", "{}", 1);
    struct observed_account *account = world_account(world, ACCOUNT);
    observed_index(world->arena, account);
    world_principal(world, ACCOUNT, "role Bert");
    world_policy(world, "Payments-new", "", "{}", 1);
    struct observed_principal *ernie = observed_add_principal(world->arena, account, PRINCIPAL_USER, "Ernie");
    assert_string_equal(ernie->name, "Ernie");
    assert_int_equal(account->principals.count, 3);
    assert_ptr_equal(observed_add_principal(world->arena, account, PRINCIPAL_USER, "eRNIE"), ernie);
    assert_ptr_equal(observed_add_principal(world->arena, account, PRINCIPAL_ROLE, "bert"),
                     &account->principals.items[1]);
    assert_ptr_equal(observed_find_principal(account, PRINCIPAL_USER, "bert"), &account->principals.items[0]);
    assert_ptr_equal(observed_find_principal(account, PRINCIPAL_USER, "ernie"), ernie);
    assert_null(observed_find_principal(account, PRINCIPAL_ROLE, "ernie"));
    assert_ptr_equal(observed_find_policy(account, "payments-NEW"), &account->policies.items[1]);
    assert_ptr_equal(observed_add_policy(world->arena, account, "payments-FIX"), &account->policies.items[0]);
    assert_string_equal(observed_add_policy(world->arena, account, "other")->name, "other");
    assert_string_equal(observed_find_policy(account, "OTHER")->name, "other");
    assert_int_equal(account->policies.count, 3);

    account->principals.items[0] = account->principals.items[2];
    account->principals.count = 1;
    observed_index(world->arena, account);
    assert_null(observed_find_principal(account, PRINCIPAL_USER, "bert"));
    assert_ptr_equal(observed_find_principal(account, PRINCIPAL_USER, "ernie"), &account->principals.items[0]);
    world_free(world);
}

static void test_attached(void **state)
{
    (void)state;
    struct world *world = world_new();
    const struct observed_principal *bert = world_principal(world, ACCOUNT, "user bert");
    assert_false(observed_is_attached(bert, ARN_OF("b")));
    world_attach(world, "user bert", ARN_OF("c"));
    world_attach(world, "user bert", ARN_OF("a"));
    assert_true(observed_is_attached(bert, ARN_OF("a")));
    observed_index(world->arena, world_account(world, ACCOUNT));
    world_attach(world, "user bert", ARN_OF("b"));
    static const char *const attached[] = {ARN_OF("a"), ARN_OF("b"), ARN_OF("c")};
    for (size_t i = 0; i < COUNT(attached); i++)
        CHECK(observed_is_attached(bert, attached[i]), "%s", attached[i]);
    assert_false(observed_is_attached(bert, ARN_OF("A")));
    assert_false(observed_is_attached(bert, ARN_OF("d")));
    world_free(world);
}

static void test_quotas(void **state)
{
    (void)state;
    struct quotas quotas = quotas_defaults();
    assert_int_equal(quotas.managed_policy_size, 6144);
    assert_int_equal(quotas.inline_size[PRINCIPAL_USER], 2048);
    assert_int_equal(quotas.inline_size[PRINCIPAL_ROLE], 10240);
    assert_int_equal(quotas.attached[PRINCIPAL_USER], 10);
    assert_int_equal(quotas.attached[PRINCIPAL_ROLE], 10);
    assert_int_equal(quotas.versions_per_policy, 5);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_find),
        cmocka_unit_test(test_index),
        cmocka_unit_test(test_attached),
        cmocka_unit_test(test_quotas),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: Apache-2.0 */
#include "base/str.h"
#include "plan/needs.h"
#include "plan_world.h"
#include "unit.h"

static const char *join(struct world *world, const char *what, const struct strings *strings)
{
    const char *text = arena_printf(world->arena, " %s:", what);
    for (size_t i = 0; i < strings->count; i++)
        text = arena_printf(world->arena, "%s %s", text, strings->items[i]);
    return strings->count ? text : "";
}

static const char *show(struct world *world, const struct needs *needs)
{
    const char *text = "";
    for (size_t i = 0; i < needs->count; i++)
        text =
            arena_printf(world->arena, "%s%s%s%s%s%s\n", text, needs->items[i].account_id,
                         join(world, "users", &needs->items[i].principals[PRINCIPAL_USER]),
                         join(world, "roles", &needs->items[i].principals[PRINCIPAL_ROLE]),
                         join(world, "groups", &needs->items[i].principals[PRINCIPAL_GROUP]),
                         arena_printf(world->arena, "%s%s", join(world, "policies", &needs->items[i].policies),
                                      join(world, "sources", &needs->items[i].sources)));
    return text;
}

static void test_facts(void **state)
{
    (void)state;
    struct world *world = world_new();
    struct needs needs = {0};
    struct facts head = world_facts(
        world,
        WORLD_BASE "permanent-access:\n" PERMANENT(
            "ernie, bert", "both, fix") "- {roles: [Deploy, Build], environments: [dev], grants: [ro]}\n"
                                        "temporary-access:\n" LEASE("oscar", "ro", "2026-11-26"),
        world->now_s);
    struct facts candidates =
        world_facts(world, WORLD_BASE "permanent-access:\n" PERMANENT("bert, gone", "ro, fix"), 0);
    needs_add_facts(world->arena, &world->settings, &head, &needs);
    needs_add_facts(world->arena, &world->settings, &head, &needs);
    needs_add_facts(world->arena, &world->settings, &candidates, &needs);
    needs_add_facts(world->arena, &world->settings, &candidates, &needs);
    needs_finish(&needs);
    /* Everybody once; a policy only where we may want to make it, a source only where a lease copies it. */
    assert_string_equal(
        show(world, &needs), ACCOUNT
        " users: bert ernie gone oscar roles: temp-payments-ro-oscar policies: payments-both payments-fix temp-payments-ro-oscar"
        " sources: " AWS_ARN("ReadOnlyAccess") "\n" OTHER_ACCOUNT " roles: Build Deploy\n");
    world_free(world);
}

/* A role lends the policies themselves: which of them deny must be known. */
static void test_role(void **state)
{
    (void)state;
    struct world *world = world_new();
    struct needs needs = {0};
    const struct facts head = world_facts(
        world,
        WORLD_BASE
        "temporary-access:\n- {user: bert, environment: prod, grant: both, mode: role, expiration_date: "
        "2026-11-26}\n",
        world->now_s);
    needs_add_facts(world->arena, &world->settings, &head, &needs);
    needs_finish(&needs);
    assert_string_equal(show(world, &needs), ACCOUNT
                        " users: bert roles: temp-payments-both-bert policies: payments-both sources: " AWS_ARN(
                            "ReadOnlyAccess") " " AWS_ARN("SecurityAudit") "\n");
    world_free(world);
}

/* Candidates of several commits stand behind each other: they are not sorted by account as a whole. */
static void test_accounts_come_again(void **state)
{
    (void)state;
    struct world *world = world_new();
    struct needs needs = {0};
    world_had(world, WORLD_BASE "permanent-access:\n"
                                "- {users: [bert], environments: [dev, prod], grants: [ro]}\n");
    world_had(world, WORLD_BASE "permanent-access:\n"
                                "- {users: [ernie], environments: [dev, prod], grants: [ro]}\n");
    needs_add_facts(world->arena, &world->settings, &world->candidates, &needs);
    needs_finish(&needs);
    assert_string_equal(show(world, &needs),
                        ACCOUNT " users: bert ernie\n" OTHER_ACCOUNT " users: bert ernie\n");
    world_free(world);
}

/* Accounts in which nobody is granted anything may still hold what is ours. */
static void test_accounts(void **state)
{
    (void)state;
    struct world *world = world_new();
    struct needs needs = {0};
    const struct config *config = world_config(
        world, WORLD_BASE "team: billing\naws-accounts: {all: '000000000000', prod: '" ACCOUNT "'}\n");
    needs_add_accounts(world->arena, config, &needs);
    needs_add_account(world->arena, "999999999999", &needs);
    needs_add_account(world->arena, ACCOUNT, &needs);
    needs_finish(&needs);
    assert_string_equal(show(world, &needs), "000000000000\n" ACCOUNT "\n" OTHER_ACCOUNT "\n999999999999\n");
    world_free(world);
}

static void test_nothing(void **state)
{
    (void)state;
    struct needs needs = {0};
    needs_finish(&needs);
    assert_int_equal(needs.count, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_facts),
        cmocka_unit_test(test_role),
        cmocka_unit_test(test_accounts_come_again),
        cmocka_unit_test(test_accounts),
        cmocka_unit_test(test_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

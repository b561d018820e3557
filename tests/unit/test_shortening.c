/* SPDX-License-Identifier: Apache-2.0 */
#include "base/str.h"
#include "plan/lease_role.h"
#include "plan_world.h"
#include "unit.h"

#include <string.h>

#define LEASES(...) "temporary-access:\n" __VA_ARGS__
#define IN(mode, date) \
    "- {user: bert, environment: prod, grant: g, expiration_date: " date ", mode: " mode "}\n"
#define GRANT(statements) WORLD_ACCOUNTS "aws-policies: {g: {custom_statements: [" statements "]}}\n"
#define ALLOW             "{effect: Allow, actions: ['s3:Get*'], resources: ['*']}"
#define DENY              "{effect: Deny, actions: ['s3:GetObjectAcl'], resources: ['*']}"
#define NAME              "temp-payments-g-bert"

/* A world in which bert has a lease that is held, and ends no later than `ends` says. */
static struct world *held_world(const char *grant, const char *had, const char *ends)
{
    struct world *world = world_new();
    had = arena_printf(world->arena, "%s%s", grant, had);
    ends = arena_printf(world->arena, "%s%s", grant, ends);
    world_principal(world, ACCOUNT, "user bert");
    world_implies(world, had);
    world_had(world, had);
    world_want(world, ends);
    world_hold(world, ends);
    world_hold_ends(world, ends);
    return world;
}

static void test_ends(void **state)
{
    (void)state;
    static const struct {
        const char *name, *grant, *had, *ends, *expected;
    } cases[] = {
        {"earlier", GRANT(ALLOW), LEASES(IN("inline", "2026-11-28")), LEASES(IN("inline", "2026-11-26")),
         "put inline policy " NAME ", user bert\n"},
        {"the same", GRANT(ALLOW), LEASES(IN("inline", "2026-11-26")), LEASES(IN("inline", "2026-11-26")), ""},
        {"later", GRANT(ALLOW), LEASES(IN("inline", "2026-11-26")), LEASES(IN("inline", "2026-11-28")), ""},
        {"what denies only", GRANT(DENY), LEASES(IN("inline", "2026-11-28")),
         LEASES(IN("inline", "2026-11-26")), ""},
        {"a policy", GRANT(ALLOW), LEASES(IN("policy", "2026-11-28")), LEASES(IN("policy", "2026-11-26")),
         "change policy " NAME "\n"},
        {"a policy, the same", GRANT(ALLOW), LEASES(IN("policy", "2026-11-28")),
         LEASES(IN("policy", "2026-11-28")), ""},
        {"a role", GRANT(ALLOW), LEASES(IN("role", "2026-11-28")), LEASES(IN("role", "2026-11-26")),
         "put inline policy iamlease-end, role " NAME "\nchange trust of role " NAME ", after 0\n"},
        {"a role, the same", GRANT(ALLOW), LEASES(IN("role", "2026-11-26")), LEASES(IN("role", "2026-11-28")),
         ""},
        {"another mode is asked for", GRANT(ALLOW), LEASES(IN("role", "2026-11-28")),
         LEASES(IN("inline", "2026-11-26")),
         "put inline policy iamlease-end, role " NAME "\nchange trust of role " NAME ", after 0\n"},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct world *world = held_world(cases[i].grant, cases[i].had, cases[i].ends);
        const char *plan = world_plan(world);
        CHECK(str_eq(plan, cases[i].expected), "%s:\n%s", cases[i].name, plan);
        world_free(world);
    }
}

/* The denial ends when it did: until then it denies more, never less. */
static void test_what_it_denies(void **state)
{
    (void)state;
    struct world *world = held_world(GRANT(ALLOW ", " DENY), LEASES(IN("inline", "2026-11-28")),
                                     LEASES(IN("inline", "2026-11-26")));
    world_plan(world);
    const char *document = world->plan.operations.items[0].document, *denies = strstr(document, "Deny");
    assert_non_null(denies);
    assert_non_null(strstr(denies, "2026-11-29T00:00:00Z"));
    assert_null(strstr(denies, "2026-11-27T00:00:00Z"));
    assert_non_null(strstr(document, "2026-11-27T00:00:00Z"));
    world_free(world);
}

/* Whatever somebody took away by hand: the denial of a role, or the end itself. */
static void test_by_hand(void **state)
{
    (void)state;
    struct world *world =
        held_world(GRANT(ALLOW), LEASES(IN("role", "2026-11-26")), LEASES(IN("role", "2026-11-28")));
    struct observed_principal *role = world_principal(world, ACCOUNT, "role " NAME);
    role->inline_policies.count = 0;
    assert_string_equal(world_plan(world), "put inline policy iamlease-end, role " NAME "\n");
    assert_non_null(strstr(world->plan.operations.items[0].document, "2026-11-27T00:00:00Z"));
    world_free(world);

    world = held_world(GRANT(ALLOW), LEASES(IN("inline", "2026-11-26")), LEASES(IN("inline", "2026-11-26")));
    struct inline_policy *lease = &world_principal(world, ACCOUNT, "user bert")->inline_policies.items[0];
    const char *condition = strstr(lease->document, ",\"Condition\"");
    assert_non_null(condition);
    lease->document =
        arena_printf(world->arena, "%.*s}]}", (int)(condition - lease->document), lease->document);
    assert_string_equal(world_plan(world), "put inline policy " NAME ", user bert\n");
    assert_non_null(strstr(world->plan.operations.items[0].document, "2026-11-27T00:00:00Z"));
    world_free(world);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_ends),
        cmocka_unit_test(test_what_it_denies),
        cmocka_unit_test(test_by_hand),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

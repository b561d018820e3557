/* SPDX-License-Identifier: Apache-2.0 */
#include "plan/concerned.h"
#include "plan/delta.h"
#include "plan_world.h"
#include "unit.h"

#include <string.h>

#define PERMANENT_ACCESS "permanent-access:\n"
#define STANDING         PERMANENT("'berta'", "ro")
#define DEV(user, grant) "- {users: [" user "], environments: [dev], grants: [" grant "]}\n"
#define CUSTOMER_ARN     "arn:aws:iam::" ACCOUNT ":policy/made-by-hand"

static const char *show(struct world *world, const struct facts *facts)
{
    const char *text = "";
    for (size_t i = 0; i < facts->count; i++)
        text = arena_printf(world->arena, "%s%s%s %s", text, i ? ", " : "", facts->items[i].principal,
                            facts->items[i].grant);
    return text;
}

static void compare(struct world *world, const struct facts *before, const struct facts *after,
                    struct delta *ret)
{
    const struct delta_input input = {.before = before, .after = after, .settings = &world->settings};
    delta_compute(world->arena, &input, ret);
}

static const struct {
    const char *before, *after, *concerned_before, *concerned_after;
} cases[] = {
    /* Nothing changes: nobody is concerned. */
    {STANDING, STANDING, "", ""},
    /* A row is concerned itself; who shares nothing with it is not. */
    {STANDING, STANDING PERMANENT("ernie", "fix"), "", "ernie fix"},
    {STANDING PERMANENT("ernie", "fix"), STANDING, "ernie fix", ""},
    /* All that the same principal has in that account, which its quotas count. */
    {STANDING PERMANENT("ernie", "both"), STANDING PERMANENT("ernie", "both, fix"), "ernie both",
     "ernie both, ernie fix"},
    {STANDING DEV("ernie", "both"), STANDING DEV("ernie", "both") PERMANENT("ernie", "fix"), "", "ernie fix"},
    /* All that hold the same policy in that account: it goes with the last of them. */
    {PERMANENT("berta, ernie", "fix"), PERMANENT("berta", "fix"), "berta fix, ernie fix", "berta fix"},
    {DEV("berta", "fix") PERMANENT("ernie", "fix"), DEV("berta", "fix"), "ernie fix", ""},
};

static void test_cases(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct world *world = world_new();
        const char *head = WORLD_BASE PERMANENT_ACCESS;
        struct facts before = world_facts(world, arena_printf(world->arena, "%s%s", head, cases[i].before), 0);
        struct facts after = world_facts(world, arena_printf(world->arena, "%s%s", head, cases[i].after), 0);
        struct facts concerned_before = {0}, concerned_after = {0};
        struct delta delta = {0};
        compare(world, &before, &after, &delta);
        facts_concerned(world->arena, &before, &after, &delta, &concerned_before, &concerned_after);
        const char *text = show(world, &concerned_before);
        CHECK(strcmp(text, cases[i].concerned_before) == 0, "%zu: before: %s", i, text);
        text = show(world, &concerned_after);
        CHECK(strcmp(text, cases[i].concerned_after) == 0, "%zu: after: %s", i, text);
        world_free(world);
    }
}

/* Whoever names a policy of the account by its ARN may mean one of ours: that is judged among all that stand there. */
static void test_arn_of_a_customer(void **state)
{
    (void)state;
    static const char head[] = WORLD_ACCOUNTS
        "aws-policies:\n"
        "  fix: {custom_statements: [{effect: Allow, actions: ['s3:Put*'], resources: ['*']}]}\n"
        "  own: {managed_policies: ['" CUSTOMER_ARN "']}\n"
        "permanent-access:\n" PERMANENT("berta", "fix");
    struct world *world = world_new();
    struct facts before = world_facts(world, head, 0), concerned_before = {0}, concerned_after = {0};
    struct facts after =
        world_facts(world, arena_printf(world->arena, "%s%s", head, PERMANENT("ernie", "own")), 0);
    struct delta delta = {0};
    compare(world, &before, &after, &delta);
    facts_concerned(world->arena, &before, &after, &delta, &concerned_before, &concerned_after);
    assert_string_equal(show(world, &concerned_before), "berta fix");
    assert_string_equal(show(world, &concerned_after), "berta fix, ernie own");
    world_free(world);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_cases),
        cmocka_unit_test(test_arn_of_a_customer),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

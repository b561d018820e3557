/* SPDX-License-Identifier: Apache-2.0 */
/* A lease of several policies that becomes smaller, or another kind: what it was stays until what it becomes is there. */
#include "base/str.h"
#include "plan_world.h"
#include "unit.h"

#include <string.h>

#define STATEMENT(effect, actions) "{effect: " effect ", actions: [" actions "], resources: ['*']}"
#define PAD                        "'s3:ListAllOfThePaddingThatMakesThisStatementAsLongAsItMustBeForAPolicyOfItsOwn*'"
#define A                          STATEMENT("Allow", "'s3:*', " PAD)
#define B                          STATEMENT("Allow", "'ec2:*', " PAD)
#define C                          STATEMENT("Allow", "'sqs:*', " PAD)
#define D                          STATEMENT("Allow", "'sns:*', " PAD)
#define DENY                       STATEMENT("Deny", "'s3:GetA', " PAD)
#define GRANT(statements)                                                \
    WORLD_ACCOUNTS "aws-policies:\n  ro: {managed_policies: ['" AWS_ARN( \
        "ReadOnlyAccess") "']}\n"                                        \
                          "  audit: {managed_policies: ['" AWS_ARN(      \
                              "SecurityAudit") "']}\n"                   \
                                               "  z: {custom_statements: [" statements "]}\n"
#define LENT(mode)                                                               \
    "temporary-access:\n- {user: bert, environment: prod, grant: z, mode: " mode \
    ", expiration_date: 2026-11-28}\n"
#define ONE_MORE(grant) \
    "- {user: bert, environment: prod, grant: " grant ", mode: policy, expiration_date: 2026-11-28}\n"

enum { POLICY_SIZE = 330, PARTS = 4 }; /* so that each statement is a policy */

static struct world *world_of(const char *had, size_t parts)
{
    struct world *world = world_new();
    struct observed_account *account = world_account(world, ACCOUNT);
    account->quotas.managed_policy_size = POLICY_SIZE;
    world_principal(world, ACCOUNT, "user bert");
    world_had(world, had);
    world_implies(world, had);
    CHECK(world_account(world, ACCOUNT)->policies.count == parts, "%s", had);
    return world;
}

static const struct operation *find(const struct world *world, enum operation_kind kind, const char *name)
{
    for (size_t i = 0; i < world->plan.operations.count; i++) {
        const struct operation *operation = &world->plan.operations.items[i];
        const char *arn = operation->policy_arn ? operation->policy_arn : "";
        if (operation->kind == kind &&
            (str_eq(operation->policy_name ? operation->policy_name : "", name) || strstr(arn, name)))
            return operation;
    }
    return NULL;
}

static bool waits_for(const struct world *world, const struct operation *operation,
                      const struct operation *needed)
{
    for (size_t i = 0; i < operation->after.count; i++)
        if (&world->plan.operations.items[operation->after.items[i]] == needed)
            return true;
    return false;
}

static void test_what_moves_into_another_part_is_there_first(void **state)
{
    (void)state;
    static const struct {
        const char *want;
        enum operation_kind kind;
        const char *name;
    } cases[] = {
        {GRANT(A) LENT("policy"), OP_CREATE_POLICY_VERSION, "temp-payments-z-bert"},
        {GRANT(A) LENT("inline"), OP_PUT_INLINE_POLICY, "temp-payments-z-bert"},
        {GRANT(A) LENT("role"), OP_ATTACH_POLICY, "payments-z"},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct world *world = world_of(GRANT(A ", " B) LENT("policy"), 2);
        world_want(world, cases[i].want);
        const char *plan = world_plan(world);
        const struct operation *detach = find(world, OP_DETACH_POLICY, "temp-payments-z-bert-2");
        const struct operation *gives = find(world, cases[i].kind, cases[i].name);
        CHECK(detach && gives && waits_for(world, detach, gives), "%zu:\n%s", i, plan);
        world_free(world);
    }
}

#define UNTIL(mode, date)                                                                                   \
    "temporary-access:\n- {user: bert, environment: prod, grant: z, mode: " mode ", expiration_date: " date \
    "}\n"

/* To end a lease earlier must never fail, whatever becomes of its new shape. */
static void test_what_lasts_too_long_waits_for_nothing(void **state)
{
    (void)state;
    for (int shorter = 0; shorter < 2; shorter++) {
        struct world *world = world_of(GRANT(A) UNTIL("role", "2026-11-28"), 1);
        world_want(world,
                   shorter ? GRANT(A) UNTIL("policy", "2026-11-27") : GRANT(A) UNTIL("policy", "2026-11-28"));
        const char *plan = world_plan(world);
        const struct operation *gives = find(world, OP_ATTACH_POLICY, "temp-payments-z-bert");
        const struct operation *gone = NULL;
        for (size_t i = 0; i < world->plan.operations.count; i++)
            if (world->plan.operations.items[i].kind == OP_DETACH_POLICY)
                gone = &world->plan.operations.items[i];
        CHECK(gives && gone && waits_for(world, gone, gives) == !shorter, "%d:\n%s", shorter, plan);
        world_free(world);
    }
}

/* A role that is to become policies, for which there is no room, stays until its end. */
static void test_a_role_stays_where_its_policies_do_not_fit(void **state)
{
    (void)state;
    static const char *const modes[] = {GRANT(A) UNTIL("policy", "2026-11-28"),
                                        GRANT(A) UNTIL("inline", "2026-11-28")};
    for (size_t i = 0; i < COUNT(modes); i++) {
        struct world *world = world_of(GRANT(A) UNTIL("role", "2026-11-28"), 1);
        for (unsigned n = 0; n < 10; n++)
            world_attach(world, "user bert", arena_printf(world->arena, AWS_ARN("Foreign%u"), n));
        world_account(world, ACCOUNT)->quotas.inline_size[PRINCIPAL_USER] = 10;
        world_want(world, modes[i]);
        const char *plan = world_plan(world);
        CHECK(strstr(plan, "-quota: bert, z"), "%s", plan);
        CHECK(!strstr(plan, "detach") && !strstr(plan, "delete"), "%s", plan);
        world_free(world);
    }
}

/* That the last part goes makes no room for others: the lease stays whole, with a row. */
static void test_what_cannot_be_granted_keeps_every_part(void **state)
{
    (void)state;
    struct world *world = world_of(GRANT(A ", " B ", " DENY) LENT("policy"), 3);
    for (unsigned i = 0; i < 7; i++)
        world_attach(world, "user bert", arena_printf(world->arena, AWS_ARN("Foreign%u"), i));
    world_want(world, GRANT(A ", " B) LENT("policy") ONE_MORE("ro") ONE_MORE("audit"));
    const char *plan = world_plan(world);
    CHECK(strstr(plan, "! attachment-quota: bert, z"), "%s", plan);
    CHECK(!strstr(plan, "detach"), "%s", plan);
    CHECK(!strstr(plan, "delete"), "%s", plan);
    world_free(world);
}

/* Of however many parts it is, and of however few its entry would be now. */
static void test_a_held_lease_keeps_every_part(void **state)
{
    (void)state;
    struct world *world = world_of(GRANT(A ", " B ", " C ", " D) LENT("policy"), PARTS);
    world_hold(world, GRANT(A) LENT("policy"));
    assert_string_equal(world_plan(world), "");
    world_free(world);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_what_moves_into_another_part_is_there_first),
        cmocka_unit_test(test_what_lasts_too_long_waits_for_nothing),
        cmocka_unit_test(test_a_role_stays_where_its_policies_do_not_fit),
        cmocka_unit_test(test_what_cannot_be_granted_keeps_every_part),
        cmocka_unit_test(test_a_held_lease_keeps_every_part),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

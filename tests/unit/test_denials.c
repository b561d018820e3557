/* SPDX-License-Identifier: Apache-2.0 */
/* What denies comes first and goes last. That nothing is allowed for a moment is a law that every plan here is held to. */
#include "base/str.h"
#include "plan/denials.h"
#include "plan_laws.h"
#include "plan_moments.h"
#include "plan_world.h"
#include "unit.h"

#include <string.h>

#define STATEMENT(effect, actions) "{effect: " effect ", actions: [" actions "], resources: ['*']}"
#define GRANT(statements)          WORLD_ACCOUNTS "aws-policies:\n  g: {custom_statements: [" statements "]}\n"
#define UNTIL(date, mode)                                                                                   \
    "temporary-access:\n- {user: bert, environment: prod, grant: g, mode: " mode ", expiration_date: " date \
    "}\n"

/* So long that two do not fit into one policy of SIZE_MAX_HERE characters. */
#define LONG(letter) "'s3:Get" letter letter letter letter letter letter letter letter letter letter "'"
#define PAD          "'s3:ListAllOfThePaddingThatMakesThisStatementAsLongAsItMustBeForAPolicyOfItsOwn*'"
#define ALLOW        STATEMENT("Allow", "'s3:*', " PAD)
#define SMALL_ALLOW  STATEMENT("Allow", "'s3:Get*', " PAD)
#define OTHER_ALLOW  STATEMENT("Allow", "'ec2:*', " PAD)
#define DENY         STATEMENT("Deny", "'s3:GetA', " PAD)
#define OTHER_DENY   STATEMENT("Deny", "'s3:GetB', " PAD)

enum { POLICY_SIZE = 330 };

static struct world *world_of(const char *had)
{
    struct world *world = world_new();
    struct observed_account *account = world_account(world, ACCOUNT);
    account->quotas.managed_policy_size = POLICY_SIZE;
    world_principal(world, ACCOUNT, "user bert");
    if (had) {
        world_had(world, had);
        world_implies(world, had);
    }
    return world;
}

/* From one to the other; which calls, without what they wait for. */
static const char *calls(struct world *world, const char *want)
{
    world_want(world, want);
    const char *plan = world_plan(world), *text = "";
    for (const char *line = plan; *line;) {
        const char *end = strchr(line, '\n'), *after = strstr(line, ", after ");
        const size_t size = (size_t)((after && after < end ? after : end) - line);
        text = arena_printf(world->arena, "%s%.*s\n", text, (int)size, line);
        line = end + 1;
    }
    return text;
}

#define N2(what) what " temp-payments-g-bert, user bert\n" what " temp-payments-g-bert-2, user bert\n"

static void test_changed_in_place(void **state)
{
    (void)state;
    static const struct {
        const char *name, *had, *want;
        bool is_detached; /* or changed one after the other */
    } cases[] = {
        {"prolonged", GRANT(ALLOW ", " DENY) UNTIL("2026-11-26", "policy"),
         GRANT(ALLOW ", " DENY) UNTIL("2026-11-28", "policy"), false},
        {"made shorter", GRANT(ALLOW ", " DENY) UNTIL("2026-11-28", "policy"),
         GRANT(ALLOW ", " DENY) UNTIL("2026-11-26", "policy"), true},
        {"loses the denial", GRANT(ALLOW ", " DENY) UNTIL("2026-11-26", "policy"),
         GRANT(OTHER_ALLOW) UNTIL("2026-11-26", "policy"), true},
        {"another denial", GRANT(ALLOW ", " DENY) UNTIL("2026-11-26", "policy"),
         GRANT(ALLOW ", " OTHER_DENY) UNTIL("2026-11-26", "policy"), true},
        {"allows less, and the same is denied", GRANT(ALLOW ", " DENY) UNTIL("2026-11-26", "policy"),
         GRANT(SMALL_ALLOW ", " DENY) UNTIL("2026-11-26", "policy"), false},
        {"gains a denial", GRANT(ALLOW ", " OTHER_ALLOW) UNTIL("2026-11-26", "policy"),
         GRANT(ALLOW ", " DENY) UNTIL("2026-11-26", "policy"), false},
        {"allows only", GRANT(ALLOW ", " OTHER_ALLOW) UNTIL("2026-11-28", "policy"),
         GRANT(SMALL_ALLOW ", " OTHER_ALLOW) UNTIL("2026-11-26", "policy"), false},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct world *world = world_of(cases[i].had);
        CHECK(world_account(world, ACCOUNT)->policies.count == 2, "%s", cases[i].name);
        const char *plan = calls(world, cases[i].want);
        CHECK((strstr(plan, "detach") != NULL) == cases[i].is_detached, "%s:\n%s", cases[i].name, plan);
        CHECK(strstr(plan, "change policy"), "%s:\n%s", cases[i].name, plan);
        world_free(world);
    }
}

static void test_the_order(void **state)
{
    (void)state;
    struct world *world = world_of(GRANT(ALLOW ", " DENY) UNTIL("2026-11-28", "policy"));
    world_want(world, GRANT(ALLOW ", " DENY) UNTIL("2026-11-26", "policy"));
    assert_string_equal(world_plan(world),
                        "detach policy temp-payments-g-bert-2, user bert\n"
                        "detach policy temp-payments-g-bert, user bert, after 0\n"
                        "change policy temp-payments-g-bert, after 0 1\n"
                        "change policy temp-payments-g-bert-2, after 2 0 1\n"
                        "attach policy temp-payments-g-bert, user bert, after 2 0 1\n"
                        "attach policy temp-payments-g-bert-2, user bert, after 3 2 0 1 4\n");
    world_free(world);
}

/* Somebody took away what denies. */
static void test_detached_by_hand(void **state)
{
    (void)state;
    struct world *world = world_of(GRANT(SMALL_ALLOW ", " DENY) UNTIL("2026-11-26", "policy"));
    struct observed_principal *bert = world_principal(world, ACCOUNT, "user bert");
    assert_string_equal(bert->attached.items[0], ARN_OF("temp-payments-g-bert"));
    bert->attached.items[0] = ARN_OF("temp-payments-g-bert-2");
    bert->attached.count = 1;
    assert_string_equal(calls(world, GRANT(SMALL_ALLOW ", " DENY) UNTIL("2026-11-26", "policy")),
                        "attach policy temp-payments-g-bert, user bert\n");
    assert_string_equal(calls(world, GRANT(ALLOW ", " DENY) UNTIL("2026-11-26", "policy")),
                        "detach policy temp-payments-g-bert-2, user bert\n"
                        "change policy temp-payments-g-bert-2\n"
                        "attach policy temp-payments-g-bert, user bert\n"
                        "attach policy temp-payments-g-bert-2, user bert\n");
    world_free(world);
}

/* The quota leaves no room for a third policy: what is there stays as it is. */
static void test_what_does_not_fit_stays(void **state)
{
    (void)state;
    struct world *world = world_of(GRANT(ALLOW ", " DENY) UNTIL("2026-11-26", "policy"));
    world_account(world, ACCOUNT)->quotas.attached[PRINCIPAL_USER] = 2;
    assert_string_equal(
        calls(world, GRANT(ALLOW ", " OTHER_ALLOW ", " OTHER_DENY) UNTIL("2026-11-26", "policy")),
        "! attachment-quota: bert, g\n");
    world_free(world);
}

static void test_taken_away(void **state)
{
    (void)state;
    struct world *world = world_of(GRANT(ALLOW ", " DENY) UNTIL("2026-11-26", "policy"));
    static const char expected[] = "detach policy temp-payments-g-bert-2, user bert\n"
                                   "detach policy temp-payments-g-bert, user bert, after 0\n"
                                   "delete policy temp-payments-g-bert, after 1\n"
                                   "delete policy temp-payments-g-bert-2, after 0\n";
    world_want(world, GRANT(ALLOW));
    assert_string_equal(world_plan(world), expected);
    world->plan = (struct plan){0};
    operations_revoke(world->arena, &world->settings, &world->observed, &world->applied.items[0],
                      world->now_s, &world->plan);
    assert_string_equal(
        world_show(world->arena, &world->plan),
        "detach policy temp-payments-g-bert-2, user bert\ndetach policy temp-payments-g-bert, user bert, after 0\n"
        "delete policy temp-payments-g-bert, after 1\ndelete policy temp-payments-g-bert-2, after 0\n");
    plan_moments_check(world);
    world_free(world);
}

/* Managed policies that a role lends, or that stay: of AWS, and as far as they were read. */
static void test_managed_policies(void **state)
{
    (void)state;
    static const char policies[] =
        WORLD_ACCOUNTS "aws-policies:\n  g: {managed_policies: ['" AWS_ARN("ReadOnlyAccess") "', '" AWS_ARN(
            "SecurityAudit") "'], custom_statements: [" STATEMENT("Deny",
                                                                  "'s3:GetA'") ", " STATEMENT("Allow",
                                                                                              "'ec2:*'") "]}\n";
    static const char allows[] = "{\"Version\":\"2012-10-17\",\"Statement\":{\"Effect\":\"Allow\","
                                 "\"Action\":\"s3:*\",\"Resource\":\"*\"}}";
    const char *role = "role temp-payments-g-bert";
    struct world *world = world_of(NULL);
    struct observed_account *account = world_account(world, ACCOUNT);
    account->sources.items[0].document = allows;
    account->sources.items[1].document = "{\"Version\":\"2012-10-17\",\"Statement\":{\"Effect\":\"Deny\","
                                         "\"Action\":\"s3:Delete*\",\"Resource\":\"*\"}}";
    const char *lent = arena_printf(world->arena, "%s%s", policies, UNTIL("2026-11-26", "role"));
    world_want(world, lent);
    assert_string_equal(world_plan(world),
                        "create policy payments-g\n"
                        "create role temp-payments-g-bert\n"
                        "put inline policy iamlease-end, role temp-payments-g-bert, after 1\n"
                        "attach policy SecurityAudit, role temp-payments-g-bert, after 2\n"
                        "attach policy payments-g, role temp-payments-g-bert, after 0 2 3\n"
                        "attach policy ReadOnlyAccess, role temp-payments-g-bert, after 2 4 3\ni\n");
    world_implies(world, lent);
    world_had(world, lent);
    world_principal(world, ACCOUNT, role);
    world_want(world, policies);
    assert_string_equal(world_plan(world),
                        "detach policy ReadOnlyAccess, role temp-payments-g-bert\n"
                        "detach policy payments-g, role temp-payments-g-bert, after 0\n"
                        "detach policy SecurityAudit, role temp-payments-g-bert, after 0 1\n"
                        "delete inline policy iamlease-end, role temp-payments-g-bert, after 0 1 2\n"
                        "delete role temp-payments-g-bert, after 0 1 2 3\n"
                        "delete policy payments-g, after 1\n");
    world_free(world);

    world = world_of(NULL);
    world_account(world, ACCOUNT)->sources.items[0].document = allows;
    world_want(world,
               arena_printf(world->arena, "%s%s", policies, "permanent-access:\n" PERMANENT("bert", "g")));
    assert_string_equal(world_plan(world), "create policy payments-g\n"
                                           "attach policy payments-g, user bert, after 0\n"
                                           "attach policy ReadOnlyAccess, user bert, after 1\n"
                                           "attach policy SecurityAudit, user bert, after 1\n");
    world_free(world);
}

static void test_turns(void **state)
{
    (void)state;
    struct arena *arena = arena_new();
    static const struct {
        const char *document;
        enum denial_turn turn;
    } cases[] = {
        {NULL, ALLOWS_ONLY},
        {"not JSON", ALLOWS_ONLY},
        {"{\"Version\":\"2012-10-17\",\"Statement\":{\"Effect\":\"Allow\",\"Action\":\"*\",\"Resource\":\"*\"}}",
         ALLOWS_ONLY},
        {"{\"Version\":\"2012-10-17\",\"Statement\":{\"Effect\":\"Deny\",\"Action\":\"*\",\"Resource\":\"*\"}}",
         DENIES_ONLY},
        {"{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Deny\",\"Action\":\"*\",\"Resource\":\"*\"},"
         "{\"Effect\":\"Allow\",\"Action\":\"*\",\"Resource\":\"*\"}]}",
         DENIES_TOO},
    };
    for (size_t i = 0; i < COUNT(cases); i++)
        CHECK(denial_turn_of(arena, cases[i].document) == cases[i].turn, "%zu", i);
    arena_free(arena);
}

#define DENIED(condition)                                                                                              \
    "{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Deny\",\"Action\":\"s3:*\",\"Resource\":\"*\"" condition \
    "}]}"
#define BEFORE(date) ",\"Condition\":{\"DateLessThan\":{\"aws:CurrentTime\":\"" date "\"}}"
#define BEFORE_WITH(date)                                                  \
    ",\"Condition\":{\"DateLessThan\":{\"aws:CurrentTime\":\"" date "\"}," \
    "\"StringEquals\":{\"aws:username\":\"x\"}}"

static void test_kept(void **state)
{
    (void)state;
    struct arena *arena = arena_new();
    static const struct {
        const char *before, *after;
        bool kept;
    } cases[] = {
        {DENIED(""), DENIED(""), true},
        {DENIED(BEFORE("2026-11-26T00:00:00Z")), DENIED(""), true},
        {DENIED(""), DENIED(BEFORE("2026-11-26T00:00:00Z")), false},
        {DENIED(BEFORE("2026-11-26T00:00:00Z")), DENIED(BEFORE("2026-11-27T00:00:00Z")), true},
        {DENIED(BEFORE("2026-11-27T00:00:00Z")), DENIED(BEFORE("2026-11-26T00:00:00Z")), false},
        {DENIED(BEFORE("2026-11-26T00:00:00Z")), DENIED(BEFORE_WITH("2026-11-26T00:00:00Z")), false},
        {DENIED(BEFORE_WITH("2026-11-26T00:00:00Z")), DENIED(BEFORE_WITH("2026-11-26T00:00:00Z")), true},
        {DENIED(""), "not JSON", false},
        {"not JSON", DENIED(""), false},
    };
    for (size_t i = 0; i < COUNT(cases); i++)
        CHECK(denials_are_kept(arena, cases[i].before, cases[i].after) == cases[i].kept, "%zu", i);
    arena_free(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_changed_in_place),
        cmocka_unit_test(test_the_order),
        cmocka_unit_test(test_detached_by_hand),
        cmocka_unit_test(test_what_does_not_fit_stays),
        cmocka_unit_test(test_taken_away),
        cmocka_unit_test(test_managed_policies),
        cmocka_unit_test(test_turns),
        cmocka_unit_test(test_kept),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

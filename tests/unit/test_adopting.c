/* SPDX-License-Identifier: Apache-2.0 */
/* --adopt: policies of cloud-iam-self-serve, its inline policies, and what is none of that. */
#include "base/str.h"
#include "plan_world.h"
#include "policy/self_serve.h"
#include "unit.h"

#include <string.h>

#define PERMANENT_ACCESS  "permanent-access:\n"
#define TEMPORARY_ACCESS  "temporary-access:\n"
#define OLD_ARN           "arn:aws:iam::" ACCOUNT ":policy/payments-fix"
#define SUFFIX            " (managed by iam-as-code for payments)"
#define TAG               "default/payments/fix"
#define ALLOW(more)       "{\"Effect\":\"Allow\",\"Action\":[\"s3:Put*\",\"s3:Get*\"],\"Resource\":[\"*\"]" more "}"
#define DOCUMENT(content) "{\"Version\":\"2012-10-17\",\"Statement\":[" content "]}"
#define UNTIL(date)       ",\"Condition\":{\"DateLessThan\":{\"aws:CurrentTime\":\"" date "\"}}"
#define SAME              DOCUMENT(ALLOW(""))
#define OTHER             DOCUMENT("{\"Effect\":\"Allow\",\"Action\":\"sqs:*\",\"Resource\":\"*\"}")
#define WIDE              DOCUMENT("{\"Effect\":\"Allow\",\"Action\":\"s3:*\",\"Resource\":\"*\"}")
#define DATED(date)       DOCUMENT(ALLOW(UNTIL(date)))
#define LEASE_OF_BERT     TEMPORARY_ACCESS LEASE("bert", "fix", "2026-11-26")

static struct observed_policy *old_policy(struct world *world, const char *document, unsigned versions)
{
    world_policy(world, "payments-fix", "Mend things" SUFFIX, document, versions);
    struct observed_account *account = world_account(world, ACCOUNT);
    struct observed_policy *policy = &account->policies.items[account->policies.count - 1];
    policy->path = "/";
    policy->arn = OLD_ARN;
    return policy;
}

/* bert has the policy, oscar has it and nobody declares that; ernie is to have it. */
static struct world *old_world(const char *document, unsigned versions)
{
    struct world *world = world_new();
    old_policy(world, document, versions);
    world_attach(world, "user bert", OLD_ARN);
    world_attach(world, "user oscar", OLD_ARN);
    world_principal(world, ACCOUNT, "user ernie");
    world_want(world, WORLD_BASE PERMANENT_ACCESS PERMANENT("bert, ernie", "fix"));
    return world;
}

static void check_plan(struct world *world, const char *expected)
{
    const char *plan = world_plan(world);
    CHECK(str_eq(plan, expected), "%s", plan);
}

static void test_a_policy_is_tagged_before_anything_else(void **state)
{
    (void)state;
    static const struct {
        const char *document, *expected;
        unsigned versions;
    } cases[] = {
        {SAME, "adopt policy payments-fix\nattach policy payments-fix, user ernie, after 0\ni\n", 1},
        {WIDE,
         "adopt policy payments-fix\nchange policy payments-fix, after 0\n"
         "attach policy payments-fix, user ernie, after 1\ni\n",
         2},
        {WIDE,
         "adopt policy payments-fix\ndelete policy version payments-fix v1, after 0\n"
         "change policy payments-fix, after 0 1\nattach policy payments-fix, user ernie, after 2\ni\n",
         5},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct world *world = old_world(cases[i].document, cases[i].versions);
        check_plan(world, "! foreign-policy: bert, fix\n! foreign-policy: ernie, fix\n");
        assert_non_null(strstr(world->plan.problems.items[0].hint, "--adopt"));
        world->adopts = true;
        check_plan(world, cases[i].expected);
        assert_string_equal(world->plan.operations.items[0].mark, TAG);
        assert_non_null(strstr(world->plan.notices.items[0], "user oscar"));
        world_free(world);
    }
}

/* Killed behind the tag, or done: the next run needs no --adopt. */
static void test_what_was_adopted_is_ours(void **state)
{
    (void)state;
    for (int adopts = 0; adopts < 2; adopts++) {
        struct world *world = old_world(WIDE, 1);
        world->adopts = adopts;
        world->observed.items[0].policies.items[0].tag = TAG;
        check_plan(world, "change policy payments-fix\nattach policy payments-fix, user ernie, after 0\ni\n");
        world_free(world);
    }
}

/* oscar would get it, too. What stands there stays, and ernie does not get what the grant was before. */
static void test_a_wider_version_waits_for_holders(void **state)
{
    (void)state;
    for (int adopts = 0; adopts < 2; adopts++) {
        struct world *world = old_world(OTHER, 5);
        world->adopts = adopts;
        world->observed.items[0].policies.items[0].tag = adopts ? NULL : TAG;
        check_plan(world, adopts ? "adopt policy payments-fix\n! undeclared-holders: ernie, fix\ni\n"
                                 : "! undeclared-holders: ernie, fix\ni\n");
        assert_non_null(strstr(world->plan.problems.items[0].message, "user oscar"));
        assert_null(strstr(world->plan.problems.items[0].message, "bert"));
        assert_non_null(strstr(world->plan.problems.items[0].hint, "--leftovers remove"));
        world_want(world, WORLD_BASE PERMANENT_ACCESS PERMANENT("bert", "fix"));
        check_plan(world, adopts ? "adopt policy payments-fix\n! undeclared-holders: bert, fix\ni\n"
                                 : "! undeclared-holders: bert, fix\ni\n");
        world_free(world);
    }
}

/* Once oscar is declared, or an older commit declared him, it goes on; what he is to lose goes first. */
static void test_a_wider_version_without_holders(void **state)
{
    (void)state;
    struct world *world = old_world(OTHER, 1);
    world->observed.items[0].policies.items[0].tag = TAG;
    world_had(world, WORLD_BASE PERMANENT_ACCESS PERMANENT("bert, oscar", "fix"));
    check_plan(world, "detach policy payments-fix, user oscar\nchange policy payments-fix, after 0\n"
                      "attach policy payments-fix, user ernie, after 1\n");
    world_want(world, WORLD_BASE PERMANENT_ACCESS PERMANENT("bert, ernie, oscar", "fix"));
    check_plan(world, "change policy payments-fix\nattach policy payments-fix, user ernie, after 0\n");
    world_free(world);
}

static void test_whoever_is_declared_no_more_loses_it(void **state)
{
    (void)state;
    struct world *world = old_world(SAME, 1);
    world->adopts = true;
    world_had(world, WORLD_BASE PERMANENT_ACCESS PERMANENT("bert, oscar", "fix"));
    check_plan(world, "adopt policy payments-fix\nattach policy payments-fix, user ernie, after 0\n"
                      "detach policy payments-fix, user oscar, after 0\n");
    world_free(world);
}

static void test_it_goes_with_its_last_use(void **state)
{
    (void)state;
    struct world *world = world_new();
    old_policy(world, SAME, 1)->tag = TAG;
    world_attach(world, "user bert", OLD_ARN);
    world_had(world, WORLD_BASE PERMANENT_ACCESS PERMANENT("bert", "fix"));
    world_want(world, WORLD_BASE);
    check_plan(world, "detach policy payments-fix, user bert\ndelete policy payments-fix, after 0\n");
    world_attach(world, "user oscar", OLD_ARN);
    check_plan(world,
               "detach policy payments-fix, user bert\ni\n"); /* oscar keeps what nobody gave him here */
    world_free(world);
}

/* A held entry, and a team that this run leaves alone. */
static void test_what_is_held_stays(void **state)
{
    (void)state;
    for (int is_adopted = 0; is_adopted < 2; is_adopted++) {
        struct world *world = old_world(OTHER, 1);
        world->adopts = true;
        world->observed.items[0].policies.items[0].tag = is_adopted ? TAG : NULL;
        world_hold(world, WORLD_BASE PERMANENT_ACCESS PERMANENT("bert, ernie", "fix"));
        check_plan(world, is_adopted ? "i\n" : "");
        world->held = (struct facts){0};
        strings_add(world->arena, &world->teams, "billing");
        check_plan(world, "");
        world_free(world);
    }
}

/* Nobody can point us at a policy: whatever is not exactly what the scripts make, and not exactly ours, is left alone. */
static void test_what_is_not_adopted(void **state)
{
    (void)state;
    static const struct {
        const char *what, *path, *description, *name, *tag, *tag_error, *says;
    } cases[] = {
        {"another path", "/other/", "x" SUFFIX, "payments-fix", NULL, NULL, "does not carry the mark"},
        {"our own path", "/iamlease/", "x" SUFFIX, "payments-fix", NULL, NULL, "does not carry the mark"},
        {"without the suffix", "/", "by hand", "payments-fix", NULL, NULL, "does not carry the mark"},
        {"the suffix within", "/", "x" SUFFIX " once", "payments-fix", NULL, NULL, "does not carry the mark"},
        {"another team's", "/", "x (managed by iam-as-code for billing)", "payments-fix", NULL, NULL,
         "does not carry the mark"},
        {"another spelling", "/", "x" SUFFIX, "Payments-Fix", NULL, NULL, "does not carry the mark"},
        {"another owner's mark", "/", "x [iamlease other/payments/fix]", "payments-fix", NULL, NULL,
         "does not carry the mark"},
        {"another owner's tag", "/", "x" SUFFIX, "payments-fix", "other/payments/fix", NULL,
         "other/payments/fix"},
        {"another grant's tag", "/", "x" SUFFIX, "payments-fix", "default/payments/mend", NULL,
         "somebody else"},
        {"another team's tag", "/", "x" SUFFIX, "payments-fix", "default/billing/fix", NULL, "somebody else"},
        {"a tag that says nothing", "/", "x" SUFFIX, "payments-fix", "", NULL, "somebody else"},
        {"a lease's tag", "/", "x" SUFFIX, "payments-fix", "default/payments/fix:user:bert", NULL,
         "somebody else"},
        {"tags that nobody may read", "/", "x" SUFFIX, "payments-fix", NULL, "AccessDenied", "AccessDenied"},
        {"our tag without the suffix", "/", "by hand", "payments-fix", TAG, NULL, "does not carry the mark"},
        {"our tag at another path", "/other/", "x" SUFFIX, "payments-fix", TAG, NULL,
         "does not carry the mark"},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct world *world = old_world(OTHER, 5);
        struct observed_policy *policy = &world->observed.items[0].policies.items[0];
        policy->path = cases[i].path;
        policy->description = cases[i].description;
        policy->name = cases[i].name;
        policy->tag = cases[i].tag;
        policy->tag_error = cases[i].tag_error;
        world->adopts = true;
        const char *plan = world_plan(world);
        CHECK(str_eq(plan, "! foreign-policy: bert, fix\n! foreign-policy: ernie, fix\n"), "%s:\n%s",
              cases[i].what, plan);
        const char *message = world->plan.problems.items[0].message;
        CHECK(strstr(message, cases[i].says), "%s: %s", cases[i].what, message);
        world_had(world, WORLD_BASE PERMANENT_ACCESS PERMANENT("bert, oscar", "fix"));
        world_want(world, WORLD_BASE);
        plan = world_plan(world);
        CHECK(!strchr(plan, '!') == !cases[i].tag_error && !world->plan.operations.count,
              "%s, no longer wanted:\n%s", cases[i].what, plan);
        CHECK(!world->plan.notices.count == !self_serve_made_policy(policy, NULL), "%s", cases[i].what);
        world_free(world);
    }
}

/* Of an entry that is gone nobody can say whether what it named is ours to take away: that is no success. */
static void test_unread_tags_of_what_goes(void **state)
{
    (void)state;
    struct world *world = old_world(SAME, 1);
    world->observed.items[0].policies.items[0].tag_error = "AccessDenied";
    world_had(world, WORLD_BASE PERMANENT_ACCESS PERMANENT("bert", "fix"));
    world_want(world, WORLD_BASE);
    check_plan(world, "! policy-unread: bert, fix\ni\ni\n");
    world_free(world);
}

/* The scripts made it for every grant, used or not. */
static void test_what_nobody_needs_is_listed(void **state)
{
    (void)state;
    struct world *world = world_new();
    old_policy(world, SAME, 1);
    world_principal(world, ACCOUNT, "user bert");
    world_want(world, WORLD_BASE LEASE_OF_BERT);
    check_plan(world, "put inline policy temp-payments-fix-bert, user bert\n");
    world->adopts = true;
    check_plan(world, "put inline policy temp-payments-fix-bert, user bert\ni\n");
    world->adopts = false;
    world_attach(world, "user oscar", OLD_ARN);
    check_plan(world, "put inline policy temp-payments-fix-bert, user bert\ni\n");
    assert_non_null(strstr(world->plan.notices.items[0], "user oscar"));
    world_free(world);
}

static void check_lease(const char *who, const char *name, const char *document, const char *yaml,
                        const char *without, const char *with)
{
    struct world *world = world_new();
    world_inline(world, who, name, document);
    world_want(world, arena_printf(world->arena, WORLD_BASE "%s", yaml));
    const char *plan = world_plan(world);
    CHECK(str_eq(plan, without), "%s, without:\n%s", name, plan);
    world->adopts = true;
    plan = world_plan(world);
    CHECK(str_eq(plan, with), "%s, with:\n%s", name, plan);
    world_free(world);
}

static void test_temporary_policies(void **state)
{
    (void)state;
    static const char put[] = "put inline policy temp-payments-fix-bert, user bert\n",
                      foreign[] = "! foreign-inline-policy: bert, fix\n", name[] = "temp-payments-fix-bert";
    static const char dated[] = DATED("2026-11-26T23:59:59Z"), past[] = DATED("2026-11-20T23:59:59Z");
    check_lease("user bert", name, dated, LEASE_OF_BERT, foreign, put);
    check_lease("user bert", name, past, LEASE_OF_BERT, foreign, put);
    check_lease("user bert", name, DATED("2026-11-27T00:00:00Z"), LEASE_OF_BERT, foreign, foreign);
    check_lease("user bert", name, SAME, LEASE_OF_BERT, foreign, foreign);
    check_lease("user bert", name,
                DOCUMENT(ALLOW(UNTIL("2026-11-26T23:59:59Z")) "," ALLOW(UNTIL("2026-11-27T23:59:59Z"))),
                LEASE_OF_BERT, foreign, foreign);
    check_lease("user bert", name, DOCUMENT(ALLOW(",\"Sid\":\"x\"" UNTIL("2026-11-26T23:59:59Z"))),
                LEASE_OF_BERT, foreign, foreign);
    check_lease("user bert", name, DOCUMENT(""), LEASE_OF_BERT, foreign, foreign);
    /* The scripts have dashes for the dots of a user, too. */
    check_lease("user ada.l", "temp-payments-fix-ada-l", dated,
                TEMPORARY_ACCESS LEASE("ada.l", "fix", "2026-11-26"),
                "put inline policy temp-payments-fix-ada.l, user ada.l\n",
                "put inline policy temp-payments-fix-ada.l, user ada.l\n"
                "delete inline policy temp-payments-fix-ada-l, user ada.l, after 0\n");
    /* An entry that has ended, in AWS too; one for another user; one that is no lease. */
    check_lease("user bert", name, past, TEMPORARY_ACCESS LEASE("bert", "fix", "2026-11-20"), "",
                "delete inline policy temp-payments-fix-bert, user bert\n");
    check_lease("user bert", name, past, TEMPORARY_ACCESS LEASE("ernie", "fix", "2026-11-20"), "", "");
    check_lease("user bert", name, past, PERMANENT_ACCESS PERMANENT("bert", "fix"),
                "create policy payments-fix\nattach policy payments-fix, user bert, after 0\n",
                "create policy payments-fix\nattach policy payments-fix, user bert, after 0\n");
}

/* A lease of managed policies, too, is a copy of them; what the scripts attached without an end is listed. */
static void test_a_lease_that_is_a_policy_now(void **state)
{
    (void)state;
    struct world *world = world_new();
    world_inline(world, "user bert", "temp-payments-both-bert", DATED("2026-11-26T23:59:59Z"));
    world_attach(world, "user bert", AWS_ARN("SecurityAudit"));
    world_want(world, WORLD_BASE TEMPORARY_ACCESS LEASE("bert", "both", "2026-11-26"));
    world->adopts = true;
    check_plan(world, "create policy temp-payments-both-bert\n"
                      "attach policy temp-payments-both-bert, user bert, after 0\n"
                      "delete inline policy temp-payments-both-bert, user bert\ni\n");
    assert_non_null(strstr(world->plan.notices.items[0], AWS_ARN("SecurityAudit")));
    world_free(world);
}

static void test_cleanup_takes_what_has_ended(void **state)
{
    (void)state;
    static const char entries[] =
        WORLD_BASE TEMPORARY_ACCESS LEASE("bert", "fix", "2026-11-20") LEASE("ernie", "fix", "2026-11-20");
    struct world *world = world_new();
    old_policy(world, SAME, 1);
    world_inline(world, "user bert", "temp-payments-fix-bert", DATED("2026-11-20T23:59:59Z"));
    world_inline(world, "user bert", "temp-payments-mine-bert", DATED("2026-11-20T23:59:59Z"));
    world_inline(world, "user ernie", "temp-payments-fix-ernie", DATED("2026-11-26T23:59:59Z"));
    world_had(world, entries);
    assert_string_equal(world_cleanup(world), "");
    world->adopts = true;
    assert_string_equal(world_cleanup(world), "delete inline policy temp-payments-fix-bert, user bert\n");
    assert_non_null(world->plan.operations.items[0].document); /* read again before it goes */
    world_free(world);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_policy_is_tagged_before_anything_else),
        cmocka_unit_test(test_what_was_adopted_is_ours),
        cmocka_unit_test(test_a_wider_version_waits_for_holders),
        cmocka_unit_test(test_a_wider_version_without_holders),
        cmocka_unit_test(test_whoever_is_declared_no_more_loses_it),
        cmocka_unit_test(test_it_goes_with_its_last_use),
        cmocka_unit_test(test_what_is_held_stays),
        cmocka_unit_test(test_what_is_not_adopted),
        cmocka_unit_test(test_unread_tags_of_what_goes),
        cmocka_unit_test(test_what_nobody_needs_is_listed),
        cmocka_unit_test(test_temporary_policies),
        cmocka_unit_test(test_a_lease_that_is_a_policy_now),
        cmocka_unit_test(test_cleanup_takes_what_has_ended),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

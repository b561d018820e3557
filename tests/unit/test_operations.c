/* SPDX-License-Identifier: Apache-2.0 */
#include "base/str.h"
#include "plan_world.h"
#include "unit.h"

#include <string.h>

#define PERMANENT_ACCESS "permanent-access:\n"
#define TEMPORARY_ACCESS "temporary-access:\n"
#define POLICIES(text)   "aws-policies: " text "\n"
#define FIX(actions)     "{custom_statements: [{effect: Allow, actions: " actions ", resources: ['*']}]}"

static const struct change_case cases[] = {
    {"nothing at all", NULL, NULL, ""},
    {"nothing new", PERMANENT_ACCESS PERMANENT("bert", "ro, fix, both"),
     PERMANENT_ACCESS PERMANENT("bert", "ro, fix, both"), ""},
    {"managed policies are attached", NULL, PERMANENT_ACCESS PERMANENT("bert", "ro"),
     "attach policy ReadOnlyAccess, user bert\n"},
    {"a policy of ours is made first, once", NULL,
     PERMANENT_ACCESS PERMANENT("bert@example.com, ernie@example.com", "fix"),
     "create policy payments-fix\n"
     "attach policy payments-fix, user bert, after 0\n"
     "attach policy payments-fix, user ernie, after 0\n"},
    {"what is not ours waits for nothing", NULL, PERMANENT_ACCESS PERMANENT("bert", "both"),
     "create policy payments-both\n"
     "attach policy payments-both, user bert, after 0\n"
     "attach policy ReadOnlyAccess, user bert\n"
     "attach policy SecurityAudit, user bert\n"},
    {"roles too", NULL, PERMANENT_ACCESS "- {roles: [Deploy], environments: [prod], grants: [ro]}\n",
     "attach policy ReadOnlyAccess, role Deploy\n"},
    {"the policy is there already", PERMANENT_ACCESS PERMANENT("bert", "fix"),
     PERMANENT_ACCESS PERMANENT("bert, ernie", "fix"), "attach policy payments-fix, user ernie\n"},
    {"one goes, one comes", PERMANENT_ACCESS PERMANENT("bert", "ro"), PERMANENT_ACCESS PERMANENT("ernie", "ro"),
     "attach policy ReadOnlyAccess, user ernie\n"
     "detach policy ReadOnlyAccess, user bert\n"},
    {"the last use of a policy ends", PERMANENT_ACCESS PERMANENT("bert, ernie", "fix"), NULL,
     "detach policy payments-fix, user bert\n"
     "detach policy payments-fix, user ernie\n"
     "delete policy payments-fix, after 0 1\n"},
    {"a lease", NULL, TEMPORARY_ACCESS LEASE("bert", "fix", "2026-11-26"),
     "put inline policy temp-payments-fix-bert, user bert\n"},
    {"a lease that is over is not granted", NULL, TEMPORARY_ACCESS LEASE("bert", "fix", "2026-11-24"), ""},
};

static void test_changes(void **state)
{
    (void)state;
    world_check_changes(cases, COUNT(cases));
}

#define DOCUMENT(actions)                                                                                     \
    "{\"Version\":\"2012-10-17\",\"Statement\":{\"Effect\":\"Allow\",\"Resource\":\"*\",\"Action\":[" actions \
    "]}}"
#define MARK "[iamlease default/payments/fix]"

/* bert has payments-fix, as wanted; the policy has so many versions. */
static struct world *world_with_fix(const char *document, unsigned versions)
{
    struct world *world = world_new();
    world_policy(world, "payments-fix", "Mend things " MARK, document, versions);
    world_attach(world, "user bert", ARN_OF("payments-fix"));
    world_had(world, WORLD_BASE PERMANENT_ACCESS PERMANENT("bert", "fix"));
    world_want(world, WORLD_BASE PERMANENT_ACCESS PERMANENT("bert", "fix"));
    return world;
}

static void test_meaning_counts(void **state)
{
    (void)state;
    static const char *const equal[] = {
        DOCUMENT("\"s3:Get*\",\"s3:Put*\""),
        DOCUMENT("\"S3:put*\" ,\n \"s3:Get*\""),
        "{\"Statement\":[{\"Sid\":\"x\",\"Action\":[\"s3:Put*\",\"s3:Get*\"],\"Resource\":[\"*\"],"
        "\"Effect\":\"Allow\"}],\"Version\":\"2012-10-17\"}",
    };
    for (size_t i = 0; i < COUNT(equal); i++) {
        struct world *world = world_with_fix(equal[i], 5);
        CHECK(str_eq(world_plan(world), ""), "%s", equal[i]);
        world_free(world);
    }
    static const char *const different[] = {
        DOCUMENT("\"s3:Get*\""),
        "{\"Version\":\"2008-10-17\",\"Statement\":[]}",
        "no JSON",
    };
    for (size_t i = 0; i < COUNT(different); i++) {
        struct world *world = world_with_fix(different[i], 4);
        CHECK(str_eq(world_plan(world), "change policy payments-fix\n"), "%s", different[i]);
        assert_string_equal(world->plan.operations.items[0].policy_arn, ARN_OF("payments-fix"));
        world_free(world);
    }
}

static void test_version_room(void **state)
{
    (void)state;
    struct world *world = world_with_fix(DOCUMENT("\"s3:*\""), 5);
    assert_string_equal(world_plan(world), "delete policy version payments-fix v1\n"
                                           "change policy payments-fix, after 0\n");

    /* By number, not by place or text; and never the default. */
    struct observed_policy *policy = &world_account(world, ACCOUNT)->policies.items[0];
    static const char *const ids[] = {"v10", "v9", "v2", "v11", "v12"};
    for (size_t i = 0; i < COUNT(ids); i++)
        policy->versions.items[i] = (struct policy_version){.id = ids[i], .is_default = i == 2};
    assert_string_equal(world_plan(world), "delete policy version payments-fix v9\n"
                                           "change policy payments-fix, after 0\n");

    /* The account's own quota counts. */
    world_account(world, ACCOUNT)->quotas.versions_per_policy = 6;
    assert_string_equal(world_plan(world), "change policy payments-fix\n");
    world_free(world);
}

static void test_attaching_waits_for_change(void **state)
{
    (void)state;
    struct world *world = world_with_fix(DOCUMENT("\"s3:*\""), 5);
    world_principal(world, ACCOUNT, "user ernie");
    world_want(world, WORLD_BASE PERMANENT_ACCESS PERMANENT("bert, ernie", "fix"));
    assert_string_equal(world_plan(world), "delete policy version payments-fix v1\n"
                                           "change policy payments-fix, after 0\n"
                                           "attach policy payments-fix, user ernie, after 1\n");
    world_free(world);
}

/* Whoever is to lose it, declared once or attached by hand, does so before it allows more; not before it allows less. */
static void test_who_loses_a_policy_gets_nothing_wider(void **state)
{
    (void)state;
    static const struct {
        const char *document, *expected;
    } orders[] = {
        {DOCUMENT("\"s3:Get*\""),
         "detach policy payments-fix, user oscar\ndetach policy payments-fix, user pia\n"
         "change policy payments-fix, after 0 1\n"},
        {DOCUMENT("\"s3:*\""), "change policy payments-fix\ndetach policy payments-fix, user oscar\n"
                               "detach policy payments-fix, user pia\n"},
    };
    for (size_t i = 0; i < COUNT(orders); i++) {
        struct world *world = world_with_fix(orders[i].document, 1);
        world_attach(world, "user oscar", ARN_OF("payments-fix"));
        world_attach(world, "user pia", ARN_OF("payments-fix"));
        world_had(world, WORLD_BASE PERMANENT_ACCESS PERMANENT("bert, oscar", "fix"));
        world_want(world, WORLD_BASE PERMANENT_ACCESS PERMANENT("bert", "fix"));
        const char *plan = world_plan(world);
        CHECK(str_eq(plan, orders[i].expected), "%zu:\n%s", i, plan);
        world_free(world);
    }
}

static void test_create_policy_has_all(void **state)
{
    (void)state;
    struct world *world = world_new();
    world_principal(world, ACCOUNT, "user bert");
    world->settings.owner = "acme";
    world_want(world, WORLD_BASE PERMANENT_ACCESS PERMANENT("bert@example.com", "fix"));
    world_plan(world);
    const struct operation *create = &world->plan.operations.items[0], *attach = create + 1;
    assert_int_equal(create->kind, OP_CREATE_POLICY);
    assert_string_equal(create->policy_name, "payments-fix");
    assert_string_equal(create->path, "/iamlease/");
    assert_string_equal(create->description, "Mend things [iamlease acme/payments/fix]");
    assert_string_equal(create->document, "{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\","
                                          "\"Action\":[\"s3:Put*\",\"s3:Get*\"],\"Resource\":[\"*\"]}]}");
    assert_string_equal(attach->policy_arn, ARN_OF("payments-fix"));
    assert_string_equal(attach->reason, "granted: payments/fix");
    assert_string_equal(attach->lease_id, world->desired.items[0].lease_id);
    world_free(world);
}

/* Our policy stays where it was made, when the path in the settings has changed since. */
static void test_policy_keeps_its_path(void **state)
{
    (void)state;
    struct world *world = world_with_fix(DOCUMENT("\"s3:*\""), 1);
    world->settings.policy_path = "/elsewhere/";
    world_principal(world, ACCOUNT, "user ernie");
    world_want(world, WORLD_BASE PERMANENT_ACCESS PERMANENT("bert, ernie", "fix"));
    assert_string_equal(world_plan(world), "change policy payments-fix\n"
                                           "attach policy payments-fix, user ernie, after 0\n");
    assert_string_equal(world->plan.operations.items[1].policy_arn, ARN_OF("payments-fix"));
    world_free(world);
}

static void attach_ten(struct world *world, const char *who)
{
    for (unsigned i = 0; i < 10; i++)
        world_attach(world, who, arena_printf(world->arena, AWS_ARN("Foreign%u"), i));
}

/* A policy that nobody gets, because every attachment is refused, is not made. */
static void test_policy_for_nobody(void **state)
{
    (void)state;
    struct world *world = world_new();
    attach_ten(world, "user bert");
    world_want(world, WORLD_BASE PERMANENT_ACCESS PERMANENT("bert", "fix"));
    assert_string_equal(world_plan(world), "! attachment-quota: bert, fix\n");

    world_principal(world, ACCOUNT, "user ernie");
    world_want(world, WORLD_BASE PERMANENT_ACCESS PERMANENT("bert, ernie", "fix"));
    assert_string_equal(world_plan(world), "create policy payments-fix\n"
                                           "attach policy payments-fix, user ernie, after 0\n"
                                           "! attachment-quota: bert, fix\n");
    world_free(world);
}

/* Nor is one that is there changed for nobody: it goes with its last use. */
static void test_policy_that_nobody_has_any_more(void **state)
{
    (void)state;
    struct world *world = world_new();
    world_policy(world, "payments-fix", MARK, DOCUMENT("\"s3:*\""), 1);
    world_attach(world, "user ernie", ARN_OF("payments-fix"));
    attach_ten(world, "user bert");
    world_had(world, WORLD_BASE PERMANENT_ACCESS PERMANENT("ernie", "fix"));
    world_want(world, WORLD_BASE PERMANENT_ACCESS PERMANENT("bert", "fix"));
    assert_string_equal(world_plan(world), "detach policy payments-fix, user ernie\n"
                                           "delete policy payments-fix, after 0\n"
                                           "! attachment-quota: bert, fix\n");

    /* What a held fact has stays, and is not changed. */
    world_hold(world, WORLD_BASE PERMANENT_ACCESS PERMANENT("ernie", "fix"));
    assert_string_equal(world_plan(world), "! attachment-quota: bert, fix\n");
    world_free(world);
}

static void test_accounts_are_apart(void **state)
{
    (void)state;
    struct world *world = world_new();
    world_principal(world, ACCOUNT, "user bert");
    world_account(world, OTHER_ACCOUNT)->error = "AssumeRole: AccessDenied";
    world_want(world,
               WORLD_BASE PERMANENT_ACCESS "- {users: [bert], environments: [prod, dev], grants: [fix]}\n");
    assert_string_equal(world_plan(world), "create policy payments-fix\n"
                                           "attach policy payments-fix, user bert, after 0\n"
                                           "! account-unreachable\n");
    assert_string_equal(world->plan.problems.items[0].account_id, OTHER_ACCOUNT);
    assert_string_equal(world->plan.problems.items[0].message, "AssumeRole: AccessDenied");

    world_account(world, OTHER_ACCOUNT)->error = NULL;
    world_principal(world, OTHER_ACCOUNT, "user bert");
    assert_string_equal(world_plan(world),
                        "create policy payments-fix\n"
                        "attach policy payments-fix, user bert, after 0\n"
                        "create policy payments-fix @" OTHER_ACCOUNT "\n"
                        "attach policy payments-fix, user bert, after 2 @" OTHER_ACCOUNT "\n");
    world_free(world);
}

/* Most leases of an account say the same: of ten thousand operations that is most of the memory. */
static void test_equal_texts_stand_there_once(void **state)
{
    (void)state;
    struct world *world = world_new();
    world_principal(world, ACCOUNT, "user bert");
    world_principal(world, ACCOUNT, "user ernie");
    world_want(world, WORLD_BASE TEMPORARY_ACCESS LEASE("bert", "fix", "2026-11-26")
                          LEASE("ernie", "fix", "2026-11-26"));
    assert_string_equal(world_plan(world), "put inline policy temp-payments-fix-bert, user bert\n"
                                           "put inline policy temp-payments-fix-ernie, user ernie\n");
    const struct operation *first = &world->plan.operations.items[0], *second = first + 1;
    assert_ptr_equal(first->document, second->document);
    assert_ptr_equal(first->account_id, second->account_id);
    world_free(world);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_changes),
        cmocka_unit_test(test_meaning_counts),
        cmocka_unit_test(test_version_room),
        cmocka_unit_test(test_attaching_waits_for_change),
        cmocka_unit_test(test_who_loses_a_policy_gets_nothing_wider),
        cmocka_unit_test(test_create_policy_has_all),
        cmocka_unit_test(test_policy_keeps_its_path),
        cmocka_unit_test(test_policy_for_nobody),
        cmocka_unit_test(test_policy_that_nobody_has_any_more),
        cmocka_unit_test(test_accounts_are_apart),
        cmocka_unit_test(test_equal_texts_stand_there_once),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: Apache-2.0 */
#include "base/str.h"
#include "plan_world.h"
#include "unit.h"

#include <string.h>

#define PERMANENT_ACCESS "permanent-access:\n"
#define TEMPORARY_ACCESS "temporary-access:\n"
#define ANY_DOCUMENT                                                                       \
    "{\"Version\":\"2012-10-17\",\"Statement\":{\"Effect\":\"Allow\",\"Action\":\"s3:*\"," \
    "\"Resource\":\"*\"}}"

static const struct change_case cases[] = {
    {"an attachment that is no longer declared", PERMANENT_ACCESS PERMANENT("bert, ernie", "ro"),
     PERMANENT_ACCESS PERMANENT("bert", "ro"), "detach policy ReadOnlyAccess, user ernie\n"},
    {"stays while another grant brings it", PERMANENT_ACCESS PERMANENT("bert", "ro, both"),
     PERMANENT_ACCESS PERMANENT("bert", "ro"),
     "detach policy SecurityAudit, user bert\n"
     "detach policy payments-both, user bert\n"
     "delete policy payments-both, after 1\n"},
    {"whichever of the two goes", PERMANENT_ACCESS PERMANENT("bert", "ro, both"),
     PERMANENT_ACCESS PERMANENT("bert", "both"), ""},
    {"a lease that is no longer declared", TEMPORARY_ACCESS LEASE("bert", "fix", "2026-11-28"), NULL,
     "delete inline policy temp-payments-fix-bert, user bert\n"},
    {"a lease that has ended goes, and its entry may stay",
     TEMPORARY_ACCESS LEASE("bert", "fix", "2026-11-24"), TEMPORARY_ACCESS LEASE("bert", "fix", "2026-11-24"),
     "delete inline policy temp-payments-fix-bert, user bert\n"},
    {"from lent to given", TEMPORARY_ACCESS LEASE("bert", "fix", "2026-11-28"),
     PERMANENT_ACCESS PERMANENT("bert", "fix"),
     "create policy payments-fix\n"
     "attach policy payments-fix, user bert, after 0\n"
     "delete inline policy temp-payments-fix-bert, user bert\n"},
    {"from given to lent", PERMANENT_ACCESS PERMANENT("bert", "fix"),
     TEMPORARY_ACCESS LEASE("bert", "fix", "2026-11-28"),
     "put inline policy temp-payments-fix-bert, user bert\n"
     "detach policy payments-fix, user bert\n"
     "delete policy payments-fix, after 1\n"},
};

static void test_changes(void **state)
{
    (void)state;
    world_check_changes(cases, COUNT(cases));
}

#define BOTH_SHRUNK                                                      \
    WORLD_ACCOUNTS "aws-policies: {both: {managed_policies: ['" AWS_ARN( \
        "SecurityAudit") "']}}\n"                                        \
                         "permanent-access:\n" PERMANENT("bert", "both")

/* The grant stays, but brings less than before. */
static void test_shrunk_policy(void **state)
{
    (void)state;
    struct world *world = world_new();
    world_implies(world, WORLD_BASE PERMANENT_ACCESS PERMANENT("bert", "both"));
    world_had(world, WORLD_BASE PERMANENT_ACCESS PERMANENT("bert", "both"));
    world_want(world, BOTH_SHRUNK);
    assert_string_equal(world_plan(world), "detach policy ReadOnlyAccess, user bert\n"
                                           "detach policy payments-both, user bert\n"
                                           "delete policy payments-both, after 1\n");
    const struct operation *detach = &world->plan.operations.items[0];
    assert_string_equal(detach->reason, "no longer declared: payments/both");
    assert_string_equal(detach->lease_id, world->desired.items[0].lease_id);
    world_free(world);
}

/* A commit between the applied one and head granted something and was undone: an apply of it may have failed half way. */
static void test_commit_in_between(void **state)
{
    (void)state;
    struct world *world = world_new();
    world_attach(world, "user bert", AWS_ARN("ReadOnlyAccess"));
    world_attach(world, "user bert", AWS_ARN("Billing"));
    world_had(world, WORLD_BASE);
    world_had(world, WORLD_BASE PERMANENT_ACCESS PERMANENT("bert", "ro"));
    world_want(world, WORLD_BASE);
    assert_string_equal(world_plan(world), "detach policy ReadOnlyAccess, user bert\n");
    world_free(world);
}

/* What no commit at hand declared and what has no mark of ours: somebody else's. */
static void test_foreign_stays(void **state)
{
    (void)state;
    struct world *world = world_new();
    world_attach(world, "user bert", AWS_ARN("ReadOnlyAccess"));
    world_policy(world, "payments-fix", "made by hand", ANY_DOCUMENT, 3);
    world_policy(world, "other-fix", "[iamlease other/payments/fix]", ANY_DOCUMENT, 3);
    world_attach(world, "user bert", ARN_OF("payments-fix"));
    world_attach(world, "user bert", ARN_OF("other-fix"));
    world_inline(world, "user bert", "temp-payments-fix-bert", ANY_DOCUMENT);
    world_inline(
        world, "user bert", "other",
        "{\"Version\":\"2012-10-17\",\"Statement\":{\"Sid\":\"iamlease00000000001\",\"Effect\":\"Allow\","
        "\"Action\":\"s3:*\",\"Resource\":\"*\"}}");
    world_had(world, WORLD_BASE PERMANENT_ACCESS PERMANENT("bert", "fix")
                         TEMPORARY_ACCESS LEASE("bert", "fix", "2026-11-28"));
    world_want(world, WORLD_BASE);
    assert_string_equal(world_plan(world), "");
    world_free(world);
}

/* A marked policy that nobody uses loses everybody who has it, then its versions, then itself. */
static void test_unused_policy(void **state)
{
    (void)state;
    struct world *world = world_new();
    world_policy(world, "payments-old", "[iamlease default/payments/old]", ANY_DOCUMENT, 3);
    world_attach(world, "user bert", ARN_OF("payments-old"));
    world_attach(world, "role Deploy", ARN_OF("payments-old"));
    world_want(world, WORLD_BASE);
    assert_string_equal(world_plan(world), "detach policy payments-old, user bert\n"
                                           "detach policy payments-old, role Deploy\n"
                                           "delete policy version payments-old v1\n"
                                           "delete policy version payments-old v2\n"
                                           "delete policy payments-old, after 0 1 2 3\n");
    assert_string_equal(world->plan.operations.items[4].reason, "nobody uses it any more: payments/old");
    world_free(world);
}

/* Somebody attached a policy of ours by hand to one who was never granted it. */
static void test_attached_by_hand(void **state)
{
    (void)state;
    struct world *world = world_new();
    const char *fix = WORLD_BASE PERMANENT_ACCESS PERMANENT("bert", "fix");
    world_implies(world, fix);
    world_attach(world, "user ernie", ARN_OF("payments-fix"));
    world_had(world, fix);
    world_want(world, fix);
    assert_string_equal(world_plan(world), "detach policy payments-fix, user ernie\n");
    world_free(world);
}

#define TWO_TEAMS(payments, billing)                                                              \
    "team: payments\n" WORLD_BASE "permanent-access:\n" payments "team: billing\n" WORLD_ACCOUNTS \
    "aws-policies: {ro: {managed_policies: ['" AWS_ARN("ReadOnlyAccess") "']}}\npermanent-access:\n" billing

static void test_teams(void **state)
{
    (void)state;
    struct world *world = world_new();
    const char *before = TWO_TEAMS(PERMANENT("bert", "ro, fix"), PERMANENT("ernie", "ro"));
    world_implies(world, before);
    world_policy(world, "billing-old", "[iamlease default/billing/old]", ANY_DOCUMENT, 1);
    world_had(world, before);
    world_want(world, WORLD_BASE);
    strings_add(world->arena, &world->teams, "payments"); /* nothing of billing is touched */
    assert_string_equal(world_plan(world), "detach policy payments-fix, user bert\n"
                                           "detach policy ReadOnlyAccess, user bert\n"
                                           "delete policy payments-fix, after 0\n");
    world->teams.items[0] = "billing";
    assert_string_equal(world_plan(world), "detach policy ReadOnlyAccess, user ernie\n"
                                           "delete policy billing-old\n");
    world->teams.count = 0;
    assert_string_equal(world_plan(world), "detach policy payments-fix, user bert\n"
                                           "detach policy ReadOnlyAccess, user bert\n"
                                           "detach policy ReadOnlyAccess, user ernie\n"
                                           "delete policy payments-fix, after 0\n"
                                           "delete policy billing-old\n");
    world_free(world);
}

/* One team gives up what another still wants, and only the first is looked at. */
static void test_shared_by_teams(void **state)
{
    (void)state;
    struct world *world = world_new();
    const char *before = TWO_TEAMS(PERMANENT("bert", "ro"), PERMANENT("bert", "ro"));
    world_implies(world, before);
    world_had(world, before);
    world_want(world, TWO_TEAMS(PERMANENT("ernie", "fix"), PERMANENT("bert", "ro")));
    world_principal(world, ACCOUNT, "user ernie");
    strings_add(world->arena, &world->teams, "payments");
    assert_string_equal(world_plan(world), "create policy payments-fix\n"
                                           "attach policy payments-fix, user ernie, after 0\n");
    world_free(world);
}

static void test_leases_of_teams(void **state)
{
    (void)state;
    struct world *world = world_new();
    const char *before = WORLD_BASE TEMPORARY_ACCESS LEASE("bert", "fix", "2026-11-28");
    world_implies(world, before);
    world_had(world, before);
    world_want(world, WORLD_BASE);
    strings_add(world->arena, &world->teams, "billing");
    assert_string_equal(world_plan(world), "");
    world->teams.items[0] = "payments";
    assert_string_equal(world_plan(world), "delete inline policy temp-payments-fix-bert, user bert\n");
    assert_string_equal(world->plan.operations.items[0].reason, "no longer declared: payments/fix");
    world->candidates.count = 0; /* no commit at hand says whose it is */
    assert_string_equal(world_plan(world), "");
    world->teams.count = 0;
    assert_string_equal(world_plan(world), "delete inline policy temp-payments-fix-bert, user bert\n");
    world_free(world);
}

/* One lease of one person in two accounts is two facts: each removal names its own. */
static void test_lease_of_each_account(void **state)
{
    (void)state;
    struct world *world = world_new();
    const char *before = WORLD_BASE TEMPORARY_ACCESS LEASE(
        "bert", "fix",
        "2026-11-28") "- {user: bert, environment: dev, grant: fix, expiration_date: 2026-11-28}\n";
    world_implies(world, before);
    world_had(world, before);
    world_want(world, WORLD_BASE);
    const char *name = world->observed.items[0].principals.items[0].inline_policies.items[0].name;
    const char *document = world->observed.items[0].principals.items[0].inline_policies.items[0].document;
    world_inline(world, "role bert", name, document); /* put there by hand: nobody was granted that */
    assert_string_equal(world_plan(world),
                        "delete inline policy temp-payments-fix-bert, user bert\n"
                        "delete inline policy temp-payments-fix-bert, role bert\n"
                        "delete inline policy temp-payments-fix-bert, user bert @" OTHER_ACCOUNT "\n");
    const struct operation *operations = world->plan.operations.items;
    for (size_t i = 0; i < 3; i += 2) {
        const struct fact *fact = &world->applied.items[i / 2];
        assert_string_equal(fact->account_id, operations[i].account_id);
        assert_string_equal(fact->lease_id, operations[i].lease_id);
        assert_string_equal(operations[i].reason, "no longer declared: payments/fix");
    }
    assert_null(operations[1].lease_id);
    world_free(world);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_changes),
        cmocka_unit_test(test_shrunk_policy),
        cmocka_unit_test(test_commit_in_between),
        cmocka_unit_test(test_foreign_stays),
        cmocka_unit_test(test_unused_policy),
        cmocka_unit_test(test_attached_by_hand),
        cmocka_unit_test(test_teams),
        cmocka_unit_test(test_shared_by_teams),
        cmocka_unit_test(test_leases_of_teams),
        cmocka_unit_test(test_lease_of_each_account),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

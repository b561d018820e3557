/* SPDX-License-Identifier: Apache-2.0 */
/* Cleanup takes away leases of ours that have ended, and nothing else. */
#include "base/str.h"
#include "plan_world.h"
#include "unit.h"

#include <string.h>

#define TEMPORARY_ACCESS "temporary-access:\n"
#define SID              "iamlease37a8eec1ce1" /* of owner "default" */

static void test_ended(void **state)
{
    (void)state;
    struct world *world = world_new();
    world_implies(world,
                  WORLD_BASE TEMPORARY_ACCESS LEASE("bert", "fix", "2026-11-24")
                      LEASE("ernie", "fix", "2026-11-25") "permanent-access:\n" PERMANENT("bert", "ro, fix"));
    assert_string_equal(world_cleanup(world), "delete inline policy temp-payments-fix-bert, user bert\n");
    const struct operation *delete = &world->plan.operations.items[0];
    const struct inline_policy *lease =
        &world_principal(world, ACCOUNT, "user bert")->inline_policies.items[0];
    assert_string_equal(delete->document, lease->document); /* it must still be that one when it is deleted */
    assert_string_equal(delete->reason, "ended at 2026-11-25T00:00:00Z");
    assert_int_equal(delete->ends_at_s, world->now_s - 12 * 3600);
    world_free(world);
}

/* The end is the first second at which the lease is over. */
static void test_border(void **state)
{
    (void)state;
    struct world *world = world_new();
    world_implies(world, WORLD_BASE TEMPORARY_ACCESS LEASE("bert", "fix", "2026-11-25"));
    world->now_s += 12 * 3600 - 1;
    assert_string_equal(world_cleanup(world), "");
    world->now_s++;
    assert_string_equal(world_cleanup(world), "delete inline policy temp-payments-fix-bert, user bert\n");
    world_free(world);
}

#define STATEMENT(sid, condition) \
    "{\"Sid\":\"" sid "\",\"Effect\":\"Allow\",\"Action\":\"s3:*\",\"Resource\":\"*\"" condition "}"
#define DENY(sid, condition) \
    "{\"Sid\":\"" sid "\",\"Effect\":\"Deny\",\"Action\":\"s3:*\",\"Resource\":\"*\"" condition "}"
#define DOCUMENT(statements) "{\"Version\":\"2012-10-17\",\"Statement\":[" statements "]}"
#define UNTIL(date)          ",\"Condition\":{\"DateLessThan\":{\"aws:CurrentTime\":\"" date "\"}}"

static void test_documents(void **state)
{
    (void)state;
    static const struct {
        const char *document, *expected;
    } cases[] = {
        {DOCUMENT(STATEMENT(SID, UNTIL("2026-11-25T11:59:59Z"))), "delete inline policy p, user bert\n"},
        {DOCUMENT(STATEMENT(SID, UNTIL("2026-11-25T12:00:01Z"))), ""},
        {DOCUMENT(STATEMENT(SID, UNTIL("2020-01-01")) "," STATEMENT("x", UNTIL("2030-01-01"))), ""},
        /* Edited by hand: it must not be taken for one that has ended, nor be passed over in silence. */
        {DOCUMENT(STATEMENT(SID, "")), "! lease-without-end\n"},
        {DOCUMENT(STATEMENT(SID, UNTIL("2020-01-01")) "," STATEMENT("x", "")), "! lease-without-end\n"},
        {DOCUMENT(STATEMENT(SID, UNTIL("some day"))), "! lease-without-end\n"},
        {DOCUMENT(STATEMENT(SID, ",\"Principal\":\"*\"")), "! lease-damaged\n"},
        /* A document that denies only ends when nothing is denied any more. */
        {DOCUMENT(DENY(SID, UNTIL("2020-01-01")) "," DENY("x", UNTIL("2030-01-01"))), ""},
        {DOCUMENT(DENY(SID, UNTIL("2020-01-01")) "," DENY("x", UNTIL("2021-01-01"))),
         "delete inline policy p, user bert\n"},
        {DOCUMENT(DENY(SID, "")), "! lease-without-end\n"},
        /* Somebody put a statement in front, or cut the mark: whose it is nobody can say. */
        {DOCUMENT(STATEMENT("x", UNTIL("2020-01-01")) "," STATEMENT(SID, UNTIL("2020-01-01"))),
         "! lease-damaged\n"},
        {DOCUMENT(STATEMENT("iamlease37a8eec1ce", UNTIL("2020-01-01"))), "! lease-damaged\n"},
        {SID ", and no JSON", "! lease-damaged\n"},
        /* Foreign: another Sid, no document at all. */
        {DOCUMENT(STATEMENT("iamlease00000000001", UNTIL("2020-01-01"))), ""},
        {"nothing to be read", ""},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct world *world = world_new();
        world_inline(world, "user bert", "p", cases[i].document);
        const char *plan = world_cleanup(world);
        CHECK(str_eq(plan, cases[i].expected), "%s:\n%s", cases[i].document, plan);
        world_free(world);
    }
}

static void test_owners(void **state)
{
    (void)state;
    struct world *world = world_new();
    world_implies(world, WORLD_BASE TEMPORARY_ACCESS LEASE("bert", "fix", "2026-11-24"));
    world->settings.owner = "somebody-else";
    assert_string_equal(world_cleanup(world), "");
    world_free(world);
}

static void test_account_that_cannot_be_read(void **state)
{
    (void)state;
    struct world *world = world_new();
    world_account(world, OTHER_ACCOUNT)->error = "AssumeRole: AccessDenied";
    world_implies(world, WORLD_BASE TEMPORARY_ACCESS LEASE("bert", "fix", "2026-11-24"));
    assert_string_equal(world_cleanup(world), "delete inline policy temp-payments-fix-bert, user bert\n"
                                              "! account-unreachable\n");
    world_free(world);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_ended),
        cmocka_unit_test(test_border),
        cmocka_unit_test(test_documents),
        cmocka_unit_test(test_owners),
        cmocka_unit_test(test_account_that_cannot_be_read),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

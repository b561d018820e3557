/* SPDX-License-Identifier: Apache-2.0 */
/* What does not fit is refused, what fits once something else has gone waits for that. */
#include "base/str.h"
#include "plan_world.h"
#include "unit.h"

#include <string.h>

#define PERMANENT_ACCESS "permanent-access:\n"
#define TEMPORARY_ACCESS "temporary-access:\n"

/* Attaches so many policies that are none of our business. */
static void attach_foreign(struct world *world, const char *who, unsigned count)
{
    for (unsigned i = 0; i < count; i++)
        world_attach(world, who, arena_printf(world->arena, AWS_ARN("Foreign%u"), i));
}

static void test_attachments_fit(void **state)
{
    (void)state;
    struct world *world = world_new();
    attach_foreign(world, "user bert", 8);
    world_want(world, WORLD_BASE PERMANENT_ACCESS PERMANENT("bert", "ro, fix"));
    assert_string_equal(world_plan(world), "create policy payments-fix\n"
                                           "attach policy payments-fix, user bert, after 0\n"
                                           "attach policy ReadOnlyAccess, user bert\n");
    world_free(world);
}

/* One too many: that one is refused, by name, and the others come. */
static void test_one_attachment_too_many(void **state)
{
    (void)state;
    struct world *world = world_new();
    attach_foreign(world, "user bert", 9);
    world_principal(world, ACCOUNT, "user ernie");
    world_want(world, WORLD_BASE PERMANENT_ACCESS PERMANENT("bert, ernie", "ro, fix"));
    assert_string_equal(world_plan(world), "create policy payments-fix\n"
                                           "attach policy payments-fix, user bert, after 0\n"
                                           "attach policy payments-fix, user ernie, after 0\n"
                                           "attach policy ReadOnlyAccess, user ernie\n"
                                           "! attachment-quota: bert, ro\n");
    assert_non_null(strstr(world->plan.problems.items[0].message, AWS_ARN("ReadOnlyAccess")));
    world_free(world);
}

/* Two grants bring the policy that does not fit: each of them is named. */
static void test_one_attachment_too_many_for_two_grants(void **state)
{
    (void)state;
    struct world *world = world_new();
    attach_foreign(world, "user bert", 9);
    world_want(world, WORLD_ACCOUNTS "aws-policies:\n"
                                     "  a: {managed_policies: ['" AWS_ARN("One") "', '" AWS_ARN(
                                         "Two") "']}\n"
                                                "  b: {managed_policies: ['" AWS_ARN(
                                                    "Two") "']}\n"
                                                           "permanent-access:\n" PERMANENT("bert", "a, b"));
    assert_string_equal(world_plan(world), "attach policy One, user bert\n"
                                           "! attachment-quota: bert, a\n"
                                           "! attachment-quota: bert, b\n");
    world_free(world);
}

/* Of the account as a whole; what goes makes room. */
static void test_the_account_is_full(void **state)
{
    (void)state;
    struct world *world = world_new();
    struct observed_account *account = world_account(world, ACCOUNT);
    world_principal(world, ACCOUNT, "user bert");
    world_had(world, WORLD_BASE);
    world_want(world, WORLD_BASE PERMANENT_ACCESS PERMANENT("bert", "fix, both"));
    account->quotas.policies = 1499;
    assert_null(strstr(world_plan(world), "account-quota")); /* nobody knows how many there can be */
    account->quotas.policies_max = 1501;
    assert_null(strstr(world_plan(world), "account-quota"));
    account->quotas.policies_max = 1500;
    assert_non_null(strstr(world_plan(world), "! account-quota\n"));
    assert_string_equal(world->plan.problems.items[0].message,
                        "account " ACCOUNT
                        " can have 1500 customer managed policies and has 1499, and this would be 2 more");
    world_policy(world, "payments-old", "Old [iamlease default/payments/old]", "{}", 1);
    assert_null(strstr(world_plan(world), "account-quota"));
    account->quotas.roles = account->quotas.roles_max = 1000;
    world_want(world, WORLD_BASE TEMPORARY_ACCESS
               "- {user: bert, environment: prod, grant: fix, mode: role, expiration_date: 2026-11-26}\n");
    assert_non_null(strstr(world_plan(world), "! account-quota\n"));
    assert_non_null(strstr(world->plan.problems.items[0].message, "can have 1000 roles and has 1000"));
    world_free(world);
}

static void test_quota_of_the_account(void **state)
{
    (void)state;
    struct world *world = world_new();
    attach_foreign(world, "role Deploy", 12);
    attach_foreign(world, "user bert", 1);
    struct observed_account *account = world_account(world, ACCOUNT);
    account->quotas.attached[PRINCIPAL_ROLE] = 13;
    account->quotas.attached[PRINCIPAL_USER] = 1;
    world_want(world, WORLD_BASE PERMANENT_ACCESS
               "- {users: [bert], roles: [Deploy], environments: [prod], grants: [ro]}\n");
    assert_string_equal(world_plan(world), "attach policy ReadOnlyAccess, role Deploy\n"
                                           "! attachment-quota: bert, ro\n");
    world_free(world);
}

/* Ten attached, one goes, one comes: what comes waits. */
static void test_detaching_makes_room(void **state)
{
    (void)state;
    struct world *world = world_new();
    attach_foreign(world, "user bert", 9);
    world_attach(world, "user bert", AWS_ARN("ReadOnlyAccess"));
    world_had(world, WORLD_BASE PERMANENT_ACCESS PERMANENT("bert", "ro"));
    world_want(world, WORLD_BASE PERMANENT_ACCESS PERMANENT("bert", "fix"));
    assert_string_equal(world_plan(world), "create policy payments-fix\n"
                                           "detach policy ReadOnlyAccess, user bert\n"
                                           "attach policy payments-fix, user bert, after 0 1\n");

    /* With room enough nobody loses one before the other is there. */
    world_principal(world, ACCOUNT, "user bert")->attached.items[0] = AWS_ARN("SecurityAudit");
    world_account(world, ACCOUNT)->quotas.attached[PRINCIPAL_USER] = 11;
    assert_string_equal(world_plan(world), "create policy payments-fix\n"
                                           "attach policy payments-fix, user bert, after 0\n"
                                           "detach policy ReadOnlyAccess, user bert\n");
    world_free(world);
}

/* The policy whose attachments make room goes in the end, and waits for them only. */
static void test_room_and_unused_policy(void **state)
{
    (void)state;
    struct world *world = world_new();
    const char *before = WORLD_BASE PERMANENT_ACCESS PERMANENT("bert", "fix");
    world_implies(world, before);
    attach_foreign(world, "user bert", 9);
    world_had(world, before);
    world_want(world, WORLD_BASE PERMANENT_ACCESS PERMANENT("bert", "ro"));
    assert_string_equal(world_plan(world), "detach policy payments-fix, user bert\n"
                                           "attach policy ReadOnlyAccess, user bert, after 0\n"
                                           "delete policy payments-fix, after 0\n");
    world_free(world);
}

/* A policy document of so many characters: "size" as AWS counts. */
static const char *document_of(struct world *world, size_t size)
{
    static const char start[] = "{\"Version\":\"2012-10-17\",\"Statement\":[{\"Sid\":\"";
    static const char end[] = "\",\"Effect\":\"Allow\",\"Action\":\"s3:*\",\"Resource\":\"*\"}]}";
    size_t rest = size - (sizeof start - 1) - (sizeof end - 1);
    char *sid = arena_alloc(world->arena, rest + 1);
    memset(sid, 'x', rest);
    return arena_printf(world->arena, "%s%s%s", start, sid, end);
}

/* The size of the inline policy that bert's lease is. */
static size_t lease_size(void)
{
    struct world *world = world_new();
    world_principal(world, ACCOUNT, "user bert");
    world_want(world, WORLD_BASE TEMPORARY_ACCESS LEASE("bert", "fix", "2026-11-28"));
    world_plan(world);
    size_t size =
        strlen(world->plan.operations.items[0].document); /* minified: what is counted is all there is */
    world_free(world);
    return size;
}

static void test_inline_quota(void **state)
{
    (void)state;
    static const char *const expected[] = {
        "put inline policy temp-payments-fix-bert, user bert\n",
        /* one character too many */
        "create policy temp-payments-fix-bert\n"
        "attach policy temp-payments-fix-bert, user bert, after 0\n",
    };
    const size_t room = 2048 - lease_size();
    for (size_t i = 0; i < COUNT(expected); i++) {
        struct world *world = world_new();
        world_inline(world, "user bert", "foreign", document_of(world, room + i));
        world_want(world, WORLD_BASE TEMPORARY_ACCESS LEASE("bert", "fix", "2026-11-28"));
        assert_string_equal(world_plan(world), expected[i]);
        world_account(world, ACCOUNT)->quotas.inline_size[PRINCIPAL_USER] = 2049;
        assert_string_equal(world_plan(world), expected[0]);
        world_free(world);
    }
}

/* The lease that is there does not count against its own successor. */
static void test_successor_has_the_room(void **state)
{
    (void)state;
    struct world *world = world_new();
    const char *before = WORLD_BASE TEMPORARY_ACCESS LEASE("bert", "fix", "2026-11-26");
    world_implies(world, before);
    world_inline(world, "user bert", "foreign", document_of(world, 2048 - lease_size()));
    world_had(world, before);
    world_want(world, WORLD_BASE TEMPORARY_ACCESS LEASE("bert", "fix", "2026-11-28"));
    assert_string_equal(world_plan(world), "put inline policy temp-payments-fix-bert, user bert\n");
    world_free(world);
}

/* White space in a foreign policy counts here and not in AWS: even where the sum seems too large a lease can
 * be shortened. */
static void test_no_more_room_asked(void **state)
{
    (void)state;
    struct world *world = world_new();
    const char *before = WORLD_BASE TEMPORARY_ACCESS LEASE("bert", "fix", "2026-11-28");
    char *foreign = arena_strdup(world->arena, document_of(world, 2048));
    memset(strstr(foreign, "xx"), ' ', strspn(strstr(foreign, "xx"), "x"));
    world_implies(world, before);
    world_inline(world, "user bert", "foreign", foreign);
    world_had(world, before);
    world_want(world, WORLD_BASE TEMPORARY_ACCESS LEASE("bert", "fix", "2026-11-26"));
    assert_string_equal(world_plan(world), "put inline policy temp-payments-fix-bert, user bert\n");
    world_free(world);
}

#define TWO_FIXES                                                                                         \
    WORLD_ACCOUNTS "aws-policies:\n"                                                                      \
                   "  fix: {custom_statements: [{effect: Allow, actions: ['s3:*'], resources: ['*']}]}\n" \
                   "  mend: {custom_statements: [{effect: Allow, actions: ['ec2:*'], resources: ['*']}]}\n"

/* Two leases, of which one fits: the other is a managed policy, and nothing is taken from anybody for it. */
static void test_second_lease_does_not_fit(void **state)
{
    (void)state;
    struct world *world = world_new();
    world_inline(world, "user bert", "foreign", document_of(world, 2048 - lease_size()));
    world_want(world, TWO_FIXES TEMPORARY_ACCESS LEASE("bert", "fix", "2026-11-28")
                          LEASE("bert", "mend", "2026-11-28"));
    assert_string_equal(world_plan(world), "create policy temp-payments-mend-bert\n"
                                           "attach policy temp-payments-mend-bert, user bert, after 0\n"
                                           "put inline policy temp-payments-fix-bert, user bert\n");
    world_free(world);
}

static void test_ended_lease_makes_room(void **state)
{
    (void)state;
    struct world *world = world_new();
    const char *before = TWO_FIXES TEMPORARY_ACCESS LEASE("bert", "fix", "2026-11-24");
    world_implies(world, before);
    world_inline(world, "user bert", "foreign", document_of(world, 2048 - lease_size()));
    world_had(world, before);
    world_want(world, TWO_FIXES TEMPORARY_ACCESS LEASE("bert", "mend", "2026-11-28"));
    assert_string_equal(world_plan(world), "delete inline policy temp-payments-fix-bert, user bert\n"
                                           "put inline policy temp-payments-mend-bert, user bert, after 0\n");
    assert_string_equal(world->plan.operations.items[0].reason, "ended at 2026-11-25T00:00:00Z");
    world_free(world);
}

/* Grants "fix" and "mend" with a resource of so many characters each, both lent to bert; 0: not lent. */
static const char *two_leases(struct world *world, int fix, int mend)
{
    static const char grant[] =
        "  %s: {custom_statements: [{effect: Allow, actions: ['s3:*'], resources: ['arn:aws:s3:::%0*d']}]}\n";
    const char *yaml = arena_printf(world->arena, WORLD_ACCOUNTS "aws-policies:\n%s%stemporary-access:\n",
                                    arena_printf(world->arena, grant, "fix", fix ? fix : 1, 0),
                                    arena_printf(world->arena, grant, "mend", mend ? mend : 1, 0));
    return arena_printf(world->arena, "%s%s%s", yaml, fix ? LEASE("bert", "fix", "2026-11-28") : "",
                        mend ? LEASE("bert", "mend", "2026-11-28") : "");
}

/* bert has both leases, and no room for so much as one character more. */
static struct world *world_without_room(int fix, int mend)
{
    struct world *world = world_new();
    world_implies(world, two_leases(world, fix, mend));
    world_had(world, two_leases(world, fix, mend));
    const struct observed_principal *bert = world_principal(world, ACCOUNT, "user bert");
    size_t sum = 0;
    for (size_t i = 0; i < bert->inline_policies.count; i++)
        sum += strlen(bert->inline_policies.items[i].document);
    world_inline(world, "user bert", "foreign", document_of(world, 2048 - sum));
    return world;
}

/* One lease becomes as large as the other was: in the end both fit. */
static void test_leases_swap_sizes(void **state)
{
    (void)state;
    struct world *world = world_without_room(300, 500);
    world_want(world, two_leases(world, 500, 300));
    assert_string_equal(world_plan(world), "put inline policy temp-payments-mend-bert, user bert\n"
                                           "put inline policy temp-payments-fix-bert, user bert, after 0\n");
    world_want(world, two_leases(world, 501, 300)); /* see test_lease_that_outgrows */
    assert_string_equal(world_plan(world), "create policy temp-payments-fix-bert\n"
                                           "attach policy temp-payments-fix-bert, user bert, after 0\n"
                                           "put inline policy temp-payments-mend-bert, user bert\n"
                                           "delete inline policy temp-payments-fix-bert, user bert\n");

    /* With room enough nobody waits. */
    world_account(world, ACCOUNT)->quotas.inline_size[PRINCIPAL_USER] = 2248;
    world_want(world, two_leases(world, 500, 300));
    assert_string_equal(world_plan(world), "put inline policy temp-payments-mend-bert, user bert\n"
                                           "put inline policy temp-payments-fix-bert, user bert\n");
    world_free(world);
}

/* What was lent before is not what is declared now: it does not stay where its successor has to be inline and
 * does not fit. */
static void test_lease_that_outgrows(void **state)
{
    (void)state;
    struct world *world = world_without_room(300, 300);
    world_want(world, two_leases(world, 301, 300));
    world->desired.items[0].mode_is_fixed = true;
    assert_string_equal(world_plan(world), "delete inline policy temp-payments-fix-bert, user bert\n"
                                           "! inline-quota: bert, fix\n");
    assert_non_null(strstr(world->plan.problems.items[0].message,
                           "nothing is granted, and what was granted before is removed"));
    assert_string_equal(world->plan.operations.items[0].reason,
                        "what is declared now cannot be granted: payments/fix");

    world_hold(world, two_leases(world, 301, 0)); /* a held fact keeps what it has */
    assert_string_equal(world_plan(world), "");
    world_free(world);
}

/* A lease that is there has its room before one that comes. */
static void test_lease_in_place_comes_first(void **state)
{
    (void)state;
    struct world *world = world_without_room(0, 300);
    world_account(world, ACCOUNT)->quotas.inline_size[PRINCIPAL_USER] += 400;
    world_want(world, two_leases(world, 200, 500));
    world->desired.items[0].mode_is_fixed = true;
    assert_string_equal(world_plan(world), "put inline policy temp-payments-mend-bert, user bert\n"
                                           "! inline-quota: bert, fix\n");
    assert_null(strstr(world->plan.problems.items[0].message, "removed"));
    world_free(world);
}

/* An attachment waits for no inline policy, nor the other way round. */
static void test_rooms_are_apart(void **state)
{
    (void)state;
    struct world *world = world_new();
    const char *before = TWO_FIXES PERMANENT_ACCESS PERMANENT("bert", "fix")
        TEMPORARY_ACCESS LEASE("bert", "mend", "2026-11-28");
    const char *after = TWO_FIXES PERMANENT_ACCESS PERMANENT("bert", "mend")
        TEMPORARY_ACCESS LEASE("bert", "fix", "2026-11-28");
    world_implies(world, before);
    attach_foreign(world, "user bert", 9);
    world_had(world, before);
    world_want(world, after);
    assert_string_equal(world_plan(world), "create policy payments-mend\n"
                                           "detach policy payments-fix, user bert\n"
                                           "attach policy payments-mend, user bert, after 0 1\n"
                                           "put inline policy temp-payments-fix-bert, user bert\n"
                                           "delete inline policy temp-payments-mend-bert, user bert\n"
                                           "delete policy payments-fix, after 1\n");

    world_account(world, ACCOUNT)->quotas.attached[PRINCIPAL_USER] = 11;
    world_inline(world, "user bert", "foreign", document_of(world, 2048 - lease_size()));
    assert_string_equal(world_plan(world), "create policy payments-mend\n"
                                           "delete inline policy temp-payments-mend-bert, user bert\n"
                                           "attach policy payments-mend, user bert, after 0\n"
                                           "put inline policy temp-payments-fix-bert, user bert, after 1\n"
                                           "detach policy payments-fix, user bert\n"
                                           "delete policy payments-fix, after 4\n");
    world_free(world);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_the_account_is_full),
        cmocka_unit_test(test_attachments_fit),
        cmocka_unit_test(test_one_attachment_too_many),
        cmocka_unit_test(test_one_attachment_too_many_for_two_grants),
        cmocka_unit_test(test_quota_of_the_account),
        cmocka_unit_test(test_detaching_makes_room),
        cmocka_unit_test(test_room_and_unused_policy),
        cmocka_unit_test(test_inline_quota),
        cmocka_unit_test(test_successor_has_the_room),
        cmocka_unit_test(test_second_lease_does_not_fit),
        cmocka_unit_test(test_ended_lease_makes_room),
        cmocka_unit_test(test_no_more_room_asked),
        cmocka_unit_test(test_leases_swap_sizes),
        cmocka_unit_test(test_lease_that_outgrows),
        cmocka_unit_test(test_lease_in_place_comes_first),
        cmocka_unit_test(test_rooms_are_apart),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

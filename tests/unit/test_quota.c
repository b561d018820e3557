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

static void test_quota_of_the_account(void **state)
{
    (void)state;
    struct world *world = world_new();
    attach_foreign(world, "role Deploy", 12);
    attach_foreign(world, "user bert", 1);
    struct observed_account *account = world_account(world, ACCOUNT);
    account->quotas.attached_per_role = 13;
    account->quotas.attached_per_user = 1;
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
    world_account(world, ACCOUNT)->quotas.attached_per_user = 11;
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
        "! mode-not-available: bert, fix\n", /* one character too many */
    };
    const size_t room = 2048 - lease_size();
    for (size_t i = 0; i < COUNT(expected); i++) {
        struct world *world = world_new();
        world_inline(world, "user bert", "foreign", document_of(world, room + i));
        world_want(world, WORLD_BASE TEMPORARY_ACCESS LEASE("bert", "fix", "2026-11-28"));
        assert_string_equal(world_plan(world), expected[i]);
        world_account(world, ACCOUNT)->quotas.user_inline_size = 2049;
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

/* Two leases, of which one fits: the other is refused, and nothing is taken from anybody for it. */
static void test_second_lease_does_not_fit(void **state)
{
    (void)state;
    struct world *world = world_new();
    world_inline(world, "user bert", "foreign", document_of(world, 2048 - lease_size()));
    world_want(world, TWO_FIXES TEMPORARY_ACCESS LEASE("bert", "fix", "2026-11-28")
                          LEASE("bert", "mend", "2026-11-28"));
    assert_string_equal(world_plan(world), "put inline policy temp-payments-fix-bert, user bert\n"
                                           "! mode-not-available: bert, mend\n");
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

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_attachments_fit),        cmocka_unit_test(test_one_attachment_too_many),
        cmocka_unit_test(test_quota_of_the_account),   cmocka_unit_test(test_detaching_makes_room),
        cmocka_unit_test(test_room_and_unused_policy), cmocka_unit_test(test_inline_quota),
        cmocka_unit_test(test_successor_has_the_room), cmocka_unit_test(test_second_lease_does_not_fit),
        cmocka_unit_test(test_ended_lease_makes_room), cmocka_unit_test(test_no_more_room_asked),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

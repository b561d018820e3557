/* SPDX-License-Identifier: Apache-2.0 */
#include "base/str.h"
#include "plan/lease_role.h"
#include "plan_world.h"
#include "unit.h"

#include <string.h>

#define TEMPORARY_ACCESS "temporary-access:\n"
#define ROLE(user, grant, date) \
    "- {user: " user ", environment: prod, grant: " grant ", expiration_date: " date ", mode: role}\n"
#define MADE(name, after_end)                         \
    "create role " name "\n"                          \
    "put inline policy iamlease-end, role " name ", " \
    "after " after_end "\n"

static const struct change_case cases[] = {
    {"one of AWS's policies", NULL, TEMPORARY_ACCESS ROLE("bert", "ro", "2026-11-26"),
     MADE("temp-payments-ro-bert", "0") "attach policy ReadOnlyAccess, role temp-payments-ro-bert, after 1\n"
                                        "i\n"},
    {"one of ours", NULL, TEMPORARY_ACCESS ROLE("bert", "fix", "2026-11-26"),
     "create policy payments-fix\n" MADE(
         "temp-payments-fix-bert", "1") "attach policy payments-fix, role temp-payments-fix-bert, after 0 2\n"
                                        "i\n"},
    {"it may end later", TEMPORARY_ACCESS ROLE("bert", "ro", "2026-11-26"),
     TEMPORARY_ACCESS ROLE("bert", "ro", "2026-11-28"),
     "put inline policy iamlease-end, role temp-payments-ro-bert\n"
     "change trust of role temp-payments-ro-bert, after 0\n"},
    {"or earlier", TEMPORARY_ACCESS ROLE("bert", "ro", "2026-11-28"),
     TEMPORARY_ACCESS ROLE("bert", "ro", "2026-11-26"),
     "put inline policy iamlease-end, role temp-payments-ro-bert\n"
     "change trust of role temp-payments-ro-bert, after 0\n"},
    {"or go", TEMPORARY_ACCESS ROLE("bert", "both", "2026-11-26"), NULL,
     "detach policy payments-both, role temp-payments-both-bert\n"
     "detach policy ReadOnlyAccess, role temp-payments-both-bert\n"
     "detach policy SecurityAudit, role temp-payments-both-bert\n"
     "delete inline policy iamlease-end, role temp-payments-both-bert, after 0 1 2\n"
     "delete role temp-payments-both-bert, after 0 1 2 3\n"
     "delete policy payments-both, after 0\n"},
    {"its policy stays with who else has it",
     "permanent-access:\n" PERMANENT("ernie", "fix") TEMPORARY_ACCESS ROLE("bert", "fix", "2026-11-26"),
     "permanent-access:\n" PERMANENT("ernie", "fix"),
     "detach policy payments-fix, role temp-payments-fix-bert\n"
     "delete inline policy iamlease-end, role temp-payments-fix-bert, after 0\n"
     "delete role temp-payments-fix-bert, after 0 1\n"},
    {"in place of an inline policy", TEMPORARY_ACCESS LEASE("bert", "fix", "2026-11-26"),
     TEMPORARY_ACCESS ROLE("bert", "fix", "2026-11-26"),
     "create policy payments-fix\n" MADE(
         "temp-payments-fix-bert", "1") "attach policy payments-fix, role temp-payments-fix-bert, after 0 2\n"
                                        "delete inline policy temp-payments-fix-bert, user bert\n"
                                        "i\n"},
    {"it stays a role where no mode is asked for", TEMPORARY_ACCESS ROLE("bert", "fix", "2026-11-26"),
     TEMPORARY_ACCESS LEASE("bert", "fix", "2026-11-26"), ""},
    {"nobody is there", NULL, TEMPORARY_ACCESS ROLE("oscar", "ro", "2026-11-26"),
     "! principal-not-found: oscar, ro\n"},
};

static void test_changes(void **state)
{
    (void)state;
    world_check_changes(cases, COUNT(cases));
}

/* A source that does not fit into any policy. */
static const char *large(struct arena *arena)
{
    char *name = arena_alloc(arena, 7001);
    memset(name, 'x', 7000);
    return arena_printf(
        arena,
        "{\"Version\":\"2012-10-17\",\"Statement\":{\"Effect\":\"Allow\",\"Action\":\"*\",\"Resource\":\"%s\"}}",
        name);
}

static const char *plan_of_large(struct world *world, const char *want, const char *arn)
{
    world_principal(world, ACCOUNT, "user bert");
    world_principal(world, ACCOUNT, "group admins");
    world_account(world, ACCOUNT)->sources_unknown = false;
    *VEC_ADD(world->arena, &world_account(world, ACCOUNT)->sources) = (struct observed_source){
        .arn = arn,
        .version_id = "v1",
        .document = large(world->arena),
    };
    world_want(world, arena_printf(world->arena,
                                   WORLD_ACCOUNTS
                                   "aws-policies:\n  g: {managed_policies: ['%s']}\n" TEMPORARY_ACCESS "%s",
                                   arn, want));
    return world_plan(world);
}

#define LARGE(who, mode) \
    "- {" who ", environment: prod, grant: g, expiration_date: 2026-11-26, mode: " mode "}\n"

static void test_what_is_too_large_to_copy(void **state)
{
    (void)state;
    static const struct {
        const char *want, *arn, *expected;
    } large_cases[] = {
        {LARGE("user: bert", "auto"), AWS_ARN("Large"),
         MADE("temp-payments-g-bert", "0") "attach policy Large, role temp-payments-g-bert, after 1\ni\n"},
        {LARGE("user: bert", "policy"), AWS_ARN("Large"), "! lease-too-large: bert, g\n"},
        {LARGE("group: admins", "auto"), AWS_ARN("Large"), "! lease-too-large: admins, g\n"},
        {LARGE("user: bert", "auto"), AWS_ARN("aws-service-role/Large"), "! policy-not-attachable: bert, g\n"},
    };
    for (size_t i = 0; i < COUNT(large_cases); i++) {
        struct world *world = world_new();
        const char *plan = plan_of_large(world, large_cases[i].want, large_cases[i].arn);
        CHECK(str_eq(plan, large_cases[i].expected), "%zu:\n%s", i, plan);
        world_free(world);
    }
}

/* A lease that no mode was asked for is found to need a role here: no check of files has seen its boundary. */
static void test_a_boundary_of_another_account(void **state)
{
    (void)state;
    static const struct {
        const char *boundary, *expected;
    } bounds[] = {
        {"arn:aws:iam::222222222222:policy/x", "! policy-other-account: bert, g\n"},
        {"arn:aws:iam::" ACCOUNT ":policy/x",
         MADE("temp-payments-g-bert", "0") "attach policy Large, role temp-payments-g-bert, after 1\ni\n"},
        {"policy/x",
         MADE("temp-payments-g-bert", "0") "attach policy Large, role temp-payments-g-bert, after 1\ni\n"},
    };
    for (size_t i = 0; i < COUNT(bounds); i++) {
        struct world *world = world_new();
        world->settings.permissions_boundary = bounds[i].boundary;
        const char *plan = plan_of_large(world, LARGE("user: bert", "auto"), AWS_ARN("Large"));
        CHECK(str_eq(plan, bounds[i].expected), "%zu:\n%s", i, plan);
        for (size_t j = 0; j < world->plan.operations.count; j++)
            if (world->plan.operations.items[j].kind == OP_CREATE_ROLE)
                assert_string_equal(world->plan.operations.items[j].boundary,
                                    "arn:aws:iam::" ACCOUNT ":policy/x");
        world_free(world);
    }
}

#define STRAY \
    "{\"Version\":\"2012-10-17\",\"Statement\":{\"Effect\":\"Allow\",\"Action\":\"*\",\"Resource\":\"*\"}}"
#define TEMP_BOTH "role temp-payments-both-bert"

/* As it was applied, but that somebody has changed the role of bert's lease; what is done then. */
static const char *plan_after(struct world *world, const char *want,
                              void (*change)(struct world *, struct observed_principal *))
{
    world_implies(world, WORLD_BASE TEMPORARY_ACCESS ROLE("bert", "both", "2026-11-26"));
    world_principal(world, ACCOUNT, "user bert");
    world_had(world, WORLD_BASE TEMPORARY_ACCESS ROLE("bert", "both", "2026-11-26"));
    world_want(world, arena_printf(world->arena, WORLD_BASE "%s", want));
    change(world, world_principal(world, ACCOUNT, TEMP_BOTH));
    return world_plan(world);
}

static void let_in(struct world *world, struct observed_principal *role)
{
    (void)world;
    role->trust =
        "{\"Version\":\"2012-10-17\",\"Statement\":{\"Effect\":\"Allow\",\"Principal\":{\"AWS\":\"*\"},"
        "\"Action\":\"sts:AssumeRole\"}}";
    role->attached.count--;
    role->attached_sorted = 0;
}

static void let_in_and_bound(struct world *world, struct observed_principal *role)
{
    let_in(world, role);
    world->settings.permissions_boundary = AWS_ARN("Bound");
}

static void allow_more(struct world *world, struct observed_principal *role)
{
    (void)role;
    world_inline(world, TEMP_BOTH, "stray", STRAY);
}

static void test_what_somebody_changed(void **state)
{
    (void)state;
    static const struct {
        const char *want;
        void (*change)(struct world *, struct observed_principal *);
        const char *expected;
    } changed[] = {
        {TEMPORARY_ACCESS ROLE("bert", "both", "2026-11-26"), let_in,
         "change trust of role temp-payments-both-bert\n"
         "attach policy SecurityAudit, role temp-payments-both-bert, after 0\n"},
        {TEMPORARY_ACCESS ROLE("bert", "both", "2026-11-26"), let_in_and_bound,
         "set boundary of role temp-payments-both-bert\n"
         "change trust of role temp-payments-both-bert\n"
         "attach policy SecurityAudit, role temp-payments-both-bert, after 0 1\n"},
        {"", allow_more,
         "detach policy payments-both, role temp-payments-both-bert\n"
         "detach policy ReadOnlyAccess, role temp-payments-both-bert\n"
         "detach policy SecurityAudit, role temp-payments-both-bert\n"
         "delete inline policy stray, role temp-payments-both-bert\n"
         "delete inline policy iamlease-end, role temp-payments-both-bert, after 0 1 2 3\n"
         "delete role temp-payments-both-bert, after 0 1 2 3 4\n"
         "delete policy payments-both, after 0\n"},
    };
    for (size_t i = 0; i < COUNT(changed); i++) {
        struct world *world = world_new();
        const char *plan = plan_after(world, changed[i].want, changed[i].change);
        CHECK(str_eq(plan, changed[i].expected), "%zu:\n%s", i, plan);
        world_free(world);
    }
}

static void test_names_and_ways_in(void **state)
{
    (void)state;
    static const struct policy_decl policy = {.description = "d"};
    struct fact fact = {.kind = ACCESS_LEASE,
                        .team = "payments",
                        .grant = "dev.break-glass",
                        .principal = "bert",
                        .account_id = ACCOUNT,
                        .policy = &policy,
                        .ends_at_s = 1};
    CLEANUP(arena_freep) struct arena *arena = arena_new();
    struct settings settings = settings_defaults();
    struct lease_role role;
    lease_role_compute(arena, &settings, NULL, &fact, &role);
    assert_string_equal(role.arn, "arn:aws:iam::" ACCOUNT ":role/iamlease/temp-payments-dev-break-glass-bert");
    assert_string_equal(lease_role_url(arena, &settings, ACCOUNT, "a+b=c,d@e"),
                        "https://signin.aws.amazon.com/switchrole?account=" ACCOUNT
                        "&roleName=iamlease/a%2Bb%3Dc%2Cd%40e");
    settings.partition = "aws-us-gov";
    assert_non_null(strstr(lease_role_url(arena, &settings, ACCOUNT, "r"), "//signin.amazonaws-us-gov.com/"));
    fact.principal = "somebody.with-a-name-that-is-longer-than-what-is-left@example.com";
    lease_role_compute(arena, &settings, NULL, &fact, &role);
    assert_int_equal(strlen(settings.policy_path) + strlen(role.name), 64);
    const char *first = role.name;
    fact.principal = "somebody.with-a-name-that-is-longer-than-what-is-left@example.org";
    lease_role_compute(arena, &settings, NULL, &fact, &role);
    assert_false(str_eq(first, role.name));
    settings.policy_path = "/a/path/that/is/so/long/that/no/name/would/be/left/";
    lease_role_compute(arena, &settings, NULL, &fact, &role);
    assert_int_equal(strlen(role.name), 64);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_changes),
        cmocka_unit_test(test_what_is_too_large_to_copy),
        cmocka_unit_test(test_a_boundary_of_another_account),
        cmocka_unit_test(test_what_somebody_changed),
        cmocka_unit_test(test_names_and_ways_in),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

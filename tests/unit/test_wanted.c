/* SPDX-License-Identifier: Apache-2.0 */
#include "aws_memory.h"
#include "base/str.h"
#include "plan/desired.h"
#include "plan_laws.h"
#include "plan_world.h"
#include "unit.h"

#include <string.h>

#define PERMANENT_ACCESS "permanent-access:\n"
#define TEMPORARY_ACCESS "temporary-access:\n"
#define FOREIGN_DOCUMENT                                                                    \
    "{\"Version\":\"2012-10-17\",\"Statement\":{\"Effect\":\"Allow\",\"Action\":\"sqs:*\"," \
    "\"Resource\":\"*\"}}"

static const struct change_case cases[] = {
    {"who is not there is named, the others get theirs", NULL,
     PERMANENT_ACCESS PERMANENT("bert, oscar", "fix") TEMPORARY_ACCESS LEASE("oscar", "fix", "2026-11-26"),
     "create policy payments-fix\n"
     "attach policy payments-fix, user bert, after 0\n"
     "! principal-not-found: oscar, fix\n"
     "! principal-not-found: oscar, fix\n"},
    {"a user is no role", NULL, PERMANENT_ACCESS "- {roles: [bert], environments: [prod], grants: [ro]}\n",
     "! principal-not-found: bert, ro\n"},
    {"one attachment for two grants", NULL, PERMANENT_ACCESS PERMANENT("bert", "ro, both"),
     "create policy payments-both\n"
     "attach policy payments-both, user bert, after 0\n"
     "attach policy ReadOnlyAccess, user bert\n"
     "attach policy SecurityAudit, user bert\n"},
    {"managed policies are lent as copies", NULL,
     TEMPORARY_ACCESS LEASE("bert", "ro", "2026-11-26") LEASE("ernie", "both", "2026-11-26"),
     "create policy temp-payments-ro-bert\n"
     "create policy temp-payments-both-ernie\n"
     "attach policy temp-payments-ro-bert, user bert, after 0\n"
     "attach policy temp-payments-both-ernie, user ernie, after 1\n"},
    {"also when they are lent and given", NULL,
     TEMPORARY_ACCESS LEASE("bert", "ro", "2026-11-26") PERMANENT_ACCESS PERMANENT("bert", "ro"),
     "create policy temp-payments-ro-bert\n"
     "attach policy temp-payments-ro-bert, user bert, after 0\n"
     "attach policy ReadOnlyAccess, user bert\n"},
    {"a copy may end later", TEMPORARY_ACCESS LEASE("bert", "ro", "2026-11-26"),
     TEMPORARY_ACCESS LEASE("bert", "ro", "2026-11-28"), "change policy temp-payments-ro-bert\n"},
    {"or go", TEMPORARY_ACCESS LEASE("bert", "ro", "2026-11-26"), NULL,
     "detach policy temp-payments-ro-bert, user bert\n"
     "delete policy temp-payments-ro-bert, after 0\n"},
    {"a lease may end later", TEMPORARY_ACCESS LEASE("bert", "fix", "2026-11-26"),
     TEMPORARY_ACCESS LEASE("bert", "fix", "2026-11-28"),
     "put inline policy temp-payments-fix-bert, user bert\n"},
    {"or earlier", TEMPORARY_ACCESS LEASE("bert", "fix", "2026-11-28"),
     TEMPORARY_ACCESS LEASE("bert", "fix", "2026-11-26"),
     "put inline policy temp-payments-fix-bert, user bert\n"},
    {"or stay", TEMPORARY_ACCESS LEASE("bert", "fix", "2026-11-28"),
     TEMPORARY_ACCESS LEASE("bert", "fix", "2026-11-26") LEASE("bert", "fix", "2026-11-28"), ""},
};

static void test_changes(void **state)
{
    (void)state;
    world_check_changes(cases, COUNT(cases));
}

static void test_principals_regardless_of_case(void **state)
{
    (void)state;
    struct world *world = world_new();
    world_principal(world, ACCOUNT, "user Bert");
    world_want(world, WORLD_BASE PERMANENT_ACCESS PERMANENT("bert", "ro")
                          TEMPORARY_ACCESS LEASE("bert", "fix", "2026-11-26"));
    assert_string_equal(world_plan(world), "attach policy ReadOnlyAccess, user Bert\n"
                                           "put inline policy temp-payments-fix-bert, user Bert\n");
    world_free(world);
}

/* What is there keeps the name that it has: another spelling might be another policy to whoever reads it. */
static void test_policies_regardless_of_case(void **state)
{
    (void)state;
    struct world *world = world_new();
    const char *before = WORLD_BASE PERMANENT_ACCESS PERMANENT("Bert", "ro")
        TEMPORARY_ACCESS LEASE("Bert", "fix", "2026-11-26");
    world_implies(world, before);
    world_principal(world, ACCOUNT, "user Bert")->inline_policies.items[0].name = "Temp-Payments-Fix-Bert";
    world_had(world, before);
    world_want(world, WORLD_BASE TEMPORARY_ACCESS LEASE("bert", "fix", "2026-11-28"));
    assert_string_equal(world_plan(world), "put inline policy Temp-Payments-Fix-Bert, user Bert\n"
                                           "detach policy ReadOnlyAccess, user Bert\n");
    world_free(world);
}

/* The one who is not there is said where, and as the file has him. */
static void test_not_found_says_where(void **state)
{
    (void)state;
    struct world *world = world_new();
    world_account(world, ACCOUNT);
    world_want(world, WORLD_BASE PERMANENT_ACCESS PERMANENT("oscar@example.com", "ro"));
    world_plan(world);
    const struct problem *problem = &world->plan.problems.items[0];
    assert_string_equal(problem->message, "there is no user named 'oscar' in account " ACCOUNT " (prod)");
    assert_non_null(strstr(problem->hint, "oscar@example.com"));
    assert_int_equal(problem->fact->span.line, 2);
    world_free(world);
}

/* Whatever a description says that is not exactly our mark: the policy is somebody else's, and is left alone. */
static void test_foreign_policy(void **state)
{
    (void)state;
    static const char *const descriptions[] = {
        "",
        "made by hand",
        "[iamlease other/payments/fix]",
        "[iamlease default/payments/fix] and more",
    };
    for (size_t i = 0; i < COUNT(descriptions); i++) {
        struct world *world = world_new();
        world_policy(world, "PAYMENTS-fix", descriptions[i], FOREIGN_DOCUMENT, 2);
        world_attach(world, "user bert", ARN_OF("PAYMENTS-fix"));
        world_principal(world, ACCOUNT, "user ernie");
        world_want(world,
                   WORLD_BASE PERMANENT_ACCESS PERMANENT("bert, ernie", "fix") PERMANENT("ernie", "ro"));
        const char *plan = world_plan(world);
        CHECK(str_eq(plan, "attach policy ReadOnlyAccess, user ernie\n"
                           "! foreign-policy: bert, fix\n"
                           "! foreign-policy: ernie, fix\n"),
              "'%s':\n%s", descriptions[i], plan);
        world_free(world);
    }
}

#define ONE_GRANT(name)                                                                              \
    WORLD_ACCOUNTS "aws-policies:\n"                                                                 \
                   "  " name                                                                         \
                   ": {custom_statements: [{effect: Allow, actions: ['s3:*'], resources: ['*']}]}\n" \
                   "permanent-access:\n" PERMANENT("bert", name)

static void apply(struct world *world)
{
    world->observed = aws_memory_copy(world->arena, &world->observed);
    for (size_t i = 0; i < world->plan.operations.count; i++)
        assert_null(aws_memory_execute(world->arena, &world->observed, &world->plan.operations.items[i]));
}

/* dev.x becomes dev-x, which is the same name in AWS: the first run makes room, the second grants. */
static void test_renamed_grant(void **state)
{
    (void)state;
    struct world *world = world_new();
    world_implies(world, ONE_GRANT("dev.x"));
    world_had(world, ONE_GRANT("dev.x"));
    world_want(world, ONE_GRANT("dev-x"));
    assert_string_equal(world_plan(world), "detach policy payments-dev-x, user bert\n"
                                           "delete policy payments-dev-x, after 0\n"
                                           "! policy-name-taken: bert, dev-x\n");
    assert_string_equal(world->plan.problems.items[0].message,
                        "the policy payments-dev-x in account " ACCOUNT
                        " is still that of grant 'dev.x' of team payments, which this run removes");
    assert_string_equal(world->plan.problems.items[0].hint, "run apply again");
    apply(world);
    assert_string_equal(world_plan(world), "create policy payments-dev-x\n"
                                           "attach policy payments-dev-x, user bert, after 0\n");
    apply(world);
    assert_string_equal(world_plan(world), "");
    world_free(world);
}

/* The other grant is held: no run will make room for this one. */
static void test_renamed_grant_held(void **state)
{
    (void)state;
    struct world *world = world_new();
    world_implies(world, ONE_GRANT("dev.x"));
    world_had(world, ONE_GRANT("dev.x"));
    world_hold(world, ONE_GRANT("dev.x"));
    world_want(world, ONE_GRANT("dev-x"));
    assert_string_equal(world_plan(world), "! policy-name-taken: bert, dev-x\n");
    assert_string_equal(world->plan.problems.items[0].message,
                        "the policy payments-dev-x in account " ACCOUNT
                        " is still that of grant 'dev.x' of team payments");
    world_free(world);
}

/* Team billing reaches for the policy of team payments by its ARN, which anybody can guess. */
static void test_policy_of_another_team(void **state)
{
    (void)state;
    struct world *world = world_new();
    world_principal(world, ACCOUNT, "user bert");
    world_principal(world, ACCOUNT, "user ernie");
    const char *yaml = WORLD_BASE PERMANENT_ACCESS PERMANENT(
        "bert", "fix") "team: billing\n" WORLD_ACCOUNTS
                       "aws-policies: {reach: {managed_policies: ['" ARN_OF("payments-fix") "', '" AWS_ARN(
                           "ReadOnlyAccess") "']}}\npermanent-access:\n" PERMANENT("ernie", "reach");
    /* Not world_want(): what the facts imply by themselves is not what they get. */
    desired_facts(world->arena, world_config(world, yaml), &world->rules, world->now_s, &world->desired);
    assert_string_equal(world_plan(world), "create policy payments-fix\n"
                                           "attach policy payments-fix, user bert, after 0\n"
                                           "attach policy ReadOnlyAccess, user ernie\n"
                                           "! marked-policy: ernie, reach\n");
    apply(world);
    world_attach(world, "user ernie", ARN_OF("payments-fix"));
    assert_string_equal(world_plan(world), "detach policy payments-fix, user ernie\n"
                                           "! marked-policy: ernie, reach\n"
                                           "i\n"); /* ReadOnlyAccess: no commit was applied yet */
    strings_add(world->arena, &world->teams, "payments");
    assert_string_equal(world_plan(world), "detach policy payments-fix, user ernie\n");
    world_free(world);
}

static void test_foreign_inline_policy(void **state)
{
    (void)state;
    static const char *const documents[] = {
        FOREIGN_DOCUMENT,
        "not to be read",
        /* The Sid of another owner. */
        "{\"Version\":\"2012-10-17\",\"Statement\":{\"Sid\":\"iamlease00000000001\",\"Effect\":\"Allow\","
        "\"Action\":\"sqs:*\",\"Resource\":\"*\"}}",
    };
    for (size_t i = 0; i < COUNT(documents); i++) {
        struct world *world = world_new();
        world_inline(world, "user bert", "Temp-payments-fix-bert", documents[i]);
        world_principal(world, ACCOUNT, "user ernie");
        world_want(world, WORLD_BASE TEMPORARY_ACCESS LEASE("bert", "fix", "2026-11-26")
                              LEASE("ernie", "fix", "2026-11-26"));
        const char *plan = world_plan(world);
        CHECK(str_eq(plan, "put inline policy temp-payments-fix-ernie, user ernie\n"
                           "! foreign-inline-policy: bert, fix\n"),
              "%s:\n%s", documents[i], plan);
        world_free(world);
    }
}

/* Our lease that somebody edited by hand is put right. */
static void test_edited_lease(void **state)
{
    (void)state;
    struct world *world = world_new();
    world_implies(world, WORLD_BASE TEMPORARY_ACCESS LEASE("bert", "fix", "2026-11-26"));
    struct inline_policy *lease = &world_principal(world, ACCOUNT, "user bert")->inline_policies.items[0];
    char *edited = arena_strdup(world->arena, lease->document);
    memcpy(strstr(edited, "2026-11-27"), "2036", 4);
    lease->document = edited;
    world_had(world, WORLD_BASE TEMPORARY_ACCESS LEASE("bert", "fix", "2026-11-26"));
    world_want(world, WORLD_BASE TEMPORARY_ACCESS LEASE("bert", "fix", "2026-11-26"));
    assert_string_equal(world_plan(world), "put inline policy temp-payments-fix-bert, user bert\n");
    const struct operation *put = &world->plan.operations.items[0];
    assert_non_null(strstr(put->document, "\"DateLessThan\":{\"aws:CurrentTime\":\"2026-11-27T00:00:00Z\"}"));
    assert_int_equal(put->ends_at_s, world->desired.items[0].ends_at_s);
    assert_string_equal(put->lease_id, world->desired.items[0].lease_id);
    world_free(world);
}

#define FIX_WITH_MANAGED                                                                                         \
    WORLD_ACCOUNTS                                                                                               \
    "aws-policies: {fix: {managed_policies: ['" AWS_ARN(                                                         \
        "ReadOnlyAccess") "'], custom_statements: [{effect: Allow, actions: ['s3:Put*'], resources: ['*']}]}}\n" \
                          "temporary-access:\n"

/* The grant got managed policies: the lease is a policy from now on, and what it was before goes. */
static void test_lease_that_needs_another_mode(void **state)
{
    (void)state;
    struct world *world = world_new();
    const char *before = WORLD_BASE TEMPORARY_ACCESS LEASE("bert", "fix", "2026-11-28");
    world_implies(world, before);
    world_had(world, before);
    world_want(world, FIX_WITH_MANAGED LEASE("bert", "fix", "2026-11-26"));
    assert_string_equal(world_plan(world), "create policy temp-payments-fix-bert\n"
                                           "attach policy temp-payments-fix-bert, user bert, after 0\n"
                                           "delete inline policy temp-payments-fix-bert, user bert\n");
    const struct operation *delete = &world->plan.operations.items[2];
    assert_string_equal(delete->reason, "from now on a managed policy: payments/fix");
    assert_string_equal(delete->lease_id, world->desired.items[0].lease_id);
    assert_string_equal(delete->document,
                        world->observed.items[0].principals.items[0].inline_policies.items[0].document);
    assert_int_equal(delete->ends_at_s, world->applied.items[0].ends_at_s);

    /* Where it cannot be one, what is there is not what is declared: it goes all the same. */
    world_account(world, ACCOUNT)->sources.items[0].error = "there is no such policy";
    assert_string_equal(world_plan(world), "delete inline policy temp-payments-fix-bert, user bert\n"
                                           "! source-unreadable: bert, fix\n");
    assert_string_equal(world->plan.operations.items[0].reason,
                        "what is declared now cannot be granted: payments/fix");

    /* A held fact keeps what it has. */
    world_hold(world, FIX_WITH_MANAGED LEASE("bert", "fix", "2026-11-26"));
    assert_string_equal(world_plan(world), "");
    world->held.count = 0;

    /* What is not ours stays, and nobody says otherwise. */
    world_principal(world, ACCOUNT, "user bert")->inline_policies.items[0].document = FOREIGN_DOCUMENT;
    assert_string_equal(world_plan(world), "! source-unreadable: bert, fix\n");
    world_free(world);
}

static void test_adopted_attachment(void **state)
{
    (void)state;
    struct world *world = world_new();
    world_attach(world, "user bert", AWS_ARN("ReadOnlyAccess"));
    world_want(world, WORLD_BASE PERMANENT_ACCESS PERMANENT("bert", "ro"));
    assert_string_equal(world_plan(world), "i\n");
    assert_non_null(strstr(world->plan.notices.items[0], AWS_ARN("ReadOnlyAccess")));
    assert_non_null(strstr(world->plan.notices.items[0], "user bert in account " ACCOUNT));

    world_had(world, WORLD_BASE PERMANENT_ACCESS PERMANENT("bert", "ro")); /* it is ours by now */
    assert_string_equal(world_plan(world), "");
    world_free(world);
}

#define GRANT_OF(arns)                                              \
    WORLD_ACCOUNTS "aws-policies: {mine: {managed_policies: [" arns \
                   "]}}\npermanent-access:\n" PERMANENT("bert", "mine")

/* What is adopted is an attachment, not a grant. */
static void test_adopted_by_attachment(void **state)
{
    (void)state;
    struct world *world = world_new();
    world_attach(world, "user bert", AWS_ARN("ReadOnlyAccess"));
    world_attach(world, "user bert", AWS_ARN("SecurityAudit"));

    /* The grant is known, but comes to bring what somebody attached before. */
    world_had(world, GRANT_OF("'" AWS_ARN("ReadOnlyAccess") "'"));
    world_want(world, GRANT_OF("'" AWS_ARN("ReadOnlyAccess") "', '" AWS_ARN("SecurityAudit") "'"));
    assert_string_equal(world_plan(world), "i\n");
    assert_non_null(strstr(world->plan.notices.items[0], AWS_ARN("SecurityAudit")));

    /* Another grant brings what is ours already; for another principal it would not be. */
    world->candidates.count = 0;
    world_had(world, WORLD_BASE PERMANENT_ACCESS PERMANENT("bert", "ro"));
    world_want(world, GRANT_OF("'" AWS_ARN("ReadOnlyAccess") "'"));
    assert_string_equal(world_plan(world), "");
    world_had(world, WORLD_BASE PERMANENT_ACCESS PERMANENT("ernie", "ro"));
    assert_string_equal(world_plan(world), "i\n");
    world_had(world, WORLD_BASE PERMANENT_ACCESS "- {users: [bert], environments: [dev], grants: [ro]}\n");
    assert_string_equal(world_plan(world), "i\n");
    world_free(world);
}

static void test_held(void **state)
{
    (void)state;
    struct world *world = world_new();
    world_implies(world, WORLD_BASE PERMANENT_ACCESS PERMANENT("bert", "both")
                             TEMPORARY_ACCESS LEASE("bert", "fix", "2026-11-26"));
    world_principal(world, ACCOUNT, "user ernie");
    world_had(world, WORLD_BASE PERMANENT_ACCESS PERMANENT("bert", "both")
                         TEMPORARY_ACCESS LEASE("bert", "fix", "2026-11-26"));
    const char *head = WORLD_BASE PERMANENT_ACCESS PERMANENT("ernie", "both, ro")
        TEMPORARY_ACCESS LEASE("bert", "fix", "2026-11-28") LEASE("ernie", "fix", "2026-11-28");
    world_want(world, head);
    /* Neither removed (bert's attachments) nor changed (his lease) nor granted (what ernie would get). */
    world_hold(world, WORLD_BASE PERMANENT_ACCESS PERMANENT("bert, ernie", "both") TEMPORARY_ACCESS LEASE(
                          "bert", "fix", "2026-11-28") LEASE("ernie", "fix", "2026-11-28"));
    assert_string_equal(world_plan(world), "attach policy ReadOnlyAccess, user ernie\n");
    world->held.count = 0;
    assert_string_equal(world_plan(world), "put inline policy temp-payments-fix-bert, user bert\n"
                                           "attach policy payments-both, user ernie\n"
                                           "attach policy ReadOnlyAccess, user ernie\n"
                                           "attach policy SecurityAudit, user ernie\n"
                                           "put inline policy temp-payments-fix-ernie, user ernie\n"
                                           "detach policy ReadOnlyAccess, user bert\n"
                                           "detach policy SecurityAudit, user bert\n"
                                           "detach policy payments-both, user bert\n");
    world_free(world);
}

/* Entries that YAML may not have said in this version: who, and the window. */
static void want_by_hand(struct world *world, const struct config *config)
{
    world->desired = (struct facts){0};
    desired_facts(world->arena, config, &world->rules, world->now_s, &world->desired);
    world->applied = world->candidates = world->desired;
    plan_laws_of_facts(world, &world->desired);
}

static const struct config *groups_config(struct world *world)
{
    const struct config *config = world_config(world, WORLD_BASE PERMANENT_ACCESS
                                               "- {roles: [Deploy], environments: [prod], grants: [both]}\n"
                                               "temporary-access:\n" LEASE("bert", "fix", "2026-11-26"));
    for (size_t i = 0; i < 2; i++) {
        struct access_entry *entry = &config->items[0].entries.items[i];
        entry->users = entry->roles = (struct located_list){0};
        *VEC_ADD(world->arena, &entry->groups) = (struct located){.text = "developers"};
    }
    return config;
}

/* A group is granted to as users and roles are, and its quotas are its own. */
static void test_groups(void **state)
{
    (void)state;
    struct world *world = world_new();
    world_principal(world, ACCOUNT, "user developers");
    want_by_hand(world, groups_config(world));
    assert_string_equal(world_plan(world), "! principal-not-found: developers, fix\n"
                                           "! principal-not-found: developers, both\n");
    world_principal(world, ACCOUNT, "group developers");
    assert_string_equal(world_plan(world),
                        "create policy payments-both\n"
                        "attach policy payments-both, group developers, after 0\n"
                        "attach policy ReadOnlyAccess, group developers\n"
                        "attach policy SecurityAudit, group developers\n"
                        "put inline policy temp-payments-fix-developers, group developers\n");
    apply(world);
    assert_string_equal(world_plan(world), "");
    world->desired = (struct facts){0};
    assert_string_equal(world_plan(world),
                        "detach policy ReadOnlyAccess, group developers\n"
                        "detach policy SecurityAudit, group developers\n"
                        "detach policy payments-both, group developers\n"
                        "delete inline policy temp-payments-fix-developers, group developers\n"
                        "delete policy payments-both, after 2\n");
    world_free(world);
}

static void test_quotas_of_groups(void **state)
{
    (void)state;
    struct world *world = world_new();
    world_principal(world, ACCOUNT, "group developers");
    world_account(world, ACCOUNT)->quotas.attached[PRINCIPAL_GROUP] = 2;
    world_account(world, ACCOUNT)->quotas.inline_size[PRINCIPAL_GROUP] = 100;
    want_by_hand(world, groups_config(world));
    assert_string_equal(world_plan(world), "create policy payments-both\n"
                                           "attach policy payments-both, group developers, after 0\n"
                                           "attach policy ReadOnlyAccess, group developers\n"
                                           "! attachment-quota: developers, fix\n"
                                           "! attachment-quota: developers, both\n");
    world_free(world);
}

/* Disjoint windows are objects of their own; where a lease's start moves, the new one comes and the old one goes. */
static void test_windows(void **state)
{
    (void)state;
    struct world *world = world_new();
    const struct config *config =
        world_config(world, WORLD_BASE "temporary-access:\n" LEASE("bert", "fix", "2026-11-26")
                                LEASE("bert", "fix", "2026-11-29"));
    struct access_entry *late = &config->items[0].entries.items[1];
    late->starts_at_s = late->ends_at_s - 3600;
    world_principal(world, ACCOUNT, "user bert");
    want_by_hand(world, config);
    assert_string_equal(world_plan(world),
                        "put inline policy temp-payments-fix-bert, user bert\n"
                        "put inline policy temp-payments-fix-bert-20261129T230000Z, user bert\n");
    const char *document = world->plan.operations.items[1].document;
    assert_non_null(
        strstr(document, "\"DateGreaterThanEquals\":{\"aws:CurrentTime\":\"2026-11-29T23:00:00Z\"}"));
    assert_null(strstr(world->plan.operations.items[0].document, "DateGreaterThanEquals"));
    apply(world);
    assert_string_equal(world_plan(world), "");
    late->starts_at_s += 60;
    want_by_hand(world, config);
    assert_string_equal(world_plan(world),
                        "put inline policy temp-payments-fix-bert-20261129T230100Z, user bert\n"
                        "delete inline policy temp-payments-fix-bert-20261129T230000Z, user bert\n");
    world_free(world);
}

static void test_mfa(void **state)
{
    (void)state;
    struct world *world = world_new();
    const struct config *config =
        world_config(world, WORLD_BASE "temporary-access:\n" LEASE("bert", "fix", "2026-11-26"));
    world_principal(world, ACCOUNT, "user bert");
    want_by_hand(world, config);
    world_plan(world);
    apply(world);
    *VEC_ADD(world->arena, &world->rules) =
        (struct account_rules){.account_id = ACCOUNT, .max_days = DAYS_UNSET, .require_mfa = true};
    want_by_hand(world, config);
    assert_string_equal(world_plan(world), "put inline policy temp-payments-fix-bert, user bert\n");
    assert_non_null(strstr(world->plan.operations.items[0].document,
                           "\"Bool\":{\"aws:MultiFactorAuthPresent\":\"true\"}"));
    apply(world);
    assert_string_equal(world_plan(world), "");
    world_free(world);
}

/* A name that two leases come to is nobody's: `fix` with a start, for a user whose name is that of a start. */
static void test_two_leases_of_one_name(void **state)
{
    (void)state;
    struct world *world = world_new();
    const struct config *config =
        world_config(world, WORLD_ACCOUNTS
                     "aws-policies:\n"
                     "  a: {custom_statements: [{effect: Allow, actions: ['s3:*'], resources: ['*']}]}\n"
                     "  a.20261126T230000Z:"
                     " {custom_statements: [{effect: Allow, actions: ['s3:*'], resources: ['*']}]}\n"
                     "temporary-access:\n" LEASE("20261126T230000Z", "a", "2026-11-26")
                         LEASE("20261126T230000Z", "a.20261126T230000Z", "2026-11-26"));
    struct access_entry *entry = &config->items[0].entries.items[0];
    entry->starts_at_s = entry->ends_at_s - 3600;
    world_principal(world, ACCOUNT, "user 20261126T230000Z");
    desired_facts(world->arena, config, NULL, world->now_s, &world->desired);
    assert_string_equal(world_plan(world),
                        "put inline policy temp-payments-a-20261126T230000Z-20261126T230000Z, "
                        "user 20261126T230000Z\n"
                        "! inline-name-taken: 20261126T230000Z, a.20261126T230000Z\n");
    world_free(world);
}

#define WIDER_FIX                                                                                        \
    WORLD_ACCOUNTS "aws-policies:\n  fix: {managed_policies: ['" AWS_ARN(                                \
        "ReadOnlyAccess") "'], "                                                                         \
                          "custom_statements: [{effect: Allow, actions: ['s3:*'], resources: ['*']}]}\n" \
                          "  ro: {managed_policies: ['" AWS_ARN("ReadOnlyAccess") "']}\n"

/* What bert has is held: it becomes no wider with what others get, whoever else brings a part of that gives it. */
static void test_a_policy_is_no_wider_for_whom_it_is_held(void **state)
{
    (void)state;
    static const struct change_case shared[] = {
        {"who has it already", PERMANENT_ACCESS PERMANENT("bert, ernie", "fix"),
         PERMANENT_ACCESS PERMANENT("ernie", "fix"), "! held-policy: ernie, fix\n"},
        {"who comes to it", PERMANENT_ACCESS PERMANENT("bert", "fix"),
         PERMANENT_ACCESS PERMANENT("ernie", "fix"), "! held-policy: ernie, fix\n"},
        {"another grant brings a part", PERMANENT_ACCESS PERMANENT("bert", "fix"),
         PERMANENT_ACCESS PERMANENT("ernie", "fix, ro"),
         "attach policy ReadOnlyAccess, user ernie\n! held-policy: ernie, fix\n"},
        {"a role is not made", PERMANENT_ACCESS PERMANENT("bert", "fix"),
         TEMPORARY_ACCESS
         "- {user: ernie, environment: prod, grant: fix, expiration_date: 2026-11-26, mode: role}\n",
         "! held-policy: ernie, fix\n"},
    };
    for (size_t i = 0; i < COUNT(shared); i++) {
        struct world *world = world_new();
        const char *had = arena_printf(world->arena, "%s%s", WORLD_BASE, shared[i].had);
        world_principal(world, ACCOUNT, "user bert");
        world_principal(world, ACCOUNT, "user ernie");
        world_implies(world, had);
        world_had(world, had);
        world_hold(world, WIDER_FIX PERMANENT_ACCESS PERMANENT("bert", "fix"));
        world_want(world, arena_printf(world->arena, "%s%s", WIDER_FIX, shared[i].want));
        const char *plan = world_plan(world);
        CHECK(str_eq(plan, shared[i].expected), "%s:\n%s", shared[i].name, plan);
        world_free(world);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_changes),
        cmocka_unit_test(test_principals_regardless_of_case),
        cmocka_unit_test(test_policies_regardless_of_case),
        cmocka_unit_test(test_not_found_says_where),
        cmocka_unit_test(test_renamed_grant),
        cmocka_unit_test(test_renamed_grant_held),
        cmocka_unit_test(test_policy_of_another_team),
        cmocka_unit_test(test_lease_that_needs_another_mode),
        cmocka_unit_test(test_adopted_by_attachment),
        cmocka_unit_test(test_foreign_policy),
        cmocka_unit_test(test_foreign_inline_policy),
        cmocka_unit_test(test_edited_lease),
        cmocka_unit_test(test_adopted_attachment),
        cmocka_unit_test(test_held),
        cmocka_unit_test(test_groups),
        cmocka_unit_test(test_quotas_of_groups),
        cmocka_unit_test(test_windows),
        cmocka_unit_test(test_mfa),
        cmocka_unit_test(test_two_leases_of_one_name),
        cmocka_unit_test(test_a_policy_is_no_wider_for_whom_it_is_held),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

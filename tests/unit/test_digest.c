/* SPDX-License-Identifier: Apache-2.0 */
#include "base/str.h"
#include "plan/digest.h"
#include "plan_world.h"
#include "unit.h"

#include <string.h>

#define LEASES  "temporary-access:\n"
#define FOREVER "permanent-access:\n"
#define BERT    LEASE("bert@example.com", "fix", "2026-11-26")
#define ADA     LEASE("ada@example.com", "fix", "2026-11-27")

static const char *digest_of(struct world *world, const struct config *before, const struct config *after)
{
    const struct digest_input input = {.before = before,
                                       .after = after,
                                       .rules = &world->settings.rules,
                                       .account_rules = &world->rules};
    const char *digest = digest_compute(world->arena, &input);
    assert_int_equal(strlen(digest), 64);
    assert_int_equal(strspn(digest, "0123456789abcdef"), 64);
    return digest;
}

static const char *digest(struct world *world, const char *before, const char *after)
{
    return digest_of(world, world_config(world, before), world_config(world, after));
}

/* Changes that are one change, and such that are another, each against the first: a lease for bert. */
static const struct {
    const char *what, *before, *after;
    bool same;
} cases[] = {
    {"the same", WORLD_BASE, WORLD_BASE LEASES BERT, true},
    {"nothing", WORLD_BASE, WORLD_BASE, false},
    {"the other way round", WORLD_BASE LEASES BERT, WORLD_BASE, false},
    {"what else the base declares", WORLD_BASE LEASES ADA, WORLD_BASE LEASES ADA BERT, true},
    {"the order of entries", WORLD_BASE LEASES ADA, WORLD_BASE LEASES BERT ADA, true},
    {"another team beside it", WORLD_BASE "team: billing\n" WORLD_BASE LEASES ADA,
     "team: billing\n" WORLD_BASE LEASES ADA "team: payments\n" WORLD_BASE LEASES BERT, true},
    {"the description", WORLD_BASE,
     WORLD_BASE LEASES "- {description: why, user: bert@example.com, environment: prod, grant: fix,"
                       " expiration_date: 2026-11-26}\n",
     true},
    {"comments and the place in the file", WORLD_BASE, WORLD_BASE LEASES "# why\n\n" BERT, true},
    {"a policy written in another order",
     WORLD_ACCOUNTS "aws-policies: {fix: {custom_statements: [{effect: Allow, actions: ['s3:Get*', 's3:Put*'],"
                    " resources: ['*']}]}}\n",
     WORLD_ACCOUNTS "aws-policies: {fix: {custom_statements: [{effect: Allow, actions: ['S3:put*', 's3:Get*'],"
                    " resources: ['*']}]}}\n" LEASES BERT,
     true},
    {"the user written by name", WORLD_BASE, WORLD_BASE LEASES LEASE("bert", "fix", "2026-11-26"), true},
    {"an entry that has ended", WORLD_BASE,
     WORLD_BASE LEASES BERT LEASE("ada@example.com", "fix", "2026-11-20"), false},
    {"twice", WORLD_BASE, WORLD_BASE LEASES BERT BERT, false},
    {"another user", WORLD_BASE, WORLD_BASE LEASES ADA, false},
    {"another end", WORLD_BASE, WORLD_BASE LEASES LEASE("bert", "fix", "2026-11-27"), false},
    {"another grant", WORLD_BASE, WORLD_BASE LEASES LEASE("bert", "both", "2026-11-26"), false},
    {"another account", WORLD_BASE,
     WORLD_BASE LEASES
     "- {user: bert@example.com, environment: dev, grant: fix, expiration_date: 2026-11-26}\n",
     false},
    {"given for good", WORLD_BASE, WORLD_BASE FOREVER PERMANENT("bert@example.com", "fix"), false},
    {"another team", "team: billing\n" WORLD_BASE, "team: billing\n" WORLD_BASE LEASES BERT, false},
    {"a wider policy", WORLD_BASE,
     WORLD_ACCOUNTS "aws-policies: {fix: {custom_statements: [{effect: Allow, actions: ['s3:*'],"
                    " resources: ['*']}]}}\n" LEASES BERT,
     false},
    {"another resource", WORLD_BASE,
     WORLD_ACCOUNTS "aws-policies: {fix: {custom_statements: [{effect: Allow, actions: ['s3:Get*', 's3:Put*'],"
                    " resources: ['arn:aws:s3:::b']}]}}\n" LEASES BERT,
     false},
    {"a setting with it", WORLD_BASE, "limits: {max_days: 9}\n" WORLD_BASE LEASES BERT, false},
    {"an account with it", WORLD_BASE,
     "aws-accounts: {prod: '" ACCOUNT "', dev: '" OTHER_ACCOUNT
     "', test: '333333333333'}\n" WORLD_POLICIES LEASES BERT,
     false},
};

static void test_what_it_depends_on(void **state)
{
    (void)state;
    struct world *world = world_new();
    const char *first = digest(world, WORLD_BASE, WORLD_BASE LEASES BERT);
    for (size_t i = 0; i < COUNT(cases); i++)
        CHECK(str_eq(digest(world, cases[i].before, cases[i].after), first) == cases[i].same, "%s",
              cases[i].what);
    world_free(world);
}

/* A digest that changed between two versions would make every approval void: it is part of the contract. */
static void test_it_is_the_same_everywhere(void **state)
{
    (void)state;
    struct world *world = world_new();
    assert_string_equal(digest(world, WORLD_BASE, WORLD_BASE),
                        "b3524447f4dbab4fc6bbf3ffc36987100c4117bf2756f3b273f4540fcfc59733");
    assert_string_equal(digest(world, WORLD_BASE, WORLD_BASE LEASES BERT),
                        "d6fa81bc3fbe3803222d936063f9e5a13370937285fd80df2082d21f1d260921");
    world_free(world);
}

static const struct config *with_bert(struct world *world, struct access_entry **ret)
{
    const struct config *config = world_config(world, WORLD_BASE LEASES BERT);
    *ret = &config->items[0].entries.items[0];
    return config;
}

/* What cannot be written as YAML in every version: the window and the mode, as they are written. */
static void test_window_and_mode(void **state)
{
    (void)state;
    struct world *world = world_new();
    struct access_entry *entry;
    const struct config *before = world_config(world, WORLD_BASE), *after = with_bert(world, &entry);
    struct strings digests = {0};
    strings_add_unique(world->arena, &digests, digest_of(world, before, after));
    entry->starts_at_s = entry->ends_at_s - 60;
    strings_add_unique(world->arena, &digests, digest_of(world, before, after));
    entry->starts_at_s = entry->ends_at_s - 61;
    strings_add_unique(world->arena, &digests, digest_of(world, before, after));
    entry->ends_with_day = !entry->ends_with_day; /* the same instant, written as a time */
    strings_add_unique(world->arena, &digests, digest_of(world, before, after));
    entry->mode = ENTRY_INLINE; /* what `auto` comes to here, too */
    strings_add_unique(world->arena, &digests, digest_of(world, before, after));
    assert_int_equal(digests.count, 5);
    world_free(world);
}

/* Windows that are one lease are two rows all the same: what was written is what was approved. */
static void test_nothing_is_merged(void **state)
{
    (void)state;
    struct world *world = world_new();
    const struct config *before = world_config(world, WORLD_BASE);
    const struct config *whole = world_config(world, WORLD_BASE LEASES BERT);
    const struct config *halves = world_config(world, WORLD_BASE LEASES BERT BERT);
    struct access_entry *entries = halves->items[0].entries.items;
    entries[1].starts_at_s = entries[0].ends_at_s = entries[0].ends_at_s - 3600;
    assert_string_not_equal(digest_of(world, before, whole), digest_of(world, before, halves));
    world_free(world);
}

/* Rules that touch the rows count; those of other accounts, grants and teams do not. */
static void test_rules(void **state)
{
    (void)state;
    struct world *world = world_new();
    struct access_entry *entry;
    const struct config *before = world_config(world, WORLD_BASE), *after = with_bert(world, &entry);
    const char *first = digest_of(world, before, after);
    struct rules *rules = &world->settings.rules;

    *VEC_ADD(world->arena, &world->rules) =
        (struct account_rules){.account_id = OTHER_ACCOUNT, .max_days = 1, .approvals = 2};
    *VEC_ADD(world->arena, &rules->grants) = (struct grant_rules){.name = {.text = "other"}, .max_days = 1};
    assert_string_equal(digest_of(world, before, after), first);
    world->rules.items[0].account_id = ACCOUNT;
    const char *account = digest_of(world, before, after);
    assert_string_not_equal(account, first);
    world->rules.items[0].require_mfa = true;
    const char *mfa = digest_of(world, before, after);
    assert_string_not_equal(mfa, account);
    rules->grants.items[0].name.text = "fix";
    const char *grant = digest_of(world, before, after);
    assert_string_not_equal(grant, mfa);
    *VEC_ADD(world->arena, &rules->guardrails_deny) = (struct located){.text = "iam:*"};
    const char *guardrail = digest_of(world, before, after);
    assert_string_not_equal(guardrail, grant);
    struct team_rules *team = VEC_ADD(world->arena, &rules->teams);
    team->name.text = "billing";
    *VEC_ADD(world->arena, &team->accounts) = (struct located){.text = ACCOUNT};
    assert_string_equal(digest_of(world, before, after), guardrail);
    team->name.text = "payments";
    assert_string_not_equal(digest_of(world, before, after), guardrail);
    world_free(world);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_what_it_depends_on),
        cmocka_unit_test(test_it_is_the_same_everywhere),
        cmocka_unit_test(test_window_and_mode),
        cmocka_unit_test(test_nothing_is_merged),
        cmocka_unit_test(test_rules),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

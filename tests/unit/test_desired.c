/* SPDX-License-Identifier: Apache-2.0 */
#include "base/str.h"
#include "base/time.h"
#include "plan/desired.h"
#include "plan_world.h"
#include "unit.h"

#include <string.h>

#define PERMANENT_ACCESS "permanent-access:\n"
#define TEMPORARY_ACCESS "temporary-access:\n"

/* "bert fix prod lease inline 2026-11-27T00:00:00Z\n" for each. */
static const char *show(struct world *world, const struct facts *facts)
{
    const char *text = "";
    char end[TIME_TEXT_SIZE];
    for (size_t i = 0; i < facts->count; i++) {
        const struct fact *fact = &facts->items[i];
        text = arena_printf(world->arena, "%s%s %s %s %s %s%s%s\n", text,
                            principal_kind_name(fact->principal_kind), fact->principal, fact->grant,
                            fact->environment, access_mode_name(fact->mode),
                            fact->kind == ACCESS_LEASE ? " until " : "",
                            fact->kind == ACCESS_LEASE ? time_format(fact->ends_at_s, end) : "");
    }
    return text;
}

static const struct {
    const char *yaml, *expected;
} cases[] = {
    {"", ""},
    /* Every user and role, environment and grant of an entry; sorted by account, kind, principal, team, grant. */
    {PERMANENT_ACCESS "- {users: [ernie@example.com, bert], roles: [Deploy], environments: [dev, prod],"
                      " grants: [ro, fix]}\n",
     "role Deploy fix prod attach\nrole Deploy ro prod attach\n"
     "user bert fix prod attach\nuser bert ro prod attach\n"
     "user ernie fix prod attach\nuser ernie ro prod attach\n"
     "role Deploy fix dev attach\nrole Deploy ro dev attach\n"
     "user bert fix dev attach\nuser bert ro dev attach\n"
     "user ernie fix dev attach\nuser ernie ro dev attach\n"},
    /* A grant that names managed policies cannot be lent inline. */
    {TEMPORARY_ACCESS LEASE("bert", "ro", "2026-11-26") LEASE("bert", "fix", "2026-11-26")
         LEASE("bert", "both", "2026-11-26"),
     "user bert both prod policy until 2026-11-27T00:00:00Z\n"
     "user bert fix prod inline until 2026-11-27T00:00:00Z\n"
     "user bert ro prod policy until 2026-11-27T00:00:00Z\n"},
    /* Given and lent are two facts. */
    {PERMANENT_ACCESS PERMANENT("bert", "fix") TEMPORARY_ACCESS LEASE("bert", "fix", "2026-11-26"),
     "user bert fix prod inline until 2026-11-27T00:00:00Z\nuser bert fix prod attach\n"},
    /* One fact that several entries ask for is one, and ends when the last of them does. */
    {PERMANENT_ACCESS PERMANENT("bert, bert", "ro, ro") PERMANENT("bert", "ro"), "user bert ro prod attach\n"},
    {TEMPORARY_ACCESS LEASE("bert", "fix", "2026-11-27") LEASE("bert", "fix", "2026-11-29")
         LEASE("bert", "fix", "2026-11-26"),
     "user bert fix prod inline until 2026-11-30T00:00:00Z\n"},
    /* A lease of today has not ended, one of yesterday has. */
    {TEMPORARY_ACCESS LEASE("bert", "fix", "2026-11-25") LEASE("ernie", "fix", "2026-11-24"),
     "user bert fix prod inline until 2026-11-26T00:00:00Z\n"},
};

static void test_facts(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct world *world = world_new();
        const char *yaml = arena_printf(world->arena, WORLD_BASE "%s", cases[i].yaml);
        struct facts facts = world_facts(world, yaml, world->now_s);
        CHECK(str_eq(show(world, &facts), cases[i].expected), "%s:\n%s", yaml, show(world, &facts));
        world_free(world);
    }
}

static void test_end_is_exact(void **state)
{
    (void)state;
    struct world *world = world_new();
    const char *yaml = WORLD_BASE TEMPORARY_ACCESS LEASE("bert", "fix", "2026-11-25");
    int64_t end_s;
    assert_true(time_parse_rfc3339("2026-11-26T00:00:00Z", &end_s));
    assert_int_equal(world_facts(world, yaml, end_s - 1).count, 1);
    assert_int_equal(world_facts(world, yaml, end_s).count, 0);
    assert_int_equal(world_facts(world, yaml, 0).count, 1); /* as a removal candidate it always counts */
    world_free(world);
}

static void test_fact_knows_its_place(void **state)
{
    (void)state;
    struct world *world = world_new();
    struct facts facts =
        world_facts(world,
                    WORLD_BASE TEMPORARY_ACCESS
                    "- {description: first, user: bert@example.com, environment: prod, grant: fix,"
                    " expiration_date: 2026-11-26}\n"
                    "- {description: second, user: bert@example.com, environment: prod, grant: fix,"
                    " expiration_date: 2026-11-28}\n",
                    world->now_s);
    const struct fact *fact = &facts.items[0];
    assert_int_equal(facts.count, 1);
    assert_string_equal(fact->description, "second"); /* the entry that ends last asks */
    assert_int_equal(fact->span.line, 3);
    assert_string_equal(fact->span.file->path, "temporary-access/payments.yaml");
    assert_string_equal(fact->principal, "bert");
    assert_string_equal(fact->declared_as, "bert@example.com");
    assert_string_equal(fact->account_id, ACCOUNT);
    assert_string_equal(fact->team, "payments");
    assert_string_equal(fact->policy->name.text, "fix");
    world_free(world);
}

/* One lease, one id: over runs, ends and places in the file; and another for whatever makes it another one. */
static void test_lease_id(void **state)
{
    (void)state;
    static const struct {
        const char *owner, *yaml;
        bool same;
    } ids[] = {
        {"default", WORLD_BASE TEMPORARY_ACCESS LEASE("bert", "fix", "2026-11-28"), true},
        {"default",
         WORLD_BASE PERMANENT_ACCESS PERMANENT("bert@example.com", "ro")
             TEMPORARY_ACCESS LEASE("bert@example.com", "fix", "2026-11-28"),
         true},
        {"other", WORLD_BASE TEMPORARY_ACCESS LEASE("bert", "fix", "2026-11-26"), false},
        {"default", WORLD_BASE TEMPORARY_ACCESS LEASE("ernie", "fix", "2026-11-26"), false},
        {"default", "team: billing\n" WORLD_BASE TEMPORARY_ACCESS LEASE("bert", "fix", "2026-11-26"), false},
        {"default", WORLD_BASE PERMANENT_ACCESS PERMANENT("bert", "fix"), false},
    };
    struct world *world = world_new();
    struct facts facts =
        world_facts(world, WORLD_BASE TEMPORARY_ACCESS LEASE("bert", "fix", "2026-11-26"), world->now_s);
    const char *id = facts.items[0].lease_id;
    assert_int_equal(strlen(id), 16);
    assert_int_equal(strspn(id, "0123456789abcdef"), 16);
    for (size_t i = 0; i < COUNT(ids); i++) {
        world->settings.owner = ids[i].owner;
        struct facts others = world_facts(world, ids[i].yaml, world->now_s);
        CHECK(str_eq(others.items[0].lease_id, id) == ids[i].same, "%zu: %s", i, ids[i].yaml);
    }
    world_free(world);
}

/* Names of environments and grants are looked up in their own team only. */
static void test_teams(void **state)
{
    (void)state;
    struct world *world = world_new();
    struct facts facts =
        world_facts(world,
                    WORLD_BASE PERMANENT_ACCESS PERMANENT(
                        "bert", "fix") "team: billing\n"
                                       "aws-accounts: {prod: '" OTHER_ACCOUNT "'}\n"
                                       "aws-policies: {fix: {managed_policies: ['" AWS_ARN(
                                           "Billing") "']}}\n" PERMANENT_ACCESS PERMANENT("bert", "fix"),
                    world->now_s);
    assert_int_equal(facts.count, 2);
    assert_string_equal(facts.items[0].account_id, ACCOUNT);
    assert_int_equal(facts.items[0].policy->managed_policies.count, 0);
    assert_string_equal(facts.items[1].account_id, OTHER_ACCOUNT);
    assert_string_equal(facts.items[1].policy->managed_policies.items[0].text, AWS_ARN("Billing"));

    struct strings teams = {0};
    struct facts all = {0}, some = {0}, none = {0};
    facts_of_teams(world->arena, &facts, &teams, &all);
    assert_int_equal(all.count, 2);
    strings_add(world->arena, &teams, "billing");
    facts_of_teams(world->arena, &facts, &teams, &some);
    assert_int_equal(some.count, 1);
    assert_string_equal(some.items[0].team, "billing");
    teams.items[0] = "bill";
    facts_of_teams(world->arena, &facts, &teams, &none);
    assert_int_equal(none.count, 0);
    world_free(world);
}

/* Facts of several commits, one behind the other: an account finds its own side by side, the oldest first. */
static void test_sorted(void **state)
{
    (void)state;
    struct world *world = world_new();
    struct facts facts =
        world_facts(world, WORLD_BASE "permanent-access:\n" PERMANENT("bert, ada", "ro, fix"), 0);
    struct facts mixed = {0}, sorted;
    assert_ptr_equal(facts_sorted(world->arena, &facts).items, facts.items);
    assert_int_equal(facts_sorted(world->arena, NULL).count, 0);
    assert_int_equal(facts_sorted(world->arena, &mixed).count, 0);
    static const size_t order[] = {3, 1, 1, 0, 2, 1};
    for (unsigned i = 0; i < COUNT(order); i++) {
        struct fact *fact = VEC_ADD(world->arena, &mixed);
        *fact = facts.items[order[i]];
        fact->entries = i;
    }
    sorted = facts_sorted(world->arena, &mixed);
    static const unsigned expected[] = {3, 1, 2, 5, 4, 0};
    assert_int_equal(sorted.count, COUNT(expected));
    for (size_t i = 0; i < COUNT(expected); i++)
        assert_int_equal(sorted.items[i].entries, expected[i]);
    assert_int_equal(mixed.items[0].entries, 0);
    world_free(world);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_facts),    cmocka_unit_test(test_end_is_exact),
        cmocka_unit_test(test_lease_id), cmocka_unit_test(test_fact_knows_its_place),
        cmocka_unit_test(test_teams),    cmocka_unit_test(test_sorted),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

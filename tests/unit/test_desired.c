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

static int64_t at(const char *text)
{
    int64_t time_s = 0;
    CHECK(!*text || time_parse_rfc3339(text, &time_s), "%s", text);
    return time_s;
}

/* Entries of one lease by their windows; how many leases they are, and which. */
static const struct {
    const char *windows[4][2]; /* on days of November 2026, at hours: "29T10"; "": at once */
    const char *expected;      /* at 2026-11-25T12 */
} windows[] = {
    {{{"", "26T10"}}, " -26T10 x1"},
    {{{"26T08", "26T10"}}, " 26T08-26T10 x1"},
    /* what overlaps or touches is one */
    {{{"26T08", "26T10"}, {"26T09", "26T12"}}, " 26T08-26T12 x2"},
    {{{"26T09", "26T12"}, {"26T08", "26T10"}}, " 26T08-26T12 x2"},
    {{{"26T08", "26T10"}, {"26T10", "26T12"}}, " 26T08-26T12 x2"},
    {{{"26T08", "26T20"}, {"26T10", "26T12"}}, " 26T08-26T20 x2"},
    {{{"", "26T10"}, {"26T10", "26T12"}}, " -26T12 x2"},
    {{{"26T10", "26T12"}, {"", "26T09"}, {"26T09", "26T10"}}, " -26T12 x3"},
    {{{"26T08", "26T10"}, {"26T08", "26T10"}}, " 26T08-26T10 x2"},
    /* a gap that nobody asked for is not filled */
    {{{"26T08", "26T10"}, {"26T11", "26T12"}}, " 26T08-26T10 x1 26T11-26T12 x1"},
    {{{"", "26T10"}, {"26T11", "26T12"}, {"27T11", "27T12"}, {"26T12", "26T13"}},
     " -26T10 x1 26T11-26T13 x2 27T11-27T12 x1"},
    /* what has ended is left out; what goes on keeps the start that it had */
    {{{"24T08", "25T12"}, {"26T11", "26T12"}}, " 26T11-26T12 x1"},
    {{{"24T08", "25T11"}, {"25T11", "26T12"}}, " 24T08-26T12 x1"},
    {{{"", "25T12"}, {"", "26T12"}}, " -26T12 x1"},
    {{{"24T08", "24T10"}, {"24T10", "25T12"}}, ""},
};

static struct facts facts_of_windows(struct world *world, size_t index, int64_t now_s)
{
    const char *yaml = WORLD_BASE TEMPORARY_ACCESS LEASE("bert", "fix", "2026-11-30");
    for (size_t i = 1; i < 4 && windows[index].windows[i][1]; i++)
        yaml = arena_printf(world->arena, "%s%s", yaml, LEASE("bert", "fix", "2026-11-30"));
    const struct config *config = world_config(world, yaml);
    for (size_t i = 0; i < config->items[0].entries.count; i++) {
        const char *const *window = windows[index].windows[i];
        struct access_entry *entry = &config->items[0].entries.items[i];
        entry->starts_at_s = *window[0] ? at(arena_printf(world->arena, "2026-11-%s:00:00Z", window[0])) : 0;
        entry->ends_at_s = at(arena_printf(world->arena, "2026-11-%s:00:00Z", window[1]));
    }
    struct facts facts = {0};
    desired_facts(world->arena, config, NULL, now_s, &facts);
    return facts;
}

static void test_windows(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(windows); i++) {
        struct world *world = world_new();
        struct facts facts = facts_of_windows(world, i, world->now_s), all = facts_of_windows(world, i, 0);
        const char *text = "";
        char start[TIME_TEXT_SIZE], end[TIME_TEXT_SIZE];
        for (size_t j = 0; j < facts.count; j++) {
            const struct fact *fact = &facts.items[j];
            text = arena_printf(world->arena, "%s %.5s-%.5s x%u", text,
                                fact->starts_at_s ? time_format(fact->starts_at_s, start) + 8 : "",
                                time_format(fact->ends_at_s, end) + 8, fact->entries);
            CHECK(facts_find(&all, fact->identity), "%zu: the clock changes an identity", i);
            CHECK(j == 0 || strcmp(facts.items[j - 1].identity, fact->identity) < 0, "%zu", i);
            CHECK(j == 0 || !str_eq(facts.items[j - 1].lease_id, fact->lease_id), "%zu", i);
            CHECK(fact_compare_grants(&facts.items[0], fact) == 0, "%zu", i);
        }
        CHECK(str_eq(text, windows[i].expected), "%zu: %s", i, text);
        size_t end_of_grant = 0;
        if (facts.count)
            facts_of_grant(&facts, 0, &end_of_grant);
        assert_int_equal(end_of_grant, facts.count);
        world_free(world);
    }
}

/* Whatever the order of the entries, the leases are the same. */
static void test_order_of_entries_does_not_matter(void **state)
{
    (void)state;
    struct world *world = world_new();
    const char *yaml = WORLD_BASE TEMPORARY_ACCESS LEASE("bert", "fix", "2026-11-30")
        LEASE("bert", "fix", "2026-11-30") LEASE("bert", "fix", "2026-11-30");
    static const int64_t starts[] = {10, 40, 20}, ends[] = {20, 50, 30};
    const char *first = NULL;
    for (size_t turn = 0; turn < 3; turn++) {
        const struct config *config = world_config(world, yaml);
        struct facts facts = {0};
        for (size_t i = 0; i < 3; i++) {
            config->items[0].entries.items[i].starts_at_s = starts[(i + turn) % 3];
            config->items[0].entries.items[i].ends_at_s = ends[(i + turn) % 3];
        }
        desired_facts(world->arena, config, NULL, 0, &facts);
        assert_int_equal(facts.count, 2);
        const char *text =
            arena_printf(world->arena, "%s|%s", facts.items[0].identity, facts.items[1].identity);
        first = first ? first : text;
        assert_string_equal(text, first);
    }
    world_free(world);
}

static struct located_list list(struct arena *arena, const char *first, const char *second)
{
    struct located_list list = {0};
    *VEC_ADD(arena, &list) = (struct located){.text = first};
    if (second)
        *VEC_ADD(arena, &list) = (struct located){.text = second};
    return list;
}

/* An entry for several people, roles, groups, accounts and grants; one that brings its own permissions. */
static void test_all_that_an_entry_may_name(void **state)
{
    (void)state;
    struct world *world = world_new();
    const struct config *config =
        world_config(world, WORLD_BASE TEMPORARY_ACCESS LEASE("bert@example.com", "fix", "2026-11-26") LEASE(
                                "bert@example.com", "fix", "2026-11-26") LEASE("oscar", "fix", "2026-11-26"));
    struct access_entry *entries = config->items[0].entries.items;
    struct policy_decl ad_hoc = {.name = {.text = "ad-hoc-0123456789abcdef"}, .description = ""};
    entries[0].users = list(world->arena, "bert@example.com", "ada");
    entries[0].roles = list(world->arena, "Deploy", NULL);
    entries[0].groups = list(world->arena, "developers", NULL);
    entries[0].environments = list(world->arena, "prod", "dev");
    entries[0].grants = list(world->arena, "fix", "both");
    entries[0].reason = "an incident";
    entries[0].ticket = "OPS-1";
    entries[1].ad_hoc = &ad_hoc;
    entries[1].mode = ENTRY_POLICY;
    entries[2].mode = ENTRY_ROLE;
    struct facts facts = {0};
    desired_facts(world->arena, config, NULL, world->now_s, &facts);
    assert_string_equal(show(world, &facts),
                        "group developers both prod policy until 2026-11-27T00:00:00Z\n"
                        "group developers fix prod inline until 2026-11-27T00:00:00Z\n"
                        "role Deploy both prod policy until 2026-11-27T00:00:00Z\n"
                        "role Deploy fix prod inline until 2026-11-27T00:00:00Z\n"
                        "user ada both prod policy until 2026-11-27T00:00:00Z\n"
                        "user ada fix prod inline until 2026-11-27T00:00:00Z\n"
                        "user bert ad-hoc-0123456789abcdef prod policy until 2026-11-27T00:00:00Z\n"
                        "user bert both prod policy until 2026-11-27T00:00:00Z\n"
                        "user bert fix prod inline until 2026-11-27T00:00:00Z\n"
                        "user oscar fix prod role until 2026-11-27T00:00:00Z\n"
                        "group developers both dev policy until 2026-11-27T00:00:00Z\n"
                        "group developers fix dev inline until 2026-11-27T00:00:00Z\n"
                        "role Deploy both dev policy until 2026-11-27T00:00:00Z\n"
                        "role Deploy fix dev inline until 2026-11-27T00:00:00Z\n"
                        "user ada both dev policy until 2026-11-27T00:00:00Z\n"
                        "user ada fix dev inline until 2026-11-27T00:00:00Z\n"
                        "user bert both dev policy until 2026-11-27T00:00:00Z\n"
                        "user bert fix dev inline until 2026-11-27T00:00:00Z\n");
    assert_true(facts.items[6].ad_hoc && facts.items[6].policy == &ad_hoc);
    assert_false(facts.items[7].ad_hoc);
    assert_string_equal(facts.items[0].reason, "an incident");
    assert_string_equal(facts.items[0].ticket, "OPS-1");
    world_free(world);
}

/* A rule of the account; what is given for good knows no MFA. */
static void test_mfa_is_a_rule_of_the_account(void **state)
{
    (void)state;
    struct world *world = world_new();
    const char *yaml = WORLD_BASE PERMANENT_ACCESS PERMANENT("bert", "fix")
        TEMPORARY_ACCESS LEASE("bert", "fix", "2026-11-26") LEASE("bert", "fix", "2026-11-27");
    *VEC_ADD(world->arena, &world->rules) =
        (struct account_rules){.account_id = ACCOUNT, .max_days = DAYS_UNSET, .require_mfa = true};
    struct facts facts = world_facts(world, yaml, world->now_s);
    assert_int_equal(facts.count, 2);
    assert_true(facts.items[0].kind == ACCESS_LEASE && facts.items[0].require_mfa);
    assert_true(facts.items[1].kind == ACCESS_PERMANENT && !facts.items[1].require_mfa);
    world->rules.items[0].require_mfa = false;
    assert_false(world_facts(world, yaml, world->now_s).items[0].require_mfa);
    world->rules.items[0].account_id = OTHER_ACCOUNT;
    world->rules.items[0].require_mfa = true;
    assert_false(world_facts(world, yaml, world->now_s).items[0].require_mfa);
    world_free(world);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_facts),
        cmocka_unit_test(test_end_is_exact),
        cmocka_unit_test(test_lease_id),
        cmocka_unit_test(test_fact_knows_its_place),
        cmocka_unit_test(test_teams),
        cmocka_unit_test(test_sorted),
        cmocka_unit_test(test_windows),
        cmocka_unit_test(test_order_of_entries_does_not_matter),
        cmocka_unit_test(test_all_that_an_entry_may_name),
        cmocka_unit_test(test_mfa_is_a_rule_of_the_account),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

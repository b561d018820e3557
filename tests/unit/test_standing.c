/* SPDX-License-Identifier: Apache-2.0 */
#include "base/str.h"
#include "flow/standing.h"
#include "merge_world.h"
#include "unit.h"

#include <string.h>

#define LEASES(...)    WORLD_BASE "temporary-access:\n" __VA_ARGS__
#define ENTRIES(...)   WORLD_BASE "permanent-access:\n" __VA_ARGS__
#define LEASE_TO(date) LEASES(LEASE("bert", "fix", date))
#define WIDER                                                                                        \
    WORLD_ACCOUNTS                                                                                   \
    "aws-policies:\n  fix: {description: d, custom_statements: [{effect: Allow, actions: ['s3:*'], " \
    "resources: ['*']}]}\npermanent-access:\n"

#define WIDEST                                                                                    \
    WORLD_ACCOUNTS                                                                                \
    "aws-policies:\n  fix: {description: d, custom_statements: [{effect: Allow, actions: ['*'], " \
    "resources: ['*']}]}\npermanent-access:\n"
#define ROLE_ENTRY(user) \
    "- {user: " user ", environment: prod, grant: fix, expiration_date: 2026-11-28, mode: role}\n"
#define ROLE_LEASE(user) "temporary-access:\n" ROLE_ENTRY(user)

/* A step of a history: what stands after it, and whether new and wider facts of it pass. */
struct change {
    const char *yaml;
    bool passes;
};

/* The principals that are held after these changes, the first of which was applied. */
static const char *held_after_failing(struct world *world, const struct failure *failing,
                                      const struct change *changes, size_t count, struct problems *problems)
{
    struct standings standings = standings_new(world->arena, world->now_s);
    struct facts held = {0}, ends = {0}, *applied = ARENA_NEW(world->arena, struct facts), *head = applied;
    *applied = world_facts(world, changes[0].yaml, 0);
    standings_begin(&standings, applied);
    for (size_t i = 1; i < count; i++) {
        struct merge_world *merge = merge_world_new(world, changes[i - 1].yaml, changes[i].yaml);
        struct judged_merge *judged = ARENA_NEW(world->arena, struct judged_merge);
        *judged = (struct judged_merge){.reader = &merge->reader,
                                        .merge = &merge->merge,
                                        .widening = &standings.widening,
                                        .failing = map_new(world->arena),
                                        .accepted = changes[i].passes,
                                        .whole = failing};
        if (i % 2)
            merge->merge.pull = &merge->pull;
        standings_merge(&standings, judged);
        head = &merge->after.facts;
    }
    standings_hold(&standings, head, &held, &ends, problems);
    assert_int_equal(held.count, problems->count);
    const char *text = "";
    for (size_t i = 0; i < held.count; i++) {
        assert_string_equal(problems->items[i].id, failing->id);
        text = arena_printf(world->arena, "%s%s%s", text, i ? " " : "", held.items[i].principal);
    }
    return text;
}

static const char *held_after(struct world *world, const struct change *changes, size_t count,
                              struct problems *problems)
{
    static const struct failure failing = {.id = "held-rules", .why = "for a reason"};
    return held_after_failing(world, &failing, changes, count, problems);
}

/* Who approves a change of the policy has not approved the entry that waits for that. A change of the entry
 * shows whom it is for, and until when. */
static void test_an_approval_of_the_policy_only(void **state)
{
    (void)state;
    static const struct failure failing = {.id = "held-approval", .why = "nobody did", .is_approval = true};
    static const struct {
        const char *name;
        struct change changes[4];
        const char *held;
    } cases[] = {
        {"new, and then its policy",
         {{WORLD_BASE, true},
          {ENTRIES(PERMANENT("bert", "fix")), false},
          {WIDER PERMANENT("bert", "fix"), true}},
         "bert"},
        {"its policy twice",
         {{ENTRIES(PERMANENT("bert", "fix")), true},
          {WIDER PERMANENT("bert", "fix"), false},
          {WIDEST PERMANENT("bert", "fix"), true}},
         "bert"},
        {"its policy, and back",
         {{ENTRIES(PERMANENT("bert", "fix")), true},
          {WIDER PERMANENT("bert", "fix"), false},
          {ENTRIES(PERMANENT("bert", "fix")), false}},
         ""},
        {"then the entry",
         {{WORLD_BASE, true}, {LEASE_TO("2026-11-27"), false}, {LEASE_TO("2026-11-28"), true}},
         ""},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct world *world = world_new();
        struct problems problems = {0};
        size_t count = 0;
        while (count < COUNT(cases[i].changes) && cases[i].changes[count].yaml)
            count++;
        const char *held = held_after_failing(world, &failing, cases[i].changes, count, &problems);
        CHECK(str_eq(held, cases[i].held), "%s: held are '%s'", cases[i].name, held);
        world_free(world);
    }
}

static void test_histories(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        struct change changes[5];
        const char *held;
    } cases[] = {
        {"nothing since", {{LEASE_TO("2026-11-28"), true}}, ""},
        {"new, and passes", {{WORLD_BASE, true}, {LEASE_TO("2026-11-28"), true}}, ""},
        {"new, and fails", {{WORLD_BASE, true}, {LEASE_TO("2026-11-28"), false}}, "bert"},
        {"unchanged in a merge that fails",
         {{ENTRIES(PERMANENT("ada", "ro")), true}, {ENTRIES(PERMANENT("ada, bert", "ro")), false}},
         "bert"},
        {"longer, and fails", {{LEASE_TO("2026-11-27"), true}, {LEASE_TO("2026-11-28"), false}}, "bert"},
        {"shorter always passes", {{LEASE_TO("2026-11-28"), true}, {LEASE_TO("2026-11-27"), false}}, ""},
        {"longer, then what it was",
         {{LEASE_TO("2026-11-27"), true}, {LEASE_TO("2026-11-28"), false}, {LEASE_TO("2026-11-27"), false}},
         ""},
        {"a merge about something else lets nothing through",
         {{WORLD_BASE, true},
          {ENTRIES(PERMANENT("bert", "ro")), false},
          {ENTRIES(PERMANENT("ada, bert", "ro")), true}},
         "bert"},
        {"taken out, and in again with leave",
         {{WORLD_BASE, true},
          {LEASE_TO("2026-11-28"), false},
          {WORLD_BASE, false},
          {LEASE_TO("2026-11-28"), true}},
         ""},
        {"taken out: what was let through before is forgotten",
         {{LEASE_TO("2026-11-28"), true}, {WORLD_BASE, true}, {LEASE_TO("2026-11-28"), false}},
         "bert"},
        {"one policy is not wider for one of its holders only",
         {{ENTRIES(PERMANENT("ada, bert", "fix")), true}, {WIDER PERMANENT("ada, bert", "fix"), false}},
         "ada bert"},
        {"nor for somebody who comes to it later",
         {{ENTRIES(PERMANENT("ada", "fix")), true},
          {WIDER PERMANENT("ada", "fix"), false},
          {WIDER PERMANENT("ada, bert", "fix"), true}},
         "ada bert"},
        {"nor for whom a role has it",
         {{ENTRIES(PERMANENT("ada", "fix")), true},
          {WIDER PERMANENT("ada", "fix"), false},
          {WIDER PERMANENT("ada", "fix") ROLE_LEASE("bert"), true}},
         "bert ada"},
        {"nor when it is held for a role",
         {{LEASES(ROLE_ENTRY("bert")), true},
          {WIDER ROLE_LEASE("bert"), false},
          {WIDER PERMANENT("ada", "fix") ROLE_LEASE("bert"), true}},
         "bert ada"},
        {"a lease that has its own document is one for itself",
         {{LEASE_TO("2026-11-28"), true},
          {WIDER "temporary-access:\n" LEASE("bert", "fix", "2026-11-28"), false},
          {WIDER PERMANENT("ada", "fix") "temporary-access:\n" LEASE("bert", "fix", "2026-11-28"), true}},
         "bert"},
        {"an ended lease is not held", {{WORLD_BASE, true}, {LEASE_TO("2026-11-20"), false}}, ""},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct world *world = world_new();
        struct problems problems = {0};
        size_t count = 0;
        while (count < COUNT(cases[i].changes) && cases[i].changes[count].yaml)
            count++;
        const char *held = held_after(world, cases[i].changes, count, &problems);
        CHECK(str_eq(held, cases[i].held), "%s: held are '%s'", cases[i].name, held);
        world_free(world);
    }
}

/* The row says which merge it was, why, and by which digest it can be let through. */
static void test_the_row(void **state)
{
    (void)state;
    struct world *world = world_new();
    static const struct change by_pull[] = {{WORLD_BASE, true}, {LEASE_TO("2026-11-28"), false}},
                               by_commit[] = {{WORLD_BASE, true},
                                              {WORLD_BASE, true},
                                              {LEASE_TO("2026-11-28"), false}};
    struct problems problems = {0};
    held_after(world, by_pull, COUNT(by_pull), &problems);
    held_after(world, by_commit, COUNT(by_commit), &(struct problems){0});
    assert_string_equal(problems.items[0].message, "pull request #7 (commit bbbbbbbbbbbb): for a reason");
    const char *digest = merge_world_new(world, WORLD_BASE, LEASE_TO("2026-11-28"))->merge.digest;
    assert_non_null(strstr(problems.items[0].hint, arena_printf(world->arena, "--accept %s", digest)));
    problems = (struct problems){0};
    held_after(world, by_commit, COUNT(by_commit), &problems);
    assert_string_equal(problems.items[0].message, "commit bbbbbbbbbbbb: for a reason");
    world_free(world);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_histories),
        cmocka_unit_test(test_an_approval_of_the_policy_only),
        cmocka_unit_test(test_the_row),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

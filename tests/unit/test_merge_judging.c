/* SPDX-License-Identifier: Apache-2.0 */
#include "base/str.h"
#include "flow/merge_judging.h"
#include "merge_world.h"
#include "unit.h"

#include <string.h>

#define BEFORE_RULES WORLD_BASE "permanent-access:\n" PERMANENT("ada", "ro")
#define SOON         LEASE("bert", "fix", "2026-11-28")
#define FAR          LEASE("bert", "fix", "2026-12-20")
#define MANAGED      LEASE("ernie", "ro", "2026-11-28")
#define LEASES(...)  "temporary-access:\n" __VA_ARGS__
#define APPROVED     "environments: {prod: {approvals: 2}}\n"

static struct judged_merge judge(struct world *world, struct merge_world *merge, const char *accepted)
{
    struct strings digests = {0};
    struct judged_merge judged;
    struct widening *widening = ARENA_NEW(world->arena, struct widening);
    *widening = widening_new(world->arena);
    if (accepted)
        strings_add(world->arena, &digests, accepted);
    merge_judge(&merge->reader, &merge->merge, &digests, world->now_s, widening, &judged);
    return judged;
}

/* The id of what each fact fails at, "-" for none, in the order of the facts. */
static const char *failures(struct world *world, struct merge_world *merge, const char *accepted)
{
    struct judged_merge judged = judge(world, merge, accepted);
    const char *text = "";
    for (size_t i = 0; i < merge->after.facts.count; i++) {
        const struct failure *failure = merge_failure(&judged, &merge->after.facts.items[i]);
        text = arena_printf(world->arena, "%s%s%s", text, i ? " " : "", failure ? failure->id : "-");
    }
    return text;
}

static void test_rules(void **state)
{
    (void)state;
    static const struct {
        const char *rules, *after, *expected; /* what stands behind WORLD_BASE */
    } cases[] = {
        {"", LEASES(SOON), "-"},
        {"", LEASES(FAR), "held-limit"},
        {"", LEASES(FAR MANAGED), "held-limit -"}, /* only that one */
        {"grants: {fix: {max_days: 1}}\n", LEASES(SOON MANAGED), "held-limit -"},
        {"environments: {prod: {require_reason: true}}\n", LEASES(SOON), "held-rules"},
        {"environments: {dev: {require_reason: true}}\n", LEASES(SOON), "-"},
        {"guardrails: {deny: ['s3:Put*']}\n", "permanent-access:\n" PERMANENT("bert", "fix"), "held-rules"},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct world *world = world_new();
        const char *before = arena_printf(world->arena, "%s%s", WORLD_BASE, cases[i].rules),
                   *after = arena_printf(world->arena, "%s%s", WORLD_BASE, cases[i].after);
        struct merge_world *merge = merge_world_new(world, before, after);
        const char *got = failures(world, merge, NULL);
        CHECK(str_eq(got, cases[i].expected), "%zu: %s", i, got);
        got = failures(world, merge, merge->merge.digest); /* somebody let it through */
        CHECK(!strstr(got, "held"), "%zu accepted: %s", i, got);
        got = failures(world, merge, "another digest");
        CHECK(str_eq(got, cases[i].expected), "%zu another accepted: %s", i, got);
        world_free(world);
    }
}

/* A merge does not bring the rules by which it passes. */
static void test_its_own_rules_do_not_count(void **state)
{
    (void)state;
    struct world *world = world_new();
    struct merge_world *merge =
        merge_world_new(world, WORLD_BASE, WORLD_BASE "limits: {max_days: 60}\n" LEASES(FAR));
    assert_string_equal(failures(world, merge, NULL), "held-limit");
    world_free(world);
}

static void test_the_reason_is_that_of_the_rule(void **state)
{
    (void)state;
    struct world *world = world_new();
    struct merge_world *merge = merge_world_new(world, WORLD_BASE, WORLD_BASE LEASES(FAR));
    struct judged_merge judged = judge(world, merge, NULL);
    const struct failure *failure = merge_failure(&judged, &merge->after.facts.items[0]);
    assert_non_null(failure);
    assert_non_null(strstr(failure->why, "[expiry-too-far]"));
    world_free(world);
}

/* Without a pull request there is no approval; for the first commit of all none is asked for. */
static void test_approvals(void **state)
{
    (void)state;
    struct world *world = world_new();
    struct merge_world *merge = merge_world_new(world, WORLD_BASE APPROVED, WORLD_BASE APPROVED LEASES(SOON));
    struct judged_merge judged = judge(world, merge, NULL);
    const struct failure *failure = merge_failure(&judged, &merge->after.facts.items[0]);
    assert_non_null(failure);
    assert_string_equal(failure->id, "held-approval");
    assert_non_null(strstr(failure->why, "account " ACCOUNT " needs 2 approvals, and it has 0: "));
    assert_non_null(strstr(failure->why, "no pull request is known"));

    merge->merge.judges_itself = true;
    assert_string_equal(failures(world, merge, NULL), "-");

    struct merge_world *elsewhere =
        merge_world_new(world, WORLD_BASE "environments: {dev: {approvals: 2}}\n", WORLD_BASE LEASES(SOON));
    assert_string_equal(failures(world, elsewhere, NULL), "-");
    world_free(world);
}

/* Whom a role trusts gains what the role gains, by its own entry or by another: his approval does not count. */
static void test_who_is_trusted_gains(void **state)
{
    (void)state;
#define TRUSTING(policies)                                                              \
    "aws-roles:\n  reader:\n    environments: [prod]\n    managed_policies: [" policies \
    "]\n    trust: [{principals: ['arn:aws:iam::" ACCOUNT ":user/x/bert@example.com']}]\n"
#define GRANTED "permanent-access:\n  - {roles: [reader], environments: [prod], grants: [ro]}\n"
    static const struct {
        const char *before, *after;
        bool named;
    } cases[] = {
        {"", TRUSTING(""), true},
        {TRUSTING(""), TRUSTING("'arn:aws:iam::aws:policy/ReadOnlyAccess'"), true},
        {TRUSTING(""), TRUSTING("") GRANTED, true},
        {TRUSTING(""), TRUSTING("") LEASES(SOON), false},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct world *world = world_new();
        const char *before = arena_printf(world->arena, "%s%s", WORLD_BASE APPROVED, cases[i].before),
                   *after = arena_printf(world->arena, "%s%s", WORLD_BASE APPROVED, cases[i].after);
        struct merge_world *merge = merge_world_new(world, before, after);
        struct judged_merge judged = judge(world, merge, NULL);
        for (size_t j = 0; j < merge->after.facts.count; j++)
            (void)merge_failure(&judged, &merge->after.facts.items[j]);
        CHECK(strings_contain(&judged.named, "bert@example.com") == cases[i].named, "%zu", i);
        world_free(world);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_rules),
        cmocka_unit_test(test_its_own_rules_do_not_count),
        cmocka_unit_test(test_the_reason_is_that_of_the_rule),
        cmocka_unit_test(test_approvals),
        cmocka_unit_test(test_who_is_trusted_gains),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

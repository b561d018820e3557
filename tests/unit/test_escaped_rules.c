/* SPDX-License-Identifier: Apache-2.0 */
#include "base/str.h"
#include "flow/escaped_rules.h"
#include "merge_world.h"
#include "unit.h"

#include <string.h>

#define PROD   "aws-accounts: {prod: '" ACCOUNT "', dev: '" OTHER_ACCOUNT "'}\n"
#define LIVE   "aws-accounts: {live: '" ACCOUNT "', dev: '" OTHER_ACCOUNT "'}\n"
#define BOTH   "aws-accounts: {prod: '" ACCOUNT "', live: '" ACCOUNT "'}\n"
#define NOBODY "aws-accounts: {dev: '" OTHER_ACCOUNT "'}\n"
#define RULES  "environments: {prod: {approvals: 1, max_days: 2}}\n"

static const struct {
    const char *name, *before, *after, *head;
    size_t bound, held; /* accounts that keep their rules, and rows */
} cases[] = {
    {"another name", PROD RULES, LIVE RULES, LIVE RULES, 1, 1},
    {"and no rules at all", PROD RULES, LIVE, LIVE, 1, 1},
    {"the same names and other rules are a setting", PROD RULES, PROD, PROD, 0, 0},
    {"without rules", PROD, LIVE, LIVE, 0, 0},
    {"one name more", PROD RULES, BOTH RULES, BOTH RULES, 0, 0},
    {"one name less", BOTH RULES, LIVE RULES, LIVE RULES, 1, 1},
    {"the rules go with it", PROD RULES, LIVE "environments: {live: {approvals: 2, max_days: 2}}\n",
     LIVE "environments: {live: {approvals: 2, max_days: 2}}\n", 0, 0},
    {"some of them", PROD RULES, LIVE "environments: {live: {approvals: 1}}\n",
     LIVE "environments: {live: {approvals: 1}}\n", 1, 1},
    {"they follow later", PROD RULES, LIVE RULES, LIVE "environments: {live: {approvals: 1, max_days: 1}}\n",
     1, 0},
    {"it has its name again", PROD RULES, LIVE RULES, PROD RULES, 1, 0},
    {"it goes", PROD RULES, NOBODY RULES, NOBODY RULES, 1, 0},
    {"it goes, and comes again", PROD RULES, NOBODY RULES, LIVE RULES, 1, 1},
    {"a limit only", PROD "environments: {prod: {max_days: 2}}\n", LIVE, LIVE, 1, 1},
};

static void test_names(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++)
        for (int accepted = 0; accepted < 2; accepted++) {
            struct world *world = world_new();
            struct merge_world *merge = merge_world_new(world, cases[i].before, cases[i].after);
            struct widening widening = widening_new(world->arena);
            struct strings digests = {0};
            struct judged_merge judged;
            struct escapes escapes = {0};
            struct problems problems = {0};
            if (accepted)
                strings_add(world->arena, &digests, merge->merge.digest);
            merge_judge(&merge->reader, &merge->merge, &digests, world->now_s, &widening, &judged);
            escapes_find(world->arena, &judged, &escapes);
            const struct source *head = &merge_world_new(world, cases[i].before, cases[i].head)->after.source;
            escapes_report(world->arena, &escapes, head, &problems);
            CHECK(escapes.rules.count == (accepted ? 0 : cases[i].bound), "%s: %zu bound", cases[i].name,
                  escapes.rules.count);
            CHECK(problems.count == (accepted ? 0 : cases[i].held), "%s: %zu held", cases[i].name,
                  problems.count);
            world_free(world);
        }
}

/* It says which rules they are, which change it was, and what would let that through. */
static void test_the_row(void **state)
{
    (void)state;
    struct world *world = world_new();
    struct merge_world *merge = merge_world_new(world, PROD RULES, LIVE RULES);
    struct widening widening = widening_new(world->arena);
    struct judged_merge judged;
    struct escapes escapes = {0};
    struct problems problems = {0};
    merge->merge.pull = &merge->pull;
    merge_judge(&merge->reader, &merge->merge, NULL, world->now_s, &widening, &judged);
    judged.counted = true; /* nobody approved it */
    judged.approvals.why = "nobody else approved it";
    escapes_find(world->arena, &judged, &escapes);
    escapes_report(world->arena, &escapes, &merge->after.source, &problems);
    assert_int_equal(problems.count, 1);
    const struct problem *problem = &problems.items[0];
    assert_string_equal(problem->id, "held-account");
    assert_string_equal(problem->account_id, ACCOUNT);
    assert_non_null(strstr(problem->message, "pull request #7 (commit bbbbbbbbbbbb)"));
    assert_non_null(strstr(problem->message, "(at most 2 days, 1 approval)"));
    assert_non_null(strstr(problem->message, "nobody else approved it"));
    assert_non_null(strstr(problem->hint, merge->merge.digest));
    judged.approvals.count = 1;
    escapes = (struct escapes){0};
    escapes_find(world->arena, &judged, &escapes);
    assert_int_equal(escapes.count, 0);
    world_free(world);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_names), cmocka_unit_test(test_the_row)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: Apache-2.0 */
#include "plan/kept_words.h"
#include "plan_world.h"
#include "unit.h"

#include <string.h>

#define POLICY(name, words)            \
    "  " name ": {description: " words \
    ", custom_statements: [{effect: Allow, actions: ['s3:*'], resources: ['*']}]}\n"
#define FILES(words, entries) \
    WORLD_ACCOUNTS "aws-policies:\n" POLICY("look", words) POLICY("mend", "Mend") entries
#define LOOK "permanent-access:\n" PERMANENT("bert, ernie", "look, mend")

static const struct {
    const char *before, *after;
    bool said;
} cases[] = {
    {FILES("Look", LOOK), FILES("Look around", LOOK), true},
    {FILES("Look", LOOK), FILES("Look", LOOK), false},
    {FILES("Look", ""), FILES("Look around", LOOK), false}, /* it is made with these words */
    {FILES("Look", LOOK), FILES("Look around", ""), false},
    {FILES("Look", "temporary-access:\n" LEASE("bert", "look", "2026-11-26")),
     FILES("Look around", "temporary-access:\n" LEASE("bert", "look", "2026-11-26")),
     false}, /* no such words */
};

static void test_what_is_said(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct world *world = world_new();
        const struct facts before = world_facts(world, cases[i].before, 0),
                           after = world_facts(world, cases[i].after, 0);
        struct notices notices = {0};
        kept_words_note(world->arena, &before, &after, &notices);
        CHECK(notices.count == cases[i].said, "case %zu: %zu", i, notices.count);
        if (notices.count) {
            assert_non_null(strstr(notices.items[0], ": payments/look"));
            assert_null(strstr(notices.items[0], "mend"));
        }
        world_free(world);
    }
}

static void test_many(void **state)
{
    (void)state;
    enum { MANY = 10 };
    CLEANUP(arena_freep) struct arena *arena = arena_new();
    struct policy_decl was[MANY] = {0}, is[MANY] = {0};
    struct facts before = {0}, after = {0};
    struct statement statement = {0};
    struct notices notices = {0};
    for (int i = 0; i < MANY; i++) {
        was[i] = (struct policy_decl){.description = "a", .custom = {.items = &statement, .count = 1}};
        is[i] = was[i];
        is[i].description = "b";
        const char *grant = arena_printf(arena, "g%d", i);
        struct fact fact = {.team = "t",
                            .grant = grant,
                            .account_id = ACCOUNT,
                            .principal = "p",
                            .identity = grant,
                            .grant_length = 2,
                            .policy = &was[i]};
        *VEC_ADD(arena, &before) = fact;
        fact.policy = &is[i];
        *VEC_ADD(arena, &after) = fact;
    }
    kept_words_note(arena, &before, &after, &notices);
    assert_int_equal(notices.count, 1);
    assert_non_null(strstr(notices.items[0], "t/g0, "));
    assert_non_null(strstr(notices.items[0], " and 2 more"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_what_is_said),
        cmocka_unit_test(test_many),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

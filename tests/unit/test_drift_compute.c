/* SPDX-License-Identifier: Apache-2.0 */
#include "base/arena.h"
#include "plan/drift_compute.h"
#include "unit.h"

#define ACCOUNT "123456789012"

static struct problem problem(const char *id, const char *account_id, const struct fact *fact)
{
    return (struct problem){.id = id, .account_id = account_id, .fact = fact, .message = "x"};
}

static void test_what_only_the_change_brings_fails(void **state)
{
    (void)state;
    CLEANUP(arena_freep) struct arena *arena = arena_new();
    const struct fact one = {.lease_id = "1", .account_id = ACCOUNT},
                      two = {.lease_id = "2", .account_id = ACCOUNT};
    struct problems before = {0}, after = {0};
    *VEC_ADD(arena, &before) = problem("principal-not-found", NULL, &one);
    *VEC_ADD(arena, &before) = problem("account-unreachable", ACCOUNT, NULL);
    *VEC_ADD(arena, &before) = problem("inline-quota", ACCOUNT, NULL);
    *VEC_ADD(arena, &after) = problem("principal-not-found", NULL, &one);
    *VEC_ADD(arena, &after) = problem("principal-not-found", NULL, &two);
    *VEC_ADD(arena, &after) = problem("foreign-policy", NULL, &one);
    *VEC_ADD(arena, &after) = problem("account-unreachable", ACCOUNT, NULL);
    *VEC_ADD(arena, &after) = problem("inline-quota", ACCOUNT, NULL);
    *VEC_ADD(arena, &after) = problem("inline-quota", "210987654321", NULL);
    drift_judge_problems(&before, &after);
    static const bool fails[] = {false, true, true, true, false, true};
    for (size_t i = 0; i < COUNT(fails); i++)
        CHECK(after.items[i].fails_plan == fails[i], "problem %zu", i);
}

static void test_each_kind_has_a_name(void **state)
{
    (void)state;
    for (enum drift_kind kind = 0; kind < DRIFT_KIND_COUNT; kind++)
        assert_true(drift_kind_name(kind)[0] != 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_what_only_the_change_brings_fails),
        cmocka_unit_test(test_each_kind_has_a_name),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

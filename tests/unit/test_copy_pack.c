/* SPDX-License-Identifier: Apache-2.0 */
#include "plan/copy_pack.h"
#include "unit.h"

enum { AROUND = 5, MAX = 15 }; /* eleven for statements, each with a comma */

/* Sizes with the comma; those that deny are negative. */
static const struct {
    int sizes[8];
    size_t bins;
} cases[] = {
    {{5, 5}, 1},         {{5, -5}, 1},        {{5, 5, 5, -5}, 2}, /* what denies stands beside one that allows */
    {{-6, 6, 5}, 2},     {{-6, -6, 5, 5}, 3}, /* each beside one would be fewer, and in no right order */
    {{-6, -6, 6, 6}, 4}, {{-11, -11, 11}, 3}, {{-6, -6}, 2},      {{3, -2, 3, -2, 11, 4, -1}, 3},
};

static void test_what_denies_comes_first(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        CLEANUP(arena_freep) struct arena *arena = arena_new();
        struct copy_unit units[8] = {0};
        size_t count = 0, filled[8] = {0}, last_denial = 0, first_grant = SIZE_MAX;
        for (; count < 8 && cases[i].sizes[count]; count++) {
            int size = cases[i].sizes[count];
            units[count].denies = size < 0;
            units[count].size = (size_t)(size < 0 ? -size : size) + AROUND - 1;
        }
        const struct copy_bins bins = copy_pack(arena, units, count, AROUND, MAX);
        CHECK(bins.count == cases[i].bins, "case %zu: %zu bins", i, bins.count);
        for (size_t j = 0; j < count; j++) {
            assert_in_range(bins.of[j], 0, bins.count - 1);
            filled[bins.of[j]] += units[j].size - AROUND + 1;
            if (units[j].denies && bins.of[j] > last_denial)
                last_denial = bins.of[j];
            if (!units[j].denies && bins.of[j] < first_grant)
                first_grant = bins.of[j];
        }
        CHECK(last_denial == 0 || last_denial <= first_grant, "case %zu", i);
        for (size_t j = 0; j < bins.count; j++)
            CHECK(filled[j] && filled[j] <= MAX - AROUND + 1, "case %zu: bin %zu has %zu", i, j, filled[j]);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_what_denies_comes_first),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

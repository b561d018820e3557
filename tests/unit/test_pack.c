/* SPDX-License-Identifier: Apache-2.0 */
#include "policy/pack.h"
#include "unit.h"

enum { ROOM = 10 };

static const struct {
    size_t sizes[8];
    size_t count, bins;
} cases[] = {
    {{0}, 0, 0},
    {{10}, 1, 1},
    {{10, 1}, 2, 2},
    {{5, 5, 5}, 3, 2},
    {{12, 3}, 2, 2}, /* too large for any bin: alone */
    {{4, 6, 4, 6, 5, 5}, 6, 3},
    {{5, 4, 3, 3, 3, 2}, 6, 2}, /* first-fit decreasing takes three */
    {{7, 7, 7, 3, 3, 3}, 6, 3},
};

static void test_fewest_bins(void **state)
{
    (void)state;
    struct arena *arena = arena_new();
    for (size_t i = 0; i < COUNT(cases); i++) {
        size_t bins[8], filled[8] = {0}, held[8] = {0};
        size_t count = pack_into_bins(arena, cases[i].sizes, cases[i].count, ROOM, bins);
        CHECK(count == cases[i].bins, "case %zu: %zu bins", i, count);
        for (size_t j = 0; j < cases[i].count; j++) {
            assert_in_range(bins[j], 0, count - 1);
            filled[bins[j]] += cases[i].sizes[j];
            held[bins[j]]++;
        }
        for (size_t j = 0; j < count; j++)
            CHECK(held[j] && (filled[j] <= ROOM || held[j] == 1), "case %zu: bin %zu has %zu", i, j,
                  filled[j]);
    }
    arena_free(arena);
}

/* Where looking for the fewest would take for ever there is still an answer. */
static void test_many(void **state)
{
    (void)state;
    struct arena *arena = arena_new();
    size_t sizes[60], bins[60];
    for (size_t i = 0; i < COUNT(sizes); i++)
        sizes[i] = 3000 + i * 37 % 500;
    size_t count = pack_into_bins(arena, sizes, COUNT(sizes), 6144, bins);
    assert_in_range(count, 30, COUNT(sizes));
    arena_free(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_fewest_bins),
        cmocka_unit_test(test_many),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: Apache-2.0 */
#include "base/json.h"
#include "base/str.h"
#include "plan/matrix.h"
#include "unit.h"

#include <string.h>

struct many {
    struct arena *arena;
    struct strings account_ids;
    struct operations operations;
};

/* An account with a number of operations. */
static void add(struct many *many, unsigned number, size_t operations)
{
    const char *id = arena_printf(many->arena, "%012u", number);
    strings_add(many->arena, &many->account_ids, id);
    for (size_t i = 0; i < operations; i++)
        VEC_ADD(many->arena, &many->operations)->account_id = id;
}

static const char *made(struct many *many, size_t shards_max)
{
    return matrix_json(many->arena, &many->account_ids, &many->operations, shards_max);
}

static void test_small_ones(void **state)
{
    (void)state;
    struct many many = {.arena = arena_new()};
    assert_string_equal(made(&many, 10), "{\"include\":[]}");
    add(&many, 2, 0);
    assert_string_equal(made(&many, 10), "{\"include\":[{\"shard\":\"1/1\",\"accounts\":\"000000000002\"}]}");
    add(&many, 1, 3);
    add(&many, 1, 0); /* named twice */
    assert_string_equal(made(&many, 10),
                        "{\"include\":[{\"shard\":\"1/1\",\"accounts\":\"000000000001,000000000002\"}]}");
    /* an account that only an operation names */
    VEC_ADD(many.arena, &many.operations)->account_id = "000000000009";
    assert_non_null(strstr(made(&many, 10), "000000000009"));
    arena_free(many.arena);
}

static void test_work_is_spread(void **state)
{
    (void)state;
    struct many many = {.arena = arena_new()};
    add(&many, 1, 100);
    add(&many, 2, 60);
    add(&many, 3, 40);
    add(&many, 4, 1);
    assert_string_equal(made(&many, 2),
                        "{\"include\":[{\"shard\":\"1/2\",\"accounts\":\"000000000001,000000000004\"},"
                        "{\"shard\":\"2/2\",\"accounts\":\"000000000002,000000000003\"}]}");
    assert_null(strstr(made(&many, 1), "2/2"));
    arena_free(many.arena);
}

/* Every account in one shard, no shard empty, never more shards than GitHub makes jobs. */
static void test_many(void **state)
{
    (void)state;
    static const size_t maxima[] = {1, 7, 255, 256, 257, 100000};
    struct many many = {.arena = arena_new()};
    for (unsigned i = 0; i < 3000; i++)
        add(&many, (i * 7919) % 3000, i % 11 * 3);
    for (size_t i = 0; i < COUNT(maxima); i++) {
        const char *text = made(&many, maxima[i]);
        struct json *json;
        struct err err;
        assert_int_equal(json_parse(many.arena, text, strlen(text), &json, &err), 0);
        const struct json *include = json_get(json, "include");
        assert_int_equal(include->count, maxima[i] < MATRIX_MAX ? maxima[i] : MATRIX_MAX);
        size_t accounts = 0;
        struct strings seen = {0};
        for (size_t j = 0; j < include->count; j++) {
            const char *ids = json_get_string(&include->items[j], "accounts");
            assert_true(*ids);
            for (const char *id = ids; *id; id += 12 + (id[12] == ',')) {
                strings_add(many.arena, &seen, arena_strndup(many.arena, id, 12));
                accounts++;
            }
            CHECK(str_eq(json_get_string(&include->items[j], "shard"),
                         arena_printf(many.arena, "%zu/%zu", j + 1, include->count)),
                  "%zu", j);
        }
        strings_sort_unique(&seen);
        assert_int_equal(accounts, 3000);
        assert_int_equal(seen.count, 3000);
        assert_string_equal(text, made(&many, maxima[i]));
    }
    arena_free(many.arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_small_ones),
        cmocka_unit_test(test_work_is_spread),
        cmocka_unit_test(test_many),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

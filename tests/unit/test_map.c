/* SPDX-License-Identifier: Apache-2.0 */
#include "base/map.h"
#include "unit.h"

#include <string.h>

static void test_an_empty_map(void **state)
{
    (void)state;
    CLEANUP(arena_freep) struct arena *arena = arena_new();
    struct map map = map_new(arena);
    assert_null(map_get(&map, ""));
    assert_null(map_get(&map, "key"));
    assert_int_equal(map.count, 0);
}

static void test_the_first_value_stays(void **state)
{
    (void)state;
    CLEANUP(arena_freep) struct arena *arena = arena_new();
    struct map map = map_new(arena);
    int first = 1, second = 2;
    char key[] = "key", same[] = "key";
    assert_ptr_equal(map_put(&map, key, &first), &first);
    assert_ptr_equal(map_put(&map, same, &second), &first);
    assert_ptr_equal(map_get(&map, "key"), &first);
    assert_null(map_get(&map, "KEY"));
    assert_null(map_get(&map, "ke"));
    assert_null(map_get(&map, ""));
    assert_ptr_equal(map_put(&map, "", &second), &second);
    assert_ptr_equal(map_get(&map, ""), &second);
    assert_int_equal(map.count, 2);
}

/* A map changes its ways as it grows: after each key all are there, and no other. */
static void test_growing(void **state)
{
    (void)state;
    enum { KEYS = 100 };
    CLEANUP(arena_freep) struct arena *arena = arena_new();
    struct map map = map_new(arena);
    char keys[KEYS][KEYS + 1] = {{0}}; /* of every length, each the beginning of the next */
    for (size_t count = 0; count < KEYS; count++) {
        memset(keys[count], 'k', count);
        assert_null(map_get(&map, keys[count]));
        assert_ptr_equal(map_put(&map, keys[count], keys[count]), keys[count]);
        assert_ptr_equal(map_put(&map, arena_strdup(arena, keys[count]), arena), keys[count]);
        assert_int_equal(map.count, count + 1);
        for (size_t i = 0; i <= count; i++)
            assert_ptr_equal(map_get(&map, arena_strdup(arena, keys[i])), keys[i]);
    }
}

/* Keys of one length that differ in one place only. */
static void test_similar_keys(void **state)
{
    (void)state;
    enum { LENGTH_MAX = 40 };
    CLEANUP(arena_freep) struct arena *arena = arena_new();
    struct map map = map_new(arena);
    for (int round = 0; round < 2; round++)
        for (size_t length = 1; length <= LENGTH_MAX; length++)
            for (size_t at = 0; at < length; at++) {
                char *key = arena_printf(arena, "%*s", (int)length, "");
                key[at] = 'x';
                if (round == 0)
                    assert_ptr_equal(map_put(&map, key, key), key);
                else
                    assert_string_equal(map_get(&map, key), key);
            }
    assert_int_equal(map.count, LENGTH_MAX * (LENGTH_MAX + 1) / 2);
}

static void test_many_keys(void **state)
{
    (void)state;
    enum { KEYS = 20000 };
    CLEANUP(arena_freep) struct arena *arena = arena_new();
    struct map map = map_new(arena);
    const char **keys = arena_array(arena, KEYS, sizeof *keys);
    for (int i = 0; i < KEYS; i++) {
        keys[i] = arena_printf(arena, "%c%d", i % 2 ? 'a' : 'b', i / 2);
        assert_ptr_equal(map_put(&map, keys[i], &keys[i]), &keys[i]);
    }
    assert_int_equal(map.count, KEYS);
    for (int i = 0; i < KEYS; i++) {
        assert_ptr_equal(map_get(&map, keys[i]), &keys[i]);
        assert_null(map_get(&map, arena_printf(arena, "c%d", i)));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_an_empty_map), cmocka_unit_test(test_the_first_value_stays),
        cmocka_unit_test(test_growing),      cmocka_unit_test(test_similar_keys),
        cmocka_unit_test(test_many_keys),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

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
        cmocka_unit_test(test_an_empty_map),
        cmocka_unit_test(test_the_first_value_stays),
        cmocka_unit_test(test_many_keys),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

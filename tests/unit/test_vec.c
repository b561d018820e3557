/* SPDX-License-Identifier: Apache-2.0 */
#include "base/vec.h"
#include "unit.h"

struct pair {
    int left;
    double right;
};

struct pairs {
    VEC_FIELDS(struct pair);
};

static void test_elements_stay_as_it_grows(void **state)
{
    (void)state;
    CLEANUP(arena_freep) struct arena *arena = arena_new();
    struct pairs pairs = {0};
    for (int i = 0; i < 1000; i++) {
        struct pair *pair = VEC_ADD(arena, &pairs);
        assert_int_equal(pair->left, 0);
        assert_true(pair->right == 0);
        *pair = (struct pair){i, -i};
        assert_int_equal(pairs.count, i + 1);
        assert_true(pairs.count <= pairs.capacity);
    }
    for (int i = 0; i < 1000; i++) {
        assert_int_equal(pairs.items[i].left, i);
        assert_true(pairs.items[i].right == -i);
    }
}

/* A list whose capacity is its count has no room of its own: adding moves it. */
static void test_a_full_list_moves(void **state)
{
    (void)state;
    CLEANUP(arena_freep) struct arena *arena = arena_new();
    const char *texts[] = {"a", "b", "c"};
    struct strings strings = {.items = texts, .count = 3, .capacity = 3};
    strings_add(arena, &strings, "d");
    assert_ptr_not_equal(strings.items, texts);
    assert_int_equal(strings.count, 4);
    assert_string_equal(strings.items[0], "a");
    assert_string_equal(strings.items[3], "d");
    assert_string_equal(texts[2], "c");
}

static void test_reserve(void **state)
{
    (void)state;
    CLEANUP(arena_freep) struct arena *arena = arena_new();
    struct pairs pairs = {0};
    VEC_RESERVE(arena, &pairs, 0);
    assert_int_equal(pairs.capacity, 0);
    VEC_RESERVE(arena, &pairs, 3);
    assert_int_equal(pairs.capacity, 3);
    const struct pair *items = pairs.items;
    for (int i = 0; i < 3; i++)
        *VEC_ADD(arena, &pairs) = (struct pair){i, -i};
    assert_ptr_equal(pairs.items, items);
    VEC_RESERVE(arena, &pairs, 2);
    assert_int_equal(pairs.capacity, 5);
    assert_int_equal(pairs.count, 3);
    for (int i = 0; i < 3; i++)
        assert_true(pairs.items[i].left == i && pairs.items[i].right == -i);
}

static void test_strings(void **state)
{
    (void)state;
    CLEANUP(arena_freep) struct arena *arena = arena_new();
    struct strings strings = {0};
    strings_sort(&strings);
    assert_false(strings_contain(&strings, ""));
    static const char *const words[] = {"b", "a", "", "B", "b", "\xc3\xa9", "ab"};
    for (size_t i = 0; i < COUNT(words); i++)
        strings_add(arena, &strings, words[i]);
    strings_add_unique(arena, &strings, "ab");
    strings_add_unique(arena, &strings, "AB");
    assert_true(strings_contain(&strings, ""));
    assert_true(strings_contain(&strings, "\xc3\xa9"));
    assert_false(strings_contain(&strings, "\xc3"));
    strings_sort(&strings);
    static const char *const sorted[] = {"", "AB", "B", "a", "ab", "b", "b", "\xc3\xa9"};
    assert_int_equal(strings.count, COUNT(sorted));
    for (size_t i = 0; i < COUNT(sorted); i++)
        assert_string_equal(strings.items[i], sorted[i]);
    strings_sort_unique(&strings);
    assert_int_equal(strings.count, COUNT(sorted) - 1);
    assert_string_equal(strings.items[5], "b");
    assert_string_equal(strings.items[6], "\xc3\xa9");
    strings.count = 0;
    strings_sort_unique(&strings);
    assert_int_equal(strings.count, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_elements_stay_as_it_grows),
        cmocka_unit_test(test_a_full_list_moves),
        cmocka_unit_test(test_reserve),
        cmocka_unit_test(test_strings),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

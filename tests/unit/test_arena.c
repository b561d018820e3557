/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The arena as it is released, with its chunks: every other test runs with IAMLEASE_DEBUG_ARENA, where each
 * object is an allocation of its own.
 */
#undef IAMLEASE_DEBUG_ARENA
#include "base/arena.c"
#include "unit.h"

#include <sys/wait.h>

static void test_memory_is_zeroed_aligned_and_apart(void **state)
{
    (void)state;
    CLEANUP(arena_freep) struct arena *arena = arena_new();
    static const size_t sizes[] = {0, 1, 15, 16, 17, 100, 4096, 65535, 65536, 65537, 300000, 3};
    unsigned char *objects[COUNT(sizes) * 20];
    for (size_t i = 0; i < COUNT(objects); i++) {
        size_t size = sizes[i % COUNT(sizes)];
        objects[i] = arena_alloc(arena, size);
        assert_non_null(objects[i]);
        assert_int_equal((uintptr_t)objects[i] % _Alignof(max_align_t), 0);
        for (size_t j = 0; j < size; j++)
            assert_int_equal(objects[i][j], 0);
        memset(objects[i], (int)(i % 255) + 1, size);
    }
    for (size_t i = 0; i < COUNT(objects); i++)
        for (size_t j = 0; j < sizes[i % COUNT(sizes)]; j++)
            assert_int_equal(objects[i][j], i % 255 + 1);
}

static void test_texts(void **state)
{
    (void)state;
    CLEANUP(arena_freep) struct arena *arena = arena_new();
    assert_string_equal(arena_strdup(arena, ""), "");
    assert_string_equal(arena_strdup(arena, "payments"), "payments");
    assert_string_equal(arena_strndup(arena, "payments", 3), "pay");
    assert_string_equal(arena_strndup(arena, "payments", 100), "payments");
    assert_string_equal(arena_strndup(arena, "payments", 0), "");
    static const char unterminated[] = {'a', 'b', 'c'};
    assert_string_equal(arena_strndup(arena, unterminated, sizeof unterminated), "abc");
    assert_string_equal(arena_printf(arena, "%s-%d", "x", -1), "x--1");
    assert_string_equal(arena_printf(arena, "%s", ""), "");
    const char *wide = arena_printf(arena, "%0200000d", 7);
    assert_int_equal(strlen(wide), 200000);
    assert_int_equal(wide[199999], '7');
}

static void test_free_takes_nothing(void **state)
{
    (void)state;
    arena_free(NULL);
    struct arena *arena = NULL;
    arena_freep(&arena);
    assert_null(arena);
    arena = arena_new();
    arena_freep(&arena);
    assert_null(arena);
}

static void ask_for_an_overflow(struct arena *arena)
{
    (void)arena_array(arena, SIZE_MAX / 4, 5);
}

static void ask_for_too_much(struct arena *arena)
{
    (void)arena_array(arena, SIZE_MAX / 2 + 1, 1);
}

static void be_out_of_memory(struct arena *arena)
{
    (void)arena;
    out_of_memory();
}

/* A program without memory says so and ends with 1; seen from outside, in a process of its own. */
static void test_out_of_memory(void **state)
{
    (void)state;
    static void (*const ways[])(struct arena *) = {ask_for_an_overflow, ask_for_too_much, be_out_of_memory};
    for (size_t i = 0; i < COUNT(ways); i++) {
        CLEANUP(arena_freep) struct arena *arena = arena_new();
        int ends[2];
        assert_int_equal(pipe(ends), 0);
        pid_t child = fork();
        assert_true(child >= 0);
        if (child == 0) {
            dup2(ends[1], STDERR_FILENO);
            ways[i](arena);
            _exit(0);
        }
        close(ends[1]);
        char message[100] = "";
        assert_true(read(ends[0], message, sizeof message - 1) > 0);
        close(ends[0]);
        int status = 0;
        assert_int_equal(waitpid(child, &status, 0), child);
        assert_true(WIFEXITED(status));
        assert_int_equal(WEXITSTATUS(status), 1);
        assert_string_equal(message, "iamlease: out of memory\n");
    }
}

static void test_join(void **state)
{
    (void)state;
    CLEANUP(arena_freep) struct arena *arena = arena_new();
    static const char *const texts[] = {"a", "", "bc"};
    assert_string_equal(arena_join(arena, '\n', texts, 0), "");
    assert_string_equal(arena_join(arena, '\n', texts, 1), "a");
    assert_string_equal(arena_join(arena, '\n', texts, 2), "a\n");
    assert_string_equal(arena_join(arena, '/', texts, 3), "a//bc");
}

/* Texts and objects are given from two ends: they never meet, and each begins where its type may. */
static void test_two_ends(void **state)
{
    (void)state;
    CLEANUP(arena_freep) struct arena *arena = arena_new();
    enum { COUNT_OF_EACH = 3000 };
    static char *texts[COUNT_OF_EACH];
    static uint64_t *numbers[COUNT_OF_EACH];
    for (unsigned i = 0; i < COUNT_OF_EACH; i++) {
        texts[i] = arena_printf(arena, "%u %.*s", i, (int)(i % 900), "");
        numbers[i] = ARENA_NEW(arena, uint64_t);
        CHECK(*numbers[i] == 0 && (uintptr_t)numbers[i] % _Alignof(max_align_t) == 0, "%u", i);
        *numbers[i] = UINT64_MAX;
    }
    for (unsigned i = 0; i < COUNT_OF_EACH; i++)
        CHECK(strtoul(texts[i], NULL, 10) == i && *numbers[i] == UINT64_MAX, "%u", i);
}

/* What an arena has adopted goes with it; the sanitizer would find what does not. */
static void test_adopted(void **state)
{
    (void)state;
    CLEANUP(arena_freep) struct arena *arena = arena_new();
    for (int i = 0; i < 3; i++) {
        struct arena *child = arena_new(), *grandchild = arena_new();
        arena_strdup(grandchild, "abc");
        arena_adopt(child, grandchild);
        arena_adopt(arena, child);
    }
}

static void test_give_back(void **state)
{
    (void)state;
    enum { LARGE = 1024 * 1024 };
    CLEANUP(arena_freep) struct arena *arena = arena_new();
    char *small = arena_alloc(arena, 100), *first = arena_alloc(arena, LARGE),
         *second = arena_alloc(arena, LARGE);
    memset(small, 'a', 100);
    memset(second, 'b', LARGE);
    arena_give_back(arena, first, LARGE);
    arena_give_back(arena, NULL, 0);
    char *third = arena_alloc(arena, LARGE);
    CHECK(third[0] == 0 && third[LARGE - 1] == 0 && small[99] == 'a' && second[LARGE - 1] == 'b', "%d",
          third[0]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_memory_is_zeroed_aligned_and_apart),
        cmocka_unit_test(test_texts),
        cmocka_unit_test(test_join),
        cmocka_unit_test(test_two_ends),
        cmocka_unit_test(test_adopted),
        cmocka_unit_test(test_give_back),
        cmocka_unit_test(test_free_takes_nothing),
        cmocka_unit_test(test_out_of_memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

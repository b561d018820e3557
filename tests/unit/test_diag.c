/* SPDX-License-Identifier: Apache-2.0 */
#include "base/diag.h"
#include "unit.h"

#include <string.h>

static const struct source_file file_a = {.path = "a.yaml", .text = ""},
                                file_b = {.path = "b.yaml", .text = ""};

static void test_add(void **state)
{
    (void)state;
    CLEANUP(arena_freep) struct arena *arena = arena_new();
    struct diags diags = diags_new(arena);
    struct diag *diag =
        diag_error(&diags, (struct span){&file_a, 3, 5, 7}, "unknown-grant", "no grant '%s'", "x");
    assert_non_null(diag);
    assert_int_equal(diag->severity, DIAG_ERROR);
    assert_string_equal(diag->id, "unknown-grant");
    assert_string_equal(diag->message, "no grant 'x'");
    assert_null(diag->hint);
    assert_ptr_equal(diag->span.file, &file_a);
    assert_int_equal(diag->span.line, 3);
    assert_int_equal(diag->span.column, 5);
    assert_int_equal(diag->span.length, 7);
    diag_hint(&diags, diag, "did you mean '%s'?", "y");
    assert_string_equal(diags.items[0].hint, "did you mean 'y'?");
    diag = diag_warning(&diags, (struct span){0}, "held", "it is held");
    assert_int_equal(diag->severity, DIAG_WARNING);
    assert_int_equal(diags.errors, 1);
    assert_int_equal(diags.warnings, 1);
    assert_int_equal(diags.count, 2);
}

static void test_demote(void **state)
{
    (void)state;
    CLEANUP(arena_freep) struct arena *arena = arena_new();
    struct diags diags = diags_new(arena);
    struct diag *diag = diag_error(&diags, (struct span){&file_a, 1, 1, 1}, "x", "so it is");
    diag_relate(diag, (struct span){&file_b, 2, 1, 1});
    diag_relate(NULL, (struct span){0});
    assert_ptr_equal(diag->related.file, &file_b);
    diag_demote(&diags, diag, ", and was");
    assert_int_equal(diag->severity, DIAG_WARNING);
    assert_string_equal(diag->message, "so it is, and was");
    assert_int_equal(diags.errors, 0);
    assert_int_equal(diags.warnings, 1);
}

static void test_beyond_the_maximum_they_are_counted(void **state)
{
    (void)state;
    CLEANUP(arena_freep) struct arena *arena = arena_new();
    struct diags diags = diags_new(arena);
    for (int i = 0; i < DIAG_MAX; i++)
        assert_non_null(diag_error(&diags, (struct span){0}, "x", "%d", i));
    struct diag *diag = diag_error(&diags, (struct span){0}, "x", "one more");
    assert_null(diag);
    diag_hint(&diags, diag, "nothing to give it to");
    assert_null(diag_warning(&diags, (struct span){0}, "x", "one more"));
    assert_int_equal(diags.count, DIAG_MAX);
    assert_int_equal(diags.errors, DIAG_MAX + 1);
    assert_int_equal(diags.warnings, 1);
}

static void test_sort(void **state)
{
    (void)state;
    static const struct {
        const struct source_file *file;
        uint32_t line, column;
    } places[] = {
        {&file_b, 1, 1}, {&file_a, 2, 9}, {NULL, 0, 0},    {&file_a, 2, 1}, {&file_a, 10, 1},
        {&file_b, 1, 1}, {&file_a, 2, 9}, {&file_a, 0, 0}, {NULL, 0, 0},    {&file_b, 1, 1},
    };
    static const char *const sorted = "2 8 7 3 1 6 4 0 5 9 ";
    CLEANUP(arena_freep) struct arena *arena = arena_new();
    struct diags diags = diags_new(arena);
    diags_sort(&diags);
    assert_int_equal(diags.count, 0);
    for (size_t i = 0; i < COUNT(places); i++) {
        struct span span = {places[i].file, places[i].line, places[i].column, 1};
        if (i % 2)
            diag_error(&diags, span, "x", "%zu ", i);
        else
            diag_warning(&diags, span, "x", "%zu ", i);
    }
    diags_sort(&diags);
    const char *order = "";
    for (size_t i = 0; i < diags.count; i++)
        order = arena_printf(arena, "%s%s", order, diags.items[i].message);
    assert_string_equal(order, sorted);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_add),
        cmocka_unit_test(test_demote),
        cmocka_unit_test(test_beyond_the_maximum_they_are_counted),
        cmocka_unit_test(test_sort),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

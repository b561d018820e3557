/* SPDX-License-Identifier: Apache-2.0 */
#include "base/str.h"
#include "config/removing.h"
#include "unit.h"

#include <string.h>

/* The entry that begins at a place is left out, and nothing else. */
static void test_styles(void **state)
{
    (void)state;
    static const struct {
        const char *before;
        uint32_t line, column;
        const char *after; /* NULL: refused */
    } cases[] = {
        {"temporary-access:\n  - a: 1\n", 2, 5, "temporary-access:\n"},
        {"temporary-access:\n  - a: 1\n    b: 2\n  - c: 3\n", 2, 5, "temporary-access:\n  - c: 3\n"},
        {"temporary-access:\n  - a: 1\n  # of c\n  - c: 3\n", 2, 5, "temporary-access:\n  # of c\n  - c: 3\n"},
        {"temporary-access:\n  - a: 1\n  # of c\n  - c: 3\n    # in c\n    d: 4\n# end\n", 4, 5,
         "temporary-access:\n  - a: 1\n  # of c\n# end\n"},
        {"temporary-access:\n  - a: |\n      x\n\n      # y\n  - c: 3\n", 2, 5,
         "temporary-access:\n\n      # y\n  - c: 3\n"}, /* what looks like a comment stays: it says nothing */
        {"temporary-access: [{a: 1}]\n", 1, 20, "temporary-access: []\n"},
        {"temporary-access: [\n  {a: 1},\n  {b: {c: \"}\"}},\n  {d: 4}\n]\n", 3, 3,
         "temporary-access: [\n  {a: 1},\n  {d: 4}\n]\n"},
        {"temporary-access: [\n  {a: 1},\n  {d: 4}\n]\n", 3, 3, "temporary-access: [\n  {a: 1}\n]\n"},
        {"temporary-access:\n  - a: 1\n", 3, 5, NULL},
        {"temporary-access: [\n", 1, 1, NULL},
        {"other:\n  - a: 1\n", 2, 5, NULL},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct arena *arena = arena_new();
        struct source_file file = {.path = "temporary-access/a.yaml",
                                   .text = cases[i].before,
                                   .size = strlen(cases[i].before)};
        const struct span span = {&file, cases[i].line, cases[i].column, 1};
        const char *text = NULL;
        struct err err = {0};
        int rc = config_remove_entry(arena, span, &text, &err);
        CHECK((rc == 0) == (cases[i].after != NULL), "case %zu: %s", i, rc == 0 ? text : err.message);
        CHECK(rc < 0 || str_eq(text, cases[i].after), "case %zu:\n%s", i, text);
        arena_free(arena);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_styles),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: Apache-2.0 */
#include "base/str.h"
#include "config/shown.h"
#include "unit.h"

#define FORTY "aaaaaaaaaabbbbbbbbbbccccccccccdddddddddd"

static void test_shown(void **state)
{
    (void)state;
    static const struct {
        const char *text, *expected;
    } cases[] = {
        {"", ""},
        {"dev.read-only", "dev.read-only"},
        {"caf\xc3\xa9 \xf0\x9f\x98\x80", "caf\xc3\xa9 \xf0\x9f\x98\x80"},
        {"two\nlines\tand", "two lines and"},
        {"\x1b[31mred", "\xef\xbf\xbd[31mred"},
        {"a\xe2\x80\xae"
         "b",
         "a\xef\xbf\xbd"
         "b"},
        {"a\xff\xc3", "a\xef\xbf\xbd\xef\xbf\xbd"},
        {FORTY FORTY, FORTY FORTY},
        {FORTY FORTY "e", FORTY FORTY "\xe2\x80\xa6"},
    };
    CLEANUP(arena_freep) struct arena *arena = arena_new();
    for (size_t i = 0; i < COUNT(cases); i++)
        CHECK(str_eq(shown(arena, cases[i].text), cases[i].expected), "'%s'", shown(arena, cases[i].text));
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_shown)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: Apache-2.0 */
#include "base/arena.h"
#include "plan/pairing.h"
#include "unit.h"

#include <string.h>

/* A set of facts from words such as "a", "a@10": a grant, and the start of a window. They stand in order. */
static struct facts facts_of(struct arena *arena, const char *words)
{
    struct facts facts = {0};
    while (*words) {
        size_t size = strcspn(words, " ");
        char *text = arena_strndup(arena, words, size), *start = strchr(text, '@');
        struct fact *fact = VEC_ADD(arena, &facts);
        fact->grant_length = start ? (size_t)(start - text) : size;
        if (start)
            *start = '\n';
        fact->identity = text;
        words += size + (words[size] == ' ');
    }
    return facts;
}

static const char *shown(struct arena *arena, const struct fact *fact)
{
    char *text = arena_strdup(arena, fact ? fact->identity : "-");
    if (strchr(text, '\n'))
        *strchr(text, '\n') = '@';
    return text;
}

static void test_pairs(void **state)
{
    (void)state;
    static const struct {
        const char *before, *after, *pairs;
    } cases[] = {
        {"", "", ""},
        {"a", "", "a/- "},
        {"", "a", "-/a "},
        {"a b", "b c", "a/- b/b -/c "},
        {"ab", "a", "-/a ab/- "},
        /* windows of one grant */
        {"a@1", "a@1", "a@1/a@1 "},
        {"a@1", "a@2", "a@1/a@2 "},
        {"a@2", "a@1", "a@2/a@1 "},
        {"a", "a@1", "a/a@1 "},
        {"a@1", "a", "a@1/a "},
        {"a@1 a@3", "a@1 a@4", "a@1/a@1 a@3/a@4 "},
        {"a@1 a@3", "a@3 a@4", "a@3/a@3 a@1/a@4 "},
        {"a@1 a@3", "a@2", "a@1/- -/a@2 a@3/- "},
        {"a@1", "a@2 a@3", "a@1/- -/a@2 -/a@3 "},
        {"a@1 a@2", "a@3 a@4", "a@1/- a@2/- -/a@3 -/a@4 "},
        {"a@1", "b@1", "a@1/- -/b@1 "},
        {"a@1 b@1", "a@2 b@1", "a@1/a@2 b@1/b@1 "},
        {"a@1 b", "a@2 c", "a@1/a@2 b/- -/c "},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        CLEANUP(arena_freep) struct arena *arena = arena_new();
        const struct facts before = facts_of(arena, cases[i].before), after = facts_of(arena, cases[i].after);
        struct pairing pairing = pairing_new(&before, &after);
        const struct fact *old, *new;
        const char *pairs = "";
        while (pairing_next(&pairing, &old, &new))
            pairs = arena_printf(arena, "%s%s/%s ", pairs, shown(arena, old), shown(arena, new));
        CHECK(strcmp(pairs, cases[i].pairs) == 0, "%s → %s: %s", cases[i].before, cases[i].after, pairs);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_pairs),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

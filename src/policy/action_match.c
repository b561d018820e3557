/* SPDX-License-Identifier: Apache-2.0 */
#include "policy/action_match.h"

#include <string.h>

/* No action is longer (config/grammar.h); a longer pattern is taken for one that meets everything. */
enum { PATTERN_MAX = 512 };

static char lower(char c)
{
    return (char)(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c);
}

/*
 * `reached` holds the places in a pattern up to which what came so far can match. Where a '*' stands, the
 * place behind it is reached too, because it may be nothing.
 */
static void skip_stars(const char *pattern, bool *reached)
{
    for (size_t i = 0; pattern[i]; i++)
        if (reached[i] && pattern[i] == '*')
            reached[i + 1] = true;
}

static bool is_same(char c, char d)
{
    return c == '?' || d == '?' || lower(c) == lower(d);
}

/* One more character, `c`, or any one where it is '?'. */
static void take_character(const char *pattern, size_t length, char c, bool *reached)
{
    bool next[PATTERN_MAX + 1] = {0};
    for (size_t i = 0; i < length; i++) {
        if (reached[i] && pattern[i] == '*')
            next[i] = true;
        else if (reached[i] && is_same(c, pattern[i]))
            next[i + 1] = true;
    }
    memcpy(reached, next, (length + 1) * sizeof *reached);
}

bool action_patterns_meet(const char *a, const char *b)
{
    bool reached[PATTERN_MAX + 1] = {true};
    size_t length = strlen(b);
    if (length > PATTERN_MAX)
        return true;
    skip_stars(b, reached);
    for (; *a; a++) {
        if (*a != '*') {
            take_character(b, length, *a, reached);
            skip_stars(b, reached);
            continue;
        }
        bool any = false; /* it can take whatever the other wants from here on */
        for (size_t i = 0; i <= length; i++)
            reached[i] = any = any || reached[i];
    }
    return reached[length];
}

/* Goes back to the last '*' only, so it is never exponential. A '*' of `inner` is matched by a '*' alone. */
bool action_pattern_covers(const char *outer, const char *inner)
{
    const char *star = NULL, *resume = NULL;
    while (*inner) {
        if (*outer == '*') {
            star = outer++;
            resume = inner;
        } else if (*inner != '*' && *outer && (*outer == '?' || lower(*outer) == lower(*inner))) {
            outer++;
            inner++;
        } else if (star) {
            outer = star + 1;
            inner = ++resume;
        } else {
            return false;
        }
    }
    return outer[strspn(outer, "*")] == 0;
}

static bool any_covers(const struct strings *patterns, const char *inner)
{
    for (size_t i = 0; i < patterns->count; i++)
        if (action_pattern_covers(patterns->items[i], inner))
            return true;
    return false;
}

bool document_allows(const struct document *document, const char *pattern, const char **ret_action)
{
    for (size_t i = 0; i < document->count; i++) {
        const struct statement *statement = &document->items[i];
        if (statement->effect != EFFECT_ALLOW)
            continue;
        for (size_t k = 0; k < statement->actions.count; k++)
            if (action_patterns_meet(statement->actions.items[k], pattern)) {
                *ret_action = statement->actions.items[k];
                return true;
            }
        if (statement->not_actions.count && !any_covers(&statement->not_actions, pattern)) {
            *ret_action = "NotAction";
            return true;
        }
    }
    return false;
}

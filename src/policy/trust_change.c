/* SPDX-License-Identifier: Apache-2.0 */
#include "policy/trust_change.h"

#include "base/str.h"
#include "policy/document.h"

#include <string.h>

static bool is_equals(const struct condition *condition)
{
    return str_casecmp(condition->operator, "StringEquals") == 0;
}

static bool compares_text(const struct condition *condition)
{
    return is_equals(condition) || str_casecmp(condition->operator, "StringLike") == 0;
}

/* Whether one value of a condition takes every text that a value of another does; letters count here. */
static bool value_covers(const struct condition *outer, const char *pattern, const struct condition *inner,
                         const char *value)
{
    const char *wild = strpbrk(pattern, "*?");
    if (is_equals(outer) || !wild)
        return str_eq(pattern, value) && (is_equals(inner) || !strpbrk(value, "*?"));
    return str_eq(pattern, value) ||
           (str_eq(wild, "*") && strncmp(pattern, value, (size_t)(wild - pattern)) == 0);
}

static bool condition_covers(const struct condition *outer, const struct condition *inner)
{
    if (str_casecmp(outer->key, inner->key) != 0)
        return false;
    const bool texts = compares_text(outer) && compares_text(inner);
    if (!texts && (str_casecmp(outer->operator, inner->operator) != 0 || outer->values.count != 1))
        return false;
    for (size_t i = 0; i < inner->values.count; i++) {
        bool found = false;
        for (size_t j = 0; !found && j < outer->values.count; j++)
            found = texts ? value_covers(outer, outer->values.items[j], inner, inner->values.items[i])
                          : str_eq(outer->values.items[j], inner->values.items[i]);
        if (!found)
            return false;
    }
    return true;
}

static bool has_all(const struct strings *all, const struct strings *some)
{
    for (size_t i = 0; i < some->count; i++)
        if (!strings_contain(all, some->items[i]))
            return false;
    return true;
}

/* "AWS:*" is whoever AWS knows; a whole account is not, because its policies have a say. */
static bool has_principal(const struct strings *all, const char *principal)
{
    return strings_contain(all, principal) || (str_prefix(principal, "AWS:") && strings_contain(all, "AWS:*"));
}

/* Whether an Allow lets in all whom another one does: the more conditions it has, the fewer. */
static bool statement_covers(const struct statement *outer, const struct statement *inner)
{
    for (size_t i = 0; i < inner->principals.count; i++)
        if (!has_principal(&outer->principals, inner->principals.items[i]))
            return false;
    if (outer->effect != EFFECT_ALLOW || !has_all(&outer->actions, &inner->actions))
        return false;
    for (size_t i = 0; i < outer->conditions.count; i++) {
        bool met = false;
        for (size_t j = 0; !met && j < inner->conditions.count; j++)
            met = condition_covers(&outer->conditions.items[i], &inner->conditions.items[j]);
        if (!met)
            return false;
    }
    return true;
}

enum { SLICES_MAX = 4096 }; /* somebody else's document may have as many as he likes */

/* How many slices a statement has: each one principal, with one value of each condition on a text. */
static size_t slices_of(const struct statement *statement)
{
    size_t count = statement->principals.count;
    for (size_t i = 0; i < statement->conditions.count; i++)
        if (compares_text(&statement->conditions.items[i]) && statement->conditions.items[i].values.count)
            count = count > SLICES_MAX ? count : count * statement->conditions.items[i].values.count;
    return count;
}

static struct statement slice_of(struct arena *arena, const struct statement *statement, size_t number)
{
    struct statement slice = *statement;
    slice.principals = (struct strings){0};
    slice.conditions.items = NULL;
    slice.conditions.count = slice.conditions.capacity = 0;
    strings_add(arena, &slice.principals, statement->principals.items[number % statement->principals.count]);
    number /= statement->principals.count;
    for (size_t i = 0; i < statement->conditions.count; i++) {
        struct condition condition = statement->conditions.items[i];
        if (compares_text(&condition) && condition.values.count) {
            const struct strings *values = &statement->conditions.items[i].values;
            condition.values = (struct strings){0};
            strings_add(arena, &condition.values, values->items[number % values->count]);
            number /= values->count;
        }
        *VEC_ADD(arena, &slice.conditions) = condition;
    }
    return slice;
}

/* Whether each who comes by that statement is let in by some statement of the document. */
static bool is_let_in(const struct document *document, const struct statement *statement)
{
    CLEANUP(arena_freep) struct arena *scratch = arena_new();
    const size_t count = slices_of(statement);
    if (!count || count > SLICES_MAX || statement->not_actions.count)
        return false;
    for (size_t i = 0; i < count; i++) {
        const struct statement slice = slice_of(scratch, statement, i);
        bool found = false;
        for (size_t j = 0; !found && j < document->count; j++)
            found = statement_covers(&document->items[j], &slice);
        if (!found)
            return false;
    }
    return true;
}

static bool denies(const struct document *document)
{
    for (size_t i = 0; i < document->count; i++)
        if (document->items[i].effect == EFFECT_DENY)
            return true;
    return false;
}

bool trust_admits_more(struct arena *arena, const struct document *before, const struct document *after)
{
    if (document_equal(arena, before, after))
        return false;
    if (denies(before))
        return true;
    for (size_t i = 0; i < after->count; i++)
        if (after->items[i].effect == EFFECT_ALLOW && !is_let_in(before, &after->items[i]))
            return true;
    return false;
}

/* Those of a list with whom alone the statement is let in; `list` points into `statement`. */
static void keep_let_in(struct arena *arena, const struct document *document,
                        const struct statement *statement, struct strings *list)
{
    const struct strings all = *list;
    struct strings kept = {0};
    for (size_t i = 0; i < all.count; i++) {
        *list = (struct strings){0};
        strings_add(arena, list, all.items[i]);
        if (is_let_in(document, statement))
            strings_add(arena, &kept, all.items[i]);
    }
    *list = kept;
}

/* Of each list as much as is let in with all of the others. */
static bool narrow(struct arena *arena, const struct document *document, struct statement *statement)
{
    struct statement copy = *statement;
    copy.conditions.items = NULL;
    copy.conditions.count = copy.conditions.capacity = 0;
    for (size_t i = 0; i < statement->conditions.count; i++)
        *VEC_ADD(arena, &copy.conditions) = statement->conditions.items[i];
    for (size_t i = 0; i < copy.conditions.count && !is_let_in(document, &copy); i++)
        if (compares_text(&copy.conditions.items[i])) {
            const struct strings all = copy.conditions.items[i].values;
            keep_let_in(arena, document, &copy, &copy.conditions.items[i].values);
            if (!copy.conditions.items[i].values.count)
                copy.conditions.items[i].values = all;
        }
    if (!is_let_in(document, &copy))
        keep_let_in(arena, document, &copy, &copy.principals);
    *statement = copy;
    return copy.principals.count && is_let_in(document, &copy);
}

void trust_common(struct arena *arena, const struct document *before, const struct document *after,
                  struct document *ret)
{
    *ret = (struct document){0};
    for (size_t i = 0; !denies(before) && i < after->count; i++) {
        struct statement statement = after->items[i];
        if (statement.effect == EFFECT_ALLOW && narrow(arena, before, &statement))
            *VEC_ADD(arena, ret) = statement;
    }
    if (!ret->count)
        trust_of_nobody(arena, ret);
}

void trust_of_nobody(struct arena *arena, struct document *ret)
{
    *ret = (struct document){0};
    struct statement *statement = VEC_ADD(arena, ret);
    *statement = (struct statement){.effect = EFFECT_DENY};
    strings_add(arena, &statement->actions, "sts:AssumeRole");
    strings_add(arena, &statement->principals, "AWS:*");
}

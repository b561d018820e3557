/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Equality in meaning: every statement becomes one text in which all that does not matter is gone (order,
 * repetition, letter case); two documents are equal when they have the same set of texts.
 *
 * Inside a text each part carries its length in front ("4:abcd"), so that no value can pass for two.
 */
#include "base/buf.h"
#include "base/str.h"
#include "policy/document.h"

#include <assert.h>
#include <string.h>

/* Above whatever a document that was read can come to. */
enum { CANONICAL_MAX = 64 * 1024 * 1024 };

/* A number in decimal digits. */
static void add_size(struct buf *out, size_t size)
{
    char digits[3 * sizeof size], *at = digits + sizeof digits;
    do
        *--at = (char)('0' + size % 10);
    while (size /= 10);
    buf_add(out, at, (size_t)(digits + sizeof digits - at));
}

static void add_part(struct buf *out, const char *text)
{
    size_t size = strlen(text);
    add_size(out, size);
    buf_add_char(out, ':');
    buf_add(out, text, size);
}

/* A list as a set: how many, then each. */
static void add_set(struct arena *arena, struct buf *out, const struct strings *strings, bool ignore_case)
{
    struct strings set = {0};
    for (size_t i = 0; i < strings->count; i++)
        strings_add(arena, &set, ignore_case ? str_lower(arena, strings->items[i]) : strings->items[i]);
    strings_sort_unique(&set);
    add_size(out, set.count);
    buf_add_char(out, ';');
    for (size_t i = 0; i < set.count; i++)
        add_part(out, set.items[i]);
}

static const char *take(struct arena *arena, struct buf *out)
{
    bool whole = buf_finish(out);
    assert(whole);
    const char *text = arena_strndup(arena, out->bytes, out->size);
    buf_free(out);
    return text;
}

static const char *canonical_condition(struct arena *arena, const struct condition *condition)
{
    struct buf out;
    buf_init(&out, CANONICAL_MAX);
    add_part(&out, str_lower(arena, condition->operator));
    add_part(&out, str_lower(arena, condition->key));
    add_set(arena, &out, &condition->values, false);
    return take(arena, &out);
}

static const char *canonical_statement(struct arena *arena, const struct statement *statement)
{
    struct buf out;
    buf_init(&out, CANONICAL_MAX);
    buf_add_text(&out, statement->effect == EFFECT_ALLOW ? "allow;" : "deny;");
    add_set(arena, &out, &statement->actions, true);
    add_set(arena, &out, &statement->not_actions, true);
    add_set(arena, &out, &statement->resources, false);
    add_set(arena, &out, &statement->not_resources, false);
    if (statement->principals.count)
        add_set(arena, &out, &statement->principals, false);
    struct strings conditions = {0};
    for (size_t i = 0; i < statement->conditions.count; i++)
        strings_add(arena, &conditions, canonical_condition(arena, &statement->conditions.items[i]));
    add_set(arena, &out, &conditions, false);
    return take(arena, &out);
}

static struct strings canonical(struct arena *arena, const struct document *document)
{
    struct strings statements = {0};
    for (size_t i = 0; i < document->count; i++)
        strings_add(arena, &statements, canonical_statement(arena, &document->items[i]));
    strings_sort_unique(&statements);
    return statements;
}

const char *document_canonical(struct arena *arena, const struct document *document)
{
    struct strings statements = canonical(arena, document);
    struct buf out;
    buf_init(&out, CANONICAL_MAX);
    add_set(arena, &out, &statements, false);
    return take(arena, &out);
}

bool document_equal(struct arena *arena, const struct document *a, const struct document *b)
{
    struct strings left = canonical(arena, a), right = canonical(arena, b);
    if (left.count != right.count)
        return false;
    for (size_t i = 0; i < left.count; i++)
        if (!str_eq(left.items[i], right.items[i]))
            return false;
    return true;
}

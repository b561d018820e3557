/* SPDX-License-Identifier: Apache-2.0 */
#include "policy/lease.h"

#include "base/str.h"
#include "base/time.h"

#include <assert.h>
#include <string.h>

static bool is_end(const struct condition *condition)
{
    return str_casecmp(condition->operator, "DateLessThan") == 0 &&
           str_casecmp(condition->key, "aws:CurrentTime") == 0;
}

/*
 * 9 to 12 digits: seconds since 1970. A shorter number may be meant as a year or as a date without dashes, a
 * longer one as milliseconds; whoever takes it wrongly lets a lease end at the wrong time.
 */
static bool parse_epoch(const char *text, int64_t *ret_s)
{
    size_t digits = strspn(text, "0123456789");
    if (digits < 9 || digits > 12 || text[digits])
        return false;
    int64_t value = 0;
    for (; *text; text++)
        value = value * 10 + (*text - '0');
    *ret_s = value;
    return true;
}

/* A date condition's value; a date without a time is its first second, as in AWS. */
static bool parse_instant(const char *text, int64_t *ret_s)
{
    return time_parse_rfc3339(text, ret_s) || time_parse_date(text, ret_s) || parse_epoch(text, ret_s);
}

/* Values are alternatives, so the latest counts. False when there is none or one cannot be read. */
static bool latest_value(const struct strings *values, int64_t *ret_s)
{
    int64_t latest = INT64_MIN, value;
    for (size_t i = 0; i < values->count; i++) {
        if (!parse_instant(values->items[i], &value))
            return false;
        latest = value > latest ? value : latest;
    }
    *ret_s = latest;
    return values->count > 0;
}

/* Lowers *end_s to what the statement's own conditions say, which must all hold. False when one cannot be read. */
static bool minimum_end(const struct statement *statement, int64_t *end_s)
{
    for (size_t i = 0; i < statement->conditions.count; i++) {
        int64_t value;
        if (!is_end(&statement->conditions.items[i]))
            continue;
        if (!latest_value(&statement->conditions.items[i].values, &value))
            return false;
        *end_s = value < *end_s ? value : *end_s;
    }
    return true;
}

/* The same list, but whoever adds to it gets an array of his own. */
static void unshare(struct strings *strings)
{
    strings->capacity = strings->count;
}

static void add_condition(struct arena *arena, struct statement *statement, const struct condition *condition)
{
    struct condition *copy = VEC_ADD(arena, &statement->conditions);
    *copy = *condition;
    unshare(&copy->values);
}

static bool lease_statement(struct arena *arena, const struct statement *source, int64_t ends_at_s,
                            struct statement *ret)
{
    if (!minimum_end(source, &ends_at_s))
        return false;
    *ret = *source;
    unshare(&ret->actions);
    unshare(&ret->not_actions);
    unshare(&ret->resources);
    unshare(&ret->not_resources);
    ret->conditions.items = NULL;
    ret->conditions.count = ret->conditions.capacity = 0;
    for (size_t i = 0; i < source->conditions.count; i++)
        if (!is_end(&source->conditions.items[i]))
            add_condition(arena, ret, &source->conditions.items[i]);

    char text[TIME_TEXT_SIZE];
    struct condition end = {"DateLessThan", "aws:CurrentTime", {0}};
    strings_add(arena, &end.values, arena_strdup(arena, time_format(ends_at_s, text)));
    add_condition(arena, ret, &end);
    return true;
}

bool lease_document(struct arena *arena, const struct document *source, int64_t ends_at_s,
                    const char *sid_prefix, struct document *ret)
{
    struct document lease = {0};
    assert(str_only(sid_prefix, ""));
    for (size_t i = 0; i < source->count; i++) {
        struct statement *statement = VEC_ADD(arena, &lease);
        if (!lease_statement(arena, &source->items[i], ends_at_s, statement))
            return false;
        statement->sid = arena_printf(arena, "%s%zu", sid_prefix, i + 1);
    }
    *ret = lease;
    return true;
}

static bool has_allow(const struct document *document)
{
    for (size_t i = 0; i < document->count; i++)
        if (document->items[i].effect == EFFECT_ALLOW)
            return true;
    return false;
}

bool lease_ends_at(const struct document *document, int64_t *ret_ends_at_s)
{
    int64_t latest = 0;
    bool denies_only = !has_allow(document);
    for (size_t i = 0; i < document->count; i++) {
        const struct statement *statement = &document->items[i];
        int64_t end = INT64_MAX;
        if (statement->effect != EFFECT_ALLOW && !denies_only)
            continue;
        if (!minimum_end(statement, &end) || end == INT64_MAX)
            return false;
        latest = end > latest ? end : latest;
    }
    *ret_ends_at_s = latest;
    return true;
}

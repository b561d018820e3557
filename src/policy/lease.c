/* SPDX-License-Identifier: Apache-2.0 */
#include "policy/lease.h"

#include "base/str.h"
#include "base/time.h"

#include <assert.h>
#include <string.h>

struct lease_terms lease_terms_of(const struct fact *fact)
{
    return (struct lease_terms){fact->starts_at_s, fact->ends_at_s, fact->require_mfa};
}

static const char end_operator[] = "DateLessThan", start_operator[] = "DateGreaterThanEquals",
                  mfa_operator[] = "Bool";
static const char time_key[] = "aws:CurrentTime", mfa_key[] = "aws:MultiFactorAuthPresent";

static bool is_of(const struct condition *condition, const char *operator, const char * key)
{
    return str_casecmp(condition->operator, operator) == 0 && str_casecmp(condition->key, key) == 0;
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

/* Values are alternatives. False when there is none or one cannot be read. */
static bool bounds(const struct strings *values, int64_t *ret_earliest_s, int64_t *ret_latest_s)
{
    int64_t earliest = INT64_MAX, latest = INT64_MIN, value;
    for (size_t i = 0; i < values->count; i++) {
        if (!parse_instant(values->items[i], &value))
            return false;
        latest = value > latest ? value : latest;
        earliest = value < earliest ? value : earliest;
    }
    *ret_earliest_s = earliest;
    *ret_latest_s = latest;
    return values->count > 0;
}

/* Lowers *end_s to what the statement's own conditions say, which must all hold. False when one cannot be read. */
static bool minimum_end(const struct statement *statement, int64_t *end_s)
{
    for (size_t i = 0; i < statement->conditions.count; i++) {
        int64_t earliest, latest;
        if (!is_of(&statement->conditions.items[i], end_operator, time_key))
            continue;
        if (!bounds(&statement->conditions.items[i].values, &earliest, &latest))
            return false;
        *end_s = latest < *end_s ? latest : *end_s;
    }
    return true;
}

/* Raises *start_s likewise. */
static bool maximum_start(const struct statement *statement, int64_t *start_s)
{
    for (size_t i = 0; i < statement->conditions.count; i++) {
        int64_t earliest, latest;
        if (!is_of(&statement->conditions.items[i], start_operator, time_key))
            continue;
        if (!bounds(&statement->conditions.items[i].values, &earliest, &latest))
            return false;
        *start_s = earliest > *start_s ? earliest : *start_s;
    }
    return true;
}

/* Whether each of the statement's own conditions on MFA holds with it: a list may name both, and then ours is
 * the stricter one. */
static bool allows_with_mfa(const struct statement *statement)
{
    for (size_t i = 0; i < statement->conditions.count; i++) {
        const struct condition *condition = &statement->conditions.items[i];
        bool holds = !is_of(condition, mfa_operator, mfa_key);
        for (size_t j = 0; j < condition->values.count; j++)
            holds |= str_casecmp(condition->values.items[j], "true") == 0;
        if (!holds)
            return false;
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

static void add_value(struct arena *arena, struct statement *statement, const char *operator,
                      const char * key, const char *value)
{
    struct condition condition = {operator, key, {0}};
    strings_add(arena, &condition.values, value);
    add_condition(arena, statement, &condition);
}

static void add_instant(struct arena *arena, struct statement *statement, const char *operator, int64_t at_s)
{
    char text[TIME_TEXT_SIZE];
    add_value(arena, statement, operator, time_key, arena_strdup(arena, time_format(at_s, text)));
}

static bool is_replaced(const struct condition *condition, const struct lease_terms *terms)
{
    return is_of(condition, end_operator, time_key) ||
           (terms->starts_at_s && is_of(condition, start_operator, time_key)) ||
           (terms->require_mfa && is_of(condition, mfa_operator, mfa_key));
}

/* `terms` are those of this statement: its own conditions are in them already. */
static void write_terms(struct arena *arena, const struct statement *source, const struct lease_terms *terms,
                        struct statement *ret)
{
    *ret = *source;
    unshare(&ret->actions);
    unshare(&ret->not_actions);
    unshare(&ret->resources);
    unshare(&ret->not_resources);
    ret->conditions.items = NULL;
    ret->conditions.count = ret->conditions.capacity = 0;
    for (size_t i = 0; i < source->conditions.count; i++)
        if (!is_replaced(&source->conditions.items[i], terms))
            add_condition(arena, ret, &source->conditions.items[i]);
    if (terms->starts_at_s)
        add_instant(arena, ret, start_operator, terms->starts_at_s);
    add_instant(arena, ret, end_operator, terms->ends_at_s);
    if (terms->require_mfa)
        add_value(arena, ret, mfa_operator, mfa_key, "true");
}

static bool lease_statement(struct arena *arena, const struct statement *source, struct lease_terms terms,
                            struct statement *ret)
{
    terms.require_mfa &= source->effect == EFFECT_ALLOW; /* a Deny with MFA only would deny less */
    if (!minimum_end(source, &terms.ends_at_s) ||
        (terms.starts_at_s && !maximum_start(source, &terms.starts_at_s)) ||
        (terms.require_mfa && !allows_with_mfa(source)))
        return false;
    write_terms(arena, source, &terms, ret);
    return true;
}

bool lease_document(struct arena *arena, const struct document *source, const struct lease_terms *terms,
                    const char *sid_prefix, struct document *ret)
{
    struct document lease = {0};
    assert(str_only(sid_prefix, ""));
    for (size_t i = 0; i < source->count; i++) {
        struct statement *statement = VEC_ADD(arena, &lease);
        if (!lease_statement(arena, &source->items[i], *terms, statement))
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

static bool requires_mfa(const struct statement *statement)
{
    for (size_t i = 0; i < statement->conditions.count; i++) {
        const struct condition *condition = &statement->conditions.items[i];
        bool holds = is_of(condition, mfa_operator, mfa_key) && condition->values.count;
        for (size_t j = 0; j < condition->values.count; j++)
            holds &= str_casecmp(condition->values.items[j], "true") == 0;
        if (holds)
            return true;
    }
    return false;
}

bool lease_requires_mfa(const struct document *document)
{
    for (size_t i = 0; i < document->count; i++)
        if (document->items[i].effect == EFFECT_ALLOW && !requires_mfa(&document->items[i]))
            return false;
    return has_allow(document);
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

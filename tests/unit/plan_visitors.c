/* SPDX-License-Identifier: Apache-2.0 */
#include "plan_visitors.h"

#include "base/str.h"
#include "base/time.h"
#include "policy/pattern.h"
#include "unit.h"

#include <string.h>

bool plan_is_in_force(const struct statement *statement, int64_t at_s)
{
    for (size_t i = 0; i < statement->conditions.count; i++) {
        const struct condition *condition = &statement->conditions.items[i];
        int64_t limit_s;
        if (str_casecmp(condition->key, "aws:CurrentTime") != 0 ||
            !time_parse_rfc3339(condition->values.items[0], &limit_s))
            continue;
        if ((str_eq(condition->operator, "DateLessThan") && at_s >= limit_s) ||
            (str_eq(condition->operator, "DateGreaterThanEquals") && at_s < limit_s))
            return false;
    }
    return true;
}

static bool is_of_text(const struct condition *condition)
{
    return str_prefix(condition->operator, "String");
}

static bool is_known(const struct visitors *visitors, const struct visitor *visitor)
{
    for (size_t i = 0; i < visitors->count; i++) {
        const struct visitor *other = &visitors->items[i];
        bool same = str_eq(other->principal, visitor->principal) && other->keys.count == visitor->keys.count;
        for (size_t j = 0; same && j < visitor->keys.count; j++)
            same = str_eq(other->keys.items[j], visitor->keys.items[j]) &&
                   str_eq(other->values.items[j], visitor->values.items[j]);
        if (same)
            return true;
    }
    return false;
}

/* One visitor for each value of the condition at `next` and of all behind it. */
static void add_visitors(struct arena *arena, const struct statement *statement, size_t next,
                         struct visitor visitor, struct visitors *ret)
{
    while (next < statement->conditions.count && !is_of_text(&statement->conditions.items[next]))
        next++;
    if (next == statement->conditions.count) {
        if (!is_known(ret, &visitor))
            *VEC_ADD(arena, ret) = visitor;
        return;
    }
    const struct condition *condition = &statement->conditions.items[next];
    for (size_t i = 0; i < condition->values.count; i++) {
        struct visitor more = {.principal = visitor.principal};
        for (size_t j = 0; j < visitor.keys.count; j++) {
            strings_add(arena, &more.keys, visitor.keys.items[j]);
            strings_add(arena, &more.values, visitor.values.items[j]);
        }
        char *value = arena_strdup(arena, condition->values.items[i]);
        for (char *wild = value; (wild = strchr(wild, '*'));)
            *wild = '-';
        strings_add(arena, &more.keys, condition->key);
        strings_add(arena, &more.values, value);
        add_visitors(arena, statement, next + 1, more, ret);
    }
}

void plan_visitors_of(struct arena *arena, const struct document *trust, struct visitors *ret)
{
    for (size_t i = 0; i < trust->count; i++)
        for (size_t j = 0; trust->items[i].effect == EFFECT_ALLOW && j < trust->items[i].principals.count; j++)
            add_visitors(arena, &trust->items[i], 0,
                         (struct visitor){.principal = trust->items[i].principals.items[j]}, ret);
}

static bool says(const struct visitor *visitor, const struct condition *condition)
{
    for (size_t i = 0; i < visitor->keys.count; i++)
        for (size_t j = 0; str_eq(visitor->keys.items[i], condition->key) && j < condition->values.count; j++)
            if (str_eq(condition->operator, "StringLike")
                    ? pattern_matches(condition->values.items[j], visitor->values.items[i])
                    : str_eq(condition->values.items[j], visitor->values.items[i]))
                return true;
    return false;
}

static bool is_meant(const struct statement *statement, const struct visitor *visitor, int64_t at_s)
{
    if (!strings_contain(&statement->principals, visitor->principal) &&
        !strings_contain(&statement->principals, "AWS:*"))
        return false;
    for (size_t i = 0; i < statement->conditions.count; i++)
        if (is_of_text(&statement->conditions.items[i]) && !says(visitor, &statement->conditions.items[i]))
            return false;
    return plan_is_in_force(statement, at_s);
}

bool plan_visitor_gets_in(const struct document *trust, const struct visitor *visitor, int64_t at_s)
{
    bool allowed = false, denied = false;
    for (size_t i = 0; i < trust->count; i++)
        if (is_meant(&trust->items[i], visitor, at_s))
            *(trust->items[i].effect == EFFECT_ALLOW ? &allowed : &denied) = true;
    return allowed && !denied;
}

/* SPDX-License-Identifier: Apache-2.0 */
#include "plan/kept_trust.h"

#include "base/str.h"
#include "policy/document.h"
#include "policy/trust.h"

#include <string.h>

/* Whom it trusted is no more, and who has the name now may be somebody else. */
static bool hold_trust(struct account_work *work, const struct wanted_role *wanted)
{
    const struct fact *fact = wanted->fact;
    if (!work_is_trust_recreated(work, wanted->live, fact))
        return false;
    work_refuse(
        work, fact, "principal-recreated",
        arena_printf(work->arena,
                     "role %s in account %s (%s) trusts somebody who was deleted since this was granted: "
                     "its trust stays as it is",
                     wanted->live->name, fact->account_id, fact->environment),
        "if whoever has that name now is to be trusted, change the entry (its description will do) and "
        "merge that; otherwise take the name out of it");
    return true;
}

static bool has_all(const struct strings *all, const struct strings *some)
{
    for (size_t i = 0; i < some->count; i++)
        if (!strings_contain(all, some->items[i]))
            return false;
    return true;
}

/* Whether what holds under `now` holds under `allowed`: fewer values of an equality, or the same ones. */
static bool condition_is_within(const struct condition *now, const struct condition *allowed)
{
    const bool narrows = str_eq(now->operator, "StringEquals") || str_eq(now->operator, "StringLike");
    return str_eq(now->operator, allowed->operator) && str_casecmp(now->key, allowed->key) == 0 &&
           has_all(&allowed->values, &now->values) && (narrows || has_all(&now->values, &allowed->values));
}

static bool conditions_are_within(const struct statement *now, const struct statement *allowed)
{
    for (size_t i = 0; i < allowed->conditions.count; i++) {
        bool found = false;
        for (size_t j = 0; j < now->conditions.count; j++)
            found |= condition_is_within(&now->conditions.items[j], &allowed->conditions.items[i]);
        if (!found)
            return false;
    }
    return true;
}

static bool lets_in(const struct document *live, const struct statement *like, const char *principal)
{
    for (size_t i = 0; i < live->count; i++) {
        const struct statement *statement = &live->items[i];
        if (statement->effect == EFFECT_ALLOW && has_all(&statement->actions, &like->actions) &&
            strings_contain(&statement->principals, principal) && conditions_are_within(like, statement))
            return true;
    }
    return false;
}

static bool is_within(const struct document *shall, const struct document *live)
{
    for (size_t i = 0; i < live->count; i++)
        if (live->items[i].effect == EFFECT_DENY)
            return false; /* somebody put it there, and it goes */
    for (size_t i = 0; i < shall->count; i++)
        for (size_t j = 0; j < shall->items[i].principals.count; j++)
            if (!lets_in(live, &shall->items[i], shall->items[i].principals.items[j]))
                return false;
    return true;
}

enum trust_step kept_trust_step(struct account_work *work, const struct wanted_role *wanted,
                                const struct document *shall)
{
    struct document live = {0};
    struct err ignored;
    const char *trust = wanted->live->trust;
    const bool is_read =
        trust && document_parse_trust(work->arena, trust, strlen(trust), &live, &ignored) == 0;
    if ((is_read && document_equal(work->arena, &live, shall)) || hold_trust(work, wanted))
        return TRUST_STAYS;
    return is_read && is_within(shall, &live) ? TRUST_LESS : TRUST_MORE;
}

/* SPDX-License-Identifier: Apache-2.0 */
#include "plan/widening.h"

#include "base/str.h"
#include "policy/document.h"
#include "policy/pattern.h"
#include "policy/trust.h"

#include <string.h>

struct widening widening_new(struct arena *arena)
{
    return (struct widening){.arena = arena, .known = map_new(arena)};
}

static bool same_policies(const struct located_list *a, const struct located_list *b)
{
    struct arena *scratch CLEANUP(arena_freep) = arena_new();
    struct strings left = {0}, right = {0};
    for (size_t i = 0; i < a->count; i++)
        strings_add(scratch, &left, a->items[i].text);
    for (size_t i = 0; i < b->count; i++)
        strings_add(scratch, &right, b->items[i].text);
    strings_sort_unique(&left);
    strings_sort_unique(&right);
    if (left.count != right.count)
        return false;
    for (size_t i = 0; i < left.count; i++)
        if (!str_eq(left.items[i], right.items[i]))
            return false;
    return true;
}

/* Statements of one effect, by their meaning. */
static struct map statements_of(struct arena *arena, const struct document *document, enum effect effect)
{
    struct map map = map_new(arena);
    for (size_t i = 0; i < document->count; i++) {
        const struct document one = {.items = &document->items[i], .count = 1, .capacity = 1};
        const char *text = document_canonical(arena, &one);
        if (document->items[i].effect == effect)
            map_put(&map, text, &document->items[i]);
    }
    return map;
}

/* Whether `all` has every statement of that effect that `some` has. */
static bool has_all(const struct document *all, const struct document *some, enum effect effect)
{
    struct arena *scratch CLEANUP(arena_freep) = arena_new();
    const struct map wanted = statements_of(scratch, some, effect),
                     there = statements_of(scratch, all, effect);
    for (size_t i = 0; i < wanted.capacity; i++)
        if (wanted.slots[i].key && !map_get(&there, wanted.slots[i].key))
            return false;
    return true;
}

static bool is_covered(const struct strings *outer, const char *inner)
{
    for (size_t i = 0; i < outer->count; i++)
        if (str_eq(outer->items[i], inner) ||
            (!strstr(outer->items[i], "${") && pattern_covers(outer->items[i], inner)))
            return true;
    return false;
}

static bool same_conditions(struct arena *arena, const struct statement *a, const struct statement *b)
{
    struct statement bare[2] = {{.effect = EFFECT_ALLOW, .conditions = a->conditions},
                                {.effect = EFFECT_ALLOW, .conditions = b->conditions}};
    const struct document left = {.items = &bare[0], .count = 1, .capacity = 1},
                          right = {.items = &bare[1], .count = 1, .capacity = 1};
    return document_equal(arena, &left, &right);
}

/* Whether some Allow of the document lets that action be done on that resource, under these conditions. */
static bool allows(struct arena *arena, const struct document *document, const struct statement *like,
                   const char *action, const char *resource)
{
    for (size_t i = 0; i < document->count; i++) {
        const struct statement *statement = &document->items[i];
        if (statement->effect == EFFECT_ALLOW && is_covered(&statement->actions, action) &&
            is_covered(&statement->resources, resource) && same_conditions(arena, statement, like))
            return true;
    }
    return false;
}

static bool statement_is_within(struct arena *arena, const struct statement *now,
                                const struct document *allowed)
{
    struct statement copy = *now;
    const struct document one = {.items = &copy, .count = 1, .capacity = 1};
    if (has_all(allowed, &one, EFFECT_ALLOW))
        return true;
    if (now->not_actions.count || now->not_resources.count)
        return false;
    for (size_t i = 0; i < now->actions.count; i++)
        for (size_t j = 0; j < now->resources.count; j++)
            if (!allows(arena, allowed, now, now->actions.items[i], now->resources.items[j]))
                return false;
    return true;
}

bool document_is_within(struct arena *arena, const struct document *now, const struct document *allowed)
{
    for (size_t i = 0; i < now->count; i++)
        if (now->items[i].effect == EFFECT_ALLOW && !statement_is_within(arena, &now->items[i], allowed))
            return false;
    return has_all(now, allowed, EFFECT_DENY);
}

/* Of a role, whom it trusts and the rest; of an OIDC provider, whose tokens it takes. */
static bool same_kept(const struct policy_decl *now, const struct policy_decl *allowed)
{
    if (!now->role != !allowed->role || !now->provider != !allowed->provider)
        return false;
    if (now->role)
        return trust_is_within(now->role, allowed->role);
    return !now->provider || provider_is_within(now->provider, allowed->provider);
}

bool policy_is_within(struct widening *widening, const struct policy_decl *now,
                      const struct policy_decl *allowed)
{
    static bool yes = true, no = false;
    char left[STR_POINTER_SIZE], right[STR_POINTER_SIZE];
    if (now == allowed)
        return true;
    const char *key =
        arena_printf(widening->arena, "%s %s", str_of_pointer(now, left), str_of_pointer(allowed, right));
    const bool *known = map_get(&widening->known, key);
    if (!known) {
        bool within = same_policies(&now->managed_policies, &allowed->managed_policies) &&
                      same_kept(now, allowed) && has_all(&allowed->custom, &now->custom, EFFECT_ALLOW) &&
                      has_all(&now->custom, &allowed->custom, EFFECT_DENY);
        known = map_put(&widening->known, key, within ? &yes : &no);
    }
    return *known;
}

/* Another boundary may allow what the one before did not. */
static bool boundary_is_within(const struct fact *now, const struct fact *allowed)
{
    return !allowed->boundary || !*allowed->boundary ||
           (now->boundary && str_eq(now->boundary, allowed->boundary));
}

bool fact_is_within(struct widening *widening, const struct fact *now, const struct fact *allowed)
{
    bool ends = now->kind == ACCESS_LEASE
                    ? allowed->kind == ACCESS_PERMANENT || now->ends_at_s <= allowed->ends_at_s
                    : allowed->kind == ACCESS_PERMANENT;
    return ends && now->starts_at_s >= allowed->starts_at_s && (now->require_mfa || !allowed->require_mfa) &&
           boundary_is_within(now, allowed) && policy_is_within(widening, now->policy, allowed->policy);
}

/* SPDX-License-Identifier: Apache-2.0 */
#include "plan/concerned.h"

#include "base/str.h"

#include <string.h>

/* What the rows of one account have in common with other facts. */
struct account {
    struct map principals[PRINCIPAL_KIND_COUNT]; /* names */
    struct map grants;                           /* team → struct map of grants */
    bool whole;                                  /* every fact of the account is concerned */
};

static char present;

bool concern_names_customer_policy(const struct policy_decl *policy)
{
    for (size_t i = 0; i < policy->managed_policies.count; i++)
        if (!strstr(policy->managed_policies.items[i].text, ":iam::aws:"))
            return true;
    return false;
}

static void note_fact(struct arena *arena, struct account *account, const struct fact *fact)
{
    struct map *grants = map_get(&account->grants, fact->team);
    if (!grants) {
        grants = ARENA_NEW(arena, struct map);
        *grants = map_new(arena);
        map_put(&account->grants, fact->team, grants);
    }
    map_put(grants, fact->grant, &present);
    map_put(&account->principals[fact->principal_kind], fact->principal, &present);
}

static struct account *account_of(struct map *accounts, const char *account_id)
{
    struct account *account = map_get(accounts, account_id);
    if (account)
        return account;
    struct arena *arena = accounts->arena;
    account = ARENA_NEW(arena, struct account);
    for (size_t kind = 0; kind < PRINCIPAL_KIND_COUNT; kind++)
        account->principals[kind] = map_new(arena);
    account->grants = map_new(arena);
    return map_put(accounts, account_id, account);
}

static bool is_concerned(const struct account *account, const struct fact *fact)
{
    if (account->whole || map_get(&account->principals[fact->principal_kind], fact->principal))
        return true;
    const struct map *grants = map_get(&account->grants, fact->team);
    return grants && map_get(grants, fact->grant);
}

struct concern concern_new(struct arena *arena)
{
    return (struct concern){.accounts = map_new(arena)};
}

/* The account of a fact; facts of one account mostly stand together, so few are looked up. */
static struct account *find_account(struct concern *concern, const char *account_id)
{
    if (!concern->last_id || !str_eq(concern->last_id, account_id)) {
        concern->last_id = account_id;
        concern->last = map_get(&concern->accounts, account_id);
    }
    return concern->last;
}

void concern_note(struct concern *concern, const struct fact *fact)
{
    note_fact(concern->accounts.arena, account_of(&concern->accounts, fact->account_id), fact);
    concern->last_id = NULL;
}

void concern_widen(struct concern *concern, const struct fact *fact, bool names_customer_policy)
{
    struct account *account = find_account(concern, fact->account_id);
    if (account && names_customer_policy && is_concerned(account, fact))
        account->whole = true;
}

void concern_widen_by_all(struct concern *concern, const struct facts *facts)
{
    for (size_t i = 0; i < facts->count; i++)
        concern_widen(concern, &facts->items[i], concern_names_customer_policy(facts->items[i].policy));
}

bool concern_has(struct concern *concern, const struct fact *fact)
{
    const struct account *account = find_account(concern, fact->account_id);
    return account && is_concerned(account, fact);
}

static void collect(struct arena *arena, struct concern *concern, const struct facts *facts, struct facts *ret)
{
    size_t count = 0; /* there may be many: no growing step by step */
    for (size_t i = 0; i < facts->count; i++)
        count += concern_has(concern, &facts->items[i]);
    if (count == facts->count) { /* whoever goes from team to team has looked for the concerned ones already */
        *ret = *facts;
        return;
    }
    VEC_RESERVE(arena, ret, count);
    for (size_t i = 0; i < facts->count; i++)
        if (concern_has(concern, &facts->items[i]))
            *VEC_ADD(arena, ret) = facts->items[i];
}

void facts_concerned(struct arena *arena, const struct facts *before, const struct facts *after,
                     const struct delta *delta, struct facts *ret_before, struct facts *ret_after)
{
    CLEANUP(arena_freep) struct arena *scratch = arena_new();
    struct concern concern = concern_new(scratch);
    for (size_t i = 0; i < delta->count; i++) {
        const struct fact *sides[] = {delta->items[i].before, delta->items[i].after};
        for (size_t side = 0; side < 2; side++)
            if (sides[side])
                concern_note(&concern, sides[side]);
    }
    concern_widen_by_all(&concern, before);
    concern_widen_by_all(&concern, after);
    collect(arena, &concern, before, ret_before);
    collect(arena, &concern, after, ret_after);
}

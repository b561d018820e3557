/* SPDX-License-Identifier: Apache-2.0 */
#include "plan/needs.h"

#include "base/str.h"
#include "policy/mark.h"

#include <stdlib.h>
#include <string.h>

static struct account_needs *find_or_add(struct arena *arena, const char *account_id, struct needs *needs)
{
    if (!needs->places.arena)
        needs->places = map_new(arena);
    const size_t *known = map_get(&needs->places, account_id);
    if (known)
        return &needs->items[*known];
    size_t *place = ARENA_NEW(arena, size_t);
    *place = needs->count;
    map_put(&needs->places, account_id, place);
    struct account_needs *account = VEC_ADD(arena, needs);
    account->account_id = account_id;
    return account;
}

void needs_add_account(struct arena *arena, const char *account_id, struct needs *needs)
{
    find_or_add(arena, account_id, needs);
}

void needs_add_accounts(struct arena *arena, const struct config *config, struct needs *needs)
{
    for (size_t i = 0; i < config->count; i++)
        for (size_t j = 0; j < config->items[i].accounts.count; j++)
            find_or_add(arena, config->items[i].accounts.items[j].account_id.text, needs);
}

/* Many facts share one policy: its name is made once. */
static const char *policy_name(struct arena *arena, const struct fact *fact, struct map *names)
{
    char key[STR_POINTER_SIZE];
    const char *name = map_get(names, str_of_pointer(fact->policy, key));
    if (name)
        return name;
    char *made = arena_strdup(arena, mark_policy_name(arena, fact->team, fact->grant));
    map_put(names, arena_strdup(arena, key), made);
    return made;
}

/* What a lease copies, or lends by a role: there, what denies must come first and go last. */
static void add_sources(struct arena *arena, const struct fact *fact, struct account_needs *account)
{
    for (size_t i = 0; i < fact->policy->managed_policies.count; i++)
        strings_add(arena, &account->sources, fact->policy->managed_policies.items[i].text);
}

/* A lease is at most as many objects as it has managed policies, and one of its own statements. */
static void add_copies(struct arena *arena, const struct fact *fact, struct account_needs *account)
{
    const size_t count = fact->policy->managed_policies.count;
    for (size_t i = 0; i < count + (fact->policy->custom.count != 0); i++)
        strings_add(arena, &account->policies, mark_copy_name(arena, fact, i + 1));
}

void needs_add_facts(struct arena *arena, const struct settings *settings, const struct facts *facts,
                     struct needs *needs)
{
    struct account_needs *account = NULL;
    struct map names = map_new(arena);
    for (size_t i = 0; i < facts->count; i++) { /* most stand beside others of their account and principal */
        const struct fact *fact = &facts->items[i];
        if (!account || !str_eq(account->account_id, fact->account_id))
            account = find_or_add(arena, fact->account_id, needs);
        if (fact_is_provider(fact)) {
            account->providers = true;
            continue;
        }
        if (fact_is_role(fact)) {
            strings_add(arena, &account->roles, fact->principal);
            account->roles_path = settings->policy_path;
        }
        struct strings *principals = &account->principals[fact->principal_kind];
        if (!principals->count || !str_eq(principals->items[principals->count - 1], fact->principal))
            strings_add(arena, principals, fact->principal);
        if (fact->mode == MODE_POLICY)
            add_copies(arena, fact, account);
        if (fact->mode == MODE_POLICY || fact->mode == MODE_ROLE)
            add_sources(arena, fact, account);
        if (fact->mode == MODE_ROLE || (fact->mode == MODE_POLICY && !fact->mode_is_fixed))
            strings_add(arena, &account->principals[PRINCIPAL_ROLE],
                        mark_role_name(arena, settings->policy_path, fact));
        if (fact->policy->custom.count)
            strings_add(arena, &account->policies, policy_name(arena, fact, &names));
    }
}

static int compare_accounts(const void *left, const void *right)
{
    const struct account_needs *a = left, *b = right;
    return strcmp(a->account_id, b->account_id);
}

void needs_finish(struct needs *needs)
{
    for (size_t i = 0; i < needs->count; i++) {
        for (enum principal_kind kind = 0; kind < PRINCIPAL_KIND_COUNT; kind++)
            strings_sort_unique(&needs->items[i].principals[kind]);
        strings_sort_unique(&needs->items[i].policies);
        strings_sort_unique(&needs->items[i].sources);
        strings_sort_unique(&needs->items[i].roles);
    }
    if (needs->count)
        qsort(needs->items, needs->count, sizeof *needs->items, compare_accounts);
}

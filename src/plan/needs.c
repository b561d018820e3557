/* SPDX-License-Identifier: Apache-2.0 */
#include "plan/needs.h"

#include "base/str.h"
#include "policy/mark.h"

#include <stdlib.h>
#include <string.h>

static struct account_needs *find_or_add(struct arena *arena, const char *account_id, struct needs *needs)
{
    for (size_t i = 0; i < needs->count; i++)
        if (str_eq(needs->items[i].account_id, account_id))
            return &needs->items[i];
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

void needs_add_facts(struct arena *arena, const struct facts *facts, struct needs *needs)
{
    struct account_needs *account = NULL;
    for (size_t i = 0; i < facts->count; i++) { /* sorted by account first */
        const struct fact *fact = &facts->items[i];
        if (!account || !str_eq(account->account_id, fact->account_id))
            account = find_or_add(arena, fact->account_id, needs);
        strings_add(arena, fact->principal_kind == PRINCIPAL_USER ? &account->users : &account->roles,
                    fact->principal);
        if (fact->policy->custom.count)
            strings_add(arena, &account->policies, mark_policy_name(arena, fact->team, fact->grant));
    }
}

static void sort_unique(struct strings *strings)
{
    strings_sort(strings);
    size_t kept = 0;
    for (size_t i = 0; i < strings->count; i++)
        if (!kept || !str_eq(strings->items[kept - 1], strings->items[i]))
            strings->items[kept++] = strings->items[i];
    strings->count = kept;
}

static int compare_accounts(const void *left, const void *right)
{
    const struct account_needs *a = left, *b = right;
    return strcmp(a->account_id, b->account_id);
}

void needs_finish(struct needs *needs)
{
    for (size_t i = 0; i < needs->count; i++) {
        sort_unique(&needs->items[i].users);
        sort_unique(&needs->items[i].roles);
        sort_unique(&needs->items[i].policies);
    }
    if (needs->count)
        qsort(needs->items, needs->count, sizeof *needs->items, compare_accounts);
}

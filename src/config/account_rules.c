/* SPDX-License-Identifier: Apache-2.0 */
/* Rules for environments, bound to account ids. */
#include "base/map.h"
#include "base/str.h"
#include "config/config.h"

#include <stdlib.h>
#include <string.h>

struct binding {
    struct arena *arena;
    struct map environments; /* name → struct environment_rules */
    struct map accounts;     /* id → struct account_rules */
    struct all_account_rules *ret;
};

static void tighten(struct account_rules *account, const struct environment_rules *environment)
{
    if (environment->max_days != DAYS_UNSET &&
        (account->max_days == DAYS_UNSET || environment->max_days < account->max_days)) {
        account->max_days = environment->max_days;
        account->max_days_environment = environment->name.text;
    }
    account->require_reason |= environment->require_reason;
    account->require_mfa |= environment->require_mfa;
    if (environment->approvals > account->approvals)
        account->approvals = environment->approvals;
}

static void bind(struct binding *binding, const struct config *config)
{
    for (size_t t = 0; config && t < config->count; t++)
        for (size_t i = 0; i < config->items[t].accounts.count; i++) {
            const struct account_decl *decl = &config->items[t].accounts.items[i];
            const struct environment_rules *environment =
                map_get(&binding->environments, decl->environment.text);
            if (!environment || !*decl->account_id.text)
                continue;
            struct account_rules *account = map_get(&binding->accounts, decl->account_id.text);
            if (!account) {
                account = ARENA_NEW(binding->arena, struct account_rules);
                *account = (struct account_rules){.account_id = decl->account_id.text, .max_days = DAYS_UNSET};
                map_put(&binding->accounts, decl->account_id.text, account);
            }
            tighten(account, environment);
        }
}

static int compare_accounts(const void *left, const void *right)
{
    const struct account_rules *a = left, *b = right;
    return strcmp(a->account_id, b->account_id);
}

void config_account_rules(struct arena *arena, const struct rules *rules, const struct config *base,
                          const struct config *head, struct all_account_rules *ret)
{
    CLEANUP(arena_freep) struct arena *scratch = arena_new();
    struct binding binding = {.arena = scratch,
                              .environments = map_new(scratch),
                              .accounts = map_new(scratch),
                              .ret = ret};
    *ret = (struct all_account_rules){0};
    for (size_t i = 0; i < rules->environments.count; i++)
        map_put(&binding.environments, rules->environments.items[i].name.text, &rules->environments.items[i]);
    bind(&binding, base);
    bind(&binding, head);
    for (size_t i = 0; i < binding.accounts.capacity; i++)
        if (binding.accounts.slots[i].key)
            *VEC_ADD(arena, ret) = *(const struct account_rules *)binding.accounts.slots[i].value;
    if (ret->count)
        qsort(ret->items, ret->count, sizeof *ret->items, compare_accounts);
}

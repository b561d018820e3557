/* SPDX-License-Identifier: Apache-2.0 */
#include "flow/escaped_rules.h"

#include "base/str.h"
#include "config/config.h"

/*
 * The accounts of `had` that have less strict rules under the names that `after` gives them: by the rules
 * before it (`by_its_names`), and by those that it brings.
 */
static void find_escaping(struct arena *arena, const struct all_account_rules *had,
                          const struct all_account_rules *by_its_names, const struct config *after,
                          struct all_account_rules *ret)
{
    struct all_account_rules by_its_rules = {0};
    if (!had->count)
        return;
    config_account_rules(arena, &after->settings.rules, NULL, after, &by_its_rules);
    for (size_t i = 0; i < had->count; i++) {
        const struct account_rules *account = &had->items[i];
        if (!account_rules_are_kept(account, account_rules_find(by_its_names, account->account_id)) &&
            !account_rules_are_kept(account, account_rules_find(&by_its_rules, account->account_id)))
            *VEC_ADD(arena, ret) = *account;
    }
}

void escapes_foresee(struct arena *arena, const struct all_account_rules *had,
                     const struct all_account_rules *by_its_names, const struct config *after,
                     struct all_account_rules *ret)
{
    struct all_account_rules escaping = {0};
    find_escaping(arena, had, by_its_names, after, &escaping);
    for (size_t i = 0; i < escaping.count; i++)
        if (config_names_account(after, escaping.items[i].account_id))
            *VEC_ADD(arena, ret) = escaping.items[i];
}

void escapes_find(struct arena *arena, struct judged_merge *judged, struct escapes *ret)
{
    const struct merge *merge = judged->merge;
    const struct config *after = merge->after->source.config;
    struct all_account_rules by_its_names = {0}, escaping = {0}, escaped = {0};
    if (judged->accepted || merge->judges_itself || !merge->accounts.count)
        return;
    config_account_rules(arena, &merge->rules, NULL, after, &by_its_names);
    find_escaping(arena, &merge->accounts, &by_its_names, after, &escaping);
    for (size_t i = 0; i < escaping.count; i++) {
        const struct account_rules *rules = &escaping.items[i];
        const char *why = NULL;
        if (rules->approvals > 0 && !(why = merge_lacks_approvals(judged, rules->account_id)))
            continue;
        *VEC_ADD(arena, ret) = (struct escape){.rules = *rules, .by = merge, .why = why};
        *VEC_ADD(arena, &escaped) = *rules;
    }
    account_rules_join(arena, &ret->rules, &escaped);
}

void escapes_report(struct arena *arena, const struct escapes *escapes, const struct source *head,
                    struct problems *problems)
{
    struct all_account_rules now = {0};
    if (escapes->count)
        config_account_rules(arena, &head->config->settings.rules, NULL, head->config, &now);
    for (size_t i = 0; i < escapes->count; i++) {
        const struct escape *escape = &escapes->items[i];
        const char *account_id = escape->rules.account_id;
        if (!config_names_account(head->config, account_id) ||
            account_rules_are_kept(&escape->rules, account_rules_find(&now, account_id)))
            continue;
        problem_add(arena, problems, "held-account", account_id, NULL,
                    "%s: account %s has other names, and not the rules that it had (%s)%s%s; they bind it "
                    "all the same",
                    merge_name(arena, escape->by), account_id, account_rules_text(arena, &escape->rules),
                    escape->why ? ": " : "", escape->why ? escape->why : "")
            ->hint = arena_printf(arena,
                                  "give its new name these rules in iamlease.yaml, or its old name back, or "
                                  "let the change through: iamlease apply --accept %s",
                                  escape->by->digest);
    }
}

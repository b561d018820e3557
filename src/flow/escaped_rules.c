/* SPDX-License-Identifier: Apache-2.0 */
#include "flow/escaped_rules.h"

#include "base/str.h"
#include "config/config.h"

static bool names_account(const struct config *config, const char *account_id)
{
    for (size_t t = 0; t < config->count; t++)
        for (size_t i = 0; i < config->items[t].accounts.count; i++)
            if (str_eq(config->items[t].accounts.items[i].account_id.text, account_id))
                return true;
    return false;
}

void escapes_find(struct arena *arena, struct judged_merge *judged, struct escapes *ret)
{
    const struct merge *merge = judged->merge;
    const struct config *after = merge->after->source.config;
    struct all_account_rules by_its_names = {0}, by_its_rules = {0}, escaped = {0};
    if (judged->accepted || merge->judges_itself || !merge->accounts.count)
        return;
    config_account_rules(arena, &merge->rules, NULL, after, &by_its_names);
    config_account_rules(arena, &after->settings.rules, NULL, after, &by_its_rules);
    for (size_t i = 0; i < merge->accounts.count; i++) {
        const struct account_rules *rules = &merge->accounts.items[i];
        const char *why = NULL;
        if (account_rules_are_kept(rules, account_rules_find(&by_its_names, rules->account_id)) ||
            account_rules_are_kept(rules, account_rules_find(&by_its_rules, rules->account_id)) ||
            (rules->approvals > 0 && !(why = merge_lacks_approvals(judged, rules->account_id))))
            continue;
        *VEC_ADD(arena, ret) = (struct escape){.rules = *rules, .by = merge, .why = why};
        *VEC_ADD(arena, &escaped) = *rules;
    }
    account_rules_join(arena, &ret->rules, &escaped);
}

/* "at most 2 days, a reason, MFA, 1 approval" */
static const char *describe(struct arena *arena, const struct account_rules *rules)
{
    const char *days = rules->max_days == DAYS_UNSET
                           ? ""
                           : arena_printf(arena, ", at most %lld days", (long long)rules->max_days);
    const char *approvals = rules->approvals < 1
                                ? ""
                                : arena_printf(arena, ", %lld approval%s", (long long)rules->approvals,
                                               rules->approvals == 1 ? "" : "s");
    return arena_printf(arena, "%s%s%s%s", days, rules->require_reason ? ", a reason" : "",
                        rules->require_mfa ? ", MFA" : "", approvals) +
           2;
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
        if (!names_account(head->config, account_id) ||
            account_rules_are_kept(&escape->rules, account_rules_find(&now, account_id)))
            continue;
        problem_add(arena, problems, "held-account", account_id, NULL,
                    "%s: account %s has other names, and not the rules that it had (%s)%s%s; they bind it "
                    "all the same",
                    merge_name(arena, escape->by), account_id, describe(arena, &escape->rules),
                    escape->why ? ": " : "", escape->why ? escape->why : "")
            ->hint = arena_printf(arena,
                                  "give its new name these rules in iamlease.yaml, or its old name back, or "
                                  "let the change through: iamlease apply --accept %s",
                                  escape->by->digest);
    }
}

/* SPDX-License-Identifier: Apache-2.0 */
#include "model/rules.h"

#include "base/str.h"

#include <string.h>

const struct account_rules *account_rules_find(const struct all_account_rules *all, const char *account_id)
{
    size_t low = 0, high = all->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        int order = strcmp(all->items[middle].account_id, account_id);
        if (order == 0)
            return &all->items[middle];
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return NULL;
}

static void tighten(struct account_rules *rules, const struct account_rules *more)
{
    if (more->max_days != DAYS_UNSET && (rules->max_days == DAYS_UNSET || more->max_days < rules->max_days)) {
        rules->max_days = more->max_days;
        rules->max_days_environment = more->max_days_environment;
    }
    rules->require_reason |= more->require_reason;
    rules->require_mfa |= more->require_mfa;
    if (more->approvals > rules->approvals)
        rules->approvals = more->approvals;
}

void account_rules_join(struct arena *arena, struct all_account_rules *all,
                        const struct all_account_rules *more)
{
    struct all_account_rules joined = {0};
    for (size_t i = 0, j = 0; i < all->count || j < more->count;) {
        int order = i == all->count    ? 1
                    : j == more->count ? -1
                                       : strcmp(all->items[i].account_id, more->items[j].account_id);
        struct account_rules *rules = VEC_ADD(arena, &joined);
        *rules = order <= 0 ? all->items[i] : more->items[j];
        if (order == 0)
            tighten(rules, &more->items[j]);
        i += order <= 0;
        j += order >= 0;
    }
    *all = joined;
}

bool account_rules_are_kept(const struct account_rules *had, const struct account_rules *now)
{
    struct account_rules joined =
        now ? *now : (struct account_rules){.account_id = had->account_id, .max_days = DAYS_UNSET};
    const struct account_rules alone = joined;
    tighten(&joined, had);
    return joined.max_days == alone.max_days && joined.require_reason == alone.require_reason &&
           joined.require_mfa == alone.require_mfa && joined.approvals == alone.approvals;
}

const char *account_rules_text(struct arena *arena, const struct account_rules *rules)
{
    const char *days = rules->max_days == DAYS_UNSET
                           ? ""
                           : arena_printf(arena, ", at most %lld day%s", (long long)rules->max_days,
                                          rules->max_days == 1 ? "" : "s");
    const char *approvals = rules->approvals < 1
                                ? ""
                                : arena_printf(arena, ", %lld approval%s", (long long)rules->approvals,
                                               rules->approvals == 1 ? "" : "s");
    const char *text = arena_printf(arena, "%s%s%s%s", days, rules->require_reason ? ", a reason" : "",
                                    rules->require_mfa ? ", MFA" : "", approvals);
    return *text ? text + 2 : "none";
}

static int64_t smaller(int64_t days, int64_t other)
{
    return other != DAYS_UNSET && other < days ? other : days;
}

int64_t rules_max_days(const struct rules *rules, const struct account_rules *account, const char *grant)
{
    int64_t days = rules->max_days;
    if (account)
        days = smaller(days, account->max_days);
    for (size_t i = 0; i < rules->grants.count; i++)
        if (str_eq(rules->grants.items[i].name.text, grant))
            days = smaller(days, rules->grants.items[i].max_days);
    return days;
}

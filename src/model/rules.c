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

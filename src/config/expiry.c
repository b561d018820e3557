/* SPDX-License-Identifier: Apache-2.0 */
#include "base/time.h"
#include "config/config.h"
#include "config/ids.h"

enum { DATE_LENGTH = 10 }; /* of "2026-11-30", with which an instant begins */

/* Whoever raises the limit in the same change must learn why that does not help. */
static void hint_limit(const struct config *config, const char *latest, int64_t max_days, struct diag *diag,
                       struct diags *diags)
{
    if (config->settings.rules.max_days == max_days)
        diag_hint(diags, diag, "the latest date allowed is %.*s", DATE_LENGTH, latest);
    else
        diag_hint(
            diags, diag,
            "the latest date allowed is %.*s: limits.max_days was %lld before this change, and that counts",
            DATE_LENGTH, latest, (long long)max_days);
}

static void check_entry(const struct config *config, const struct access_entry *entry, int64_t latest_end_s,
                        int64_t max_days, int64_t now_s, struct diags *diags)
{
    char end[TIME_TEXT_SIZE], latest[TIME_TEXT_SIZE];
    time_format(entry->ends_at_s, end);
    if (entry->ends_at_s <= now_s) {
        struct diag *diag =
            diag_warning(diags, entry->ends_at_span, ID_LEASE_ENDED, "this lease ended at %s", end);
        diag_hint(diags, diag, "it grants nothing any more; remove the entry");
    } else if (entry->ends_at_s > latest_end_s) {
        time_format(latest_end_s - DAY_S, latest);
        struct diag *diag = diag_error(diags, entry->ends_at_span, ID_EXPIRY_TOO_FAR,
                                       "this lease would end at %s, more than %lld day%s from today", end,
                                       (long long)max_days, max_days == 1 ? "" : "s");
        hint_limit(config, latest, max_days, diag, diags);
    }
}

void config_check_expiry(const struct config *config, const struct rules *rules, int64_t now_s,
                         struct diags *diags)
{
    int64_t latest_end_s = rules_latest_end(rules, now_s);
    for (size_t t = 0; t < config->count; t++)
        for (size_t i = 0; i < config->items[t].entries.count; i++) {
            const struct access_entry *entry = &config->items[t].entries.items[i];
            if (entry->ends_at_s > 0)
                check_entry(config, entry, latest_end_s, rules->max_days, now_s, diags);
        }
}

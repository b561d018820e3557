/* SPDX-License-Identifier: Apache-2.0 */
#include "base/str.h"
#include "base/time.h"
#include "config/ids.h"
#include "config/judging.h"

enum { DATE_LENGTH = 10 }; /* of "2026-11-30", with which an instant begins */

/* The smallest limit that applies to an entry, and which rule it is. */
struct limit {
    int64_t days;
    const char *rule;        /* "limits.max_days" */
    const char *account_id;  /* of a rule for environments */
    const char *environment; /* how the entry calls that account, when the rule has another name for it */
};

static void apply_account(struct judging *judging, const struct account_decl *account, struct limit *limit)
{
    const struct account_rules *rules = account_rules_find(judging->judge->accounts, account->account_id.text);
    if (!rules || rules->max_days == DAYS_UNSET || rules->max_days >= limit->days)
        return;
    *limit = (struct limit){
        .days = rules->max_days,
        .rule = arena_printf(judging->scratch, "environments.%s.max_days", rules->max_days_environment),
        .account_id = rules->account_id,
        .environment =
            str_eq(rules->max_days_environment, account->environment.text) ? NULL : account->environment.text,
    };
}

static struct limit find_limit(struct judging *judging, const struct access_entry *entry)
{
    struct limit limit = {.days = judging->judge->rules->max_days, .rule = "limits.max_days"};
    for (size_t i = 0; i < entry->environments.count; i++) {
        const struct account_decl *account = map_get(&judging->accounts, entry->environments.items[i].text);
        if (account)
            apply_account(judging, account, &limit);
    }
    for (size_t i = 0; i < entry->grants.count; i++) {
        const struct grant_rules *rules = map_get(&judging->grant_rules, entry->grants.items[i].text);
        if (rules && rules->max_days != DAYS_UNSET && rules->max_days < limit.days)
            limit =
                (struct limit){.days = rules->max_days,
                               .rule = arena_printf(judging->scratch, "grants.%s.max_days", rules->name.text)};
    }
    return limit;
}

/* A date counts days, an instant hours. */
static int64_t latest_end(const struct access_entry *entry, int64_t days, int64_t now_s)
{
    return entry->ends_with_day ? time_start_of_day(now_s) + (days + 1) * DAY_S : now_s + days * DAY_S;
}

/* Whoever raises the limit in the same change must learn why that does not help. */
static const char *explain(struct judging *judging, const struct limit *limit)
{
    struct arena *scratch = judging->scratch;
    if (limit->environment)
        return arena_printf(scratch, ": %s is %lld, and account %s, here '%s', is that environment elsewhere",
                            limit->rule, (long long)limit->days, limit->account_id, limit->environment);
    if (!str_eq(limit->rule, "limits.max_days"))
        return arena_printf(scratch, ": %s is %lld", limit->rule, (long long)limit->days);
    if (judging->settings->rules.max_days == limit->days)
        return "";
    return arena_printf(scratch, ": limits.max_days was %lld before this change, and that counts",
                        (long long)limit->days);
}

static void refuse(struct judging *judging, const struct access_entry *entry, const struct limit *limit,
                   int64_t latest_end_s)
{
    char end[TIME_TEXT_SIZE], latest[TIME_TEXT_SIZE];
    struct diag *diag = diag_error(judging->diags, entry->ends_at_span, ID_EXPIRY_TOO_FAR,
                                   "this lease would end at %s, more than %lld day%s from %s",
                                   time_format(entry->ends_at_s, end), (long long)limit->days,
                                   limit->days == 1 ? "" : "s", entry->ends_with_day ? "today" : "now");
    if (entry->ends_with_day)
        diag_hint(judging->diags, diag, "the latest date allowed is %.*s%s", DATE_LENGTH,
                  time_format(latest_end_s - DAY_S, latest), explain(judging, limit));
    else
        diag_hint(judging->diags, diag, "the latest end allowed is %s%s", time_format(latest_end_s, latest),
                  explain(judging, limit));
}

bool judge_expiry(struct judging *judging, const struct access_entry *entry)
{
    char end[TIME_TEXT_SIZE];
    int64_t now_s = judging->judge->now_s;
    if (entry->ends_at_s <= now_s) {
        struct diag *diag = diag_warning(judging->diags, entry->ends_at_span, ID_LEASE_ENDED,
                                         "this lease ended at %s", time_format(entry->ends_at_s, end));
        diag_hint(judging->diags, diag, "it grants nothing any more; remove the entry");
        return false;
    }
    const struct limit limit = find_limit(judging, entry);
    int64_t latest_end_s = latest_end(entry, limit.days, now_s);
    if (entry->ends_at_s > latest_end_s)
        refuse(judging, entry, &limit, latest_end_s);
    return true;
}

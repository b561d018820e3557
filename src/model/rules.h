/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Rules bound to account ids (DESIGN §2): an account has the strictest rules of every environment name that
 * stands for it, in any team, in base or head. A new name for the production account escapes nothing.
 * config/rules.c makes them; config/, plan/ and flow/ read them.
 */
#ifndef IAMLEASE_MODEL_RULES_H
#define IAMLEASE_MODEL_RULES_H

#include "model/configuration.h"

struct account_rules {
    const char *account_id;
    int64_t max_days;                 /* of the environments; DAYS_UNSET: limits.max_days alone */
    const char *max_days_environment; /* the one that sets it, or NULL */
    bool require_reason, require_mfa;
    int64_t approvals;
};

struct all_account_rules {
    VEC_FIELDS(struct account_rules); /* sorted by account id, each once */
};

/* The rules of an account; NULL when no rule but the general limits touches it. Binary search. */
const struct account_rules *account_rules_find(const struct all_account_rules *all, const char *account_id);

/*
 * Makes the rules of each account in `all` at least as strict as those in `more`, and adds those that only
 * `more` has: where several commits are judged together, each by the rules before it.
 */
void account_rules_join(struct arena *arena, struct all_account_rules *all,
                        const struct all_account_rules *more);

/* Whether `now`, of the same account, is at least as strict as it had to be; NULL: no rules. */
bool account_rules_are_kept(const struct account_rules *had, const struct account_rules *now);

/* "at most 2 days, a reason, MFA, 1 approval"; "none". */
const char *account_rules_text(struct arena *arena, const struct account_rules *rules);

/* The smallest of limits.max_days, the account's and the grant's. `account` may be NULL. */
int64_t rules_max_days(const struct rules *rules, const struct account_rules *account, const char *grant);

#endif

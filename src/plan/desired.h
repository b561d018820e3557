/* SPDX-License-Identifier: Apache-2.0 */
/* Configuration → facts (DESIGN §3). */
#ifndef IAMLEASE_PLAN_DESIRED_H
#define IAMLEASE_PLAN_DESIRED_H

#include "model/rules.h"
#include "plan/declared.h"

/*
 * The facts that a configuration declares, sorted by identity.
 *
 * Entries of one (principal, account, team, grant) whose windows overlap or touch are one lease with the
 * earliest start and the latest end; disjoint windows are leases of their own. Which they are does not depend
 * on the clock. With `now_s` 0 every lease counts (removal candidates); otherwise those that have ended at
 * now_s are left out, and so are ended entries in the count of those that ask for one.
 *
 * `rules` say where a lease requires MFA; NULL: nowhere. References that do not resolve are skipped: the
 * configuration has been checked before.
 */
void desired_facts(struct arena *arena, const struct config *config, const struct all_account_rules *rules,
                   int64_t now_s, struct facts *ret);

struct desired_terms {
    const struct all_account_rules *rules; /* or NULL */
    int64_t now_s;                         /* or 0 */
};

/*
 * The same for one team, from what it declares: adds its facts, sorted by identity, without their lease_id;
 * sets require_mfa of the rows.
 */
void desired_of_team(struct arena *arena, const struct desired_terms *terms, struct declared *declared,
                     struct facts *ret);

/* Sets the identity of a fact, made of that of its grant (plan/declared.h) and its window. */
void desired_identify(struct arena *arena, const char *grant_identity, struct fact *fact);

/* The lease_id of a fact. */
const char *desired_lease_id(struct arena *arena, const struct settings *settings, const struct fact *fact);

/* The facts of some teams only; an empty list keeps all. */
void facts_of_teams(struct arena *arena, const struct facts *facts, const struct strings *teams,
                    struct facts *ret);

/* The same facts sorted by identity; those that share one stay in their order. NULL gives an empty list. */
struct facts facts_sorted(struct arena *arena, const struct facts *facts);

#endif

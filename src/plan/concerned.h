/* SPDX-License-Identifier: Apache-2.0 */
/* Which facts a change can concern: the others need no operation, and there may be a hundred thousand of them. */
#ifndef IAMLEASE_PLAN_CONCERNED_H
#define IAMLEASE_PLAN_CONCERNED_H

#include "model/plan.h"

/*
 * Of the two sides of a change, the facts that share something with a row of its delta: the principal (its
 * attachments and quotas) or the policy (its last use), each in the row's account. Where one of these names a
 * policy of the account itself by its ARN, that may be one of ours: then all of the account's facts are
 * there. Both stay sorted.
 */
void facts_concerned(struct arena *arena, const struct facts *before, const struct facts *after,
                     const struct delta *delta, struct facts *ret_before, struct facts *ret_after);

/*
 * The same step by step: every fact that a row is about is noted, then every fact of both sides can widen
 * what is concerned, then it can be asked of each. Of a fact the account, the principal, the team and the
 * grant are looked at; those of facts that are noted must live as long as this.
 */
struct concern {
    struct map accounts; /* id → what is concerned in it */
    const char *last_id; /* that was asked for, or NULL */
    void *last;
};

struct concern concern_new(struct arena *arena);
void concern_note(struct concern *concern, const struct fact *fact);
void concern_widen(struct concern *concern, const struct fact *fact, bool names_customer_policy);
void concern_widen_by_all(struct concern *concern, const struct facts *facts);
bool concern_has(struct concern *concern, const struct fact *fact);

/* Whether the policy holds a managed policy that is not AWS's own. */
bool concern_names_customer_policy(const struct policy_decl *policy);

#endif

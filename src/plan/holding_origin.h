/* SPDX-License-Identifier: Apache-2.0 */
/* Inside src/plan only: by which entry, of HEAD or of an earlier commit, somebody holds what stands in AWS. */
#ifndef IAMLEASE_PLAN_HOLDING_ORIGIN_H
#define IAMLEASE_PLAN_HOLDING_ORIGIN_H

#include "plan/holdings.h"
#include "policy/mark.h"

/* On the way through the accounts and those who are in them. */
struct looking {
    struct arena *arena;
    const struct holdings_input *input;
    struct facts declared, candidates; /* of the account */
    const struct observed_account *account;
    const struct observed_principal *principal;
    struct holdings *holdings;
};

/* How HEAD calls the account: the team itself, or any other; NULL when nobody does. */
const char *holding_account_name(const struct looking *l, const char *team);

/* `declared`: the entry of HEAD that asks for it, or NULL; `former`: one of an earlier commit, or NULL. */
void holding_explain(struct looking *l, struct holding *holding, const struct fact *declared,
                     const struct fact *former);

/*
 * Those of the principal's facts that give what stands there, or NULL: an attachment (`mark`: of our policy,
 * or NULL), a copy by its mark, an inline policy by its name.
 */
const struct fact *holding_find_permanent(const struct looking *l, const struct facts *facts, const char *arn,
                                          const struct mark *mark);
const struct fact *holding_find_copied(const struct looking *l, const struct facts *facts,
                                       const struct mark *mark);
const struct fact *holding_find_lease(const struct looking *l, const struct facts *facts, const char *name);

/* The fact whose lease is the role with that mark, or NULL. */
const struct fact *holding_find_switched(const struct looking *l, const struct facts *facts, const char *mark);

#endif

/* SPDX-License-Identifier: Apache-2.0 */
/* Whether one version of a fact allows nothing that another does not (DESIGN §5: "new or wider"). Pure. */
#ifndef IAMLEASE_PLAN_WIDENING_H
#define IAMLEASE_PLAN_WIDENING_H

#include "model/access.h"

struct widening {
    struct arena *arena;
    struct map known; /* addresses of two policies → what was found: many facts share few policies */
};

struct widening widening_new(struct arena *arena);

/*
 * `now` and `allowed` have one identity. In doubt it is wider: a statement counts as allowed when the other
 * has it too, a Deny of `allowed` must stand in `now`, and the managed policies must be the same, since one
 * of them may deny something.
 */
bool fact_is_within(struct widening *widening, const struct fact *now, const struct fact *allowed);

/*
 * The same for statements alone, and closer: what an Allow of `now` names must be covered by what Allows of
 * `allowed` name, wildcards and all, where their conditions are the same.
 */
bool document_is_within(struct arena *arena, const struct document *now, const struct document *allowed);

/* The same for the policies behind them alone. */
bool policy_is_within(struct widening *widening, const struct policy_decl *now,
                      const struct policy_decl *allowed);

#endif

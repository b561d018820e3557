/* SPDX-License-Identifier: Apache-2.0 */
/* The operations of a plan for which AWS was not read: those that the base's state implies. Pure. */
#ifndef IAMLEASE_PLAN_IMPLIED_OPERATIONS_H
#define IAMLEASE_PLAN_IMPLIED_OPERATIONS_H

#include "plan/operations.h"

struct implied_input {
    const struct settings *settings;           /* of the base: what its facts come to in AWS */
    const struct facts *before, *after, *held; /* sorted by identity */
    const struct strings *teams;               /* only these; empty: all */
};

/*
 * Adds operations, problems and notices to the plan, by its settings and its clock. What is
 * implied of an account goes when its operations are found.
 */
void operations_imply(struct arena *arena, const struct implied_input *input, struct plan *plan);

#endif

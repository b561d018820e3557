/* SPDX-License-Identifier: Apache-2.0 */
/* Where AWS differs from a state that should be there: what it would take to make it that state again. Pure. */
#ifndef IAMLEASE_PLAN_DRIFT_COMPUTE_H
#define IAMLEASE_PLAN_DRIFT_COMPUTE_H

#include "plan/operations.h"

/*
 * `input`: the state that should be there as `desired`, with all that was ever declared as `candidates`.
 * *ret_problems are the problems that this state already has, beside the drift.
 */
void drift_compute(struct arena *arena, const struct operations_input *input, struct drift *ret,
                   struct problems *ret_problems);

/*
 * Marks the problems of a plan that are not among those that were there before: the change brings them, and
 * its plan fails. So does an account that cannot be read: nobody knows what would happen there.
 */
void drift_judge_problems(const struct problems *before, struct problems *problems);

#endif

/* SPDX-License-Identifier: Apache-2.0 */
/* plan: a comparison → a plan, from git alone. */
#ifndef IAMLEASE_FLOW_PLANNING_H
#define IAMLEASE_FLOW_PLANNING_H

#include "flow/comparing.h"
#include "model/plan.h"

/* The plan of a comparison that has no errors. Operations are those that the base's state implies, or with
 * request->live those that AWS needs. */
void flow_plan(struct arena *arena, const struct comparison *comparison,
               const struct comparison_request *request, struct plan *ret);

#endif

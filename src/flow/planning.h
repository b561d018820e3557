/* SPDX-License-Identifier: Apache-2.0 */
/* plan: two sides → a plan, from git alone. */
#ifndef IAMLEASE_FLOW_PLANNING_H
#define IAMLEASE_FLOW_PLANNING_H

#include "flow/comparing.h"
#include "model/plan.h"

/*
 * Opens both sides, reads and checks them, as flow_compare does, and plans the change. *ret is set unless
 * diags->errors grew. Operations are those that the base's state implies, or with
 * request->live those that AWS needs. Where nothing is wrong, the
 * configurations of `comparison` have no entries: they were read team by team.
 */
int flow_plan(struct arena *arena, struct repo *repo, const struct comparison_request *request,
              struct comparison *comparison, struct diags *diags, struct plan *ret, struct err *err);

/* The plan of a comparison by compare_whole that has no errors. */
void flow_plan_whole(struct arena *arena, const struct comparison *comparison,
                     const struct comparison_request *request, struct plan *ret);

#endif

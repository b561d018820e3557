/* SPDX-License-Identifier: Apache-2.0 */
/* Two sets of facts → who gains, changes or loses what. */
#ifndef IAMLEASE_PLAN_DELTA_H
#define IAMLEASE_PLAN_DELTA_H

#include "model/plan.h"

/* Rows sorted by risk, then kind, team, principal, account, grant. Both sets are sorted by identity. */
void delta_compute(struct arena *arena, const struct facts *before, const struct facts *after,
                   struct delta *ret);

#endif

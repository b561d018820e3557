/* SPDX-License-Identifier: Apache-2.0 */
/* Inside src/plan only: leases of several policies that change: one call changes one of them. */
#ifndef IAMLEASE_PLAN_COPIES_CHANGED_H
#define IAMLEASE_PLAN_COPIES_CHANGED_H

#include "plan/account_work.h"

/*
 * Of a lease of several policies that cannot be changed one after the other without allowing more for a moment
 * than before and after: what hangs on the principal goes first, and comes again, what denies before the rest.
 */
void work_change_detached(struct account_work *work, struct principal_work *principal,
                          const struct fact *fact);

#endif

/* SPDX-License-Identifier: Apache-2.0 */
/* Inside src/plan only: a lease that changes its shape: fewer policies, another kind. */
#ifndef IAMLEASE_PLAN_REPLACING_H
#define IAMLEASE_PLAN_REPLACING_H

#include "plan/account_work.h"

/*
 * What goes of a lease that is wanted in another shape waits for what the lease becomes, so that nobody loses
 * what he shall keep, not even where a call fails; but for what has to go first: to make room (quota.h), or
 * because something would be allowed that never was granted (copies_changed.h); and what would last longer
 * than is declared now goes at once. Call it when all other operations are there and wait for what they must.
 */
void work_replace_leases(struct account_work *work);

#endif

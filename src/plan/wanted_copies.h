/* SPDX-License-Identifier: Apache-2.0 */
/* Inside src/plan only: leases that are managed policies of one principal. */
#ifndef IAMLEASE_PLAN_WANTED_COPIES_H
#define IAMLEASE_PLAN_WANTED_COPIES_H

#include "plan/account_work.h"

/* A lease that is managed policies (plan/copies.h); an inline policy that it was before goes. */
void work_want_copies(struct account_work *work, struct principal_work *principal, const struct fact *fact);

/*
 * A lease of which not all policies can be attached: none is, and what stands in AWS of it stays as it is
 * where it ends no later than is declared now. True when an inline policy stays after all, which takes room.
 */
bool work_drop_copies(struct account_work *work, struct principal_work *principal, const struct fact *fact);

#endif

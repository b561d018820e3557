/* SPDX-License-Identifier: Apache-2.0 */
/* Inside src/plan only: a lease that is held ends no later than is declared. */
#ifndef IAMLEASE_PLAN_SHORTENING_H
#define IAMLEASE_PLAN_SHORTENING_H

#include "plan/account_work.h"

/*
 * What stands in AWS of a lease that is held stays as it is, all but its end: where that is later than the
 * fact's, or there is none any more, it is written with that. Whatever it denies, it goes on denying.
 */
void work_shorten(struct account_work *work, const struct fact *fact);

/*
 * Of a lease that is held, and of which nobody can say what end it shall have: what stands in AWS without one
 * is a problem ("lease-without-end"), and what denies everything from the end of a role on is put back.
 */
void work_keep_end(struct account_work *work, const struct fact *fact);

/* The same of a role that stays as it is. */
void work_keep_end_of_role(struct account_work *work, const struct fact *fact);

#endif

/* SPDX-License-Identifier: Apache-2.0 */
/* Inside src/plan only: what a fact has in AWS stays as it is, and nothing is made for it. */
#ifndef IAMLEASE_PLAN_KEEPING_H
#define IAMLEASE_PLAN_KEEPING_H

#include "plan/account_work.h"

/* Of a lease that is managed policies; `in_time_only`: what ends no later than is declared now. */
void work_keep_copies(struct account_work *work, const struct fact *fact, bool in_time_only);

/* Of a lease that is a role, with all that is attached to it. */
void work_keep_role(struct account_work *work, const struct fact *fact);

/* Of aws-roles: the role, or the provider, that a fact is. */
void work_keep_kept(struct account_work *work, const struct fact *fact);

/* Of any fact. */
void work_keep_fact(struct account_work *work, const struct fact *fact);

/* Whether anything that stands in AWS of a lease has not ended; what does not say when it ends has not. */
bool work_lease_goes_on(struct account_work *work, const struct fact *fact);

#endif

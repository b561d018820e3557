/* SPDX-License-Identifier: Apache-2.0 */
/* Inside src/plan only: what a fact has in AWS stays as it is, and nothing is made for it. */
#ifndef IAMLEASE_PLAN_KEEPING_H
#define IAMLEASE_PLAN_KEEPING_H

#include "plan/account_work.h"

/* What stands in AWS of such a lease stays; `in_time_only`: what ends no later than is declared now. */
void work_keep_copies(struct account_work *work, const struct fact *fact, bool in_time_only);

/* What stands in AWS of such a lease stays. */
void work_keep_role(struct account_work *work, const struct fact *fact);

/* The role that a fact is stays. */
void work_keep_kept(struct account_work *work, const struct fact *fact);

/* What a fact has in AWS stays; nothing is made. */
void work_keep_fact(struct account_work *work, const struct fact *fact);

#endif

/* SPDX-License-Identifier: Apache-2.0 */
/* Inside src/plan only: what is attached to a principal: the policy of a grant's own statements, and those
 * that it names. */
#ifndef IAMLEASE_PLAN_WANTED_POLICIES_H
#define IAMLEASE_PLAN_WANTED_POLICIES_H

#include "plan/account_work.h"

/* Wants a managed policy on a principal that is there; `policy`: the one of ours that it is, or NULL. */
void work_want_attachment(struct account_work *work, struct principal_work *principal,
                          const struct fact *fact, const char *arn, struct wanted_policy *policy);

/* A policy of ours goes with its own grant only: refuses the fact, and gives true, where that ARN names one. */
bool work_refuse_marked(struct account_work *work, const struct fact *fact, const char *arn);

/* Wants the policies of a fact on a principal: the one of its own statements, and those that it names. */
void work_want_policies(struct account_work *work, struct principal_work *principal, const struct fact *fact);

#endif

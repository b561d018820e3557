/* SPDX-License-Identifier: Apache-2.0 */
/* Inside src/plan only: roles of aws-roles that are wanted, and what stands in their way. What is attached to
 * them is the affair of wanted.c and unwanted.c. */
#ifndef IAMLEASE_PLAN_KEPT_ROLES_H
#define IAMLEASE_PLAN_KEPT_ROLES_H

#include "plan/account_work.h"

/* Wants the roles of aws-roles, before anything is wanted for them. */
void work_collect_kept(struct account_work *work);

/* Whether the fact is about a role of aws-roles whose name somebody else's role has. */
bool work_is_refused_role(struct account_work *work, const struct fact *fact);

#endif

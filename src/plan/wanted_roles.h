/* SPDX-License-Identifier: Apache-2.0 */
/* Inside src/plan only: leases that are roles to switch to. */
#ifndef IAMLEASE_PLAN_WANTED_ROLES_H
#define IAMLEASE_PLAN_WANTED_ROLES_H

#include "plan/account_work.h"

/* A lease that is a role (plan/lease_role.h); an inline policy that it was before goes. */
void work_want_role(struct account_work *work, struct principal_work *principal, const struct fact *fact);

/* True, with a problem, when a role in the account of the fact cannot have the boundary of the settings. */
bool work_refuse_boundary(struct account_work *work, const struct fact *fact);

/* The role that a lease is, where what it is to become cannot be: it stays when it ends no later than declared. */
void work_keep_role_in_time(struct account_work *work, const struct fact *fact);

#endif

/* SPDX-License-Identifier: Apache-2.0 */
/* Inside src/plan only: roles that are leases come to be, or change. */
#ifndef IAMLEASE_PLAN_MAKING_ROLES_H
#define IAMLEASE_PLAN_MAKING_ROLES_H

#include "plan/account_work.h"

/* Makes or changes the roles that are wanted, all but what is attached to them. */
void work_make_roles(struct account_work *work);

#endif

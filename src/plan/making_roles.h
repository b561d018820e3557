/* SPDX-License-Identifier: Apache-2.0 */
/* Inside src/plan only: roles that are leases come to be, or change. */
#ifndef IAMLEASE_PLAN_MAKING_ROLES_H
#define IAMLEASE_PLAN_MAKING_ROLES_H

#include "plan/account_work.h"

/*
 * The roles that are wanted, all but what is attached to them. Whatever their terms take away of a role that
 * is there comes first; then its policies may change, and whatever its terms give comes last. So whom it
 * trusts has at no moment what neither the old terms with the old policies gave nor the new ones with the new.
 */
void work_narrow_roles(struct account_work *work);
void work_make_roles(struct account_work *work);

#endif

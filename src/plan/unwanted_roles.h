/* SPDX-License-Identifier: Apache-2.0 */
/* Inside src/plan only: roles of ours that nobody wants any more, and what stands on those that somebody
 * wants. */
#ifndef IAMLEASE_PLAN_UNWANTED_ROLES_H
#define IAMLEASE_PLAN_UNWANTED_ROLES_H

#include "plan/account_work.h"

/* Takes from the roles that are wanted what is not part of their leases. */
void work_clean_roles(struct account_work *work);

/* Takes away the roles of ours that nobody wants; those that were granted directly when they have ended, or
 * were taken back. */
void work_drop_roles(struct account_work *work);

/*
 * Takes away a role that is a lease of ours if it has ended, or was granted directly and taken back. One that
 * does not end is a problem, and so is one that was granted directly and edited since.
 */
void work_end_role(struct account_work *work, const struct observed_principal *role);

#endif

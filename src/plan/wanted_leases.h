/* SPDX-License-Identifier: Apache-2.0 */
/* Inside src/plan only: leases that are inline policies. */
#ifndef IAMLEASE_PLAN_WANTED_LEASES_H
#define IAMLEASE_PLAN_WANTED_LEASES_H

#include "plan/account_work.h"

/* A lease that is an inline policy. */
void work_want_lease(struct account_work *work, struct principal_work *principal, const struct fact *fact);

/*
 * Whether what a lease lends has ended before the lease itself, by its own conditions on the time: then it is
 * none any more, and a notice says so. `ends_at_s`: of lease_ends_at().
 */
bool work_is_spent(struct account_work *work, const struct fact *fact, int64_t ends_at_s);

/*
 * Takes away a live lease of ours that is an inline policy. `reason`: "what is declared now cannot be granted".
 */
void work_revoke_lease(struct account_work *work, struct principal_work *principal, const struct fact *fact,
                       const struct inline_policy *live, const char *reason);

/* An inline policy of ours that the lease was before goes. */
void work_revoke_inline(struct account_work *work, struct principal_work *principal, const struct fact *fact,
                        const char *reason);

#endif

/* SPDX-License-Identifier: Apache-2.0 */
/* The operations that make a direct grant (plan/direct_role.h) and take it away. Pure. */
#ifndef IAMLEASE_PLAN_DIRECT_OPERATIONS_H
#define IAMLEASE_PLAN_DIRECT_OPERATIONS_H

#include "plan/direct_role.h"

/*
 * Makes the role of `fact`, or what is missing of it: a lease of an IAM user with an end and a port_run,
 * whose policy has statements only. Done again with an equal fact it gives nothing to do. Problems: the
 * account or the user is not there, the name is taken by another role, the policy does not fit. *ret is what
 * the role tells about itself when all is done, where there is no problem.
 */
void operations_direct(struct arena *arena, const struct settings *settings, const struct observed *observed,
                       const struct fact *fact, struct plan *plan, struct direct_grant *ret);

/*
 * The removal of such a role with all that is on it, as long as it is the one that was read. `stays`: only of
 * what it allows; the role and what denies everything stay, to be found again.
 */
void operations_revoke_direct(struct arena *arena, const struct settings *settings,
                              const struct observed *observed, const char *account_id,
                              const struct observed_principal *role, bool stays, struct plan *plan);

#endif

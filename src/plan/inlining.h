/* SPDX-License-Identifier: Apache-2.0 */
/* Inside src/plan only: inline policies that come to principals and go from them, and what waits for what. */
#ifndef IAMLEASE_PLAN_INLINING_H
#define IAMLEASE_PLAN_INLINING_H

#include "plan/account_work.h"

/*
 * Those that become smaller come first (quota.c); what grows waits for them and for removals when it needs
 * their room. On a role of ours what is new, or lends more, waits for the role as a policy that is attached
 * does (before_attach). Each of these functions, a second time, has only what is left to do.
 */
void work_put_inline(struct account_work *work, struct principal_work *principal);

/* What was replaced goes after what replaces it, which is among the operations already. */
void work_remove_inline(struct account_work *work, struct principal_work *principal);

/*
 * Before others come to have what the principal has, which is a role: what goes, unless something is to take
 * its place, and what lends less. The operations are among `removed`.
 */
void work_narrow_inline(struct account_work *work, struct principal_work *principal);

#endif

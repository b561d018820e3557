/* SPDX-License-Identifier: Apache-2.0 */
/* Inside src/plan only: what is to become of the trust policy of a role of aws-roles. */
#ifndef IAMLEASE_PLAN_KEPT_TRUST_H
#define IAMLEASE_PLAN_KEPT_TRUST_H

#include "plan/account_work.h"

/* TRUST_LESS: nobody is let in who is not now; in doubt it is TRUST_MORE. */
enum trust_step { TRUST_STAYS, TRUST_LESS, TRUST_MORE };

/*
 * From what AWS has, whatever made it so, to `shall`. Where whom it trusts was deleted since it was applied,
 * it stays, with a problem.
 */
enum trust_step kept_trust_step(struct account_work *work, const struct wanted_role *wanted,
                                const struct document *shall);

#endif

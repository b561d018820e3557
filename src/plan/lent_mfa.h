/* SPDX-License-Identifier: Apache-2.0 */
/* Inside src/plan only: a lease that was lent with MFA keeps that. */
#ifndef IAMLEASE_PLAN_LENT_MFA_H
#define IAMLEASE_PLAN_LENT_MFA_H

#include "plan/account_work.h"

/*
 * The fact, or a copy of it that requires MFA because what stands in AWS of that lease does: a rule that was
 * dropped is for what comes after it, and nobody let a live lease become wider. Where the conditions on MFA
 * were those of the grant's own statements, they go with them.
 */
const struct fact *work_with_lent_mfa(struct account_work *work, const struct observed_principal *principal,
                                      const struct fact *fact);

#endif

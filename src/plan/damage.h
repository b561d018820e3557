/* SPDX-License-Identifier: Apache-2.0 */
/* Inside src/plan only: inline policies of ours that somebody edited by hand. */
#ifndef IAMLEASE_PLAN_DAMAGE_H
#define IAMLEASE_PLAN_DAMAGE_H

#include "plan/account_work.h"

/*
 * Adds a problem when an inline policy holds the text of our mark, wherever, but was not judged to be ours:
 * it was edited by hand, and nobody can say whose it is and when it ends. Call it for those only.
 */
void work_report_damage(struct account_work *work, const struct observed_principal *principal,
                        const struct inline_policy *policy);

/* The same where there is no work: `sid_prefix` of mark_sid_prefix(). */
void damage_report(struct arena *arena, struct problems *problems, const char *sid_prefix,
                   const char *account_id, const struct observed_principal *principal,
                   const struct inline_policy *policy);

#endif

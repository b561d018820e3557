/* SPDX-License-Identifier: Apache-2.0 */
/* Inside src/plan only: principals that were deleted and made again, where who has the name now may be
 * somebody else (DESIGN §3). */
#ifndef IAMLEASE_PLAN_RECREATED_H
#define IAMLEASE_PLAN_RECREATED_H

#include "plan/account_work.h"

/*
 * Whether whoever a fact names is not the one that it was granted to: it was made later than the applied
 * commit, and lacks some of what that commit, by the same entry, says it has, or has it by what was declared
 * since; or a role of ours trusts an id in place of its name, which is what AWS makes of one that was deleted.
 */
bool work_is_recreated(struct account_work *work, const struct observed_principal *principal,
                       const struct fact *fact);

/* Whether a role of aws-roles that is declared as the applied commit had it trusts such an id. */
bool work_is_trust_recreated(struct account_work *work, const struct observed_principal *role,
                             const struct fact *fact);

#endif

/* SPDX-License-Identifier: Apache-2.0 */
/* Inside src/plan only: what a call does to what a role may do. */
#ifndef IAMLEASE_PLAN_EFFECTS_H
#define IAMLEASE_PLAN_EFFECTS_H

#include "plan/account_work.h"

/* It may do more, or less; both, when it may do something that it could not, and the other way round. */
struct call_effect {
    bool widens, narrows;
    bool denies, undenies; /* a Deny comes, or goes: then it narrows, or widens */
};

/* Of one operation of this account on one role. What nobody has read counts as allowing only; of a boundary
 * that takes the place of another one both is true. */
struct call_effect effect_of(struct account_work *work, const struct operation *operation,
                             const struct observed_principal *role);

#endif

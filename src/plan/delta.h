/* SPDX-License-Identifier: Apache-2.0 */
/* Two sets of facts → who gains, changes or loses what (DESIGN §4). */
#ifndef IAMLEASE_PLAN_DELTA_H
#define IAMLEASE_PLAN_DELTA_H

#include "model/plan.h"

struct delta_input {
    const struct facts *before, *after; /* what rows are about, both sorted by identity */
    const struct facts *all_after;      /* of all teams: who else brings an attachment; NULL: as `after` */
    const struct facts *held;           /* facts in doubt, sorted by identity: a row "hold" each; or NULL */
    const struct settings *settings;    /* partition and path of our policies */
};

/*
 * Adds the rows, sorted by risk, then kind, team, principal, account, grant. A fact that is held has a row of
 * high risk whatever else changes, and also when nothing does.
 */
void delta_compute(struct arena *arena, const struct delta_input *input, struct delta *ret);

#endif

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * plan with AWS (DESIGN §4): reads what stands there with the plan role, which may only read. What a plan
 * needs is worked out from git before; what it does with the answer is pure.
 */
#ifndef IAMLEASE_FLOW_LIVE_H
#define IAMLEASE_FLOW_LIVE_H

#include "flow/applying.h"
#include "flow/comparing.h"
#include "model/plan.h"

struct live {
    struct observed observed;
    bool applied_is_another; /* what was applied is not the base */
    struct facts applied;    /* then: its facts, as `declared` */
    struct facts declared;   /* by the base, those that have ended too: what may be taken away */
    int64_t applied_at_s;    /* when the applied commit was made; 0: not known */
    struct strings revoked; /* the runs of Port whose access was taken back, where a role was granted at once */
    struct strings notices;
};

/*
 * The settings by which AWS is read: those of the base, because a change must not choose the role that looks
 * at it; of the head where the base has no configuration.
 */
const struct settings *live_settings(const struct comparison *comparison);

/*
 * Reads every account that base or head names. An account that cannot be read has its `error` set. ERR_USAGE:
 * there is no plan role, or there are no credentials; ERR_REFUSED: the plan role is the deployer role.
 */
int live_read(const struct run *run, const struct comparison *comparison,
              const struct comparison_request *request, struct live *ret, struct err *err);

/*
 * Fills in operations, drift and what follows from them. `before` and `after`: the facts of all teams on both
 * sides; `head`: the configuration after the change, or NULL where not all of it was read. A problem that
 * only the head has fails the plan, and so does an account that was not read.
 */
void live_operations(struct arena *arena, const struct live *live, const struct comparison_request *request,
                     const struct config *head, const struct facts *before, const struct facts *after,
                     const struct facts *held, struct plan *plan);

#endif

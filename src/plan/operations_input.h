/* SPDX-License-Identifier: Apache-2.0 */
/* What operations are computed from, and what their reasons begin with. */
#ifndef IAMLEASE_PLAN_OPERATIONS_INPUT_H
#define IAMLEASE_PLAN_OPERATIONS_INPUT_H

#include "model/configuration.h"
#include "model/observed.h"
#include "model/plan.h"

/* How the reason of an operation begins that takes away what has ended; the instant follows. */
#define REASON_ENDED "ended at "

/* Of one that takes away what nobody declares any more; ": ", team and grant follow where they are known. */
#define REASON_UNDECLARED "no longer declared"

/* Of one that takes away a policy of ours that no grant needs any more; team and grant follow. */
#define REASON_UNUSED "nobody uses it any more"

/* And of one that puts or takes away something in the place of what was adopted; team and grant follow. */
#define REASON_REPLACES "replaces what cloud-iam-self-serve made"

struct lease_texts; /* plan/lease_text.h */

struct operations_input {
    const struct settings *settings;
    const struct facts *desired;   /* to be there when all is done */
    const struct facts *held;      /* neither granted, changed nor removed; the reason is a problem already */
    const struct facts *held_ends; /* leases of these, sorted, and when each ends at the latest; or NULL */
    const struct facts *candidates; /* all that the commits since the applied ref declared; one identity may
                                       stand there often */
    const struct facts
        *applied; /* facts of the applied commit: what else is found in place is adopted, with a notice */
    int64_t applied_at_s; /* when the applied commit was made; 0: not known, or it was never applied whole */
    const struct observed *observed;
    const struct config *config; /* the commit's, where all of it could be read: what was granted directly in
                                    an account that it does not name goes; NULL: that stays until its end */
    const struct strings *teams; /* only these; empty: all */
    const struct strings *revoked; /* runs of Port, sorted: what was granted to these at once goes; NULL: none */
    bool adopts;                   /* take over what cloud-iam-self-serve made, where a fact wants its name */
    int64_t now_s;
    const struct lease_texts *texts; /* those of operations_implied_state(); NULL: none */
};

#endif

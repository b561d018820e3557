/* SPDX-License-Identifier: Apache-2.0 */
/* Facts and what stands in AWS → the exact calls, in order (DESIGN §3 and §5). Pure. */
#ifndef IAMLEASE_PLAN_OPERATIONS_H
#define IAMLEASE_PLAN_OPERATIONS_H

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
    const struct facts *desired; /* to be there when all is done */
    const struct facts *held;    /* neither granted, changed nor removed; the reason is a problem already */
    const struct facts *candidates; /* all that the commits since the applied ref declared; one identity may
                                       stand there often */
    const struct facts
        *applied; /* facts of the applied commit: what else is found in place is adopted, with a notice */
    int64_t applied_at_s; /* when the applied commit was made; 0: not known */
    const struct observed *observed;
    const struct strings *teams; /* only these; empty: all */
    bool adopts;                 /* take over what cloud-iam-self-serve made, where a fact wants its name */
    int64_t now_s;
    struct lease_texts *texts; /* those of operations_implied_state(), made in the same arena; NULL: none */
};

/* Adds operations, problems and notices to the plan. */
void operations_compute(struct arena *arena, const struct operations_input *input, struct plan *plan);

/*
 * The removal of every lease of ours that has ended, and nothing else. `adopted`: NULL, or facts, sorted; of
 * these also what cloud-iam-self-serve made.
 */
void operations_cleanup(struct arena *arena, const struct settings *settings, const struct observed *observed,
                        const struct facts *adopted, int64_t now_s, struct plan *plan);

/* The removal of what stands in AWS of one lease, ended or not, and of nothing else. */
void operations_revoke(struct arena *arena, const struct settings *settings, const struct observed *observed,
                       const struct fact *fact, int64_t now_s, struct plan *plan);

/*
 * What AWS would hold if exactly these facts had been applied: lets a plan be made without AWS credentials.
 * Every principal of `named` exists in it. `texts` begins as zero and is filled; NULL: nobody needs them.
 */
void operations_implied_state(struct arena *arena, const struct settings *settings, const struct facts *facts,
                              const struct facts *named, struct lease_texts *texts, struct observed *ret);

#endif

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Inside src/flow only: a merge is validated again, by the settings of its first parent (DESIGN §5). What it
 * fails at holds its new or wider facts.
 */
#ifndef IAMLEASE_FLOW_MERGE_JUDGING_H
#define IAMLEASE_FLOW_MERGE_JUDGING_H

#include "flow/approvals.h"
#include "plan/widening.h"

/* Why a fact is held; `id` is that of the problem. */
struct failure {
    const char *id, *why;
    bool is_approval; /* what is missing are approvals */
};

struct judged_merge {
    const struct step_reader *reader;
    const struct merge *merge;
    struct widening *widening;
    struct map failing;          /* a grant, that is an identity without a window → struct failure */
    const struct failure *whole; /* of every fact, or NULL */
    bool accepted;               /* by its digest: then nothing fails */
    bool counted;                /* the approvals */
    struct approvals approvals;
    struct strings named; /* whom it grants something */
};

/* `accepted`: digests of changes that somebody lets through. */
void merge_judge(const struct step_reader *reader, const struct merge *merge, const struct strings *accepted,
                 int64_t now_s, struct widening *widening, struct judged_merge *ret);

/* Why a new or wider fact of the merge is held, or NULL. Asks GitHub when approvals are needed for it. */
const struct failure *merge_failure(struct judged_merge *judged, const struct fact *fact);

/* Why the merge may change nothing that needs approvals in that account, a clause; or NULL: it may. */
const char *merge_lacks_approvals(struct judged_merge *judged, const char *account_id);

#endif

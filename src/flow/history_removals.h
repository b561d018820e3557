/* SPDX-License-Identifier: Apache-2.0 */
/* Inside src/flow only: merges that take away more at once than limits.max_removals allows. */
#ifndef IAMLEASE_FLOW_HISTORY_REMOVALS_H
#define IAMLEASE_FLOW_HISTORY_REMOVALS_H

#include "flow/approvals.h"

/* A merge whose removals are held, and the identities that it no longer declares. */
struct blown_merge {
    const char *commit_id, *what, *why;
    struct strings removed;
};

struct blown_merges {
    VEC_FIELDS(struct blown_merge);
};

/*
 * Judges a merge's removals by the fuse of its rules; `accepted` is a commit whose removals are meant, or
 * NULL. The label that lets them pass is read here.
 */
void removals_judge(const struct step_reader *reader, const struct merge *merge, const char *accepted,
                    int64_t now_s, struct blown_merges *blown);

/*
 * Adds to `held` every version among `candidates` of what was removed so and is not in `head` again, and a
 * problem for each merge.
 */
void removals_hold(struct arena *arena, const struct blown_merges *blown, const struct facts *head,
                   const struct facts *candidates, struct facts *held, struct problems *problems);

#endif

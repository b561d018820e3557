/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Inside src/flow only: of each fact, the version that was let through last, and whether the one that is
 * declared now goes beyond it and is held. A merge moves it: what only narrows always passes, what is new or
 * wider passes when the merge does.
 */
#ifndef IAMLEASE_FLOW_STANDING_H
#define IAMLEASE_FLOW_STANDING_H

#include "flow/merge_judging.h"

struct standings {
    struct arena *arena;
    int64_t now_s;
    struct map by_identity; /* identity → struct standing */
    struct widening widening;
};

struct standings standings_new(struct arena *arena, int64_t now_s);

/* What was applied stands. */
void standings_begin(struct standings *standings, const struct facts *applied);

void standings_merge(struct standings *standings, struct judged_merge *judged);

/*
 * Adds the facts of head that are held to `held`, and a problem for each; leases that have ended are not.
 * With a fact whose policy went beyond what was let through, everybody is held who would get that policy with
 * it. To `held_ends` go the leases among them that were let through once, with the earlier of the two ends:
 * that must not wait.
 */
void standings_hold(struct standings *standings, const struct facts *head, struct facts *held,
                    struct facts *held_ends, struct problems *problems);

#endif

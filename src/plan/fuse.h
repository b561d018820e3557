/* SPDX-License-Identifier: Apache-2.0 */
/* The removal fuse: one change that revokes much of what there is was perhaps not meant (DESIGN §4). */
#ifndef IAMLEASE_PLAN_FUSE_H
#define IAMLEASE_PLAN_FUSE_H

#include "model/plan.h"

struct fuse {
    size_t revoked; /* facts of the base that have not ended, are gone in head and not held */
    size_t total;   /* facts of the base that have not ended */
    bool blown;
    bool emptied; /* head has no configuration at all: whatever it revokes was perhaps not meant */
};

/* The fuse never blows below this many removals. */
enum { FUSE_MINIMUM = 10 };

/*
 * Judges a change by the rules of its base; all sets are sorted by identity, `held` may be NULL. Leases that
 * have ended never count; a lease whose start moves is not revoked. `head_is_empty`: head has not a single
 * file of configuration; then one removal is enough.
 */
struct fuse fuse_judge(const struct facts *before, const struct facts *after, const struct facts *held,
                       const struct rules *rules, bool head_is_empty, int64_t now_s);

/* Judges it again where only a part of the base was looked at, and has `total` facts in all that have not ended. */
void fuse_widen(struct fuse *fuse, size_t total, const struct rules *rules);

/* "revokes 12 of 40 grants, more than the 25% that limits.max_removals allows" */
const char *fuse_describe(struct arena *arena, const struct fuse *fuse, const struct rules *rules);

#endif

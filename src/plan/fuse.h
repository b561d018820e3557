/* SPDX-License-Identifier: Apache-2.0 */
/* The removal fuse: one change that revokes much of what there is was perhaps not meant (DESIGN §4). */
#ifndef IAMLEASE_PLAN_FUSE_H
#define IAMLEASE_PLAN_FUSE_H

#include "model/plan.h"

struct fuse {
    size_t revoked; /* facts of the base that have not ended and are gone in head */
    size_t total;   /* facts of the base that have not ended */
    bool blown;
};

/* The fuse never blows below this many removals. */
enum { FUSE_MINIMUM = 10 };

/* Judges a change by the rules of its base; both sets are sorted by identity; leases that have ended never count. */
struct fuse fuse_judge(const struct facts *before, const struct facts *after, const struct settings *rules,
                       int64_t now_s);

#endif

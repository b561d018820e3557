/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A plan as Markdown that keeps to a size, for comments and job summaries. What does not fit is counted in the
 * title: first policy documents go, then operations, notes, rows and side changes (those with the least risk
 * first), then problems. Rows and side changes with high risk, and rows that are held, never go (DESIGN §4).
 */
#ifndef IAMLEASE_RENDER_PLAN_BODY_H
#define IAMLEASE_RENDER_PLAN_BODY_H

#include "base/buf.h"
#include "model/plan.h"

struct body_limits {
    size_t max_bytes;
    size_t max_items;       /* of each section; what never goes may be more */
    const char *rest_url;   /* where all of it stands, or NULL */
    const char *rest_where; /* what that is called, or NULL: "job summary" */
};

/*
 * Writes the body, in which what ages is marked (aging.h). False, and nothing is written: what never goes
 * exceeds max_bytes.
 */
bool plan_body_write(struct buf *out, const struct plan *plan, const struct body_limits *limits);

#endif

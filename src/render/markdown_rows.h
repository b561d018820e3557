/* SPDX-License-Identifier: Apache-2.0 */
/* The rows of a plan's two tables. What ages in them is marked (aging.h). */
#ifndef IAMLEASE_RENDER_MARKDOWN_ROWS_H
#define IAMLEASE_RENDER_MARKDOWN_ROWS_H

#include "render/summary.h"

/* The heading of each table, with an empty line in front. */
void markdown_rows_heading(struct buf *out);
void markdown_side_heading(struct buf *out);

/* One row: who gets what, where, until when, and what was asked for beside that. */
void markdown_row(struct buf *out, const struct delta_row *row, struct summary *summary, int64_t now_s);

/* One row: what it was, what it will be. */
void markdown_side_change(struct buf *out, const struct side_change *change);

/* Above the rows of drift, which stand in <details>; and one of them. */
void markdown_drift_heading(struct buf *out, size_t count);
void markdown_drift(struct buf *out, const struct drift_row *row);

#endif

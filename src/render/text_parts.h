/* SPDX-License-Identifier: Apache-2.0 */
/* What the outputs for a terminal share: colour, columns, and the sections that a plan and a report both have. */
#ifndef IAMLEASE_RENDER_TEXT_PARTS_H
#define IAMLEASE_RENDER_TEXT_PARTS_H

#include "model/report.h"
#include "render/render.h"
#include "render/summary.h"

enum paint { PAINT_BOLD, PAINT_DIM, PAINT_RED, PAINT_GREEN, PAINT_YELLOW, PAINT_BLUE };

/* Everything between the two has that colour; nothing happens where the style has no colour. */
void paint_begin(struct buf *out, struct style style, enum paint paint);
void paint_end(struct buf *out, struct style style);

/* A bold line of our own: "2 problems". */
void text_heading(struct buf *out, struct style style, size_t count, const char *one, const char *many);

/* From where to where and when: a line of its own. */
void text_context(struct buf *out, struct style style, const struct plan *plan);

/* "digest 3f1c…": what approvals are compared by; nothing when the plan has none. */
void text_digest(struct buf *out, struct style style, const struct plan *plan);

/* "2 changes of settings or accounts", each with what it was and what it will be; nothing when there are none. */
void text_side_changes(struct buf *out, struct style style, const struct delta *delta);

enum { COLUMNS_MAX = 8 };

/* Writes one cell of a table. */
typedef void text_cell(struct buf *out, const void *table, size_t row, size_t column);

/*
 * A table with aligned columns, printed in two passes over its rows, so that it needs no memory for them.
 * Widths count code points. A cell that is much wider than others sticks out instead of moving all of them.
 */
struct columns {
    const void *table;
    text_cell *cell;
    size_t count; /* of columns */
    size_t widths[COLUMNS_MAX];
    struct buf scratch;
};

/* Measures rows 0 to `rows`-1; end with columns_free(). */
void columns_init(struct columns *columns, size_t count, text_cell *cell, const void *table, size_t rows);
void columns_free(struct columns *columns);

/* Prints one row without a new line; nothing follows the last cell that is not empty. */
void columns_print(struct columns *columns, struct buf *out, size_t row);

/* "2 problems", each with what it concerns and what to do; nothing when there are none. */
void text_problems(struct buf *out, struct style style, const struct problems *problems,
                   const struct summary *summary);

/* "Notes"; nothing when there are none. */
/* "3 differences between AWS and what was applied", each with its account; nothing when there are none. */
void text_drift(struct buf *out, struct style style, const struct drift *drift);

void text_notices(struct buf *out, struct style style, const struct notices *notices);

/* The line of one operation: "+ attach policy … to user bert — granted: …". */
void text_operation(struct buf *out, struct style style, const struct operation *operation);

/*
 * All operations by account, behind a heading that says where they come from. `results` may be NULL; where
 * it is given, each line begins with how the operation went.
 */
void text_operations(struct buf *out, struct style style, const struct plan *plan,
                     const struct summary *summary, const struct result *results);

#endif

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The sections of Markdown that a plan and a report share. Lists have limits, because a job summary over 1
 * MiB is thrown away; what is left out is counted.
 */
#ifndef IAMLEASE_RENDER_MARKDOWN_PARTS_H
#define IAMLEASE_RENDER_MARKDOWN_PARTS_H

#include "render/summary.h"

/* The most rows of one table. */
enum { MARKDOWN_ROWS_MAX = 1000 };

/* One item of each list below, a line of its own; `result` may be NULL. */
void markdown_problem(struct buf *out, const struct problem *problem, const struct summary *summary);
void markdown_warning(struct buf *out, const struct diag *diag);
void markdown_notice(struct buf *out, const char *notice);
void markdown_operation(struct buf *out, const struct operation *operation, const struct summary *summary,
                        const struct result *result);

/* "5 operations in 2 accounts, worked out from the base; AWS was not read" */
void markdown_operations_title(struct buf *out, const struct plan *plan, const struct summary *summary);

/* A list of problems, each with what it concerns and what to do; nothing when there are none. */
void markdown_problems(struct buf *out, const struct problems *problems, const struct summary *summary);

/* A list; nothing when there are none. */
void markdown_notices(struct buf *out, const struct notices *notices);

/* All operations, collapsed; `results` may be NULL. Nothing when there are none. */
void markdown_operations(struct buf *out, const struct plan *plan, const struct summary *summary,
                         const struct result *results);

/* Whether an operation writes a policy document; that document, collapsed, as indented JSON. */
bool markdown_has_document(const struct operation *operation);
void markdown_document(struct buf *out, const struct operation *operation, const struct summary *summary);

/* From where to where and when, in small print. */
void markdown_footer(struct buf *out, const struct plan *plan);

#endif

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

/* A list of problems, each with what it concerns and what to do; nothing when there are none. */
void markdown_problems(struct buf *out, const struct problems *problems, const struct summary *summary);

/* A list; nothing when there are none. */
void markdown_notices(struct buf *out, const struct notices *notices);

/* All operations, collapsed; `results` may be NULL. Nothing when there are none. */
void markdown_operations(struct buf *out, const struct plan *plan, const struct summary *summary,
                         const struct result *results);

/* The documents that operations write, collapsed, as indented JSON; nothing when there are none. */
void markdown_documents(struct buf *out, const struct plan *plan, const struct summary *summary);

/* From where to where and when, in small print. */
void markdown_footer(struct buf *out, const struct plan *plan);

#endif

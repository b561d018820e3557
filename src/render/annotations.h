/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Annotations of a pull request: workflow commands that point at a place in a file. A runner keeps 10 of each
 * kind in one step (facts/github.md §1.6); what comes behind them is counted in a last one.
 */
#ifndef IAMLEASE_RENDER_ANNOTATIONS_H
#define IAMLEASE_RENDER_ANNOTATIONS_H

#include "base/buf.h"
#include "base/diag.h"

enum annotation_kind { ANNOTATION_ERROR, ANNOTATION_WARNING, ANNOTATION_NOTICE, ANNOTATION_KIND_COUNT };

struct annotations {
    size_t shown[ANNOTATION_KIND_COUNT], left_out[ANNOTATION_KIND_COUNT];
};

/* Whether one more of that kind would be kept. */
bool annotations_have_room(const struct annotations *annotations, enum annotation_kind kind);

/* Writes one, or counts it. `span` may have no place, `hint` be NULL. */
void annotations_add(struct annotations *annotations, struct buf *out, enum annotation_kind kind,
                     struct span span, const char *title, const char *message, const char *hint);

/* Counts what was left out; nothing when that is nothing. */
void annotations_finish(const struct annotations *annotations, struct buf *out);

#endif

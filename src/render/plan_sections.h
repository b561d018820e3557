/* SPDX-License-Identifier: Apache-2.0 */
/* The sections of a plan in Markdown, in the order in which they are read: a table of what each is made of. */
#ifndef IAMLEASE_RENDER_PLAN_SECTIONS_H
#define IAMLEASE_RENDER_PLAN_SECTIONS_H

#include "render/summary.h"

enum section_name {
    SECTION_PROBLEMS,
    SECTION_SIDE,
    SECTION_ROWS,
    SECTION_DRIFT,
    SECTION_WARNINGS,
    SECTION_NOTES,
    SECTION_OPERATIONS,
    SECTION_DOCUMENTS,
    SECTION_COUNT
};

/* Numbers of items in the list of the plan that a section shows. */
struct body_items {
    VEC_FIELDS(size_t);
};

/* No section ends with more bytes. */
enum { SECTION_CLOSE_MAX = 32 };

struct section_kind {
    const char *one, *many; /* "row", "rows" */

    /* Lists the items in the order in which they are shown; of those, which must be: NULL: none. */
    void (*list)(const struct plan *plan, struct summary *summary, struct body_items *ret);
    bool (*must_be_shown)(const struct plan *plan, size_t index);

    /* Around the items, of which there are `count`, and one of them. */
    void (*open)(struct buf *out, const struct plan *plan, struct summary *summary, size_t count);
    void (*item)(struct buf *out, const struct plan *plan, struct summary *summary, size_t index);
    void (*close)(struct buf *out, size_t count);
};

extern const struct section_kind section_kinds[SECTION_COUNT];

/* The order in which sections get room: what stands last is left out first. */
extern const enum section_name section_order[SECTION_COUNT];

#endif

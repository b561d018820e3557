/* SPDX-License-Identifier: Apache-2.0 */
/* Inside src/plan only: how what a lease copies is shared out among managed policies. */
#ifndef IAMLEASE_PLAN_COPY_PACK_H
#define IAMLEASE_PLAN_COPY_PACK_H

#include "model/policy_document.h"

#include <stdbool.h>

/* Statements that stay together in one object: those of a source that allow, or those that deny. */
struct copy_unit {
    struct document document;
    size_t size; /* of a document of these alone, in characters */
    bool denies;
};

struct copy_bins {
    size_t count;
    const size_t *of; /* of each unit, from 0 on */
};

/*
 * As few objects as possible, of `max` characters each, of which `around` stand around the statements. In
 * their order all that denies is in place as soon as anything is allowed: objects that only deny come first,
 * then at most one that does both, then those that allow.
 */
struct copy_bins copy_pack(struct arena *arena, const struct copy_unit *units, size_t count, size_t around,
                           size_t max);

#endif

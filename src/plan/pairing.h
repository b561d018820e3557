/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Two sets of facts side by side: what stands in both is a pair. A lease whose start moved has another
 * identity, and is a pair all the same: when of one grant a single window is left over on each side.
 */
#ifndef IAMLEASE_PLAN_PAIRING_H
#define IAMLEASE_PLAN_PAIRING_H

#include "model/access.h"

struct pairing {
    const struct facts *before, *after;       /* both sorted by identity */
    size_t before_at, after_at;               /* what has been handed out */
    size_t before_end, after_end;             /* of the grant that is being handed out */
    const struct fact *moved_from, *moved_to; /* its pair of windows, or NULL */
};

struct pairing pairing_new(const struct facts *before, const struct facts *after);

/* The next pair, of which one may be NULL; false when there is none. */
bool pairing_next(struct pairing *pairing, const struct fact **ret_before, const struct fact **ret_after);

#endif

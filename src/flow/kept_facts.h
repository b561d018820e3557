/* SPDX-License-Identifier: Apache-2.0 */
/* Inside src/flow only: a list of facts that grows by the ten thousand, and is never moved while it does. */
#ifndef IAMLEASE_FLOW_KEPT_FACTS_H
#define IAMLEASE_FLOW_KEPT_FACTS_H

#include "model/access.h"

/* Begins with an arena, all else zero. Memory of the list, not of what the facts in it hold. */
struct kept_facts {
    struct arena *arena;
    struct {
        VEC_FIELDS(struct facts);
    } blocks;
    size_t count;
};

/* Adds a fact and gives its place, where it stays. */
const struct fact *kept_facts_add(struct kept_facts *kept, const struct fact *fact);

/* Copies what is in any of `count` lists, sorted by identity; all else that facts hold stays where it is. */
struct facts kept_facts_sorted(struct arena *arena, const struct kept_facts *const *lists, size_t count);

#endif

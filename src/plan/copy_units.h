/* SPDX-License-Identifier: Apache-2.0 */
/* Inside src/plan only: statements of a lease, with its end on each, as units that stay together in one object. */
#ifndef IAMLEASE_PLAN_COPY_UNITS_H
#define IAMLEASE_PLAN_COPY_UNITS_H

#include "plan/copies.h"
#include "plan/copy_pack.h"
#include "policy/lease.h"

/* The way from a lease to its objects. */
struct copying {
    struct arena *arena;
    const struct settings *settings;
    const struct observed_account *account;
    const struct fact *fact;
    struct lease_terms terms;
    const char *sid_prefix;
    struct {
        VEC_FIELDS(struct document);
    } live;
    int64_t live_ends_at_s; /* of what stands in AWS; 0: nothing does */
    bool live_is_endless;   /* some of that was edited by hand: nobody knows its end */
    struct {
        VEC_FIELDS(struct copy_unit);
    } units;
    size_t statements; /* numbered so far */
    size_t whole_size; /* of what was added last, all of it in one object */
    struct lease_copies *ret;
};

/* Says why there are none, and gives false; see struct lease_copies. */
bool copying_refuse(struct copying *c, const char *problem, bool keeps_live, const char *message,
                    const char *hint);

/* In characters that AWS counts. */
size_t copying_size(struct copying *c, const struct document *document);

/*
 * Adds what denies and what allows, each as a unit. `tag` NULL: statements of the grant itself. False: their
 * conditions cannot be joined with those of the lease.
 */
bool copying_add_units(struct copying *c, const struct document *source, const char *tag);

/* Whether one object has that room. */
bool copying_fits(const struct copying *c, size_t size);

#endif

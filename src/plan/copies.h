/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A lease that is managed policies (DESIGN §3, mode `policy`): the statements of its grant and copies of the
 * managed policies that it names, each with the end on it, in as few objects as possible. Pure.
 */
#ifndef IAMLEASE_PLAN_COPIES_H
#define IAMLEASE_PLAN_COPIES_H

#include "model/observed.h"

struct lease_copy {
    const char *name;
    const char *document; /* minified JSON; NULL: what is copied is not known (sources_unknown) */
};

struct lease_copies {
    VEC_FIELDS(struct lease_copy); /* what denies first: it must be in place before the others */
    const char *description;       /* of each, ends in the mark */
    bool too_large;                /* of the problem: a source does not fit, and a role may do */
    const char *problem;           /* id of why there are none, or NULL; then also: */
    const char *message, *hint;
    int64_t ends_at_s; /* when the last of it ends, by its own conditions perhaps earlier; 0: not known */
    bool keeps_live;   /* what is there already may stay until its end */
    const char *terms; /* where the document is not known: a text that is equal for equal leases */
    struct strings notices; /* sources that changed since they were copied */
};

/*
 * The objects of a lease in that account. A source that was copied before is not copied again: where its
 * version has changed, the statements that stand in AWS are kept, and may end earlier, but never later
 * (problem "source-changed"). Other problems: "source-unreadable", "unreadable-date", "lease-too-large" (a
 * source that is too large to be copied).
 */
void copies_compute(struct arena *arena, const struct settings *settings,
                    const struct observed_account *account, const struct fact *fact, struct lease_copies *ret);

#endif

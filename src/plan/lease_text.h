/* SPDX-License-Identifier: Apache-2.0 */
/* Inside src/plan only: the documents of leases as text. Many leases of an account share one: it is made once. */
#ifndef IAMLEASE_PLAN_LEASE_TEXT_H
#define IAMLEASE_PLAN_LEASE_TEXT_H

#include "model/access.h"
#include "policy/lease.h"

struct lease_text {
    const struct policy_decl *policy;
    const char *sid_prefix;
    struct lease_terms terms;
    const char *json;  /* NULL: there can be none (lease_document) */
    size_t size;       /* document_measure() of it */
    int64_t ends_at_s; /* lease_ends_at() of it; INT64_MAX: it does not end, or there is none */
};

/* The last ones that were asked for; begins as zero. */
enum { LEASE_TEXTS_MAX = 32 };

struct lease_texts {
    struct lease_text items[LEASE_TEXTS_MAX];
    size_t asked; /* how many were made so far */
};

/*
 * The text of a fact's lease, of which the JSON lives as long as `arena`, and the rest until the next call.
 * `sid_prefix` lives as long as `texts`.
 */
const struct lease_text *lease_text_of(struct arena *arena, struct lease_texts *texts,
                                       const struct fact *fact, const char *sid_prefix);

#endif

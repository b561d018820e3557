/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Attachments that several grants bring: a managed policy is attached once, and stays as long as one of them
 * asks for it.
 */
#ifndef IAMLEASE_PLAN_SHARING_H
#define IAMLEASE_PLAN_SHARING_H

#include "model/access.h"

struct sharing {
    const struct facts *facts; /* of all teams, sorted by identity */
    struct arena *arena;       /* of what is known of one principal */
    const char *prefix;        /* of the identities of its permanent facts, or NULL */
    struct map brought; /* ARN → struct fact, the first that brings it; and ARN "\n2" → the second */
};

/* Call sharing_free() at the end. */
struct sharing sharing_new(const struct facts *facts);
void sharing_free(struct sharing *sharing);

/*
 * Another fact than `fact` (compared by identity) that attaches that managed policy to the same principal in
 * the same account, or NULL. Quick as long as calls for one principal come after each other.
 */
const struct fact *sharing_other(struct sharing *sharing, const struct fact *fact, const char *arn);

/* Whether the principal of a lease is given the same grant in the same account without an end, too. */
bool sharing_is_permanent_too(const struct sharing *sharing, struct arena *scratch, const struct fact *lease);

#endif

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Inside src/flow only: accounts that a merge gave other names, so that rules of their environments bind them
 * no more (DESIGN §2: "a new name for the production account does not escape production's rules"). Such a
 * merge is held like one that grants: until it is let through, or the account has such rules again, they bind
 * it all the same.
 */
#ifndef IAMLEASE_FLOW_ESCAPED_RULES_H
#define IAMLEASE_FLOW_ESCAPED_RULES_H

#include "flow/merge_judging.h"

struct escape {
    struct account_rules rules; /* that the account had */
    const struct merge *by;
    const char *why; /* what a merge would need that is let through, a clause; or NULL */
};

struct escapes {
    struct all_account_rules rules; /* of all of them, joined */
    VEC_FIELDS(struct escape);
};

/*
 * What a change will be held for: adds the accounts of `had` that it gives other names, under which they have
 * less strict rules, with the rules that they have. `by_its_names`: by the rules before it, those of the
 * accounts under the new names.
 */
void escapes_foresee(struct arena *arena, const struct all_account_rules *had,
                     const struct all_account_rules *by_its_names, const struct config *after,
                     struct all_account_rules *ret);

/* Adds what escapes in a merge that is not let through. */
void escapes_find(struct arena *arena, struct judged_merge *judged, struct escapes *ret);

/* A problem for each account that has less strict rules at head than it had. */
void escapes_report(struct arena *arena, const struct escapes *escapes, const struct source *head,
                    struct problems *problems);

#endif

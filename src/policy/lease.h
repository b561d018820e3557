/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Documents that end by themselves (DESIGN §3, "Conditions"; facts/aws.md §4.1 for what was tried).
 */
#ifndef IAMLEASE_POLICY_LEASE_H
#define IAMLEASE_POLICY_LEASE_H

#include "model/access.h"

#include <stdbool.h>
#include <stdint.h>

/* When and how a lease works. */
struct lease_terms {
    int64_t starts_at_s; /* the first second; 0: at once */
    int64_t ends_at_s;   /* the first second after it */
    bool require_mfa;
};

/* The terms of a fact that is a lease. */
struct lease_terms lease_terms_of(const struct fact *fact);

/*
 * A copy of `source` that works on those terms and never allows what one of its statements does not.
 *
 * - Every statement, Deny too, has DateLessThan aws:CurrentTime at most `ends_at_s`: an earlier DateLessThan
 *   of the source stays, of a list of dates the latest counts, several are merged to the minimum.
 * - With a start every statement has DateGreaterThanEquals aws:CurrentTime at least `starts_at_s`: of a list
 *   the earliest counts, several are merged to the maximum. Without one the source's own stay as they are.
 * - With `require_mfa` every Allow statement has Bool aws:MultiFactorAuthPresent "true".
 *
 * Values of one key are alternatives, so one that cannot be read could let the lease live on, or begin too
 * early: then false, and nothing is made; so too when a statement allows without MFA only. Dates that are
 * understood: RFC 3339, a bare date (its first second) and seconds since 1970 of 9 to 12 digits. Keys and
 * operators are compared without regard to case. DateLessThanEquals, DateGreaterThan, what ends in IfExists,
 * and the conditions on other keys stay as they are, beside ours: all conditions must hold. Sids are fresh:
 * `sid_prefix`, of letters and digits only, followed by the number of the statement from 1. The copy shares
 * the texts of `source`.
 */
bool lease_document(struct arena *arena, const struct document *source, const struct lease_terms *terms,
                    const char *sid_prefix, struct document *ret);

/* Whether it allows something, and whatever it allows with MFA only. */
bool lease_requires_mfa(const struct document *document);

/*
 * When a document stops having an effect: the latest DateLessThan aws:CurrentTime over its Allow statements
 * (of a list, the latest value; of several in one statement, the earliest), because what it denies means
 * nothing to a lease once it allows nothing. A document of Deny statements only is judged by all of them.
 * False when one of the statements that count has no such date, or one that cannot be read: it does not end.
 * A document without any statement has ended always: *ret_ends_at_s is 0.
 */
bool lease_ends_at(const struct document *document, int64_t *ret_ends_at_s);

#endif

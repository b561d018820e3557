/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Documents that end by themselves (DESIGN §3, "Conditions"; facts/aws.md §4.1 for what was tried).
 */
#ifndef IAMLEASE_POLICY_LEASE_H
#define IAMLEASE_POLICY_LEASE_H

#include "model/policy_document.h"

#include <stdbool.h>
#include <stdint.h>

/*
 * A copy of `source` in which every statement, Deny too, has DateLessThan aws:CurrentTime at most
 * `ends_at_s`: an earlier DateLessThan of the source stays, of a list of dates the latest counts, several are
 * merged to the minimum. Values of one key are alternatives, so a date that cannot be read could let the
 * lease live on: then false, and nothing is made. Understood are RFC 3339, a bare date (its first second) and
 * seconds since 1970 of 9 to 12 digits; everything else cannot be read. DateLessThanEquals and the conditions
 * on other keys stay as they are, beside ours: all conditions must hold. Sids are fresh: `sid_prefix`, of
 * letters and digits only, followed by the number of the statement from 1. The copy shares the texts of
 * `source`.
 */
bool lease_document(struct arena *arena, const struct document *source, int64_t ends_at_s,
                    const char *sid_prefix, struct document *ret);

/*
 * When a document stops having an effect: the latest DateLessThan aws:CurrentTime over its Allow statements
 * (of a list, the latest value; of several in one statement, the earliest), because what it denies means
 * nothing to a lease once it allows nothing. A document of Deny statements only is judged by all of them.
 * False when one of the statements that count has no such date, or one that cannot be read: it does not end.
 * A document without any statement has ended always: *ret_ends_at_s is 0.
 */
bool lease_ends_at(const struct document *document, int64_t *ret_ends_at_s);

#endif

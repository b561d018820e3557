/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Marks: how an object in AWS shows that it is ours (DESIGN §3, "Ownership"), and the names that our objects have.
 */
#ifndef IAMLEASE_POLICY_MARK_H
#define IAMLEASE_POLICY_MARK_H

#include "base/arena.h"
#include "model/access.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* What stands behind the team's own words in a managed policy's description: "[iamlease <owner>/<team>/<name>]". */
struct mark {
    const char *owner, *team, *name;
};

/*
 * "<description> [iamlease <owner>/<team>/<name>]", at most 1,000 characters: the description is cut, never
 * the mark. Characters that IAM refuses in a description are left out.
 */
const char *mark_description(struct arena *arena, const char *description, const struct mark *mark);

/* A description without a mark: what IAM takes of it, at most 1,000 characters, without spaces at the end. */
const char *mark_plain_description(struct arena *arena, const char *description);

/* Reads the mark at the very end of a description; false when there is none. */
bool mark_parse(struct arena *arena, const char *description, struct mark *ret);

/* So much of a description stands in front of the last mark in it: the team's own words. */
size_t mark_own_size(const char *description);

/* "iamlease" and the first 10 hex digits of SHA-256(owner): how the first Sid of our inline policies begins. */
const char *mark_sid_prefix(struct arena *arena, const char *owner);

/* Whether the first Sid of a document begins with that prefix and goes on with a digit. */
bool mark_is_on_document(const struct document *document, const char *sid_prefix);

/*
 * Reads an inline policy as AWS gave it (JSON) and says whether it carries the mark. A document that cannot
 * be read is not one that we wrote: false.
 */
bool mark_read_inline(struct arena *arena, const char *json, const char *sid_prefix, struct document *ret);

/*
 * A name that is longer than `max` (18 at least) keeps its beginning, which a reader needs, and ends in a
 * hash of the whole, which keeps names apart.
 */
const char *mark_limited(struct arena *arena, const char *name, size_t max);

/* "<team>-<policy>", dots as dashes; longer than IAM's 128 characters it ends in a hash of the whole. */
const char *mark_policy_name(struct arena *arena, const char *team, const char *policy);

/* Room for "20261130T140000Z" and a terminator. */
enum { MARK_START_SIZE = 17 };

/* The start of a lease as it stands in names and identities. Writes it to `ret` and returns that. */
const char *mark_start(int64_t starts_at_s, char ret[static MARK_START_SIZE]);

/*
 * "temp-<team>-<grant>-<user>", dots of the grant as dashes, and of a lease that has a start (not 0) also
 * "-20261130T140000Z"; longer than 128 characters it ends in a hash of the whole.
 */
const char *mark_inline_name(struct arena *arena, const char *team, const char *grant, const char *principal,
                             int64_t starts_at_s);

/* The same, of a fact that is a lease. */
const char *mark_lease_name(struct arena *arena, const struct fact *fact);

/*
 * A lease that is a managed policy: the same name, and of the second and later objects of one lease (`number`
 * from 1) also "-2", "-3".
 */
const char *mark_copy_name(struct arena *arena, const struct fact *fact, size_t number);

/*
 * A lease that is a role: the same name, in the 64 characters that IAM has for it. The console's page for
 * switching roles takes path and name in 64 together (IAM user guide, "Switch to an IAM role"): the name
 * keeps to that where the path leaves 32.
 */
const char *mark_role_name(struct arena *arena, const char *path, const struct fact *fact);

/*
 * What its mark says in place of the name of a policy: "dev.break-glass:user:bert", and of a lease with a
 * start also ":20261130T140000Z". No name of a policy holds a colon.
 */
const char *mark_copy_of(struct arena *arena, const struct fact *fact);

/* Whether the mark is that of a lease. */
bool mark_is_lease(const struct mark *mark);

/* The grant that a mark is about, of a lease or not. */
const char *mark_grant(struct arena *arena, const struct mark *mark);

/*
 * The name of an ad-hoc grant: "adhoc-" and 12 hex digits of SHA-256 over what it allows: entries that ask
 * for the same have one name, however they list it. Actions are one in any case, resources are not.
 */
const char *mark_ad_hoc(struct arena *arena, const struct statement *statement);

#endif

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The mark of a role (DESIGN §3, "Ownership"): its tag "iamlease". IAM takes no brackets and no commas in a
 * tag, so it says "<owner>/<team>/<name>", with "=2C" in place of a comma.
 */
#ifndef IAMLEASE_POLICY_ROLE_MARK_H
#define IAMLEASE_POLICY_ROLE_MARK_H

#include "policy/mark.h"

/* The key of the tag. IAM tells keys apart without regard to case. */
extern const char role_mark_key[];

/*
 * The key of the tag that a role has besides when it was granted at once, without an entry in git: it goes at
 * its end or by revoke, and not because nobody declares it. Its value is role_mark_text() of who asked for it.
 */
extern const char role_direct_key[];

/* Any text as the value of a tag, and back. NULL: it would be longer than a value may be. */
const char *role_mark_text(struct arena *arena, const char *text);
const char *role_mark_text_of(struct arena *arena, const char *value);

/*
 * The tag's value, at most 256 characters: a longer name ends in a hash of the whole. What IAM refuses in
 * tags, and '=', is written as '=' and two hex digits.
 */
const char *role_mark(struct arena *arena, const struct mark *mark);

/* The same of a fact that is a lease. */
const char *role_mark_of(struct arena *arena, const char *owner, const struct fact *fact);

/*
 * Whether a role of that ARN can be one of ours: these stand at or below `path`, which is that of the
 * settings. NULL: nobody asked AWS, and it is taken for one.
 */
bool role_mark_stands_below(const char *arn, const char *path);

/* What the values of all marks of that owner begin with: "<owner>/". */
const char *role_mark_prefix(struct arena *arena, const char *owner);

/* Reads such a value; false when it is none. */
bool role_mark_parse(struct arena *arena, const char *value, struct mark *ret);

/* Whether the value is the mark of a lease of that owner. */
bool role_mark_is_lease(struct arena *arena, const char *value, const char *owner, struct mark *ret);

/* The mark of a role or an OIDC provider of aws-roles; no name of these holds a colon, which leases have. */
const char *role_mark_kept(struct arena *arena, const struct mark *mark);

/* The same of the role that a fact of aws-roles is about. */
const char *role_mark_of_entry(struct arena *arena, const char *owner, const struct fact *fact);

/*
 * Whether the role of that mark (NULL: none) may lose what the fact gave it: where the entry declares the
 * role itself, somebody else's of that name never had it from there.
 */
bool role_mark_admits(struct arena *arena, const char *value, const char *owner, const struct fact *fact);

/* Whether the value is such a mark of that owner. */
bool role_mark_is_kept(struct arena *arena, const char *value, const char *owner, struct mark *ret);

#endif

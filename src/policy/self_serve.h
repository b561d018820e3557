/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What cloud-iam-self-serve leaves in AWS, as its scripts write it: how its objects are told from all others
 * when --adopt takes them over. Nothing here says that an object is ours (policy/ownership.h).
 */
#ifndef IAMLEASE_POLICY_SELF_SERVE_H
#define IAMLEASE_POLICY_SELF_SERVE_H

#include "model/observed.h"

/*
 * Whether the scripts made this customer managed policy for that team (NULL: for any): it stands at the path
 * "/", and its description ends in "(managed by iam-as-code for <team>)". IAM lets nobody change either.
 */
bool self_serve_made_policy(const struct observed_policy *policy, const char *team);

/* So much of such a description stands in front of that: the team's own words. */
size_t self_serve_own_size(const char *description);

/*
 * The name of the inline policy that the scripts make for a temporary grant to a user: that of
 * mark_inline_name(), but dashes stand for the dots of the user's name, too, it knows no start and no limit.
 * NULL where they make none.
 */
const char *self_serve_inline_name(struct arena *arena, const struct fact *fact);

/*
 * Whether a document is one of the scripts' temporary grants: no statement has a Sid or any condition but
 * DateLessThan aws:CurrentTime at 23:59:59Z, on one and the same day. *ret_ends_at_s is that instant.
 */
bool self_serve_made_inline(struct arena *arena, const char *json, int64_t *ret_ends_at_s);

#endif

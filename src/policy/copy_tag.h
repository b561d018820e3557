/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the Sids of a lease say of the managed policies that it copied: behind the number of the first
 * statement of each stands "x1a2b3c4dv12", a hash of the policy's ARN and the version that was copied.
 */
#ifndef IAMLEASE_POLICY_COPY_TAG_H
#define IAMLEASE_POLICY_COPY_TAG_H

#include "model/policy_document.h"

enum { COPY_TAG_SIZE = 9 }; /* characters, without a version */

/* "x1a2b3c4d": which policy; its version follows. */
const char *copy_tag(struct arena *arena, const char *arn);

/* A version as it stands there: a Sid takes letters and digits only. */
const char *copy_tag_version(struct arena *arena, const char *version_id);

/* The tag of a statement, with its version; "" where there is none, or the Sid does not begin as ours. */
const char *copy_tag_of(const struct statement *statement, const char *sid_prefix);

#endif

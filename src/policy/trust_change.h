/* SPDX-License-Identifier: Apache-2.0 */
/* Who comes and who goes when one trust policy takes the place of another. Pure. */
#ifndef IAMLEASE_POLICY_TRUST_CHANGE_H
#define IAMLEASE_POLICY_TRUST_CHANGE_H

#include "base/arena.h"
#include "model/policy_document.h"

#include <stdbool.h>

/*
 * Whether `after` lets in somebody whom `before` does not. True as well where that cannot be told: of Deny,
 * of conditions that compare anything but texts, and of wildcards that do not stand at the end.
 */
bool trust_admits_more(struct arena *arena, const struct document *before, const struct document *after);

/*
 * A trust policy for those whom both let in, as far as it can be told: part of `after`, so it is no longer
 * than that; one that lets nobody in where nobody is left.
 */
void trust_common(struct arena *arena, const struct document *before, const struct document *after,
                  struct document *ret);

/* A trust policy that lets nobody in. IAM takes none that is empty. */
void trust_of_nobody(struct arena *arena, struct document *ret);

#endif

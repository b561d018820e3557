/* SPDX-License-Identifier: Apache-2.0 */
/* Descriptions that a change edits and AWS does not take: IAM lets nobody change that of a managed policy. */
#ifndef IAMLEASE_PLAN_KEPT_WORDS_H
#define IAMLEASE_PLAN_KEPT_WORDS_H

#include "model/plan.h"

/*
 * One notice with the names of the policies, "team/policy", that have another description afterwards and that
 * somebody has before and afterwards as a managed policy; or none. Both sets are sorted.
 */
void kept_words_note(struct arena *arena, const struct facts *before, const struct facts *after,
                     struct notices *ret);

#endif

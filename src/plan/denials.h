/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Inside src/plan only: in which order objects that allow and objects that deny come and go. What denies
 * comes first and goes last: otherwise something would be allowed for a moment that neither was allowed
 * before nor shall be.
 */
#ifndef IAMLEASE_PLAN_DENIALS_H
#define IAMLEASE_PLAN_DENIALS_H

#include "plan/account_work.h"

/* When something is detached; attached in the opposite order. What nobody has read counts as allowing only. */
enum denial_turn { ALLOWS_ONLY, DENIES_TOO, DENIES_ONLY, DENIAL_TURNS };

/* Of a document; one that cannot be read allows only. */
enum denial_turn denial_turn_of(struct arena *arena, const char *json);

/* Of a managed policy as AWS holds it: one of the account, or a source that was read. */
enum denial_turn work_denial_turn(struct account_work *work, const char *arn);

/*
 * Whether `after` denies at least what `before` does, and at least as long. Statements that say it in other
 * words count as others.
 */
bool denials_are_kept(struct arena *arena, const char *before, const char *after);

/*
 * Adds operations that detach managed policies from one principal, each after those of an earlier turn. Gives
 * the index of the first; they stand behind each other.
 */
size_t work_detach_in_turns(struct account_work *work, const struct operation *operations, size_t count);

#endif

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What nobody looked at: managed policies that a change gives, whose documents are in AWS and not in git. So
 * neither the guardrails nor "can undo its own end" (undo.h) have seen what they allow.
 */
#ifndef IAMLEASE_PLAN_UNREAD_H
#define IAMLEASE_PLAN_UNREAD_H

#include "model/plan.h"

/* One notice with their names, or none when the rows that give something name no managed policy. */
void unread_note(struct arena *arena, const struct delta *delta, struct notices *ret);

#endif

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Whether access can undo its own end (DESIGN §4, guardrails): change IAM objects of ours, or the policies of
 * whoever it is given to. From the custom statements alone: what an AWS managed policy allows is not in git.
 */
#ifndef IAMLEASE_PLAN_UNDO_H
#define IAMLEASE_PLAN_UNDO_H

#include "model/access.h"

struct undo_rules {
    struct arena *scratch;
    const struct settings *settings; /* partition, and path of our policies */
    struct map harmless;             /* addresses of policies that do not reach into IAM at all */
};

struct undo_rules undo_rules_new(struct arena *scratch, const struct settings *settings);

/* Conditions are not looked at, and a policy variable may stand for anything: it says what may be. */
bool can_undo_its_end(struct undo_rules *rules, const struct fact *fact);

#endif

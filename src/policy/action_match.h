/* SPDX-License-Identifier: Apache-2.0 */
/* Which actions the patterns of a policy document reach. Patterns have '*' and '?'; case does not matter. */
#ifndef IAMLEASE_POLICY_ACTION_MATCH_H
#define IAMLEASE_POLICY_ACTION_MATCH_H

#include "model/policy_document.h"

#include <stdbool.h>

/* Whether some action is matched by both patterns: "iam:*" and "iam:Create?ser" have one in common. */
bool action_patterns_meet(const char *a, const char *b);

/*
 * Whether every action that `inner` matches is matched by `outer`. Never true when it is not so; false in
 * rare cases when it is ("?*" and "*?"), which is the safe side for whoever asks what is excluded.
 */
bool action_pattern_covers(const char *outer, const char *inner);

/*
 * Whether an Allow statement of `document` can allow an action that `pattern` matches, after wildcards and
 * NotAction. Deny statements, conditions and resources are not looked at: they narrow it, and can be changed.
 * *ret_action is what allows it, as written; for a NotAction "NotAction".
 */
bool document_allows(const struct document *document, const char *pattern, const char **ret_action);

#endif

/* SPDX-License-Identifier: Apache-2.0 */
/* Which actions a policy document reaches. */
#ifndef IAMLEASE_POLICY_ACTION_MATCH_H
#define IAMLEASE_POLICY_ACTION_MATCH_H

#include "model/policy_document.h"

#include <stdbool.h>

/*
 * Whether an Allow statement of `document` can allow an action that `pattern` matches, after wildcards and
 * NotAction. Deny statements, conditions and resources are not looked at: they narrow it, and can be changed.
 * *ret_action is what allows it, as written; for a NotAction "NotAction".
 */
bool document_allows(const struct document *document, const char *pattern, const char **ret_action);

#endif

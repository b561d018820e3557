/* SPDX-License-Identifier: Apache-2.0 */
#include "policy/action_match.h"

#include "policy/pattern.h"

static bool any_covers(const struct strings *patterns, const char *inner)
{
    for (size_t i = 0; i < patterns->count; i++)
        if (pattern_covers(patterns->items[i], inner))
            return true;
    return false;
}

bool document_allows(const struct document *document, const char *pattern, const char **ret_action)
{
    for (size_t i = 0; i < document->count; i++) {
        const struct statement *statement = &document->items[i];
        if (statement->effect != EFFECT_ALLOW)
            continue;
        for (size_t k = 0; k < statement->actions.count; k++)
            if (patterns_meet(statement->actions.items[k], pattern)) {
                *ret_action = statement->actions.items[k];
                return true;
            }
        if (statement->not_actions.count && !any_covers(&statement->not_actions, pattern)) {
            *ret_action = "NotAction";
            return true;
        }
    }
    return false;
}

/* SPDX-License-Identifier: Apache-2.0 */
#include "render/plan_outputs.h"

#include "render/summary.h"

static const char *number(struct arena *arena, size_t count)
{
    return arena_printf(arena, "%zu", count);
}

void render_outputs(struct arena *arena, const struct plan *plan,
                    struct plan_output ret[static PLAN_OUTPUT_COUNT])
{
    const size_t *counts = plan->delta.counts;
    size_t changes = counts[CHANGE_EXTEND] + counts[CHANGE_MODIFY] + counts[CHANGE_SHORTEN];
    const struct plan_output outputs[PLAN_OUTPUT_COUNT] = {
        {"has-changes", plan_has_changes(plan) ? "true" : "false"},
        {"grants", number(arena, counts[CHANGE_GRANT])},
        {"changes", number(arena, changes)},
        {"revokes", number(arena, counts[CHANGE_REVOKE])},
        {"held", number(arena, counts[CHANGE_HOLD])},
        {"digest", plan->digest ? plan->digest : ""},
    };
    for (size_t i = 0; i < PLAN_OUTPUT_COUNT; i++)
        ret[i] = outputs[i];
}

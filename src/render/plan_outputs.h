/* SPDX-License-Identifier: Apache-2.0 */
/* What a plan gives to the later steps of a workflow: the outputs of the action, by their names. */
#ifndef IAMLEASE_RENDER_PLAN_OUTPUTS_H
#define IAMLEASE_RENDER_PLAN_OUTPUTS_H

#include "model/plan.h"

enum { PLAN_OUTPUT_COUNT = 6 };

struct plan_output {
    const char *name;
    const char *value;
};

/*
 * has-changes ("true" when apply would do anything, otherwise "false"), grants, changes (extended, changed or
 * shortened), revokes and held (counts of rows), digest (64 hexadecimal digits, or ""). Values live in the arena.
 */
void render_outputs(struct arena *arena, const struct plan *plan,
                    struct plan_output ret[static PLAN_OUTPUT_COUNT]);

#endif

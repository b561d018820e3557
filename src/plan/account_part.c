/* SPDX-License-Identifier: Apache-2.0 */
#include "plan/account_part.h"

struct account_part account_part_new(const struct plan *plan)
{
    return (struct account_part){
        .scratch = arena_new(),
        .plan = {.settings = plan->settings, .now_s = plan->now_s, .head_id = plan->head_id},
    };
}

static const char *keep_text(struct arena *arena, const char *text)
{
    return text ? arena_strdup(arena, text) : NULL;
}

static void keep_operations(struct arena *arena, const struct account_part *part, struct operations *ret)
{
    const size_t first = ret->count; /* they need each other by their places in the list */
    struct map texts = map_new(part->scratch);
    for (size_t i = 0; i < part->plan.operations.count; i++) {
        struct operation kept = operation_copy(arena, &part->plan.operations.items[i], &texts);
        for (size_t j = 0; j < kept.after.count; j++)
            kept.after.items[j] += first;
        *VEC_ADD_ALONE(arena, ret) = kept;
    }
}

void account_part_keep(struct arena *arena, struct account_part *part, struct plan *plan)
{
    const struct plan *found = &part->plan;
    keep_operations(arena, part, &plan->operations);
    for (size_t i = 0; i < found->problems.count; i++) {
        struct problem problem = found->problems.items[i];
        problem.message = keep_text(arena, problem.message);
        problem.hint = keep_text(arena, problem.hint);
        *VEC_ADD(arena, &plan->problems) = problem;
    }
    for (size_t i = 0; i < found->notices.count; i++)
        *VEC_ADD(arena, &plan->notices) = keep_text(arena, found->notices.items[i]);
    for (size_t i = 0; i < found->drift.count; i++) {
        struct drift_row row = found->drift.items[i];
        row.message = keep_text(arena, row.message);
        *VEC_ADD(arena, &plan->drift) = row;
    }
    arena_freep(&part->scratch);
}

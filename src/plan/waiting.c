/* SPDX-License-Identifier: Apache-2.0 */
#include "plan/waiting.h"

struct indexes {
    VEC_FIELDS(size_t);
};

void work_wait_for(struct account_work *work, size_t waiting, size_t needed)
{
    const struct operation *operation = &work->plan->operations.items[waiting];
    for (size_t i = 0; i < operation->after.count; i++)
        if (operation->after.items[i] == needed)
            return;
    work_after(work, waiting, needed);
}

void work_mark_needed(const struct account_work *work, size_t operation, bool *needed)
{
    struct indexes open = {0};
    CLEANUP(arena_freep) struct arena *scratch = arena_new();
    *VEC_ADD(scratch, &open) = operation;
    while (open.count) {
        const struct operation *next = &work->plan->operations.items[open.items[--open.count]];
        for (size_t i = 0; i < next->after.count; i++)
            if (!needed[next->after.items[i]]) {
                needed[next->after.items[i]] = true;
                *VEC_ADD(scratch, &open) = next->after.items[i];
            }
    }
}

void work_wait_unless_needed(struct account_work *work, size_t waiting, size_t needed)
{
    CLEANUP(arena_freep) struct arena *scratch = arena_new();
    bool *marks = arena_array(scratch, work->plan->operations.count, sizeof *marks);
    work_mark_needed(work, needed, marks);
    if (waiting != needed && !marks[waiting])
        work_wait_for(work, waiting, needed);
}

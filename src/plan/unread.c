/* SPDX-License-Identifier: Apache-2.0 */
#include "plan/unread.h"

enum { NAMES_MAX = 8 };

static void add(struct arena *arena, struct map *seen, const char *arn, struct strings *ret)
{
    static char listed;
    if (!map_get(seen, arn))
        strings_add(arena, ret, arn);
    map_put(seen, arn, &listed);
}

/* A row that changes gives what its policy gains; one that grants or extends gives all of it. */
static void collect(struct arena *arena, const struct delta *delta, struct strings *ret)
{
    struct map seen = map_new(arena);
    for (size_t i = 0; i < delta->count; i++) {
        const struct delta_row *row = &delta->items[i];
        const struct strings *gained = &policy_change_of(row)->policies_gained;
        for (size_t j = 0; row->kind == CHANGE_MODIFY && j < gained->count; j++)
            add(arena, &seen, gained->items[j], ret);
        if (row->kind != CHANGE_GRANT && row->kind != CHANGE_EXTEND)
            continue;
        const struct located_list *policies = &row->after->policy->managed_policies;
        for (size_t j = 0; j < policies->count; j++)
            add(arena, &seen, policies->items[j].text, ret);
    }
    strings_sort_unique(ret);
}

void unread_note(struct arena *arena, const struct delta *delta, struct notices *ret)
{
    CLEANUP(arena_freep) struct arena *scratch = arena_new();
    struct strings arns = {0};
    collect(scratch, delta, &arns);
    if (!arns.count)
        return;
    const char *names = "";
    for (size_t i = 0; i < arns.count && i < NAMES_MAX; i++)
        names = arena_printf(scratch, "%s%s%s", names, i ? ", " : "", arns.items[i]);
    if (arns.count > NAMES_MAX)
        names = arena_printf(scratch, "%s and %zu more", names, arns.count - NAMES_MAX);
    *VEC_ADD(arena, ret) =
        arena_printf(arena,
                     "what these managed policies allow was not read, so nobody has looked whether it meets a "
                     "guardrail or can undo its own end: %s",
                     names);
}

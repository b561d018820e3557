/* SPDX-License-Identifier: Apache-2.0 */
#include "flow/history_removals.h"

#include "base/str.h"
#include "plan/fuse.h"

void removals_judge(const struct step_reader *reader, const struct merge *merge, const char *accepted,
                    int64_t now_s, struct blown_merges *blown)
{
    const struct facts *before = &merge->before->facts, *after = &merge->after->facts;
    const char *commit_id = merge->after->source.commit_id, *why;
    struct fuse fuse =
        fuse_judge(before, after, NULL, &merge->rules, source_is_empty(&merge->after->source), now_s);
    if (!fuse.blown || (accepted && str_eq(accepted, commit_id)) ||
        approvals_allow_removals(reader, merge, &why))
        return;
    struct blown_merge *found = VEC_ADD(reader->arena, blown);
    *found = (struct blown_merge){.commit_id = commit_id,
                                  .what = fuse_describe(reader->arena, &fuse, &merge->rules),
                                  .why = why};
    for (size_t i = 0; i < before->count; i++)
        if (!fact_has_ended(&before->items[i], now_s) && !facts_find(after, before->items[i].identity))
            strings_add(reader->arena, &found->removed, before->items[i].identity);
}

void removals_hold(struct arena *arena, const struct blown_merges *blown, const struct facts *head,
                   const struct facts *candidates, struct facts *held, struct problems *problems)
{
    struct map identities = map_new(arena);
    for (size_t i = 0; i < blown->count; i++) {
        struct blown_merge *merge = &blown->items[i];
        size_t missing = 0;
        for (size_t j = 0; j < merge->removed.count; j++)
            if (!facts_find(head, merge->removed.items[j])) {
                map_put(&identities, merge->removed.items[j], merge);
                missing++;
            }
        if (!missing)
            continue;
        struct problem *problem = problem_add(arena, problems, "held-removals", NULL, NULL,
                                              "commit %.12s %s, and %s: none of these is removed",
                                              merge->commit_id, merge->what, merge->why);
        problem->hint = arena_printf(
            arena,
            "if that is meant: have somebody else than its author set the label " LABEL_REMOVALS_OK
            " on its pull request, or iamlease apply --accept-removals %s",
            merge->commit_id);
    }
    for (size_t i = 0; identities.count && i < candidates->count; i++)
        if (map_get(&identities, candidates->items[i].identity))
            *VEC_ADD(arena, held) = candidates->items[i];
}

/* SPDX-License-Identifier: Apache-2.0 */
#include "plan/implied_operations.h"

#include "plan/lease_text.h"

static struct facts of_account(const struct facts *facts, const char *account_id)
{
    size_t count = 0, from = facts ? facts_of_account(facts, account_id, &count) : 0;
    return (struct facts){.items = count ? facts->items + from : NULL, .count = count, .capacity = count};
}

static void imply_account(struct arena *arena, const struct implied_input *input, const char *account_id,
                          struct plan *plan)
{
    CLEANUP(arena_freep) struct arena *scratch = arena_new();
    const struct facts before = of_account(input->before, account_id),
                       after = of_account(input->after, account_id),
                       held = of_account(input->held, account_id);
    struct observed observed = {0};
    struct lease_texts *texts = ARENA_NEW(scratch, struct lease_texts);
    operations_implied_state(scratch, input->settings, &before, &after, texts, &observed);
    const struct operations_input operations = {
        .settings = plan->settings,
        .desired = &after,
        .held = &held,
        .candidates = &before,
        .applied = &before,
        .observed = &observed,
        .teams = input->teams,
        .now_s = plan->now_s,
        .texts = texts,
    };
    operations_compute(arena, &operations, plan);
}

void operations_imply(struct arena *arena, const struct implied_input *input, struct plan *plan)
{
    const struct facts *before = input->before, *after = input->after;
    size_t count;
    for (size_t i = 0; i < before->count; i += count) {
        const char *account_id = before->items[i].account_id;
        facts_of_account(before, account_id, &count);
        imply_account(arena, input, account_id, plan);
    }
    for (size_t i = 0; i < after->count; i += count) {
        const char *account_id = after->items[i].account_id;
        facts_of_account(after, account_id, &count);
        if (!of_account(before, account_id).count)
            imply_account(arena, input, account_id, plan);
    }
}

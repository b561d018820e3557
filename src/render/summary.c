/* SPDX-License-Identifier: Apache-2.0 */
#include "render/summary.h"

#include "render/escape.h"

static void note_account(struct summary *summary, const struct fact *fact)
{
    struct strings *names = map_get(&summary->names, fact->account_id);
    if (!names)
        names = map_put(&summary->names, fact->account_id, ARENA_NEW(summary->arena, struct strings));
    if (fact->environment)
        strings_add_unique(summary->arena, names, fact->environment);
}

static void count_rows(struct summary *summary, const struct delta *delta)
{
    static char seen[] = "seen";
    struct map principals[PRINCIPAL_KIND_COUNT];
    for (enum principal_kind kind = 0; kind < PRINCIPAL_KIND_COUNT; kind++)
        principals[kind] = map_new(summary->arena);
    for (size_t i = 0; i < delta->count; i++) {
        const struct fact *fact = row_fact(&delta->items[i]);
        map_put(&principals[fact->principal_kind], fact->principal, seen);
        note_account(summary, fact);
        summary->high_risks += delta->items[i].risk == RISK_HIGH;
    }
    for (enum principal_kind kind = 0; kind < PRINCIPAL_KIND_COUNT; kind++)
        summary->principals[kind] = principals[kind].count;
    summary->accounts = summary->names.count;
}

static void group_operations(struct summary *summary, const struct operations *operations)
{
    struct map groups =
        map_new(summary->arena); /* account id → its index, since groups move while they grow */
    for (size_t i = 0; i < operations->count; i++) {
        const char *account_id = operations->items[i].account_id;
        size_t *number = map_get(&groups, account_id);
        if (!number) {
            VEC_ADD(summary->arena, &summary->groups)->account_id = account_id;
            number = ARENA_NEW(summary->arena, size_t);
            *number = summary->groups.count - 1;
            map_put(&groups, account_id, number);
        }
        *VEC_ADD(summary->arena, &summary->groups.items[*number]) = i;
    }
}

struct summary summary_new(struct arena *arena, const struct plan *plan)
{
    struct summary summary = {.arena = arena, .names = map_new(arena)};
    count_rows(&summary, &plan->delta);
    for (size_t i = 0; i < plan->problems.count; i++)
        if (plan->problems.items[i].fact)
            note_account(&summary, plan->problems.items[i].fact);
    group_operations(&summary, &plan->operations);
    return summary;
}

void summary_scope(struct buf *out, const struct summary *summary)
{
    static const char *const many[PRINCIPAL_KIND_COUNT] = {"users", "roles", "groups"};
    for (enum principal_kind kind = 0; kind < PRINCIPAL_KIND_COUNT; kind++)
        if (summary->principals[kind]) {
            wording_count(out, summary->principals[kind], principal_kind_name(kind), many[kind]);
            RAW(out, ", ");
        }
    wording_count(out, summary->accounts, "account", "accounts");
}

void summary_account(struct buf *out, const struct language *language, const struct summary *summary,
                     const char *account_id)
{
    const struct strings *names = map_get(&summary->names, account_id);
    if (!names || !names->count) {
        wording_account(out, language, NULL, account_id);
        return;
    }
    for (size_t i = 0; i + 1 < names->count; i++) {
        language->name(out, names->items[i]);
        RAW(out, " / ");
    }
    wording_account(out, language, names->items[names->count - 1], account_id);
}

void summary_concern(struct buf *out, const struct language *language, const struct summary *summary,
                     const struct problem *problem)
{
    const struct fact *fact = problem->fact;
    if (!fact) {
        summary_account(out, language, summary, problem->account_id);
        return;
    }
    wording_grant(out, language, fact->team, fact->grant);
    RAW(out, " for ");
    wording_principal(out, language, fact->principal_kind, fact->principal, fact->declared_as);
    RAW(out, " in ");
    wording_account(out, language, fact->environment, fact->account_id);
}

bool plan_is_quiet(const struct plan *plan)
{
    return !plan->delta.count && !plan->operations.count && !plan->problems.count;
}

/* SPDX-License-Identifier: Apache-2.0 */
#include "render/summary.h"

#include "base/str.h"
#include "render/escape.h"

#include <stdio.h>

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
    for (size_t kind = 0; kind < PRINCIPAL_KIND_COUNT; kind++)
        principals[kind] = map_new(summary->arena);
    for (size_t i = 0; i < delta->count; i++) {
        const struct fact *fact = row_fact(&delta->items[i]);
        if (!fact_is_provider(fact))
            map_put(&principals[fact->principal_kind], fact->principal, seen);
        note_account(summary, fact);
        summary->high_risks += delta->items[i].risk == RISK_HIGH;
        summary->held += delta->items[i].risk != RISK_HIGH && delta->items[i].kind == CHANGE_HOLD;
    }
    for (size_t i = 0; i < delta->side.count; i++)
        summary->high_risks += delta->side.items[i].risk == RISK_HIGH;
    for (size_t kind = 0; kind < PRINCIPAL_KIND_COUNT; kind++)
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
    struct summary summary = {.arena = arena,
                              .delta = &plan->delta,
                              .names = map_new(arena),
                              .explained = map_new(arena)};
    count_rows(&summary, &plan->delta);
    for (size_t i = 0; i < plan->problems.count; i++)
        if (plan->problems.items[i].fact)
            note_account(&summary, plan->problems.items[i].fact);
    group_operations(&summary, &plan->operations);
    return summary;
}

bool summary_explains(struct summary *summary, const struct delta_row *row, bool *ret_refers)
{
    const struct policy_decl *policy = row->after ? row->after->policy : NULL;
    char pointer[STR_POINTER_SIZE], key[STR_POINTER_SIZE + 16];
    *ret_refers = false;
    if (!policy)
        return true;
    snprintf(key, sizeof key, "%s %s", change_kind_name(row->kind), str_of_pointer(policy, pointer));
    size_t *first = map_get(&summary->explained, key);
    if (first) {
        bool known = rows_change_alike(&summary->delta->items[*first], row);
        *ret_refers = known && row->policy_changes;
        return !known;
    }
    first = ARENA_NEW(summary->arena, size_t);
    *first = (size_t)(row - summary->delta->items);
    map_put(&summary->explained, arena_strdup(summary->arena, key), first);
    return true;
}

void summary_scope(struct buf *out, const struct summary *summary)
{
    static const char *const words[PRINCIPAL_KIND_COUNT][2] = {
        [PRINCIPAL_USER] = {"user", "users"},
        [PRINCIPAL_ROLE] = {"role", "roles"},
        [PRINCIPAL_GROUP] = {"group", "groups"},
    };
    for (size_t kind = 0; kind < PRINCIPAL_KIND_COUNT; kind++) {
        if (!summary->principals[kind])
            continue;
        wording_count(out, summary->principals[kind], words[kind][0], words[kind][1]);
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
    wording_holder(out, language, fact);
    RAW(out, " in ");
    wording_account(out, language, fact->environment, fact->account_id);
}

bool plan_has_changes(const struct plan *plan)
{
    return plan->delta.count > plan->delta.counts[CHANGE_HOLD] || plan->operations.count;
}

bool plan_is_quiet(const struct plan *plan)
{
    return !plan_has_changes(plan) && !plan->delta.count && !plan->delta.side.count &&
           !plan->problems.count && !plan->drift.count;
}

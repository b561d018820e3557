/* SPDX-License-Identifier: Apache-2.0 */
#include "plan/delta.h"

#include "plan/delta_notes.h"
#include "plan/pairing.h"
#include "plan/policy_change.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

struct comparing {
    struct arena *arena;
    const struct facts *held;
    struct policy_changes changes;
    struct delta_judge judge;
    struct delta *delta;
};

static void add_row(struct comparing *comparing, struct delta_row row)
{
    delta_judge_row(&comparing->judge, &row);
    *VEC_ADD_ALONE(comparing->arena, comparing->delta) = row;
    comparing->delta->counts[row.kind]++;
}

static bool is_held(const struct comparing *comparing, const struct fact *fact)
{
    return fact && comparing->held && facts_find(comparing->held, fact->identity);
}

/*
 * What happens to a fact that both sides have; false: nothing. Shorter but perhaps wider is never among the
 * harmless rows, nor is a window that moved.
 */
static bool kind_of_pair(const struct delta_row *row, enum change_kind *ret)
{
    const struct fact *before = row->before, *after = row->after;
    bool changes = row->policy_changes || before->starts_at_s != after->starts_at_s ||
                   before->require_mfa != after->require_mfa || before->mode != after->mode;
    if (before->starts_at_s != after->starts_at_s || before->ends_at_s == after->ends_at_s)
        *ret = CHANGE_MODIFY;
    else if (after->ends_at_s > before->ends_at_s)
        *ret = CHANGE_EXTEND;
    else
        *ret = changes ? CHANGE_MODIFY : CHANGE_SHORTEN;
    return changes || before->ends_at_s != after->ends_at_s;
}

static void compare_pair(struct comparing *comparing, const struct fact *before, const struct fact *after)
{
    struct delta_row row = {.before = before, .after = after};
    assert(before || after);
    if ((before && after) || fact_is_role(before ? before : after) ||
        fact_is_provider(before ? before : after))
        policy_changes_of(&comparing->changes, &row);
    if (is_held(comparing, before) || is_held(comparing, after))
        row.kind = CHANGE_HOLD;
    else if (!before)
        row.kind = CHANGE_GRANT;
    else if (!after)
        row.kind = CHANGE_REVOKE;
    else if (!kind_of_pair(&row, &row.kind))
        return;
    add_row(comparing, row);
}

static int compare_rows(const void *left, const void *right)
{
    const struct delta_row *a = left, *b = right;
    if (a->risk != b->risk)
        return a->risk < b->risk ? -1 : 1;
    if (a->kind != b->kind)
        return a->kind < b->kind ? -1 : 1;
    const struct fact *x = a->after ? a->after : a->before, *y = b->after ? b->after : b->before;
    int order = strcmp(x->team, y->team);
    if (!order)
        order = strcmp(x->principal, y->principal);
    return order ? order : strcmp(x->identity, y->identity);
}

void delta_compute(struct arena *arena, const struct delta_input *input, struct delta *ret)
{
    CLEANUP(arena_freep) struct arena *scratch = arena_new();
    struct comparing comparing = {
        .arena = arena,
        .held = input->held,
        .changes = policy_changes_new(arena, scratch),
        .judge =
            {
                .arena = arena,
                .scratch = scratch,
                .administrative = map_new(scratch),
                .undo = undo_rules_new(scratch, input->settings),
                .sharing = sharing_new(input->all_after ? input->all_after : input->after),
            },
        .delta = ret,
    };
    struct pairing pairing = pairing_new(input->before, input->after);
    const struct fact *before, *after;
    while (pairing_next(&pairing, &before, &after))
        compare_pair(&comparing, before, after);
    sharing_free(&comparing.judge.sharing);
    if (ret->count)
        qsort(ret->items, ret->count, sizeof *ret->items, compare_rows);
}

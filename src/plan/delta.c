/* SPDX-License-Identifier: Apache-2.0 */
#include "plan/delta.h"

#include "base/str.h"
#include "policy/document.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

/* Adds to `ret` what `from` has and `without` lacks. */
static void subtract(struct arena *arena, const struct strings *from, const struct strings *without,
                     struct strings *ret)
{
    for (size_t i = 0; i < from->count; i++)
        if (!strings_contain(without, from->items[i]))
            strings_add(arena, ret, from->items[i]);
}

static void managed_of(struct arena *arena, const struct policy_decl *policy, struct strings *ret)
{
    for (size_t i = 0; i < policy->managed_policies.count; i++)
        strings_add_unique(arena, ret, policy->managed_policies.items[i].text);
}

/* A copy in which every Allow statement has the same actions, and the document is compared by all the rest. */
static struct document without_actions(struct arena *arena, const struct document *document)
{
    struct document copy = {0};
    for (size_t i = 0; i < document->count; i++) {
        struct statement *statement = VEC_ADD(arena, &copy);
        *statement = document->items[i];
        if (statement->effect == EFFECT_ALLOW && statement->actions.count) {
            statement->actions = (struct strings){0};
            strings_add(arena, &statement->actions, "*");
        }
    }
    return copy;
}

static bool differ_in_actions_only(struct arena *arena, const struct document *a, const struct document *b)
{
    const struct document left = without_actions(arena, a), right = without_actions(arena, b);
    return document_equal(arena, &left, &right);
}

/* Fills what the policy behind a fact gains and loses; false when it means the same. */
static bool policy_changes(struct arena *arena, struct delta_row *row)
{
    const struct policy_decl *before = row->before->policy, *after = row->after->policy;
    struct strings actions[2] = {0}, managed[2] = {0};
    managed_of(arena, before, &managed[0]);
    managed_of(arena, after, &managed[1]);
    subtract(arena, &managed[1], &managed[0], &row->policies_gained);
    subtract(arena, &managed[0], &managed[1], &row->policies_lost);
    bool same_documents = document_equal(arena, &before->custom, &after->custom);
    if (same_documents)
        return row->policies_gained.count || row->policies_lost.count;
    document_allowed_actions(arena, &before->custom, &actions[0]);
    document_allowed_actions(arena, &after->custom, &actions[1]);
    subtract(arena, &actions[1], &actions[0], &row->actions_gained);
    subtract(arena, &actions[0], &actions[1], &row->actions_lost);
    row->resources_change = !differ_in_actions_only(arena, &before->custom, &after->custom);
    return true;
}

/* AWS's own policies that give everything, or the power to give oneself everything. */
static bool is_administrative(const struct policy_decl *policy)
{
    static const char *const names[] = {":policy/AdministratorAccess", ":policy/IAMFullAccess"};
    for (size_t i = 0; i < policy->managed_policies.count; i++)
        for (size_t j = 0; j < sizeof names / sizeof names[0]; j++)
            if (str_suffix(policy->managed_policies.items[i].text, names[j]))
                return true;
    return document_is_administrative(&policy->custom);
}

/* What a reader must know beside the row, or NULL. */
static const char *note_for(struct arena *arena, const struct delta_row *row, bool administrative)
{
    const struct fact *fact = row->after;
    struct strings notes = {0};
    if (administrative)
        strings_add(arena, &notes, "administrator access");
    if (fact && fact->kind == ACCESS_LEASE && fact->mode != MODE_INLINE)
        strings_add(arena, &notes, "this version cannot grant it: nothing is granted");
    if (fact && fact->kind == ACCESS_LEASE && fact->entries > 1)
        strings_add(arena, &notes,
                    arena_printf(arena, "%u entries ask for this: the latest end counts", fact->entries));
    if (row->resources_change)
        strings_add(arena, &notes, "resources, conditions or Deny statements change: see the document");
    const char *note = NULL;
    for (size_t i = 0; i < notes.count; i++)
        note = note ? arena_printf(arena, "%s; %s", note, notes.items[i]) : notes.items[i];
    return note;
}

static void judge(struct arena *arena, struct delta_row *row)
{
    bool takes_away = row->kind == CHANGE_REVOKE || row->kind == CHANGE_SHORTEN;
    const struct fact *fact = row->after ? row->after : row->before;
    bool administrative = !takes_away && is_administrative(fact->policy);
    row->risk = takes_away                       ? RISK_LOW
                : administrative                 ? RISK_HIGH
                : fact->kind == ACCESS_PERMANENT ? RISK_MEDIUM
                                                 : RISK_LOW;
    row->note = note_for(arena, row, administrative);
}

static void add_row(struct arena *arena, struct delta *delta, const struct fact *before,
                    const struct fact *after)
{
    assert(before || after);
    struct delta_row row = {.before = before, .after = after};
    if (!before) {
        row.kind = CHANGE_GRANT;
    } else if (!after) {
        row.kind = CHANGE_REVOKE;
    } else {
        bool changed = policy_changes(arena, &row);
        if (after->ends_at_s != before->ends_at_s)
            row.kind = after->ends_at_s > before->ends_at_s ? CHANGE_EXTEND : CHANGE_SHORTEN;
        else if (changed)
            row.kind = CHANGE_MODIFY;
        else
            return;
        if (changed && row.kind == CHANGE_SHORTEN)
            row.kind = CHANGE_MODIFY; /* shorter, but perhaps wider: never among the harmless rows */
    }
    judge(arena, &row);
    *VEC_ADD(arena, delta) = row;
    delta->counts[row.kind]++;
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

void delta_compute(struct arena *arena, const struct facts *before, const struct facts *after,
                   struct delta *ret)
{
    size_t i = 0, j = 0;
    while (i < before->count || j < after->count) {
        const struct fact *old = i < before->count ? &before->items[i] : NULL;
        const struct fact *new = j < after->count ? &after->items[j] : NULL;
        int order = !old ? 1 : !new ? -1 : strcmp(old->identity, new->identity);
        add_row(arena, ret, order <= 0 ? old : NULL, order >= 0 ? new : NULL);
        i += order <= 0;
        j += order >= 0;
    }
    if (ret->count)
        qsort(ret->items, ret->count, sizeof *ret->items, compare_rows);
}

/* SPDX-License-Identifier: Apache-2.0 */
#include "plan/delta.h"

#include "base/str.h"
#include "policy/document.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

/* What the policy behind a fact gains and loses. */
struct policy_change {
    bool differs, resources_change;
    struct strings actions_gained, actions_lost, policies_gained, policies_lost;
};

/* Many facts share few policies: each is judged once, and each pair is compared once. */
struct comparing {
    struct arena *arena, *scratch; /* what rows hold, and all else */
    struct map changes;            /* addresses of two policies → struct policy_change */
    struct map administrative;     /* address of a policy → yes or no */
    struct delta *delta;
};

/* Adds to `ret` what `from` has and `without` lacks, each once. */
static void subtract(struct comparing *comparing, const struct strings *from, const struct strings *without,
                     struct strings *ret)
{
    static char present;
    struct map known = map_new(comparing->scratch);
    for (size_t i = 0; i < without->count; i++)
        map_put(&known, without->items[i], &present);
    for (size_t i = 0; i < from->count; i++)
        if (!map_get(&known, from->items[i])) {
            map_put(&known, from->items[i], &present);
            strings_add(comparing->arena, ret, arena_strdup(comparing->arena, from->items[i]));
        }
}

static void managed_of(struct arena *arena, const struct policy_decl *policy, struct strings *ret)
{
    for (size_t i = 0; i < policy->managed_policies.count; i++)
        strings_add(arena, ret, policy->managed_policies.items[i].text);
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

static void compare(struct comparing *comparing, const struct policy_decl *before,
                    const struct policy_decl *after, struct policy_change *ret)
{
    struct strings actions[2] = {0}, managed[2] = {0};
    managed_of(comparing->scratch, before, &managed[0]);
    managed_of(comparing->scratch, after, &managed[1]);
    subtract(comparing, &managed[1], &managed[0], &ret->policies_gained);
    subtract(comparing, &managed[0], &managed[1], &ret->policies_lost);
    ret->differs = ret->policies_gained.count || ret->policies_lost.count;
    if (document_equal(comparing->scratch, &before->custom, &after->custom))
        return;
    document_allowed_actions(comparing->scratch, &before->custom, &actions[0]);
    document_allowed_actions(comparing->scratch, &after->custom, &actions[1]);
    subtract(comparing, &actions[1], &actions[0], &ret->actions_gained);
    subtract(comparing, &actions[0], &actions[1], &ret->actions_lost);
    ret->differs = true;
    ret->resources_change = !differ_in_actions_only(comparing->scratch, &before->custom, &after->custom);
}

/* Fills what the policy behind a fact gains and loses; false when it means the same. */
static bool policy_changes(struct comparing *comparing, struct delta_row *row)
{
    const struct policy_decl *before = row->before->policy, *after = row->after->policy;
    char texts[2][STR_POINTER_SIZE];
    if (before == after)
        return false;
    const char *key = arena_printf(comparing->scratch, "%s %s", str_of_pointer(before, texts[0]),
                                   str_of_pointer(after, texts[1]));
    struct policy_change *change = map_get(&comparing->changes, key);
    if (!change) {
        change = ARENA_NEW(comparing->scratch, struct policy_change);
        compare(comparing, before, after, change);
        map_put(&comparing->changes, key, change);
    }
    row->resources_change = change->resources_change;
    row->actions_gained = change->actions_gained;
    row->actions_lost = change->actions_lost;
    row->policies_gained = change->policies_gained;
    row->policies_lost = change->policies_lost;
    return change->differs;
}

/* AWS's own policies that give everything, or the power to give oneself everything. */
static bool gives_everything(const struct policy_decl *policy)
{
    static const char *const names[] = {":policy/AdministratorAccess", ":policy/IAMFullAccess"};
    for (size_t i = 0; i < policy->managed_policies.count; i++)
        for (size_t j = 0; j < sizeof names / sizeof names[0]; j++)
            if (str_suffix(policy->managed_policies.items[i].text, names[j]))
                return true;
    return document_is_administrative(&policy->custom);
}

static bool is_administrative(struct comparing *comparing, const struct policy_decl *policy)
{
    static char yes, no;
    char key[STR_POINTER_SIZE];
    const char *known = map_get(&comparing->administrative, str_of_pointer(policy, key));
    if (!known)
        known = map_put(&comparing->administrative, arena_strdup(comparing->scratch, key),
                        gives_everything(policy) ? &yes : &no);
    return known == &yes;
}

static const char *join_notes(struct arena *arena, const char *notes, const char *note)
{
    return notes ? arena_printf(arena, "%s; %s", notes, note) : note;
}

/* What a reader must know beside the row, or NULL. */
static const char *note_for(struct arena *arena, const struct delta_row *row, bool administrative)
{
    const struct fact *fact = row->after;
    const char *notes = NULL;
    if (administrative)
        notes = join_notes(arena, notes, "administrator access");
    if (fact && fact->kind == ACCESS_LEASE && fact->mode != MODE_INLINE)
        notes = join_notes(arena, notes, "this version cannot grant it: nothing is granted");
    if (fact && fact->kind == ACCESS_LEASE && fact->entries > 1)
        notes =
            join_notes(arena, notes,
                       arena_printf(arena, "%u entries ask for this: the latest end counts", fact->entries));
    if (row->resources_change)
        notes = join_notes(arena, notes, "resources, conditions or Deny statements change: see the document");
    return notes;
}

static void judge(struct comparing *comparing, struct delta_row *row)
{
    bool takes_away = row->kind == CHANGE_REVOKE || row->kind == CHANGE_SHORTEN;
    const struct fact *fact = row->after ? row->after : row->before;
    bool administrative = !takes_away && is_administrative(comparing, fact->policy);
    row->risk = takes_away                       ? RISK_LOW
                : administrative                 ? RISK_HIGH
                : fact->kind == ACCESS_PERMANENT ? RISK_MEDIUM
                                                 : RISK_LOW;
    row->note = note_for(comparing->arena, row, administrative);
}

static void add_row(struct comparing *comparing, const struct fact *before, const struct fact *after)
{
    assert(before || after);
    struct delta_row row = {.before = before, .after = after};
    if (!before) {
        row.kind = CHANGE_GRANT;
    } else if (!after) {
        row.kind = CHANGE_REVOKE;
    } else {
        bool changed = policy_changes(comparing, &row);
        if (after->ends_at_s != before->ends_at_s)
            row.kind = after->ends_at_s > before->ends_at_s ? CHANGE_EXTEND : CHANGE_SHORTEN;
        else if (changed)
            row.kind = CHANGE_MODIFY;
        else
            return;
        if (changed && row.kind == CHANGE_SHORTEN)
            row.kind = CHANGE_MODIFY; /* shorter, but perhaps wider: never among the harmless rows */
    }
    judge(comparing, &row);
    *VEC_ADD(comparing->arena, comparing->delta) = row;
    comparing->delta->counts[row.kind]++;
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
    CLEANUP(arena_freep) struct arena *scratch = arena_new();
    struct comparing comparing = {.arena = arena,
                                  .scratch = scratch,
                                  .changes = map_new(scratch),
                                  .administrative = map_new(scratch),
                                  .delta = ret};
    size_t i = 0, j = 0;
    while (i < before->count || j < after->count) {
        const struct fact *old = i < before->count ? &before->items[i] : NULL;
        const struct fact *new = j < after->count ? &after->items[j] : NULL;
        int order = !old ? 1 : !new ? -1 : strcmp(old->identity, new->identity);
        add_row(&comparing, order <= 0 ? old : NULL, order >= 0 ? new : NULL);
        i += order <= 0;
        j += order >= 0;
    }
    if (ret->count)
        qsort(ret->items, ret->count, sizeof *ret->items, compare_rows);
}

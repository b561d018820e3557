/* SPDX-License-Identifier: Apache-2.0 */
#include "plan/policy_change.h"

#include "base/buf.h"
#include "base/str.h"
#include "policy/document.h"
#include "policy/trust.h"

enum { CONDITION_TEXT_MAX = 4096 };

struct policy_changes policy_changes_new(struct arena *arena, struct arena *scratch)
{
    return (struct policy_changes){.arena = arena, .scratch = scratch, .known = map_new(scratch)};
}

/* Adds to `ret` what `from` has and `without` lacks, each once. */
static void subtract(struct policy_changes *changes, const struct strings *from,
                     const struct strings *without, struct strings *ret)
{
    static char present;
    struct map known = map_new(changes->scratch);
    for (size_t i = 0; i < without->count; i++)
        map_put(&known, without->items[i], &present);
    for (size_t i = 0; i < from->count; i++)
        if (!map_get(&known, from->items[i])) {
            map_put(&known, from->items[i], &present);
            strings_add(changes->arena, ret, arena_strdup(changes->arena, from->items[i]));
        }
}

static void compare_lists(struct policy_changes *changes, const struct strings lists[static 2],
                          struct strings *ret_gained, struct strings *ret_lost)
{
    subtract(changes, &lists[1], &lists[0], ret_gained);
    subtract(changes, &lists[0], &lists[1], ret_lost);
}

static void managed_of(struct arena *arena, const struct policy_decl *policy, struct strings *ret)
{
    for (size_t i = 0; i < policy->managed_policies.count; i++)
        strings_add(arena, ret, policy->managed_policies.items[i].text);
}

/* A list in one line: "a, b". */
static const char *joined(struct arena *arena, const struct strings *strings)
{
    struct buf out;
    struct strings sorted = {0};
    for (size_t i = 0; i < strings->count; i++)
        strings_add(arena, &sorted, strings->items[i]);
    strings_sort_unique(&sorted);
    buf_init(&out, CONDITION_TEXT_MAX);
    for (size_t i = 0; i < sorted.count && !out.failed; i++) {
        size_t size = out.size;
        buf_add_text(&out, i ? ", " : "");
        buf_add_text(&out, sorted.items[i]);
        if (out.failed)
            out.size = size;
    }
    const char *text = arena_printf(arena, "%.*s%s", (int)out.size, out.bytes, out.failed ? " …" : "");
    buf_free(&out);
    return text;
}

/* Resources of Allow statements, sorted, each once; a NotResource is one text, as a NotAction is. */
static void allowed_resources(struct arena *arena, const struct document *document, struct strings *ret)
{
    for (size_t i = 0; i < document->count; i++) {
        const struct statement *statement = &document->items[i];
        if (statement->effect != EFFECT_ALLOW)
            continue;
        for (size_t j = 0; j < statement->resources.count; j++)
            strings_add(arena, ret, statement->resources.items[j]);
        if (statement->not_resources.count)
            strings_add(arena, ret,
                        arena_printf(arena, "everything but %s", joined(arena, &statement->not_resources)));
    }
    strings_sort_unique(ret);
}

static void conditions_of(struct arena *arena, const struct document *document, struct strings *ret)
{
    for (size_t i = 0; i < document->count; i++)
        for (size_t j = 0; j < document->items[i].conditions.count; j++) {
            const struct condition *condition = &document->items[i].conditions.items[j];
            strings_add(arena, ret,
                        arena_printf(arena, "%s %s: %s", condition->operator, condition->key,
                                     joined(arena, &condition->values)));
        }
    strings_sort_unique(ret);
}

/* A copy whose Allow statements lack these actions. */
static struct document without(struct arena *arena, const struct document *document,
                               const struct strings *actions)
{
    static char present;
    struct document copy = {0};
    struct map gone = map_new(arena);
    for (size_t i = 0; i < actions->count; i++)
        map_put(&gone, str_lower(arena, actions->items[i]), &present);
    for (size_t i = 0; i < document->count; i++) {
        const struct statement *statement = &document->items[i];
        struct statement *kept = VEC_ADD(arena, &copy);
        *kept = *statement;
        if (statement->effect != EFFECT_ALLOW)
            continue;
        kept->actions = (struct strings){0};
        for (size_t j = 0; j < statement->actions.count; j++)
            if (!map_get(&gone, str_lower(arena, statement->actions.items[j])))
                strings_add(arena, &kept->actions, statement->actions.items[j]);
    }
    return copy;
}

/* Whether the actions that come and go are all that there is to say: an action that moves to another resource is not. */
static bool differ_in_actions_only(struct arena *arena, const struct document *before,
                                   const struct document *after, const struct policy_change *change)
{
    const struct document left = without(arena, before, &change->actions_lost);
    const struct document right = without(arena, after, &change->actions_gained);
    return document_equal(arena, &left, &right);
}

/* Whether more changes than the actions of Allow statements. */
static bool compare_documents(struct policy_changes *changes, const struct document *before,
                              const struct document *after, struct policy_change *ret)
{
    struct arena *scratch = changes->scratch;
    struct strings actions[2] = {0}, resources[2] = {0}, conditions[2] = {0};
    const struct document *documents[2] = {before, after};
    for (int i = 0; i < 2; i++) {
        document_allowed_actions(scratch, documents[i], &actions[i]);
        allowed_resources(scratch, documents[i], &resources[i]);
        conditions_of(scratch, documents[i], &conditions[i]);
    }
    compare_lists(changes, actions, &ret->actions_gained, &ret->actions_lost);
    compare_lists(changes, resources, &ret->resources_gained, &ret->resources_lost);
    compare_lists(changes, conditions, &ret->conditions_gained, &ret->conditions_lost);
    return !differ_in_actions_only(scratch, before, after, ret);
}

static void describe(struct arena *arena, const struct policy_decl *policy, struct strings *ret_trust,
                     struct strings *ret_settings)
{
    if (policy && policy->role) {
        trust_describe(arena, policy->role, ret_trust);
        role_describe(arena, policy->role, ret_settings);
    }
    if (policy && policy->provider)
        provider_describe(arena, policy->provider, ret_settings);
}

/* Of a role or provider; either side may be missing. */
static void compare_kept(struct policy_changes *changes, const struct policy_decl *before,
                         const struct policy_decl *after, struct delta_row *ret)
{
    struct strings trust[2] = {0}, settings[2] = {0};
    describe(changes->scratch, before, &trust[0], &settings[0]);
    describe(changes->scratch, after, &trust[1], &settings[1]);
    struct kept_change *kept = ARENA_NEW(changes->arena, struct kept_change);
    *kept = (struct kept_change){0};
    compare_lists(changes, trust, &kept->trust_gained, &kept->trust_lost);
    if (after) /* of what goes, nothing else is to be said */
        compare_lists(changes, settings, &kept->settings_gained, &kept->settings_lost);
    ret->kept = kept;
    ret->policy_changes |= kept->trust_gained.count || kept->trust_lost.count ||
                           kept->settings_gained.count || kept->settings_lost.count;
}

static void compare_policies(struct policy_changes *changes, const struct policy_decl *before,
                             const struct policy_decl *after, struct delta_row *ret)
{
    struct strings managed[2] = {0};
    struct policy_change *change = ARENA_NEW(changes->arena, struct policy_change);
    *change = (struct policy_change){0};
    managed_of(changes->scratch, before, &managed[0]);
    managed_of(changes->scratch, after, &managed[1]);
    compare_lists(changes, managed, &change->policies_gained, &change->policies_lost);
    bool differs = !document_equal(changes->scratch, &before->custom, &after->custom);
    if (differs)
        ret->resources_change = compare_documents(changes, &before->custom, &after->custom, change);
    ret->policy_changes = differs || change->policies_gained.count || change->policies_lost.count;
    ret->policy = ret->policy_changes ? change : NULL;
    if (after->role || after->provider)
        compare_kept(changes, before, after, ret);
}

void policy_changes_of(struct policy_changes *changes, struct delta_row *row)
{
    const struct policy_decl *before = row->before ? row->before->policy : NULL,
                             *after = row->after ? row->after->policy : NULL;
    char texts[2][STR_POINTER_SIZE];
    if (before == after)
        return;
    if (!before || !after) {
        compare_kept(changes, before, after, row);
        row->policy_changes = false;
        return;
    }
    const char *key = arena_printf(changes->scratch, "%s %s", str_of_pointer(before, texts[0]),
                                   str_of_pointer(after, texts[1]));
    struct delta_row *known = map_get(&changes->known, key);
    if (!known) {
        known = ARENA_NEW(changes->scratch, struct delta_row);
        compare_policies(changes, before, after, known);
        map_put(&changes->known, key, known);
    }
    row->policy_changes = known->policy_changes;
    row->resources_change = known->resources_change;
    row->policy = known->policy;
    row->kept = known->kept;
}

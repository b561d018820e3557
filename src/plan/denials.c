/* SPDX-License-Identifier: Apache-2.0 */
#include "plan/denials.h"

#include "base/str.h"
#include "policy/document.h"
#include "policy/lease.h"

#include <string.h>

static bool read(struct arena *arena, const char *json, struct document *ret)
{
    struct err ignored;
    *ret = (struct document){0};
    return json && document_parse(arena, json, strlen(json), ret, &ignored) == 0;
}

enum denial_turn denial_turn_of(const char *json)
{
    /* Most documents are settled by a look: without an escape, the word must stand there. */
    if (!json || (!strstr(json, "\"Deny\"") && !strchr(json, '\\')))
        return ALLOWS_ONLY;
    CLEANUP(arena_freep) struct arena *scratch = arena_new();
    struct document document;
    size_t denials = 0;
    if (!read(scratch, json, &document))
        return ALLOWS_ONLY;
    for (size_t i = 0; i < document.count; i++)
        denials += document.items[i].effect == EFFECT_DENY;
    return denials == 0 ? ALLOWS_ONLY : denials < document.count ? DENIES_TOO : DENIES_ONLY;
}

enum denial_turn work_denial_turn(struct account_work *work, const char *arn)
{
    const struct observed_policy *policy = observed_find_policy_by_arn(work->account, arn);
    if (policy)
        return denial_turn_of(policy->document);
    const struct observed_source *source = observed_find_source(work->account, arn);
    return source && !source->error ? denial_turn_of(source->document) : ALLOWS_ONLY;
}

/* What a statement denies, without the end that it has in a lease; *ret_ends_at_s: that end, INT64_MAX: none. */
static const char *denial_text(struct arena *arena, const struct statement *statement, int64_t *ret_ends_at_s)
{
    struct statement bare = *statement;
    struct document one = {.items = &bare, .count = 1, .capacity = 1};
    if (!lease_ends_at(&one, ret_ends_at_s))
        *ret_ends_at_s = INT64_MAX;
    bare.conditions.items = NULL;
    bare.conditions.count = bare.conditions.capacity = 0;
    for (size_t i = 0; i < statement->conditions.count; i++) {
        const struct condition *condition = &statement->conditions.items[i];
        if (str_casecmp(condition->operator, "DateLessThan") != 0 ||
            str_casecmp(condition->key, "aws:CurrentTime") != 0)
            *VEC_ADD(arena, &bare.conditions) = *condition;
    }
    return document_canonical(arena, &one);
}

static bool is_kept(struct arena *arena, const struct statement *denial, const struct document *after)
{
    int64_t ends_at_s, other_ends_at_s;
    const char *text = denial_text(arena, denial, &ends_at_s);
    for (size_t i = 0; i < after->count; i++)
        if (after->items[i].effect == EFFECT_DENY &&
            str_eq(denial_text(arena, &after->items[i], &other_ends_at_s), text) &&
            other_ends_at_s >= ends_at_s)
            return true;
    return false;
}

bool denials_are_kept(struct arena *arena, const char *before, const char *after)
{
    struct document was, shall;
    if (!read(arena, before, &was) || !read(arena, after, &shall))
        return false;
    for (size_t i = 0; i < was.count; i++)
        if (was.items[i].effect == EFFECT_DENY && !is_kept(arena, &was.items[i], &shall))
            return false;
    return true;
}

size_t work_detach_in_turns(struct account_work *work, const struct operation *operations, size_t count)
{
    const size_t first = work->plan->operations.count;
    CLEANUP(arena_freep) struct arena *scratch = arena_new();
    enum denial_turn *turns = arena_array(scratch, count + 1, sizeof *turns);
    for (size_t i = 0; count > 1 && i < count; i++)
        turns[i] = work_denial_turn(work, operations[i].policy_arn);
    for (enum denial_turn turn = 0; turn < DENIAL_TURNS; turn++) {
        const size_t before = work->plan->operations.count;
        for (size_t i = 0; i < count; i++) {
            if (turns[i] != turn)
                continue;
            const size_t index = work_add_operation(work, operations[i]);
            for (size_t j = first; j < before; j++)
                work_after(work, index, j);
        }
    }
    return first;
}

/* SPDX-License-Identifier: Apache-2.0 */
#include "plan/kept_tags.h"

#include "base/str.h"

static const struct tag_decls *declared_by(const struct fact *fact)
{
    return fact_is_role(fact) ? &fact->policy->role->tags : &fact->policy->provider->tags;
}

struct tags *kept_tags_of(struct arena *arena, const struct tag_decls *declared)
{
    struct tags *tags = ARENA_NEW(arena, struct tags);
    *tags = (struct tags){0};
    for (size_t i = 0; i < declared->count; i++)
        tags_add(arena, tags, declared->items[i].key.text, declared->items[i].value.text);
    return tags;
}

struct tags *kept_tags_missing(struct account_work *work, const struct tag_decls *declared,
                               const struct tags *live)
{
    struct tags *missing = ARENA_NEW(work->arena, struct tags);
    *missing = (struct tags){0};
    for (size_t i = 0; i < declared->count; i++) {
        const char *key = declared->items[i].key.text, *value = tags_get(live, key);
        if (!value || !str_eq(value, declared->items[i].value.text))
            tags_add(work->arena, missing, key, declared->items[i].value.text);
    }
    return missing;
}

struct tags *kept_tags_dropped(struct account_work *work, const struct fact *fact, const struct tags *live)
{
    const struct tags *wanted = kept_tags_of(work->arena, declared_by(fact));
    struct tags *dropped = ARENA_NEW(work->arena, struct tags);
    *dropped = (struct tags){0};
    size_t count, from = work_facts_of_account(work, work->input->candidates, &count);
    for (size_t i = from; i < from + count; i++) {
        const struct fact *before = &work->input->candidates->items[i];
        if (!str_eq(before->identity, fact->identity))
            continue;
        const struct tag_decls *declared = declared_by(before);
        for (size_t j = 0; j < declared->count; j++) {
            const char *key = declared->items[j].key.text;
            if (tags_get(live, key) && !tags_get(wanted, key) && !tags_get(dropped, key))
                tags_add(work->arena, dropped, key, "");
        }
    }
    return dropped;
}

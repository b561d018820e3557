/* SPDX-License-Identifier: Apache-2.0 */
#include "model/oidc_provider.h"

#include "base/str.h"

void tags_add(struct arena *arena, struct tags *tags, const char *key, const char *value)
{
    *VEC_ADD(arena, tags) = (struct tag){key, value};
}

const char *tags_get(const struct tags *tags, const char *key)
{
    for (size_t i = 0; i < tags->count; i++)
        if (str_casecmp(tags->items[i].key, key) == 0)
            return tags->items[i].value;
    return NULL;
}

bool tags_within(const struct tags *tags, const struct tags *all)
{
    for (size_t i = 0; i < tags->count; i++) {
        const char *value = tags_get(all, tags->items[i].key);
        if (!value || !str_eq(value, tags->items[i].value))
            return false;
    }
    return true;
}

struct tags tags_copy(struct arena *arena, const struct tags *tags)
{
    struct tags copy = {0};
    for (size_t i = 0; i < tags->count; i++)
        tags_add(arena, &copy, arena_strdup(arena, tags->items[i].key),
                 arena_strdup(arena, tags->items[i].value));
    return copy;
}

static struct strings copy_texts(struct arena *arena, const struct strings *texts)
{
    struct strings copy = {0};
    for (size_t i = 0; i < texts->count; i++)
        strings_add(arena, &copy, arena_strdup(arena, texts->items[i]));
    return copy;
}

struct oidc_provider oidc_provider_copy(struct arena *arena, const struct oidc_provider *provider)
{
    return (struct oidc_provider){
        .arn = provider->arn ? arena_strdup(arena, provider->arn) : NULL,
        .url = provider->url ? arena_strdup(arena, provider->url) : NULL,
        .client_ids = copy_texts(arena, &provider->client_ids),
        .thumbprints = copy_texts(arena, &provider->thumbprints),
        .tags = tags_copy(arena, &provider->tags),
    };
}

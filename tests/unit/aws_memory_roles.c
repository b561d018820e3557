/* SPDX-License-Identifier: Apache-2.0 */
#include "aws_memory_roles.h"

#include "base/str.h"
#include "policy/role_mark.h"

#include <string.h>

enum { SESSION_S = 3600, ROLE_NAME_MAX = 64 };

static void put_tag(struct arena *arena, struct tags *tags, const char *key, const char *value)
{
    for (size_t i = 0; i < tags->count; i++)
        if (str_casecmp(tags->items[i].key, key) == 0) {
            tags->items[i].value = value;
            return;
        }
    tags_add(arena, tags, key, value);
}

/* The tags as they are after the operation. */
static struct tags tagged(struct arena *arena, const struct tags *before, const struct operation *operation)
{
    static const struct tags none;
    const struct tags *more = operation->tags ? operation->tags : &none;
    struct tags tags = tags_copy(arena, before);
    if (operation->mark)
        put_tag(arena, &tags, role_mark_key, operation->mark);
    for (size_t i = 0; i < more->count; i++)
        put_tag(arena, &tags, more->items[i].key, more->items[i].value);
    return tags;
}

static struct tags untagged(struct arena *arena, const struct tags *before, const struct operation *operation)
{
    struct tags tags = {0};
    for (size_t i = 0; i < before->count; i++)
        if (!tags_get(operation->tags, before->items[i].key))
            tags_add(arena, &tags, before->items[i].key, before->items[i].value);
    return tags;
}

const char *memory_create_role(struct arena *arena, struct observed_account *account,
                               const struct operation *operation)
{
    static const struct tags none;
    if (observed_find_principal(account, PRINCIPAL_ROLE, operation->principal))
        return "EntityAlreadyExists";
    if (strlen(operation->principal) > ROLE_NAME_MAX)
        return "ValidationError: name of a role";
    struct role_details *details = ARENA_NEW(arena, struct role_details);
    *details = (struct role_details){
        .description = operation->description ? operation->description : "",
        .session_s = operation->session_s ? operation->session_s : SESSION_S,
        .tags = tagged(arena, &none, operation),
    };
    *VEC_ADD(arena, &account->principals) = (struct observed_principal){
        .kind = PRINCIPAL_ROLE,
        .name = operation->principal,
        .mark = operation->mark,
        .trust = operation->document,
        .boundary = operation->boundary,
        .details = details,
    };
    return NULL;
}

const char *memory_change_role(struct arena *arena, struct observed_principal *role,
                               const struct operation *operation)
{
    if (!role->details)
        return "nobody read the details of this role";
    struct role_details *details = ARENA_NEW(arena, struct role_details);
    *details = *role->details;
    if (operation->kind == OP_UPDATE_ROLE) {
        details->session_s = operation->session_s ? operation->session_s : SESSION_S;
        details->description = operation->description ? operation->description : "";
    } else {
        details->tags = operation->kind == OP_TAG_ROLE ? tagged(arena, &details->tags, operation)
                                                       : untagged(arena, &details->tags, operation);
        role->mark = tags_get(&details->tags, role_mark_key);
    }
    role->details = details;
    return NULL;
}

static struct strings without(struct arena *arena, const struct strings *texts, const char *text)
{
    struct strings rest = {0};
    for (size_t i = 0; i < texts->count; i++)
        if (!str_eq(texts->items[i], text))
            strings_add(arena, &rest, texts->items[i]);
    return rest;
}

static const char *create_provider(struct arena *arena, struct observed_account *account,
                                   const struct operation *operation)
{
    static const struct tags none;
    if (observed_find_provider(account, operation->provider->url))
        return "EntityAlreadyExists";
    struct oidc_provider *provider = VEC_ADD(arena, &account->providers);
    *provider = oidc_provider_copy(arena, operation->provider);
    provider->tags = tagged(arena, &none, operation);
    return NULL;
}

const char *memory_change_provider(struct arena *arena, struct observed_account *account,
                                   const struct operation *operation)
{
    if (operation->kind == OP_CREATE_PROVIDER)
        return create_provider(arena, account, operation);
    size_t place = 0;
    while (place < account->providers.count &&
           !str_eq(account->providers.items[place].arn, operation->provider->arn))
        place++;
    if (place == account->providers.count)
        return "NoSuchEntity: OIDC provider";
    struct oidc_provider *provider = &account->providers.items[place];
    switch (operation->kind) {
    case OP_ADD_CLIENT_ID:
        strings_add_unique(arena, &provider->client_ids, operation->provider->client_ids.items[0]);
        break;
    case OP_REMOVE_CLIENT_ID:
        provider->client_ids = without(arena, &provider->client_ids, operation->provider->client_ids.items[0]);
        break;
    case OP_UPDATE_THUMBPRINTS: provider->thumbprints = operation->provider->thumbprints; break;
    case OP_TAG_PROVIDER: provider->tags = tagged(arena, &provider->tags, operation); break;
    case OP_UNTAG_PROVIDER: provider->tags = untagged(arena, &provider->tags, operation); break;
    case OP_DELETE_PROVIDER:
        memmove(provider, provider + 1, (account->providers.count - place - 1) * sizeof *provider);
        account->providers.count--;
        break;
    default: return "no such operation on an OIDC provider";
    }
    return NULL;
}

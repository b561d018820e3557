/* SPDX-License-Identifier: Apache-2.0 */
#include "model/operation.h"

#include <assert.h>
#include <string.h>

static const struct operation_info infos[OP_KIND_COUNT] = {
    [OP_CREATE_POLICY] = {"create policy", "+", false},
    [OP_DELETE_POLICY_VERSION] = {"delete policy version", "-", true},
    [OP_CREATE_POLICY_VERSION] = {"change policy", "~", false},
    [OP_ATTACH_POLICY] = {"attach policy", "+", false},
    [OP_PUT_INLINE_POLICY] = {"put inline policy", "+", false},
    [OP_DETACH_POLICY] = {"detach policy", "-", true},
    [OP_DELETE_INLINE_POLICY] = {"delete inline policy", "-", true},
    [OP_DELETE_POLICY] = {"delete policy", "-", true},
    [OP_CREATE_ROLE] = {"create role", "+", false},
    [OP_UPDATE_TRUST] = {"change trust of role", "~", false},
    [OP_UPDATE_ROLE] = {"change role", "~", false},
    [OP_TAG_ROLE] = {"tag role", "~", false},
    [OP_UNTAG_ROLE] = {"untag role", "~", false},
    [OP_DELETE_ROLE] = {"delete role", "-", true},
    [OP_PUT_BOUNDARY] = {"set boundary of role", "~", false},
    [OP_DELETE_BOUNDARY] = {"clear boundary of role", "~", false},
    [OP_CREATE_PROVIDER] = {"create OIDC provider", "+", false},
    [OP_ADD_CLIENT_ID] = {"add client id", "~", false},
    [OP_REMOVE_CLIENT_ID] = {"remove client id", "~", false},
    [OP_UPDATE_THUMBPRINTS] = {"change thumbprints of OIDC provider", "~", false},
    [OP_TAG_PROVIDER] = {"tag OIDC provider", "~", false},
    [OP_UNTAG_PROVIDER] = {"untag OIDC provider", "~", false},
    [OP_DELETE_PROVIDER] = {"delete OIDC provider", "-", true},
    [OP_TAG_POLICY] = {"adopt policy", "~", false},
};

const struct operation_info *operation_info(enum operation_kind kind)
{
    assert((unsigned)kind < OP_KIND_COUNT);
    return &infos[kind];
}

static const char *copy_text(struct arena *arena, const char *text, struct map *texts)
{
    char *copy = map_get(texts, text);
    if (!copy) {
        copy = arena_strdup(arena, text);
        map_put(texts, copy, copy);
    }
    return copy;
}

struct operation operation_copy(struct arena *arena, const struct operation *operation, struct map *texts)
{
    struct operation copy = *operation;
    const char **members[] = {&copy.account_id,  &copy.principal, &copy.policy_name, &copy.policy_arn,
                              &copy.path,        &copy.document,  &copy.version_id,  &copy.mark,
                              &copy.description, &copy.boundary,  &copy.trust,       &copy.reason,
                              &copy.lease_id};
    for (size_t i = 0; i < sizeof members / sizeof members[0]; i++)
        if (*members[i])
            *members[i] = copy_text(arena, *members[i], texts);
    if (operation->tags) {
        struct tags *tags = ARENA_NEW(arena, struct tags);
        *tags = tags_copy(arena, operation->tags);
        copy.tags = tags;
    }
    if (operation->provider) {
        struct oidc_provider *provider = ARENA_NEW(arena, struct oidc_provider);
        *provider = oidc_provider_copy(arena, operation->provider);
        copy.provider = provider;
    }
    copy.after.capacity = copy.after.count;
    copy.after.items = arena_array(arena, copy.after.count, sizeof *copy.after.items);
    if (copy.after.count)
        memcpy(copy.after.items, operation->after.items, copy.after.count * sizeof *copy.after.items);
    return copy;
}

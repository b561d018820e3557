/* SPDX-License-Identifier: Apache-2.0 */
#include "aws/observed_copy.h"

static const char *copy_text(struct arena *arena, const char *text)
{
    return arena_strdup(arena, text ? text : "");
}

static void copy_strings(struct arena *arena, const struct strings *from, struct strings *ret)
{
    for (size_t i = 0; i < from->count; i++)
        strings_add(arena, ret, arena_strdup(arena, from->items[i]));
}

struct observed_principal observed_copy_principal(struct arena *arena, const struct observed_principal *from,
                                                  bool detailed)
{
    struct observed_principal copy = {
        .kind = from->kind,
        .name = arena_strdup(arena, from->name),
        .arn = from->arn ? arena_strdup(arena, from->arn) : NULL,
        .created_at_s = from->created_at_s,
        .mark = from->mark ? arena_strdup(arena, from->mark) : NULL,
    };
    if (detailed) {
        struct role_details *details = ARENA_NEW(arena, struct role_details);
        *details = (struct role_details){
            .description = copy_text(arena, from->details->description),
            .session_s = from->details->session_s,
            .tags = tags_copy(arena, &from->details->tags),
        };
        copy.details = details;
    }
    if (from->mark || detailed) {
        copy.trust = copy_text(arena, from->trust);
        copy.direct = from->direct ? arena_strdup(arena, from->direct) : NULL;
        copy.boundary = from->boundary ? arena_strdup(arena, from->boundary) : NULL;
        copy_strings(arena, &from->instance_profiles, &copy.instance_profiles);
    }
    copy_strings(arena, &from->attached, &copy.attached);
    for (size_t i = 0; i < from->inline_policies.count; i++) {
        const struct inline_policy *policy = &from->inline_policies.items[i];
        *VEC_ADD(arena, &copy.inline_policies) = (struct inline_policy){
            .name = arena_strdup(arena, policy->name),
            .document = arena_strdup(arena, policy->document ? policy->document : ""),
        };
    }
    return copy;
}

struct observed_principal observed_copy_whole(struct arena *arena, const struct observed_principal *from)
{
    struct observed_principal copy = observed_copy_principal(arena, from, false);
    copy.boundary = from->boundary ? arena_strdup(arena, from->boundary) : NULL;
    copy_strings(arena, &from->groups, &copy.groups);
    if (!copy.instance_profiles.count)
        copy_strings(arena, &from->instance_profiles, &copy.instance_profiles);
    return copy;
}

struct observed_policy observed_copy_policy(struct arena *arena, const struct observed_policy *from,
                                            const char *name)
{
    struct observed_policy copy = {
        .arn = arena_strdup(arena, from->arn),
        .name = arena_strdup(arena, name),
        .path = copy_text(arena, from->path),
        .description = copy_text(arena, from->description),
        .document = copy_text(arena, from->document),
    };
    for (size_t i = 0; i < from->versions.count; i++) {
        const struct policy_version *version = &from->versions.items[i];
        *VEC_ADD(arena, &copy.versions) = (struct policy_version){
            .id = copy_text(arena, version->id),
            .is_default = version->is_default,
            .created_at_s = version->created_at_s,
        };
    }
    return copy;
}

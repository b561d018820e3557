/* SPDX-License-Identifier: Apache-2.0 */
/* Entries of aws-policies: what iamlease made, by its name, with all that it allows; and names for all others. */
#include "base/str.h"
#include "config/file_text.h"
#include "config/import_work.h"
#include "policy/document.h"
#include "policy/mark.h"

enum { NAME_MAX_POLICY = 128 };

/* What the name of a grant comes to in AWS: dots are dashes there, and letters have no case. */
static const char *custom_key(struct arena *arena, const char *name)
{
    char *key = arena_printf(arena, "custom:%s", str_lower(arena, name));
    for (char *c = key; *c; c++)
        if (*c == '.')
            *c = '-';
    return key;
}

struct import_grant *import_add_grant(struct import_work *work, const char *key, struct import_grant grant)
{
    struct import_grant *added = ARENA_NEW(work->arena, struct import_grant);
    *added = grant;
    map_put(&work->grants, key, added);
    *VEC_ADD(work->arena, &work->all_grants) = added;
    return added;
}

struct import_grant *import_find_custom(const struct import_work *work, const char *name)
{
    CLEANUP(arena_freep) struct arena *scratch = arena_new();
    return map_get(&work->grants, custom_key(scratch, name));
}

/* Whether a file can hold it, by writing and reading one; *detail: why not. */
static bool can_be_written(struct import_work *work, const struct policy_decl *policy, const char **detail)
{
    CLEANUP(arena_freep) struct arena *scratch = arena_new();
    struct team_config team = {.name = work->request->team};
    const char *text;
    struct err err;
    *VEC_ADD(scratch, &team.policies) = *policy;
    if (file_text(scratch, &team, FILE_POLICIES, "aws-policies", "", work->settings->partition, &text,
                  &err) == 0)
        return true;
    *detail = arena_strdup(work->arena, err.message);
    return false;
}

struct policy_decl import_policy_decl(struct arena *arena, const struct import_grant *grant, struct span span)
{
    struct policy_decl policy = {.name = {grant->name, span},
                                 .description = grant->description,
                                 .custom = grant->custom,
                                 .span = span};
    if (grant->arn)
        *VEC_ADD(arena, &policy.managed_policies) = (struct located){grant->arn, span};
    for (size_t i = 0; i < grant->managed.count; i++)
        *VEC_ADD(arena, &policy.managed_policies) = (struct located){grant->managed.items[i], span};
    return policy;
}

static bool has_all(const struct strings *some, const struct strings *of)
{
    for (size_t i = 0; i < of->count; i++)
        if (!strings_contain(some, of->items[i]))
            return false;
    return true;
}

/* Whether all that have the grant so far have these policies, too, for good: then it may as well name them. */
static bool holders_have(const struct import_work *work, const struct import_grant *grant,
                         const struct strings *managed)
{
    for (size_t i = 0; i < work->atoms.count; i++)
        if (work->atoms.items[i].grant == grant &&
            (work->atoms.items[i].ends_at_s || !has_all(&work->atoms.items[i].principal->attached, managed)))
            return false;
    return true;
}

/* Whether the grant has these managed policies, or can. */
static bool takes(const struct import_work *work, struct import_grant *grant, const struct strings *managed)
{
    if (has_all(&grant->managed, managed) && has_all(managed, &grant->managed))
        return true;
    if (grant->managed.count || !holders_have(work, grant, managed))
        return false;
    grant->managed = *managed;
    return true;
}

struct import_grant *import_custom_grant(struct import_work *work, const char *name, const char *description,
                                         const struct document *document, const struct strings *managed,
                                         const char **detail)
{
    const char *key = custom_key(work->arena, name);
    struct import_grant *grant = map_get(&work->grants, key);
    if (grant && document_equal(work->arena, &grant->custom, document) && takes(work, grant, managed))
        return grant;
    if (grant) {
        *detail = arena_printf(work->arena, "it allows something else than '%s' in account %s", grant->name,
                               grant->account_id);
        return NULL;
    }
    const struct import_grant made = {.name = name,
                                      .description = description,
                                      .custom = *document,
                                      .managed = *managed,
                                      .account_id = work->decl->account_id.text};
    const struct policy_decl policy = import_policy_decl(work->arena, &made, (struct span){0});
    if (!document->count && !managed->count) {
        *detail = "it has no statements";
        return NULL;
    }
    return can_be_written(work, &policy, detail) ? import_add_grant(work, key, made) : NULL;
}

/* What `validate` holds apart: the names in AWS, whether or not an object there gets them. */
static const char *taken_key(struct import_work *work, const char *team, const char *name)
{
    return str_lower(work->arena, mark_policy_name(work->arena, team, name));
}

static void take_names(struct import_work *work, struct map *taken)
{
    const struct config *config = work->request->config;
    for (size_t t = 0; t < config->count; t++)
        for (size_t i = 0; i < config->items[t].policies.count; i++)
            map_put(taken,
                    taken_key(work, config->items[t].name, config->items[t].policies.items[i].name.text),
                    work);
    for (size_t i = 0; i < work->all_grants.count; i++)
        if (!work->all_grants.items[i]->arn)
            map_put(taken, taken_key(work, work->request->team, work->all_grants.items[i]->name),
                    work->all_grants.items[i]);
}

/* By its own name if that is free; with the environment behind it, and then with a number. */
static const char *free_name(struct import_work *work, const struct import_grant *grant, struct map *taken,
                             struct import_grant *holder)
{
    for (size_t number = 1;; number++) {
        const char *environment = grant->environment ? grant->environment : "aws";
        const char *name = number == 1 ? grant->base
                           : number == 2
                               ? arena_printf(work->arena, "%s.%s", grant->base, environment)
                               : arena_printf(work->arena, "%s.%s.%zu", grant->base, environment, number - 1);
        name = mark_limited(work->arena, name, NAME_MAX_POLICY);
        if (map_put(taken, taken_key(work, work->request->team, name), holder) == holder)
            return name;
    }
}

void import_name_grants(struct import_work *work)
{
    struct map taken = map_new(work->arena), bases = map_new(work->arena);
    take_names(work, &taken);
    /* A name that policies of several accounts have is nobody's: each gets that of its environment. */
    for (size_t i = 0; i < work->all_grants.count; i++) {
        struct import_grant *grant = work->all_grants.items[i];
        if (!grant->arn)
            continue;
        const char *key = taken_key(work, work->request->team, grant->base);
        const struct import_grant *first = map_put(&bases, key, grant);
        if (first != grant)
            map_put(&taken, key, work);
    }
    for (size_t i = 0; i < work->all_grants.count; i++)
        if (work->all_grants.items[i]->arn)
            work->all_grants.items[i]->name =
                free_name(work, work->all_grants.items[i], &taken, work->all_grants.items[i]);
}

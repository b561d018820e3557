/* SPDX-License-Identifier: Apache-2.0 */
/* Managed policies as entries of aws-policies. */
#include "base/str.h"
#include "config/file_text.h"
#include "config/grammar.h"
#include "config/import_work.h"
#include "policy/document.h"
#include "policy/mark.h"
#include "policy/ownership.h"
#include "policy/self_serve.h"

#include <string.h>

enum { NAME_MAX_POLICY = 128 };

const char *import_plain(struct arena *arena, const char *text)
{
    char *plain = arena_alloc(arena, strlen(text) + 1), *end = plain;
    uint32_t code_point;
    for (size_t rest = strlen(text), size; rest; text += size, rest -= size) {
        size = str_decode_utf8(text, rest, &code_point);
        bool is_space = size == 1 && (code_point == ' ' || code_point == '\t' || code_point == '\n');
        if (is_space && end > plain && end[-1] != ' ')
            *end++ = ' ';
        else if (!is_space && size && !str_is_invisible(code_point)) {
            memcpy(end, text, size);
            end += size;
        }
        size = size ? size : 1;
    }
    if (end > plain && end[-1] == ' ')
        end--;
    *end = 0;
    return plain;
}

/* What the name of a grant comes to in AWS: dots are dashes there, and letters have no case. */
static const char *custom_key(struct arena *arena, const char *name)
{
    char *key = arena_printf(arena, "custom:%s", str_lower(arena, name));
    for (char *c = key; *c; c++)
        if (*c == '.')
            *c = '-';
    return key;
}

static struct import_grant *add_grant(struct import_work *work, const char *key, struct import_grant grant)
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
    return can_be_written(work, &policy, detail) ? add_grant(work, key, made) : NULL;
}

const char *import_own_description(struct arena *arena, const char *description)
{
    const size_t size =
        str_suffix(description, "]") ? mark_own_size(description) : self_serve_own_size(description);
    return import_plain(arena, arena_strndup(arena, description, size));
}

struct import_grant *import_as_statements(struct import_work *work, const struct observed_policy *policy,
                                          const char *name, const struct strings *managed, const char **detail)
{
    struct document document = {0};
    struct err err;
    if (document_parse(work->arena, policy->document, strlen(policy->document), &document, &err) < 0) {
        *detail = arena_strdup(work->arena, err.message);
        return NULL;
    }
    for (size_t i = 0; i < document.count; i++)
        if (document.items[i].sid && !*document.items[i].sid)
            document.items[i].sid = NULL;
    return import_custom_grant(work, name, import_own_description(work->arena, policy->description),
                               &document, managed, detail);
}

/* The grant that --adopt takes a policy of cloud-iam-self-serve over for; NULL: it is none. */
static const char *grant_to_adopt(struct import_work *work, const struct observed_policy *policy)
{
    const char *team = work->request->team;
    const size_t size = strlen(team);
    if (!work->request->adopts || !self_serve_made_policy(policy, team) || !str_prefix(policy->name, team) ||
        policy->name[size] != '-' || !policy->name[size + 1])
        return NULL;
    const char *grant = policy->name + size + 1;
    return str_eq(policy->name, mark_policy_name(work->arena, team, grant)) ? grant : NULL;
}

/* A policy that carries a mark comes with its grant, and only that of this team is ours to declare. */
static struct import_grant *grant_of_marked(struct import_work *work, const struct observed_policy *policy,
                                            const struct mark *mark, const char **reason, const char **detail)
{
    bool is_own = str_eq(mark->owner, work->settings->owner) && str_eq(mark->team, work->request->team) &&
                  !mark_is_lease(mark) &&
                  str_casecmp(mark_policy_name(work->arena, mark->team, mark->name), policy->name) == 0;
    *reason = is_own ? "not-expressible" : "of-iamlease";
    *detail = arena_printf(work->arena, "iamlease made this policy for %s/%s (owner %s)", mark->team,
                           mark->name, mark->owner);
    return is_own ? import_as_statements(work, policy, mark->name, &(struct strings){0}, detail) : NULL;
}

static struct import_grant *grant_of_arn(struct import_work *work, const char *arn,
                                         const struct observed_policy *policy, const char **reason,
                                         const char **detail)
{
    struct import_grant *grant = map_get(&work->grants, arn);
    if (grant)
        return grant;
    *reason = "policy-arn";
    if (!grammar_policy_arn.matches(arn) || !grammar_arn_in_partition(arn, work->settings->partition)) {
        *detail = arena_printf(work->arena, "this is no ARN of a policy in the partition '%s'",
                               work->settings->partition);
        return NULL;
    }
    const char *account_id = grammar_policy_arn_account(work->arena, arn);
    if (account_id && !str_eq(account_id, work->decl->account_id.text)) {
        *detail = "a customer managed policy of another account";
        return NULL;
    }
    return add_grant(work, arn,
                     (struct import_grant){
                         .arn = arn,
                         .environment = account_id ? work->decl->environment.text : NULL,
                         .base = strrchr(arn, '/') + 1,
                         .description = policy ? import_plain(work->arena, policy->description) : "",
                     });
}

struct import_grant *import_grant_of(struct import_work *work, const char *arn, const char **reason,
                                     const char **detail)
{
    const struct observed_policy *policy = map_get(&work->policies, arn);
    struct mark mark;
    if (policy && (policy_is_ours(work->arena, policy, work->settings->owner, &mark) ||
                   mark_parse(work->arena, policy->description, &mark)))
        return grant_of_marked(work, policy, &mark, reason, detail);
    if (policy && !policy_is_free(policy)) {
        *reason = policy->tag ? "of-iamlease" : "tags-unreadable";
        *detail = policy->tag
                      ? arena_printf(work->arena, "its tag iamlease says '%s'", policy->tag)
                      : arena_printf(work->arena, "whether it is ours is not known: %s", policy->tag_error);
        return NULL;
    }
    const char *name = policy ? grant_to_adopt(work, policy) : NULL;
    struct import_grant *grant =
        name ? import_as_statements(work, policy, name, &(struct strings){0}, detail) : NULL;
    return grant ? grant : grant_of_arn(work, arn, policy, reason, detail);
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

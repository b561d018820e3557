/* SPDX-License-Identifier: Apache-2.0 */
/* Roles and OIDC providers that iamlease made for this team: entries of aws-roles, where a file can say them. */
#include "base/str.h"
#include "config/file_roles.h"
#include "config/grammar.h"
#include "config/import_work.h"
#include "policy/document.h"
#include "policy/role_mark.h"
#include "policy/trust.h"

#include <string.h>

enum { HOUR_S = 3600 };

static const char scheme[] = "https://";

/* Whether the mark is that of an entry of this team; then *ret is it. */
static bool is_of_team(const struct import_work *work, const char *value, struct mark *ret)
{
    return role_mark_is_kept(work->arena, value, work->settings->owner, ret) &&
           str_eq(ret->team, work->request->team);
}

/* A role's mark has its name: a tag is copied easily. */
static bool is_role_of_team(const struct import_work *work, const struct observed_principal *role)
{
    struct mark mark;
    return role->kind == PRINCIPAL_ROLE && role->details && is_of_team(work, role->mark, &mark) &&
           str_eq(role->mark, role_mark_kept(work->arena, &(struct mark){mark.owner, mark.team, role->name}));
}

static void add_tags(struct import_work *work, const struct tags *tags, struct tag_decls *ret)
{
    for (size_t i = 0; i < tags->count; i++)
        if (str_casecmp(tags->items[i].key, role_mark_key) != 0)
            *VEC_ADD(work->arena, ret) =
                (struct tag_decl){.key.text = tags->items[i].key, .value.text = tags->items[i].value};
}

static void add_texts(struct arena *arena, const struct strings *texts, size_t cut, struct located_list *ret)
{
    for (size_t i = 0; i < texts->count; i++)
        VEC_ADD(arena, ret)->text = texts->items[i] + cut;
}

/* The values of that operator and key; NULL: it has no such condition. */
static const struct strings *values_of(const struct statement *statement, const char *operator,
                                       const char * key)
{
    for (size_t i = 0; i < statement->conditions.count; i++) {
        const struct condition *condition = &statement->conditions.items[i];
        if (str_casecmp(condition->operator, operator) == 0 && str_casecmp(condition->key, key) == 0)
            return &condition->values;
    }
    return NULL;
}

static void read_oidc(struct arena *arena, const struct statement *statement, const char *issuer,
                      struct trust_decl *ret)
{
    const char *sub = arena_printf(arena, "%s:sub", issuer);
    const struct strings *audiences =
                             values_of(statement, "StringEquals", arena_printf(arena, "%s:aud", issuer)),
                         *like = values_of(statement, "StringLike", sub),
                         *subjects = like ? like : values_of(statement, "StringEquals", sub);
    ret->oidc_provider.text = arena_printf(arena, "%s%s", scheme, issuer);
    ret->oidc_issuer = issuer;
    if (audiences)
        add_texts(arena, audiences, 0, &ret->oidc_audiences);
    if (subjects)
        add_texts(arena, subjects, 0, &ret->oidc_subjects);
}

static void read_saml(const struct statement *statement, const char *provider, struct trust_decl *ret)
{
    const struct strings *audience = values_of(statement, "StringEquals", "SAML:aud");
    ret->saml_provider.text = provider;
    if (audience && audience->count == 1)
        ret->saml_audience.text = audience->items[0];
}

/* An item of `trust` for a statement, as policy/trust.c makes one of it; what does not come to the same is
 * seen when all of them are compared. */
static struct trust_decl read_trust(struct arena *arena, const struct statement *statement,
                                    const char *account_id)
{
    static const char aws[] = "AWS:", service[] = "Service:", federated[] = "Federated:";
    const struct strings *principals = &statement->principals,
                         *external = values_of(statement, "StringEquals", "sts:ExternalId");
    const char *first = principals->count ? principals->items[0] : "", *at;
    const size_t size = strlen(first);
    struct trust_decl trust = {0};
    if (str_prefix(first, federated) && (at = strstr(first, ":oidc-provider/")))
        read_oidc(arena, statement, at + strlen(":oidc-provider/"), &trust);
    else if (str_prefix(first, federated) && (at = strstr(first, ":saml-provider/")))
        read_saml(statement,
                  strstr(first, account_id) ? at + strlen(":saml-provider/") : first + strlen(federated),
                  &trust);
    else if (str_prefix(first, service))
        add_texts(arena, principals, strlen(service), &trust.services);
    else if (str_prefix(first, aws) && principals->count == 1 && str_suffix(first, ":root") && size > 17)
        trust.account.text = arena_strndup(arena, first + size - 17, 12);
    else if (str_prefix(first, aws))
        for (size_t i = 0; i < principals->count; i++)
            if (str_prefix(principals->items[i], aws))
                VEC_ADD(arena, &trust.principals)->text = principals->items[i] + strlen(aws);
    if (external && external->count == 1)
        trust.external_id = external->items[0];
    return trust;
}

static bool read_whole_trust(struct import_work *work, const struct observed_principal *live,
                             struct role_decl *role)
{
    const char *account_id = work->decl->account_id.text;
    struct document is = {0}, shall;
    struct err ignored;
    if (document_parse_trust(work->arena, live->trust, strlen(live->trust), &is, &ignored) < 0)
        return false;
    for (size_t i = 0; i < is.count; i++)
        *VEC_ADD(work->arena, &role->trust) = read_trust(work->arena, &is.items[i], account_id);
    trust_document(work->arena, work->settings->partition, account_id, role, &shall);
    return document_equal(work->arena, &is, &shall);
}

/* "/iamlease/team/" of "arn:aws:iam::123456789012:role/iamlease/team/reader" */
static const char *path_of(struct import_work *work, const struct observed_principal *role)
{
    const char *at = strstr(role->arn, ":role/") + strlen(":role");
    return arena_strndup(work->arena, at, strlen(at) - strlen(role->name));
}

/* The role as an entry; NULL, with *detail: no entry says it. */
static struct policy_decl *read_role(struct import_work *work, const struct observed_principal *live,
                                     struct role_decl **ret_role, const char **detail)
{
    const char *path = path_of(work, live), *boundary = work->settings->permissions_boundary;
    struct role_decl *role = ARENA_NEW(work->arena, struct role_decl);
    *role = (struct role_decl){.name = live->name,
                               .description = import_plain(work->arena, live->details->description),
                               .max_session_hours = live->details->session_s / HOUR_S,
                               .path = str_eq(path, work->settings->policy_path) ? NULL : path};
    add_tags(work, &live->details->tags, &role->tags);
    if (live->boundary && !str_eq(live->boundary, boundary))
        role->permissions_boundary = live->boundary;
    *detail = !read_whole_trust(work, live, role)      ? "whom it trusts was edited by hand"
              : live->details->session_s % HOUR_S != 0 ? "its sessions do not last whole hours"
              : !live->boundary && *boundary           ? "it has no permissions boundary"
                                                       : NULL;
    if (*detail)
        return NULL;
    *ret_role = role;
    struct policy_decl *policy = ARENA_NEW(work->arena, struct policy_decl);
    *policy = (struct policy_decl){.name.text = arena_printf(work->arena, "role:%s", live->name),
                                   .role = role,
                                   .description = ""};
    return policy;
}

static struct policy_decl *read_provider(struct import_work *work, const struct oidc_provider *live,
                                         const char *name, struct provider_decl **ret_provider)
{
    struct provider_decl *provider = *ret_provider = ARENA_NEW(work->arena, struct provider_decl);
    struct policy_decl *policy = ARENA_NEW(work->arena, struct policy_decl);
    *provider = (struct provider_decl){.name.text = name,
                                       .url.text = arena_printf(work->arena, "%s%s", scheme, live->url),
                                       .issuer = live->url};
    add_texts(work->arena, &live->client_ids, 0, &provider->client_ids);
    add_texts(work->arena, &live->thumbprints, 0, &provider->thumbprints);
    add_tags(work, &live->tags, &provider->tags);
    *policy = (struct policy_decl){.name.text = arena_printf(work->arena, "oidc:%s", name),
                                   .provider = provider,
                                   .description = ""};
    return policy;
}

/* AWS's own policies are named by the entry where all accounts that it stands for have them. */
static void name_managed(struct import_work *work, const struct observed_principal *role,
                         struct policy_decl *policy, bool is_first)
{
    struct located_list kept = {0};
    for (size_t i = 0; is_first && i < role->attached.count; i++)
        if (!grammar_policy_arn_account(work->arena, role->attached.items[i]) &&
            grammar_policy_arn.matches(role->attached.items[i]))
            VEC_ADD(work->arena, &kept)->text = role->attached.items[i];
    for (size_t i = 0; !is_first && i < policy->managed_policies.count; i++)
        if (observed_is_attached(role, policy->managed_policies.items[i].text))
            *VEC_ADD(work->arena, &kept) = policy->managed_policies.items[i];
    policy->managed_policies = kept;
}

static void add(struct import_work *work, struct map *known, const struct observed_principal *role,
                const struct oidc_provider *provider, const char *name)
{
    const char *detail = NULL;
    struct import_kept kept = {.account = work->decl, .role = role, .provider = provider};
    struct policy_decl *policy = role ? read_role(work, role, &kept.made_role, &detail)
                                      : read_provider(work, provider, name, &kept.made_provider);
    kept.policy = policy ? map_put(known, policy->name.text, policy) : NULL;
    if (policy && !file_same_role(kept.policy, policy)) {
        detail = "it is another one in another account";
        kept.policy = NULL;
    }
    if (kept.policy && role)
        name_managed(work, role, kept.policy, kept.policy == policy);
    kept.refused = detail;
    kept.reason = detail ? "not-expressible" : NULL;
    *VEC_ADD(work->arena, &work->kept) = kept;
}

static void collect_account(struct import_work *work, struct map *known)
{
    struct mark mark;
    for (size_t i = 0; i < work->account->providers.count; i++) {
        const struct oidc_provider *provider = &work->account->providers.items[i];
        if (is_of_team(work, tags_get(&provider->tags, role_mark_key), &mark) &&
            grammar_provider_name.matches(mark.name) && !import_is_kept_provider(work, provider->url))
            add(work, known, NULL, provider, mark.name);
    }
    for (size_t i = 0; i < work->account->principals.count; i++) {
        const struct observed_principal *role = &work->account->principals.items[i];
        if (is_role_of_team(work, role) && !import_is_kept_role(work, role->name))
            add(work, known, role, NULL, role->name);
    }
}

void import_collect_kept(struct import_work *work)
{
    struct map known = map_new(work->arena);
    char key[STR_POINTER_SIZE];
    work->kept_of = map_new(work->arena);
    for (size_t i = 0; work->request->writes_roles && i < work->request->account_count; i++) {
        import_begin_account(work, &work->request->accounts[i]);
        collect_account(work, &known);
    }
    for (size_t i = 0; i < work->kept.count; i++) {
        struct import_kept *kept = &work->kept.items[i];
        const void *object = kept->role ? (const void *)kept->role : kept->provider;
        map_put(&work->kept_of, arena_strdup(work->arena, str_of_pointer(object, key)), kept);
    }
}

const struct import_kept *import_find_kept(const struct import_work *work, const void *object)
{
    char key[STR_POINTER_SIZE];
    return map_get(&work->kept_of, str_of_pointer(object, key));
}

bool import_role_names(const struct import_work *work, const struct observed_principal *role, const char *arn)
{
    const struct import_kept *kept = import_find_kept(work, role);
    for (size_t i = 0; kept && kept->policy && i < kept->policy->managed_policies.count; i++)
        if (str_eq(kept->policy->managed_policies.items[i].text, arn))
            return true;
    return false;
}

struct access_entry *import_add_kept(struct arena *arena, const struct import_work *work, size_t index,
                                     struct span span, struct team_config *team)
{
    struct policy_decl *policy = work->kept.items[index].policy;
    struct located_list environments = {0};
    for (size_t i = 0; policy && i < work->kept.count; i++) {
        const struct import_kept *kept = &work->kept.items[i];
        if (kept->policy != policy || kept->refused)
            continue;
        if (!environments.count && i != index)
            return NULL; /* that of the first one */
        *VEC_ADD(arena, &environments) = (struct located){kept->account->environment.text, span};
    }
    if (!environments.count)
        return NULL;
    struct access_entry *entry = VEC_ADD(arena, &team->entries);
    *entry = (struct access_entry){.file = FILE_ROLES,
                                   .description = policy->role ? policy->role->description : "",
                                   .reason = "",
                                   .ticket = "",
                                   .port_run = "",
                                   .environments = environments,
                                   .ad_hoc = policy,
                                   .span = span};
    *VEC_ADD(arena, &entry->roles) =
        (struct located){policy->role ? policy->role->name : policy->provider->issuer, span};
    return entry;
}

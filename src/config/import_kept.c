/* SPDX-License-Identifier: Apache-2.0 */
/* Roles and OIDC providers that iamlease made for this team: entries of aws-roles, where a file can say them. */
#include "base/str.h"
#include "config/file_roles.h"
#include "config/grammar.h"
#include "config/import_work.h"
#include "policy/boundary.h"
#include "policy/role_mark.h"

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
    const char *path = path_of(work, live), *account_id = work->account->account_id,
               *boundary = boundary_of_role(work->arena, work->settings, account_id, NULL);
    struct role_decl *role = ARENA_NEW(work->arena, struct role_decl);
    *role = (struct role_decl){.name = live->name,
                               .description = import_plain(work->arena, live->details->description),
                               .max_session_hours = live->details->session_s / HOUR_S,
                               .path = str_eq(path, work->settings->policy_path) ? NULL : path};
    add_tags(work, &live->details->tags, &role->tags);
    if (live->boundary && !str_eq(live->boundary, boundary))
        role->permissions_boundary = boundary_as_written(live->boundary, account_id);
    *detail = !import_read_trust(work, live, role)     ? "whom it trusts was edited by hand"
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
    import_add_texts(work->arena, &live->client_ids, 0, &provider->client_ids);
    import_add_texts(work->arena, &live->thumbprints, 0, &provider->thumbprints);
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

void import_settle_kept(struct import_work *work)
{
    for (size_t i = 0; i < work->kept.count; i++) {
        const struct import_kept *kept = &work->kept.items[i];
        const struct located_list none = {0}, *named = kept->policy ? &kept->policy->managed_policies : &none;
        import_begin_account(work, kept->account);
        if (kept->refused && kept->provider)
            import_leave(work, LEFT_PROVIDER, NULL, kept->provider->arn, kept->reason, kept->refused);
        else if (kept->refused)
            import_leave(work, LEFT_ROLE, kept->role, kept->role->name, kept->reason, kept->refused);
        for (size_t j = 0; kept->refused && j < named->count; j++)
            import_leave(work, LEFT_ATTACHMENT, kept->role, named->items[j].text, kept->reason, kept->refused);
        work->imported->attachments += kept->refused ? 0 : named->count;
    }
}

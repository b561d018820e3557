/* SPDX-License-Identifier: Apache-2.0 */
/* What files declare already: that of other teams is theirs, and no second team takes it; and what aws-roles has. */
#include "base/str.h"
#include "config/import_work.h"

static const char *key_of(struct arena *arena, const char *account_id, enum principal_kind kind,
                          const char *name, const char *arn)
{
    return arena_printf(arena, "%s\n%d\n%s\n%s", account_id, (int)kind, str_lower(arena, name), arn);
}

static void add_policy(struct import_work *work, const struct team_config *team,
                       const struct account_decl *account, enum principal_kind kind, const char *name,
                       const struct policy_decl *policy)
{
    for (size_t i = 0; i < policy->managed_policies.count; i++)
        map_put(
            &work->declared,
            key_of(work->arena, account->account_id.text, kind, name, policy->managed_policies.items[i].text),
            arena_strdup(work->arena, team->name));
}

static void add_principals(struct import_work *work, const struct team_config *team,
                           const struct account_decl *account, enum principal_kind kind,
                           const struct located_list *names, const struct policy_decl *policy)
{
    for (size_t i = 0; i < names->count; i++) {
        const char *name = names->items[i].text;
        if (kind == PRINCIPAL_USER)
            name = principal_user_name(work->arena, work->settings, name);
        add_policy(work, team, account, kind, name, policy);
    }
}

/* A role or an OIDC provider of aws-roles itself, and what the role names itself. */
static void add_kept(struct import_work *work, const struct team_config *team,
                     const struct account_decl *account, const struct access_entry *entry)
{
    if (!entry->ad_hoc)
        return;
    for (size_t i = 0; i < entry->roles.count; i++) {
        const char *name = entry->roles.items[i].text;
        const char *key = entry->ad_hoc->provider
                              ? key_of(work->arena, account->account_id.text, PRINCIPAL_KIND_COUNT, name, "")
                              : key_of(work->arena, account->account_id.text, PRINCIPAL_ROLE, name, "");
        map_put(&work->declared, key, arena_strdup(work->arena, team->name));
    }
    if (!entry->ad_hoc->provider)
        add_principals(work, team, account, PRINCIPAL_ROLE, &entry->roles, entry->ad_hoc);
}

static void add_entry(struct import_work *work, const struct team_config *team,
                      const struct access_entry *entry)
{
    for (size_t e = 0; e < entry->environments.count; e++) {
        const struct account_decl *account = team_find_account(team, entry->environments.items[e].text);
        if (account && entry->file == FILE_ROLES)
            add_kept(work, team, account, entry);
        for (size_t g = 0; g < entry->grants.count; g++) {
            const struct policy_decl *policy = team_find_policy(team, entry->grants.items[g].text);
            if (!account || !policy)
                continue;
            add_principals(work, team, account, PRINCIPAL_USER, &entry->users, policy);
            add_principals(work, team, account, PRINCIPAL_ROLE, &entry->roles, policy);
            add_principals(work, team, account, PRINCIPAL_GROUP, &entry->groups, policy);
        }
    }
}

void import_collect_declared(struct import_work *work)
{
    const struct config *config = work->request->config;
    work->declared = map_new(work->arena);
    for (size_t t = 0; t < config->count; t++)
        for (size_t e = 0; e < config->items[t].entries.count; e++) {
            const struct access_entry *entry = &config->items[t].entries.items[e];
            const bool is_own = str_eq(config->items[t].name, work->request->team);
            if (entry->file == FILE_ROLES || (entry->file == FILE_PERMANENT && !is_own))
                add_entry(work, &config->items[t], entry);
        }
}

bool import_is_kept_role(const struct import_work *work, const char *name)
{
    CLEANUP(arena_freep) struct arena *scratch = arena_new();
    return map_get(&work->declared, key_of(scratch, work->decl->account_id.text, PRINCIPAL_ROLE, name, ""));
}

bool import_is_kept_provider(const struct import_work *work, const char *url)
{
    CLEANUP(arena_freep) struct arena *scratch = arena_new();
    return map_get(&work->declared,
                   key_of(scratch, work->decl->account_id.text, PRINCIPAL_KIND_COUNT, url, ""));
}

const char *import_who_declares(const struct import_work *work, const struct observed_principal *principal,
                                const char *arn)
{
    CLEANUP(arena_freep) struct arena *scratch = arena_new();
    return map_get(&work->declared,
                   key_of(scratch, work->decl->account_id.text, principal->kind, principal->name, arn));
}

/* SPDX-License-Identifier: Apache-2.0 */
/* What the files of other teams declare already: it is theirs, and no second team takes it. */
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

static void add_entry(struct import_work *work, const struct team_config *team,
                      const struct access_entry *entry)
{
    for (size_t e = 0; e < entry->environments.count; e++) {
        const struct account_decl *account = team_find_account(team, entry->environments.items[e].text);
        if (account && entry->ad_hoc) /* a role of aws-roles, with what it names itself */
            add_principals(work, team, account, PRINCIPAL_ROLE, &entry->roles, entry->ad_hoc);
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
        for (size_t e = 0; e < config->items[t].entries.count; e++)
            if (config->items[t].entries.items[e].file == FILE_PERMANENT &&
                !str_eq(config->items[t].name, work->request->team))
                add_entry(work, &config->items[t], &config->items[t].entries.items[e]);
}

const char *import_who_declares(const struct import_work *work, const struct observed_principal *principal,
                                const char *arn)
{
    CLEANUP(arena_freep) struct arena *scratch = arena_new();
    return map_get(&work->declared,
                   key_of(scratch, work->decl->account_id.text, principal->kind, principal->name, arn));
}

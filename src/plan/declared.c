/* SPDX-License-Identifier: Apache-2.0 */
#include "plan/declared.h"

#include "policy/boundary.h"

struct declaring {
    struct arena *arena, *scratch;
    const struct settings *settings;
    const struct team_config *team;
    struct map accounts, policies; /* name → account_decl, policy_decl */
    const struct access_entry *entry;
    struct declared *rows;
};

/* A grant that names managed policies cannot be lent inline, whatever was asked for. */
static enum access_mode mode_of(const struct access_entry *entry, const struct policy_decl *policy)
{
    if (!entry->temporary)
        return MODE_ATTACH;
    if (entry->mode == ENTRY_ROLE)
        return MODE_ROLE;
    return policy->managed_policies.count || entry->mode == ENTRY_POLICY ? MODE_POLICY : MODE_INLINE;
}

/* Fields are separated by a line feed, which no name can hold. */
const char *declared_identity(struct arena *arena, const struct fact *fact)
{
    const char *const parts[] = {fact->account_id,
                                 fact->kind == ACCESS_LEASE ? "lease" : "permanent",
                                 principal_kind_name(fact->principal_kind),
                                 fact->principal,
                                 fact->team,
                                 fact->grant};
    return arena_join(arena, '\n', parts, sizeof parts / sizeof parts[0]);
}

static void add_row(struct declaring *declaring, struct fact fact)
{
    fact.identity = declared_identity(declaring->scratch, &fact);
    *VEC_ADD(declaring->scratch, declaring->rows) = (struct declared_row){fact, declaring->entry};
}

static void add_principals(struct declaring *declaring, struct fact fact)
{
    const struct access_entry *entry = declaring->entry;
    fact.principal_kind = PRINCIPAL_USER;
    for (size_t i = 0; i < entry->users.count; i++) {
        fact.declared_as = entry->users.items[i].text;
        fact.principal = principal_user_name(declaring->arena, declaring->settings, fact.declared_as);
        add_row(declaring, fact);
    }
    fact.principal_kind = PRINCIPAL_ROLE;
    for (size_t i = 0; i < entry->roles.count; i++) {
        fact.declared_as = fact.principal = entry->roles.items[i].text;
        add_row(declaring, fact);
    }
    fact.principal_kind = PRINCIPAL_GROUP;
    fact.boundary = "";
    for (size_t i = 0; i < entry->groups.count; i++) {
        fact.declared_as = fact.principal = entry->groups.items[i].text;
        add_row(declaring, fact);
    }
}

/* Of the role that comes of it, now or when no other mode fits. */
static const char *boundary_of(const struct declaring *declaring, const struct account_decl *account,
                               const struct policy_decl *policy, bool is_fixed)
{
    const bool may_be_role = policy->role || (declaring->entry->temporary && !is_fixed);
    return may_be_role ? boundary_of_role(declaring->arena, declaring->settings, account->account_id.text,
                                          policy->role)
                       : "";
}

static void add_grant(struct declaring *declaring, const struct account_decl *account,
                      const struct policy_decl *policy)
{
    const struct access_entry *entry = declaring->entry;
    const bool is_fixed = entry->mode == ENTRY_INLINE || entry->mode == ENTRY_POLICY;
    add_principals(declaring, (struct fact){
                                  .kind = entry->temporary ? ACCESS_LEASE : ACCESS_PERMANENT,
                                  .mode = mode_of(entry, policy),
                                  .mode_is_fixed = is_fixed,
                                  .team = declaring->team->name,
                                  .grant = policy->name.text,
                                  .environment = account->environment.text,
                                  .account_id = account->account_id.text,
                                  .description = entry->description,
                                  .reason = entry->reason,
                                  .ticket = entry->ticket,
                                  .port_run = entry->port_run,
                                  .starts_at_s = entry->temporary ? entry->starts_at_s : 0,
                                  .ends_at_s = entry->temporary ? entry->ends_at_s : 0,
                                  .boundary = boundary_of(declaring, account, policy, is_fixed),
                                  .ad_hoc = entry->temporary && policy == entry->ad_hoc,
                                  .of_role = entry->file == FILE_ROLES,
                                  .policy = policy,
                                  .span = entry->span,
                              });
}

static void add_entry(struct declaring *declaring)
{
    const struct access_entry *entry = declaring->entry;
    const size_t grants = entry_grant_count(entry) - (entry->ad_hoc != NULL);
    for (size_t i = 0; i < entry->environments.count; i++) {
        const struct account_decl *account = map_get(&declaring->accounts, entry->environments.items[i].text);
        if (account && entry->ad_hoc)
            add_grant(declaring, account, entry->ad_hoc);
        for (size_t j = 0; account && j < grants; j++) {
            const struct policy_decl *policy = map_get(&declaring->policies, entry->grants.items[j].text);
            if (policy)
                add_grant(declaring, account, policy);
        }
    }
}

void declared_rows(struct arena *arena, struct arena *scratch, const struct settings *settings,
                   const struct team_config *team, struct declared *ret)
{
    struct declaring declaring = {
        .arena = arena,
        .scratch = scratch,
        .settings = settings,
        .team = team,
        .accounts = map_new(scratch),
        .policies = map_new(scratch),
        .rows = ret,
    };
    for (size_t i = 0; i < team->accounts.count; i++)
        map_put(&declaring.accounts, team->accounts.items[i].environment.text, &team->accounts.items[i]);
    for (size_t i = 0; i < team->policies.count; i++)
        map_put(&declaring.policies, team->policies.items[i].name.text, &team->policies.items[i]);
    for (size_t i = 0; i < team->entries.count; i++) {
        declaring.entry = &team->entries.items[i];
        add_entry(&declaring);
    }
}

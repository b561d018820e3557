/* SPDX-License-Identifier: Apache-2.0 */
/* Whether what is declared is the same, value by value; it knows nothing of how it is written. */
#include "base/str.h"
#include "config/file_roles.h"
#include "config/file_text.h"
#include "policy/trust.h"

static bool same_strings(const struct strings *a, const struct strings *b)
{
    bool same = a->count == b->count;
    for (size_t i = 0; same && i < a->count; i++)
        same = str_eq(a->items[i], b->items[i]);
    return same;
}

static bool same_list(const struct located_list *a, const struct located_list *b)
{
    bool same = a->count == b->count;
    for (size_t i = 0; same && i < a->count; i++)
        same = str_eq(a->items[i].text, b->items[i].text);
    return same;
}

static const struct condition *find_condition(const struct statement *statement,
                                              const struct condition *condition)
{
    for (size_t i = 0; i < statement->conditions.count; i++)
        if (str_eq(statement->conditions.items[i].operator, condition->operator) &&
            str_eq(statement->conditions.items[i].key, condition->key))
            return &statement->conditions.items[i];
    return NULL;
}

/* All of them must hold, so their order is none: a file has those of one operator together. */
static bool same_conditions(const struct statement *a, const struct statement *b)
{
    bool same = a->conditions.count == b->conditions.count;
    for (size_t i = 0; same && i < a->conditions.count; i++) {
        const struct condition *other = find_condition(b, &a->conditions.items[i]);
        same = other && same_strings(&a->conditions.items[i].values, &other->values);
    }
    return same;
}

static bool same_statement(const struct statement *a, const struct statement *b)
{
    return !a->sid == !b->sid && (!a->sid || str_eq(a->sid, b->sid)) && a->effect == b->effect &&
           same_strings(&a->actions, &b->actions) && same_strings(&a->not_actions, &b->not_actions) &&
           same_strings(&a->resources, &b->resources) && same_strings(&a->not_resources, &b->not_resources) &&
           same_conditions(a, b);
}

static bool same_policy(const struct policy_decl *a, const struct policy_decl *b)
{
    bool same = str_eq(a->name.text, b->name.text) && str_eq(a->description, b->description) &&
                same_list(&a->managed_policies, &b->managed_policies) && a->custom.count == b->custom.count;
    for (size_t i = 0; same && i < a->custom.count; i++)
        same = same_statement(&a->custom.items[i], &b->custom.items[i]);
    return same;
}

static bool same_entry(const struct access_entry *a, const struct access_entry *b)
{
    return str_eq(a->description, b->description) && str_eq(a->reason, b->reason) &&
           a->ends_at_s == b->ends_at_s && a->starts_at_s == b->starts_at_s && a->mode == b->mode &&
           !a->ad_hoc && !b->ad_hoc && same_list(&a->users, &b->users) && same_list(&a->roles, &b->roles) &&
           same_list(&a->groups, &b->groups) && same_list(&a->environments, &b->environments) &&
           same_list(&a->grants, &b->grants);
}

bool file_same_role(const struct policy_decl *a, const struct policy_decl *b)
{
    CLEANUP(arena_freep) struct arena *scratch = arena_new();
    if (!a->role != !b->role || !a->provider != !b->provider || !str_eq(a->name.text, b->name.text))
        return false;
    if (a->role && (!str_eq(a->role->description, b->role->description) || !a->role->path != !b->role->path ||
                    (a->role->path && !str_eq(a->role->path, b->role->path))))
        return false;
    return str_eq(trust_canonical(scratch, a->role, a->provider),
                  trust_canonical(scratch, b->role, b->provider));
}

static const struct access_entry *find_role(const struct team_config *team, const char *name)
{
    for (size_t i = 0; i < team->entries.count; i++)
        if (team->entries.items[i].file == FILE_ROLES && str_eq(team->entries.items[i].ad_hoc->name.text, name))
            return &team->entries.items[i];
    return NULL;
}

/* Roles and providers have names, and their order is none. */
static bool same_roles(const struct team_config *a, const struct team_config *b)
{
    size_t count = 0;
    for (size_t i = 0; i < b->entries.count; i++)
        count += b->entries.items[i].file == FILE_ROLES;
    for (size_t i = 0; i < a->entries.count; i++) {
        const struct access_entry *entry = &a->entries.items[i];
        if (entry->file != FILE_ROLES)
            continue;
        const struct access_entry *other = find_role(b, entry->ad_hoc->name.text);
        if (!other || !file_same_role(entry->ad_hoc, other->ad_hoc) ||
            !same_list(&entry->ad_hoc->managed_policies, &other->ad_hoc->managed_policies) ||
            !same_list(&entry->environments, &other->environments))
            return false;
        count--;
    }
    return count == 0;
}

/* The next entry of that kind from *at on, or NULL. */
static const struct access_entry *next_entry(const struct team_config *team, enum file_kind kind, size_t *at)
{
    while (*at < team->entries.count && team->entries.items[*at].file != kind)
        (*at)++;
    return *at < team->entries.count ? &team->entries.items[(*at)++] : NULL;
}

static bool same_entries(const struct team_config *a, const struct team_config *b, enum file_kind kind)
{
    for (size_t i = 0, j = 0;;) {
        const struct access_entry *left = next_entry(a, kind, &i), *right = next_entry(b, kind, &j);
        if (!left || !right)
            return !left && !right;
        if (!same_entry(left, right))
            return false;
    }
}

static bool same_accounts(const struct team_config *a, const struct team_config *b)
{
    bool same = a->accounts.count == b->accounts.count;
    for (size_t i = 0; same && i < a->accounts.count; i++)
        same = str_eq(a->accounts.items[i].environment.text, b->accounts.items[i].environment.text) &&
               str_eq(a->accounts.items[i].account_id.text, b->accounts.items[i].account_id.text);
    return same;
}

bool file_same(const struct team_config *a, const struct team_config *b, enum file_kind kind)
{
    bool same = kind != FILE_POLICIES || a->policies.count == b->policies.count;
    switch (kind) {
    case FILE_ACCOUNTS: return same_accounts(a, b);
    case FILE_ROLES: return same_roles(a, b);
    case FILE_POLICIES:
        for (size_t i = 0; same && i < a->policies.count; i++)
            same = same_policy(&a->policies.items[i], &b->policies.items[i]);
        return same;
    default: return same_entries(a, b, kind);
    }
}

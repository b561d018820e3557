/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Which objects the entries of both sides ask for (DESIGN §3, the table and "Names").
 *
 * Every name begins with that of the team, so two can be one only within a team, or where the name of one team
 * begins with that of the other and a dash. Such teams stand side by side: only they are looked at together,
 * and only when one of them changes. The names of leases begin like those of the policies of a team `temp`.
 */
#include "base/str.h"
#include "config/check.h"
#include "config/config.h"
#include "config/naming.h"
#include "policy/mark.h"

#include <string.h>

static const char lease_team[] = "temp";

/* What a policy is called in AWS, and whether another one is called so, too. */
struct called {
    const char *owner;
    bool is_contested;
};

struct walk {
    struct naming naming;
    int64_t now_s;
    struct map called;   /* name of a policy in small letters → struct called */
    bool any_contested;  /* of these */
    bool all_are_called; /* a team `temp` is there: any policy may meet any lease */

    const struct settings *settings;
    bool is_base;
    const struct team_config *team;
    struct map accounts, policies; /* of the team */
    const struct access_entry *entry;
};

static const char *owner_of_policy(struct walk *walk, const struct policy_decl *policy)
{
    return arena_join(walk->naming.scratch, '\n', (const char *const[]){walk->team->name, policy->name.text},
                      2);
}

static const char *called(struct walk *walk, const struct policy_decl *policy)
{
    struct arena *scratch = walk->naming.scratch;
    return str_lower(scratch, mark_policy_name(scratch, walk->team->name, policy->name.text));
}

static void call_policy(struct walk *walk, const struct policy_decl *policy)
{
    struct called *mine = ARENA_NEW(walk->naming.scratch, struct called);
    mine->owner = owner_of_policy(walk, policy);
    struct called *first = map_put(&walk->called, called(walk, policy), mine);
    first->is_contested |= !str_eq(first->owner, mine->owner);
    walk->any_contested |= first->is_contested;
}

/* Whether a lease becomes an object of the account, and not an inline policy of its principal. */
static bool is_of_account(const struct access_entry *entry, const struct policy_decl *policy)
{
    return entry->temporary &&
           (policy->managed_policies.count || entry->mode == ENTRY_POLICY || entry->mode == ENTRY_ROLE);
}

static void name_object(struct walk *walk, const char *account_id, const char *where, struct object *object)
{
    if (walk->is_base)
        naming_meet_base(&walk->naming, account_id, where, object);
    else
        naming_add(&walk->naming, account_id, where, object);
}

static void name_leases(struct walk *walk, const char *account_id, const struct policy_decl *policy,
                        const struct located_list *principals, const char *kind)
{
    struct arena *scratch = walk->naming.scratch;
    for (size_t i = 0; i < principals->count; i++) {
        const char *principal = principals->items[i].text;
        if (str_eq(kind, "user"))
            principal = principal_user_name(scratch, walk->settings, principal);
        const char *const owner[] = {walk->team->name, policy->name.text, kind, str_lower(scratch, principal)};
        const char *where = walk->entry->mode == ENTRY_ROLE ? "role" : "policy";
        if (!is_of_account(walk->entry, policy))
            where = arena_join(scratch, '/', owner + 2, 2);
        struct object *object = ARENA_NEW(scratch, struct object);
        object->team = walk->team;
        object->policy = policy;
        object->principal = &principals->items[i];
        object->kind = kind;
        object->name = mark_inline_name(scratch, walk->team->name, policy->name.text, principal,
                                        walk->entry->starts_at_s);
        object->owner = arena_join(scratch, '\n', owner, 4);
        name_object(walk, account_id, where, object);
    }
}

/* What stands with one principal meets only what another policy that is called alike gives him. */
static bool may_meet(struct walk *walk, const struct policy_decl *policy)
{
    if (walk->all_are_called || is_of_account(walk->entry, policy))
        return true;
    if (!walk->any_contested)
        return false;
    const struct called *first = map_get(&walk->called, called(walk, policy));
    return first && first->is_contested;
}

static void name_grant(struct walk *walk, const char *account_id, const struct policy_decl *policy)
{
    if (!may_meet(walk, policy))
        return;
    if (walk->entry->temporary) {
        name_leases(walk, account_id, policy, &walk->entry->users, "user");
        name_leases(walk, account_id, policy, &walk->entry->roles, "role");
        name_leases(walk, account_id, policy, &walk->entry->groups, "group");
    } else if (policy->custom.count) {
        struct object *object = ARENA_NEW(walk->naming.scratch, struct object);
        object->team = walk->team;
        object->policy = policy;
        object->name = mark_policy_name(walk->naming.scratch, walk->team->name, policy->name.text);
        object->owner = owner_of_policy(walk, policy);
        name_object(walk, account_id, "policy", object);
    }
}

static void walk_entry(struct walk *walk)
{
    const struct access_entry *entry = walk->entry;
    const bool is_role = entry->file == FILE_ROLES;
    for (size_t i = 0; i < entry->environments.count; i++) {
        const struct account_decl *account = map_get(&walk->accounts, entry->environments.items[i].text);
        if (account && entry->ad_hoc && !is_role)
            name_grant(walk, account->account_id.text, entry->ad_hoc);
        for (size_t j = 0; account && j < (entry->ad_hoc && !is_role ? 0 : entry->grants.count); j++) {
            const struct policy_decl *policy = map_get(&walk->policies, entry->grants.items[j].text);
            if (policy)
                name_grant(walk, account->account_id.text, policy);
        }
    }
}

static void walk_team(struct walk *walk)
{
    const struct team_config *team = walk->team;
    walk->accounts = map_new(walk->naming.scratch);
    walk->policies = map_new(walk->naming.scratch);
    for (size_t i = 0; i < team->accounts.count; i++)
        map_put(&walk->accounts, team->accounts.items[i].environment.text, &team->accounts.items[i]);
    for (size_t i = 0; i < team->policies.count; i++)
        map_put(&walk->policies, team->policies.items[i].name.text, &team->policies.items[i]);
    for (size_t i = 0; i < team->entries.count; i++) {
        walk->entry = &team->entries.items[i];
        if (!walk->entry->temporary || walk->entry->ends_at_s > walk->now_s)
            walk_entry(walk);
    }
}

static void call_team(struct walk *walk)
{
    for (size_t i = 0; i < walk->team->policies.count; i++)
        call_policy(walk, &walk->team->policies.items[i]);
    for (size_t i = 0; i < walk->team->entries.count; i++)
        if (walk->team->entries.items[i].temporary && walk->team->entries.items[i].ad_hoc)
            call_policy(walk, walk->team->entries.items[i].ad_hoc);
}

/* The teams of one side whose names can meet: from `from` up to `end`. */
struct group {
    const struct config *config;
    size_t from, end;
};

static void extend(struct group *group, const char *root)
{
    const struct config *config = group->config;
    size_t length = strlen(root);
    for (group->end = group->from; group->end < config->count; group->end++) {
        const char *name = config->items[group->end].name;
        if (!str_prefix(name, root) || (name[length] && name[length] != '-'))
            return;
    }
}

/* The next teams of both sides; false at the end. */
static bool next_group(struct group *before, struct group *after)
{
    before->from = before->end;
    after->from = after->end;
    const char *a = before->from < before->config->count ? before->config->items[before->from].name : NULL;
    const char *b = after->from < after->config->count ? after->config->items[after->from].name : NULL;
    const char *root = !a || (b && strcmp(b, a) < 0) ? b : a;
    if (!root)
        return false;
    extend(before, root);
    extend(after, root);
    return true;
}

/* Files that both sides have are decoded once; of one that is missing, or in which something is wrong,
 * nothing is known that could be compared. */
static bool is_same_team(const struct team_config *a, const struct team_config *b)
{
    bool same = str_eq(a->name, b->name);
    for (enum file_kind kind = FILE_ACCOUNTS; same && kind < FILE_KIND_COUNT; kind++)
        same = team_shares_file(a, b, kind);
    return same;
}

static bool is_unchanged(const struct group *before, const struct group *after)
{
    const struct settings *a = &before->config->settings, *b = &after->config->settings;
    if (before->config == after->config || a->usernames != b->usernames || a->usernames == USERNAMES_MAP ||
        before->end - before->from != after->end - after->from)
        return false;
    bool same = true;
    for (size_t i = 0; same && i < before->end - before->from; i++)
        same = is_same_team(&before->config->items[before->from + i], &after->config->items[after->from + i]);
    return same;
}

static void walk_side(struct walk *walk, const struct group *group, bool is_base, void (*visit)(struct walk *))
{
    walk->settings = &group->config->settings;
    walk->is_base = is_base;
    for (size_t i = group->from; i < group->end; i++) {
        walk->team = &group->config->items[i];
        visit(walk);
    }
}

static void check_group(const struct group *before, const struct group *after, bool has_lease_team,
                        int64_t now_s, struct diags *diags)
{
    CLEANUP(arena_freep) struct arena *scratch = arena_new();
    struct walk walk = {
        .naming = {.scratch = scratch, .diags = diags, .objects = map_new(scratch), .told = map_new(scratch)},
        .now_s = now_s,
        .called = map_new(scratch),
        .all_are_called = has_lease_team};
    walk_side(&walk, after, false, call_team);
    walk_side(&walk, before, true, call_team);
    walk_side(&walk, after, false, walk_team);
    walk_side(&walk, before, true, walk_team);
}

static bool has_lease_team(const struct config *config)
{
    for (size_t i = 0; i < config->count; i++)
        if (str_eq(config->items[i].name, lease_team) || (str_prefix(config->items[i].name, lease_team) &&
                                                          config->items[i].name[sizeof lease_team - 1] == '-'))
            return true;
    return false;
}

void config_check_names(const struct config *base, const struct config *head, int64_t now_s,
                        struct diags *diags)
{
    struct group before = {.config = base}, after = {.config = head};
    check_role_names(base, head, diags);
    if (has_lease_team(base) || has_lease_team(head)) {
        before.end = base->count;
        after.end = head->count;
        if (!is_unchanged(&before, &after))
            check_group(&before, &after, true, now_s, diags);
        return;
    }
    while (next_group(&before, &after))
        if (!is_unchanged(&before, &after))
            check_group(&before, &after, false, now_s, diags);
}

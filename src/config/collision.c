/* SPDX-License-Identifier: Apache-2.0 */
#include "base/map.h"
#include "base/str.h"
#include "config/check.h"
#include "config/ids.h"
#include "policy/mark.h"

#include <string.h>

/* IAM's names are one when they differ in case only (facts/aws.md §1.1): all keys are in small letters. */
struct collisions {
    struct arena *scratch;
    struct diags *diags;
    const struct settings *settings;
    struct map users;    /* IAM user in small letters → struct located: how it was first written */
    struct map names;    /* account id, kind, and role or group in small letters → struct located */
    struct map policies; /* name in AWS in small letters → struct named_policy: one of each team, in a chain */
    struct map sharing;   /* "team/team" → "yes" or "no" */
    struct map usernames; /* address → struct username, of settings.usernames */
};

struct named_policy {
    const struct team_config *team;
    const struct policy_decl *policy;
    struct named_policy *next;
};

static void hint_first(struct collisions *collisions, struct diag *diag, const struct located *first,
                       const char *advice)
{
    diag_hint(collisions->diags, diag, "'%s' stands in %s:%u; %s", first->text, first->span.file->path,
              (unsigned)first->span.line, advice);
    diag_relate(diag, first->span);
}

/* The map of user names is all that is known: nobody guesses whom an address stands for. */
static bool is_known(struct collisions *collisions, const struct located *user)
{
    if (collisions->settings->usernames != USERNAMES_MAP || !strchr(user->text, '@') ||
        map_get(&collisions->usernames, user->text))
        return true;
    struct diag *diag = diag_error(collisions->diags, user->span, ID_USERNAME_UNKNOWN,
                                   "'usernames' does not say which IAM user '%s' is", user->text);
    diag_hint(collisions->diags, diag, "add the address to 'usernames' in iamlease.yaml");
    return false;
}

static void check_user(struct collisions *collisions, struct located *user)
{
    if (!is_known(collisions, user))
        return;
    const char *name = principal_user_name(collisions->scratch, collisions->settings, user->text);
    const struct located *first = map_put(&collisions->users, str_lower(collisions->scratch, name), user);
    if (str_eq(first->text, user->text))
        return;
    struct diag *diag =
        diag_error(collisions->diags, user->span, ID_USER_COLLISION,
                   "'%s' comes to the IAM user '%s', and so does '%s'", user->text, name, first->text);
    hint_first(collisions, diag, first,
               str_casecmp(first->text, user->text) == 0 ? "write it alike everywhere"
                                                         : "one of them would get the other's access");
}

/*
 * The name of a role or group is written as it is; but in two ways in one account, the end of one grant would
 * cut the other. One place is enough to say so.
 */
static void check_name(struct collisions *collisions, const struct access_entry *entry, struct located *role,
                       const char *kind, const char *id, const struct map *environments)
{
    const char *name = str_lower(collisions->scratch, role->text);
    for (size_t i = 0; i < entry->environments.count; i++) {
        const struct account_decl *account = map_get(environments, entry->environments.items[i].text);
        if (!account)
            continue;
        const char *key = arena_printf(collisions->scratch, "%s/%s/%s", account->account_id.text, kind, name);
        const struct located *first = map_put(&collisions->names, key, role);
        if (str_eq(first->text, role->text))
            continue;
        struct diag *diag = diag_error(collisions->diags, role->span, id, "'%s' and '%s' are one %s in IAM",
                                       role->text, first->text, kind);
        hint_first(collisions, diag, first, "write it alike everywhere");
        return;
    }
}

static void check_principals(struct collisions *collisions, const struct team_config *team,
                             const struct map *environments)
{
    for (size_t i = 0; i < team->entries.count; i++) {
        const struct access_entry *entry = &team->entries.items[i];
        for (size_t u = 0; u < entry->users.count; u++)
            check_user(collisions, &entry->users.items[u]);
        for (size_t r = 0; r < entry->roles.count; r++)
            check_name(collisions, entry, &entry->roles.items[r], "role", ID_ROLE_COLLISION, environments);
        for (size_t g = 0; g < entry->groups.count; g++)
            check_name(collisions, entry, &entry->groups.items[g], "group", ID_GROUP_COLLISION, environments);
    }
}

/* Whether two teams have an account in common. */
static bool share_account(struct collisions *collisions, const struct team_config *a,
                          const struct team_config *b)
{
    const char *pair = arena_printf(collisions->scratch, "%s/%s", a->name, b->name);
    const char *known = map_get(&collisions->sharing, pair);
    if (known)
        return str_eq(known, "yes");
    struct map accounts = map_new(collisions->scratch);
    for (size_t i = 0; i < a->accounts.count; i++)
        map_put(&accounts, a->accounts.items[i].account_id.text, &a->accounts.items[i]);
    static char yes[] = "yes", no[] = "no";
    char *answer = no;
    for (size_t i = 0; i < b->accounts.count; i++) {
        const char *account_id = b->accounts.items[i].account_id.text;
        if (*account_id && map_get(&accounts, account_id))
            answer = yes;
    }
    map_put(&collisions->sharing, pair, answer);
    return answer == yes;
}

static void check_policy(struct collisions *collisions, const struct team_config *team,
                         const struct policy_decl *policy)
{
    const char *name = mark_policy_name(collisions->scratch, team->name, policy->name.text);
    struct named_policy *mine = ARENA_NEW(collisions->scratch, struct named_policy);
    *mine = (struct named_policy){.team = team, .policy = policy};
    struct named_policy *other = map_put(&collisions->policies, str_lower(collisions->scratch, name), mine);
    for (; other != mine; other = other->next) {
        if (other->team == team && str_eq(other->policy->name.text, policy->name.text))
            return; /* entries that allow the same without a grant share its name */
        if (other->team == team || share_account(collisions, other->team, team)) {
            struct diag *diag =
                diag_error(collisions->diags, policy->name.span, ID_POLICY_NAME_COLLISION,
                           "'%s' comes to the name '%s' in AWS, and so does '%s' of team '%s'",
                           policy->name.text, name, other->policy->name.text, other->team->name);
            hint_first(collisions, diag, &other->policy->name, "rename one of them");
            return;
        }
        if (!other->next)
            other->next = mine;
    }
}

void check_collisions(const struct config *config, struct diags *diags)
{
    CLEANUP(arena_freep) struct arena *scratch = arena_new();
    struct collisions collisions = {.scratch = scratch,
                                    .diags = diags,
                                    .settings = &config->settings,
                                    .users = map_new(scratch),
                                    .names = map_new(scratch),
                                    .usernames = map_new(scratch),
                                    .policies = map_new(scratch),
                                    .sharing = map_new(scratch)};
    for (size_t i = 0; i < config->settings.username_map.count; i++)
        map_put(&collisions.usernames, config->settings.username_map.items[i].email.text,
                &config->settings.username_map.items[i]);
    for (size_t t = 0; t < config->count; t++) {
        const struct team_config *team = &config->items[t];
        struct map environments = map_new(scratch);
        for (size_t i = 0; i < team->accounts.count; i++)
            map_put(&environments, team->accounts.items[i].environment.text, &team->accounts.items[i]);
        check_principals(&collisions, team, &environments);
        for (size_t i = 0; i < team->entries.count; i++)
            if (team->entries.items[i].temporary && team->entries.items[i].ad_hoc)
                check_policy(&collisions, team, team->entries.items[i].ad_hoc);
        for (size_t i = 0; i < team->policies.count; i++)
            check_policy(&collisions, team, &team->policies.items[i]);
    }
}

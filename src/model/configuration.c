/* SPDX-License-Identifier: Apache-2.0 */
#include "model/configuration.h"

#include "base/str.h"
#include "base/time.h"

#include <string.h>

struct settings settings_defaults(void)
{
    return (struct settings){
        .rules = {.max_days = 6, .max_removals_percent = 25, .port = {.base_url = "https://api.getport.io"}},
        .owner = "default",
        .deployer_role = "AWSSelfServeDeployer",
        .plan_role = "",
        .external_id = "",
        .policy_path = "/iamlease/",
        .permissions_boundary = "",
        .partition = "aws",
        .region = "us-east-1",
        .bootstrap = {.hub_account = "",
                      .repository = "",
                      .repository_ids = "",
                      .issuer = "https://token.actions.githubusercontent.com",
                      .branch = "",
                      .plan_branch = "",
                      .hub_role = "iamlease-hub",
                      .plan_hub_role = "iamlease-plan-hub",
                      .through_role = "",
                      .organization = ""},
    };
}

int64_t rules_latest_end(const struct rules *rules, int64_t now_s)
{
    return time_start_of_day(now_s) + (rules->max_days + 1) * DAY_S;
}

bool account_id_is_valid(const char *text)
{
    enum { DIGITS = 12 };
    return strlen(text) == DIGITS && strspn(text, "0123456789") == DIGITS;
}

bool team_names_account(const struct team_config *team, const char *account_id)
{
    for (size_t i = 0; i < team->accounts.count; i++)
        if (str_eq(team->accounts.items[i].account_id.text, account_id))
            return true;
    return false;
}

bool config_names_account(const struct config *config, const char *account_id)
{
    for (size_t i = 0; i < config->count; i++)
        if (team_names_account(&config->items[i], account_id))
            return true;
    return false;
}

int team_check_names(const struct strings *asked, const struct strings *known, struct err *err)
{
    for (size_t i = 0; asked && i < asked->count; i++) {
        const char *name = asked->items[i];
        if (strings_contain(known, name))
            continue;
        const char *nearest = str_nearest(name, known->items, known->count);
        return nearest ? err_set(err, ERR_USAGE, "there is no team '%s'; did you mean '%s'?", name, nearest)
                       : err_set(err, ERR_USAGE, "there is no team '%s'", name);
    }
    return 0;
}

const struct account_decl *team_find_account(const struct team_config *team, const char *environment)
{
    for (size_t i = 0; i < team->accounts.count; i++)
        if (str_eq(team->accounts.items[i].environment.text, environment))
            return &team->accounts.items[i];
    return NULL;
}

const struct policy_decl *team_find_policy(const struct team_config *team, const char *name)
{
    for (size_t i = 0; i < team->policies.count; i++)
        if (str_eq(team->policies.items[i].name.text, name))
            return &team->policies.items[i];
    return NULL;
}

const char *principal_user_name(struct arena *arena, const struct settings *settings, const char *user)
{
    const char *at = strchr(user, '@');
    if (!at || settings->usernames == USERNAMES_EMAIL)
        return user;
    for (size_t i = 0; settings->usernames == USERNAMES_MAP && i < settings->username_map.count; i++)
        if (str_eq(settings->username_map.items[i].email.text, user))
            return settings->username_map.items[i].name.text;
    return arena_strndup(arena, user, (size_t)(at - user));
}

bool team_shares_file(const struct team_config *team, const struct team_config *other, enum file_kind kind)
{
    return other && team->sound[kind] && team->sound[kind] == other->sound[kind];
}

bool team_shares_entries(const struct team_config *team, const struct team_config *other, enum file_kind kind)
{
    return team_shares_file(team, other, FILE_ACCOUNTS) && team_shares_file(team, other, FILE_POLICIES) &&
           team_shares_file(team, other, kind);
}

size_t entry_grant_count(const struct access_entry *entry)
{
    if (entry->file == FILE_ROLES)
        return entry->grants.count + 1;
    return entry->ad_hoc ? 1 : entry->grants.count;
}

bool settings_name_users_alike(const struct settings *before, const struct settings *after)
{
    bool alike =
        before->usernames == after->usernames && before->username_map.count == after->username_map.count;
    for (size_t i = 0; alike && i < after->username_map.count; i++)
        alike = str_eq(before->username_map.items[i].email.text, after->username_map.items[i].email.text) &&
                str_eq(before->username_map.items[i].name.text, after->username_map.items[i].name.text);
    return alike;
}

bool settings_name_objects_alike(const struct settings *before, const struct settings *after)
{
    return str_eq(before->owner, after->owner) && str_eq(before->policy_path, after->policy_path) &&
           str_eq(before->partition, after->partition);
}

/* SPDX-License-Identifier: Apache-2.0 */
#include "model/configuration.h"

#include "base/str.h"
#include "base/time.h"

#include <string.h>

struct settings settings_defaults(void)
{
    return (struct settings){
        .max_days = 6,
        .max_removals_percent = 25,
        .owner = "default",
        .deployer_role = "AWSSelfServeDeployer",
        .policy_path = "/iamlease/",
        .partition = "aws",
    };
}

int64_t settings_latest_end(const struct settings *settings, int64_t now_s)
{
    return time_start_of_day(now_s) + (settings->max_days + 1) * DAY_S;
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

const char *principal_user_name(struct arena *arena, const char *user)
{
    const char *at = strchr(user, '@');
    return at ? arena_strndup(arena, user, (size_t)(at - user)) : user;
}

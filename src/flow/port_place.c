/* SPDX-License-Identifier: Apache-2.0 */
#include "flow/port_place.h"

#include "base/str.h"

static bool may_name(const struct rules *rules, const char *team, const char *account_id)
{
    if (!rules->has_teams)
        return true;
    for (size_t i = 0; i < rules->teams.count; i++) {
        const struct team_rules *of_team = &rules->teams.items[i];
        for (size_t j = 0; str_eq(of_team->name.text, team) && j < of_team->accounts.count; j++)
            if (str_eq(of_team->accounts.items[j].text, account_id))
                return true;
    }
    return false;
}

static const char *name_of_account(const struct team_config *team, const char *account_id)
{
    for (size_t i = 0; i < team->accounts.count; i++)
        if (str_eq(team->accounts.items[i].account_id.text, account_id))
            return team->accounts.items[i].environment.text;
    return NULL;
}

int port_place_find(struct arena *arena, const struct config *config, const char *account_id,
                    const char *team, struct port_place *ret, struct err *err)
{
    const char *names = "";
    size_t count = 0;
    *ret = (struct port_place){0};
    for (size_t i = 0; i < config->count; i++) {
        const struct team_config *one = &config->items[i];
        const char *environment = name_of_account(one, account_id);
        if (!environment || !may_name(&config->settings.rules, one->name, account_id) ||
            (team && !str_eq(team, one->name)))
            continue;
        *ret = (struct port_place){one, environment, account_id};
        names = arena_printf(arena, "%s%s%s", names, count ? ", " : "", one->name);
        count++;
    }
    if (count == 1)
        return 0;
    if (!count)
        return team
                   ? err_set(err, ERR_REFUSED, "no team '%.64s' of this repository may use account %.64s",
                             team, account_id)
                   : err_set(err, ERR_REFUSED, "no team of this repository may use account %.64s", account_id);
    return err_set(err, ERR_REFUSED,
                   "several teams use account %s (%.300s), and the entity does not say which is meant: set its "
                   "property iamlease_team in Port",
                   account_id, names);
}

/* SPDX-License-Identifier: Apache-2.0 */
#include "flow/quiet_facts.h"

#include "base/str.h"
#include "plan/concerned.h"

void quiet_team_add(struct arena *arena, struct quiet_team *team, const struct spelling *principal,
                    const struct fact *fact)
{
    const struct quiet_facts quiet = {
        .principal = principal,
        .account_id = fact->account_id,
        .names_customer_policy = concern_names_customer_policy(fact->policy),
    };
    /* Most of those that come to the same stand side by side. */
    const struct quiet_facts *last = team->count ? &team->items[team->count - 1] : NULL;
    if (!last || last->principal != quiet.principal ||
        last->names_customer_policy != quiet.names_customer_policy ||
        !str_eq(last->account_id, quiet.account_id))
        *VEC_ADD(arena, team) = quiet;
}

struct quiet_team quiet_team_copy(struct arena *arena, const struct quiet_team *team)
{
    struct quiet_team copy = {0};
    VEC_RESERVE(arena, &copy, team->count);
    for (size_t i = 0; i < team->count; i++)
        *VEC_ADD(arena, &copy) = team->items[i];
    return copy;
}

struct fact quiet_facts_view(const struct quiet_facts *quiet)
{
    return (struct fact){.account_id = quiet->account_id,
                         .principal_kind = quiet->principal->kind,
                         .principal = quiet->principal->principal,
                         .team = "",
                         .grant = ""};
}

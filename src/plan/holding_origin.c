/* SPDX-License-Identifier: Apache-2.0 */
#include "plan/holding_origin.h"

#include "base/str.h"
#include "policy/mark.h"
#include "policy/role_mark.h"

const char *holding_account_name(const struct looking *l, const char *team)
{
    const char *name = NULL;
    for (size_t i = 0; i < l->input->config->count; i++) {
        const struct team_config *config = &l->input->config->items[i];
        bool is_own = team && str_eq(config->name, team);
        for (size_t j = config->accounts.count; j > 0; j--)
            if ((is_own || !name) &&
                str_eq(config->accounts.items[j - 1].account_id.text, l->account->account_id))
                name = config->accounts.items[j - 1].environment.text;
    }
    return name;
}

void holding_explain(struct looking *l, struct holding *holding, const struct fact *declared,
                     const struct fact *former)
{
    const struct fact *fact = declared ? declared : former;
    holding->fact = fact;
    if (fact) {
        holding->team = fact->team;
        holding->grant = fact->grant;
    }
    if (declared) {
        bool entry_ended = declared->ends_at_s && declared->ends_at_s <= l->input->now_s;
        holding->declared = holding->ended || !entry_ended; /* what lives on past its entry is not declared */
    }
    holding->environment = declared ? declared->environment : holding_account_name(l, holding->team);
}

static bool concerns(const struct looking *l, const struct fact *fact, enum access_kind kind)
{
    return fact->kind == kind && fact->principal_kind == l->principal->kind &&
           str_casecmp(fact->principal, l->principal->name) == 0;
}

static bool brings(const struct fact *fact, const char *arn, const struct mark *mark)
{
    for (size_t i = 0; i < fact->policy->managed_policies.count; i++)
        if (str_eq(fact->policy->managed_policies.items[i].text, arn))
            return true;
    return mark && str_eq(fact->team, mark->team) && str_eq(fact->grant, mark->name);
}

const struct fact *holding_find_permanent(const struct looking *l, const struct facts *facts, const char *arn,
                                          const struct mark *mark)
{
    for (size_t i = 0; i < facts->count; i++)
        if (concerns(l, &facts->items[i], ACCESS_PERMANENT) && brings(&facts->items[i], arn, mark))
            return &facts->items[i];
    return NULL;
}

const struct fact *holding_find_copied(const struct looking *l, const struct facts *facts,
                                       const struct mark *mark)
{
    for (size_t i = 0; i < facts->count; i++) {
        const struct fact *fact = &facts->items[i];
        if (concerns(l, fact, ACCESS_LEASE) && str_eq(fact->team, mark->team) &&
            str_eq(mark_copy_of(l->arena, fact), mark->name))
            return fact;
    }
    return NULL;
}

const struct fact *holding_find_lease(const struct looking *l, const struct facts *facts, const char *name)
{
    for (size_t i = 0; i < facts->count; i++) {
        const struct fact *fact = &facts->items[i];
        if (concerns(l, fact, ACCESS_LEASE) && str_casecmp(mark_lease_name(l->arena, fact), name) == 0)
            return fact;
    }
    return NULL;
}

const struct fact *holding_find_switched(const struct looking *l, const struct facts *facts, const char *mark)
{
    for (size_t i = 0; i < facts->count; i++) {
        const struct fact *fact = &facts->items[i];
        if (fact->kind == ACCESS_LEASE && str_eq(role_mark_of(l->arena, l->input->settings->owner, fact), mark))
            return fact;
    }
    return NULL;
}

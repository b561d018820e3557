/* SPDX-License-Identifier: Apache-2.0 */
#include "config/judging.h"

#include "config/open_roles.h"
#include "config/pull_request_rules.h"

/* Of equal names the first counts. */
static void begin_team(struct judging *judging, const struct team_config *team)
{
    judging->team = team;
    judging->accounts = map_new(judging->scratch);
    judging->policies = map_new(judging->scratch);
    for (size_t i = 0; i < team->accounts.count; i++)
        map_put(&judging->accounts, team->accounts.items[i].environment.text, &team->accounts.items[i]);
    for (size_t i = 0; i < team->policies.count; i++) {
        struct judged_policy *policy = ARENA_NEW(judging->scratch, struct judged_policy);
        policy->decl = &team->policies.items[i];
        map_put(&judging->policies, policy->decl->name.text, policy);
    }
}

void config_judge_team(struct judging *judging, const struct team_config *team)
{
    CLEANUP(arena_freep) struct arena *scratch = arena_new();
    judging->scratch = scratch;
    begin_team(judging, team);
    judge_accounts(judging);
    for (size_t i = 0; i < team->policies.count; i++)
        judge_guardrails(judging, &team->policies.items[i], team->policies.items[i].name.span);
    for (size_t i = 0; i < team->entries.count; i++) {
        const struct access_entry *entry = &team->entries.items[i];
        if (entry->temporary && entry->ends_at_s && !judge_expiry(judging, entry))
            continue;
        judge_requirements(judging, entry);
        if (entry->ad_hoc)
            judge_guardrails(judging, entry->ad_hoc, entry->ad_hoc->name.span);
        if (entry->temporary)
            judge_sizes(judging, entry);
        if (entry->file == FILE_ROLES)
            judge_trust(judging, entry);
        judge_boundary(judging, entry);
        judge_pull_request_grants(judging, entry);
    }
}

struct judging *config_judging_new(struct arena *arena, const struct settings *settings,
                                   const struct judge *judge, struct diags *diags)
{
    struct judging *judging = ARENA_NEW(arena, struct judging);
    *judging = (struct judging){
        .arena = arena,
        .diags = diags,
        .settings = settings,
        .judge = judge,
        .grant_rules = map_new(arena),
        .allowed_pairs = map_new(arena),
        .inline_budgets = map_new(arena),
        .open_roles = map_new(arena),
    };
    for (size_t i = 0; i < judge->rules->grants.count; i++)
        map_put(&judging->grant_rules, judge->rules->grants.items[i].name.text,
                &judge->rules->grants.items[i]);
    for (size_t i = 0; i < judge->rules->teams.count; i++) {
        const struct team_rules *team = &judge->rules->teams.items[i];
        for (size_t k = 0; k < team->accounts.count; k++)
            map_put(&judging->allowed_pairs,
                    arena_printf(arena, "%s/%s", team->name.text, team->accounts.items[k].text), judging);
    }
    return judging;
}

void config_judge(const struct config *config, const struct judge *judge, struct diags *diags)
{
    CLEANUP(arena_freep) struct arena *arena = arena_new();
    struct judging *judging = config_judging_new(arena, &config->settings, judge, diags);
    judge_find_open_roles(judging, config);
    for (size_t i = 0; i < config->count; i++)
        config_judge_team(judging, &config->items[i]);
}

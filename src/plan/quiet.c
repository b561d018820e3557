/* SPDX-License-Identifier: Apache-2.0 */
#include "plan/quiet.h"

#include "base/str.h"
#include "plan/desired.h"

bool quiet_is(const struct fact *before, const struct fact *after, bool same_policies)
{
    return same_policies && !before->ad_hoc && !after->ad_hoc && before->starts_at_s == after->starts_at_s &&
           before->ends_at_s == after->ends_at_s && before->mode == after->mode &&
           before->mode_is_fixed == after->mode_is_fixed && before->require_mfa == after->require_mfa &&
           before->entries == after->entries && before->span.column == after->span.column &&
           before->span.length == after->span.length && str_eq(before->environment, after->environment) &&
           str_eq(before->declared_as, after->declared_as);
}

struct quiet_fact quiet_of(const struct fact *before, const struct fact *after, const char *declared_as,
                           const char *principal)
{
    return (struct quiet_fact){
        .declared_as = declared_as,
        .principal = principal,
        .environment = after->environment,
        .account_id = after->account_id,
        .policies = {before->policy, after->policy},
        .starts_at_s = after->starts_at_s,
        .ends_at_s = after->ends_at_s,
        .lines = {before->span.line, after->span.line},
        .column = after->span.column,
        .length = after->span.length,
        .entries = after->entries,
        .kind = (uint8_t)after->kind,
        .mode = (uint8_t)after->mode,
        .principal_kind = (uint8_t)after->principal_kind,
        .mode_is_fixed = after->mode_is_fixed,
        .require_mfa = after->require_mfa,
    };
}

struct fact quiet_view(const struct quiet_team *team, const struct quiet_fact *quiet, size_t side)
{
    const struct policy_decl *policy = quiet->policies[side];
    return (struct fact){
        .kind = (enum access_kind)quiet->kind,
        .mode = (enum access_mode)quiet->mode,
        .mode_is_fixed = quiet->mode_is_fixed,
        .principal_kind = (enum principal_kind)quiet->principal_kind,
        .team = team->name,
        .grant = policy->name.text,
        .environment = quiet->environment,
        .account_id = quiet->account_id,
        .principal = quiet->principal,
        .declared_as = quiet->declared_as,
        .description = "",
        .reason = "",
        .ticket = "",
        .port_run = "",
        .starts_at_s = quiet->starts_at_s,
        .ends_at_s = quiet->ends_at_s,
        .require_mfa = quiet->require_mfa,
        .entries = quiet->entries,
        .policy = policy,
        .span = {.file = team->files[side][quiet->kind],
                 .line = quiet->lines[side],
                 .column = quiet->column,
                 .length = quiet->length},
    };
}

struct fact quiet_fact_of(struct arena *arena, const struct settings *settings, const struct quiet_team *team,
                          const struct quiet_fact *quiet, size_t side)
{
    CLEANUP(arena_freep) struct arena *scratch = arena_new();
    struct fact fact = quiet_view(team, quiet, side);
    desired_identify(arena, declared_identity(scratch, &fact), &fact);
    fact.lease_id = desired_lease_id(arena, settings, &fact);
    return fact;
}

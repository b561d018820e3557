/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What `validate` says of what would be written, before it is: a team with one entry for each attachment and
 * lease is checked as any other, and a place leads from a diagnostic back to what it is about.
 */
#include "base/str.h"
#include "config/check.h"
#include "config/config.h"
#include "config/import_work.h"
#include "config/judging.h"
#include "config/open_roles.h"

#include <string.h>

/* The "files": line 1 is the first grant, the first atom, or the first role. */
static const struct source_file policies_file = {.path = "aws-policies/import.yaml", .text = ""},
                                entries_file = {.path = "permanent-access/import.yaml", .text = ""},
                                roles_file = {.path = "aws-roles/import.yaml", .text = ""},
                                accounts_file = {.path = "aws-accounts/import.yaml", .text = ""};

static struct span place(const struct source_file *file, size_t index)
{
    return (struct span){.file = file, .line = (uint32_t)index + 1, .column = 1, .length = 1};
}

static void add_policy(struct arena *arena, const struct import_work *work, size_t index,
                       struct team_config *team)
{
    *VEC_ADD(arena, &team->policies) =
        import_policy_decl(arena, work->all_grants.items[index], place(&policies_file, index));
}

static void add_entry(struct arena *arena, const struct import_work *work, size_t index,
                      struct team_config *team)
{
    const struct import_atom *atom = &work->atoms.items[index];
    const struct span span = place(&entries_file, index);
    struct access_entry *entry = VEC_ADD(arena, &team->entries);
    *entry = (struct access_entry){.file = atom->ends_at_s ? FILE_TEMPORARY : FILE_PERMANENT,
                                   .temporary = atom->ends_at_s != 0,
                                   .description = "",
                                   .reason = import_reason(work, atom),
                                   .ticket = "",
                                   .port_run = "",
                                   .mode = atom->mode,
                                   .starts_at_s = atom->starts_at_s,
                                   .starts_at_span = span,
                                   .ends_at_s = atom->ends_at_s,
                                   .ends_at_span = span,
                                   .span = span};
    struct located_list *lists[] = {&entry->users, &entry->roles, &entry->groups};
    *VEC_ADD(arena, lists[atom->principal->kind]) = (struct located){atom->written, span};
    *VEC_ADD(arena, &entry->environments) = (struct located){atom->account->environment.text, span};
    *VEC_ADD(arena, &entry->grants) = (struct located){atom->grant->name, span};
}

static void place_list(struct located_list *list, struct span span)
{
    for (size_t i = 0; i < list->count; i++)
        list->items[i].span = span;
}

static void place_role(struct role_decl *role, struct span span)
{
    role->span = role->path_span = span;
    for (size_t i = 0; i < role->trust.count; i++) {
        struct trust_decl *trust = &role->trust.items[i];
        struct located_list *lists[] = {&trust->principals, &trust->services, &trust->oidc_audiences,
                                        &trust->oidc_subjects};
        trust->span = trust->account.span = span;
        trust->saml_provider.span = trust->saml_audience.span = trust->oidc_provider.span = span;
        for (size_t j = 0; j < sizeof lists / sizeof lists[0]; j++)
            place_list(lists[j], span);
    }
}

/* All that an entry of aws-roles holds: a diagnostic may be about any of it. */
static void add_role(struct arena *arena, const struct import_work *work, size_t index,
                     struct team_config *team)
{
    const struct span span = place(&roles_file, index);
    const struct import_kept *kept = &work->kept.items[index];
    if (!import_add_kept(arena, work, index, span, team))
        return;
    kept->policy->span = kept->policy->name.span = span;
    place_list(&kept->policy->managed_policies, span);
    if (kept->made_role)
        place_role(kept->made_role, span);
    if (kept->made_provider) {
        struct provider_decl *provider = kept->made_provider;
        provider->span = provider->name.span = provider->url.span = span;
        place_list(&provider->client_ids, span);
        place_list(&provider->thumbprints, span);
    }
}

/* What is not refused so far. */
static struct team_config team_of(struct arena *arena, const struct import_work *work)
{
    struct team_config team = {.name = work->request->team};
    for (size_t i = 0; i < work->request->account_count; i++) {
        struct account_decl *account = VEC_ADD(arena, &team.accounts);
        *account = work->request->accounts[i];
        account->environment.span = account->account_id.span = place(&accounts_file, i);
    }
    for (size_t i = 0; i < work->all_grants.count; i++)
        if (!work->all_grants.items[i]->refused)
            add_policy(arena, work, i, &team);
    for (size_t i = 0; i < work->atoms.count; i++)
        if (!work->atoms.items[i].refused && !work->atoms.items[i].grant->refused)
            add_entry(arena, work, i, &team);
    for (size_t i = 0; i < work->kept.count; i++)
        add_role(arena, work, i, &team);
    return team;
}

/* The configuration that is there with this team in its place among the others. */
static struct config whole_of(struct arena *arena, const struct import_work *work,
                              const struct team_config *team, struct team_config **ret)
{
    const struct config *there = work->request->config;
    struct config whole = {.settings = there->settings};
    size_t at = 0;
    VEC_RESERVE(arena, &whole, there->count + 1);
    for (; at < there->count && strcmp(there->items[at].name, team->name) < 0; at++)
        *VEC_ADD(arena, &whole) = there->items[at];
    *ret = VEC_ADD(arena, &whole);
    **ret = *team;
    for (; at < there->count; at++)
        if (!str_eq(there->items[at].name, team->name))
            *VEC_ADD(arena, &whole) = there->items[at];
    return whole;
}

/* A role, in all its accounts, with what others were to grant it. */
static bool refuse_kept(struct import_work *work, size_t index, const char *message)
{
    const struct policy_decl *policy = work->kept.items[index].policy;
    if (work->kept.items[index].refused)
        return false;
    for (size_t i = 0; i < work->kept.count; i++) {
        struct import_kept *kept = &work->kept.items[i];
        if (kept->policy != policy || kept->refused)
            continue;
        kept->refused = message;
        kept->reason = "refused";
    }
    return true;
}

/* What files cannot say as a role is granted nothing by them. */
static void refuse_without_role(struct import_work *work)
{
    for (size_t i = 0; i < work->atoms.count; i++) {
        struct import_atom *atom = &work->atoms.items[i];
        const struct import_kept *kept = import_find_kept(work, atom->principal);
        if (kept && kept->refused && !atom->refused) {
            atom->refused = kept->refused;
            atom->reason = kept->reason;
        }
    }
}

/* True when the place is one of what would be written, and that was not refused before. */
static bool refuse(struct import_work *work, struct span span, const char *message)
{
    const char **refused = NULL;
    if (span.file == &roles_file)
        return refuse_kept(work, span.line - 1, arena_strdup(work->arena, message));
    if (span.file == &policies_file)
        refused = &work->all_grants.items[span.line - 1]->refused;
    else if (span.file == &entries_file)
        refused = &work->atoms.items[span.line - 1].refused;
    if (!refused || *refused)
        return false;
    *refused = arena_strdup(work->arena, message);
    return true;
}

void import_collect_rules(struct import_work *work)
{
    struct team_config built = team_of(work->arena, work), *team; /* which has nothing but accounts yet */
    const struct config whole = whole_of(work->arena, work, &built, &team);
    config_account_rules(work->arena, &whole.settings.rules, NULL, &whole, &work->rules);
}

/* What a plan of the files has found. */
static void refuse_unfit(struct import_work *work)
{
    const struct map *unfit = work->request->unfit;
    for (size_t i = 0; unfit && i < work->atoms.count; i++) {
        struct import_atom *atom = &work->atoms.items[i];
        const char *name = principal_user_name(work->arena, work->settings, atom->written);
        const char *found =
            map_get(unfit, import_unfit_key(work->arena, atom->account->account_id.text, atom->principal->kind,
                                            atom->principal->kind == PRINCIPAL_USER ? name : atom->written,
                                            atom->grant->name, atom->starts_at_s));
        if (!found)
            continue;
        atom->refused = found;
        atom->reason = "not-expressible";
    }
    for (size_t i = 0; unfit && i < work->kept.count; i++) {
        struct import_kept *kept = &work->kept.items[i];
        const char *name = kept->role ? kept->role->name : kept->provider->url;
        const char *found =
            kept->policy ? map_get(unfit, import_unfit_key(work->arena, kept->account->account_id.text,
                                                           PRINCIPAL_ROLE, name, kept->policy->name.text, 0))
                         : NULL;
        if (found && !kept->refused) {
            kept->refused = found;
            kept->reason = "not-expressible";
        }
    }
}

const char *import_unfit_key(struct arena *arena, const char *account_id, enum principal_kind kind,
                             const char *principal, const char *grant, int64_t starts_at_s)
{
    return arena_printf(arena, "%s\n%d\n%s\n%s\n%lld", account_id, (int)kind, principal, grant,
                        (long long)starts_at_s);
}

static bool judge_once(struct import_work *work)
{
    CLEANUP(arena_freep) struct arena *scratch = arena_new();
    struct diags diags = diags_new(scratch);
    refuse_without_role(work);
    struct team_config built = team_of(scratch, work), *team;
    struct config whole = whole_of(scratch, work, &built, &team);
    struct all_account_rules accounts = {0};
    struct check_totals totals = check_totals_new();
    config_account_rules(scratch, &whole.settings.rules, NULL, &whole, &accounts);
    const struct judge judge = {.rules = &whole.settings.rules,
                                .accounts = &accounts,
                                .now_s = work->request->now_s};
    struct judging *judging = config_judging_new(scratch, &whole.settings, &judge, &diags);
    check_team(team, (struct team_gaps){0}, &totals, &diags);
    check_collisions(&whole, &diags);
    judge_find_open_roles(judging, &whole);
    config_judge_team(judging, team);
    config_check_names(&whole, &whole, work->request->now_s, &diags);
    bool any = false;
    for (size_t i = 0; i < diags.count; i++)
        if (diags.items[i].severity == DIAG_ERROR) {
            bool first = refuse(work, diags.items[i].span, diags.items[i].message);
            bool other = !first && refuse(work, diags.items[i].related, diags.items[i].message);
            any = any || first || other;
        }
    return any;
}

/* Diagnostics beyond a thousand are counted only, and one may hide another: as long as there are any. */
void import_judge(struct import_work *work)
{
    refuse_unfit(work);
    while (judge_once(work))
        ;
}

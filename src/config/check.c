/* SPDX-License-Identifier: Apache-2.0 */
#include "config/check.h"

#include "base/str.h"
#include "config/check_work.h"
#include "config/ids.h"

#include <string.h>

/* How many names all "did you mean" may look at: hostile files have many names and many mistakes. */
enum { COMPARISONS_MAX = 20000 };

/* Of a grant that is to be attached to a role of ours. */
static void check_attachable(struct checker *checker, const struct located *grant)
{
    const struct checked_policy *policy = map_get(&checker->policies, grant->text);
    for (size_t i = 0; policy && i < policy->decl->managed_policies.count; i++) {
        const char *arn = policy->decl->managed_policies.items[i].text;
        if (!strstr(arn, ":policy/aws-service-role/"))
            continue;
        struct diag *diag = diag_error(checker->diags, grant->span, ID_MODE_NOT_POSSIBLE,
                                       "'%s' cannot be a lease in the mode 'role'", grant->text);
        diag_hint(checker->diags, diag, "'%s' is for roles of AWS's services and cannot be attached", arn);
        return;
    }
}

/* What a mode cannot do, whatever AWS says. */
static void check_mode(struct checker *checker, const struct access_entry *entry)
{
    if (entry->mode == ENTRY_ROLE && entry->groups.count) {
        struct diag *diag =
            diag_error(checker->diags, entry->groups.items[0].span, ID_MODE_NOT_POSSIBLE,
                       "the group '%s' cannot have a lease in the mode 'role'", entry->groups.items[0].text);
        diag_hint(checker->diags, diag, "nobody can trust a group; name its users, or leave out 'mode:'");
    }
    for (size_t i = 0; entry->mode == ENTRY_ROLE && i < entry->grants.count; i++)
        check_attachable(checker, &entry->grants.items[i]);
    for (size_t i = 0; entry->mode == ENTRY_INLINE && i < entry->grants.count; i++) {
        const struct checked_policy *policy = map_get(&checker->policies, entry->grants.items[i].text);
        if (!policy || !policy->decl->managed_policies.count)
            continue;
        struct diag *diag =
            diag_error(checker->diags, entry->grants.items[i].span, ID_MODE_NOT_POSSIBLE,
                       "'%s' holds managed policies and cannot be a lease in the mode 'inline'",
                       entry->grants.items[i].text);
        diag_hint(checker->diags, diag, "leave out 'mode:'");
    }
}

/* A role of aws-roles, and the managed policies that it names itself. */
static void check_kept(struct checker *checker, const struct access_entry *entry)
{
    struct checked_policy policy = {.decl = entry->ad_hoc};
    check_role(entry, checker->diags);
    check_repeated(checker, &entry->ad_hoc->managed_policies);
    check_policy_arns(checker, &policy);
    if (policy.arn)
        check_policy_account(checker, entry, &policy);
}

static uint64_t at_least_1(size_t count)
{
    return count ? count : 1;
}

static void check_values(struct checker *checker, struct access_entry *entry, size_t principals,
                         struct team_gaps gaps)
{
    if (principals == 0 && !gaps.values) {
        struct diag *diag =
            diag_error(checker->diags, entry->span, ID_NO_PRINCIPAL, "this entry grants to nobody");
        diag_hint(checker->diags, diag, "add %s",
                  entry->temporary ? "'user:', 'role:' or 'group:'" : "'users:', 'roles:' or 'groups:'");
    }
    check_repeated(checker, &entry->users);
    check_repeated(checker, &entry->roles);
    check_repeated(checker, &entry->groups);
    check_repeated(checker, &entry->environments);
    check_repeated(checker, &entry->grants);
    if (!gaps.accounts)
        check_environments(checker, entry);
    if (!gaps.policies)
        check_grants(checker, entry);
    check_mode(checker, entry);
    if (entry->file == FILE_ROLES)
        check_kept(checker, entry);
    check_ad_hoc(checker, entry);
}

static bool check_entry(struct checker *checker, struct access_entry *entry, struct team_gaps gaps)
{
    size_t principals = entry->users.count + entry->roles.count + entry->groups.count;
    bool checked = team_shares_entries(checker->team, gaps.checked, entry->file);
    if (!checked)
        check_values(checker, entry, principals, gaps);

    /* One file has at most 200,000 values, so the product of three lists fits in 64 bits. */
    uint64_t *total = &checker->totals->grants, before = *total;
    *total +=
        at_least_1(principals) * at_least_1(entry->environments.count) * at_least_1(entry_grant_count(entry));
    if (*total > CHECK_GRANTS_MAX) {
        if (before <= CHECK_GRANTS_MAX) {
            struct diag *diag = diag_error(checker->diags, entry->span, ID_TOO_MANY_GRANTS,
                                           "with this entry there are more than %d grants", CHECK_GRANTS_MAX);
            diag_hint(checker->diags, diag, "principals × environments × grants count, over all teams");
        }
        *total = CHECK_GRANTS_MAX + 1;
        return false;
    }
    for (size_t i = 0; !checked && checker->any_has_account && i < entry->grants.count; i++) {
        const struct checked_policy *policy = map_get(&checker->policies, entry->grants.items[i].text);
        if (policy && policy->arn)
            check_policy_account(checker, entry, policy);
    }
    return true;
}

struct check_totals check_totals_new(void)
{
    return (struct check_totals){.comparisons_left = COMPARISONS_MAX};
}

bool check_team(struct team_config *team, struct team_gaps gaps, struct check_totals *totals,
                struct diags *diags)
{
    CLEANUP(arena_freep) struct arena *scratch = arena_new();
    struct checker checker = {.scratch = scratch,
                              .diags = diags,
                              .team = team,
                              .environments = map_new(scratch),
                              .policies = map_new(scratch),
                              .totals = totals};
    for (size_t i = 0; i < team->accounts.count; i++) {
        struct account_decl *account = &team->accounts.items[i];
        map_put(&checker.environments, account->environment.text, account);
        strings_add(scratch, &checker.environment_names, account->environment.text);
    }
    for (size_t i = 0; i < team->policies.count; i++)
        check_policy(&checker, &team->policies.items[i], gaps);
    bool bounded = true;
    for (size_t i = 0; i < team->entries.count; i++)
        bounded = check_entry(&checker, &team->entries.items[i], gaps) && bounded;
    if (bounded && !gaps.accounts && !gaps.checked)
        check_providers_are_there(team, &checker.environments, diags);
    return bounded;
}

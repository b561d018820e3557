/* SPDX-License-Identifier: Apache-2.0 */
/* What rules ask of an entry besides its end. */
#include "base/str.h"
#include "config/ids.h"
#include "config/judging.h"

/* A role's sessions never carry MFA (DESIGN §3, "Conditions"). */
static void judge_mfa(struct judging *judging, const struct access_entry *entry,
                      const struct account_decl *account)
{
    for (size_t i = 0; i < entry->roles.count; i++) {
        struct diag *diag =
            diag_error(judging->diags, entry->roles.items[i].span, ID_ROLE_WITHOUT_MFA,
                       "role '%s' cannot have a lease in '%s', account %s: MFA is required there",
                       entry->roles.items[i].text, account->environment.text, account->account_id.text);
        diag_hint(judging->diags, diag, "a session of a role does not carry MFA; name the users who need it");
    }
}

static void judge_reason(struct judging *judging, const struct access_entry *entry,
                         const struct account_decl *account)
{
    if (*entry->reason)
        return;
    struct diag *diag = diag_error(judging->diags, entry->span, ID_REASON_MISSING,
                                   "a lease in '%s', account %s, needs a reason", account->environment.text,
                                   account->account_id.text);
    diag_hint(judging->diags, diag, "add 'reason:'");
}

/* Whoever can change what the deployer may do can do all that it may. */
static void judge_own_roles(struct judging *judging, const struct access_entry *entry)
{
    const struct settings *after = judging->settings, *before = judging->judge->before;
    const char *ours[] = {after->deployer_role,
                          after->plan_role,
                          after->bootstrap.hub_role,
                          after->bootstrap.plan_hub_role,
                          after->bootstrap.through_role,
                          before ? before->deployer_role : "",
                          before ? before->plan_role : "",
                          before ? before->bootstrap.hub_role : "",
                          before ? before->bootstrap.plan_hub_role : "",
                          before ? before->bootstrap.through_role : ""};
    for (size_t i = 0; i < entry->roles.count; i++) {
        const struct located *role = &entry->roles.items[i];
        size_t k = 0;
        while (k < sizeof ours / sizeof ours[0] && str_casecmp(role->text, ours[k]) != 0)
            k++;
        if (k == sizeof ours / sizeof ours[0])
            continue;
        struct diag *diag = diag_error(judging->diags, role->span, ID_OWN_ROLE,
                                       "'%s' is a role that iamlease itself works with", role->text);
        diag_hint(judging->diags, diag, "nothing can be granted to it; whoever sets up the account does that");
    }
}

void judge_requirements(struct judging *judging, const struct access_entry *entry)
{
    bool reason_is_judged = false;
    judge_own_roles(judging, entry);
    for (size_t i = 0; entry->temporary && i < entry->environments.count; i++) {
        const struct account_decl *account = map_get(&judging->accounts, entry->environments.items[i].text);
        const struct account_rules *rules =
            account ? account_rules_find(judging->judge->accounts, account->account_id.text) : NULL;
        if (rules && rules->require_mfa)
            judge_mfa(judging, entry, account);
        if (rules && rules->require_reason && !reason_is_judged) {
            judge_reason(judging, entry, account);
            reason_is_judged = true;
        }
    }
}

void judge_accounts(struct judging *judging)
{
    const struct team_config *team = judging->team;
    for (size_t i = 0; judging->judge->rules->has_teams && i < team->accounts.count; i++) {
        const struct located *account_id = &team->accounts.items[i].account_id;
        const char *pair = arena_printf(judging->scratch, "%s/%s", team->name, account_id->text);
        if (!*account_id->text || map_get(&judging->allowed_pairs, pair))
            continue;
        struct diag *diag = diag_error(judging->diags, account_id->span, ID_ACCOUNT_NOT_ALLOWED,
                                       "team '%s' may not name account %s", team->name, account_id->text);
        diag_hint(judging->diags, diag,
                  "teams.%s.accounts in iamlease.yaml must list it, in a change before this one", team->name);
    }
}

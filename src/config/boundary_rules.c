/* SPDX-License-Identifier: Apache-2.0 */
/* Which permissions boundary a role would get, in each account where an entry makes one. */
#include "base/str.h"
#include "config/ids.h"
#include "config/judging.h"
#include "policy/boundary.h"

/* AWS would not take it. */
static void refuse_account(struct judging *judging, const struct role_decl *role,
                           const struct located *environment, const struct account_decl *account)
{
    const bool is_own = role && role->permissions_boundary;
    const char *arn = boundary_of_role(judging->scratch, judging->settings, account->account_id.text, role);
    struct diag *diag = diag_error(
        judging->diags, is_own ? role->boundary_span : environment->span, ID_POLICY_OTHER_ACCOUNT,
        "%s in '%s', account %s, cannot have the permissions boundary '%s'%s, a policy of another account",
        role ? arena_printf(judging->scratch, "role '%s'", role->name) : "a lease in mode 'role'",
        environment->text, account->account_id.text, arn, is_own ? "" : " of 'aws.permissions_boundary'");
    diag_hint(judging->diags, diag, "for the policy of that name in each account write '%s'%s",
              boundary_without_account(arn), is_own ? "" : " in iamlease.yaml");
}

/* What the least policy of the deployer allows (aws/role_policy.h). */
static void refuse_other(struct judging *judging, const struct role_decl *role)
{
    struct diag *diag =
        diag_error(judging->diags, role->span, ID_ROLE_BOUNDARY,
                   "role '%s' has another permissions boundary than 'aws.permissions_boundary'", role->name);
    diag_hint(judging->diags, diag, "leave it out: every role has that of iamlease.yaml");
}

/* Of each kind the first is enough. */
void judge_boundary(struct judging *judging, const struct access_entry *entry)
{
    const struct role_decl *role = entry->file == FILE_ROLES ? entry->ad_hoc->role : NULL;
    bool is_other = false, is_impossible = false;
    if (!role && entry->mode != ENTRY_ROLE)
        return;
    for (size_t i = 0; i < entry->environments.count; i++) {
        const struct located *environment = &entry->environments.items[i];
        const struct account_decl *account = map_get(&judging->accounts, environment->text);
        if (!account)
            continue;
        const char *id = account->account_id.text;
        const char *general = boundary_of_role(judging->scratch, judging->settings, id, NULL),
                   *arn = boundary_of_role(judging->scratch, judging->settings, id, role);
        if (role && *general && !is_other && !str_eq(arn, general)) {
            refuse_other(judging, role);
            is_other = true;
        }
        if (!is_impossible && !boundary_is_possible(arn, id)) {
            refuse_account(judging, role, environment, account);
            is_impossible = true;
        }
    }
}

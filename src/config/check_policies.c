/* SPDX-License-Identifier: Apache-2.0 */
/* Policies: their size, the account that they are of, and what an entry allows without a grant. */
#include "base/str.h"
#include "config/check_work.h"
#include "config/grammar.h"
#include "config/ids.h"
#include "policy/document.h"

/* AWS's quota for the document of a managed policy: characters without white space (facts/aws.md §1.2). Fixed. */
enum { POLICY_SIZE_MAX = 6144 };

/* Finds the account of a policy's customer managed policies; two accounts are one too many. */
void check_policy_arns(struct checker *checker, struct checked_policy *policy)
{
    const struct located_list *arns = &policy->decl->managed_policies;
    for (size_t i = 0; i < arns->count; i++) {
        const char *account_id = grammar_policy_arn_account(checker->scratch, arns->items[i].text);
        if (!account_id)
            continue;
        if (!policy->arn) {
            policy->arn = &arns->items[i];
            policy->account_id = account_id;
            checker->any_has_account = true;
        } else if (!str_eq(account_id, policy->account_id)) {
            struct diag *diag = diag_error(checker->diags, arns->items[i].span, ID_POLICY_OTHER_ACCOUNT,
                                           "'%s' holds managed policies of two accounts, %s and %s",
                                           policy->decl->name.text, policy->account_id, account_id);
            diag_hint(checker->diags, diag, "make a policy for each account");
            return;
        }
    }
}

/* A customer managed policy can be attached in its own account only. */
void check_policy_account(struct checker *checker, const struct access_entry *entry,
                          const struct checked_policy *policy)
{
    for (size_t i = 0; i < entry->environments.count; i++) {
        const struct located *environment = &entry->environments.items[i];
        const struct account_decl *account = map_get(&checker->environments, environment->text);
        if (!account || str_eq(account->account_id.text, policy->account_id))
            continue;
        struct diag *diag = diag_error(checker->diags, environment->span, ID_POLICY_OTHER_ACCOUNT,
                                       "'%s' cannot be granted in '%s', account %s", policy->decl->name.text,
                                       environment->text, account->account_id.text);
        diag_hint(checker->diags, diag, "it holds a managed policy of account %s (%s:%u)", policy->account_id,
                  policy->arn->span.file->path, (unsigned)policy->arn->span.line);
        return;
    }
}

static void check_policy_size(struct checker *checker, const struct policy_decl *policy)
{
    for (size_t i = 0; i < policy->custom.count; i++) {
        const struct statement *statement = &policy->custom.items[i];
        if (statement->actions.count + statement->not_actions.count == 0 ||
            statement->resources.count + statement->not_resources.count == 0)
            return; /* refused already; there is no document to measure */
    }
    size_t size = document_measure(document_to_json(checker->scratch, &policy->custom));
    if (size <= POLICY_SIZE_MAX)
        return;
    struct diag *diag =
        diag_error(checker->diags, policy->name.span, ID_POLICY_TOO_LARGE,
                   "the custom statements of '%s' have %zu characters; AWS allows %d in a policy",
                   policy->name.text, size, POLICY_SIZE_MAX);
    diag_hint(checker->diags, diag, "split it into two policies, or use wildcards");
}

/* One name would mean two things: what is declared, and what the entry allows. */
void check_ad_hoc(struct checker *checker, const struct access_entry *entry)
{
    if (!entry->ad_hoc || entry->file == FILE_ROLES)
        return;
    check_policy_size(checker, entry->ad_hoc);
    const struct checked_policy *policy = map_get(&checker->policies, entry->ad_hoc->name.text);
    if (!policy)
        return;
    struct diag *diag =
        diag_error(checker->diags, policy->decl->name.span, ID_POLICY_NAME_COLLISION,
                   "'%s' is the name of what an entry allows without a grant", policy->decl->name.text);
    diag_hint(checker->diags, diag, "it stands in %s:%u; rename the policy", entry->span.file->path,
              (unsigned)entry->span.line);
}

void check_policy(struct checker *checker, const struct policy_decl *decl, struct team_gaps gaps)
{
    struct checked_policy *policy = ARENA_NEW(checker->scratch, struct checked_policy);
    policy->decl = decl;
    map_put(&checker->policies, decl->name.text, policy);
    strings_add(checker->scratch, &checker->policy_names, decl->name.text);
    check_policy_arns(checker, policy);
    if (team_shares_file(checker->team, gaps.checked, FILE_POLICIES))
        return;
    check_repeated(checker, &decl->managed_policies);
    if (decl->custom.count > 0) {
        check_policy_size(checker, decl);
    } else if (decl->managed_policies.count == 0 && !gaps.values) {
        struct diag *diag =
            diag_error(checker->diags, decl->name.span, ID_EMPTY_POLICY,
                       "'%s' has neither managed policies nor custom statements", decl->name.text);
        diag_hint(checker->diags, diag, "add 'managed_policies:' or 'custom_statements:'");
    }
}

/* SPDX-License-Identifier: Apache-2.0 */
/* What fits: attachments and inline policies within the quotas of a principal (IAM user guide, "IAM and AWS
 * STS quotas"). */
#include "plan/account_work.h"
#include "policy/document.h"

static int64_t attachment_quota(const struct account_work *work, const struct principal_work *principal)
{
    const struct quotas *quotas = &work->account->quotas;
    return principal->kind == PRINCIPAL_USER ? quotas->attached_per_user : quotas->attached_per_role;
}

/* Attachments beyond the quota are refused one by one; those that fit once others have gone wait for that. */
void quota_fit_attachments(struct account_work *work, struct principal_work *principal)
{
    if (!principal->observed)
        return;
    int64_t quota = attachment_quota(work, principal);
    int64_t there = (int64_t)principal->observed->attached.count, going = (int64_t)principal->detach.count;
    while (principal->attach.count && there - going + (int64_t)principal->attach.count > quota) {
        const struct wanted_object *last = &principal->attach.items[--principal->attach.count];
        struct problem *problem = problem_add(
            work->arena, &work->plan->problems, "attachment-quota", work->account->account_id, last->fact,
            "%s %s in account %s can have %lld managed policies attached, and %s would be one more",
            principal_kind_name(principal->kind), principal->name, work->account->account_id,
            (long long)quota, last->arn);
        problem->hint = "take away an attachment that is not needed, or put several policies into one grant";
    }
    if (there + (int64_t)principal->attach.count > quota)
        principal->remove_first = true;
}

/* The same for the sum of all inline policies, foreign ones included. */
void quota_fit_inline(struct account_work *work, struct principal_work *principal)
{
    if (!principal->observed)
        return;
    const struct quotas *quotas = &work->account->quotas;
    int64_t quota = principal->kind == PRINCIPAL_USER ? quotas->user_inline_size : quotas->role_inline_size;
    int64_t there = 0, going = 0, coming = 0;
    for (size_t i = 0; i < principal->observed->inline_policies.count; i++)
        there += (int64_t)document_measure(principal->observed->inline_policies.items[i].document);
    for (size_t i = 0; i < principal->remove.count; i++)
        going += (int64_t)document_measure(principal->remove.items[i].document);
    size_t kept = 0;
    for (size_t i = 0; i < principal->put.count; i++) {
        struct wanted_object object = principal->put.items[i];
        int64_t more = (int64_t)document_measure(object.document) - (int64_t)object.replaces;
        /* What asks for no more room always passes: to end a lease earlier must never fail. */
        if (more > 0 && there - going + coming + more > quota) {
            struct problem *problem = problem_add(
                work->arena, &work->plan->problems, "mode-not-available", work->account->account_id,
                object.fact,
                "a temporary grant of '%s' does not fit into the %lld characters that %s %s has for inline policies in "
                "account %s; it needs mode 'policy', which this version does not have: nothing is granted",
                object.fact->grant, (long long)quota, principal_kind_name(principal->kind), principal->name,
                work->account->account_id);
            problem->hint = "make the grant smaller, or remove inline policies that are not needed";
            continue;
        }
        coming += more;
        principal->put.items[kept++] = object;
    }
    principal->put.count = kept;
    if (there + coming > quota)
        principal->remove_first = true;
}

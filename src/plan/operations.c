/* SPDX-License-Identifier: Apache-2.0 */
#include "plan/operations.h"

#include "base/str.h"
#include "plan/attaching.h"
#include "plan/desired.h"
#include "plan/inlining.h"
#include "policy/document.h"
#include "policy/ownership.h"

#include <string.h>

/* "v12" → 12; versions without a number count as the oldest. */
static unsigned long version_number(const char *id)
{
    unsigned long number = 0;
    for (id += *id == 'v'; *id >= '0' && *id <= '9'; id++)
        number = number * 10 + (unsigned long)(*id - '0');
    return number;
}

static const struct policy_version *oldest_spare_version(const struct observed_policy *policy)
{
    const struct policy_version *oldest = NULL;
    for (size_t i = 0; i < policy->versions.count; i++) {
        const struct policy_version *version = &policy->versions.items[i];
        if (!version->is_default && (!oldest || version_number(version->id) < version_number(oldest->id)))
            oldest = version;
    }
    return oldest;
}

static size_t delete_version(struct account_work *work, const struct observed_policy *policy,
                             const char *version_id, const char *reason)
{
    return work_add_operation(work, (struct operation){.kind = OP_DELETE_POLICY_VERSION,
                                                       .policy_name = policy->name,
                                                       .policy_arn = policy->arn,
                                                       .version_id = version_id,
                                                       .reason = reason});
}

/* The first thing that is done to such a policy: whoever is stopped behind it finds a policy of ours. */
static void adopt_policy(struct account_work *work, struct wanted_policy *policy)
{
    policy->tagging =
        1 + work_add_operation(
                work, (struct operation){
                          .kind = OP_TAG_POLICY,
                          .policy_name = policy->name,
                          .policy_arn = policy->arn,
                          .mark = policy->mark,
                          .reason = arena_printf(work->arena,
                                                 "cloud-iam-self-serve made it, and it is declared: %s/%s",
                                                 policy->team, policy->grant),
                      });
    policy->operation = policy->tagging;
}

/* A policy of which every attachment was refused is not made, and not kept. */
static void make_policy(struct account_work *work, struct wanted_policy *policy)
{
    if (!policy->used)
        return;
    const struct fact *lease = policy->lease;
    work_keep(work, work_key_policy(work, policy->name));
    struct operation operation = {
        .kind = policy->observed ? OP_CREATE_POLICY_VERSION : OP_CREATE_POLICY,
        .policy_name = policy->name,
        .policy_arn = policy->arn,
        .path = work->input->settings->policy_path,
        .description = policy->description,
        .document = policy->document,
        .ends_at_s = lease ? lease->ends_at_s : 0,
        .lease_id = lease ? lease->lease_id : NULL,
        .reason =
            arena_printf(work->arena, "declared: %s/%s", policy->team, lease ? lease->grant : policy->grant),
    };
    if (policy->observed && !policy->changes)
        return;
    const struct policy_version *spare = NULL;
    size_t room = 0;
    if (policy->observed &&
        (int64_t)policy->observed->versions.count >= work->account->quotas.versions_per_policy &&
        (spare = oldest_spare_version(policy->observed)))
        room = delete_version(work, policy->observed, spare->id, "makes room for the new version");
    if (spare && policy->tagging)
        work_after(work, room, policy->tagging - 1);
    size_t index = work_add_operation(work, operation);
    if (policy->tagging)
        work_after(work, index, policy->tagging - 1);
    if (spare)
        work_after(work, index, room);
    if (policy->previous && policy->previous->operation)
        work_after(work, index, policy->previous->operation - 1);
    work_after_detachments(work, index, policy);
    policy->operation = index + 1;
}

/* What goes does so before what needs its room, otherwise after everything that comes. */
static void order_principals(struct account_work *work)
{
    for (size_t i = 0; i < work->principals.count; i++) {
        struct principal_work *principal = work->principals.items[i];
        if (principal->detach_first)
            work_detach(work, principal);
        if (principal->remove_first)
            work_remove_inline(work, principal);
        work_attach(work, principal);
        work_put_inline(work, principal);
    }
    for (size_t i = 0; i < work->principals.count; i++) {
        struct principal_work *principal = work->principals.items[i];
        if (!principal->detach_first)
            work_detach(work, principal);
        if (!principal->remove_first)
            work_remove_inline(work, principal);
    }
}

/* Leaves out what does not fit; policies that somebody will have in the end are used. */
static void fit(struct account_work *work, struct principal_work *principal)
{
    do
        quota_fit_inline(work, principal); /* what does not fit there is attached */
    while (quota_fit_attachments(work, principal));
    for (size_t i = 0; i < principal->attach.count; i++)
        if (principal->attach.items[i].policy)
            principal->attach.items[i].policy->used = true;
}

void work_delete_policy(struct account_work *work, const struct observed_policy *policy, const char *reason,
                        const char *document)
{
    struct operation operation = {.kind = OP_DELETE_POLICY,
                                  .policy_name = policy->name,
                                  .policy_arn = policy->arn,
                                  .document = document,
                                  .reason = reason};
    for (size_t j = 0; j < work->plan->operations.count; j++) {
        const struct operation *other = &work->plan->operations.items[j];
        if (other->kind == OP_DETACH_POLICY && str_eq(other->policy_arn, policy->arn) &&
            str_eq(other->account_id, work->account->account_id))
            *VEC_ADD(work->arena, &operation.after) = j;
    }
    for (size_t j = 0; j < policy->versions.count; j++)
        if (!policy->versions.items[j].is_default)
            *VEC_ADD(work->arena, &operation.after) =
                delete_version(work, policy, policy->versions.items[j].id, reason);
    work_add_operation(work, operation);
}

/* A policy of ours that no fact uses any more goes. */
static void delete_unused_policies(struct account_work *work)
{
    for (size_t i = 0; i < work->account->policies.count; i++) {
        const struct observed_policy *policy = &work->account->policies.items[i];
        struct mark mark;
        if (!policy_is_ours(work->arena, policy, work->input->settings->owner, &mark) ||
            !work_in_scope(work, mark.team) || map_get(&work->keys, work_key_policy(work, policy->name)))
            continue;
        if (policy_is_adopted(work->arena, policy, work->input->settings->owner) &&
            work_find_holders(work, policy).count)
            continue; /* a notice says who has it */
        const char *reason = arena_printf(work->arena, "nobody uses it any more: %s/%s", mark.team,
                                          mark_grant(work->arena, &mark));
        work_delete_policy(work, policy, work_ended(work, policy, reason), NULL);
    }
}

static void compute_account(struct account_work *work)
{
    const size_t first = work->plan->operations.count;
    work_collect_wanted(work);
    work_collect_unwanted(work);
    work_hold_versions(work);
    for (size_t i = 0; i < work->principals.count; i++)
        fit(work, work->principals.items[i]);
    for (size_t i = 0; i < work->policies.count; i++)
        if (work->policies.items[i]->mark)
            adopt_policy(work, work->policies.items[i]);
    work_detach_before_changes(work);
    for (size_t i = 0; i < work->policies.count; i++)
        make_policy(work, work->policies.items[i]);
    work_make_kept(work); /* leases may be lent to them */
    work_make_roles(work);
    order_principals(work);
    work_drop_roles(work);
    work_drop_kept(work);
    work_drop_providers(work);
    delete_unused_policies(work);
    quota_judge_account(work, first);
}

static bool is_wanted_account(const struct facts *desired, const char *account_id)
{
    for (size_t i = 0; i < desired->count; i++)
        if (str_eq(desired->items[i].account_id, account_id))
            return true;
    return false;
}

/* An account that was closed never answers again; then only a person can say that nothing is left in it. */
static void report_unreachable(struct arena *arena, const struct operations_input *input,
                               const struct observed_account *account, struct plan *plan)
{
    struct problem *problem = problem_add(arena, &plan->problems, "account-unreachable", account->account_id,
                                          NULL, "%s", account->error);
    if (!is_wanted_account(input->desired, account->account_id) && plan->head_id)
        problem->hint = arena_printf(
            arena,
            "no entry asks for access there any more; if the account is closed for good, take it out of "
            "aws-accounts too, and when nothing else is left to do, set the tag by hand: git tag -f "
            "iamlease/applied %.12s",
            plan->head_id);
}

void operations_compute(struct arena *arena, const struct operations_input *input, struct plan *plan)
{
    struct operations_input sorted = *input; /* so that an account finds its candidates beside each other */
    const struct facts candidates = facts_sorted(arena, input->candidates);
    sorted.candidates = &candidates;
    for (size_t i = 0; i < input->observed->count; i++) {
        const struct observed_account *account = &input->observed->items[i];
        if (account->error) {
            report_unreachable(arena, input, account, plan);
            continue;
        }
        struct account_work work = work_new(arena, &sorted, plan, account);
        compute_account(&work);
    }
}

/* SPDX-License-Identifier: Apache-2.0 */
#include "plan/operations.h"

#include "base/str.h"
#include "plan/account_part.h"
#include "plan/adopt_leftovers.h"
#include "plan/attaching.h"
#include "plan/deleting.h"
#include "plan/desired.h"
#include "plan/held_versions.h"
#include "plan/kept_providers.h"
#include "plan/making_kept.h"
#include "plan/making_policies.h"
#include "plan/making_roles.h"
#include "plan/ours.h"
#include "plan/quota.h"
#include "plan/replacing.h"
#include "plan/trust_order.h"
#include "plan/unwanted.h"
#include "plan/unwanted_kept.h"
#include "plan/unwanted_providers.h"
#include "plan/unwanted_roles.h"
#include "plan/wanted.h"
#include "policy/ownership.h"

/* Whether it gives what the lease of that id gives. */
static bool is_of_lease(const struct operation *operation, const char *lease_id)
{
    return !operation_info(operation->kind)->removes && operation->lease_id &&
           str_eq(operation->lease_id, lease_id);
}

static void remove_inline(struct account_work *work, struct principal_work *principal)
{
    for (size_t i = 0; i < principal->remove.count; i++) {
        const struct unwanted_object *object = &principal->remove.items[i];
        const size_t before = work->plan->operations.count;
        *VEC_ADD(work->arena, &principal->removed) =
            work_add_operation(work, (struct operation){.kind = OP_DELETE_INLINE_POLICY,
                                                        .principal_kind = principal->kind,
                                                        .principal = principal->name,
                                                        .policy_name = object->name,
                                                        .document = object->document,
                                                        .ends_at_s = object->ends_at_s,
                                                        .lease_id = object->lease_id,
                                                        .reason = object->reason});
        for (size_t j = 0; object->is_replaced && j < before; j++)
            if (is_of_lease(&work->plan->operations.items[j], object->lease_id))
                work_after(work, before, j);
    }
}

/* Those that become smaller come first (quota.c); what grows waits for them and for removals when it needs
 * their room. */
static void put_inline(struct account_work *work, struct principal_work *principal)
{
    for (size_t i = 0; i < principal->put.count; i++) {
        const struct wanted_object *object = &principal->put.items[i];
        const struct fact *fact = object->fact;
        size_t index = work_add_operation(
            work, (struct operation){.kind = OP_PUT_INLINE_POLICY,
                                     .principal_kind = principal->kind,
                                     .principal = principal->name,
                                     .policy_name = object->name,
                                     .document = object->document,
                                     .ends_at_s = fact->ends_at_s,
                                     .reason = arena_printf(work->arena, "%s: %s/%s",
                                                            object->adopts ? REASON_REPLACES : "granted",
                                                            fact->team, fact->grant),
                                     .lease_id = fact->lease_id});
        for (size_t j = 0; principal->role && j < principal->role->before_attach.count; j++)
            work_after(work, index, principal->role->before_attach.items[j]);
        int64_t growth = quota_growth(object);
        for (size_t j = 0; growth > 0 && principal->remove_first && j < principal->removed.count; j++)
            work_after(work, index, principal->removed.items[j]);
        if (growth < 0)
            *VEC_ADD(work->arena, &principal->removed) = index;
    }
}

/* What goes does so before what needs its room, otherwise after everything that comes. */
static void order_principals(struct account_work *work)
{
    for (size_t i = 0; i < work->principals.count; i++) {
        struct principal_work *principal = work->principals.items[i];
        if (principal->detach_first)
            work_detach(work, principal);
        if (principal->remove_first)
            remove_inline(work, principal);
        work_attach(work, principal);
        put_inline(work, principal);
    }
    for (size_t i = 0; i < work->principals.count; i++) {
        struct principal_work *principal = work->principals.items[i];
        if (!principal->detach_first)
            work_detach(work, principal);
        if (!principal->remove_first)
            remove_inline(work, principal);
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
        const char *reason =
            arena_printf(work->arena, REASON_UNUSED ": %s/%s", mark.team, mark_grant(work->arena, &mark));
        work_delete_policy(work, policy, work_ended(work, policy, reason), NULL);
    }
}

static void compute_account(struct account_work *work)
{
    work_collect_wanted(work);
    work_collect_unwanted(work);
    work_hold_versions(work);
    for (size_t i = 0; i < work->principals.count; i++)
        fit(work, work->principals.items[i]);
    work_adopt_policies(work);
    work_narrow_roles(work);
    work_detach_before_changes(work);
    work_make_policies(work);
    work_make_kept(work); /* leases may be lent to them */
    work_make_roles(work);
    order_principals(work);
    work_drop_roles(work);
    work_drop_kept(work);
    work_drop_providers(work);
    delete_unused_policies(work);
    work_change_after_detachments(work);
    work_order_trust(work);
    work_replace_leases(work);
    work_sort_operations(work);
    quota_judge_account(work);
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
        struct account_part part = account_part_new(plan);
        struct account_work work = work_new(part.scratch, &sorted, &part.plan, account);
        compute_account(&work);
        account_part_keep(arena, &part, plan);
    }
}

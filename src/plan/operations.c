/* SPDX-License-Identifier: Apache-2.0 */
#include "plan/operations.h"

#include "base/str.h"
#include "plan/account_work.h"

#include <string.h>

static void add_after(struct account_work *work, size_t operation, size_t needed)
{
    *VEC_ADD(work->arena, &work->plan->operations.items[operation].after) = needed;
}

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

static void make_policy(struct account_work *work, struct wanted_policy *policy)
{
    struct operation operation = {
        .kind = policy->observed ? OP_CREATE_POLICY_VERSION : OP_CREATE_POLICY,
        .policy_name = policy->name,
        .policy_arn = policy->arn,
        .path = work->input->settings->policy_path,
        .description = policy->description,
        .document = policy->document,
        .reason = arena_printf(work->arena, "declared: %s/%s", policy->team, policy->grant),
    };
    if (policy->observed && !policy->changes)
        return;
    const struct policy_version *spare = NULL;
    size_t room = 0;
    if (policy->observed &&
        (int64_t)policy->observed->versions.count >= work->account->quotas.versions_per_policy &&
        (spare = oldest_spare_version(policy->observed)))
        room = delete_version(work, policy->observed, spare->id, "makes room for the new version");
    size_t index = work_add_operation(work, operation);
    if (spare)
        add_after(work, index, room);
    policy->operation = index + 1;
}

static void take_away(struct account_work *work, struct principal_work *principal)
{
    for (size_t i = 0; i < principal->detach.count; i++) {
        const struct unwanted_object *object = &principal->detach.items[i];
        *VEC_ADD(work->arena, &principal->removed) =
            work_add_operation(work, (struct operation){.kind = OP_DETACH_POLICY,
                                                        .principal_kind = principal->kind,
                                                        .principal = principal->name,
                                                        .policy_arn = object->arn,
                                                        .reason = object->reason,
                                                        .lease_id = object->lease_id});
    }
    for (size_t i = 0; i < principal->remove.count; i++) {
        const struct unwanted_object *object = &principal->remove.items[i];
        *VEC_ADD(work->arena, &principal->removed) =
            work_add_operation(work, (struct operation){.kind = OP_DELETE_INLINE_POLICY,
                                                        .principal_kind = principal->kind,
                                                        .principal = principal->name,
                                                        .policy_name = object->name,
                                                        .document = object->document,
                                                        .ends_at_s = object->ends_at_s,
                                                        .lease_id = object->lease_id,
                                                        .reason = object->reason});
    }
}

/* What goes first makes room: whatever comes waits for all of it. */
static void wait_for_room(struct account_work *work, const struct principal_work *principal, size_t operation)
{
    for (size_t i = 0; principal->remove_first && i < principal->removed.count; i++)
        add_after(work, operation, principal->removed.items[i]);
}

static void give(struct account_work *work, struct principal_work *principal)
{
    for (size_t i = 0; i < principal->attach.count; i++) {
        const struct wanted_object *object = &principal->attach.items[i];
        const struct fact *fact = object->fact;
        size_t index = work_add_operation(
            work,
            (struct operation){.kind = OP_ATTACH_POLICY,
                               .principal_kind = principal->kind,
                               .principal = principal->name,
                               .policy_arn = object->arn,
                               .reason = arena_printf(work->arena, "granted: %s/%s", fact->team, fact->grant),
                               .lease_id = fact->lease_id});
        if (object->policy && object->policy->operation)
            add_after(work, index, object->policy->operation - 1);
        wait_for_room(work, principal, index);
    }
    for (size_t i = 0; i < principal->put.count; i++) {
        const struct wanted_object *object = &principal->put.items[i];
        const struct fact *fact = object->fact;
        size_t index = work_add_operation(
            work,
            (struct operation){.kind = OP_PUT_INLINE_POLICY,
                               .principal_kind = principal->kind,
                               .principal = principal->name,
                               .policy_name = object->name,
                               .document = object->document,
                               .ends_at_s = fact->ends_at_s,
                               .reason = arena_printf(work->arena, "granted: %s/%s", fact->team, fact->grant),
                               .lease_id = fact->lease_id});
        wait_for_room(work, principal, index);
    }
}

/* A policy of ours that no fact uses any more goes, after its attachments and its other versions. */
static void delete_unused_policies(struct account_work *work)
{
    for (size_t i = 0; i < work->account->policies.count; i++) {
        const struct observed_policy *policy = &work->account->policies.items[i];
        struct mark mark;
        if (!mark_parse(work->arena, policy->description, &mark) ||
            !str_eq(mark.owner, work->input->settings->owner) || !work_in_scope(work, mark.team) ||
            map_get(&work->keys, work_key_policy(work, policy->name)))
            continue;
        const char *reason = arena_printf(work->arena, "nobody uses it any more: %s/%s", mark.team, mark.name);
        struct operation operation = {.kind = OP_DELETE_POLICY,
                                      .policy_name = policy->name,
                                      .policy_arn = policy->arn,
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
}

static void compute_account(struct account_work *work)
{
    work_collect_wanted(work);
    work_collect_unwanted(work);
    for (size_t i = 0; i < work->principals.count; i++) {
        quota_fit_attachments(work, work->principals.items[i]);
        quota_fit_inline(work, work->principals.items[i]);
    }
    for (size_t i = 0; i < work->policies.count; i++)
        make_policy(work, work->policies.items[i]);
    for (size_t i = 0; i < work->principals.count; i++) {
        if (work->principals.items[i]->remove_first)
            take_away(work, work->principals.items[i]);
        give(work, work->principals.items[i]);
    }
    for (size_t i = 0; i < work->principals.count; i++)
        if (!work->principals.items[i]->remove_first)
            take_away(work, work->principals.items[i]);
    delete_unused_policies(work);
}

void operations_compute(struct arena *arena, const struct operations_input *input, struct plan *plan)
{
    for (size_t i = 0; i < input->observed->count; i++) {
        const struct observed_account *account = &input->observed->items[i];
        if (account->error) {
            problem_add(arena, &plan->problems, "account-unreachable", account->account_id, NULL, "%s",
                        account->error);
            continue;
        }
        struct account_work work = work_new(arena, input, plan, account);
        compute_account(&work);
    }
}

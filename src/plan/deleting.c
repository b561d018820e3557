/* SPDX-License-Identifier: Apache-2.0 */
#include "plan/deleting.h"

#include "base/str.h"
#include "plan/denials.h"
#include "plan/direct_edited.h"
#include "plan/ours.h"

size_t work_delete_version(struct account_work *work, const struct observed_policy *policy,
                           const char *version_id, const char *reason)
{
    return work_add_operation(work, (struct operation){.kind = OP_DELETE_POLICY_VERSION,
                                                       .policy_name = policy->name,
                                                       .policy_arn = policy->arn,
                                                       .version_id = version_id,
                                                       .reason = reason});
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
                work_delete_version(work, policy, policy->versions.items[j].id, reason);
    work_add_operation(work, operation);
}

void work_take_lease_away(struct account_work *work, const struct observed_policy *const *policies,
                          size_t count, const char *lease_id, int64_t ends_at_s, const char *reason)
{
    CLEANUP(arena_freep) struct arena *scratch = arena_new();
    struct operation *detachments = arena_array(scratch, count + 1, sizeof *detachments);
    for (size_t i = 0; i < work->account->principals.count; i++) {
        const struct observed_principal *principal = &work->account->principals.items[i];
        size_t attached = 0;
        for (size_t j = 0; j < count; j++)
            if (observed_is_attached(principal, policies[j]->arn))
                detachments[attached++] = (struct operation){.kind = OP_DETACH_POLICY,
                                                             .principal_kind = principal->kind,
                                                             .principal = principal->name,
                                                             .policy_name = policies[j]->name,
                                                             .policy_arn = policies[j]->arn,
                                                             .document = policies[j]->document,
                                                             .lease_id = lease_id,
                                                             .ends_at_s = ends_at_s,
                                                             .reason = reason};
        work_detach_in_turns(work, detachments, attached);
    }
    for (size_t i = 0; i < count; i++)
        work_delete_policy(work, policies[i], reason, policies[i]->document);
}

void work_delete_role(struct account_work *work, const struct observed_principal *role, const char *reason)
{
    struct operation operation = {.principal_kind = PRINCIPAL_ROLE,
                                  .principal = role->name,
                                  .reason = reason,
                                  .mark = role->mark,
                                  .trust = role->trust};
    const size_t first = work->plan->operations.count;
    work_role_ends_at(work, role, &operation.ends_at_s);
    operation.kind = OP_DETACH_POLICY;
    CLEANUP(arena_freep) struct arena *scratch = arena_new();
    struct operation *detachments = arena_array(scratch, role->attached.count + 1, sizeof *detachments);
    for (size_t i = 0; i < role->attached.count; i++) {
        detachments[i] = operation;
        detachments[i].policy_arn = role->attached.items[i];
    }
    work_detach_in_turns(work, detachments, role->attached.count);
    operation.kind = OP_DELETE_INLINE_POLICY;
    operation.policy_arn = NULL;
    const struct inline_policy *denies = work_find_inline(role, lease_role_deny_name);
    for (size_t i = 0; i < role->inline_policies.count; i++) {
        operation.policy_name = role->inline_policies.items[i].name;
        if (&role->inline_policies.items[i] != denies)
            work_add_operation(work, operation);
    }
    if (denies) { /* when nothing is allowed any more: sessions may still be open */
        const size_t allowing = work->plan->operations.count;
        operation.policy_name = denies->name;
        size_t index = work_add_operation(work, operation);
        for (size_t j = first; j < allowing; j++)
            work_after(work, index, j);
    }
    operation.kind = OP_DELETE_ROLE;
    operation.policy_name = NULL;
    size_t index = work_add_operation(work, operation);
    for (size_t j = first; j < index; j++)
        work_after(work, index, j);
}

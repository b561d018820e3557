/* SPDX-License-Identifier: Apache-2.0 */
#include "plan/replacing.h"

#include "base/str.h"
#include "plan/ours.h"
#include "plan/waiting.h"
#include "policy/ownership.h"
#include "policy/role_mark.h"

/* The leases that are wanted, by the mark that a role has or would have: → struct fact. */
static struct map leases_of(struct account_work *work)
{
    struct map leases = map_new(work->arena);
    size_t count, first = work_facts_of_account(work, work->input->desired, &count);
    for (size_t i = first; i < first + count; i++) {
        struct fact *fact = &work->input->desired->items[i];
        if (fact->kind == ACCESS_LEASE)
            map_put(&leases, role_mark_of(work->arena, work->input->settings->owner, fact), fact);
    }
    return leases;
}

/* The mark of a lease from which an operation takes something, as a role has it; or NULL. */
static const char *mark_of(struct account_work *work, const struct operation *operation)
{
    struct mark mark;
    if (operation->mark)
        return operation->principal_kind == PRINCIPAL_ROLE ? operation->mark : NULL;
    if (operation->kind != OP_DETACH_POLICY)
        return NULL;
    const struct observed_policy *policy = observed_find_policy_by_arn(work->account, operation->policy_arn);
    return policy && policy_is_ours(work->arena, policy, work->input->settings->owner, &mark) &&
                   mark_is_lease(&mark)
               ? role_mark(work->arena, &mark)
               : NULL;
}

/* A policy of a lease that hangs on somebody else by hand is not part of it. */
static bool is_taken_from(const struct fact *fact, const struct operation *operation)
{
    return operation->mark || (operation->principal_kind == fact->principal_kind &&
                               str_casecmp(operation->principal, fact->principal) == 0);
}

/* What would last longer than is declared now waits for nothing: to end a lease earlier must never fail. */
static bool ends_in_time(const struct account_work *work, const struct fact *fact,
                         const struct operation *operation)
{
    if (!operation->mark) {
        const struct observed_policy *policy =
            observed_find_policy_by_arn(work->account, operation->policy_arn);
        return policy && work_ends_in_time(work, fact, policy->document);
    }
    const struct observed_principal *role =
        observed_find_principal(work->account, PRINCIPAL_ROLE, operation->principal);
    return role && work_role_ends_in_time(work, fact, role);
}

static void wait_for_lease(struct account_work *work, size_t operation, const char *lease_id)
{
    for (size_t i = 0; i < work->plan->operations.count; i++) {
        const struct operation *other = &work->plan->operations.items[i];
        if (!operation_info(other->kind)->removes && other->lease_id && str_eq(other->lease_id, lease_id))
            work_wait_unless_needed(work, operation, i);
    }
}

void work_replace_leases(struct account_work *work)
{
    struct map leases = {0};
    for (size_t i = 0; i < work->plan->operations.count; i++) {
        const struct operation *operation = &work->plan->operations.items[i];
        const char *mark = operation_info(operation->kind)->removes ? mark_of(work, operation) : NULL;
        if (mark && !leases.arena)
            leases = leases_of(work);
        const struct fact *fact = mark ? map_get(&leases, mark) : NULL;
        if (fact && is_taken_from(fact, operation) && ends_in_time(work, fact, operation))
            wait_for_lease(work, i, fact->lease_id);
    }
}

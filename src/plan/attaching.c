/* SPDX-License-Identifier: Apache-2.0 */
#include "plan/attaching.h"

#include "base/str.h"
#include "plan/denials.h"
#include "plan/ours.h"

/* The policy of a grant's own statements, or NULL. */
static const struct wanted_policy *own_policy(const struct account_work *work, const struct fact *fact)
{
    for (size_t i = 0; i < work->policies.count; i++) {
        const struct wanted_policy *policy = work->policies.items[i];
        if (!policy->lease && str_eq(policy->team, fact->team) && str_eq(policy->grant, fact->grant))
            return policy;
    }
    return NULL;
}

static size_t attach_one(struct account_work *work, const struct principal_work *principal,
                         const struct wanted_object *object)
{
    const struct fact *fact = object->fact;
    const size_t index = work_add_operation(
        work,
        (struct operation){.kind = OP_ATTACH_POLICY,
                           .principal_kind = principal->kind,
                           .principal = principal->name,
                           .policy_arn = object->arn,
                           .reason = arena_printf(work->arena, "granted: %s/%s", fact->team, fact->grant),
                           .lease_id = fact->lease_id});
    if (object->policy && object->policy->operation)
        work_after(work, index, object->policy->operation - 1);
    if (object->policy && object->policy->previous && object->policy->previous->operation)
        work_after(work, index, object->policy->previous->operation - 1);
    const struct wanted_policy *own = object->policy ? NULL : own_policy(work, fact);
    if (own && own->observed && own->operation && denial_turn_of(own->document) != ALLOWS_ONLY)
        work_after(work, index, own->operation - 1);
    for (size_t j = 0; principal->role && j < principal->role->before_attach.count; j++)
        work_after(work, index, principal->role->before_attach.items[j]);
    for (size_t j = 0; principal->detach_first && j < principal->detached.count; j++)
        work_after(work, index, principal->detached.items[j]);
    return index;
}

static enum denial_turn turn_of(struct account_work *work, const struct wanted_object *object)
{
    return object->policy ? denial_turn_of(object->policy->document) : work_denial_turn(work, object->arn);
}

void work_attach(struct account_work *work, struct principal_work *principal)
{
    const size_t count = principal->attach.count;
    if (!count)
        return;
    CLEANUP(arena_freep) struct arena *scratch = arena_new();
    enum denial_turn *turns = arena_array(scratch, count, sizeof *turns);
    size_t *added = arena_array(scratch, count, sizeof *added); /* index + 1 */
    for (size_t i = 0; count > 1 && i < count; i++)
        turns[i] = turn_of(work, &principal->attach.items[i]);
    for (size_t turn = DENIAL_TURNS; turn-- > 0;)
        for (size_t i = 0; i < count; i++) {
            if (turns[i] != turn)
                continue;
            const size_t index = attach_one(work, principal, &principal->attach.items[i]);
            for (size_t j = 0; j < count; j++)
                if (added[j] && turns[j] > turn &&
                    principal->attach.items[j].fact == principal->attach.items[i].fact)
                    work_after(work, index, added[j] - 1);
            added[i] = index + 1;
        }
}

void work_detach(struct account_work *work, struct principal_work *principal)
{
    const size_t count = principal->detach.count;
    if (!count)
        return;
    CLEANUP(arena_freep) struct arena *scratch = arena_new();
    struct operation *operations = arena_array(scratch, count, sizeof *operations);
    for (size_t i = 0; i < count; i++)
        operations[i] = (struct operation){.kind = OP_DETACH_POLICY,
                                           .principal_kind = principal->kind,
                                           .principal = principal->name,
                                           .policy_arn = principal->detach.items[i].arn,
                                           .reason = principal->detach.items[i].reason,
                                           .lease_id = principal->detach.items[i].lease_id};
    const size_t first = work_detach_in_turns(work, operations, count);
    for (size_t i = 0; i < count; i++) {
        const struct wanted_policy *adopting =
            work_find_adopting(work, work->plan->operations.items[first + i].policy_arn);
        if (adopting)
            work_after(work, first + i, adopting->tagging - 1);
        *VEC_ADD(work->arena, &principal->detached) = first + i;
    }
    principal->detach.count = 0; /* of some, this is done before anything else */
}

static bool denies_less(struct account_work *work, const struct wanted_policy *policy)
{
    return policy->observed && policy->changes && denial_turn_of(policy->observed->document) != ALLOWS_ONLY &&
           !denials_are_kept(work->arena, policy->observed->document, policy->document);
}

/* Whether it is detached from that one in this run. */
static bool loses(const struct principal_work *principal, const struct wanted_policy *policy)
{
    for (size_t i = 0; i < principal->detach.count; i++)
        if (str_eq(principal->detach.items[i].arn, policy->arn))
            return true;
    return false;
}

void work_detach_before_changes(struct account_work *work)
{
    for (size_t i = 0; i < work->policies.count; i++) {
        struct wanted_policy *policy = work->policies.items[i];
        policy->denies_less = !policy->lease && denies_less(work, policy);
        for (size_t j = 0; policy->denies_less && j < work->principals.count; j++)
            work->principals.items[j]->detach_before_changes |=
                work->principals.items[j]->observed &&
                observed_is_attached(work->principals.items[j]->observed, policy->arn);
        for (size_t j = 0; policy->widens && j < work->principals.count; j++)
            work->principals.items[j]->detach_before_changes |= loses(work->principals.items[j], policy);
    }
    for (size_t i = 0; i < work->principals.count; i++)
        if (work->principals.items[i]->detach_before_changes)
            work_detach(work, work->principals.items[i]);
}

void work_after_detachments(struct account_work *work, size_t operation, const struct wanted_policy *policy)
{
    for (size_t i = 0; i < work->principals.count; i++) {
        const struct principal_work *principal = work->principals.items[i];
        const bool concerns =
            principal == policy->detached_from || (policy->denies_less && principal->observed &&
                                                   observed_is_attached(principal->observed, policy->arn));
        for (size_t j = 0; concerns && j < principal->detached.count; j++)
            work_after(work, operation, principal->detached.items[j]);
    }
}

/* Roles that go are among those who lose it. */
void work_change_after_detachments(struct account_work *work)
{
    const struct operation *operations = work->plan->operations.items;
    for (size_t i = 0; i < work->policies.count; i++) {
        const struct wanted_policy *policy = work->policies.items[i];
        for (size_t j = 0;
             policy->widens && policy->operation > policy->tagging && j < work->plan->operations.count; j++)
            if (operations[j].kind == OP_DETACH_POLICY && str_eq(operations[j].policy_arn, policy->arn))
                work_after(work, policy->operation - 1, j);
    }
}

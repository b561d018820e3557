/* SPDX-License-Identifier: Apache-2.0 */
#include "plan/operations.h"

#include "base/str.h"
#include "base/time.h"
#include "plan/account_work.h"
#include "policy/document.h"
#include "policy/lease.h"

#include <string.h>

/* Adds an operation of this account and gives its index. */
static size_t add_operation(struct account_work *work, struct operation operation)
{
    operation.account_id = work->account->account_id;
    *VEC_ADD(work->arena, &work->plan->operations) = operation;
    return work->plan->operations.count - 1;
}

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
    return add_operation(work, (struct operation){.kind = OP_DELETE_POLICY_VERSION,
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
        .reason = arena_printf(work->arena, "declared: %s, %s", policy->team, policy->grant),
    };
    if (policy->observed && !policy->changes)
        return;
    const struct policy_version *spare = NULL;
    size_t room = 0;
    if (policy->observed &&
        (int64_t)policy->observed->versions.count >= work->account->quotas.versions_per_policy &&
        (spare = oldest_spare_version(policy->observed)))
        room = delete_version(work, policy->observed, spare->id, "makes room for the new version");
    size_t index = add_operation(work, operation);
    if (spare)
        add_after(work, index, room);
    policy->operation = index + 1;
}

static void take_away(struct account_work *work, struct principal_work *principal)
{
    for (size_t i = 0; i < principal->detach.count; i++) {
        const struct unwanted_object *object = &principal->detach.items[i];
        *VEC_ADD(work->arena, &principal->removed) =
            add_operation(work, (struct operation){.kind = OP_DETACH_POLICY,
                                                   .principal_kind = principal->kind,
                                                   .principal = principal->name,
                                                   .policy_arn = object->arn,
                                                   .reason = object->reason,
                                                   .lease_id = object->lease_id});
    }
    for (size_t i = 0; i < principal->remove.count; i++) {
        const struct unwanted_object *object = &principal->remove.items[i];
        *VEC_ADD(work->arena, &principal->removed) =
            add_operation(work, (struct operation){.kind = OP_DELETE_INLINE_POLICY,
                                                   .principal_kind = principal->kind,
                                                   .principal = principal->name,
                                                   .policy_name = object->name,
                                                   .document = object->document,
                                                   .ends_at_s = object->ends_at_s,
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
        size_t index =
            add_operation(work, (struct operation){.kind = OP_ATTACH_POLICY,
                                                   .principal_kind = principal->kind,
                                                   .principal = principal->name,
                                                   .policy_arn = object->arn,
                                                   .reason = arena_printf(work->arena, "granted: %s, %s",
                                                                          fact->team, fact->grant),
                                                   .lease_id = fact->lease_id});
        if (object->policy && object->policy->operation)
            add_after(work, index, object->policy->operation - 1);
        wait_for_room(work, principal, index);
    }
    for (size_t i = 0; i < principal->put.count; i++) {
        const struct wanted_object *object = &principal->put.items[i];
        const struct fact *fact = object->fact;
        size_t index =
            add_operation(work, (struct operation){.kind = OP_PUT_INLINE_POLICY,
                                                   .principal_kind = principal->kind,
                                                   .principal = principal->name,
                                                   .policy_name = object->name,
                                                   .document = object->document,
                                                   .ends_at_s = fact->ends_at_s,
                                                   .reason = arena_printf(work->arena, "granted: %s, %s",
                                                                          fact->team, fact->grant),
                                                   .lease_id = fact->lease_id});
        wait_for_room(work, principal, index);
    }
}

static int64_t attachment_quota(const struct account_work *work, const struct principal_work *principal)
{
    const struct quotas *quotas = &work->account->quotas;
    return principal->kind == PRINCIPAL_USER ? quotas->attached_per_user : quotas->attached_per_role;
}

/* Attachments beyond the quota are refused one by one; those that fit once others have gone wait for that. */
static void fit_attachments(struct account_work *work, struct principal_work *principal)
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
static void fit_inline(struct account_work *work, struct principal_work *principal)
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
        if (there - going + coming + more > quota) {
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
        const char *reason =
            arena_printf(work->arena, "nobody uses it any more: %s, %s", mark.team, mark.name);
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
        add_operation(work, operation);
    }
}

static void compute_account(struct account_work *work)
{
    work_collect_wanted(work);
    work_collect_unwanted(work);
    for (size_t i = 0; i < work->principals.count; i++) {
        fit_attachments(work, work->principals.items[i]);
        fit_inline(work, work->principals.items[i]);
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

static struct account_work work_new(struct arena *arena, const struct operations_input *input,
                                    struct plan *plan, const struct observed_account *account)
{
    return (struct account_work){
        .arena = arena,
        .input = input,
        .plan = plan,
        .account = account,
        .sid_prefix = mark_sid_prefix(arena, input->settings->owner),
        .keys = map_new(arena),
        .by_name = map_new(arena),
        .unwanted = map_new(arena),
    };
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

static void cleanup_principal(struct account_work *work, const struct observed_principal *principal)
{
    char text[TIME_TEXT_SIZE];
    for (size_t i = 0; i < principal->inline_policies.count; i++) {
        const struct inline_policy *policy = &principal->inline_policies.items[i];
        struct document document;
        int64_t ends_at_s;
        if (!work_is_ours(work, policy, &document)) {
            work_report_damage(work, principal, policy);
            continue;
        }
        if (!lease_ends_at(&document, &ends_at_s)) {
            problem_add(
                work->arena, &work->plan->problems, "lease-without-end", work->account->account_id, NULL,
                "inline policy %s of %s %s in account %s carries our mark but does not end: it was edited by hand",
                policy->name, principal_kind_name(principal->kind), principal->name, work->account->account_id)
                ->hint = "run 'iamlease apply', which puts it right or removes it";
        } else if (ends_at_s <= work->input->now_s) {
            add_operation(work, (struct operation){.kind = OP_DELETE_INLINE_POLICY,
                                                   .principal_kind = principal->kind,
                                                   .principal = principal->name,
                                                   .policy_name = policy->name,
                                                   .document = policy->document,
                                                   .ends_at_s = ends_at_s,
                                                   .reason = arena_printf(work->arena, "ended at %s",
                                                                          time_format(ends_at_s, text))});
        }
    }
}

void operations_cleanup(struct arena *arena, const struct settings *settings, const struct observed *observed,
                        int64_t now_s, struct plan *plan)
{
    const struct operations_input input = {.settings = settings, .observed = observed, .now_s = now_s};
    for (size_t i = 0; i < observed->count; i++) {
        const struct observed_account *account = &observed->items[i];
        if (account->error) {
            problem_add(arena, &plan->problems, "account-unreachable", account->account_id, NULL, "%s",
                        account->error);
            continue;
        }
        struct account_work work = work_new(arena, &input, plan, account);
        for (size_t j = 0; j < account->principals.count; j++)
            cleanup_principal(&work, &account->principals.items[j]);
    }
}

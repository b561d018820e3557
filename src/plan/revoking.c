/* SPDX-License-Identifier: Apache-2.0 */
/* Revoking: what stands in AWS of one lease, found by its names and marks. */
#include "base/str.h"
#include "plan/account_work.h"
#include "plan/deleting.h"
#include "plan/operations.h"
#include "plan/ours.h"
#include "policy/ownership.h"
#include "policy/role_mark.h"

static bool is_holder(const struct fact *fact, const struct observed_principal *principal)
{
    return principal->kind == fact->principal_kind && str_casecmp(principal->name, fact->principal) == 0;
}

static void revoke_inline(struct account_work *work, const struct fact *fact,
                          const struct observed_principal *principal, const char *reason)
{
    const struct inline_policy *policy = work_find_inline(principal, mark_lease_name(work->arena, fact));
    struct document ignored;
    if (policy && work_is_ours(work, policy, &ignored))
        work_add_operation(work, (struct operation){.kind = OP_DELETE_INLINE_POLICY,
                                                    .principal_kind = principal->kind,
                                                    .principal = principal->name,
                                                    .policy_name = policy->name,
                                                    .document = policy->document,
                                                    .lease_id = fact->lease_id,
                                                    .ends_at_s = fact->ends_at_s,
                                                    .reason = reason});
}

static bool is_copy(const struct account_work *work, const struct fact *fact,
                    const struct observed_policy *policy)
{
    struct mark mark;
    return policy_is_ours(work->arena, policy, work->input->settings->owner, &mark) &&
           str_eq(mark.team, fact->team) && str_eq(mark.name, mark_copy_of(work->arena, fact));
}

/* The policy of an ad-hoc grant goes with the last role that has it. */
static bool is_left_over(const struct account_work *work, const struct fact *fact,
                         const struct observed_policy *policy, const char *role_mark)
{
    struct mark mark;
    if (!fact->ad_hoc || !policy_is_ours(work->arena, policy, work->input->settings->owner, &mark) ||
        !str_eq(mark.team, fact->team) || !str_eq(mark.name, fact->grant))
        return false;
    for (size_t i = 0; i < work->account->principals.count; i++) {
        const struct observed_principal *principal = &work->account->principals.items[i];
        bool goes = principal->mark && !principal->direct && str_eq(principal->mark, role_mark);
        if (!goes && observed_is_attached(principal, policy->arn))
            return false;
    }
    return true;
}

void operations_revoke(struct arena *arena, const struct settings *settings, const struct observed *observed,
                       const struct fact *fact, int64_t now_s, struct plan *plan)
{
    const struct operations_input input = {.settings = settings, .observed = observed, .now_s = now_s};
    const struct observed_account *account = observed_find_account(observed, fact->account_id);
    if (!account || account->error)
        return; /* a problem already */
    struct account_work work = work_new(arena, &input, plan, account);
    const char *reason = arena_printf(arena, "revoked: %s/%s", fact->team, fact->grant);
    const char *mark = role_mark_of(arena, settings->owner, fact);
    for (size_t i = 0; i < account->principals.count; i++) {
        const struct observed_principal *principal = &account->principals.items[i];
        if (principal->kind == PRINCIPAL_ROLE && principal->mark && !principal->direct &&
            str_eq(principal->mark, mark))
            work_delete_role(&work, principal, reason);
        else if (is_holder(fact, principal))
            revoke_inline(&work, fact, principal, reason);
    }
    const struct observed_policy **copies = arena_array(arena, account->policies.count + 1, sizeof *copies);
    size_t count = 0;
    for (size_t i = 0; i < account->policies.count; i++)
        if (is_copy(&work, fact, &account->policies.items[i]))
            copies[count++] = &account->policies.items[i];
    work_take_lease_away(&work, copies, count, fact->lease_id, fact->ends_at_s, reason);
    for (size_t i = 0; i < account->policies.count; i++)
        if (is_left_over(&work, fact, &account->policies.items[i], mark))
            work_delete_policy(&work, &account->policies.items[i], reason,
                               account->policies.items[i].document);
}

static bool is_same_text(const char *a, const char *b)
{
    return a && b ? str_eq(a, b) : a == b;
}

static bool is_same_object(const struct operation *a, const struct operation *b)
{
    return a->kind == b->kind && a->principal_kind == b->principal_kind &&
           str_eq(a->account_id, b->account_id) && is_same_text(a->principal, b->principal) &&
           is_same_text(a->policy_arn, b->policy_arn) &&
           is_same_text(a->policy_arn ? NULL : a->policy_name, b->policy_arn ? NULL : b->policy_name) &&
           is_same_text(a->version_id, b->version_id);
}

void operations_drop_repeated(struct arena *arena, struct operations *operations)
{
    size_t *places = arena_array(arena, operations->count + 1, sizeof *places), kept = 0;
    for (size_t i = 0; i < operations->count; i++) {
        struct operation operation = operations->items[i];
        size_t same = 0;
        while (same < kept && !is_same_object(&operations->items[same], &operation))
            same++;
        places[i] = same;
        if (same < kept)
            continue;
        for (size_t j = 0; j < operation.after.count; j++)
            operation.after.items[j] = places[operation.after.items[j]];
        operations->items[kept++] = operation;
    }
    operations->count = kept;
}

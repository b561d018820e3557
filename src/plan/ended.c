/* SPDX-License-Identifier: Apache-2.0 */
/* Cleanup: leases of ours that have ended, found by their mark. */
#include "base/str.h"
#include "base/time.h"
#include "plan/account_part.h"
#include "plan/denials.h"
#include "plan/direct_edited.h"
#include "policy/lease.h"
#include "policy/ownership.h"

void work_end_role(struct account_work *work, const struct observed_principal *role)
{
    char text[TIME_TEXT_SIZE];
    int64_t ends_at_s;
    if (work_role_ends_at(work, role, &ends_at_s) && ends_at_s <= work->input->now_s) {
        work_delete_role(work, role,
                         arena_printf(work->arena, REASON_ENDED "%s", time_format(ends_at_s, text)),
                         role->trust);
    } else if (!lease_role_ends_at(work->arena, role->trust, &ends_at_s)) {
        problem_add(work->arena, &work->plan->problems, "lease-without-end", work->account->account_id, NULL,
                    "role %s in account %s carries the mark of a lease but does not end: it was edited by hand",
                    role->name, work->account->account_id)
            ->hint = role->direct ? "nobody declares it: 'iamlease revoke --lease' takes it away"
                                  : "run 'iamlease apply', which puts it right or removes it";
    } else if (role->direct) {
        direct_edited_report(work->arena, work->input->settings, work->account->account_id, role,
                             &work->plan->problems);
    }
}

static void cleanup_principal(struct account_work *work, const struct observed_principal *principal)
{
    char text[TIME_TEXT_SIZE];
    struct mark mark;
    if (work_is_lease_role(work, principal, &mark)) {
        work_end_role(work, principal);
        return;
    }
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
            work_add_operation(work, (struct operation){.kind = OP_DELETE_INLINE_POLICY,
                                                        .principal_kind = principal->kind,
                                                        .principal = principal->name,
                                                        .policy_name = policy->name,
                                                        .document = policy->document,
                                                        .ends_at_s = ends_at_s,
                                                        .reason = arena_printf(work->arena, REASON_ENDED "%s",
                                                                               time_format(ends_at_s, text))});
        }
    }
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

static void cleanup_policy(struct account_work *work, const struct observed_policy *policy)
{
    struct mark mark;
    struct document document;
    int64_t ends_at_s;
    if (!policy_is_ours(work->arena, policy, work->input->settings->owner, &mark) || !mark_is_lease(&mark))
        return;
    if (!mark_read_inline(work->arena, policy->document, work->sid_prefix, &document) ||
        !lease_ends_at(&document, &ends_at_s)) {
        problem_add(
            work->arena, &work->plan->problems, "lease-without-end", work->account->account_id, NULL,
            "policy %s in account %s carries the mark of a lease but does not end: it was edited by hand",
            policy->name, work->account->account_id)
            ->hint = "run 'iamlease apply', which puts it right or removes it";
        return;
    }
    const char *reason = work_ended(work, policy, NULL);
    if (!reason || !work_whole_lease_has_ended(work, &mark))
        return;
    work_take_lease_away(work, &policy, 1, NULL, ends_at_s, reason);
}

void operations_cleanup(struct arena *arena, const struct settings *settings, const struct observed *observed,
                        const struct facts *adopted, int64_t now_s, struct plan *plan)
{
    const struct operations_input input = {.settings = settings, .observed = observed, .now_s = now_s};
    for (size_t i = 0; i < observed->count; i++) {
        const struct observed_account *account = &observed->items[i];
        if (account->error) {
            problem_add(arena, &plan->problems, "account-unreachable", account->account_id, NULL, "%s",
                        account->error);
            continue;
        }
        struct account_part part = account_part_new(plan);
        struct account_work work = work_new(part.scratch, &input, &part.plan, account);
        for (size_t j = 0; j < account->principals.count; j++)
            cleanup_principal(&work, &account->principals.items[j]);
        for (size_t j = 0; j < account->policies.count; j++)
            cleanup_policy(&work, &account->policies.items[j]);
        if (adopted) {
            size_t count, from = facts_of_account(adopted, account->account_id, &count);
            work_adopt_ended(&work,
                             &(struct facts){.items = count ? adopted->items + from : NULL, .count = count});
        }
        account_part_keep(arena, &part, plan);
    }
}

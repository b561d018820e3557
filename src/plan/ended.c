/* SPDX-License-Identifier: Apache-2.0 */
/* Cleanup: leases of ours that have ended, found by their mark. */
#include "base/time.h"
#include "plan/account_part.h"
#include "plan/adopting.h"
#include "plan/damage.h"
#include "plan/deleting.h"
#include "plan/operations.h"
#include "plan/ours.h"
#include "plan/unwanted_roles.h"
#include "policy/lease.h"
#include "policy/ownership.h"

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

/* SPDX-License-Identifier: Apache-2.0 */
/* Cleanup: leases of ours that have ended, found by their mark; when, AWS says, or what is declared. */
#include "base/str.h"
#include "base/time.h"
#include "plan/account_part.h"
#include "plan/adopting.h"
#include "plan/damage.h"
#include "plan/declared_ends.h"
#include "plan/deleting.h"
#include "plan/operations.h"
#include "plan/ours.h"
#include "plan/role_deny.h"
#include "plan/unwanted_roles.h"
#include "policy/lease.h"
#include "policy/ownership.h"

/* "ended at 2026-12-01T00:00:00Z" when AWS or git says so; otherwise NULL. `live_at_s`: 0 where it does not end. */
static const char *reason_to_go(const struct declared_ends *ends, int64_t declared_at_s, int64_t live_at_s)
{
    char text[TIME_TEXT_SIZE];
    const struct account_work *work = ends->work;
    const bool has_ended = live_at_s && live_at_s <= work->input->now_s;
    if (!has_ended && !declared_end_is_over(ends, declared_at_s))
        return NULL;
    return arena_printf(work->arena, REASON_ENDED "%s",
                        time_format(has_ended ? live_at_s : declared_at_s, text));
}

static void cleanup_inline(const struct declared_ends *ends, const struct observed_principal *principal,
                           const struct inline_policy *policy)
{
    struct account_work *work = ends->work;
    struct document document;
    int64_t live_at_s, declared_at_s = declared_end_of_inline(ends, principal, policy->name);
    if (!work_is_ours(work, policy, &document)) {
        work_report_damage(work, principal, policy);
        return;
    }
    if (!lease_ends_at(&document, &live_at_s))
        live_at_s = 0;
    const char *reason = reason_to_go(ends, declared_at_s, live_at_s);
    if (!reason)
        declared_end_report(ends,
                            arena_printf(work->arena, "inline policy %s of %s %s", policy->name,
                                         principal_kind_name(principal->kind), principal->name),
                            declared_at_s, live_at_s);
    else
        work_add_operation(work, (struct operation){.kind = OP_DELETE_INLINE_POLICY,
                                                    .principal_kind = principal->kind,
                                                    .principal = principal->name,
                                                    .policy_name = policy->name,
                                                    .document = policy->document,
                                                    .ends_at_s = live_at_s,
                                                    .reason = reason});
}

static void cleanup_role(const struct declared_ends *ends, const struct observed_principal *role)
{
    int64_t live_at_s, declared_at_s = declared_end_of_role(ends, role);
    if (!lease_role_ends_at(ends->work->arena, role->trust, &live_at_s))
        live_at_s = 0;
    const char *reason =
        declared_end_is_over(ends, declared_at_s) ? reason_to_go(ends, declared_at_s, live_at_s) : NULL;
    if (reason)
        work_delete_role(ends->work, role, reason);
    else if (declared_at_s && live_at_s > declared_at_s)
        declared_end_report(ends, arena_printf(ends->work->arena, "role %s", role->name), declared_at_s,
                            live_at_s);
    else
        work_end_role(ends->work, role);
    if (live_at_s > ends->work->input->now_s && !reason)
        role_deny_report(ends->work->arena, ends->work->sid_prefix, ends->work->account->account_id, role,
                         live_at_s, &ends->work->plan->problems);
}

static void cleanup_principal(const struct declared_ends *ends, const struct observed_principal *principal)
{
    struct mark mark;
    if (work_is_lease_role(ends->work, principal, &mark))
        cleanup_role(ends, principal);
    else
        for (size_t i = 0; i < principal->inline_policies.count; i++)
            cleanup_inline(ends, principal, &principal->inline_policies.items[i]);
}

/* All policies of that lease at once, from the first of them: what denies in one goes after what allows. */
static void cleanup_declared_copies(const struct declared_ends *ends, const struct observed_policy *first,
                                    const struct mark *mark, int64_t declared_at_s)
{
    struct account_work *work = ends->work;
    struct mark other;
    const size_t all = work->account->policies.count;
    const struct observed_policy **copies = arena_array(work->arena, all, sizeof *copies);
    size_t count = 0;
    for (size_t i = 0; i < all; i++) {
        const struct observed_policy *policy = &work->account->policies.items[i];
        if (policy_is_ours(work->arena, policy, mark->owner, &other) && str_eq(other.team, mark->team) &&
            str_eq(other.name, mark->name))
            copies[count++] = policy;
    }
    if (copies[0] == first)
        work_take_lease_away(work, copies, count, NULL, declared_at_s, reason_to_go(ends, declared_at_s, 0));
}

static void cleanup_policy(const struct declared_ends *ends, const struct observed_policy *policy)
{
    struct account_work *work = ends->work;
    struct mark mark;
    struct document document;
    int64_t live_at_s;
    if (!policy_is_ours(work->arena, policy, work->input->settings->owner, &mark) || !mark_is_lease(&mark))
        return;
    const int64_t declared_at_s = declared_end_of_copy(ends, &mark);
    if (declared_end_is_over(ends, declared_at_s)) {
        cleanup_declared_copies(ends, policy, &mark, declared_at_s);
        return;
    }
    if (!mark_read_inline(work->arena, policy->document, work->sid_prefix, &document) ||
        !lease_ends_at(&document, &live_at_s))
        live_at_s = 0;
    const char *reason = work_ended(work, policy, NULL);
    if (!reason)
        declared_end_report(ends, arena_printf(work->arena, "policy %s", policy->name), declared_at_s,
                            live_at_s);
    else if (work_whole_lease_has_ended(work, &mark))
        work_take_lease_away(work, &policy, 1, NULL, live_at_s, reason);
}

void operations_cleanup(struct arena *arena, const struct settings *settings, const struct observed *observed,
                        const struct facts *declared, const struct facts *adopted,
                        const struct strings *revoked, int64_t now_s, struct plan *plan)
{
    const struct operations_input input = {.settings = settings,
                                           .observed = observed,
                                           .revoked = revoked,
                                           .now_s = now_s};
    for (size_t i = 0; i < observed->count; i++) {
        const struct observed_account *account = &observed->items[i];
        if (account->error) {
            problem_add(arena, &plan->problems, "account-unreachable", account->account_id, NULL, "%s",
                        account->error);
            continue;
        }
        struct account_part part = account_part_new(plan);
        struct account_work work = work_new(part.scratch, &input, &part.plan, account);
        const struct declared_ends ends = declared_ends_of(&work, declared);
        for (size_t j = 0; j < account->principals.count; j++)
            cleanup_principal(&ends, &account->principals.items[j]);
        for (size_t j = 0; j < account->policies.count; j++)
            cleanup_policy(&ends, &account->policies.items[j]);
        if (adopted) {
            size_t count, from = facts_of_account(adopted, account->account_id, &count);
            work_adopt_ended(&work,
                             &(struct facts){.items = count ? adopted->items + from : NULL, .count = count});
        }
        account_part_keep(arena, &part, plan);
    }
}

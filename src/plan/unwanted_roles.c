/* SPDX-License-Identifier: Apache-2.0 */
#include "plan/unwanted_roles.h"

#include "base/str.h"
#include "base/time.h"
#include "plan/deleting.h"
#include "plan/direct_edited.h"
#include "plan/direct_role.h"
#include "plan/ours.h"

/* Somebody put it there by hand: nobody approved it, and it would stand in the way of the role's removal. */
static void clean_role(struct account_work *work, const struct observed_principal *role,
                       const struct mark *mark)
{
    const char *reason =
        arena_printf(work->arena, "not part of the lease: %s/%s", mark->team, mark_grant(work->arena, mark));
    struct principal_work *holder = work_principal(work, PRINCIPAL_ROLE, role->name);
    for (size_t i = 0; i < role->attached.count; i++) {
        const char *arn = role->attached.items[i];
        if (!map_get(&work->keys, work_key_attachment(work, PRINCIPAL_ROLE, role->name, arn)))
            *VEC_ADD(work->arena, &holder->detach) = (struct unwanted_object){.arn = arn, .reason = reason};
    }
    for (size_t i = 0; i < role->inline_policies.count; i++) {
        const struct inline_policy *policy = &role->inline_policies.items[i];
        if (!map_get(&work->keys, work_key_inline(work, PRINCIPAL_ROLE, role->name, policy->name)))
            *VEC_ADD(work->arena, &holder->remove) =
                (struct unwanted_object){.name = policy->name, .document = policy->document, .reason = reason};
    }
}

/* Of those that are wanted; what hangs on one that is only kept is not judged. */
void work_clean_roles(struct account_work *work)
{
    struct mark mark;
    for (size_t i = 0; i < work->roles.count; i++) {
        const struct wanted_role *wanted = work->roles.items[i]->role;
        if (wanted->live && work_is_lease_role(work, wanted->live, &mark))
            clean_role(work, wanted->live, &mark);
    }
}

/* What was granted at once has no entry; in an account that no file names nobody would look at it again. */
static void drop_direct(struct account_work *work, const struct observed_principal *role)
{
    const struct config *config = work->input->config;
    if (!config || config_names_account(config, work->account->account_id))
        work_end_role(work, role);
    else
        work_delete_role(work, role,
                         arena_printf(work->arena, "account no longer named: %s", work->account->account_id));
}

void work_drop_roles(struct account_work *work)
{
    char text[TIME_TEXT_SIZE];
    for (size_t i = 0; i < work->account->principals.count; i++) {
        const struct observed_principal *role = &work->account->principals.items[i];
        struct mark mark;
        int64_t ends_at_s;
        if (!work_is_lease_role(work, role, &mark) || !work_in_scope(work, mark.team) ||
            map_get(&work->keys, work_key_role(work, role->name)))
            continue;
        if (role->direct) {
            drop_direct(work, role);
            continue;
        }
        bool ended =
            lease_role_ends_at(work->arena, role->trust, &ends_at_s) && ends_at_s <= work->input->now_s;
        work_delete_role(work, role,
                         ended ? arena_printf(work->arena, REASON_ENDED "%s", time_format(ends_at_s, text))
                               : arena_printf(work->arena, REASON_UNDECLARED ": %s/%s", mark.team,
                                              mark_grant(work->arena, &mark)));
    }
}

/* A revoke that was cut off has marked its run: what was granted to it at once goes, whoever comes first. */
static bool is_revoked(const struct account_work *work, const struct observed_principal *role)
{
    const struct operations_input *input = work->input;
    struct direct_grant grant;
    return input->revoked && input->revoked->count && role->direct &&
           direct_role_read(work->arena, input->settings, work->account->account_id, role, &grant) &&
           strings_contain(input->revoked, grant.run_id);
}

void work_end_role(struct account_work *work, const struct observed_principal *role)
{
    char text[TIME_TEXT_SIZE];
    int64_t ends_at_s;
    if (is_revoked(work, role)) {
        work_delete_role(work, role, arena_printf(work->arena, "revoked: %s", role->name));
        return;
    }
    if (work_role_ends_at(work, role, &ends_at_s) && ends_at_s <= work->input->now_s) {
        work_delete_role(work, role,
                         arena_printf(work->arena, REASON_ENDED "%s", time_format(ends_at_s, text)));
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

/* SPDX-License-Identifier: Apache-2.0 */
#include "flow/applying.h"

#include "base/str.h"
#include "flow/execution.h"
#include "flow/findings.h"
#include "plan/delta.h"
#include "plan/desired.h"
#include "plan/operations.h"
#include "policy/mark.h"

static bool account_has_marked_object(struct arena *arena, const struct observed_account *account,
                                      const char *owner)
{
    struct mark mark;
    struct document ignored;
    const char *prefix = mark_sid_prefix(arena, owner);
    for (size_t i = 0; i < account->policies.count; i++)
        if (mark_parse(arena, account->policies.items[i].description, &mark) && str_eq(mark.owner, owner))
            return true;
    for (size_t i = 0; i < account->principals.count; i++)
        for (size_t j = 0; j < account->principals.items[i].inline_policies.count; j++)
            if (mark_read_inline(arena, account->principals.items[i].inline_policies.items[j].document,
                                 prefix, &ignored))
                return true;
    return false;
}

/* A missing applied ref beside marked objects: it was lost, and with it the knowledge of what must be removed. */
static int check_first_apply(const struct run *run, const struct apply_request *request,
                             const struct findings *findings, const struct settings *settings, struct err *err)
{
    if (findings->applied || request->first_apply)
        return 0;
    for (size_t i = 0; i < findings->observed.count; i++)
        if (account_has_marked_object(run->arena, &findings->observed.items[i], settings->owner))
            return err_set(
                err, ERR_REFUSED,
                "%s is missing, but account %s holds objects of iamlease: fetch the tag (git fetch origin tag "
                "iamlease/applied), or, if it is lost, give --first-apply",
                APPLIED_REF, findings->observed.items[i].account_id);
    return 0;
}

/* The delta between what was applied and what is to be applied, for the report. */
static void compute_delta(const struct run *run, const struct apply_request *request,
                          const struct findings *findings, struct plan *plan)
{
    struct facts *before = ARENA_NEW(run->arena, struct facts), *after = ARENA_NEW(run->arena, struct facts);
    struct facts live = {0};
    for (size_t i = 0; i < findings->history.applied.count; i++) {
        const struct fact *fact = &findings->history.applied.items[i];
        if (fact->kind == ACCESS_PERMANENT || fact->ends_at_s > request->now_s)
            *VEC_ADD(run->arena, &live) = *fact;
    }
    facts_of_teams(run->arena, &live, request->teams, before);
    facts_of_teams(run->arena, &findings->desired, request->teams, after);
    const struct delta_input input = {
        .before = before,
        .after = after,
        .all_after = &findings->desired,
        .policy_path = plan->settings->policy_path,
    };
    delta_compute(run->arena, &input, &plan->delta);
}

static void compute_operations(const struct run *run, const struct apply_request *request,
                               const struct findings *findings, struct plan *plan)
{
    const struct operations_input input = {
        .settings = plan->settings,
        .desired = &findings->desired,
        .held = &findings->history.held,
        .candidates = &findings->history.candidates,
        .applied = &findings->history.applied,
        .observed = &findings->observed,
        .teams = request->teams,
        .now_s = request->now_s,
    };
    operations_compute(run->arena, &input, plan);
}

/* The ref moves only after a run over all teams that did everything. */
static void move_applied(const struct run *run, const struct apply_request *request, struct report *report)
{
    struct err reason;
    if (!report_is_clean(report) || (request->teams && request->teams->count))
        return;
    if (applied_write(run->repo, report->plan->head_id, report->applied_after, &reason) < 0)
        problem_add(run->arena, &report->plan->problems, "applied-ref", NULL, NULL,
                    "everything was applied, but the applied ref did not move: %s", reason.message)
            ->hint = "run it again: it will find nothing to do and move the ref";
    else
        report->applied_after = report->plan->head_id;
}

static int apply(const struct run *run, const struct apply_request *request, struct findings *findings,
                 struct plan *plan, struct report *ret, struct err *err)
{
    const char *session = arena_printf(run->arena, "iamlease-%.12s", findings->head.commit_id);
    if (findings_read_aws(run, request, session, !request->dry_run, plan->settings, findings, err) < 0 ||
        check_first_apply(run, request, findings, plan->settings, err) < 0)
        return -1;
    compute_operations(run, request, findings, plan);
    compute_delta(run, request, findings, plan);
    *ret = (struct report){
        .command = "apply",
        .dry_run = request->dry_run,
        .plan = plan,
        .applied_before = findings->applied,
        .applied_after = findings->applied,
        .accounts = findings->observed.count,
    };
    if (request->dry_run)
        return 0;
    if (!plan->operations.count) {
        move_applied(run, request, ret);
        return 0;
    }
    /* Written before the first call: what is granted from here on is found again, whatever happens. */
    const char *start = findings->applied ? findings->applied : findings->head.commit_id;
    if (applied_write(run->repo, start, findings->applied, err) < 0)
        return -1;
    ret->applied_after = start;
    if (execution_run(run, request, findings->aws, findings->head.commit_id, ret, err) < 0)
        return -1;
    move_applied(run, request, ret);
    return 0;
}

int flow_apply(const struct run *run, const struct apply_request *request, struct diags *diags,
               struct report *ret, struct err *err)
{
    struct plan *plan = ARENA_NEW(run->arena, struct plan);
    struct findings findings CLEANUP(findings_close) = {0};
    if (!request->dry_run && repo_lock(run->repo, err) < 0)
        return -1;
    if (findings_read_git(run, request, diags, &findings, plan, &plan->problems, err) < 0)
        return -1;
    if (diags->errors)
        return err_set(err, ERR_REFUSED,
                       "the configuration of commit %.12s has errors: nothing is granted or removed",
                       findings.head.commit_id);
    return apply(run, request, &findings, plan, ret, err);
}

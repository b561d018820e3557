/* SPDX-License-Identifier: Apache-2.0 */
/* cleanup and who: both look at every account, and go on where something cannot be read. */
#include "flow/execution.h"
#include "flow/holding.h"
#include "flow/leftovers.h"
#include "flow/port_unfinished.h"
#include "plan/desired.h"
#include "plan/holdings.h"
#include "plan/operations.h"

/* What has ended, and what a revocation that was cut off has left. */
static void compute(const struct run *run, const struct apply_request *request,
                    const struct findings *findings, struct plan *plan)
{
    struct port_unfinished unfinished;
    struct err reason;
    const struct facts named = facts_sorted(run->arena, &findings->history.candidates);
    if (port_unfinished_read(run, findings, plan->settings, request->now_s, &unfinished, &reason) < 0)
        problem_add(run->arena, &plan->problems, "revoke-incomplete", NULL, NULL, "%s", reason.message);
    operations_cleanup(run->arena, plan->settings, &findings->observed, findings->is_complete ? &named : NULL,
                       request->adopts ? &named : NULL, &unfinished.runs, request->now_s, plan);
    port_unfinished_take_away(run->arena, findings, &unfinished, plan);
    leftovers_add(run, request, findings, plan);
}

int flow_cleanup(const struct run *run, const struct apply_request *request, struct diags *diags,
                 struct report *ret, struct err *err)
{
    struct plan *plan = ARENA_NEW(run->arena, struct plan);
    struct findings findings CLEANUP(findings_close) = {0};
    if (!request->dry_run && !run->is_actions && repo_lock(run->repo, err) < 0)
        return -1;
    if (findings_read_git_leniently(run, request, diags, &findings, plan, &plan->problems, err) < 0 ||
        leftovers_collect(run, request, true, &findings, &plan->problems, err) < 0 ||
        findings_read_aws(run, request, "iamlease-cleanup", !request->dry_run, plan->settings, &findings,
                          err) < 0)
        return -1;
    compute(run, request, &findings, plan);
    *ret = (struct report){
        .command = "cleanup",
        .dry_run = request->dry_run,
        .plan = plan,
        .applied_before = findings.applied,
        .applied_after = findings.applied,
        .accounts = findings.observed.count,
    };
    return request->dry_run ? 0 : execution_run(run, request, findings.aws, "cleanup", ret, err);
}

void holdings_of(struct arena *arena, const struct apply_request *request, const struct findings *findings,
                 const struct settings *settings, struct holdings *ret)
{
    struct facts declared = {0};
    desired_facts(arena, findings->head.config, NULL, 0, &declared);
    const struct holdings_input input = {
        .settings = settings,
        .config = findings->head.config,
        .declared = &declared,
        .candidates = &findings->history.candidates,
        .observed = &findings->observed,
        .now_s = request->now_s,
    };
    holdings_compute(arena, &input, ret);
}

int holdings_read(const struct run *run, const struct apply_request *request, struct diags *diags,
                  struct findings *findings, struct holdings *ret, struct err *err)
{
    struct plan *plan = ARENA_NEW(run->arena, struct plan);
    *ret = (struct holdings){0};
    if (findings_read_git_leniently(run, request, diags, findings, plan, &ret->problems, err) < 0 ||
        findings_read_aws(run, request, "iamlease-who", false, plan->settings, findings, err) < 0)
        return -1;
    holdings_of(run->arena, request, findings, plan->settings, ret);
    return 0;
}

int flow_who(const struct run *run, const struct apply_request *request, struct diags *diags,
             struct holdings *ret, struct err *err)
{
    struct findings findings CLEANUP(findings_close) = {0};
    return holdings_read(run, request, diags, &findings, ret, err);
}

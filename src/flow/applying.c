/* SPDX-License-Identifier: Apache-2.0 */
#include "flow/applying.h"

#include "base/str.h"
#include "flow/approved_plan.h"
#include "flow/execution.h"
#include "flow/findings.h"
#include "flow/held.h"
#include "flow/leftovers.h"
#include "flow/port_revoked.h"
#include "plan/delta.h"
#include "plan/desired.h"
#include "plan/operations.h"
#include "policy/ownership.h"
#include "policy/role_mark.h"

#include <string.h>

/* Whether it is a role of ours, or has an inline policy of ours. What was granted directly no commit declared. */
static bool principal_is_marked(struct arena *arena, const struct observed_principal *principal,
                                const char *owner)
{
    struct mark mark;
    struct document ignored;
    if (principal->direct)
        return false;
    if (role_mark_is_lease(arena, principal->mark, owner, &mark) ||
        role_mark_is_kept(arena, principal->mark, owner, &mark))
        return true;
    const char *prefix = principal->inline_policies.count ? mark_sid_prefix(arena, owner) : NULL;
    for (size_t i = 0; i < principal->inline_policies.count; i++)
        if (mark_read_inline(arena, principal->inline_policies.items[i].document, prefix, &ignored))
            return true;
    return false;
}

static bool account_has_marked_object(const struct observed_account *account, const char *owner)
{
    CLEANUP(arena_freep) struct arena *scratch = arena_new();
    struct mark mark;
    for (size_t i = 0; i < account->policies.count; i++)
        if (policy_is_ours(scratch, &account->policies.items[i], owner, &mark))
            return true;
    for (size_t i = 0; i < account->principals.count; i++)
        if (principal_is_marked(scratch, &account->principals.items[i], owner))
            return true;
    return false;
}

/* A missing applied ref beside marked objects: it was lost, and with it the knowledge of what must be removed. */
static int check_first_apply(const struct apply_request *request, const struct findings *findings,
                             const struct settings *settings, struct err *err)
{
    if (findings->applied || request->first_apply)
        return 0;
    for (size_t i = 0; i < findings->observed.count; i++)
        if (account_has_marked_object(&findings->observed.items[i], settings->owner))
            return err_set(
                err, ERR_REFUSED,
                "%s is missing, but account %s holds objects of iamlease with the owner '%s': fetch the tag (git fetch "
                "origin tag iamlease/applied); if another repository made them, set another owner in iamlease.yaml; "
                "if they are of this one and the tag is lost, give --first-apply, which removes what is not declared",
                APPLIED_REF, findings->observed.items[i].account_id, settings->owner);
    return 0;
}

static bool has_unread_account(const struct findings *findings)
{
    for (size_t i = 0; i < findings->observed.count; i++)
        if (findings->observed.items[i].error)
            return true;
    return false;
}

/* The delta between what was applied and what is to be applied, for the report. */
static void compute_delta(const struct run *run, const struct apply_request *request,
                          const struct findings *findings, struct plan *plan)
{
    struct facts *before = ARENA_NEW(run->arena, struct facts), *after = ARENA_NEW(run->arena, struct facts);
    struct facts live = {0};
    VEC_RESERVE(run->arena, &live, findings->history.applied.count);
    for (size_t i = 0; i < findings->history.applied.count; i++) {
        const struct fact *fact = &findings->history.applied.items[i];
        if ((fact->kind == ACCESS_PERMANENT || fact->ends_at_s > request->now_s) &&
            !port_revoked_is(&findings->revoked, fact))
            *VEC_ADD(run->arena, &live) = *fact;
    }
    facts_of_teams(run->arena, &live, request->teams, before);
    facts_of_teams(run->arena, &findings->desired, request->teams, after);
    const struct delta_input input = {
        .before = before,
        .after = after,
        .all_after = &findings->desired,
        .settings = plan->settings,
    };
    delta_compute(run->arena, &input, &plan->delta);
}

/* An entry that ended before it was applied grants nothing; whoever waits for it must learn why. */
static void note_ended(const struct run *run, const struct apply_request *request,
                       const struct findings *findings, struct plan *plan)
{
    const struct config *config = findings->head.config;
    size_t ended = 0;
    for (size_t i = 0; i < config->count; i++) {
        const struct team_config *team = &config->items[i];
        bool in_scope = !request->teams->count || strings_contain(request->teams, team->name);
        for (size_t j = 0; in_scope && j < team->entries.count; j++)
            ended += team->entries.items[j].temporary && team->entries.items[j].ends_at_s <= request->now_s;
    }
    if (ended)
        *VEC_ADD(run->arena, &plan->notices) = arena_printf(
            run->arena,
            "%zu entr%s of temporary-access %s ended, and nothing is granted for %s; 'iamlease validate' says where",
            ended, ended == 1 ? "y" : "ies", ended == 1 ? "has" : "have", ended == 1 ? "it" : "them");
}

static void compute_operations(const struct run *run, const struct apply_request *request,
                               const struct findings *findings, struct plan *plan)
{
    const struct operations_input input = {
        .settings = plan->settings,
        .desired = &findings->desired,
        .held = &findings->history.held,
        .held_ends = &findings->history.held_ends,
        .candidates = &findings->history.candidates,
        .applied = &findings->history.applied,
        .applied_at_s = findings->was_applied_once ? findings->history.applied_at_s : 0,
        .observed = &findings->observed,
        .config = findings->is_complete ? findings->head.config : NULL,
        .teams = request->teams,
        .revoked = &findings->revoked,
        .adopts = request->adopts,
        .now_s = request->now_s,
    };
    operations_compute(run->arena, &input, plan);
}

/* The ref moves only after a run over all teams that did everything. */
static void move_applied(const struct run *run, const struct apply_request *request,
                         const struct findings *findings, struct report *report)
{
    struct err reason;
    if (!report_is_clean(report) || request->shard || (request->teams && request->teams->count))
        return;
    if ((!findings->was_applied_once &&
         applied_once_make(run->arena, &findings->ref, report->plan->head_id, &reason) < 0) ||
        applied_ref_write(run->arena, &findings->ref, report->plan->head_id, report->applied_after, &reason) <
            0)
        problem_add(run->arena, &report->plan->problems, "applied-ref", NULL, NULL,
                    "everything was applied, but the applied ref did not move: %s", reason.message)
            ->hint = "run it again: it will find nothing to do and move the ref";
    else
        report->applied_after = report->plan->head_id;
}

/*
 * The ref would begin at this commit, and the next run would take for applied what this one held: the rules
 * of a change would have been bent by the change itself.
 */
static bool first_apply_is_held(const struct run *run, const struct findings *findings, struct plan *plan)
{
    if (findings->applied || !findings->history.held.count)
        return false;
    plan->operations = (struct operations){0};
    problem_add(
        run->arena, &plan->problems, "held-first-apply", NULL, NULL,
        "nothing was applied before, and a first apply does nothing as long as it has to hold something")
        ->hint = "mend what is held, in a commit of its own where it takes two, and run it again";
    return true;
}

/* The pull requests whose changes this run applies, each once; several may have been merged since the last. */
static void add_pulls(const struct run *run, const struct findings *findings, struct report *report)
{
    for (size_t i = 0; i < findings->history.merges.count; i++) {
        int64_t number = findings->history.merges.items[i].number;
        bool is_known = number == 0;
        for (size_t j = 0; j < report->pulls.count; j++)
            is_known |= report->pulls.items[j] == number;
        if (!is_known)
            *VEC_ADD(run->arena, &report->pulls) = number;
    }
}

/*
 * What CloudTrail shows of this run: the repository and the pull request that it applies, of several the last
 * one. Long names of repositories are cut, so that the number always stands in the 64 characters.
 */
static const char *session_name(const struct run *run, const struct findings *findings)
{
    enum { NAME_MAX_LENGTH = 40 };
    int64_t number = 0;
    for (size_t i = 0; i < findings->history.merges.count; i++)
        if (findings->history.merges.items[i].number)
            number = findings->history.merges.items[i].number;
    if (!run->github || !number)
        return arena_printf(run->arena, "iamlease-%.12s", findings->head.commit_id);
    return arena_printf(run->arena, "iamlease-%.*s-pr%lld", NAME_MAX_LENGTH,
                        strchr(github_repository(run->github), '/') + 1, (long long)number);
}

static int apply(const struct run *run, const struct apply_request *request, struct findings *findings,
                 struct plan *plan, struct report *ret, struct err *err)
{
    const char *session = session_name(run, findings);
    struct plan_sources approved = {0};
    if (request->approved_plan && approved_plan_read(run->arena, request->approved_plan, &approved, err) < 0)
        return -1;
    if (findings_read_aws(run, request, session, !request->dry_run, plan->settings, findings, err) < 0 ||
        check_first_apply(request, findings, plan->settings, err) < 0 ||
        port_revoked_of_direct(run, plan->settings, &findings->observed, &findings->revoked, err) < 0)
        return -1;
    approved_plan_hold(run, &approved, findings, &plan->problems);
    note_ended(run, request, findings, plan);
    compute_operations(run, request, findings, plan);
    leftovers_add(run, request, findings, plan);
    bool is_held = first_apply_is_held(run, findings, plan);
    compute_delta(run, request, findings, plan);
    *ret = (struct report){
        .command = "apply",
        .dry_run = request->dry_run,
        .plan = plan,
        .applied_before = findings->applied,
        .applied_after = findings->applied,
        .accounts = findings->observed.count,
    };
    for (size_t i = 0; i < findings->observed.count; i++)
        strings_add(run->arena, &ret->account_ids, findings->observed.items[i].account_id);
    add_pulls(run, findings, ret);
    if (request->dry_run || is_held)
        return 0;
    /*
     * Written before the first call: what is granted from here on is found again, whatever happens. Also
     * without any call: what was found in place is adopted, and must be known when it is declared no more. But
     * where an account was not read, nothing began: objects may stand there that check_first_apply() must see.
     */
    if (!findings->applied && !plan->operations.count && has_unread_account(findings))
        return 0;
    const char *start = findings->applied ? findings->applied : findings->head.commit_id;
    if (applied_ref_write(run->arena, &findings->ref, start, findings->applied, err) < 0)
        return -1;
    ret->applied_after = start;
    if (plan->operations.count &&
        execution_run(run, request, findings->aws, findings->head.commit_id, ret, err) < 0)
        return -1;
    move_applied(run, request, findings, ret);
    return 0;
}

/* What is wrong in head's files is held, where it can be told what that is; everything else goes on. */
static bool hold_errors(const struct run *run, const struct diags *diags, struct findings *findings,
                        struct plan *plan)
{
    struct held_entries held = {0};
    if (!held_find(run->arena, &findings->head, diags, &held))
        return false;
    held_facts(run->arena, &held, findings->head.config, &findings->history.candidates, &findings->desired,
               &findings->history.held);
    held_problems(run->arena, &held, &plan->problems);
    return true;
}

int flow_apply(const struct run *run, const struct apply_request *request, struct diags *diags,
               struct report *ret, struct err *err)
{
    struct plan *plan = ARENA_NEW(run->arena, struct plan);
    struct findings findings CLEANUP(findings_close) = {0};
    if (!request->dry_run && !run->is_actions && repo_lock(run->repo, err) < 0)
        return -1;
    if (findings_read_git(run, request, diags, &findings, plan, &plan->problems, err) < 0 ||
        leftovers_collect(run, request, false, &findings, &plan->problems, err) < 0)
        return -1;
    if (diags->errors && !hold_errors(run, diags, &findings, plan))
        return err_set(err, ERR_REFUSED,
                       "the configuration of commit %.12s has errors: nothing is granted or removed",
                       findings.head.commit_id);
    if (findings.applied) /* a first apply that holds something does nothing */
        port_revoked_release(&findings.revoked, &findings.desired, &findings.history.held, &plan->problems);
    return apply(run, request, &findings, plan, ret, err);
}

/* SPDX-License-Identifier: Apache-2.0 */
#include "flow/applying.h"

#include "apply/execute.h"
#include "apply/journal.h"
#include "base/str.h"
#include "config/config.h"
#include "flow/history.h"
#include "plan/delta.h"
#include "plan/desired.h"
#include "plan/holdings.h"
#include "plan/needs.h"
#include "plan/operations.h"
#include "policy/mark.h"

/* All that one run of these commands finds out, in the order in which it finds it out. */
struct state {
    struct source head;
    const char *applied;
    struct history history;
    struct facts desired;
    struct observed observed;
    struct aws *aws;
};

static void close_aws(struct aws **aws)
{
    aws_close(*aws);
}

/* Reads head, the applied ref and what lies between; what is wrong with that goes to `problems`. */
static int read_git(const struct run *run, const struct apply_request *request, struct diags *diags,
                    struct state *state, struct plan *plan, struct problems *problems, struct err *err)
{
    struct arena *arena = run->arena;
    struct settings *settings = ARENA_NEW(arena, struct settings);
    if (str_eq(request->head, REPO_WORKTREE))
        return err_set(err, ERR_USAGE, "only a commit can be applied; commit the work tree first");
    if (source_open(arena, run->repo, request->head, request->root_option, &state->head, err) < 0 ||
        source_load(arena, run->repo, &state->head, diags, err) < 0 ||
        applied_read(arena, run->repo, &state->applied, err) < 0)
        return -1;
    *settings = state->head.config->settings;
    *plan = (struct plan){
        .base_name = APPLIED_REF,
        .base_id = state->applied,
        .head_name = request->head,
        .head_id = state->head.commit_id,
        .now_s = request->now_s,
        .settings = settings,
    };
    diags_sort(diags);
    desired_facts(arena, state->head.config, settings->owner, request->now_s, &state->desired);
    const struct history_request history = {
        .applied = state->applied,
        .root_option = request->root_option,
        .accepted_removals = request->accepted_removals,
        .head = &state->head,
        .now_s = request->now_s,
    };
    return history_load(arena, run->repo, &history, &state->history, problems, err);
}

static int open_aws(const struct run *run, const struct apply_request *request,
                    const struct settings *settings, const char *session_name, bool writes, struct aws **ret,
                    struct err *err)
{
    if (aws_open(ret, run->environment, settings, session_name, run->net, err) < 0)
        return -1;
    if (writes && request->now_is_given && !aws_is_loopback(*ret))
        return err_set(
            err, ERR_USAGE,
            "--now is for tests: a command that writes takes it only when every AWS endpoint is a loopback address");
    return 0;
}

/* Reads the accounts that head or history names. */
static int observe(const struct run *run, struct state *state, const struct settings *settings,
                   struct err *err)
{
    struct needs needs = {0};
    needs_add_facts(run->arena, &state->desired, &needs);
    needs_add_facts(run->arena, &state->history.candidates, &needs);
    needs_add_accounts(run->arena, state->head.config, &needs);
    for (size_t i = 0; i < state->history.accounts.count; i++)
        needs_add_account(run->arena, state->history.accounts.items[i], &needs);
    needs_finish(&needs);
    run->say(run->say_context, "reading %zu account%s", needs.count, needs.count == 1 ? "" : "s");
    return aws_observe(run->arena, state->aws, &needs, settings->owner, &state->observed, err);
}

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
                             const struct state *state, const struct settings *settings, struct err *err)
{
    if (state->applied || request->first_apply)
        return 0;
    for (size_t i = 0; i < state->observed.count; i++)
        if (account_has_marked_object(run->arena, &state->observed.items[i], settings->owner))
            return err_set(
                err, ERR_REFUSED,
                "%s is missing, but account %s holds objects of iamlease: fetch the tag (git fetch origin tag "
                "iamlease/applied), or, if it is lost, give --first-apply",
                APPLIED_REF, state->observed.items[i].account_id);
    return 0;
}

static void say_result(void *context, size_t index, const struct operation *operation,
                       const struct result *result)
{
    const struct run *run = context;
    (void)index;
    if (result->status == RESULT_DONE)
        return;
    run->say(run->say_context, "%s: %s in account %s: %s", result_status_name(result->status),
             operation_info(operation->kind)->title, operation->account_id,
             result->message ? result->message : "");
}

static void say_start(void *context, size_t index, const struct operation *operation)
{
    const struct run *run = context;
    (void)index;
    run->say(run->say_context, "%s %s%s%s in account %s", operation_info(operation->kind)->title,
             operation->policy_name ? operation->policy_name : operation->policy_arn,
             operation->principal ? " of " : "", operation->principal ? operation->principal : "",
             operation->account_id);
}

/* Runs the plan's operations, with progress and journal. */
static int execute(const struct run *run, const struct apply_request *request, struct aws *aws,
                   const char *name, struct report *report, struct err *err)
{
    struct journal *journal = NULL;
    struct execution_listener listeners[2] = {
        {.starting = say_start, .finished = say_result, .context = (void *)(uintptr_t)run}};
    size_t listener_count = 1;
    const struct operations *operations = &report->plan->operations;
    report->results = arena_array(run->arena, operations->count, sizeof *report->results);
    if (request->journal) {
        if (journal_open(&journal, request->journal, name, err) < 0)
            return -1;
        listeners[listener_count++] = journal_listener(journal);
    }
    struct err stopped;
    if (execute_operations(run->arena, aws, run->net, operations, report->results, listeners, listener_count,
                           &stopped) < 0)
        report->stopped = true;
    struct err lost;
    if (journal_close(journal, &lost) < 0)
        problem_add(run->arena, &report->plan->problems, "journal-incomplete", NULL, NULL, "%s", lost.message);
    return 0;
}

/* The delta between what was applied and what is to be applied, for the report. */
static void compute_delta(const struct run *run, const struct apply_request *request,
                          const struct state *state, struct plan *plan)
{
    struct facts *before = ARENA_NEW(run->arena, struct facts), *after = ARENA_NEW(run->arena, struct facts);
    struct facts live = {0};
    for (size_t i = 0; i < state->history.applied.count; i++) {
        const struct fact *fact = &state->history.applied.items[i];
        if (fact->kind == ACCESS_PERMANENT || fact->ends_at_s > request->now_s)
            *VEC_ADD(run->arena, &live) = *fact;
    }
    facts_of_teams(run->arena, &live, request->teams, before);
    facts_of_teams(run->arena, &state->desired, request->teams, after);
    delta_compute(run->arena, before, after, &plan->delta);
}

/* Whether the ref may move: only after a run over all teams that did everything. */
static int move_applied(const struct run *run, const struct apply_request *request, const struct state *state,
                        struct report *report, struct err *err)
{
    if (!report_is_clean(report) || (request->teams && request->teams->count))
        return 0;
    if (applied_write(run->repo, state->head.commit_id, report->applied_after, err) < 0)
        return err_wrap(err, "everything was applied, but the applied ref could not be moved");
    report->applied_after = state->head.commit_id;
    return 0;
}

int flow_apply(const struct run *run, const struct apply_request *request, struct diags *diags,
               struct report *ret, struct err *err)
{
    struct arena *arena = run->arena;
    struct plan *plan = ARENA_NEW(arena, struct plan);
    struct state state = {0};
    if (read_git(run, request, diags, &state, plan, &plan->problems, err) < 0)
        return -1;
    if (diags->errors)
        return err_set(err, ERR_REFUSED,
                       "the configuration of commit %.12s has errors: nothing is granted or removed",
                       state.head.commit_id);
    struct aws *aws CLEANUP(close_aws) = NULL;
    const char *session = arena_printf(arena, "iamlease-%.12s", state.head.commit_id);
    if (open_aws(run, request, plan->settings, session, !request->dry_run, &aws, err) < 0)
        return -1;
    state.aws = aws;
    if (observe(run, &state, plan->settings, err) < 0 ||
        check_first_apply(run, request, &state, plan->settings, err) < 0)
        return -1;
    const struct operations_input input = {
        .settings = plan->settings,
        .desired = &state.desired,
        .held = &state.history.held,
        .candidates = &state.history.candidates,
        .applied = &state.history.applied,
        .observed = &state.observed,
        .teams = request->teams,
        .now_s = request->now_s,
    };
    operations_compute(arena, &input, plan);
    compute_delta(run, request, &state, plan);
    *ret = (struct report){
        .command = "apply",
        .dry_run = request->dry_run,
        .plan = plan,
        .applied_before = state.applied,
        .applied_after = state.applied,
        .accounts = state.observed.count,
    };
    if (request->dry_run)
        return 0;
    /* Written before the first call: what is granted from here on is found again, whatever happens. */
    const char *start = state.applied ? state.applied : state.head.commit_id;
    if (applied_write(run->repo, start, state.applied, err) < 0)
        return -1;
    ret->applied_after = start;
    if (execute(run, request, aws, state.head.commit_id, ret, err) < 0)
        return -1;
    return move_applied(run, request, &state, ret, err);
}

/* Whoever only looks or takes away goes on with the accounts that can be read, and says so. */
static void note_errors(const struct run *run, const struct diags *diags, const struct state *state,
                        struct problems *problems)
{
    if (diags->errors)
        problem_add(
            run->arena, problems, "configuration-errors", NULL, NULL,
            "the configuration of commit %.12s has errors: an account that it should name may be missing here",
            state->head.commit_id)
            ->hint = "mend the files; 'iamlease validate' says where";
}

int flow_cleanup(const struct run *run, const struct apply_request *request, struct diags *diags,
                 struct report *ret, struct err *err)
{
    struct plan *plan = ARENA_NEW(run->arena, struct plan);
    struct state state = {0};
    struct problems of_apply = {0}; /* what is held concerns apply; cleanup removes only what has ended */
    if (read_git(run, request, diags, &state, plan, &of_apply, err) < 0)
        return -1;
    note_errors(run, diags, &state, &plan->problems);
    struct aws *aws CLEANUP(close_aws) = NULL;
    if (open_aws(run, request, plan->settings, "iamlease-cleanup", !request->dry_run, &aws, err) < 0)
        return -1;
    state.aws = aws;
    if (observe(run, &state, plan->settings, err) < 0)
        return -1;
    operations_cleanup(run->arena, plan->settings, &state.observed, request->now_s, plan);
    *ret = (struct report){
        .command = "cleanup",
        .dry_run = request->dry_run,
        .plan = plan,
        .applied_before = state.applied,
        .applied_after = state.applied,
        .accounts = state.observed.count,
    };
    return request->dry_run ? 0 : execute(run, request, aws, "cleanup", ret, err);
}

int flow_who(const struct run *run, const struct apply_request *request, struct diags *diags,
             struct holdings *ret, struct err *err)
{
    struct plan *plan = ARENA_NEW(run->arena, struct plan);
    struct state state = {0};
    *ret = (struct holdings){0};
    struct problems of_apply = {0};
    if (read_git(run, request, diags, &state, plan, &of_apply, err) < 0)
        return -1;
    note_errors(run, diags, &state, &ret->problems);
    struct aws *aws CLEANUP(close_aws) = NULL;
    if (open_aws(run, request, plan->settings, "iamlease-who", false, &aws, err) < 0)
        return -1;
    state.aws = aws;
    if (observe(run, &state, plan->settings, err) < 0)
        return -1;
    holdings_compute(run->arena, plan->settings, &state.desired, &state.observed, request->now_s, ret);
    return 0;
}

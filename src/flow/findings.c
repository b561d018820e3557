/* SPDX-License-Identifier: Apache-2.0 */
#include "flow/findings.h"

#include "base/str.h"
#include "plan/desired.h"
#include "plan/needs.h"

/* A team that nobody has is a slip of the keyboard, not a wish for nothing. */
static int check_teams(const struct run *run, const struct apply_request *request,
                       const struct findings *findings, struct err *err)
{
    struct strings known = {0};
    for (size_t i = 0; i < findings->head.config->count; i++)
        strings_add(run->arena, &known, findings->head.config->items[i].name);
    for (size_t i = 0; i < findings->history.candidates.count; i++)
        strings_add_unique(run->arena, &known, findings->history.candidates.items[i].team);
    return team_check_names(request->teams, &known, err);
}

/* Head, the applied ref, and the plan as far as that goes. */
static int begin(const struct run *run, const struct apply_request *request, struct diags *diags,
                 struct findings *ret, struct plan *plan, struct err *err)
{
    struct arena *arena = run->arena;
    struct settings *settings = ARENA_NEW(arena, struct settings);
    if (str_eq(request->head, REPO_WORKTREE))
        return err_set(err, ERR_USAGE, "this works on commits; commit the work tree first");
    if (source_open(arena, run->repo, request->head, request->root_option, &ret->head, err) < 0 ||
        source_check_root(arena, run->repo, &ret->head, request->root_option, err) < 0 ||
        source_load(arena, run->repo, &ret->head, diags, err) < 0 ||
        applied_read(arena, run->repo, &ret->applied, err) < 0)
        return -1;
    *settings = ret->head.config->settings;
    *plan = (struct plan){
        .base_name = APPLIED_REF,
        .base_id = ret->applied,
        .head_name = request->head,
        .head_id = ret->head.commit_id,
        .now_s = request->now_s,
        .settings = settings,
    };
    diags_sort(diags);
    desired_facts(arena, ret->head.config, settings->owner, request->now_s, &ret->desired);
    return 0;
}

static int read_history(const struct run *run, const struct apply_request *request, struct findings *findings,
                        struct problems *problems, struct err *err)
{
    const struct history_request history = {
        .applied = findings->applied,
        .root_option = request->root_option,
        .accepted_removals = request->accepted_removals,
        .head = &findings->head,
        .now_s = request->now_s,
    };
    return history_load(run->arena, run->repo, &history, &findings->history, problems, err);
}

int findings_read_git(const struct run *run, const struct apply_request *request, struct diags *diags,
                      struct findings *ret, struct plan *plan, struct problems *problems, struct err *err)
{
    if (begin(run, request, diags, ret, plan, err) < 0 || read_history(run, request, ret, problems, err) < 0)
        return -1;
    if (!ret->history.candidates.count && source_is_empty(&ret->head) && !diags->errors)
        return source_refuse_empty(&ret->head, err);
    return check_teams(run, request, ret, err);
}

int findings_read_git_leniently(const struct run *run, const struct apply_request *request,
                                struct diags *diags, struct findings *ret, struct plan *plan,
                                struct problems *problems, struct err *err)
{
    struct problems of_apply = {0}; /* what apply holds back does not concern us */
    struct err reason;
    if (begin(run, request, diags, ret, plan, err) < 0)
        return -1;
    if (read_history(run, request, ret, &of_apply, &reason) < 0)
        problem_add(run->arena, problems, "history-unreadable", NULL, NULL,
                    "only the accounts of commit %.12s are looked at: %s", ret->head.commit_id,
                    reason.message);
    if (diags->errors)
        problem_add(
            run->arena, problems, "configuration-errors", NULL, NULL,
            "the configuration of commit %.12s has errors: an account that it should name may be missing here",
            ret->head.commit_id)
            ->hint = "mend the files; 'iamlease validate' says where";
    return 0;
}

static void add_needs(const struct run *run, const struct findings *findings, struct needs *needs)
{
    needs_add_facts(run->arena, &findings->desired, needs);
    needs_add_facts(run->arena, &findings->history.candidates, needs);
    needs_add_accounts(run->arena, findings->head.config, needs);
    for (size_t i = 0; i < findings->history.accounts.count; i++)
        needs_add_account(run->arena, findings->history.accounts.items[i], needs);
    needs_finish(needs);
}

int findings_read_aws(const struct run *run, const struct apply_request *request, const char *session_name,
                      bool writes, const struct settings *settings, struct findings *findings, struct err *err)
{
    struct needs needs = {0};
    if (aws_open(&findings->aws, run->environment, settings, session_name, run->net, err) < 0)
        return -1;
    if (writes && request->now_is_given && !aws_is_loopback(findings->aws))
        return err_set(
            err, ERR_USAGE,
            "--now is for tests: a command that writes takes it only when every AWS endpoint is a loopback address");
    add_needs(run, findings, &needs);
    run->say(run->say_context, "reading %zu account%s", needs.count, needs.count == 1 ? "" : "s");
    return aws_observe(run->arena, findings->aws, &needs, settings->owner, &findings->observed, err);
}

void findings_close(struct findings *findings)
{
    aws_close(findings->aws);
    findings->aws = NULL;
}

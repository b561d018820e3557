/* SPDX-License-Identifier: Apache-2.0 */
#include "flow/findings.h"

#include "base/str.h"
#include "plan/desired.h"
#include "plan/needs.h"

#include <string.h>

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

/* Whether head lies on the first-parent history of a branch. */
static bool is_on_branch(const struct run *run, const char *head_id, const char *branch)
{
    struct err ignored;
    struct strings commits = {0};
    const char *tip;
    return repo_has_revision(run->repo, branch) &&
           repo_resolve_commit(run->arena, run->repo, branch, &tip, &ignored) == 0 &&
           repo_first_parents(run->arena, run->repo, head_id, tip, &commits, &ignored) == 0;
}

/* Only what was merged is applied: the default branch, here or at the remote, or the one that --apply-branch names. */
static int check_branch(const struct run *run, const struct apply_request *request,
                        const struct findings *findings, struct err *err)
{
    static const char remote[] = "refs/remotes/origin/";
    const char *branch = request->apply_branch, *head_id = findings->head.commit_id;
    const char *name = branch ? branch : repo_default_branch(run->arena, run->repo);
    if (!name)
        return err_set(
            err, ERR_REFUSED,
            "cannot tell which branch is the default one: there is no origin, no main and no master; give "
            "--apply-branch NAME");
    const char *bare = str_prefix(name, remote) ? name + sizeof remote - 1 : name;
    bare = str_prefix(bare, "refs/heads/") ? bare + strlen("refs/heads/") : bare;
    if (is_on_branch(run, head_id, arena_printf(run->arena, "refs/heads/%s", bare)) ||
        is_on_branch(run, head_id, arena_printf(run->arena, "%s%s", remote, bare)))
        return 0;
    return err_set(
        err, ERR_REFUSED,
        "commit %.12s is not on the branch '%s': only what was merged is applied; merge it first, or give "
        "--apply-branch NAME",
        head_id, bare);
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
    return 0;
}

static int read_history(const struct run *run, const struct apply_request *request, struct findings *findings,
                        struct plan *plan, struct problems *problems, struct err *err)
{
    const struct history_request history = {
        .applied = findings->applied,
        .root_option = request->root_option,
        .accepted_removals = request->accepted_removals,
        .head = &findings->head,
        .now_s = request->now_s,
    };
    if (history_load(run->arena, run->repo, &history, &findings->history, problems, err) < 0)
        return -1;
    for (size_t i = 0; i < findings->history.notices.count; i++)
        *VEC_ADD(run->arena, &plan->notices) = findings->history.notices.items[i];
    return 0;
}

static void find_desired(const struct run *run, const struct apply_request *request, struct findings *findings)
{
    desired_facts(run->arena, findings->head.config, &findings->history.account_rules, request->now_s,
                  &findings->desired);
}

/* Where the history is cut off at head, nobody knows the rules before it, and it would be judged by its own. */
static int check_first_parent(const struct run *run, const struct findings *findings, struct err *err)
{
    struct strings parents = {0};
    const char *head_id = findings->head.commit_id;
    if (findings->applied)
        return 0;
    if (repo_parents(run->arena, run->repo, head_id, &parents, err) < 0)
        return -1;
    if (!parents.count || repo_has_object(run->repo, parents.items[0]))
        return 0;
    return err_set(
        err, ERR_GIT,
        "this is the first apply, and the commit before %.12s, by whose rules it is judged, is not in this shallow "
        "checkout; fetch all of the history (git fetch --unshallow; actions/checkout: fetch-depth: 0)",
        head_id);
}

int findings_read_git(const struct run *run, const struct apply_request *request, struct diags *diags,
                      struct findings *ret, struct plan *plan, struct problems *problems, struct err *err)
{
    if (begin(run, request, diags, ret, plan, err) < 0 || check_first_parent(run, ret, err) < 0 ||
        read_history(run, request, ret, plan, problems, err) < 0)
        return -1;
    find_desired(run, request, ret);
    if (!ret->history.candidates.count && source_is_empty(&ret->head) && !diags->errors)
        return source_refuse_empty(&ret->head, err);
    if (check_branch(run, request, ret, err) < 0)
        return -1;
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
    if (read_history(run, request, ret, plan, &of_apply, &reason) < 0)
        problem_add(run->arena, problems, "history-unreadable", NULL, NULL,
                    "only the accounts of commit %.12s are looked at: %s", ret->head.commit_id,
                    reason.message);
    find_desired(run, request, ret);
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

/* SPDX-License-Identifier: Apache-2.0 */
#include "flow/findings.h"

#include "base/hash.h"
#include "base/str.h"
#include "flow/fetching.h"
#include "flow/leftovers.h"
#include "flow/port_revoked.h"
#include "flow/shard.h"
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

/* Head, the applied ref, and the plan as far as that goes. */
static int begin(const struct run *run, const struct apply_request *request, const struct tip *tip,
                 struct diags *diags, struct findings *ret, struct plan *plan, struct err *err)
{
    struct arena *arena = run->arena;
    struct settings *settings = ARENA_NEW(arena, struct settings);
    ret->ref = (struct applied_ref){.repo = run->repo, .github = run->github};
    if (source_open_commit(arena, run->repo, run->github, tip->commit_id, tip->name, request->root_option,
                           &ret->head, err) < 0 ||
        source_check_root(arena, run->repo, &ret->head, request->root_option, err) < 0 ||
        source_load(arena, run->repo, &ret->head, diags, err) < 0 ||
        applied_ref_read(arena, &ret->ref, &ret->applied, err) < 0 ||
        (ret->applied && applied_once_read(arena, &ret->ref, &ret->was_applied_once, err) < 0))
        return -1;
    *settings = ret->head.config->settings;
    *plan = (struct plan){
        .base_name = APPLIED_REF,
        .base_id = ret->applied,
        .head_name = tip->name,
        .head_id = ret->head.commit_id,
        .now_s = request->now_s,
        .settings = settings,
    };
    if (tip->notice)
        *VEC_ADD(arena, &plan->notices) = tip->notice;
    diags_sort(diags);
    return 0;
}

/* A digest is 64 hexadecimal digits; a commit need not be in this checkout. */
static int check_accepted(const struct run *run, const struct apply_request *request,
                          struct findings *findings, struct err *err)
{
    const char *revision = request->accepted_removals;
    for (size_t i = 0; request->accepted && i < request->accepted->count; i++) {
        const char *digest = request->accepted->items[i];
        if (strlen(digest) != SHA256_HEX_SIZE - 1 || strspn(digest, "0123456789abcdef") != strlen(digest))
            return err_set(err, ERR_USAGE, "--accept '%s' is not a digest of %d hexadecimal digits", digest,
                           SHA256_HEX_SIZE - 1);
    }
    if (!revision)
        return 0;
    if (run->github && !repo_has_revision(run->repo, revision))
        return fetch_commit_id(run->arena, run->github, revision, &findings->accepted_removals, err);
    return repo_resolve_commit(run->arena, run->repo, revision, &findings->accepted_removals, err);
}

/* Shards begin at different times: one that makes the ref would hide from the others what is new. */
static int check_shard_has_begun(const struct apply_request *request, const struct findings *findings,
                                 struct err *err)
{
    if (!request->shard || findings->applied)
        return 0;
    return err_set(err, ERR_REFUSED, "%s is missing: the first apply is one of all accounts, without --shard",
                   APPLIED_REF);
}

static int read_history(const struct run *run, const struct apply_request *request, struct findings *findings,
                        struct plan *plan, struct problems *problems, struct err *err)
{
    const struct history_request history = {
        .applied = findings->applied,
        .root_option = request->root_option,
        .accepted = request->accepted,
        .accepted_removals = findings->accepted_removals,
        .head = &findings->head,
        .github = run->github,
        .branch = findings->branch,
        .now_s = request->now_s,
    };
    if (history_load(run->arena, run->repo, &history, &findings->history, problems, err) < 0)
        return -1;
    for (size_t i = 0; i < findings->history.notices.count; i++)
        *VEC_ADD(run->arena, &plan->notices) = findings->history.notices.items[i];
    return 0;
}

static void find_desired(const struct run *run, const struct apply_request *request,
                         struct findings *findings, struct plan *plan)
{
    struct config config;
    port_revoked_leave_out(run->arena, &findings->revoked, findings->head.config, request->now_s, &config,
                           &plan->notices);
    desired_facts(run->arena, &config, &findings->history.account_rules, request->now_s, &findings->desired);
}

/* Where the history is cut off at head, nobody knows the rules before it, and it would be judged by its own. */
static int check_first_parent(const struct run *run, const struct findings *findings, struct err *err)
{
    struct strings parents = {0};
    const char *head_id = findings->head.commit_id;
    if (findings->applied || run->github)
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
    struct tip tip;
    if (shard_check(run, request, err) < 0 || check_accepted(run, request, ret, err) < 0 ||
        tip_find(run, request, &tip, err) < 0)
        return -1;
    ret->branch = run->is_actions ? tip.name : NULL;
    if (begin(run, request, &tip, diags, ret, plan, err) < 0 || check_shard_has_begun(request, ret, err) < 0 ||
        check_first_parent(run, ret, err) < 0 || read_history(run, request, ret, plan, problems, err) < 0 ||
        port_revoked_of(run, ret->head.config, &ret->history.candidates, &ret->revoked, err) < 0)
        return -1;
    ret->is_complete = !diags->errors;
    find_desired(run, request, ret, plan);
    if (!ret->history.candidates.count && source_is_empty(&ret->head) && !diags->errors)
        return source_refuse_empty(&ret->head, err);
    if (!run->is_actions && tip_check_branch(run, request, ret->head.commit_id, err) < 0)
        return -1;
    return check_teams(run, request, ret, err);
}

int findings_read_git_leniently(const struct run *run, const struct apply_request *request,
                                struct diags *diags, struct findings *ret, struct plan *plan,
                                struct problems *problems, struct err *err)
{
    struct problems of_apply = {0}; /* what apply holds back does not concern us */
    struct err reason;
    struct tip tip = {.name = request->head ? request->head : "HEAD"};
    if (str_eq(tip.name, REPO_WORKTREE))
        return err_set(err, ERR_USAGE, "this works on commits; commit the work tree first");
    if (repo_resolve_commit(run->arena, run->repo, tip.name, &tip.commit_id, err) < 0 ||
        begin(run, request, &tip, diags, ret, plan, err) < 0)
        return -1;
    bool is_read = read_history(run, request, ret, plan, &of_apply, &reason) == 0;
    ret->is_complete = is_read && !diags->errors;
    if (!is_read)
        problem_add(run->arena, problems, "history-unreadable", NULL, NULL,
                    "only the accounts of commit %.12s are looked at: %s", ret->head.commit_id,
                    reason.message);
    find_desired(run, request, ret, plan);
    if (diags->errors)
        problem_add(
            run->arena, problems, "configuration-errors", NULL, NULL,
            "the configuration of commit %.12s has errors: an account that it should name may be missing here",
            ret->head.commit_id)
            ->hint = "mend the files; 'iamlease validate' says where";
    return 0;
}

static void add_needs(struct arena *arena, const struct apply_request *request,
                      const struct settings *settings, const struct findings *findings, struct needs *needs)
{
    struct facts old = {0};
    needs_add_facts(arena, settings, &findings->desired, needs);
    needs_add_facts(arena, settings, &findings->history.candidates, needs);
    for (size_t i = 0; i < findings->leftovers.count; i++)
        *VEC_ADD(arena, &old) = *findings->leftovers.items[i].fact;
    needs_add_facts(arena, settings, &old, needs);
    needs_add_accounts(arena, findings->head.config, needs);
    for (size_t i = 0; i < findings->history.accounts.count; i++)
        needs_add_account(arena, findings->history.accounts.items[i], needs);
    for (size_t i = 0; request->besides && i < request->besides->count; i++)
        needs_add_account(arena, request->besides->items[i], needs);
    needs_finish(needs);
}

int findings_read_aws(const struct run *run, const struct apply_request *request, const char *session_name,
                      bool writes, const struct settings *settings, struct findings *findings, struct err *err)
{
    CLEANUP(arena_freep) struct arena *scratch = arena_new();
    struct needs needs = {0};
    if (aws_open(&findings->aws, run->environment, settings, ROLE_DEPLOYER, session_name, run->net, err) < 0)
        return -1;
    if (writes && request->now_is_given && !aws_is_loopback(findings->aws))
        return err_set(
            err, ERR_USAGE,
            "--now is for tests: a command that writes takes it only when every AWS endpoint is a loopback address");
    add_needs(scratch, request, settings, findings, &needs);
    shard_limit(run, request, findings, &needs);
    run->say(run->say_context, "reading %zu account%s", needs.count, needs.count == 1 ? "" : "s");
    return aws_observe(run->arena, findings->aws, &needs, settings->owner, &findings->observed, err);
}

void findings_close(struct findings *findings)
{
    aws_close(findings->aws);
    findings->aws = NULL;
}

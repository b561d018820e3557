/* SPDX-License-Identifier: Apache-2.0 */
#include "flow/tip.h"

#include "base/str.h"
#include "github/refs.h"
#include "github/shape.h"

#include <string.h>

static const char local_prefix[] = "refs/heads/", remote_prefix[] = "refs/remotes/origin/";

/* "refs/heads/main" → "main" */
static const char *bare_name(const char *branch)
{
    if (str_prefix(branch, remote_prefix))
        return branch + sizeof remote_prefix - 1;
    return str_prefix(branch, local_prefix) ? branch + sizeof local_prefix - 1 : branch;
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

int tip_check_branch(const struct run *run, const struct apply_request *request, const char *commit_id,
                     struct err *err)
{
    const char *branch = request->apply_branch;
    const char *name = branch ? branch : repo_default_branch(run->arena, run->repo);
    if (!name)
        return err_set(
            err, ERR_REFUSED,
            "cannot tell which branch is the default one: there is no origin, no main and no master; give "
            "--apply-branch NAME");
    const char *bare = bare_name(name);
    if (is_on_branch(run, commit_id, arena_printf(run->arena, "%s%s", local_prefix, bare)) ||
        is_on_branch(run, commit_id, arena_printf(run->arena, "%s%s", remote_prefix, bare)))
        return 0;
    return err_set(
        err, ERR_REFUSED,
        "commit %.12s is not on the branch '%s': only what was merged is applied; merge it first, or give "
        "--apply-branch NAME",
        commit_id, bare);
}

static int find_branch(const struct run *run, const struct apply_request *request, const char **ret,
                       struct err *err)
{
    if (request->apply_branch) {
        *ret = bare_name(request->apply_branch);
        return shape_is_ref(*ret) ? 0
                                  : err_set(err, ERR_USAGE, "--apply-branch '%s' is not the name of a branch",
                                            request->apply_branch);
    }
    if (run->event && run->event->default_branch) {
        *ret = run->event->default_branch;
        return 0;
    }
    return refs_default_branch(run->arena, run->github, ret, err);
}

/* A job of another branch runs the workflow of that branch: whoever may push there could change what it does. */
static int check_event(const struct run *run, const char *branch, struct err *err)
{
    const struct event *event = run->event;
    if (!event)
        return 0;
    if (event_is_pull_request(event) || event->kind == EVENT_MERGE_GROUP)
        return err_set(err, ERR_REFUSED,
                       "apply is for what was merged, and this job belongs to the event '%.64s': run it on push "
                       "to '%s'",
                       event->name, branch);
    if (event->ref && !str_eq(bare_name(event->ref), branch))
        return err_set(
            err, ERR_REFUSED,
            "this job runs on '%s', and apply is for '%s' only: limit the workflow to that branch, or "
            "give --apply-branch NAME",
            bare_name(event->ref), branch);
    return 0;
}

static int find_in_job(const struct run *run, const struct apply_request *request, struct tip *ret,
                       struct err *err)
{
    struct err ignored;
    const char *here = NULL;
    if (!run->github)
        return err_set(
            err, ERR_REFUSED,
            "apply in a job asks GitHub for the tip of the branch and for the tag iamlease/applied, and there is "
            "no token: give the input github-token, and the job 'permissions: contents: write'");
    if (find_branch(run, request, &ret->name, err) < 0 || check_event(run, ret->name, err) < 0 ||
        refs_read(run->arena, run->github, arena_printf(run->arena, "%s%s", local_prefix, ret->name),
                  &ret->commit_id, err) < 0)
        return -1;
    if (!ret->commit_id)
        return err_set(err, ERR_REFUSED, "there is no branch '%s' at GitHub", ret->name);
    if (request->head && !str_prefix(ret->commit_id, request->head))
        return err_set(err, ERR_REFUSED,
                       "the tip of '%s' is %.12s, and not %.12s, which --head names: the run for the newer "
                       "commit applies both",
                       ret->name, ret->commit_id, request->head);
    if (repo_resolve_commit(run->arena, run->repo, "HEAD", &here, &ignored) == 0 &&
        !str_eq(here, ret->commit_id))
        ret->notice = arena_printf(
            run->arena, "the checkout is at %.12s, and the tip of '%s' is %.12s: the tip is applied", here,
            ret->name, ret->commit_id);
    return 0;
}

int tip_find(const struct run *run, const struct apply_request *request, struct tip *ret, struct err *err)
{
    *ret = (struct tip){.name = request->head ? request->head : "HEAD"};
    if (run->is_actions)
        return find_in_job(run, request, ret, err);
    if (str_eq(ret->name, REPO_WORKTREE))
        return err_set(err, ERR_USAGE, "this works on commits; commit the work tree first");
    return repo_resolve_commit(run->arena, run->repo, ret->name, &ret->commit_id, err);
}

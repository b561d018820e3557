/* SPDX-License-Identifier: Apache-2.0 */
#include "flow/sides.h"

#include "base/str.h"
#include "flow/fetching.h"

#include <string.h>

struct finding {
    struct arena *arena;
    struct repo *repo;
    const struct sides_request *request;
    struct sides *sides;
};

/* A name or an id → the id of a commit, which need not be here when GitHub can be asked. */
static int resolve(struct finding *finding, const char *revision, const char **ret, struct err *err)
{
    struct github *github = finding->request->github;
    if (!github || repo_has_revision(finding->repo, revision))
        return repo_resolve_commit(finding->arena, finding->repo, revision, ret, err);
    return fetch_commit_id(finding->arena, github, revision, ret, err);
}

/*
 * Where a branch and a commit parted. A complete clone knows that by itself; a shallow one may take an older
 * commit for it.
 */
static int find_merge_base(struct finding *finding, const char *branch, const char *commit_id,
                           const char **ret, struct err *err)
{
    struct arena *arena = finding->arena;
    struct repo *repo = finding->repo;
    const char *remote = arena_printf(arena, "refs/remotes/origin/%s", branch), *branch_id;
    if (!repo_is_shallow(repo) && repo_has_revision(repo, remote) && repo_has_object(repo, commit_id)) {
        if (repo_resolve_commit(arena, repo, remote, &branch_id, err) < 0)
            return -1;
        return repo_merge_base(arena, repo, branch_id, commit_id, ret, err);
    }
    if (finding->request->github)
        return fetch_merge_base(arena, finding->request->github, branch, commit_id, ret, err);
    return err_set(err, ERR_GIT,
                   "this checkout does not say where '%s' and the commit %.12s parted; set fetch-depth: 0 in "
                   "actions/checkout, or give the input github-token",
                   branch, commit_id);
}

static int take_head(struct finding *finding, struct err *err)
{
    finding->sides->head_name = "HEAD";
    return repo_resolve_commit(finding->arena, finding->repo, "HEAD", &finding->sides->head, err);
}

/* The base of a test merge, which a checkout of depth 1 does not have. */
static int take_first_parent(struct finding *finding, const char *parent, struct err *err)
{
    if (!repo_has_object(finding->repo, parent) && !finding->request->github)
        return err_set(
            err, ERR_GIT,
            "the base commit %.12s is not in this checkout; set fetch-depth: 2 in actions/checkout, or give "
            "the input github-token",
            parent);
    finding->sides->base = parent;
    return 0;
}

/* `pull_request`: HEAD is GitHub's test merge, unless somebody checked out something else, or it is out of date. */
static int find_pull_request(struct finding *finding, struct err *err)
{
    const struct event *event = finding->request->event;
    struct sides *sides = finding->sides;
    struct strings parents = {0};
    if (take_head(finding, err) < 0 ||
        repo_parents(finding->arena, finding->repo, sides->head, &parents, err) < 0)
        return -1;
    bool is_merge = parents.count == 2;
    if (is_merge && (!event->head_id || str_eq(parents.items[1], event->head_id)))
        return take_first_parent(finding, parents.items[0], err);
    if (!event->head_id)
        return err_set(
            err, ERR_GIT,
            "the commit %.12s is not the merge commit of a pull request; check out the default ref of the "
            "pull_request event, or give --base",
            sides->head);
    if (!str_eq(sides->head, event->head_id))
        sides->notice =
            arena_printf(finding->arena,
                         "stale merge ref: the commit %.12s that is checked out is not the merge of this pull "
                         "request's head, so the head itself (%.12s) is compared with where it left '%s'",
                         sides->head, event->head_id, event->base_branch);
    sides->head = sides->head_name = event->head_id;
    return find_merge_base(finding, event->base_branch, sides->head, &sides->base, err);
}

/* `pull_request_target`, or a pull request that was named: what is checked out is something else. */
static int find_named_pull_request(struct finding *finding, struct err *err)
{
    const struct event *event = finding->request->event;
    finding->sides->head = finding->sides->head_name = event->head_id;
    return find_merge_base(finding, event->base_branch, event->head_id, &finding->sides->base, err);
}

static int find_merge_group(struct finding *finding, struct err *err)
{
    const struct event *event = finding->request->event;
    finding->sides->head = finding->sides->head_name = event->head_id;
    return resolve(finding, event->base_id, &finding->sides->base, err);
}

static bool is_other_branch(const struct event *event)
{
    return event->ref && event->default_branch && str_prefix(event->ref, "refs/heads/") &&
           !str_eq(event->ref + strlen("refs/heads/"), event->default_branch);
}

/* On the default branch: what an apply would do now. Elsewhere: what a merge would change. */
static int find_commit(struct finding *finding, struct err *err)
{
    const struct sides_request *request = finding->request;
    struct sides *sides = finding->sides;
    if (take_head(finding, err) < 0)
        return -1;
    if (is_other_branch(request->event))
        return find_merge_base(finding, request->event->default_branch, sides->head, &sides->base, err);
    if (applied_read(finding->arena, finding->repo, &sides->base, err) < 0)
        return -1;
    if (!sides->base && request->github &&
        fetch_applied(finding->arena, request->github, &sides->base, err) < 0)
        return -1;
    if (!sides->base)
        sides->notice =
            "the ref " APPLIED_REF " is not there: nothing counts as applied, and everything as new";
    return 0;
}

static int find_by_event(struct finding *finding, struct err *err)
{
    const struct event *event = finding->request->event;
    switch (event->kind) {
    case EVENT_PULL_REQUEST: return find_pull_request(finding, err);
    case EVENT_PULL_REQUEST_TARGET: return find_named_pull_request(finding, err);
    case EVENT_MERGE_GROUP: return find_merge_group(finding, err);
    case EVENT_WORKFLOW_RUN:
        return err_set(err, ERR_USAGE,
                       "the event workflow_run does not say which pull request is meant; give --pr NUMBER");
    default: return find_commit(finding, err);
    }
}

/* In a plain clone. Without any commit the base is nothing. */
static int find_by_clone(struct finding *finding, struct err *err)
{
    struct arena *arena = finding->arena;
    struct repo *repo = finding->repo;
    struct sides *sides = finding->sides;
    const char *branch = repo_default_branch(arena, repo), *branch_id, *head_id = sides->head;
    bool is_worktree = str_eq(head_id, REPO_WORKTREE);
    if (repo_is_unborn(repo) && is_worktree)
        return 0;
    if (is_worktree && repo_resolve_commit(arena, repo, "HEAD", &head_id, err) < 0)
        return -1;
    if (!branch && !is_worktree) /* compared with itself it would be judged by its own rules */
        return err_set(
            err, ERR_GIT,
            "cannot tell what to compare %.12s with: there is no branch of origin, no main and no master here; "
            "give --base REVISION (in Actions the input 'base', and fetch-depth: 0 in actions/checkout)",
            head_id);
    sides->base = head_id; /* what is edited, with what is committed */
    if (!branch)
        return 0;
    if (repo_resolve_commit(arena, repo, branch, &branch_id, err) < 0)
        return -1;
    return repo_merge_base(arena, repo, branch_id, head_id, &sides->base, err);
}

/* What the command line says; a work tree is no commit. */
static int find_by_options(struct finding *finding, struct err *err)
{
    const struct sides_request *request = finding->request;
    struct sides *sides = finding->sides;
    sides->head_name = request->head ? request->head : request->is_actions ? "HEAD" : REPO_WORKTREE;
    sides->head = sides->head_name;
    if (!str_eq(sides->head, REPO_WORKTREE) && resolve(finding, sides->head, &sides->head, err) < 0)
        return -1;
    if (!request->base)
        return find_by_clone(finding, err);
    sides->base_name = request->base;
    return resolve(finding, request->base, &sides->base, err);
}

int sides_find(struct arena *arena, struct repo *repo, const struct sides_request *request, struct sides *ret,
               struct err *err)
{
    struct finding finding = {.arena = arena, .repo = repo, .request = request, .sides = ret};
    *ret = (struct sides){0};
    bool by_event = !request->base && !request->head && request->event;
    if ((by_event ? find_by_event(&finding, err) : find_by_options(&finding, err)) < 0)
        return -1;
    if (!ret->base_name)
        ret->base_name = ret->base ? ret->base : "nothing";
    return 0;
}

/* SPDX-License-Identifier: Apache-2.0 */
#include "flow/planning.h"

#include "base/str.h"
#include "plan/concerned.h"
#include "plan/delta.h"
#include "plan/desired.h"
#include "plan/digest.h"
#include "plan/fuse.h"
#include "plan/operations.h"
#include "plan/side_changes.h"

/* The base of a test merge is its first parent as the raw commit names it (facts/github.md §2.3). */
static int base_of_merge(struct arena *arena, struct repo *repo, const char *head_id, const char **ret,
                         struct err *err)
{
    struct strings parents = {0};
    if (repo_parents(arena, repo, head_id, &parents, err) < 0)
        return -1;
    if (parents.count != 2)
        return err_set(
            err, ERR_GIT,
            "the commit %.12s is not the merge commit of a pull request; check out the default ref of the "
            "pull_request event, or give --base",
            head_id);
    if (!repo_has_object(repo, parents.items[0]))
        return err_set(err, ERR_GIT,
                       "the base commit %.12s is not in this checkout; set fetch-depth: 2 in actions/checkout",
                       parents.items[0]);
    *ret = parents.items[0];
    return 0;
}

/* Where the default branch and head parted; an empty base when there is no commit at all. */
static int find_base(struct arena *arena, struct repo *repo, const struct comparison_request *request,
                     const struct source *head, const char **ret, struct err *err)
{
    *ret = request->base;
    if (request->base)
        return 0;
    if (request->merge_commit)
        return base_of_merge(arena, repo, head->commit_id, ret, err);
    const char *branch = repo_default_branch(arena, repo), *branch_id, *head_id = head->commit_id;
    if (repo_is_unborn(repo) && !head_id)
        return 0;
    if (!head_id && repo_resolve_commit(arena, repo, "HEAD", &head_id, err) < 0)
        return -1;
    if (!branch && head->commit_id) /* compared with itself it would be judged by its own rules */
        return err_set(
            err, ERR_GIT,
            "cannot tell what to compare %.12s with: there is no branch of origin, no main and no master here; give "
            "--base REVISION (in Actions the input 'base', and fetch-depth: 0 in actions/checkout)",
            head_id);
    if (!branch) { /* what is edited, with what is committed */
        *ret = head_id;
        return 0;
    }
    if (repo_resolve_commit(arena, repo, branch, &branch_id, err) < 0)
        return -1;
    return repo_merge_base(arena, repo, branch_id, head_id, ret, err);
}

int comparison_open_base(struct arena *arena, struct repo *repo, const struct comparison_request *request,
                         struct comparison *comparison, struct err *err)
{
    const char *revision;
    if (find_base(arena, repo, request, &comparison->head, &revision, err) < 0)
        return -1;
    if (!revision) {
        comparison->base = source_empty("nothing");
        return 0;
    }
    return source_open(arena, repo, revision, request->root_option, &comparison->base, err);
}

/*
 * How many facts the base has in all teams, which is what the fuse measures removals by. When it cannot be
 * read, those of the affected teams alone: then the fuse blows sooner.
 */
static size_t count_base(const struct comparison *comparison, const struct fuse *fuse, int64_t now_s)
{
    CLEANUP(arena_freep) struct arena *scratch = arena_new();
    struct diags ignored = diags_new(scratch);
    struct err reason;
    struct source base = comparison->base;
    struct facts facts = {0};
    base.only = NULL;
    base.inputs = (struct config_inputs){0};
    if (source_load(scratch, comparison->repo, &base, &ignored, &reason) < 0)
        return fuse->total;
    desired_facts(scratch, base.config, NULL, now_s, &facts);
    return facts.count;
}

static void check_fuse(struct arena *arena, const struct comparison *comparison, const struct facts *before,
                       const struct facts *after, struct plan *plan)
{
    struct fuse fuse = fuse_judge(before, after, NULL, &plan->settings->rules,
                                  source_is_empty(&comparison->head), plan->now_s);
    if (fuse.blown && comparison->base.only)
        fuse_widen(&fuse, count_base(comparison, &fuse, plan->now_s), &plan->settings->rules);
    if (!fuse.blown)
        return;
    struct problem *problem =
        problem_add(arena, &plan->problems, "many-removals", NULL, NULL, "this change %s",
                    fuse_describe(arena, &fuse, &plan->settings->rules));
    problem->hint =
        "split the change, or have somebody who may apply it run 'iamlease apply --accept-removals COMMIT'";
    problem->fails_plan = true;
}

static void compute_delta(struct arena *arena, const struct comparison *comparison,
                          const struct comparison_request *request, const struct facts *before,
                          const struct facts *after, const struct facts *all_after, struct plan *plan)
{
    const struct config *base = comparison->base.config, *head = comparison->head.config;
    const struct delta_input input = {
        .before = before,
        .after = after,
        .all_after = all_after,
        .settings = plan->settings,
    };
    const struct side_input side = {
        .before = base,
        .after = head,
        .before_is_empty = source_is_empty(&comparison->base),
        .teams = request->teams,
    };
    const struct digest_input digest = {
        .before = base,
        .after = head,
        .rules = &plan->settings->rules,
        .account_rules = &comparison->accounts,
    };
    delta_compute(arena, &input, &plan->delta);
    side_changes_compute(arena, &side, &plan->delta);
    plan->digest = digest_compute(arena, &digest);
}

/* Whether equal facts come to equal objects on both sides. */
static bool same_mapping(const struct settings *before, const struct settings *after)
{
    return str_eq(before->owner, after->owner) && str_eq(before->policy_path, after->policy_path) &&
           str_eq(before->partition, after->partition);
}

/* Of all teams: what another one wants, too, stays where it is. */
static void imply_operations(struct arena *arena, const struct comparison *comparison,
                             const struct comparison_request *request, struct facts before,
                             struct facts after, struct plan *plan)
{
    const struct settings *settings = &comparison->base.config->settings;
    struct facts concerned_before = {0}, concerned_after = {0};
    if (same_mapping(settings, plan->settings)) {
        facts_concerned(arena, &before, &after, &plan->delta, &concerned_before, &concerned_after);
        before = concerned_before;
        after = concerned_after;
    }
    struct observed observed = {0};
    operations_implied_state(arena, settings, &before, &after, &observed);
    const struct operations_input input = {
        .settings = plan->settings,
        .desired = &after,
        .candidates = &before,
        .applied = &before,
        .observed = &observed,
        .teams = request->teams,
        .now_s = request->now_s,
    };
    operations_compute(arena, &input, plan);
}

void flow_plan(struct arena *arena, const struct comparison *comparison,
               const struct comparison_request *request, struct plan *ret)
{
    const struct source *base = &comparison->base, *head = &comparison->head;
    struct facts all_before = {0}, all_after = {0}, before = {0}, after = {0};
    struct settings *settings = ARENA_NEW(arena, struct settings);
    *settings = comparison->settings;
    *ret = (struct plan){
        .base_name = base->name,
        .head_name = head->name,
        .base_id = base->commit_id,
        .head_id = head->commit_id,
        .now_s = request->now_s,
        .settings = settings,
        .operations_implied = true,
    };
    for (size_t i = 0; i < comparison->notices.count; i++)
        *VEC_ADD(arena, &ret->notices) = comparison->notices.items[i];
    desired_facts(arena, base->config, &comparison->accounts, request->now_s, &all_before);
    desired_facts(arena, head->config, &comparison->accounts, request->now_s, &all_after);
    facts_of_teams(arena, &all_before, request->teams, &before);
    facts_of_teams(arena, &all_after, request->teams, &after);
    compute_delta(arena, comparison, request, &before, &after, &all_after, ret);
    check_fuse(arena, comparison, &all_before, &all_after, ret);
    imply_operations(arena, comparison, request, all_before, all_after, ret);
}

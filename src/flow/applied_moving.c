/* SPDX-License-Identifier: Apache-2.0 */
/* applied show and set: the applied ref by hand, or by the last job of a sharded apply. */
#include "base/str.h"
#include "flow/applied_ref.h"
#include "flow/applying.h"
#include "flow/fetching.h"
#include "flow/lineage.h"
#include "flow/tip.h"

static int check_token(const struct run *run, struct err *err)
{
    if (!run->is_actions || run->github)
        return 0;
    return err_set(err, ERR_REFUSED,
                   "in a job %s is that of GitHub, and there is no token: give the input github-token",
                   APPLIED_REF);
}

int flow_applied_show(const struct run *run, const char **ret, struct err *err)
{
    const struct applied_ref ref = {.repo = run->repo, .github = run->github};
    return check_token(run, err) < 0 ? -1 : applied_ref_read(run->arena, &ref, ret, err);
}

/* The commit that --head names, and that it lies on the branch that is applied. */
static int find_target(const struct run *run, const struct apply_request *request, struct lineage *lineage,
                       const char **ret, struct err *err)
{
    struct apply_request of_tip = *request;
    struct tip tip;
    struct strings behind = {0};
    if (!run->github) {
        if (repo_resolve_commit(run->arena, run->repo, request->head, ret, err) < 0)
            return -1;
        return tip_check_branch(run, request, *ret, err);
    }
    of_tip.head = NULL; /* the branch may have gone on since */
    if (tip_find(run, &of_tip, &tip, err) < 0 ||
        fetch_commit_id(run->arena, run->github, request->head, ret, err) < 0)
        return -1;
    if (lineage_between(lineage, *ret, tip.commit_id, &behind, err) == 0)
        return 0;
    return err->code == ERR_REFUSED
               ? err_set(err, ERR_REFUSED, "commit %.12s is not on the first-parent history of '%s'", *ret,
                         tip.name)
               : -1;
}

int flow_applied_set(const struct run *run, const struct apply_request *request, const char **ret,
                     struct err *err)
{
    const struct applied_ref ref = {.repo = run->repo, .github = run->github};
    struct lineage lineage = lineage_new(run->arena, run->repo, run->github);
    struct strings between = {0};
    const char *before;
    if (!request->head)
        return err_set(err, ERR_USAGE, "'iamlease applied set' needs --head COMMIT");
    if (check_token(run, err) < 0 || (!run->is_actions && repo_lock(run->repo, err) < 0) ||
        find_target(run, request, &lineage, ret, err) < 0 ||
        applied_ref_read(run->arena, &ref, &before, err) < 0)
        return -1;
    if (!before && !request->first_apply)
        return err_set(err, ERR_REFUSED,
                       "%s is missing: what was applied is not known; run apply, or give --first-apply to begin "
                       "at %.12s",
                       APPLIED_REF, *ret);
    if (before && lineage_between(&lineage, before, *ret, &between, err) < 0)
        return err->code == ERR_REFUSED
                   ? err_set(err, ERR_REFUSED,
                             "%s is at %.12s, and %.12s does not follow it along first parents: it moves only "
                             "forward",
                             APPLIED_REF, before, *ret)
                   : -1;
    if (applied_once_make(run->arena, &ref, *ret, err) < 0)
        return -1;
    return applied_ref_write(run->arena, &ref, *ret, before, err);
}

/* SPDX-License-Identifier: Apache-2.0 */
/* Commits and their parents, read from the raw objects, so that shallow checkouts tell the truth
 * (facts/github.md §2.2). */
#include "base/str.h"
#include "repo/git.h"
#include "repo/raw_commit.h"

static int read_commit(struct repo *repo, const char *commit_id, git_odb_object **ret, struct err *err)
{
    git_oid oid;
    git_odb *odb CLEANUP(git_odb_freep) = NULL;
    git_odb_object *object CLEANUP(git_odb_object_freep) = NULL;
    if (git_parse_id(&oid, commit_id, err) < 0)
        return -1;
    if (git_repository_odb(&odb, repo->git) < 0 || git_odb_read(&object, odb, &oid) < 0)
        return git_err(err, "cannot read the commit %.12s", commit_id);
    if (git_odb_object_type(object) != GIT_OBJECT_COMMIT)
        return err_set(err, ERR_GIT, "%.12s is not a commit", commit_id);
    *ret = object;
    object = NULL;
    return 0;
}

int repo_commit_time(struct repo *repo, const char *commit_id, int64_t *ret_s, struct err *err)
{
    git_odb_object *object CLEANUP(git_odb_object_freep) = NULL;
    if (read_commit(repo, commit_id, &object, err) < 0)
        return -1;
    if (raw_commit_time(git_odb_object_data(object), git_odb_object_size(object), ret_s, err) < 0)
        return err_wrap(err, "cannot read the commit %.12s", commit_id);
    return 0;
}

int repo_parents(struct arena *arena, struct repo *repo, const char *commit_id, struct strings *ret,
                 struct err *err)
{
    git_odb_object *object CLEANUP(git_odb_object_freep) = NULL;
    if (read_commit(repo, commit_id, &object, err) < 0)
        return -1;
    if (raw_commit_parents(arena, git_odb_object_data(object), git_odb_object_size(object), ret, err) < 0)
        return err_wrap(err, "cannot read the commit %.12s", commit_id);
    return 0;
}

static void reverse(struct strings *strings)
{
    for (size_t i = 0, j = strings->count; i + 1 < j; i++) {
        const char *swapped = strings->items[i];
        strings->items[i] = strings->items[--j];
        strings->items[j] = swapped;
    }
}

int repo_first_parents(struct arena *arena, struct repo *repo, const char *from, const char *to,
                       struct strings *ret, struct err *err)
{
    const char *commit = to;
    while (!str_eq(commit, from)) {
        strings_add(arena, ret, commit);
        struct strings parents = {0};
        if (!repo_has_object(repo, commit))
            return err_set(
                err, ERR_GIT,
                "the history between %.12s and %.12s is not complete here; fetch all of it (actions/checkout: "
                "fetch-depth: 0)",
                from, to);
        if (repo_parents(arena, repo, commit, &parents, err) < 0)
            return -1;
        if (parents.count == 0)
            return err_set(err, ERR_REFUSED, "%.12s is not on the first-parent history of %.12s", from, to);
        commit = parents.items[0];
    }
    reverse(ret);
    return 0;
}

int repo_tree_of_commit(struct arena *arena, struct repo *repo, const char *commit_id, const char **ret,
                        struct err *err)
{
    git_oid oid;
    git_commit *commit CLEANUP(git_commit_freep) = NULL;
    if (git_parse_id(&oid, commit_id, err) < 0)
        return -1;
    int rc = git_commit_lookup(&commit, repo->git, &oid);
    if (rc == GIT_ENOTFOUND)
        return git_missing(err, "commit", commit_id);
    if (rc < 0)
        return git_err(err, "cannot read the commit %.12s", commit_id);
    *ret = git_id_text(arena, git_commit_tree_id(commit));
    return 0;
}

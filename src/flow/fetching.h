/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a checkout lacks (depth 1, a filter, a sparse checkout), asked of GitHub by REST and put into memory,
 * never into the workspace. Trees and blobs are taken when their bytes have the id that was asked for; which
 * tree a commit has, GitHub is believed.
 */
#ifndef IAMLEASE_FLOW_FETCHING_H
#define IAMLEASE_FLOW_FETCHING_H

#include "github/client.h"
#include "github/event.h"
#include "repo/repo.h"

/* A branch, tag or id that this checkout does not know → commit id. */
int fetch_commit_id(struct arena *arena, struct github *github, const char *revision, const char **ret,
                    struct err *err);

/* The best common ancestor of a branch and a commit. */
int fetch_merge_base(struct arena *arena, struct github *github, const char *branch, const char *commit_id,
                     const char **ret, struct err *err);

/* The commit that the applied ref names, or NULL when there is no such ref. */
int fetch_applied(struct arena *arena, struct github *github, const char **ret, struct err *err);

/* The pull request of that number, as an event. */
int fetch_pull_request(struct arena *arena, struct github *github, int64_t number, struct event *ret,
                       struct err *err);

/* The tree of a commit; asks only when the commit is not here. */
int fetch_tree_of_commit(struct arena *arena, struct repo *repo, struct github *github, const char *commit_id,
                         const char **ret, struct err *err);

/*
 * Makes sure that `places` below a tree can be read: files, and folders with the .yaml files right in them. A
 * place that is not there is no error. ERR_REFUSED when more than 500 files are missing: a deeper checkout is
 * the better way then.
 */
int fetch_places(struct arena *arena, struct repo *repo, struct github *github, const char *tree_id,
                 const struct strings *places, struct err *err);

#endif

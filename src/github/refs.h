/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Refs of the repository at GitHub (facts/github.md §3.2b). A ref is moved with force: false, which refuses
 * what is no fast-forward, but is no compare-and-swap: who moves one reads it again afterwards.
 */
#ifndef IAMLEASE_GITHUB_REFS_H
#define IAMLEASE_GITHUB_REFS_H

#include "github/client.h"

/*
 * The commit that "refs/heads/main" names; *ret is NULL when there is no such ref. ERR_REFUSED when it names
 * something else than a commit.
 */
int refs_read(struct arena *arena, struct github *github, const char *ref, const char **ret, struct err *err);

/* What follows `prefix`, which ends in a slash, in the names of the refs that begin with it. */
int refs_names(struct arena *arena, struct github *github, const char *prefix, struct strings *ret,
               struct err *err);

/* Makes a ref. *ret_exists (and -1): it is there already, or GitHub does not take it. */
int refs_create(struct arena *arena, struct github *github, const char *ref, const char *commit_id,
                bool *ret_exists, struct err *err);

/* Moves a ref forward, or leaves it where it is: that proves that it can be written. */
int refs_move(struct arena *arena, struct github *github, const char *ref, const char *commit_id,
              struct err *err);

/* Sets a ref to that commit, wherever it was: for branches that nobody but iamlease writes to. */
int refs_replace(struct arena *arena, struct github *github, const char *ref, const char *commit_id,
                 struct err *err);

/* The default branch of the repository, a name without "refs/heads/". */
int refs_default_branch(struct arena *arena, struct github *github, const char **ret, struct err *err);

#endif

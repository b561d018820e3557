/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Inside src/flow only: one change of the default branch, which is a merged pull request with all the commits
 * that it made there, or a commit without one.
 */
#ifndef IAMLEASE_FLOW_MERGES_H
#define IAMLEASE_FLOW_MERGES_H

#include "flow/history_step.h"
#include "github/pulls.h"
#include "model/rules.h"

struct merge {
    const struct step *before, *after; /* `before` is its first parent, as far as that can be read */
    struct rules rules;                /* that judge it: those of `before` */
    struct all_account_rules accounts; /* these rules, by account */
    struct all_account_rules binding;  /* the same, and those that accounts escaped: flow/escaped_rules.h */
    const struct pull *pull;           /* or NULL: none that was merged into the branch is known */
    const char *no_pull;               /* why there is none, a clause */
    bool judges_itself;                /* nothing was there before it: its own rules, and nobody's approval */
    const char *digest;                /* of what it changes; what a plan of it says */
};

/*
 * The pull request that made a commit of `branch` (NULL: of any). Trouble with GitHub is no error, but a
 * reason in *ret_why: then nothing is known of it.
 */
const struct pull *merge_find_pull(struct arena *arena, struct github *github, const char *branch,
                                   const char *commit_id, const char **ret_why);

/* Fills in the accounts and the digest. `escaped`: rules that bind accounts all the same, or NULL. */
void merge_describe(struct arena *arena, const struct all_account_rules *escaped, struct merge *merge);

/* "pull request #7 (commit 0123456789ab)" */
const char *merge_name(struct arena *arena, const struct merge *merge);

#endif

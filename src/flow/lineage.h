/* SPDX-License-Identifier: Apache-2.0 */
/*
 * First parents: from this checkout as far as it has the commits, otherwise from GitHub, a hundred commits
 * with one request. Of a commit that is not here GitHub is believed which parents it has.
 */
#ifndef IAMLEASE_FLOW_LINEAGE_H
#define IAMLEASE_FLOW_LINEAGE_H

#include "base/map.h"
#include "github/client.h"
#include "repo/repo.h"

struct lineage {
    struct arena *arena;
    struct repo *repo;
    struct github *github; /* NULL: only what is here */
    struct map known;      /* id of a commit that is not here → id of its first parent, or "" */
    struct map times; /* id of a commit that is not here → int64_t: when it was made, where GitHub says so */
    unsigned requests;
};

struct lineage lineage_new(struct arena *arena, struct repo *repo, struct github *github);

/* *ret is NULL for the first commit of all. ERR_GIT: it is neither here nor known to GitHub. */
int lineage_first_parent(struct lineage *lineage, const char *commit_id, const char **ret, struct err *err);

/* When a commit was made, in seconds since 1970; 0 when GitHub does not say so. ERR_GIT as above. */
int lineage_time(struct lineage *lineage, const char *commit_id, int64_t *ret_s, struct err *err);

/*
 * The commits after `from` up to and including `to` along first parents, oldest first; empty when they are
 * equal. ERR_REFUSED when `from` is not on the first-parent history of `to`.
 */
int lineage_between(struct lineage *lineage, const char *from, const char *to, struct strings *ret,
                    struct err *err);

#endif

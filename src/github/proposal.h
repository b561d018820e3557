/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A change of one file as a pull request, made by GitHub's API alone: tree, commit, branch, pull request.
 * Done again after it was cut off, it goes on where it stood.
 */
#ifndef IAMLEASE_GITHUB_PROPOSAL_H
#define IAMLEASE_GITHUB_PROPOSAL_H

#include "github/client.h"

struct proposal {
    const char *base;         /* name of the branch that it is for */
    const char *base_id;      /* the commit of it that the file was read from */
    const char *branch;       /* name of its own; whatever stands there is replaced */
    const char *path;         /* of the file */
    const char *text;         /* what it is to hold */
    const char *message;      /* of the commit */
    const char *title, *body; /* of the pull request; Markdown in the body */
};

struct proposed {
    int64_t number; /* 0: there is none */
    const char *url;
    bool is_open, is_merged;
    const char *merge_commit_id; /* of one that was merged; or NULL */
};

/* The newest pull request of that branch of this repository, in whatever state. */
int proposal_find(struct arena *arena, struct github *github, const char *branch, struct proposed *ret,
                  struct err *err);

int proposal_make(struct arena *arena, struct github *github, const struct proposal *proposal,
                  struct proposed *ret, struct err *err);

#endif

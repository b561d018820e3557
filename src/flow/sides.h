/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Which two commits a plan compares (facts/github.md §2.3). What the command line names wins; in GitHub
 * Actions the event decides; in a plain clone, it is where head and the default branch parted.
 */
#ifndef IAMLEASE_FLOW_SIDES_H
#define IAMLEASE_FLOW_SIDES_H

#include "github/client.h"
#include "github/event.h"
#include "repo/repo.h"

struct sides_request {
    const char *base, *head;   /* options, or NULL */
    bool is_actions;           /* head is HEAD unless it is given; otherwise the work tree */
    const struct event *event; /* or NULL; one without a file has a kind only */
    struct github *github;     /* for what the checkout does not know, or NULL */
};

struct sides {
    const char *base;                  /* commit id, or NULL: nothing */
    const char *head;                  /* commit id, or REPO_WORKTREE */
    const char *base_name, *head_name; /* as a reader knows them: what was asked for, else the id */
    const char *notice;                /* what the reader must know about the choice, or NULL */
};

/* ERR_GIT, ERR_NET, …: one sentence that says what to change in the checkout, or which option to give. */
int sides_find(struct arena *arena, struct repo *repo, const struct sides_request *request, struct sides *ret,
               struct err *err);

#endif

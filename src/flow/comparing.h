/* SPDX-License-Identifier: Apache-2.0 */
/* validate and plan: two sources → diagnostics. */
#ifndef IAMLEASE_FLOW_COMPARING_H
#define IAMLEASE_FLOW_COMPARING_H

#include "flow/source.h"
#include "model/rules.h"

struct comparison_request {
    const char *base;        /* revision, or NULL: found out by flow_default_base */
    const char *head;        /* revision or REPO_WORKTREE */
    const char *root_option; /* config root, or NULL */
    bool affected_only;      /* teams that the change cannot affect are not read */
    bool merge_commit;       /* head is GitHub's test merge: its first parent is the base */
    const struct strings *teams;
    int64_t now_s;
};

/* Both sides, read and checked: the head by the rules of the base. */
struct comparison {
    struct repo *repo;
    struct source base, head;
    struct settings settings;          /* mapping of head, rules of base */
    struct all_account_rules accounts; /* these rules, by account, as base and head name them */
    struct strings notices;
};

/*
 * Opens both sides, reads them and checks the head. Diagnostics of the head go to `diags`; trouble in the
 * base is a notice.
 */
int flow_compare(struct arena *arena, struct repo *repo, const struct comparison_request *request,
                 struct comparison *ret, struct diags *diags, struct err *err);

/* Finds and opens the base of request->head, which is open in `comparison`. Used by flow_compare only. */
int comparison_open_base(struct arena *arena, struct repo *repo, const struct comparison_request *request,
                         struct comparison *comparison, struct err *err);

#endif

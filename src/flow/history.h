/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the commits since the applied ref declared: the removal candidates, and which new leases broke the
 * rules of the commit that they were merged onto (DESIGN §3 "What was applied", §5).
 */
#ifndef IAMLEASE_FLOW_HISTORY_H
#define IAMLEASE_FLOW_HISTORY_H

#include "flow/source.h"
#include "model/plan.h"
#include "model/rules.h"

struct history_request {
    const char *applied;            /* commit id of the applied ref, or NULL: nothing was applied before */
    const char *root_option;        /* config root as asked for, or NULL */
    const char *accepted_removals;  /* a commit whose many removals are meant, or NULL */
    const struct source *head;      /* loaded */
    struct github *github;          /* for what this checkout lacks, pull requests and reviews, or NULL */
    const char *branch;             /* that they were merged into; NULL: any */
    const struct strings *accepted; /* digests of changes that are let through, or NULL */
    int64_t now_s;
};

/* A change of the default branch that touches the configuration. */
struct history_merge {
    const char *commit_id;
    int64_t number; /* of its pull request; 0: there is none, or it is not known */
    const char *digest;
};

struct history {
    struct facts candidates; /* every fact that the applied commit or one after it declares; one identity may
                                stand there often */
    struct facts applied;    /* those of the applied commit, sorted */
    int64_t applied_at_s;    /* when that commit was made; 0: nothing was applied, or it is not known */
    struct facts held;       /* facts that are neither granted, changed nor removed; sorted */
    struct facts held_ends;  /* the leases of `held` whose end is known, with the latest that was let through
                                and is declared; sorted */
    struct all_account_rules account_rules; /* that judge these commits, joined: of each commit those of the
                                               one before it; where nothing changed, head's own */
    struct strings applied_accounts;        /* every account that the applied commit names */
    struct strings accounts;                /* every account that one of these commits names */
    struct notices notices;                 /* for the report */
    struct {
        VEC_FIELDS(struct history_merge);
    } merges; /* oldest first */
};

/*
 * Walks the first parents from the applied commit to head. Each merge is judged by the settings of its first
 * parent (flow/merge_judging.h): what is new or wider in one that breaks a rule is held ("held-limit",
 * "held-rules", "held-approval"), the removals of one that blows its fuse too ("held-removals"). A commit
 * that cannot be read is a problem ("history-unreadable"), because what it declared is not known. ERR_REFUSED
 * when the applied ref is not on head's history.
 */
int history_load(struct arena *arena, struct repo *repo, const struct history_request *request,
                 struct history *ret, struct problems *problems, struct err *err);

#endif

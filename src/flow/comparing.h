/* SPDX-License-Identifier: Apache-2.0 */
/* validate and plan: two sources → diagnostics. */
#ifndef IAMLEASE_FLOW_COMPARING_H
#define IAMLEASE_FLOW_COMPARING_H

#include "config/config.h"
#include "flow/held.h"
#include "flow/sides.h"
#include "model/rules.h"

struct live;

struct comparison_request {
    struct sides_request sides; /* which commits */
    const char *root_option;    /* config root, or NULL */
    bool affected_only;         /* teams that the change cannot affect are not read */
    const struct strings *teams;
    bool adopts;             /* with `live`: what cloud-iam-self-serve made and is declared is taken over */
    const struct live *live; /* what stands in AWS (flow/live.h), or NULL: it was not read */
    int64_t now_s;
};

/* Both sides, read and checked: the head by the rules of the base. */
struct comparison {
    struct repo *repo;
    struct source base, head;
    struct settings settings;          /* mapping of head, rules of base */
    struct all_account_rules accounts; /* these rules, by account, as base and head name them */
    struct held_entries held;          /* what was wrong before, and still is */
    struct strings notices;
};

/*
 * Opens both sides, reads them and checks the head. Diagnostics of the head go to `diags`, those that the
 * base has too, by the same clock and rules, as warnings; trouble in the base is a notice.
 */
int flow_compare(struct arena *arena, struct repo *repo, const struct comparison_request *request,
                 struct comparison *ret, struct diags *diags, struct err *err);

/*
 * Its steps: opens both sides and finds the teams that the change can affect; reads, checks and judges them.
 * compare_settle stands between: the settings and accounts of both sides are read, and what can be judged by
 * them is. team_walk.h goes another way.
 */
int compare_open(struct arena *arena, struct repo *repo, const struct comparison_request *request,
                 struct comparison *ret, struct err *err);
int compare_whole(struct arena *arena, const struct comparison_request *request,
                  struct comparison *comparison, struct diags *diags, struct err *err);
int compare_settle(struct arena *arena, const struct comparison_request *request,
                   struct comparison *comparison, struct err *err);

/* What the head is judged by. */
struct judge compare_judge(const struct comparison *comparison, int64_t now_s);

#endif

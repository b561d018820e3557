/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Both sides of a change, read team by team: a team is decoded, checked and compared with what it was, and
 * nothing is kept of it but what differs and a short record of the rest. So memory does not grow with what a
 * change leaves alone (docs/benchmarks.md).
 */
#ifndef IAMLEASE_FLOW_TEAM_WALK_H
#define IAMLEASE_FLOW_TEAM_WALK_H

#include "flow/comparing.h"
#include "plan/digest_rows.h"

/* What a plan of the whole needs. */
struct team_walk {
    struct facts before, after; /* what differs, and what it can concern (plan/concerned.h); sorted */
    size_t facts_before;        /* how many facts the base has in all */
    struct digest_rows digest_rows;
};

/*
 * `comparison` was opened. *ret_done false: something is wrong in the files, or names may collide, or the
 * mapping changes, or one side has files of aws-roles, so that the sides have to be compared as wholes
 * (compare_whole); nothing was added to `diags` then. Otherwise the configurations of `comparison` have
 * settings and accounts, but no policies and no entries.
 */
int team_walk(struct arena *arena, const struct comparison_request *request, struct comparison *comparison,
              struct diags *diags, struct team_walk *ret, bool *ret_done, struct err *err);

#endif

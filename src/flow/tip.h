/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Which commit is applied (DESIGN §5): in a job always the tip of the default branch, as GitHub has it now,
 * whatever is checked out; in a plain clone the commit that was asked for, which must be on that branch.
 */
#ifndef IAMLEASE_FLOW_TIP_H
#define IAMLEASE_FLOW_TIP_H

#include "flow/applying.h"

struct tip {
    const char *commit_id;
    const char *name;   /* as a reader knows it */
    const char *notice; /* what the reader must know about the choice, or NULL */
};

/*
 * ERR_REFUSED: the job is not one of that branch, has no token, or the tip is not the commit that --head
 * names; a commit that is not on the branch.
 */
int tip_find(const struct run *run, const struct apply_request *request, struct tip *ret, struct err *err);

/* ERR_REFUSED in a plain clone when the commit is not on the branch. */
int tip_check_branch(const struct run *run, const struct apply_request *request, const char *commit_id,
                     struct err *err);

#endif

/* SPDX-License-Identifier: Apache-2.0 */
/* Whether a plan reads AWS, and reading it: with --live, and without where a plan role and credentials are there. */
#ifndef IAMLEASE_CMD_PLAN_LIVE_H
#define IAMLEASE_CMD_PLAN_LIVE_H

#include "cmd/output.h"

/*
 * Sets request->live where AWS was read, and then compares all teams, not only those that the change touches:
 * AWS holds the access of all. Where it was not, but could have been, a notice of the comparison
 * says why. -1 when it was to be read and nothing of it can be.
 */
int plan_read_live(struct invocation *invocation, const struct actions *actions, struct repo *repo,
                   struct comparison_request *request, struct comparison *comparison, struct plan *plan,
                   struct err *err);

#endif

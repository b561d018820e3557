/* SPDX-License-Identifier: Apache-2.0 */
/* What a plan leaves for the steps and jobs behind it. */
#ifndef IAMLEASE_CMD_STEP_OUTPUTS_H
#define IAMLEASE_CMD_STEP_OUTPUTS_H

#include "cmd/actions.h"
#include "flow/planning.h"

/* Writes plan.json to `path`. */
int plan_write(const char *path, const struct plan *plan, struct err *err);

/*
 * Sets the outputs of the step: has-changes, grants, changes, revokes, held, digest, plan-file, comment-url
 * (NULL: none), matrix. Without --out, plan.json goes into a file of its own in the workspace.
 */
void step_outputs(struct invocation *invocation, const struct comparison *comparison, const struct plan *plan,
                  const char *comment_url);

#endif

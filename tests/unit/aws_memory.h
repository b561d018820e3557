/* SPDX-License-Identifier: Apache-2.0 */
/* An AWS that is a struct observed: executes operations, and refuses what IAM would refuse. */
#ifndef IAMLEASE_UNIT_AWS_MEMORY_H
#define IAMLEASE_UNIT_AWS_MEMORY_H

#include "model/observed.h"
#include "model/operation.h"

/* A copy that can be changed without the original; texts are shared. */
struct observed aws_memory_copy(struct arena *arena, const struct observed *observed);

/* Changes the state; gives NULL, or why IAM would say no. */
const char *aws_memory_execute(struct arena *arena, struct observed *observed,
                               const struct operation *operation);

#endif

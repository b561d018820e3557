/* SPDX-License-Identifier: Apache-2.0 */
/* A declared policy that outlives the file that it was read from. */
#ifndef IAMLEASE_MODEL_POLICY_COPY_H
#define IAMLEASE_MODEL_POLICY_COPY_H

#include "model/configuration.h"

/* The same policy, all of it in `arena` but for the files that its spans name. */
struct policy_decl *policy_copy(struct arena *arena, const struct policy_decl *policy);

#endif

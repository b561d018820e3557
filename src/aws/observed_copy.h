/* SPDX-License-Identifier: Apache-2.0 */
/* Copies of what an answer of IAM holds, into the arena of those who keep it: the answer goes piece by piece. */
#ifndef IAMLEASE_AWS_OBSERVED_COPY_H
#define IAMLEASE_AWS_OBSERVED_COPY_H

#include "model/observed.h"

/*
 * What counts where somebody is looked at for what is granted; of a role with our mark also whom it trusts.
 * With `detailed` everything that aws-roles may say of a role, whose `details` were read.
 */
struct observed_principal observed_copy_principal(struct arena *arena, const struct observed_principal *from,
                                                  bool detailed);

/* The same, with the groups, the boundary and the instance profiles that an import asks for. */
struct observed_principal observed_copy_whole(struct arena *arena, const struct observed_principal *from);

/* Under that name. */
struct observed_policy observed_copy_policy(struct arena *arena, const struct observed_policy *from,
                                            const char *name);

#endif

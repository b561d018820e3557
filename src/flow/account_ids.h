/* SPDX-License-Identifier: Apache-2.0 */
/* All accounts of a source, whether or not it was read whole. */
#ifndef IAMLEASE_FLOW_ACCOUNT_IDS_H
#define IAMLEASE_FLOW_ACCOUNT_IDS_H

#include "flow/source.h"

/*
 * Adds the ids that the aws-accounts of all teams name, repeated or not. Where source_load() left some of
 * these files out, they are read now, and what is wrong in them is nobody's business: the errors are those of
 * source_load().
 */
int account_ids_add(struct arena *arena, struct repo *repo, const struct source *source, struct strings *ret,
                    struct err *err);

#endif

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The value of strategy.matrix for an apply in several jobs (DESIGN §8): shards by account only, because one
 * account has one writer.
 */
#ifndef IAMLEASE_PLAN_MATRIX_H
#define IAMLEASE_PLAN_MATRIX_H

#include "model/plan.h"

enum {
    MATRIX_MAX = 256,       /* jobs that GitHub makes of one matrix */
    MATRIX_WEIGHT_MIN = 50, /* accounts and operations that are worth a job of their own */
};

/*
 * {"include":[{"shard":"1/3","accounts":"111111111111,222222222222"},…]}, minified. Every account of
 * `account_ids` (in any order, repeated or not), and every one that an operation concerns, is in exactly one
 * shard: apply looks at all of them, since leases end that no plan knows of. Shards weigh about the same,
 * where an account and an operation weigh 1; there are at most `shards_max` (at least 1; never over
 * MATRIX_MAX), and none is empty. The same input gives the same text; no account gives {"include":[]}.
 */
const char *matrix_json(struct arena *arena, const struct strings *account_ids,
                        const struct operations *operations, size_t shards_max);

#endif

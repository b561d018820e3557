/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A part of the accounts, as a job of a matrix applies it (DESIGN §8). A plan of the applied commit and the
 * tip names every account of both in one shard each; what only commits between them name, and no plan shows,
 * belongs to the first shard, so that nothing is left out.
 */
#ifndef IAMLEASE_FLOW_SHARD_H
#define IAMLEASE_FLOW_SHARD_H

#include "flow/findings.h"
#include "model/observed.h"

/* ERR_USAGE: --shard is not I/N, lacks --accounts or --head, or the accounts are none. */
int shard_check(const struct run *run, const struct apply_request *request, struct err *err);

/* The ids in texts such as "222222222222,333333333333", as a matrix has them; they may be anything else, too. */
struct strings account_lists_split(struct arena *arena, const struct strings *lists);

/* Leaves those accounts that belong to the shard of the request; all when there is none. */
void shard_limit(const struct run *run, const struct apply_request *request, const struct findings *findings,
                 struct needs *needs);

#endif

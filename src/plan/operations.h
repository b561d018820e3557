/* SPDX-License-Identifier: Apache-2.0 */
/* Facts and what stands in AWS → the exact calls, in order (DESIGN §3 and §5). Pure. */
#ifndef IAMLEASE_PLAN_OPERATIONS_H
#define IAMLEASE_PLAN_OPERATIONS_H

#include "plan/operations_input.h"

/*
 * Adds operations, problems, notices and drift to the plan. Accounts are looked at one after the other, each
 * in memory that goes when it is done.
 */
void operations_compute(struct arena *arena, const struct operations_input *input, struct plan *plan);

/*
 * The removal of every lease of ours that has ended, and nothing else, account by account. `declared`: NULL
 * where that is not known as a whole, or all facts that a commit at hand declares, sorted: what these say has
 * ended goes, too, whatever end somebody gave it by hand. `adopted`: NULL, or facts, sorted; of these also
 * what cloud-iam-self-serve made. `revoked`: NULL, or runs of Port, sorted; what was granted to these at once
 * goes before its end.
 */
void operations_cleanup(struct arena *arena, const struct settings *settings, const struct observed *observed,
                        const struct facts *declared, const struct facts *adopted,
                        const struct strings *revoked, int64_t now_s, struct plan *plan);

/* The removal of what stands in AWS of one lease, ended or not, and of nothing else. */
void operations_revoke(struct arena *arena, const struct settings *settings, const struct observed *observed,
                       const struct fact *fact, int64_t now_s, struct plan *plan);

/* Removals of one object that two of these asked for become one; what waits for either waits for that. */
void operations_drop_repeated(struct arena *arena, struct operations *operations);

/*
 * What AWS would hold if exactly these facts had been applied: lets a plan be made without AWS credentials.
 * Every principal of `named` exists in it. `texts` begins as zero and is filled; NULL: nobody needs them.
 */
void operations_implied_state(struct arena *arena, const struct settings *settings, const struct facts *facts,
                              const struct facts *named, struct lease_texts *texts, struct observed *ret);

#endif

/* SPDX-License-Identifier: Apache-2.0 */
/* Configuration → facts (DESIGN §3). */
#ifndef IAMLEASE_PLAN_DESIRED_H
#define IAMLEASE_PLAN_DESIRED_H

#include "model/access.h"

/*
 * The facts that a configuration declares, sorted by identity. Entries of one fact are one lease with the
 * latest end. With `now_s` 0 every entry counts (removal candidates); otherwise leases that have ended at
 * now_s are left out. References that do not resolve are skipped: the configuration has been checked before.
 */
void desired_facts(struct arena *arena, const struct config *config, int64_t now_s, struct facts *ret);

/* The facts of some teams only; an empty list keeps all. */
void facts_of_teams(struct arena *arena, const struct facts *facts, const struct strings *teams,
                    struct facts *ret);

/* The same facts sorted by identity; those that share one stay in their order. NULL gives an empty list. */
struct facts facts_sorted(struct arena *arena, const struct facts *facts);

#endif

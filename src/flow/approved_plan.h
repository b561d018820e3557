/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The plan that was approved, as apply gets it with --plan: which versions of managed policies its leases
 * were to copy. Nothing else of it counts: what is applied comes from git (DESIGN §5), and with the file less
 * is granted than without, never more.
 */
#ifndef IAMLEASE_FLOW_APPROVED_PLAN_H
#define IAMLEASE_FLOW_APPROVED_PLAN_H

#include "flow/findings.h"

/* Reads `sources` of a plan.json of at most 64 MiB. ERR_IO, or ERR_INPUT: it is no plan. */
int approved_plan_read(struct arena *arena, const char *path, struct plan_sources *ret, struct err *err);

/*
 * Holds each lease that is not there yet and would copy another version than the plan recorded: it moves from
 * findings->desired to findings->history.held, with a problem "source-moved".
 */
void approved_plan_hold(const struct run *run, const struct plan_sources *approved, struct findings *findings,
                        struct problems *problems);

#endif

/* SPDX-License-Identifier: Apache-2.0 */
/* From what `iamlease bootstrap` wants and what stands in AWS to the calls that are missing; pure. */
#ifndef IAMLEASE_PLAN_BOOTSTRAP_OPERATIONS_H
#define IAMLEASE_PLAN_BOOTSTRAP_OPERATIONS_H

#include "model/bootstrap.h"
#include "model/observed.h"
#include "model/plan.h"

/* What must be read for it. */
void bootstrap_needs(struct arena *arena, const struct bootstrap *wanted, struct needs *ret);

/*
 * Fills plan->operations and plan->problems. An object is changed only when it carries our tag: a role without
 * it, and a provider without it that lacks a client id, is a problem ("foreign-role", "foreign-provider").
 * A provider that is as it must be is used, whoever made it. An account that could not be read is a problem
 * ("account-unreachable"); the others are done. What would trust a role of the hub that is not ours is left as
 * it is ("foreign-trust").
 */
void bootstrap_operations(struct arena *arena, const struct bootstrap *wanted,
                          const struct observed *observed, struct plan *plan);

#endif

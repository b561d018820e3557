/* SPDX-License-Identifier: Apache-2.0 */
/* What a plan lets happen between its calls. */
#ifndef IAMLEASE_UNIT_PLAN_MOMENTS_H
#define IAMLEASE_UNIT_PLAN_MOMENTS_H

#include "plan_world.h"

/*
 * Executes the last plan in several orders that its waits allow, and once for each operation that is refused
 * for good, and looks after each call: nobody may do anything, at any time from then on, that was neither
 * allowed before the plan nor is allowed after it. Of a role that is whoever its trust lets in, each by
 * himself (plan_visitors.h). Looks at actions and at the time, not at resources or other conditions.
 */
void plan_moments_check(const struct world *world);

#endif

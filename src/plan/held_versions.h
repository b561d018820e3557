/* SPDX-License-Identifier: Apache-2.0 */
/* Inside src/plan only: what a policy is to allow from now on, only those get who are declared and not held. */
#ifndef IAMLEASE_PLAN_HELD_VERSIONS_H
#define IAMLEASE_PLAN_HELD_VERSIONS_H

#include "plan/account_work.h"

/*
 * Refuses the version of a policy that allows more while it is attached to whose access is held, or, adopted,
 * has holders whom nobody declares: they would get that, too. What it has attached already stays as it is,
 * and nothing of its grant is attached to anybody else. When all is known that is wanted and that goes.
 */
void work_hold_versions(struct account_work *work);

#endif

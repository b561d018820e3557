/* SPDX-License-Identifier: Apache-2.0 */
/* Inside src/plan only: an adopted policy hangs on whom it was given to before, and what it is to allow from
 * now on, only those get who are declared. */
#ifndef IAMLEASE_PLAN_HELD_VERSIONS_H
#define IAMLEASE_PLAN_HELD_VERSIONS_H

#include "plan/account_work.h"

/*
 * Refuses the version of an adopted policy that allows more while it has holders whom nobody declares: they
 * would get that, too. What it has attached already stays as it is, and nothing of its grant is attached to
 * anybody else.
 */
void work_hold_versions(struct account_work *work);

#endif

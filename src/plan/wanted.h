/* SPDX-License-Identifier: Apache-2.0 */
/* Inside src/plan only: what must be in an account, and what stands in its way. */
#ifndef IAMLEASE_PLAN_WANTED_H
#define IAMLEASE_PLAN_WANTED_H

#include "plan/account_work.h"

/* Fills in what principals get and which policies and roles that takes; call it before work_collect_unwanted(). */
void work_collect_wanted(struct account_work *work);

#endif

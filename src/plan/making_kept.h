/* SPDX-License-Identifier: Apache-2.0 */
/* Inside src/plan only: roles of aws-roles come to be, or change. */
#ifndef IAMLEASE_PLAN_MAKING_KEPT_H
#define IAMLEASE_PLAN_MAKING_KEPT_H

#include "plan/account_work.h"

/* Makes or changes those that are wanted, all but what is attached to them. */
void work_make_kept(struct account_work *work);

#endif

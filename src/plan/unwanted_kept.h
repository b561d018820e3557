/* SPDX-License-Identifier: Apache-2.0 */
/* Inside src/plan only: roles of aws-roles that nobody declares any more. */
#ifndef IAMLEASE_PLAN_UNWANTED_KEPT_H
#define IAMLEASE_PLAN_UNWANTED_KEPT_H

#include "plan/account_work.h"

/* Takes away those that nobody wants. */
void work_drop_kept(struct account_work *work);

#endif

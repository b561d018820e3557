/* SPDX-License-Identifier: Apache-2.0 */
/* Inside src/plan only: managed policies of ours come to be, change, or are adopted. */
#ifndef IAMLEASE_PLAN_MAKING_POLICIES_H
#define IAMLEASE_PLAN_MAKING_POLICIES_H

#include "plan/account_work.h"

/* Tags those that this run adopts, before anything else is done to them. */
void work_adopt_policies(struct account_work *work);

/* Makes those that somebody will have attached in the end, or changes their documents. */
void work_make_policies(struct account_work *work);

#endif

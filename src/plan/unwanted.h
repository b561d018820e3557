/* SPDX-License-Identifier: Apache-2.0 */
/* Inside src/plan only: what must go from an account, which is removal candidates that git knows, and
 * whatever carries our mark and nobody declares. */
#ifndef IAMLEASE_PLAN_UNWANTED_H
#define IAMLEASE_PLAN_UNWANTED_H

#include "plan/account_work.h"

/* Fills in what principals lose, and lists what is left of cloud-iam-self-serve. */
void work_collect_unwanted(struct account_work *work);

#endif

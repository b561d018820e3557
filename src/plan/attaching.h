/* SPDX-License-Identifier: Apache-2.0 */
/* Inside src/plan only: what is attached to principals and detached from them, and what waits for what. */
#ifndef IAMLEASE_PLAN_ATTACHING_H
#define IAMLEASE_PLAN_ATTACHING_H

#include "plan/account_work.h"

/* Of one grant, what denies comes first, and what allows waits for it. */
void work_attach(struct account_work *work, struct principal_work *principal);

/* What allows goes before what denies. A second time there is nothing left to do. */
void work_detach(struct account_work *work, struct principal_work *principal);

/* Detaches where that must be done before a policy changes: it will allow more or deny less than it does. */
void work_detach_before_changes(struct account_work *work);

/* Lets the change of a policy wait for that. */
void work_after_detachments(struct account_work *work, size_t operation, const struct wanted_policy *policy);

/*
 * At the end: lets every policy that is to allow more wait until it is detached from all who lose it in this
 * run.
 */
void work_change_after_detachments(struct account_work *work);

#endif

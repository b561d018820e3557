/* SPDX-License-Identifier: Apache-2.0 */
/* Inside src/plan only: what an operation waits for, directly or by way of others. All are indexes of operations. */
#ifndef IAMLEASE_PLAN_WAITING_H
#define IAMLEASE_PLAN_WAITING_H

#include "plan/account_work.h"

/* Lets `waiting` wait for `needed`, unless it does so already. */
void work_wait_for(struct account_work *work, size_t waiting, size_t needed);

/* Marks in `needed`, which has a place for each operation, what an operation waits for, and what that waits for. */
void work_mark_needed(const struct account_work *work, size_t operation, bool *needed);

/* Lets `waiting` wait for `needed`, unless that would be a ring. */
void work_wait_unless_needed(struct account_work *work, size_t waiting, size_t needed);

#endif

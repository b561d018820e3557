/* SPDX-License-Identifier: Apache-2.0 */
/* Inside src/plan only: in which order the trust, the boundary and the policies of a role of aws-roles change. */
#ifndef IAMLEASE_PLAN_TRUST_ORDER_H
#define IAMLEASE_PLAN_TRUST_ORDER_H

#include "plan/account_work.h"

/* Lets the operations of the account wait for each other so that the law holds that
 * trust_order.c begins with. */
void work_order_trust(struct account_work *work);

#endif

/* SPDX-License-Identifier: Apache-2.0 */
/* Inside src/plan only: roles of aws-roles that trust each other; IAM refuses a trust policy that names a
 * role that is not there. */
#ifndef IAMLEASE_PLAN_KEPT_ORDER_H
#define IAMLEASE_PLAN_KEPT_ORDER_H

#include "plan/account_work.h"

/* Brings the wanted roles of an account into an order in which each stands behind those that it trusts and
 * that are to be made; in a ring somebody is first. */
void kept_order(struct account_work *work);

/* One of this account that the role trusts and that is neither there nor settled, which the caller says of
 * each in that order; or NULL. */
const char *kept_lacks(const struct account_work *work, const struct role_decl *role);

/* Lets an operation that writes the trust policy of a role wait for the making of the roles of this account
 * that it trusts. */
void kept_after_trusted(struct account_work *work, size_t operation, const struct wanted_role *wanted);

/* Whether the role trusts one that is declared in any account: it may have been made a moment ago. */
bool kept_trusts_declared(const struct account_work *work, const struct role_decl *role);

#endif

/* SPDX-License-Identifier: Apache-2.0 */
/* Inside src/plan only: OIDC providers of aws-roles are made and changed. */
#ifndef IAMLEASE_PLAN_KEPT_PROVIDERS_H
#define IAMLEASE_PLAN_KEPT_PROVIDERS_H

#include "plan/account_work.h"

/* Makes or changes those that are wanted; before roles are wanted. */
void work_collect_providers(struct account_work *work);

/* Whether one is not there, or is somebody else's: roles that trust it are not made. */
bool work_is_refused_provider(struct account_work *work, const char *issuer);

/* Lets an operation wait for the making of the OIDC providers that a role trusts. */
void work_after_provider(struct account_work *work, size_t operation, const struct role_decl *role);

#endif

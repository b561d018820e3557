/* SPDX-License-Identifier: Apache-2.0 */
/* Inside src/plan only: OIDC providers of aws-roles that nobody declares any more. */
#ifndef IAMLEASE_PLAN_UNWANTED_PROVIDERS_H
#define IAMLEASE_PLAN_UNWANTED_PROVIDERS_H

#include "plan/account_work.h"

/* Takes away those that nobody wants, when no role trusts them. */
void work_drop_providers(struct account_work *work);

#endif

/* SPDX-License-Identifier: Apache-2.0 */
/* What denies everything from the end of a lease that is a role on, as it stands in AWS. Pure. */
#ifndef IAMLEASE_PLAN_ROLE_DENY_H
#define IAMLEASE_PLAN_ROLE_DENY_H

#include "model/observed.h"
#include "model/plan.h"

/* Whether it is there, to the letter, and begins no later than that. */
bool role_deny_is_in_time(struct arena *arena, const char *sid_prefix, const struct observed_principal *role,
                          int64_t ends_at_s);

/*
 * Adds the problem "lease-without-end" when it is not, and the role allows something: sessions that begin
 * before its end would outlive it. Roles that were granted at once are judged elsewhere (direct_edited_report()).
 */
void role_deny_report(struct arena *arena, const char *sid_prefix, const char *account_id,
                      const struct observed_principal *role, int64_t ends_at_s, struct problems *problems);

#endif

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Direct grants (plan/direct_role.h) as they stand in AWS: no entry says what they shall be, so they are held
 * against what they must have been made of. Pure.
 */
#ifndef IAMLEASE_PLAN_DIRECT_EDITED_H
#define IAMLEASE_PLAN_DIRECT_EDITED_H

#include "plan/account_work.h"

/*
 * When such a role ends: the earliest of its trust, of what denies everything, and of its own policy. False
 * when none of them says so.
 */
bool direct_role_ends_at(struct arena *arena, const char *owner, const struct observed_principal *role,
                         int64_t *ret_ends_at_s);

/* The same of any role of ours; one that an entry asks for ends as its trust policy does. */
bool work_role_ends_at(const struct account_work *work, const struct observed_principal *role,
                       int64_t *ret_ends_at_s);

/*
 * Adds a problem when somebody changed it: whom it trusts or until when, what it allows, what denies
 * everything, or what else is on it. One that is not finished yet is none.
 */
void direct_edited_report(struct arena *arena, const struct settings *settings, const char *account_id,
                          const struct observed_principal *role, struct problems *problems);

#endif

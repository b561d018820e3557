/* SPDX-License-Identifier: Apache-2.0 */
/* Inside src/plan only: a policy, a lease or a role of ours goes with all that hangs on it, in an order that AWS takes. */
#ifndef IAMLEASE_PLAN_DELETING_H
#define IAMLEASE_PLAN_DELETING_H

#include "plan/account_work.h"

/* Deletes one version of a managed policy that is not the default; gives the index of the operation. */
size_t work_delete_version(struct account_work *work, const struct observed_policy *policy,
                           const char *version_id, const char *reason);

/*
 * Deletes a policy of ours, after the operations that detach it and after its other versions. `document`:
 * what it must still be, or NULL.
 */
void work_delete_policy(struct account_work *work, const struct observed_policy *policy, const char *reason,
                        const char *document);

/*
 * Detaches policies that are those of a lease from whoever has them, and deletes them; each only while its
 * document is what it is now. `lease_id`: or NULL where it is not known.
 */
void work_take_lease_away(struct account_work *work, const struct observed_policy *const *policies,
                          size_t count, const char *lease_id, int64_t ends_at_s, const char *reason);

/*
 * Deletes a lease of ours that is a role, with all that is on it; each call only while the mark and the trust
 * policy of the role are what they are now.
 */
void work_delete_role(struct account_work *work, const struct observed_principal *role, const char *reason);

#endif

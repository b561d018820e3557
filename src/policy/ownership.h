/* SPDX-License-Identifier: Apache-2.0 */
/* Whose a customer managed policy is (DESIGN §3, "Ownership"). */
#ifndef IAMLEASE_POLICY_OWNERSHIP_H
#define IAMLEASE_POLICY_OWNERSHIP_H

#include "model/observed.h"
#include "policy/mark.h"

/*
 * Whether a policy is that owner's; then *ret is its mark. It stands in the description, or, of a policy that
 * was adopted, in its tag. The tag alone proves nothing, because whoever may tag could point us at any policy:
 * it counts on a policy of cloud-iam-self-serve only, of the very team and with the very name that it says.
 */
bool policy_is_ours(struct arena *arena, const struct observed_policy *policy, const char *owner,
                    struct mark *ret);

/* Whether such a policy is one that was adopted: who else has it attached is none of our business. */
bool policy_is_adopted(struct arena *arena, const struct observed_policy *policy, const char *owner);

/* Whether its tag says that it is ours, or that of anybody else: whatever --adopt wants must have none. */
bool policy_is_free(const struct observed_policy *policy);

/* Whether a policy belongs to AWS, is the same in every account, and never ours. */
bool policy_arn_is_of_aws(const char *arn);

#endif

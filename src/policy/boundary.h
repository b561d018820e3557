/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Permissions boundaries as files name them, and as AWS has them. A file names a managed policy by its ARN,
 * or by what stands behind the account in it, "policy/limits/team": then it is that of each account. Pure.
 */
#ifndef IAMLEASE_POLICY_BOUNDARY_H
#define IAMLEASE_POLICY_BOUNDARY_H

#include "base/arena.h"
#include "model/configuration.h"

/* The ARN in that account, which may be a variable of policies; an ARN and "" are what they are. */
const char *boundary_arn(struct arena *arena, const struct settings *settings, const char *account_id,
                         const char *boundary);

/* The ARN of that of a role of aws-roles in an account, or, where `role` is NULL, of a lease; "": none. */
const char *boundary_of_role(struct arena *arena, const struct settings *settings, const char *account_id,
                             const struct role_decl *role);

/* "policy/limits/team" of its ARN. */
const char *boundary_without_account(const char *arn);

/* What a file would name: for a policy of that account, without the account; else the ARN. */
const char *boundary_as_written(const char *arn, const char *account_id);

/*
 * Whether a role of that account can have it: AWS's own policies and the account's (IAM User Guide,
 * "Permissions boundaries for IAM entities"). "" can be had everywhere.
 */
bool boundary_is_possible(const char *arn, const char *account_id);

#endif

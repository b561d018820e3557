/* SPDX-License-Identifier: Apache-2.0 */
#include "policy/boundary.h"

#include "base/str.h"

#include <string.h>

/* What stands behind the account of an ARN where that is it; NULL: it is another one. A name in IAM has no colon. */
static const char *behind_account(const char *arn, const char *account_id)
{
    const char *account = strstr(arn, "::"), *rest = strrchr(arn, ':');
    const size_t size = strlen(account_id);
    return account && rest == account + strlen("::") + size && str_prefix(account + strlen("::"), account_id)
               ? rest + 1
               : NULL;
}

const char *boundary_arn(struct arena *arena, const struct settings *settings, const char *account_id,
                         const char *boundary)
{
    return !*boundary || str_prefix(boundary, "arn:")
               ? boundary
               : arena_printf(arena, "arn:%s:iam::%s:%s", settings->partition, account_id, boundary);
}

const char *boundary_of_role(struct arena *arena, const struct settings *settings, const char *account_id,
                             const struct role_decl *role)
{
    const bool has_own = role && role->permissions_boundary;
    return boundary_arn(arena, settings, account_id,
                        has_own ? role->permissions_boundary : settings->permissions_boundary);
}

const char *boundary_without_account(const char *arn)
{
    return strrchr(arn, ':') + 1;
}

const char *boundary_as_written(const char *arn, const char *account_id)
{
    const char *rest = behind_account(arn, account_id);
    return rest ? rest : arn;
}

bool boundary_is_possible(const char *arn, const char *account_id)
{
    return !*arn || behind_account(arn, "aws") || behind_account(arn, account_id);
}

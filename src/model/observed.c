/* SPDX-License-Identifier: Apache-2.0 */
#include "model/observed.h"

#include "base/str.h"

struct quotas quotas_defaults(void)
{
    /* IAM user guide, "IAM and AWS STS quotas" */
    return (struct quotas){
        .managed_policy_size = 6144,
        .user_inline_size = 2048,
        .role_inline_size = 10240,
        .attached_per_user = 10,
        .attached_per_role = 10,
        .versions_per_policy = 5,
    };
}

const struct observed_account *observed_find_account(const struct observed *observed, const char *account_id)
{
    for (size_t i = 0; i < observed->count; i++)
        if (str_eq(observed->items[i].account_id, account_id))
            return &observed->items[i];
    return NULL;
}

const struct observed_principal *observed_find_principal(const struct observed_account *account,
                                                         enum principal_kind kind, const char *name)
{
    for (size_t i = 0; i < account->principals.count; i++)
        if (account->principals.items[i].kind == kind &&
            str_casecmp(account->principals.items[i].name, name) == 0)
            return &account->principals.items[i];
    return NULL;
}

const struct observed_policy *observed_find_policy(const struct observed_account *account, const char *name)
{
    for (size_t i = 0; i < account->policies.count; i++)
        if (str_casecmp(account->policies.items[i].name, name) == 0)
            return &account->policies.items[i];
    return NULL;
}

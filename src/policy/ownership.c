/* SPDX-License-Identifier: Apache-2.0 */
#include "policy/ownership.h"

#include "base/str.h"
#include "policy/role_mark.h"
#include "policy/self_serve.h"

#include <string.h>

static bool is_adopted(struct arena *arena, const struct observed_policy *policy, const char *owner,
                       struct mark *ret)
{
    return policy->tag && role_mark_parse(arena, policy->tag, ret) && str_eq(ret->owner, owner) &&
           self_serve_made_policy(policy, ret->team) &&
           str_eq(policy->name, mark_policy_name(arena, ret->team, ret->name));
}

bool policy_is_ours(struct arena *arena, const struct observed_policy *policy, const char *owner,
                    struct mark *ret)
{
    if (mark_parse(arena, policy->description, ret))
        return str_eq(ret->owner, owner);
    return is_adopted(arena, policy, owner, ret);
}

bool policy_is_adopted(struct arena *arena, const struct observed_policy *policy, const char *owner)
{
    struct mark mark;
    return !mark_parse(arena, policy->description, &mark) && is_adopted(arena, policy, owner, &mark);
}

bool policy_is_free(const struct observed_policy *policy)
{
    return !policy->tag && !policy->tag_error;
}

bool policy_arn_is_of_aws(const char *arn)
{
    return strstr(arn, ":iam::aws:policy/") != NULL;
}

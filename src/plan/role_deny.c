/* SPDX-License-Identifier: Apache-2.0 */
#include "plan/role_deny.h"

#include "base/time.h"
#include "plan/lease_role.h"
#include "plan/ours.h"
#include "policy/document.h"

bool role_deny_is_in_time(struct arena *arena, const char *sid_prefix, const struct observed_principal *role,
                          int64_t ends_at_s)
{
    struct document deny;
    int64_t from_s;
    return work_read_inline(arena, role, lease_role_deny_name, &deny) &&
           lease_role_denies_from(arena, sid_prefix, &deny, &from_s) && from_s <= ends_at_s;
}

void role_deny_report(struct arena *arena, const char *sid_prefix, const char *account_id,
                      const struct observed_principal *role, int64_t ends_at_s, struct problems *problems)
{
    char end[TIME_TEXT_SIZE];
    if (role->direct || !role->attached.count || role_deny_is_in_time(arena, sid_prefix, role, ends_at_s))
        return;
    problem_add(
        arena, problems, "lease-without-end", account_id, NULL,
        "role %s in account %s ends at %s, but its inline policy %s, which cuts open sessions off then, is "
        "missing or late: it was edited by hand",
        role->name, account_id, time_format(ends_at_s, end), lease_role_deny_name)
        ->hint = "run 'iamlease apply', which puts it right or removes it";
}

/* SPDX-License-Identifier: Apache-2.0 */
#include "plan/direct_role.h"

#include "base/hash.h"
#include "base/str.h"
#include "plan/ours.h"
#include "policy/role_mark.h"

#include <string.h>

enum { NAME_MAX_LENGTH = 64, ID_DIGITS = 16 };

static const char prefix[] = "Permission-";

const char *direct_role_name(struct arena *arena, const char *run_id)
{
    const char *name = arena_printf(arena, "%s%s", prefix, run_id);
    return strlen(name) <= NAME_MAX_LENGTH ? name : NULL;
}

const char *direct_role_arn(struct arena *arena, const struct settings *settings, const char *account_id,
                            const char *name)
{
    return arena_printf(arena, "arn:%s:iam::%s:role%s%s", settings->partition, account_id,
                        settings->policy_path, name);
}

void direct_role_needs(struct arena *arena, const struct fact *fact, struct needs *needs)
{
    needs_add_account(arena, fact->account_id, needs);
    struct account_needs *account = &needs->items[0];
    strings_add(arena, &account->principals[PRINCIPAL_USER], fact->principal);
    strings_add(arena, &account->principals[PRINCIPAL_ROLE], direct_role_name(arena, fact->port_run));
    needs_finish(needs);
}

const char *direct_role_lease_id(struct arena *arena, const struct settings *settings, const char *arn)
{
    char hex[SHA256_HEX_SIZE];
    const char *place = arena_printf(arena, "%s\n%s", settings->owner, arn);
    return arena_printf(arena, "%.*s", ID_DIGITS, sha256_hex(place, strlen(place), hex));
}

bool direct_role_read(struct arena *arena, const struct settings *settings, const char *account_id,
                      const struct observed_principal *role, struct direct_grant *ret)
{
    struct mark mark;
    struct document document;
    const char *sid_prefix = mark_sid_prefix(arena, settings->owner);
    if (role->kind != PRINCIPAL_ROLE || !role->direct ||
        !role_mark_is_lease(arena, role->mark, settings->owner, &mark) || !str_prefix(role->name, prefix))
        return false;
    const char *arn = role->arn ? role->arn : direct_role_arn(arena, settings, account_id, role->name);
    *ret = (struct direct_grant){.lease_id = direct_role_lease_id(arena, settings, arn),
                                 .arn = arn,
                                 .run_id = role->name + strlen(prefix),
                                 .requester = role_mark_text_of(arena, role->direct)};
    const struct inline_policy *policy = work_find_inline(role, role->name);
    if (!policy || !mark_read_inline(arena, policy->document, sid_prefix, &document) || !document.count)
        return true;
    ret->policy = policy->document;
    ret->actions = document.items[0].actions;
    if (document.items[0].resources.count)
        ret->resource = document.items[0].resources.items[0];
    return true;
}

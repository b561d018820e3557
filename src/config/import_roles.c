/* SPDX-License-Identifier: Apache-2.0 */
/* Roles and OIDC providers that are not of this team's aws-roles: those stand in files that people write. */
#include "config/import_work.h"
#include "policy/role_mark.h"

#include <string.h>

static bool is_below(const struct observed_principal *principal, const char *path)
{
    return principal->kind == PRINCIPAL_ROLE && principal->arn && strstr(principal->arn, path);
}

bool import_is_service_linked(const struct observed_principal *principal)
{
    return is_below(principal, ":role/aws-service-role/");
}

bool import_is_reserved(const struct observed_principal *principal)
{
    return is_below(principal, ":role/aws-reserved/");
}

void import_leave_role(struct import_work *work, const struct observed_principal *role)
{
    if (import_is_service_linked(role) || import_find_kept(work, role))
        return; /* counted below, or an entry */
    if (import_is_reserved(role))
        import_leave(work, LEFT_ROLE, role, role->name, "reserved-role",
                     "a role of IAM Identity Center: only that changes it");
    else if (!role->mark)
        import_leave(work, LEFT_ROLE, role, role->name, "role",
                     "import writes no aws-roles: who may assume it, and its settings, stay as they are");
    else if (!import_is_kept_role(work, role->name))
        import_leave(work, LEFT_ROLE, role, role->name, "of-iamlease",
                     arena_printf(work->arena, "iamlease made it: its tag says '%s'", role->mark));
}

static bool is_ours_and_kept(const struct import_work *work, const struct oidc_provider *provider)
{
    return tags_get(&provider->tags, role_mark_key) && import_is_kept_provider(work, provider->url);
}

static void leave_provider(struct import_work *work, const struct oidc_provider *provider)
{
    if (is_ours_and_kept(work, provider) || import_find_kept(work, provider))
        return;
    if (import_has_patterns(work->request)) {
        work->imported->filtered++;
        return;
    }
    const char *mark = tags_get(&provider->tags, role_mark_key);
    import_leave(work, LEFT_PROVIDER, NULL, provider->arn, mark ? "of-iamlease" : "oidc-provider",
                 mark ? arena_printf(work->arena, "iamlease made it: its tag says '%s'", mark)
                      : "import writes no aws-roles: it, and what trusts it, stay as they are");
}

void import_leave_account(struct import_work *work)
{
    size_t count = 0;
    for (size_t i = 0; i < work->account->principals.count; i++)
        count += import_is_service_linked(&work->account->principals.items[i]) &&
                 import_is_asked_for(work->request, &work->account->principals.items[i]);
    if (count)
        import_leave(work, LEFT_ROLE, NULL,
                     arena_printf(work->arena, "%zu service-linked role%s", count, count == 1 ? "" : "s"),
                     "service-linked-role", "only the services that they belong to change them");
    for (size_t i = 0; i < work->account->providers.count; i++)
        leave_provider(work, &work->account->providers.items[i]);
}

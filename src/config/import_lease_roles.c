/* SPDX-License-Identifier: Apache-2.0 */
/* Leases that are roles to switch to; and what the marks of leases say. */
#include "base/str.h"
#include "base/time.h"
#include "config/import_work.h"
#include "policy/document.h"
#include "policy/ownership.h"
#include "policy/role_mark.h"

#include <string.h>

/* "20261130T140000Z", as mark_start() writes it. */
static bool read_start(struct arena *arena, const char *text, int64_t *ret_s)
{
    return strlen(text) == MARK_START_SIZE - 1 &&
           time_parse_rfc3339(arena_printf(arena, "%.4s-%.2s-%.5s:%.2s:%.3s", text, text + 4, text + 6,
                                           text + 11, text + 13),
                              ret_s);
}

bool import_read_lease_mark(struct import_work *work, const struct mark *mark, const char **ret_grant,
                            const struct observed_principal **ret_principal, int64_t *ret_starts_at_s)
{
    char *grant = arena_strdup(work->arena, mark->name), *kind = strchr(grant, ':'),
         *name = kind ? strchr(kind + 1, ':') : NULL, *start = name ? strchr(name + 1, ':') : NULL;
    if (!name)
        return false;
    *kind++ = *name++ = 0;
    if (start)
        *start++ = 0;
    *ret_grant = grant;
    *ret_principal = NULL;
    *ret_starts_at_s = 0;
    for (enum principal_kind k = 0; k < PRINCIPAL_KIND_COUNT; k++)
        if (str_eq(kind, principal_kind_name(k)))
            *ret_principal = observed_find_principal(work->account, k, name);
    return *ret_principal && (!start || read_start(work->arena, start, ret_starts_at_s));
}

bool import_is_lease_role(struct import_work *work, const struct observed_principal *principal,
                          struct mark *ret)
{
    return principal->kind == PRINCIPAL_ROLE && !principal->direct &&
           role_mark_is_lease(work->arena, principal->mark, work->settings->owner, ret) &&
           str_eq(ret->team, work->request->team);
}

/* The policies that it lends: that of the grant, and those that the grant names. */
static struct import_grant *grant_of(struct import_work *work, const struct observed_principal *role,
                                     const char *name, const char **detail)
{
    const struct observed_policy *own = NULL;
    struct strings managed = {0};
    struct mark mark;
    for (size_t i = 0; i < role->attached.count; i++) {
        const struct observed_policy *policy = map_get(&work->policies, role->attached.items[i]);
        if (!policy || !policy_is_ours(work->arena, policy, work->settings->owner, &mark))
            strings_add(work->arena, &managed, role->attached.items[i]);
        else if (str_eq(mark.team, work->request->team) && str_eq(mark.name, name))
            own = policy;
        else
            *detail = "it has a policy of iamlease that is not that of its grant";
    }
    if (*detail)
        return NULL;
    return own ? import_as_statements(work, own, name, &managed, detail)
               : import_custom_grant(work, name, "", &(struct document){0}, &managed, detail);
}

static bool ends_at(struct import_work *work, const struct observed_principal *role, int64_t *ret_s)
{
    struct document trust = {0};
    struct err ignored;
    return role->trust &&
           document_parse_trust(work->arena, role->trust, strlen(role->trust), &trust, &ignored) == 0 &&
           lease_ends_at(&trust, ret_s);
}

static void add_objects(struct import_work *work, const struct observed_principal *role)
{
    import_add_object(work, LEFT_ROLE, role, role->name);
    for (size_t i = 0; i < role->attached.count; i++)
        import_add_object(work, LEFT_ATTACHMENT, role, role->attached.items[i]);
    for (size_t i = 0; i < role->inline_policies.count; i++)
        import_add_object(work, LEFT_INLINE_POLICY, role, role->inline_policies.items[i].name);
}

static void leave(struct import_work *work, const struct observed_principal *role, const char *reason,
                  const char *detail)
{
    import_leave(work, LEFT_ROLE, role, role->name, reason, detail);
    for (size_t i = 0; i < role->attached.count; i++)
        import_leave(work, LEFT_ATTACHMENT, role, role->attached.items[i], reason, detail);
    for (size_t i = 0; i < role->inline_policies.count; i++)
        import_leave(work, LEFT_INLINE_POLICY, role, role->inline_policies.items[i].name, reason, detail);
}

void import_lease_role(struct import_work *work, const struct observed_principal *role)
{
    const struct observed_principal *principal = NULL;
    const char *name, *written = NULL, *reason = "not-expressible", *detail = NULL;
    struct lease_terms terms = import_terms(work, 0, 0);
    struct import_grant *grant = NULL;
    struct mark mark;
    (void)import_is_lease_role(work, role, &mark);
    bool is_sound = import_read_lease_mark(work, &mark, &name, &principal, &terms.starts_at_s) &&
                    ends_at(work, role, &terms.ends_at_s);
    if (!is_sound) {
        detail = principal ? "a lease of iamlease that was edited by hand"
                           : "a lease of iamlease for somebody who is not there, or has no room in its mark";
    } else if (terms.ends_at_s <= work->request->now_s) {
        reason = "ended";
        detail = import_when_it_ends(work, "it ended at", terms.ends_at_s);
    } else if (!import_is_asked_for(work->request, principal)) {
        reason = "of-iamlease";
        detail = "a lease of somebody whom --users, --roles and --groups leave out";
    } else {
        written = import_write_principal(work, principal);
        if (!import_is_out_of_reach(work, principal, written, &reason, &detail))
            grant = grant_of(work, role, name, &detail);
    }
    if (!grant) {
        leave(work, role, reason, detail);
        return;
    }
    import_add_lease(work, principal, written, grant, &terms, ENTRY_ROLE);
    add_objects(work, role);
}

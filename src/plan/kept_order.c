/* SPDX-License-Identifier: Apache-2.0 */
#include "plan/kept_order.h"

#include "base/str.h"

#include <string.h>

static const char *arn_of(const struct account_work *work, const struct fact *fact)
{
    const struct settings *settings = work->input->settings;
    const char *path = fact->policy->role->path ? fact->policy->role->path : settings->policy_path;
    return arena_printf(work->arena, "arn:%s:iam::%s:role%s%s", settings->partition, fact->account_id, path,
                        fact->principal);
}

static bool trusts(const struct role_decl *role, const char *arn)
{
    for (size_t i = 0; i < role->trust.count; i++)
        for (size_t j = 0; j < role->trust.items[i].principals.count; j++)
            if (str_eq(role->trust.items[i].principals.items[j].text, arn))
                return true;
    return false;
}

static bool names_roles(const struct role_decl *role)
{
    bool found = false;
    for (size_t i = 0; i < role->trust.count; i++)
        found |= role->trust.items[i].principals.count != 0;
    return found;
}

/* Whether it trusts one of those that stand behind `from` in the list. */
static bool waits(const struct account_work *work, size_t place, size_t from)
{
    const struct role_decl *role = work->kept.items[place]->role->fact->policy->role;
    for (size_t i = from; names_roles(role) && i < work->kept.count; i++)
        if (i != place && trusts(role, arn_of(work, work->kept.items[i]->role->fact)))
            return true;
    return false;
}

void kept_order(struct account_work *work)
{
    for (size_t from = 0; from < work->kept.count; from++) {
        size_t next = from;
        while (next < work->kept.count && waits(work, next, from))
            next++;
        if (next == work->kept.count)
            return; /* they trust each other */
        struct principal_work *first = work->kept.items[next];
        memmove(&work->kept.items[from + 1], &work->kept.items[from],
                (next - from) * sizeof work->kept.items[0]);
        work->kept.items[from] = first;
    }
}

void kept_after_trusted(struct account_work *work, size_t operation, const struct wanted_role *wanted)
{
    for (size_t i = 0; i < work->kept.count; i++) {
        const struct wanted_role *other = work->kept.items[i]->role;
        if (other != wanted && other->made && trusts(wanted->fact->policy->role, arn_of(work, other->fact)))
            work_after(work, operation, other->made - 1);
    }
}

bool kept_trusts_declared(const struct account_work *work, const struct role_decl *role)
{
    const struct facts *desired = work->input->desired;
    for (size_t i = 0; names_roles(role) && i < desired->count; i++)
        if (fact_is_role(&desired->items[i]) && trusts(role, arn_of(work, &desired->items[i])))
            return true;
    return false;
}

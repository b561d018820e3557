/* SPDX-License-Identifier: Apache-2.0 */
/* Principals that were deleted and made again: who has the name now may be somebody else (DESIGN §3). */
#include "base/str.h"
#include "plan/account_work.h"
#include "policy/ownership.h"
#include "policy/role_mark.h"
#include "policy/trust.h"

#include <string.h>

/* Whether the entry is as the applied commit had it: a change of what its grant allows is none of its own. */
static bool is_unedited(const struct fact *now, const struct fact *before)
{
    return now->ends_at_s == before->ends_at_s && now->mode == before->mode &&
           now->mode_is_fixed == before->mode_is_fixed && str_eq(now->declared_as, before->declared_as) &&
           str_eq(now->description, before->description) && str_eq(now->reason, before->reason) &&
           str_eq(now->ticket, before->ticket) && str_eq(now->port_run, before->port_run);
}

static bool has_permanent(const struct account_work *work, const struct observed_principal *principal,
                          const struct fact *fact)
{
    const struct observed_policy *ours = work_find_ours(work, fact->team, fact->grant);
    if (ours && observed_is_attached(principal, ours->arn))
        return true;
    for (size_t i = 0; i < fact->policy->managed_policies.count; i++)
        if (observed_is_attached(principal, fact->policy->managed_policies.items[i].text))
            return true;
    return false;
}

static bool has_lease(struct account_work *work, const struct observed_principal *principal,
                      const struct fact *fact)
{
    struct document ignored;
    struct mark mark;
    const struct inline_policy *there = work_find_inline(principal, mark_lease_name(work->arena, fact));
    if (there && work_is_ours(work, there, &ignored))
        return true;
    for (size_t i = 0; i < work->account->policies.count; i++) {
        const struct observed_policy *policy = &work->account->policies.items[i];
        if (observed_is_attached(principal, policy->arn) &&
            policy_is_ours(work->arena, policy, work->input->settings->owner, &mark) &&
            str_eq(mark.team, fact->team) && str_eq(mark.name, mark_copy_of(work->arena, fact)))
            return true;
    }
    return false;
}

/* "AWS:AIDA…" or "AWS:AROA…": the id of a user or role that is no more (facts/aws.md §1.3). */
static bool is_bare_id(const char *principal)
{
    static const char kind[] = "AWS:";
    return str_prefix(principal, kind) && !strpbrk(principal + strlen(kind), ":*") &&
           (str_prefix(principal + strlen(kind), "AIDA") || str_prefix(principal + strlen(kind), "AROA"));
}

static bool trusts_nobody(struct account_work *work, const struct observed_principal *role)
{
    struct document trust = {0};
    struct err ignored;
    if (document_parse_trust(work->arena, role->trust, strlen(role->trust), &trust, &ignored) < 0)
        return false;
    for (size_t i = 0; i < trust.count; i++)
        for (size_t j = 0; j < trust.items[i].principals.count; j++)
            if (is_bare_id(trust.items[i].principals.items[j]))
                return true;
    return false;
}

bool work_is_recreated(struct account_work *work, const struct observed_principal *principal,
                       const struct fact *fact)
{
    struct mark mark;
    if (work_is_kept_role(work, principal, &mark))
        return false; /* it was made by an apply, perhaps one that got no further */
    const struct fact *before = work->input->applied ? facts_find(work->input->applied, fact->identity) : NULL;
    if (!before || !is_unedited(fact, before))
        return false;
    const struct observed_principal *role = fact->kind == ACCESS_LEASE ? work_find_role(work, fact) : NULL;
    if (role)
        return trusts_nobody(work, role);
    if (!work->input->applied_at_s || principal->created_at_s <= work->input->applied_at_s)
        return false;
    return fact->kind == ACCESS_PERMANENT ? !has_permanent(work, principal, fact)
                                          : !has_lease(work, principal, fact);
}

bool work_is_trust_recreated(struct account_work *work, const struct observed_principal *role,
                             const struct fact *fact)
{
    const struct fact *before = work->input->applied ? facts_find(work->input->applied, fact->identity) : NULL;
    return before && is_unedited(fact, before) && before->policy->role && role->trust &&
           str_eq(trust_canonical(work->arena, fact->policy->role, NULL),
                  trust_canonical(work->arena, before->policy->role, NULL)) &&
           trusts_nobody(work, role);
}

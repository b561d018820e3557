/* SPDX-License-Identifier: Apache-2.0 */
#include "plan/recreated.h"

#include "base/str.h"
#include "plan/account_work.h"
#include "plan/ours.h"
#include "policy/ownership.h"
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

/* A fact that is held brings nothing; what the applied commit had, by the same entry, is no news. */
static bool is_news(const struct account_work *work, const struct fact *fact)
{
    const struct fact *before = facts_find(work->input->applied, fact->identity);
    return !(before && is_unedited(fact, before)) &&
           !(work->input->held && facts_find(work->input->held, fact->identity));
}

static bool brings(const struct account_work *work, const struct facts *facts, const struct fact *except,
                   const char *arn)
{
    for (size_t i = 0; facts && i < facts->count; i++) {
        const struct fact *fact = &facts->items[i];
        if (fact->kind == ACCESS_PERMANENT && fact->principal_kind == except->principal_kind &&
            str_eq(fact->account_id, except->account_id) &&
            str_casecmp(fact->principal, except->principal) == 0 &&
            !str_eq(fact->identity, except->identity) && is_news(work, fact))
            for (size_t j = 0; j < fact->policy->managed_policies.count; j++)
                if (str_eq(fact->policy->managed_policies.items[j].text, arn))
                    return true;
    }
    return false;
}

/* Attached, and not because of what was declared for the name since the applied commit. */
static bool is_left(const struct account_work *work, const struct observed_principal *principal,
                    const struct fact *fact, const char *arn)
{
    return observed_is_attached(principal, arn) && !brings(work, work->input->desired, fact, arn) &&
           !brings(work, work->input->candidates, fact, arn);
}

/*
 * All of it, as the grant was or as it is: a run that was cut off has attached what is new before it detaches
 * what is old. A part proves nothing: somebody else may have brought it.
 */
static bool has_permanent(const struct account_work *work, const struct observed_principal *principal,
                          const struct fact *fact, const struct policy_decl *policy)
{
    const struct observed_policy *ours = work_find_ours(work, fact->team, fact->grant);
    if (policy->custom.count && !(ours && observed_is_attached(principal, ours->arn)))
        return false;
    for (size_t i = 0; i < policy->managed_policies.count; i++)
        if (!is_left(work, principal, fact, policy->managed_policies.items[i].text))
            return false;
    return true;
}

/* The inline policy; or all policies that stand there as copies for this lease, and one at least. */
static bool has_lease(struct account_work *work, const struct observed_principal *principal,
                      const struct fact *fact)
{
    struct document ignored;
    struct mark mark;
    bool has_one = false;
    const struct inline_policy *there = work_find_inline(principal, mark_lease_name(work->arena, fact));
    if (there && work_is_ours(work, there, &ignored))
        return true;
    for (size_t i = 0; i < work->account->policies.count; i++) {
        const struct observed_policy *policy = &work->account->policies.items[i];
        if (!policy_is_ours(work->arena, policy, work->input->settings->owner, &mark) ||
            !str_eq(mark.team, fact->team) || !str_eq(mark.name, mark_copy_of(work->arena, fact)))
            continue;
        if (!observed_is_attached(principal, policy->arn))
            return false;
        has_one = true;
    }
    return has_one;
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
    if (fact->kind == ACCESS_LEASE)
        return !has_lease(work, principal, fact);
    return !has_permanent(work, principal, fact, before->policy) &&
           !has_permanent(work, principal, fact, fact->policy);
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

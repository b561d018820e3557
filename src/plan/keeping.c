/* SPDX-License-Identifier: Apache-2.0 */
#include "plan/keeping.h"

#include "plan/lease_role.h"
#include "plan/ours.h"
#include "policy/lease.h"
#include "policy/self_serve.h"

void work_keep_copies(struct account_work *work, const struct fact *fact, bool in_time_only)
{
    const struct observed_policy *copy;
    for (size_t number = 0; (copy = work_next_copy(work, fact, &number));) {
        if (in_time_only && !work_ends_in_time(work, fact, copy->document))
            continue;
        work_keep(work, work_key_policy(work, copy->name));
        work_keep(work, work_key_attachment(work, fact->principal_kind, fact->principal, copy->arn));
    }
}

void work_keep_role(struct account_work *work, const struct fact *fact)
{
    const struct observed_principal *role = work_find_role(work, fact);
    if (!role)
        return;
    work_keep(work, work_key_role(work, role->name));
    for (size_t i = 0; i < role->attached.count; i++)
        work_keep(work, work_key_attachment(work, PRINCIPAL_ROLE, role->name, role->attached.items[i]));
    for (size_t i = 0; i < work->account->policies.count; i++)
        if (observed_is_attached(role, work->account->policies.items[i].arn))
            work_keep(work, work_key_policy(work, work->account->policies.items[i].name));
}

void work_keep_kept(struct account_work *work, const struct fact *fact)
{
    if (fact_is_role(fact))
        work_keep(work, work_key_role(work, fact->principal));
    if (fact_is_provider(fact))
        work_keep(work, work_key_provider(work, fact->principal));
}

void work_keep_fact(struct account_work *work, const struct fact *fact)
{
    if (fact->kind == ACCESS_LEASE) {
        const char *name = mark_lease_name(work->arena, fact);
        const char *of_scripts = work->input->adopts ? self_serve_inline_name(work->arena, fact) : NULL;
        work_keep(work, work_key_inline(work, fact->principal_kind, fact->principal, name));
        if (of_scripts)
            work_keep(work, work_key_inline(work, fact->principal_kind, fact->principal, of_scripts));
        work_keep_copies(work, fact, false);
        work_keep_role(work, fact);
        return;
    }
    work_keep_kept(work, fact);
    for (size_t i = 0; i < fact->policy->managed_policies.count; i++) {
        const char *arn = fact->policy->managed_policies.items[i].text;
        if (!work_is_marked(work, arn))
            work_keep(work, work_key_attachment(work, fact->principal_kind, fact->principal, arn));
    }
    const struct observed_policy *ours = work_find_ours(work, fact->team, fact->grant);
    if (fact->policy->custom.count && ours) {
        work_keep(work, work_key_policy(work, ours->name));
        work_keep(work, work_key_attachment(work, fact->principal_kind, fact->principal, ours->arn));
    }
}

static bool inline_goes_on(struct account_work *work, const struct fact *fact)
{
    struct document document;
    int64_t ends_at_s;
    const struct observed_principal *principal =
        observed_find_principal(work->account, fact->principal_kind, fact->principal);
    const struct inline_policy *policy =
        principal ? work_find_inline(principal, mark_lease_name(work->arena, fact)) : NULL;
    const char *of_scripts = work->input->adopts ? self_serve_inline_name(work->arena, fact) : NULL;
    if (principal && of_scripts && work_find_inline(principal, of_scripts))
        return true;
    return policy && !(work_is_ours(work, policy, &document) && lease_ends_at(&document, &ends_at_s) &&
                       ends_at_s <= work->input->now_s);
}

static bool copies_go_on(struct account_work *work, const struct fact *fact)
{
    const struct observed_policy *copy;
    for (size_t number = 0; (copy = work_next_copy(work, fact, &number));)
        if (!work_ended(work, copy, NULL))
            return true;
    return false;
}

static bool role_goes_on(struct account_work *work, const struct fact *fact)
{
    int64_t ends_at_s;
    const struct observed_principal *role = work_find_role(work, fact);
    return role &&
           !(lease_role_ends_at(work->arena, role->trust, &ends_at_s) && ends_at_s <= work->input->now_s);
}

bool work_lease_goes_on(struct account_work *work, const struct fact *fact)
{
    return inline_goes_on(work, fact) || copies_go_on(work, fact) || role_goes_on(work, fact);
}

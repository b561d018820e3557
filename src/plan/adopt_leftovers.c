/* SPDX-License-Identifier: Apache-2.0 */
#include "plan/adopt_leftovers.h"

#include "base/str.h"
#include "plan/account_work.h"
#include "plan/ours.h"
#include "policy/ownership.h"
#include "policy/self_serve.h"

/* The scripts attached the managed policies of a temporary grant as they are, and nothing ends that. */
void work_list_endless(struct account_work *work, const struct fact *fact,
                       const struct observed_principal *principal, struct map *listed)
{
    for (size_t i = 0; i < fact->policy->managed_policies.count; i++) {
        const char *arn = fact->policy->managed_policies.items[i].text;
        const char *key = work_key_attachment(work, principal->kind, principal->name, arn);
        if (!observed_is_attached(principal, arn) || map_get(&work->keys, key) ||
            map_get(&work->unwanted, key) || map_get(listed, key))
            continue;
        map_put(listed, key, work);
        *VEC_ADD(work->arena, &work->plan->notices) = arena_printf(
            work->arena,
            "a leftover: %s is attached to %s %s in account %s without an end, as cloud-iam-self-serve does "
            "for a temporary grant (%s/%s), and nobody declares it; detach it by hand",
            arn, principal_kind_name(principal->kind), principal->name, fact->account_id, fact->team,
            fact->grant);
    }
}

/* Whether a fact needs a policy of that name: then it is adopted, ours, held, or a problem. */
static bool is_needed(const struct account_work *work, const struct facts *facts, const char *name)
{
    size_t count = 0, from = facts ? work_facts_of_account(work, facts, &count) : 0;
    for (size_t i = from; i < from + count; i++) {
        const struct fact *fact = &facts->items[i];
        if (fact->policy->custom.count && (fact->kind == ACCESS_PERMANENT || fact->mode == MODE_ROLE) &&
            str_casecmp(mark_policy_name(work->arena, fact->team, fact->grant), name) == 0)
            return true;
    }
    return false;
}

void work_list_self_serve(struct account_work *work)
{
    struct mark ignored;
    for (size_t i = 0; i < work->account->policies.count; i++) {
        const struct observed_policy *policy = &work->account->policies.items[i];
        size_t holders = 0;
        if (!self_serve_made_policy(policy, NULL) ||
            policy_is_ours(work->arena, policy, work->input->settings->owner, &ignored) ||
            is_needed(work, work->input->desired, policy->name) ||
            is_needed(work, work->input->held, policy->name))
            continue;
        for (size_t j = 0; j < work->account->principals.count; j++) {
            const struct observed_principal *principal = &work->account->principals.items[j];
            if (!observed_is_attached(principal, policy->arn))
                continue;
            holders++;
            *VEC_ADD(work->arena, &work->plan->notices) = arena_printf(
                work->arena,
                "a leftover: %s, made by cloud-iam-self-serve, is attached to %s %s in account %s, and "
                "no entry declares that; detach it by hand",
                policy->arn, principal_kind_name(principal->kind), principal->name, work->account->account_id);
        }
        if (!holders && work->input->adopts)
            *VEC_ADD(work->arena, &work->plan->notices) = arena_printf(
                work->arena,
                "a leftover: %s, made by cloud-iam-self-serve, is attached to nobody, and no entry needs it; "
                "delete it by hand",
                policy->arn);
    }
}

struct strings work_find_holders(struct account_work *work, const struct observed_policy *policy)
{
    struct strings holders = {0};
    struct mark ignored;
    for (size_t i = 0; i < work->account->principals.count; i++) {
        const struct observed_principal *principal = &work->account->principals.items[i];
        const char *key = work_key_attachment(work, principal->kind, principal->name, policy->arn);
        if (observed_is_attached(principal, policy->arn) && !map_get(&work->keys, key) &&
            !map_get(&work->unwanted, key) && !work_is_lease_role(work, principal, &ignored))
            strings_add(
                work->arena, &holders,
                arena_printf(work->arena, "%s %s", principal_kind_name(principal->kind), principal->name));
    }
    return holders;
}

void work_list_holders(struct account_work *work, const struct observed_policy *policy,
                       const struct mark *mark)
{
    const struct strings holders = work_find_holders(work, policy);
    for (size_t i = 0; i < holders.count; i++)
        *VEC_ADD(work->arena, &work->plan->notices) = arena_printf(
            work->arena,
            "a leftover: %s, adopted from cloud-iam-self-serve for %s/%s, is attached to %s in account "
            "%s, and no entry of these commits declares that; --leftovers remove detaches it where an older one "
            "did, otherwise do that by hand, or declare it",
            policy->arn, mark->team, mark->name, holders.items[i], work->account->account_id);
}

void work_report_unread(struct account_work *work, const struct observed_principal *principal,
                        const struct fact *fact)
{
    const struct observed_policy *policy =
        fact->policy->custom.count
            ? observed_find_policy(work->account, mark_policy_name(work->arena, fact->team, fact->grant))
            : NULL;
    if (!policy || !policy->tag_error || !observed_is_attached(principal, policy->arn))
        return;
    const char *key = work_key_attachment(work, principal->kind, principal->name, policy->arn);
    if (facts_find(work->input->desired, fact->identity) || map_get(&work->keys, key) ||
        map_get(&work->unwanted, key))
        return;
    map_put(&work->unwanted, key, work);
    problem_add(
        work->arena, &work->plan->problems, "policy-unread", work->account->account_id, fact,
        "%s stays attached to %s %s: cloud-iam-self-serve made it, and its tags, which say whether it was "
        "adopted, cannot be read: %s",
        policy->arn, principal_kind_name(principal->kind), principal->name, policy->tag_error)
        ->hint = "run it again when its tags can be read, or detach it by hand";
}

/* SPDX-License-Identifier: Apache-2.0 */
#include "plan/unwanted.h"

#include "base/time.h"
#include "plan/account_work.h"
#include "plan/adopt_leftovers.h"
#include "plan/adopting.h"
#include "plan/damage.h"
#include "plan/ours.h"
#include "plan/unwanted_roles.h"
#include "policy/lease.h"
#include "policy/ownership.h"
#include "policy/role_mark.h"

/* Whether the key is to stay or is on its way out already; if neither, it is on its way out from now on. */
static bool is_settled(struct account_work *work, const char *key)
{
    if (map_get(&work->keys, key) || map_get(&work->unwanted, key))
        return true;
    map_put(&work->unwanted, key, work);
    return false;
}

/* Takes an attachment away from a principal, unless somebody wants it. `fact`: what declared it, or NULL. */
static void unwant_attachment(struct account_work *work, const struct observed_principal *principal,
                              const char *arn, const char *reason, const struct fact *fact)
{
    const char *key = work_key_attachment(work, principal->kind, principal->name, arn);
    if (is_settled(work, key))
        return;
    *VEC_ADD(work->arena, &work_principal(work, principal->kind, principal->name)->detach) =
        (struct unwanted_object){
            .arn = arn,
            .reason = reason,
            .lease_id = fact ? fact->lease_id : NULL,
        };
}

/* A permanent fact that some commit since the applied ref declared: its attachments, unless somebody wants them now. */
static void judge_candidate(struct account_work *work, const struct fact *fact)
{
    const struct observed_principal *principal =
        observed_find_principal(work->account, fact->principal_kind, fact->principal);
    struct mark mark;
    if (!principal || fact->kind != ACCESS_PERMANENT || work_is_lease_role(work, principal, &mark) ||
        !role_mark_admits(work->arena, principal->mark, work->input->settings->owner, fact))
        return;
    const char *reason = arena_printf(work->arena, REASON_UNDECLARED ": %s/%s", fact->team, fact->grant);
    for (size_t i = 0; i < fact->policy->managed_policies.count; i++) {
        const char *arn = fact->policy->managed_policies.items[i].text;
        if (observed_is_attached(principal, arn))
            unwant_attachment(work, principal, arn, reason, fact);
    }
    const struct observed_policy *ours = work_find_ours(work, fact->team, fact->grant);
    if (ours && observed_is_attached(principal, ours->arn))
        unwant_attachment(work, principal, ours->arn, reason, fact);
    if (!ours)
        work_report_unread(work, principal, fact);
}

/* An adopted policy, or one that this run adopts: who has it was not for us to say before. */
static bool list_holders(struct account_work *work, const struct observed_policy *policy)
{
    struct mark mark;
    const struct wanted_policy *adopting = work_find_adopting(work, policy->arn);
    if (!adopting && !policy_is_adopted(work->arena, policy, work->input->settings->owner))
        return false;
    if (adopting)
        mark = (struct mark){work->input->settings->owner, adopting->team, adopting->grant};
    else
        (void)policy_is_ours(work->arena, policy, work->input->settings->owner, &mark);
    if (work_in_scope(work, mark.team))
        work_list_holders(work, policy, &mark);
    return true;
}

/* Managed policies with our mark: whoever has one attached without being declared loses it. */
static void judge_marked_policies(struct account_work *work)
{
    struct map reasons = map_new(work->arena); /* ARN → why it would go */
    struct mark mark;
    for (size_t i = 0; i < work->account->policies.count; i++) {
        const struct observed_policy *policy = &work->account->policies.items[i];
        if (list_holders(work, policy) ||
            !policy_is_ours(work->arena, policy, work->input->settings->owner, &mark) ||
            !work_in_scope(work, mark.team))
            continue;
        char *reason =
            arena_printf(work->arena, REASON_UNDECLARED ": %s/%s", mark.team, mark_grant(work->arena, &mark));
        map_put(&reasons, policy->arn, arena_strdup(work->arena, work_ended(work, policy, reason)));
    }
    for (size_t i = 0; reasons.count && i < work->account->principals.count; i++) {
        const struct observed_principal *principal = &work->account->principals.items[i];
        if (work_is_lease_role(work, principal, &mark))
            continue; /* judged as a whole */
        for (size_t j = 0; j < principal->attached.count; j++) {
            const char *reason = map_get(&reasons, principal->attached.items[j]);
            if (reason)
                unwant_attachment(work, principal, principal->attached.items[j], reason, NULL);
        }
    }
}

/* The leases among the facts, by the inline policies that they come to: work_key_inline() → struct fact. */
static struct map leases_of(struct account_work *work, const struct facts *facts)
{
    struct map leases = map_new(work->arena);
    for (size_t i = 0; i < facts->count; i++) {
        struct fact *fact = &facts->items[i];
        if (fact->kind != ACCESS_LEASE)
            continue;
        const char *name = mark_lease_name(work->arena, fact);
        map_put(&leases, work_key_inline(work, fact->principal_kind, fact->principal, name), fact);
    }
    return leases;
}

/* `leases`: those that the commits at hand declare in this account. */
static void judge_inline(struct account_work *work, const struct observed_principal *principal,
                         const struct inline_policy *policy, const struct map *leases)
{
    struct document document;
    char text[TIME_TEXT_SIZE];
    int64_t ends_at_s = 0;
    const char *key = work_key_inline(work, principal->kind, principal->name, policy->name);
    if (map_get(&work->judged, key))
        return;
    if (!work_is_ours(work, policy, &document)) {
        work_report_damage(work, principal, policy);
        return;
    }
    const struct fact *fact = map_get(leases, key);
    if (work->input->teams && work->input->teams->count && (!fact || !work_in_scope(work, fact->team)))
        return;
    if (is_settled(work, key))
        return;
    bool ended = lease_ends_at(&document, &ends_at_s) && ends_at_s <= work->input->now_s;
    const char *reason = ended ? arena_printf(work->arena, REASON_ENDED "%s", time_format(ends_at_s, text))
                         : fact
                             ? arena_printf(work->arena, REASON_UNDECLARED ": %s/%s", fact->team, fact->grant)
                             : REASON_UNDECLARED;
    *VEC_ADD(work->arena, &work_principal(work, principal->kind, principal->name)->remove) =
        (struct unwanted_object){
            .name = policy->name,
            .document = policy->document,
            .ends_at_s = ends_at_s,
            .reason = reason,
            .lease_id = fact ? fact->lease_id : NULL,
        };
}

void work_collect_unwanted(struct account_work *work)
{
    const struct facts *all = work->input->candidates;
    size_t count, first = work_facts_of_account(work, all, &count);
    const struct facts candidates = {.items = count ? all->items + first : all->items, .count = count};
    for (size_t i = 0; i < candidates.count; i++)
        if (work_in_scope(work, candidates.items[i].team))
            judge_candidate(work, &candidates.items[i]);
    judge_marked_policies(work);
    work_clean_roles(work);
    const struct map leases = leases_of(work, &candidates);
    for (size_t i = 0; i < work->account->principals.count; i++) {
        const struct observed_principal *principal = &work->account->principals.items[i];
        struct mark mark;
        bool is_whole = work_is_lease_role(work, principal, &mark);
        for (size_t j = 0; !is_whole && j < principal->inline_policies.count; j++)
            judge_inline(work, principal, &principal->inline_policies.items[j], &leases);
    }
    if (!work->input->teams || !work->input->teams->count)
        work_list_self_serve(work);
    if (work->input->adopts)
        work_adopt_inline(work, &candidates);
}

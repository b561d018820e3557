/* SPDX-License-Identifier: Apache-2.0 */
/* What must go from an account: removal candidates that git knows, and whatever carries our mark and nobody declares. */
#include "base/str.h"
#include "base/time.h"
#include "plan/account_work.h"
#include "policy/document.h"
#include "policy/lease.h"

/* Whether the key is to stay or is on its way out already; if neither, it is on its way out from now on. */
static bool is_settled(struct account_work *work, const char *key)
{
    if (map_get(&work->keys, key) || map_get(&work->unwanted, key))
        return true;
    map_put(&work->unwanted, key, work);
    return false;
}

static void unwant_attachment(struct account_work *work, const struct observed_principal *principal,
                              const char *arn, const char *reason, const char *lease_id)
{
    const char *key = work_key_attachment(work, principal->kind, principal->name, arn);
    if (is_settled(work, key))
        return;
    *VEC_ADD(work->arena, &work_principal(work, principal->kind, principal->name)->detach) =
        (struct unwanted_object){.arn = arn, .reason = reason, .lease_id = lease_id};
}

/* A permanent fact that some commit since the applied ref declared: its attachments, unless somebody wants them now. */
static void judge_candidate(struct account_work *work, const struct fact *fact)
{
    const struct observed_principal *principal =
        observed_find_principal(work->account, fact->principal_kind, fact->principal);
    if (!principal || fact->kind != ACCESS_PERMANENT)
        return;
    const char *reason = arena_printf(work->arena, "no longer declared: %s/%s", fact->team, fact->grant);
    for (size_t i = 0; i < fact->policy->managed_policies.count; i++) {
        const char *arn = fact->policy->managed_policies.items[i].text;
        if (strings_contain(&principal->attached, arn))
            unwant_attachment(work, principal, arn, reason, fact->lease_id);
    }
    const struct observed_policy *ours = work_find_ours(work, fact->team, fact->grant);
    if (ours && strings_contain(&principal->attached, ours->arn))
        unwant_attachment(work, principal, ours->arn, reason, fact->lease_id);
}

/* A managed policy with our mark: whoever has it attached without being declared loses it. */
static void judge_marked_policy(struct account_work *work, const struct observed_policy *policy)
{
    struct mark mark;
    if (!mark_parse(work->arena, policy->description, &mark) ||
        !str_eq(mark.owner, work->input->settings->owner) || !work_in_scope(work, mark.team))
        return;
    const char *reason = arena_printf(work->arena, "no longer declared: %s/%s", mark.team, mark.name);
    for (size_t i = 0; i < work->account->principals.count; i++) {
        const struct observed_principal *principal = &work->account->principals.items[i];
        if (strings_contain(&principal->attached, policy->arn))
            unwant_attachment(work, principal, policy->arn, reason, NULL);
    }
}

/* The fact that an inline policy of ours was made for, or NULL when no commit at hand declares it. */
static const struct fact *fact_of_inline(struct account_work *work,
                                         const struct observed_principal *principal, const char *name)
{
    const struct facts *candidates = work->input->candidates;
    for (size_t i = 0; candidates && i < candidates->count; i++) {
        const struct fact *fact = &candidates->items[i];
        if (fact->kind == ACCESS_LEASE && str_casecmp(fact->principal, principal->name) == 0 &&
            str_casecmp(mark_inline_name(work->arena, fact->team, fact->grant, fact->principal), name) == 0)
            return fact;
    }
    return NULL;
}

static void judge_inline(struct account_work *work, const struct observed_principal *principal,
                         const struct inline_policy *policy)
{
    struct document document;
    char text[TIME_TEXT_SIZE];
    int64_t ends_at_s = 0;
    if (!work_is_ours(work, policy, &document)) {
        work_report_damage(work, principal, policy);
        return;
    }
    const struct fact *fact = fact_of_inline(work, principal, policy->name);
    if (work->input->teams && work->input->teams->count && (!fact || !work_in_scope(work, fact->team)))
        return;
    if (is_settled(work, work_key_inline(work, principal->kind, principal->name, policy->name)))
        return;
    bool ended = lease_ends_at(&document, &ends_at_s) && ends_at_s <= work->input->now_s;
    const char *reason = ended ? arena_printf(work->arena, "ended at %s", time_format(ends_at_s, text))
                         : fact
                             ? arena_printf(work->arena, "no longer declared: %s/%s", fact->team, fact->grant)
                             : "no longer declared";
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
    const struct facts *candidates = work->input->candidates;
    for (size_t i = 0; candidates && i < candidates->count; i++)
        if (str_eq(candidates->items[i].account_id, work->account->account_id) &&
            work_in_scope(work, candidates->items[i].team))
            judge_candidate(work, &candidates->items[i]);
    for (size_t i = 0; i < work->account->policies.count; i++)
        judge_marked_policy(work, &work->account->policies.items[i]);
    for (size_t i = 0; i < work->account->principals.count; i++) {
        const struct observed_principal *principal = &work->account->principals.items[i];
        for (size_t j = 0; j < principal->inline_policies.count; j++)
            judge_inline(work, principal, &principal->inline_policies.items[j]);
    }
}

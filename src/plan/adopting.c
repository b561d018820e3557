/* SPDX-License-Identifier: Apache-2.0 */
/*
 * --adopt: what cloud-iam-self-serve made, and the files declare, becomes ours. Customer managed policies get
 * our mark as a tag before anything else is done to them; its temporary inline policies are written over, or
 * go when what replaces them is there. What hangs on an adopted policy and nobody declares is listed.
 */
#include "base/str.h"
#include "base/time.h"
#include "plan/account_work.h"
#include "policy/ownership.h"
#include "policy/self_serve.h"

bool work_can_adopt(const struct account_work *work, const struct observed_policy *policy, const char *team,
                    const char *grant)
{
    return work->input->adopts && policy_is_free(policy) && self_serve_made_policy(policy, team) &&
           str_eq(policy->name, mark_policy_name(work->arena, team, grant));
}

const struct wanted_policy *work_find_adopting(const struct account_work *work, const char *arn)
{
    for (size_t i = 0; work->input->adopts && i < work->policies.count; i++)
        if (work->policies.items[i]->mark && str_eq(work->policies.items[i]->arn, arn))
            return work->policies.items[i];
    return NULL;
}

bool work_adopts_inline(const struct account_work *work, const struct fact *fact,
                        const struct inline_policy *policy)
{
    int64_t ignored;
    const char *name = work->input->adopts ? self_serve_inline_name(work->arena, fact) : NULL;
    return name && str_eq(policy->name, name) &&
           self_serve_made_inline(work->arena, policy->document, &ignored);
}

/* The scripts' policy for a lease, and its end; NULL when there is none. */
static const struct inline_policy *find_inline(struct account_work *work, const struct fact *fact,
                                               const struct observed_principal *principal,
                                               int64_t *ret_ends_at_s)
{
    const char *name = self_serve_inline_name(work->arena, fact);
    const struct inline_policy *policy = name && principal ? work_find_inline(principal, name) : NULL;
    return policy && str_eq(policy->name, name) &&
                   self_serve_made_inline(work->arena, policy->document, ret_ends_at_s)
               ? policy
               : NULL;
}

static bool has_problem(const struct account_work *work, const struct fact *fact)
{
    for (size_t i = 0; i < work->plan->problems.count; i++) {
        const struct fact *other = work->plan->problems.items[i].fact;
        if (other && str_eq(other->identity, fact->identity))
            return true;
    }
    return false;
}

/* What a lease was before it was ours, under another name or of another kind, goes. */
static void replace_inline(struct account_work *work, const struct fact *fact,
                           const struct observed_principal *principal)
{
    char text[TIME_TEXT_SIZE];
    int64_t ends_at_s;
    const struct inline_policy *policy = find_inline(work, fact, principal, &ends_at_s);
    const struct fact *wanted = facts_find(work->input->desired, fact->identity);
    const char *key = policy ? work_key_inline(work, principal->kind, principal->name, policy->name) : NULL;
    if (!policy || map_get(&work->keys, key) || map_get(&work->unwanted, key) ||
        (wanted && has_problem(work, wanted)))
        return;
    map_put(&work->unwanted, key, work);
    *VEC_ADD(work->arena,
             &work_principal(work, principal->kind, principal->name)->remove) = (struct unwanted_object){
        .name = policy->name,
        .document = policy->document,
        .ends_at_s = ends_at_s,
        .lease_id = fact->lease_id,
        .is_replaced = wanted != NULL,
        .reason = ends_at_s <= work->input->now_s
                      ? arena_printf(work->arena, REASON_ENDED "%s", time_format(ends_at_s, text))
                      : arena_printf(work->arena, "%s: %s/%s",
                                     wanted ? "replaces what cloud-iam-self-serve made" : "no longer declared",
                                     fact->team, fact->grant),
    };
}

/* The scripts attached the managed policies of a temporary grant as they are, and nothing ends that. */
static void list_endless(struct account_work *work, const struct fact *fact,
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

void work_adopt_inline(struct account_work *work, const struct facts *facts)
{
    struct map listed = map_new(work->arena);
    for (size_t i = 0; i < facts->count; i++) {
        const struct fact *fact = &facts->items[i];
        const struct observed_principal *principal =
            observed_find_principal(work->account, fact->principal_kind, fact->principal);
        if (!principal || !work_in_scope(work, fact->team) || !self_serve_inline_name(work->arena, fact))
            continue;
        replace_inline(work, fact, principal);
        list_endless(work, fact, principal, &listed);
    }
}

void work_adopt_ended(struct account_work *work, const struct facts *facts)
{
    char text[TIME_TEXT_SIZE];
    for (size_t i = 0; i < facts->count; i++) {
        const struct fact *fact = &facts->items[i];
        int64_t ends_at_s;
        const struct observed_principal *principal =
            observed_find_principal(work->account, fact->principal_kind, fact->principal);
        const struct inline_policy *policy = find_inline(work, fact, principal, &ends_at_s);
        const char *key =
            policy ? work_key_inline(work, principal->kind, principal->name, policy->name) : NULL;
        if (!policy || ends_at_s > work->input->now_s || map_get(&work->unwanted, key))
            continue;
        map_put(&work->unwanted, key, work);
        work_add_operation(work, (struct operation){.kind = OP_DELETE_INLINE_POLICY,
                                                    .principal_kind = principal->kind,
                                                    .principal = principal->name,
                                                    .policy_name = policy->name,
                                                    .document = policy->document,
                                                    .ends_at_s = ends_at_s,
                                                    .lease_id = fact->lease_id,
                                                    .reason = arena_printf(work->arena, REASON_ENDED "%s",
                                                                           time_format(ends_at_s, text))});
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

bool work_list_holders(struct account_work *work, const struct observed_policy *policy,
                       const struct mark *mark, bool is_said)
{
    bool is_held = false;
    struct mark ignored;
    for (size_t i = 0; i < work->account->principals.count; i++) {
        const struct observed_principal *principal = &work->account->principals.items[i];
        const char *key = work_key_attachment(work, principal->kind, principal->name, policy->arn);
        if (!observed_is_attached(principal, policy->arn) || map_get(&work->keys, key) ||
            map_get(&work->unwanted, key) || work_is_lease_role(work, principal, &ignored))
            continue;
        is_held = true;
        if (is_said)
            *VEC_ADD(work->arena, &work->plan->notices) = arena_printf(
                work->arena,
                "a leftover: %s, adopted from cloud-iam-self-serve for %s/%s, is attached to %s %s in account "
                "%s, and no entry of these commits declares that; --leftovers remove detaches it where an older one "
                "did, otherwise do that by hand, or declare it",
                policy->arn, mark->team, mark->name, principal_kind_name(principal->kind), principal->name,
                work->account->account_id);
    }
    return is_held;
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

/* Why a policy of cloud-iam-self-serve, for that team, is none of ours. */
static void explain_free(struct account_work *work, const struct fact *fact,
                         const struct observed_policy *policy)
{
    const char *begin =
        arena_printf(work->arena, "a policy named %s exists in account %s, made by cloud-iam-self-serve",
                     policy->name, fact->account_id);
    const char *tag_mark =
        arena_printf(work->arena, "%s/%s/%s", work->input->settings->owner, fact->team, fact->grant);
    if (policy->tag_error)
        work_refuse(work, fact, "foreign-policy",
                    arena_printf(work->arena,
                                 "%s, and its tags, which say whether it is ours, cannot be read: %s", begin,
                                 policy->tag_error),
                    "nothing was done to it: run it again when its tags can be read");
    else if (policy->tag)
        work_refuse(
            work, fact, "foreign-policy",
            arena_printf(work->arena,
                         "%s, and its tag iamlease says '%s', not '%s': somebody else looks after it, or "
                         "put that tag there",
                         begin, policy->tag, tag_mark),
            "rename the grant, or find out who set the tag, remove it, and give --adopt");
    else
        work_refuse(work, fact, "foreign-policy", arena_printf(work->arena, "%s, and was not adopted", begin),
                    "apply with --adopt takes it over as it is; or rename the grant");
}

bool work_refuse_self_serve(struct account_work *work, const struct fact *fact,
                            const struct observed_policy *policy)
{
    if (!self_serve_made_policy(policy, fact->team) ||
        !str_eq(policy->name, mark_policy_name(work->arena, fact->team, fact->grant)))
        return false;
    explain_free(work, fact, policy);
    return true;
}

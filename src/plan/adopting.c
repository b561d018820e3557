/* SPDX-License-Identifier: Apache-2.0 */
#include "plan/adopting.h"

#include "base/str.h"
#include "base/time.h"
#include "plan/account_work.h"
#include "plan/adopt_leftovers.h"
#include "plan/ours.h"
#include "policy/self_serve.h"

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
        .is_replaced = wanted && ends_at_s <= wanted->ends_at_s,
        .reason = ends_at_s <= work->input->now_s
                      ? arena_printf(work->arena, REASON_ENDED "%s", time_format(ends_at_s, text))
                      : arena_printf(work->arena, "%s: %s/%s", wanted ? REASON_REPLACES : REASON_UNDECLARED,
                                     fact->team, fact->grant),
    };
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
        work_list_endless(work, fact, principal, &listed);
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

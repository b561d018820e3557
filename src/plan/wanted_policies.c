/* SPDX-License-Identifier: Apache-2.0 */
#include "plan/wanted_policies.h"

#include "base/str.h"
#include "plan/adopting.h"
#include "plan/keeping.h"
#include "plan/ours.h"
#include "plan/widening.h"
#include "policy/document.h"
#include "policy/ownership.h"
#include "policy/role_mark.h"

#include <string.h>

static void compare_with_live(struct account_work *work, struct wanted_policy *policy,
                              const struct document *wanted)
{
    struct err ignored;
    struct document live = {0};
    const char *json = policy->observed->document;
    const bool is_read = document_parse(work->arena, json, strlen(json), &live, &ignored) == 0;
    policy->changes = !is_read || !document_equal(work->arena, &live, wanted);
    policy->widens = policy->changes && (!is_read || !document_is_within(work->arena, wanted, &live));
}

/* Our policy for this fact, made when it is met first; NULL when another policy has its name. */
static struct wanted_policy *want_policy(struct account_work *work, const struct fact *fact)
{
    const struct settings *settings = work->input->settings;
    for (size_t i = 0; i < work->policies.count; i++)
        if (str_eq(work->policies.items[i]->team, fact->team) &&
            str_eq(work->policies.items[i]->grant, fact->grant))
            return work->policies.items[i];
    const char *name = mark_policy_name(work->arena, fact->team, fact->grant);
    const struct observed_policy *ours = work_find_ours(work, fact->team, fact->grant),
                                 *there = observed_find_policy(work->account, name);
    const struct mark mark = {settings->owner, fact->team, fact->grant};
    const bool adopts = !ours && there && work_can_adopt(work, there, fact->team, fact->grant);
    if (adopts)
        ours = there;
    if (!ours && there)
        return NULL;
    struct wanted_policy *policy = ARENA_NEW(work->arena, struct wanted_policy);
    *policy = (struct wanted_policy){
        .team = fact->team,
        .grant = fact->grant,
        .first = fact,
        .name = ours ? ours->name : name,
        .arn = ours ? ours->arn : work_policy_arn(work, name),
        .description = mark_description(work->arena, fact->policy->description, &mark),
        .document = document_to_json(work->arena, &fact->policy->custom),
        .observed = ours,
        .mark = adopts ? role_mark(work->arena, &mark) : NULL,
    };
    if (ours && !str_eq(ours->document, policy->document))
        compare_with_live(work, policy, &fact->policy->custom);
    *VEC_ADD(work->arena, &work->policies) = policy;
    return policy;
}

/* Another grant brings the same policy. What is attached already has nobody who waits for it. */
static void want_also(struct account_work *work, struct principal_work *principal, const struct fact *fact,
                      const char *arn)
{
    for (size_t i = 0; i < principal->attach.count; i++)
        if (str_eq(principal->attach.items[i].arn, arn) && principal->attach.items[i].fact != fact)
            *VEC_ADD(work->arena, &principal->attach.items[i].also) = fact;
}

void work_want_attachment(struct account_work *work, struct principal_work *principal,
                          const struct fact *fact, const char *arn, struct wanted_policy *policy)
{
    const char *key = work_key_attachment(work, principal->kind, principal->name, arn);
    /* Not the key itself: a fact that is held keeps the attachment without asking for it. */
    const char *wanted = work_key_wanted(work, key);
    work_keep(work, key);
    if (map_get(&work->keys, wanted)) {
        want_also(work, principal, fact, arn);
        return;
    }
    work_keep(work, wanted);
    if (!observed_is_attached(principal->observed, arn)) {
        *VEC_ADD(work->arena, &principal->attach) =
            (struct wanted_object){.fact = fact, .arn = arn, .policy = policy};
        return;
    }
    if (policy)
        policy->used = true;
    else if (!principal->role && work->input->applied && !map_get(&work->applied, key))
        *VEC_ADD(work->arena, &work->plan->notices) = arena_printf(
            work->arena, "%s is already attached to %s %s in account %s: iamlease looks after it from now on",
            arn, principal_kind_name(principal->kind), principal->name, fact->account_id);
}

static bool some_fact_is_of(const struct account_work *work, const struct facts *facts,
                            const struct mark *mark)
{
    size_t count = 0, from = facts ? work_facts_of_account(work, facts, &count) : 0;
    for (size_t i = from; i < from + count; i++)
        if ((facts->items[i].kind == ACCESS_PERMANENT || facts->items[i].mode == MODE_ROLE) &&
            str_eq(facts->items[i].team, mark->team) && str_eq(facts->items[i].grant, mark->name))
            return true;
    return false;
}

/* Another policy has the name that the one of this fact must have: somebody else's, or that of another grant of ours. */
static void refuse_name(struct account_work *work, const struct fact *fact)
{
    const char *name = mark_policy_name(work->arena, fact->team, fact->grant);
    const struct observed_policy *there = observed_find_policy(work->account, name);
    struct mark mark;
    if (!policy_is_ours(work->arena, there, work->input->settings->owner, &mark)) {
        if (work_refuse_self_serve(work, fact, there))
            return;
        work_refuse(
            work, fact, "foreign-policy",
            arena_printf(work->arena,
                         "a policy named %s exists in account %s and does not carry the mark of this grant",
                         name, fact->account_id),
            "rename the grant, or delete that policy if nobody needs it; iamlease never touches what is not its own");
        return;
    }
    bool goes = work_in_scope(work, mark.team) && !some_fact_is_of(work, work->input->desired, &mark) &&
                !some_fact_is_of(work, work->input->held, &mark);
    work_refuse(work, fact, "policy-name-taken",
                arena_printf(work->arena,
                             "the policy %s in account %s is still that of grant '%s' of team %s%s", name,
                             fact->account_id, mark.name, mark.team, goes ? ", which this run removes" : ""),
                goes ? "run apply again" : "give one of the two grants another name");
}

bool work_refuse_marked(struct account_work *work, const struct fact *fact, const char *arn)
{
    if (!work_is_marked(work, arn))
        return false;
    work_refuse(
        work, fact, "marked-policy",
        arena_printf(work->arena,
                     "%s is made by iamlease for a grant, and comes with that grant only: it is not given",
                     arn),
        "name the grant itself instead of the ARN of its policy");
    return true;
}

void work_want_policies(struct account_work *work, struct principal_work *principal, const struct fact *fact)
{
    struct wanted_policy *policy = NULL;
    if (fact->policy->custom.count && !(policy = want_policy(work, fact))) {
        refuse_name(work, fact);
        work_keep_fact(work, fact);
        return;
    }
    if (policy)
        work_want_attachment(work, principal, fact, policy->arn, policy);
    for (size_t i = 0; i < fact->policy->managed_policies.count; i++) {
        const char *arn = fact->policy->managed_policies.items[i].text;
        if (!work_refuse_marked(work, fact, arn))
            work_want_attachment(work, principal, fact, arn, NULL);
    }
}

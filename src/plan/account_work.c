/* SPDX-License-Identifier: Apache-2.0 */
#include "plan/account_work.h"

#include "base/str.h"
#include "policy/document.h"
#include "policy/lease.h"
#include "policy/ownership.h"

#include <string.h>

struct account_work work_new(struct arena *arena, const struct operations_input *input, struct plan *plan,
                             const struct observed_account *account)
{
    struct lease_texts *texts = ARENA_NEW(arena, struct lease_texts);
    if (input->texts)
        *texts = *input->texts; /* what is made here goes with this work */
    return (struct account_work){
        .arena = arena,
        .input = input,
        .plan = plan,
        .account = account,
        .sid_prefix = mark_sid_prefix(arena, input->settings->owner),
        .texts = texts,
        .judged = map_new(arena),
        .keys = map_new(arena),
        .by_name = map_new(arena),
        .unwanted = map_new(arena),
        .marked = map_new(arena),
        .applied = map_new(arena),
        .trusted = map_new(arena),
        .providers = map_new(arena),
    };
}

size_t work_add_operation(struct account_work *work, struct operation operation)
{
    operation.account_id = work->account->account_id;
    *VEC_ADD_ALONE(work->arena, &work->plan->operations) = operation;
    return work->plan->operations.count - 1;
}

void work_after(struct account_work *work, size_t operation, size_t needed)
{
    *VEC_ADD(work->arena, &work->plan->operations.items[operation].after) = needed;
}

/* Names of IAM hold no line feed, and are one regardless of case. */
static const char *key(struct account_work *work, const char *what, enum principal_kind kind,
                       const char *name, const char *object)
{
    char *text = arena_join(work->arena, '\n',
                            (const char *const[]){what, principal_kind_name(kind), name, object}, 4);
    str_to_lower(text);
    return text;
}

const char *work_key_attachment(struct account_work *work, enum principal_kind kind, const char *name,
                                const char *arn)
{
    return key(work, "attachment", kind, name, arn);
}

const char *work_key_inline(struct account_work *work, enum principal_kind kind, const char *name,
                            const char *policy)
{
    return key(work, "inline", kind, name, policy);
}

const char *work_key_policy(struct account_work *work, const char *policy_name)
{
    return key(work, "policy", PRINCIPAL_USER, "", policy_name);
}

const char *work_key_role(struct account_work *work, const char *name)
{
    return key(work, "role", PRINCIPAL_ROLE, name, "");
}

const char *work_key_wanted(struct account_work *work, const char *kept)
{
    return arena_join(work->arena, '\n', (const char *const[]){"wanted", kept}, 2);
}

void work_keep(struct account_work *work, const char *kept)
{
    map_put(&work->keys, kept, work);
}

struct principal_work *work_principal(struct account_work *work, enum principal_kind kind, const char *name)
{
    const char *known = key(work, "principal", kind, name, "");
    struct principal_work *principal = map_get(&work->by_name, known);
    if (principal)
        return principal;
    principal = ARENA_NEW(work->arena, struct principal_work);
    principal->kind = kind;
    principal->observed = observed_find_principal(work->account, kind, name);
    principal->name = principal->observed ? principal->observed->name : name;
    map_put(&work->by_name, known, principal);
    *VEC_ADD(work->arena, &work->principals) = principal;
    return principal;
}

bool work_in_scope(const struct account_work *work, const char *team)
{
    const struct strings *teams = work->input->teams;
    return !teams || !teams->count || strings_contain(teams, team);
}

size_t work_facts_of_account(const struct account_work *work, const struct facts *facts, size_t *ret_count)
{
    return facts_of_account(facts, work->account->account_id, ret_count);
}

const char *work_policy_arn(struct account_work *work, const char *name)
{
    return arena_printf(work->arena, "arn:%s:iam::%s:policy%s%s", work->input->settings->partition,
                        work->account->account_id, work->input->settings->policy_path, name);
}

const struct observed_policy *work_find_ours(const struct account_work *work, const char *team,
                                             const char *grant)
{
    const char *name = mark_policy_name(work->arena, team, grant);
    const struct observed_policy *policy = observed_find_policy(work->account, name);
    struct mark mark;
    bool ours = policy && policy_is_ours(work->arena, policy, work->input->settings->owner, &mark) &&
                str_eq(mark.team, team) && str_eq(mark.name, grant);
    if (ours || !policy)
        return ours ? policy : NULL;
    const struct wanted_policy *adopting = work_find_adopting(work, policy->arn);
    return adopting && str_eq(adopting->team, team) && str_eq(adopting->grant, grant) ? policy : NULL;
}

bool work_is_ours(const struct account_work *work, const struct inline_policy *policy, struct document *ret)
{
    return mark_read_inline(work->arena, policy->document, work->sid_prefix, ret);
}

bool work_is_marked(struct account_work *work, const char *arn)
{
    return map_get(&work->marked, str_lower(work->arena, arn)) != NULL;
}

/* The policies that are ours here, and those that this run makes: an ARN is known before its policy is there. */
static void collect_marked(struct account_work *work)
{
    const struct facts *desired = work->input->desired;
    struct mark mark;
    for (size_t i = 0; i < work->account->policies.count; i++) {
        const struct observed_policy *policy = &work->account->policies.items[i];
        if (policy_is_ours(work->arena, policy, work->input->settings->owner, &mark))
            map_put(&work->marked, str_lower(work->arena, policy->arn), work);
    }
    size_t count, from = work_facts_of_account(work, desired, &count);
    for (size_t i = from; i < from + count; i++) {
        const struct fact *fact = &desired->items[i];
        if ((fact->kind != ACCESS_PERMANENT && fact->mode != MODE_ROLE) || !fact->policy->custom.count)
            continue;
        const char *name = mark_policy_name(work->arena, fact->team, fact->grant);
        const struct observed_policy *there = observed_find_policy(work->account, name);
        if (!there)
            map_put(&work->marked, str_lower(work->arena, work_policy_arn(work, name)), work);
        else if (work_can_adopt(work, there, fact->team, fact->grant))
            map_put(&work->marked, str_lower(work->arena, there->arn), work);
    }
}

/* By attachment: two grants may bring one policy, and a grant may come to bring another. */
static void collect_applied(struct account_work *work)
{
    const struct facts *applied = work->input->applied;
    size_t count = 0, from = applied ? work_facts_of_account(work, applied, &count) : 0;
    for (size_t i = from; i < from + count; i++) {
        const struct fact *fact = &applied->items[i];
        for (size_t j = 0; fact->kind == ACCESS_PERMANENT && j < fact->policy->managed_policies.count; j++)
            map_put(&work->applied,
                    work_key_attachment(work, fact->principal_kind, fact->principal,
                                        fact->policy->managed_policies.items[j].text),
                    work);
    }
}

void work_collect_known(struct account_work *work)
{
    collect_marked(work);
    collect_applied(work);
}

void damage_report(struct arena *arena, struct problems *problems, const char *sid_prefix,
                   const char *account_id, const struct observed_principal *principal,
                   const struct inline_policy *policy)
{
    struct document document = {0};
    struct err reason;
    if (!strstr(policy->document, sid_prefix))
        return;
    bool readable = document_parse(arena, policy->document, strlen(policy->document), &document, &reason) == 0;
    struct problem *problem = problem_add(
        arena, problems, "lease-damaged", account_id, NULL,
        "inline policy '%s' of %s '%s' in account %s was ours, and was edited by hand so that it cannot be judged: %s",
        policy->name, principal_kind_name(principal->kind), principal->name, account_id,
        readable ? "its first statement is not one of ours" : reason.message);
    problem->hint = "look at it in AWS and delete it by hand";
}

void work_report_damage(struct account_work *work, const struct observed_principal *principal,
                        const struct inline_policy *policy)
{
    damage_report(work->arena, &work->plan->problems, work->sid_prefix, work->account->account_id, principal,
                  policy);
}

void work_revoke_lease(struct account_work *work, struct principal_work *principal, const struct fact *fact,
                       const struct inline_policy *live, const char *reason)
{
    struct document document;
    struct unwanted_object object = {
        .name = live->name,
        .document = live->document,
        .reason = arena_printf(work->arena, "%s: %s/%s", reason, fact->team, fact->grant),
        .lease_id = fact->lease_id,
    };
    if (work_is_ours(work, live, &document))
        lease_ends_at(&document, &object.ends_at_s);
    map_put(&work->unwanted, work_key_inline(work, principal->kind, principal->name, live->name), work);
    *VEC_ADD(work->arena, &principal->remove) = object;
}

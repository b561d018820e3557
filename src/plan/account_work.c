/* SPDX-License-Identifier: Apache-2.0 */
#include "plan/account_work.h"

#include "base/str.h"
#include "policy/document.h"

#include <string.h>

struct account_work work_new(struct arena *arena, const struct operations_input *input, struct plan *plan,
                             const struct observed_account *account)
{
    return (struct account_work){
        .arena = arena,
        .input = input,
        .plan = plan,
        .account = account,
        .sid_prefix = mark_sid_prefix(arena, input->settings->owner),
        .keys = map_new(arena),
        .by_name = map_new(arena),
        .unwanted = map_new(arena),
    };
}

size_t work_add_operation(struct account_work *work, struct operation operation)
{
    operation.account_id = work->account->account_id;
    *VEC_ADD(work->arena, &work->plan->operations) = operation;
    return work->plan->operations.count - 1;
}

/* Names of IAM hold no line feed, and are one regardless of case. */
static const char *key(struct account_work *work, const char *what, enum principal_kind kind,
                       const char *name, const char *object)
{
    char *text = arena_printf(work->arena, "%s\n%s\n%s\n%s", what, principal_kind_name(kind), name, object);
    for (char *c = text; *c; c++)
        if (*c >= 'A' && *c <= 'Z')
            *c = (char)(*c - 'A' + 'a');
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
    principal->name = name;
    principal->observed = observed_find_principal(work->account, kind, name);
    map_put(&work->by_name, known, principal);
    *VEC_ADD(work->arena, &work->principals) = principal;
    return principal;
}

bool work_in_scope(const struct account_work *work, const char *team)
{
    const struct strings *teams = work->input->teams;
    return !teams || !teams->count || strings_contain(teams, team);
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
    if (!policy || !mark_parse(work->arena, policy->description, &mark))
        return NULL;
    bool ours = str_eq(mark.owner, work->input->settings->owner) && str_eq(mark.team, team) &&
                str_eq(mark.name, grant);
    return ours ? policy : NULL;
}

bool work_is_ours(const struct account_work *work, const struct inline_policy *policy, struct document *ret)
{
    return mark_read_inline(work->arena, policy->document, work->sid_prefix, ret);
}

void work_report_damage(struct account_work *work, const struct observed_principal *principal,
                        const struct inline_policy *policy)
{
    struct document document = {0};
    struct err reason;
    if (!strstr(policy->document, work->sid_prefix) ||
        document_parse(work->arena, policy->document, strlen(policy->document), &document, &reason) == 0)
        return;
    struct problem *problem = problem_add(
        work->arena, &work->plan->problems, "lease-damaged", work->account->account_id, NULL,
        "inline policy '%s' of %s '%s' in account %s was ours, and was edited by hand so that it cannot be judged: %s",
        policy->name, principal_kind_name(principal->kind), principal->name, work->account->account_id,
        reason.message);
    problem->hint = "look at it in AWS and delete it by hand";
}

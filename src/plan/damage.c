/* SPDX-License-Identifier: Apache-2.0 */
#include "plan/damage.h"

#include "policy/document.h"

#include <string.h>

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

/* SPDX-License-Identifier: Apache-2.0 */
#include "plan/drift_compute.h"

#include "base/str.h"

static const char account_unreachable[] = "account-unreachable";

static bool has_inline(const struct operations_input *input, const struct operation *operation)
{
    const struct observed_account *account = observed_find_account(input->observed, operation->account_id);
    const struct observed_principal *principal =
        account ? observed_find_principal(account, operation->principal_kind, operation->principal) : NULL;
    for (size_t i = 0; principal && i < principal->inline_policies.count; i++)
        if (str_eq(principal->inline_policies.items[i].name, operation->policy_name))
            return true;
    return false;
}

/* The end of a lease stands in the operation, or, of what hangs on it, in its reason only (plan/unwanted.c). */
static bool is_of_ended(const struct operations_input *input, const struct operation *operation)
{
    return (operation->ends_at_s && operation->ends_at_s <= input->now_s) ||
           str_prefix(operation->reason, REASON_ENDED);
}

/* False: the operation only prepares another one. */
static bool kind_of_operation(const struct operations_input *input, const struct operation *operation,
                              enum drift_kind *ret)
{
    switch (operation->kind) {
    case OP_UPDATE_TRUST:
    case OP_UPDATE_ROLE:
    case OP_TAG_ROLE:
    case OP_UNTAG_ROLE:
    case OP_ADD_CLIENT_ID:
    case OP_REMOVE_CLIENT_ID:
    case OP_UPDATE_THUMBPRINTS:
    case OP_TAG_PROVIDER:
    case OP_UNTAG_PROVIDER:
    case OP_PUT_BOUNDARY:
    case OP_DELETE_BOUNDARY:
    case OP_CREATE_POLICY_VERSION: *ret = DRIFT_CHANGED; return true;
    case OP_PUT_INLINE_POLICY:
        *ret = has_inline(input, operation) ? DRIFT_CHANGED : DRIFT_MISSING;
        return true;
    case OP_CREATE_ROLE:
    case OP_CREATE_PROVIDER:
    case OP_CREATE_POLICY:
    case OP_ATTACH_POLICY: *ret = DRIFT_MISSING; return true;
    case OP_DELETE_POLICY_VERSION:
    case OP_TAG_POLICY:
    case OP_KIND_COUNT: return false;
    default: *ret = is_of_ended(input, operation) ? DRIFT_ENDED : DRIFT_UNDECLARED; return true;
    }
}

/* Which problems are drift: the rest is about what is declared, whatever AWS holds. */
static bool kind_of_problem(const struct problem *problem, enum drift_kind *ret)
{
    static const struct {
        const char *id;
        enum drift_kind kind;
    } kinds[] = {
        {"lease-damaged", DRIFT_CHANGED},         {"foreign-policy", DRIFT_FOREIGN},
        {"foreign-inline-policy", DRIFT_FOREIGN}, {"principal-not-found", DRIFT_PRINCIPAL},
        {"source-changed", DRIFT_SOURCE},         {"source-unreadable", DRIFT_SOURCE},
        {"foreign-role", DRIFT_FOREIGN},          {"foreign-provider", DRIFT_FOREIGN},
        {"provider-not-found", DRIFT_MISSING},    {"role-not-empty", DRIFT_UNDECLARED},
        {"role-path-fixed", DRIFT_CHANGED},       {"principal-recreated", DRIFT_RECREATED},
        {"provider-in-use", DRIFT_UNDECLARED},
    };
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        if (str_eq(problem->id, kinds[i].id)) {
            *ret = kinds[i].kind;
            return true;
        }
    return false;
}

static const char *account_of(const struct problem *problem)
{
    return problem->account_id ? problem->account_id : problem->fact ? problem->fact->account_id : "";
}

static void collect(struct arena *arena, const struct operations_input *input, const struct plan *plan,
                    struct drift *ret)
{
    enum drift_kind kind;
    for (size_t i = 0; i < plan->operations.count; i++) {
        const struct operation *operation = &plan->operations.items[i];
        if (kind_of_operation(input, operation, &kind))
            *VEC_ADD(arena, ret) = (struct drift_row){.kind = kind,
                                                      .account_id = operation->account_id,
                                                      .lease_id = operation->lease_id,
                                                      .operation = operation};
    }
    for (size_t i = 0; i < plan->problems.count; i++) {
        const struct problem *problem = &plan->problems.items[i];
        if (kind_of_problem(problem, &kind))
            *VEC_ADD(arena, ret) =
                (struct drift_row){.kind = kind,
                                   .account_id = account_of(problem),
                                   .lease_id = problem->fact ? problem->fact->lease_id : NULL,
                                   .message = problem->message};
    }
    for (size_t i = 0; i < plan->drift.count; i++)
        *VEC_ADD(arena, ret) = plan->drift.items[i];
}

static const char *find_environment(const struct operations_input *input, const char *account_id)
{
    const struct facts *lists[] = {input->desired, input->candidates};
    for (size_t list = 0; list < 2; list++)
        for (size_t i = 0; i < lists[list]->count; i++)
            if (str_eq(lists[list]->items[i].account_id, account_id))
                return lists[list]->items[i].environment;
    return NULL;
}

void drift_compute(struct arena *arena, const struct operations_input *input, struct drift *ret,
                   struct problems *ret_problems)
{
    struct plan *plan = ARENA_NEW(arena, struct plan);
    struct drift found = {0};
    *plan = (struct plan){.settings = input->settings, .now_s = input->now_s};
    operations_compute(arena, input, plan);
    collect(arena, input, plan, &found);
    *ret = (struct drift){0};
    for (enum drift_kind kind = 0; kind < DRIFT_KIND_COUNT; kind++)
        for (size_t i = 0; i < found.count; i++)
            if (found.items[i].kind == kind)
                *VEC_ADD(arena, ret) = found.items[i];
    for (size_t i = 0; i < ret->count; i++)
        ret->items[i].environment = find_environment(input, ret->items[i].account_id);
    *ret_problems = plan->problems;
}

static bool is_same(const struct problem *a, const struct problem *b)
{
    const char *lease_a = a->fact ? a->fact->lease_id : "", *lease_b = b->fact ? b->fact->lease_id : "";
    return str_eq(a->id, b->id) && str_eq(account_of(a), account_of(b)) && str_eq(lease_a, lease_b);
}

void drift_judge_problems(const struct problems *before, struct problems *problems)
{
    for (size_t i = 0; i < problems->count; i++) {
        struct problem *problem = &problems->items[i];
        bool is_old = false;
        for (size_t j = 0; j < before->count && !is_old; j++)
            is_old = is_same(problem, &before->items[j]);
        problem->fails_plan |= !is_old || str_eq(problem->id, account_unreachable);
    }
}

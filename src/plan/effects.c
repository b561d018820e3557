/* SPDX-License-Identifier: Apache-2.0 */
#include "plan/effects.h"

#include "base/str.h"
#include "base/time.h"
#include "plan/denials.h"
#include "plan/ours.h"
#include "plan/widening.h"
#include "policy/document.h"
#include "policy/lease.h"

#include <string.h>

/* Takes the end out of every statement that has it; false: there is none, or it cannot be read. */
static bool take_end(struct arena *arena, struct document *document, int64_t *ret_ends_at_s)
{
    if (!lease_ends_at(document, ret_ends_at_s))
        return false;
    for (size_t i = 0; i < document->count; i++) {
        struct statement *statement = &document->items[i];
        const struct statement all = *statement;
        statement->conditions.items = NULL;
        statement->conditions.count = statement->conditions.capacity = 0;
        for (size_t j = 0; j < all.conditions.count; j++) {
            const struct condition *condition = &all.conditions.items[j];
            int64_t at_s;
            if (!str_eq(condition->operator, "DateLessThan") ||
                str_casecmp(condition->key, "aws:CurrentTime") != 0 || condition->values.count != 1 ||
                !time_parse_rfc3339(condition->values.items[0], &at_s) || at_s != *ret_ends_at_s)
                *VEC_ADD(arena, &statement->conditions) = *condition;
        }
    }
    return true;
}

static const struct call_effect anything = {true, true, true, true};

/* A lease that only ends at another time allows the same until then. */
static struct call_effect compare(const char *before, const char *after)
{
    CLEANUP(arena_freep) struct arena *scratch = arena_new();
    struct document was = {0}, is = {0};
    struct err ignored;
    int64_t was_until_s = 0, is_until_s = 0;
    if (document_parse(scratch, before, strlen(before), &was, &ignored) < 0 ||
        document_parse(scratch, after, strlen(after), &is, &ignored) < 0)
        return anything;
    const bool ends = take_end(scratch, &was, &was_until_s);
    if (ends != take_end(scratch, &is, &is_until_s))
        return anything;
    return (struct call_effect){
        .widens = is_until_s > was_until_s || !document_is_within(scratch, &is, &was),
        .narrows = is_until_s < was_until_s || !document_is_within(scratch, &was, &is),
        .denies = !denials_are_kept(scratch, after, before),
        .undenies = !denials_are_kept(scratch, before, after),
    };
}

/* Of a document that comes. */
static struct call_effect of_turn(enum denial_turn turn)
{
    const bool denies = turn != ALLOWS_ONLY;
    return (struct call_effect){.widens = turn != DENIES_ONLY, .narrows = denies, .denies = denies};
}

static struct call_effect reverse(struct call_effect effect)
{
    return (struct call_effect){.widens = effect.narrows,
                                .narrows = effect.widens,
                                .denies = effect.undenies,
                                .undenies = effect.denies};
}

static struct call_effect of_attachment(struct account_work *work, const char *arn)
{
    for (size_t i = 0; i < work->policies.count; i++)
        if (str_eq(work->policies.items[i]->arn, arn))
            return of_turn(denial_turn_of(work->policies.items[i]->document));
    return of_turn(work_denial_turn(work, arn));
}

static struct call_effect of_version(struct account_work *work, const struct operation *operation,
                                     const struct observed_principal *role)
{
    if (!observed_is_attached(role, operation->policy_arn))
        return (struct call_effect){0};
    const struct observed_policy *policy = observed_find_policy(work->account, operation->policy_name);
    return policy ? compare(policy->document, operation->document) : anything;
}

static struct call_effect of_own(struct account_work *work, const struct operation *operation,
                                 const struct observed_principal *role)
{
    const struct inline_policy *live =
        operation->policy_name ? work_find_inline(role, operation->policy_name) : NULL;
    switch (operation->kind) {
    case OP_ATTACH_POLICY: return of_attachment(work, operation->policy_arn);
    case OP_DETACH_POLICY: return reverse(of_turn(work_denial_turn(work, operation->policy_arn)));
    case OP_PUT_INLINE_POLICY:
        return live ? compare(live->document, operation->document)
                    : of_turn(denial_turn_of(operation->document));
    case OP_DELETE_INLINE_POLICY:
        return live ? reverse(of_turn(denial_turn_of(live->document))) : (struct call_effect){0};
    case OP_PUT_BOUNDARY: return (struct call_effect){.widens = role->boundary, .narrows = true};
    case OP_DELETE_BOUNDARY: return (struct call_effect){.widens = true};
    default: return (struct call_effect){0};
    }
}

struct call_effect effect_of(struct account_work *work, const struct operation *operation,
                             const struct observed_principal *role)
{
    if (operation->kind == OP_CREATE_POLICY_VERSION)
        return of_version(work, operation, role);
    const bool is_its = operation->principal_kind == PRINCIPAL_ROLE && operation->principal &&
                        str_casecmp(operation->principal, role->name) == 0;
    return is_its ? of_own(work, operation, role) : (struct call_effect){0};
}

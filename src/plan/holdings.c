/* SPDX-License-Identifier: Apache-2.0 */
#include "plan/holdings.h"

#include "base/str.h"
#include "plan/damage.h"
#include "plan/desired.h"
#include "plan/direct_edited.h"
#include "plan/direct_role.h"
#include "plan/holding_origin.h"
#include "plan/role_deny.h"
#include "policy/lease.h"
#include "policy/ownership.h"
#include "policy/role_mark.h"

#include <stdlib.h>
#include <string.h>

static struct facts of_account(const struct facts *facts, const char *account_id)
{
    size_t count, from = facts_of_account(facts, account_id, &count);
    return (struct facts){.items = count ? facts->items + from : facts->items, .count = count};
}

static struct holding *add(struct looking *l, const char *what, enum access_mode mode)
{
    struct holding *holding = VEC_ADD(l->arena, l->holdings);
    *holding = (struct holding){
        .account_id = l->account->account_id,
        .principal_kind = l->principal->kind,
        .principal = l->principal->name,
        .what = what,
        .mode = mode,
    };
    return holding;
}

/* The mark of one of our own policies with that ARN; false for all others. */
static bool find_mark(const struct looking *l, const char *arn, struct mark *ret)
{
    for (size_t i = 0; i < l->account->policies.count; i++) {
        const struct observed_policy *policy = &l->account->policies.items[i];
        if (str_eq(policy->arn, arn))
            return policy_is_ours(l->arena, policy, l->input->settings->owner, ret);
    }
    return false;
}

static void look_at_copy(struct looking *l, const char *arn, const struct mark *mark)
{
    struct document document;
    struct holding *holding = add(l, arn, MODE_POLICY);
    holding->team = mark->team;
    holding->grant = mark_grant(l->arena, mark);
    for (size_t i = 0; i < l->account->policies.count; i++) {
        const struct observed_policy *policy = &l->account->policies.items[i];
        if (!str_eq(policy->arn, arn) ||
            !mark_read_inline(l->arena, policy->document,
                              mark_sid_prefix(l->arena, l->input->settings->owner), &document))
            continue;
        holding->document = policy->document;
        if (lease_ends_at(&document, &holding->ends_at_s))
            holding->ended = holding->ends_at_s <= l->input->now_s;
    }
    holding_explain(l, holding, holding_find_copied(l, &l->declared, mark),
                    holding_find_copied(l, &l->candidates, mark));
}

static void look_at_attachment(struct looking *l, const char *arn)
{
    struct mark mark;
    bool marked = find_mark(l, arn, &mark);
    if (marked && mark_is_lease(&mark)) {
        look_at_copy(l, arn, &mark);
        return;
    }
    const struct fact *declared = holding_find_permanent(l, &l->declared, arn, marked ? &mark : NULL);
    const struct fact *former = holding_find_permanent(l, &l->candidates, arn, marked ? &mark : NULL);
    if (!declared && !former && !marked)
        return; /* foreign: none of our business */
    struct holding *holding = add(l, arn, MODE_ATTACH);
    if (marked) {
        holding->team = mark.team;
        holding->grant = mark.name;
    }
    holding_explain(l, holding, declared, former);
}

static void look_at_inline(struct looking *l, const struct inline_policy *policy)
{
    struct document document = {0};
    const char *sid_prefix = mark_sid_prefix(l->arena, l->input->settings->owner);
    if (!mark_read_inline(l->arena, policy->document, sid_prefix, &document)) {
        damage_report(l->arena, &l->holdings->problems, sid_prefix, l->account->account_id, l->principal,
                      policy);
        return;
    }
    struct holding *holding = add(l, policy->name, MODE_INLINE);
    holding->document = policy->document;
    if (lease_ends_at(&document, &holding->ends_at_s))
        holding->ended = holding->ends_at_s <= l->input->now_s;
    holding_explain(l, holding, holding_find_lease(l, &l->declared, policy->name),
                    holding_find_lease(l, &l->candidates, policy->name));
}

/* "user:bert" or "user:bert:20261130T140000Z": whom the mark of a lease names. */
static void read_holder(struct looking *l, const char *text, struct holding *holding)
{
    for (enum principal_kind kind = 0; kind < PRINCIPAL_KIND_COUNT; kind++) {
        const char *name = principal_kind_name(kind);
        if (!str_prefix(text, name) || text[strlen(name)] != ':')
            continue;
        text += strlen(name) + 1;
        holding->principal_kind = kind;
        holding->principal = arena_strndup(l->arena, text, strcspn(text, ":"));
        return;
    }
}

/* A role that is a lease belongs to whoever switches to it; what is attached to it is part of it. */
static void look_at_role(struct looking *l, const struct mark *mark)
{
    const struct observed_principal *role = l->principal;
    struct direct_grant direct;
    struct holding *holding = add(l, role->arn ? role->arn : role->name, MODE_ROLE);
    holding->team = mark->team;
    holding->grant = mark_grant(l->arena, mark);
    read_holder(l, strchr(mark->name, ':') + 1, holding);
    if (lease_role_ends_at(l->arena, role->trust, &holding->ends_at_s))
        holding->ended = holding->ends_at_s <= l->input->now_s;
    if (direct_role_read(l->arena, l->input->settings, l->account->account_id, role, &direct)) {
        struct direct_grant *kept = ARENA_NEW(l->arena, struct direct_grant);
        *kept = direct;
        holding->direct = kept;
        holding->document = direct.policy;
        if (direct_role_ends_at(l->arena, l->input->settings->owner, role, &holding->ends_at_s))
            holding->ended = holding->ends_at_s <= l->input->now_s;
        if (!holding->ended)
            direct_edited_report(l->arena, l->input->settings, l->account->account_id, role,
                                 &l->holdings->problems);
        holding->environment = holding_account_name(l, holding->team);
        return;
    }
    if (holding->ends_at_s && !holding->ended)
        role_deny_report(l->arena, mark_sid_prefix(l->arena, l->input->settings->owner),
                         l->account->account_id, role, holding->ends_at_s, &l->holdings->problems);
    holding_explain(l, holding, holding_find_switched(l, &l->declared, role->mark),
                    holding_find_switched(l, &l->candidates, role->mark));
}

/* A lease of ours that somebody edited so: it is told wherever somebody asks who has what. */
static void report_endless(struct looking *l)
{
    for (size_t i = 0; i < l->holdings->count; i++) {
        const struct holding *holding = &l->holdings->items[i];
        if (holding->mode == MODE_ATTACH || holding->ended || holding->ends_at_s)
            continue;
        problem_add(
            l->arena, &l->holdings->problems, "lease-without-end", holding->account_id, NULL,
            "%s of %s %s in account %s carries the mark of a lease but does not end: it was edited by hand",
            holding->what, principal_kind_name(holding->principal_kind), holding->principal,
            holding->account_id)
            ->hint = "run 'iamlease apply', which puts it right or removes it";
    }
}

static void look_at_principal(struct looking *l, const struct observed_principal *principal)
{
    struct mark mark;
    l->principal = principal;
    if (role_mark_is_lease(l->arena, principal->mark, l->input->settings->owner, &mark)) {
        look_at_role(l, &mark);
        return;
    }
    for (size_t i = 0; i < principal->attached.count; i++)
        look_at_attachment(l, principal->attached.items[i]);
    for (size_t i = 0; i < principal->inline_policies.count; i++)
        look_at_inline(l, &principal->inline_policies.items[i]);
}

static int compare_holdings(const void *left, const void *right)
{
    const struct holding *a = left, *b = right;
    int order = strcmp(a->account_id, b->account_id);
    if (!order)
        order = strcmp(a->principal, b->principal);
    if (!order)
        order = (int)a->principal_kind - (int)b->principal_kind;
    return order ? order : strcmp(a->what, b->what);
}

static void look_at_account(struct looking *l, const struct facts *candidates)
{
    const struct observed_account *account = l->account;
    if (account->error) {
        problem_add(l->arena, &l->holdings->problems, "account-unreachable", account->account_id, NULL, "%s",
                    account->error);
        return;
    }
    l->declared = of_account(l->input->declared, account->account_id);
    l->candidates = of_account(candidates, account->account_id);
    for (size_t i = 0; i < account->principals.count; i++)
        look_at_principal(l, &account->principals.items[i]);
}

void holdings_compute(struct arena *arena, const struct holdings_input *input, struct holdings *ret)
{
    struct looking l = {.arena = arena, .input = input, .holdings = ret};
    const struct facts candidates = facts_sorted(arena, input->candidates);
    ret->settings = input->settings;
    ret->now_s = input->now_s;
    for (size_t i = 0; i < input->observed->count; i++) {
        l.account = &input->observed->items[i];
        look_at_account(&l, &candidates);
    }
    report_endless(&l);
    if (ret->count)
        qsort(ret->items, ret->count, sizeof *ret->items, compare_holdings);
}

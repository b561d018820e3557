/* SPDX-License-Identifier: Apache-2.0 */
#include "plan/holdings.h"

#include "base/str.h"
#include "plan/account_work.h"
#include "policy/lease.h"
#include "policy/mark.h"

#include <stdlib.h>
#include <string.h>

struct looking {
    struct arena *arena;
    const struct settings *settings;
    const struct facts *facts;
    const struct observed_account *account;
    const struct observed_principal *principal;
    struct holdings *holdings;
};

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

static void explain(struct holding *holding, const struct fact *fact)
{
    holding->team = fact->team;
    holding->grant = fact->grant;
    holding->environment = fact->environment;
    holding->declared = true;
}

static bool concerns(const struct looking *l, const struct fact *fact, enum access_kind kind)
{
    return fact->kind == kind && fact->principal_kind == l->principal->kind &&
           str_eq(fact->account_id, l->account->account_id) &&
           str_casecmp(fact->principal, l->principal->name) == 0;
}

static bool brings(const struct fact *fact, const char *arn, const struct mark *mark)
{
    for (size_t i = 0; i < fact->policy->managed_policies.count; i++)
        if (str_eq(fact->policy->managed_policies.items[i].text, arn))
            return true;
    return mark && str_eq(fact->team, mark->team) && str_eq(fact->grant, mark->name);
}

/* The mark of one of our own policies with that ARN; false for all others. */
static bool find_mark(const struct looking *l, const char *arn, struct mark *ret)
{
    for (size_t i = 0; i < l->account->policies.count; i++) {
        const struct observed_policy *policy = &l->account->policies.items[i];
        if (str_eq(policy->arn, arn))
            return mark_parse(l->arena, policy->description, ret) && str_eq(ret->owner, l->settings->owner);
    }
    return false;
}

static void look_at_attachment(struct looking *l, const char *arn)
{
    struct mark mark;
    bool marked = find_mark(l, arn, &mark);
    const struct fact *fact = NULL;
    for (size_t i = 0; i < l->facts->count && !fact; i++)
        if (concerns(l, &l->facts->items[i], ACCESS_PERMANENT) &&
            brings(&l->facts->items[i], arn, marked ? &mark : NULL))
            fact = &l->facts->items[i];
    if (!fact && !marked)
        return; /* foreign: none of our business */
    struct holding *holding = add(l, arn, MODE_ATTACH);
    if (marked) {
        holding->team = mark.team;
        holding->grant = mark.name;
    }
    if (fact)
        explain(holding, fact);
}

static void look_at_inline(struct looking *l, const struct inline_policy *policy, int64_t now_s)
{
    struct document document = {0};
    const char *sid_prefix = mark_sid_prefix(l->arena, l->settings->owner);
    if (!mark_read_inline(l->arena, policy->document, sid_prefix, &document)) {
        damage_report(l->arena, &l->holdings->problems, sid_prefix, l->account->account_id, l->principal,
                      policy);
        return;
    }
    struct holding *holding = add(l, policy->name, MODE_INLINE);
    if (lease_ends_at(&document, &holding->ends_at_s))
        holding->ended = holding->ends_at_s <= now_s;
    for (size_t i = 0; i < l->facts->count; i++) {
        const struct fact *fact = &l->facts->items[i];
        if (concerns(l, fact, ACCESS_LEASE) &&
            str_casecmp(mark_lease_name(l->arena, fact), policy->name) ==
                0)
            explain(holding, fact);
    }
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

void holdings_compute(struct arena *arena, const struct settings *settings, const struct facts *facts,
                      const struct observed *observed, int64_t now_s, struct holdings *ret)
{
    struct looking l = {.arena = arena, .settings = settings, .facts = facts, .holdings = ret};
    ret->settings = settings;
    ret->now_s = now_s;
    for (size_t i = 0; i < observed->count; i++) {
        l.account = &observed->items[i];
        if (l.account->error)
            problem_add(arena, &ret->problems, "account-unreachable", l.account->account_id, NULL, "%s",
                        l.account->error);
        for (size_t j = 0; !l.account->error && j < l.account->principals.count; j++) {
            l.principal = &l.account->principals.items[j];
            for (size_t k = 0; k < l.principal->attached.count; k++)
                look_at_attachment(&l, l.principal->attached.items[k]);
            for (size_t k = 0; k < l.principal->inline_policies.count; k++)
                look_at_inline(&l, &l.principal->inline_policies.items[k], now_s);
        }
    }
    if (ret->count)
        qsort(ret->items, ret->count, sizeof *ret->items, compare_holdings);
}

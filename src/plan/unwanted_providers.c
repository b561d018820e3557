/* SPDX-License-Identifier: Apache-2.0 */
/* OIDC providers of aws-roles that nobody declares any more: they go when no role trusts them. */
#include "plan/unwanted_providers.h"

#include "base/str.h"
#include "plan/account_work.h"
#include "plan/ours.h"
#include "policy/role_mark.h"

#include <string.h>

static bool names_provider(const struct fact *fact, const char *issuer)
{
    for (size_t i = 0; fact_is_role(fact) && i < fact->policy->role->trust.count; i++) {
        const char *trusted = fact->policy->role->trust.items[i].oidc_issuer;
        if (trusted && str_casecmp(trusted, issuer) == 0)
            return true;
    }
    return false;
}

/* A role of aws-roles that trusts the provider when all is done, of whichever team, or NULL. */
static const char *find_trusting(const struct account_work *work, const struct facts *facts,
                                 const char *issuer)
{
    size_t count = 0, from = facts ? work_facts_of_account(work, facts, &count) : 0;
    for (size_t i = from; i < from + count; i++)
        if (names_provider(&facts->items[i], issuer))
            return facts->items[i].principal;
    return NULL;
}

/* Whether a trust policy names the provider. Ours hold no escapes. */
static bool is_trusted_by(struct account_work *work, const char *trust, const char *issuer)
{
    return strstr(str_lower(work->arena, trust),
                  arena_printf(work->arena, ":oidc-provider/%s\"", str_lower(work->arena, issuer)));
}

/* What ends it that a role trusts the provider: the index of that operation and one; 0: nothing does. */
static size_t end_of_trust(struct account_work *work, const char *role, const char *issuer)
{
    for (size_t i = 0; i < work->plan->operations.count; i++) {
        const struct operation *operation = &work->plan->operations.items[i];
        if ((operation->kind == OP_DELETE_ROLE ||
             (operation->kind == OP_UPDATE_TRUST && !is_trusted_by(work, operation->document, issuer))) &&
            str_eq(operation->account_id, work->account->account_id) && str_eq(operation->principal, role))
            return i + 1;
    }
    return 0;
}

static void keep(struct account_work *work, const struct oidc_provider *provider, const char *role)
{
    problem_add(work->arena, &work->plan->problems, "provider-in-use", work->account->account_id, NULL,
                "the OIDC provider %s in account %s is no longer declared, but role %s trusts it: it stays",
                provider->url, work->account->account_id, role)
        ->hint = "take the trust out of that role, or declare the provider with 'existing: true', and run "
                 "apply again";
}

static void drop(struct account_work *work, const struct oidc_provider *provider, const struct mark *mark)
{
    struct operation operation = {
        .kind = OP_DELETE_PROVIDER,
        .provider = provider,
        .mark = tags_get(&provider->tags, role_mark_key),
        .reason = arena_printf(work->arena, REASON_UNDECLARED ": %s/oidc:%s", mark->team, mark->name)};
    const char *trusting = find_trusting(work, work->input->desired, provider->url);
    if (!trusting)
        trusting = find_trusting(work, work->input->held, provider->url);
    for (size_t i = 0; !trusting && i < work->account->federations.count; i++) {
        const struct federation *federation = &work->account->federations.items[i];
        if (*federation->issuer && str_casecmp(federation->issuer, provider->url) != 0)
            continue;
        const size_t end = end_of_trust(work, federation->role, provider->url);
        if (end)
            *VEC_ADD(work->arena, &operation.after) = end - 1;
        else
            trusting = federation->role;
    }
    if (trusting)
        keep(work, provider, trusting);
    else
        work_add_operation(work, operation);
}

void work_drop_providers(struct account_work *work)
{
    struct mark mark;
    for (size_t i = 0; i < work->account->providers.count; i++) {
        const struct oidc_provider *provider = &work->account->providers.items[i];
        if (work_is_our_provider(work, provider, &mark) && work_in_scope(work, mark.team) &&
            !map_get(&work->keys, work_key_provider(work, provider->url)))
            drop(work, provider, &mark);
    }
}

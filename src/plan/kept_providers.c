/* SPDX-License-Identifier: Apache-2.0 */
/* OIDC providers of aws-roles: made, changed and taken away. */
#include "base/str.h"
#include "plan/account_work.h"
#include "plan/kept_tags.h"
#include "policy/role_mark.h"
#include "policy/trust.h"

static const char *refused_key(struct account_work *work, const char *issuer)
{
    return arena_printf(work->arena, "refused\n%s", work_key_provider(work, issuer));
}

bool work_is_refused_provider(struct account_work *work, const char *issuer)
{
    return map_get(&work->keys, refused_key(work, issuer));
}

static bool is_ours(const struct account_work *work, const struct oidc_provider *provider, struct mark *ret)
{
    return role_mark_is_kept(work->arena, tags_get(&provider->tags, role_mark_key),
                             work->input->settings->owner, ret);
}

static void refuse(struct account_work *work, const struct fact *fact, const char *id, const char *what,
                   const char *hint)
{
    work_keep(work, refused_key(work, fact->principal));
    work_refuse(
        work, fact, id,
        arena_printf(work->arena,
                     "%s OIDC provider %s in account %s: neither it nor the roles that trust it are made or "
                     "changed",
                     what, fact->principal, fact->account_id),
        hint);
}

static struct oidc_provider *provider_of(struct account_work *work, const struct fact *fact)
{
    const struct provider_decl *decl = fact->policy->provider;
    struct oidc_provider *provider = ARENA_NEW(work->arena, struct oidc_provider);
    *provider = (struct oidc_provider){.url = decl->issuer,
                                       .arn = trust_provider_arn(work->arena, work->input->settings->partition,
                                                                 fact->account_id, decl->issuer)};
    for (size_t i = 0; i < decl->client_ids.count; i++)
        strings_add(work->arena, &provider->client_ids, decl->client_ids.items[i].text);
    for (size_t i = 0; i < decl->thumbprints.count; i++)
        strings_add(work->arena, &provider->thumbprints,
                    str_lower(work->arena, decl->thumbprints.items[i].text));
    return provider;
}

static size_t add_write(struct account_work *work, const struct fact *fact, struct operation operation)
{
    operation.mark = role_mark_kept(work->arena, &(struct mark){work->input->settings->owner, fact->team,
                                                                fact->policy->provider->name.text});
    operation.lease_id = fact->lease_id;
    operation.reason = arena_printf(work->arena, "declared: %s/%s", fact->team, fact->grant);
    return work_add_operation(work, operation);
}

/* One call for each audience that one side has and the other lacks. */
static void change_client_ids(struct account_work *work, const struct fact *fact, enum operation_kind kind,
                              const struct strings *some, const struct strings *others)
{
    for (size_t i = 0; i < some->count; i++) {
        if (strings_contain(others, some->items[i]))
            continue;
        struct oidc_provider *one = provider_of(work, fact);
        one->client_ids = (struct strings){0};
        strings_add(work->arena, &one->client_ids, some->items[i]);
        add_write(work, fact, (struct operation){.kind = kind, .provider = one});
    }
}

static bool same_thumbprints(struct account_work *work, const struct strings *a, const struct strings *b)
{
    bool same = a->count == b->count;
    for (size_t i = 0; same && i < a->count; i++)
        same = strings_contain(b, str_lower(work->arena, a->items[i]));
    return same;
}

/* Thumbprints that are not declared are those that AWS found. */
static void change(struct account_work *work, const struct fact *fact, const struct oidc_provider *live)
{
    struct oidc_provider *shall = provider_of(work, fact);
    struct mark mark;
    change_client_ids(work, fact, OP_ADD_CLIENT_ID, &shall->client_ids, &live->client_ids);
    change_client_ids(work, fact, OP_REMOVE_CLIENT_ID, &live->client_ids, &shall->client_ids);
    if (shall->thumbprints.count && !same_thumbprints(work, &live->thumbprints, &shall->thumbprints))
        add_write(work, fact, (struct operation){.kind = OP_UPDATE_THUMBPRINTS, .provider = shall});
    const struct tags *more = kept_tags_missing(work, &fact->policy->provider->tags, &live->tags),
                      *less = kept_tags_dropped(work, fact, &live->tags);
    size_t index = 0;
    if (more->count) /* with the mark that it has: the team that made it may be another one that declares it */
        index = add_write(work, fact,
                          (struct operation){.kind = OP_TAG_PROVIDER, .provider = shall, .tags = more});
    if (more->count && is_ours(work, live, &mark))
        work->plan->operations.items[index].mark = tags_get(&live->tags, role_mark_key);
    if (less->count)
        add_write(work, fact, (struct operation){.kind = OP_UNTAG_PROVIDER, .provider = shall, .tags = less});
}

/* Several teams may declare one, alike: the first that is met makes it. */
static void want_provider(struct account_work *work, const struct fact *fact)
{
    const struct provider_decl *decl = fact->policy->provider;
    const struct oidc_provider *there = observed_find_provider(work->account, decl->issuer);
    const char *key = work_key_provider(work, decl->issuer);
    struct mark mark;
    if (map_get(&work->keys, work_key_wanted(work, key)))
        return;
    work_keep(work, key);
    work_keep(work, work_key_wanted(work, key));
    if (decl->existing) {
        if (!there)
            refuse(work, fact, "provider-not-found", "there is no",
                   "make it, or declare it without 'existing: true'");
        return;
    }
    if (there && !is_ours(work, there, &mark)) {
        refuse(work, fact, "foreign-provider", "somebody else made the",
               "write 'existing: true' to use it as it is, or delete it if nobody needs it; iamlease never touches "
               "what is not its own");
        return;
    }
    if (there) {
        change(work, fact, there);
        return;
    }
    size_t *index = ARENA_NEW(work->arena, size_t);
    *index = add_write(work, fact,
                       (struct operation){.kind = OP_CREATE_PROVIDER,
                                          .provider = provider_of(work, fact),
                                          .tags = kept_tags_of(work->arena, &decl->tags)});
    map_put(&work->providers, key, index);
}

void work_collect_providers(struct account_work *work)
{
    const struct facts *desired = work->input->desired, *held = work->input->held;
    size_t count, from = work_facts_of_account(work, desired, &count);
    for (size_t i = from; i < from + count; i++) {
        const struct fact *fact = &desired->items[i];
        if (fact_is_provider(fact) && work_in_scope(work, fact->team) &&
            !(held && facts_find(held, fact->identity)))
            want_provider(work, fact);
    }
}

void work_after_provider(struct account_work *work, size_t operation, const struct role_decl *role)
{
    for (size_t i = 0; i < role->trust.count; i++) {
        const char *issuer = role->trust.items[i].oidc_issuer;
        const size_t *index = issuer ? map_get(&work->providers, work_key_provider(work, issuer)) : NULL;
        if (index)
            work_after(work, operation, *index);
    }
}

/* What this run does to a role that trusts the provider now: the index of that operation and one; 0: nothing. */
static size_t end_of_trust(const struct account_work *work, const char *role)
{
    for (size_t i = 0; i < work->plan->operations.count; i++) {
        const struct operation *operation = &work->plan->operations.items[i];
        if ((operation->kind == OP_DELETE_ROLE || operation->kind == OP_UPDATE_TRUST) &&
            str_eq(operation->account_id, work->account->account_id) && str_eq(operation->principal, role))
            return i + 1;
    }
    return 0;
}

static void drop(struct account_work *work, const struct oidc_provider *provider, const struct mark *mark)
{
    struct operation operation = {
        .kind = OP_DELETE_PROVIDER,
        .provider = provider,
        .mark = tags_get(&provider->tags, role_mark_key),
        .reason = arena_printf(work->arena, REASON_UNDECLARED ": %s/oidc:%s", mark->team, mark->name)};
    for (size_t i = 0; i < work->account->federations.count; i++) {
        const struct federation *federation = &work->account->federations.items[i];
        if (*federation->issuer && str_casecmp(federation->issuer, provider->url) != 0)
            continue;
        size_t end = end_of_trust(work, federation->role);
        if (!end) {
            problem_add(
                work->arena, &work->plan->problems, "provider-in-use", work->account->account_id, NULL,
                "the OIDC provider %s in account %s is no longer declared, but role %s trusts it: it stays",
                provider->url, work->account->account_id, federation->role)
                ->hint =
                "take the trust out of that role, or declare the provider with 'existing: true', and run "
                "apply again";
            return;
        }
        *VEC_ADD(work->arena, &operation.after) = end - 1;
    }
    work_add_operation(work, operation);
}

void work_drop_providers(struct account_work *work)
{
    struct mark mark;
    for (size_t i = 0; i < work->account->providers.count; i++) {
        const struct oidc_provider *provider = &work->account->providers.items[i];
        if (is_ours(work, provider, &mark) && work_in_scope(work, mark.team) &&
            !map_get(&work->keys, work_key_provider(work, provider->url)))
            drop(work, provider, &mark);
    }
}

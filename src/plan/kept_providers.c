/* SPDX-License-Identifier: Apache-2.0 */
/* OIDC providers of aws-roles: made and changed. */
#include "plan/kept_providers.h"

#include "base/str.h"
#include "plan/account_work.h"
#include "plan/kept_tags.h"
#include "plan/ours.h"
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

/* The audiences that files declared for a provider since the applied commit, or did so then. */
static const struct strings *once_declared(struct account_work *work, const char *issuer)
{
    struct strings *declared = ARENA_NEW(work->arena, struct strings);
    *declared = (struct strings){0};
    size_t count, from = work_facts_of_account(work, work->input->candidates, &count);
    for (size_t i = from; i < from + count; i++) {
        const struct fact *fact = &work->input->candidates->items[i];
        const struct provider_decl *decl = fact_is_provider(fact) ? fact->policy->provider : NULL;
        for (size_t j = 0; decl && str_casecmp(decl->issuer, issuer) == 0 && j < decl->client_ids.count; j++)
            strings_add(work->arena, declared, decl->client_ids.items[j].text);
    }
    return declared;
}

static void change_client_id(struct account_work *work, const struct fact *fact, enum operation_kind kind,
                             const char *client_id)
{
    struct oidc_provider *one = provider_of(work, fact);
    one->client_ids = (struct strings){0};
    strings_add(work->arena, &one->client_ids, client_id);
    add_write(work, fact, (struct operation){.kind = kind, .provider = one});
}

/* One call for each audience that is missing, or that no file declares any more; another one is somebody's. */
static void change_client_ids(struct account_work *work, const struct fact *fact, const struct strings *shall,
                              const struct strings *live)
{
    const struct strings *declared = once_declared(work, fact->principal);
    for (size_t i = 0; i < shall->count; i++)
        if (!strings_contain(live, shall->items[i]))
            change_client_id(work, fact, OP_ADD_CLIENT_ID, shall->items[i]);
    for (size_t i = 0; i < live->count; i++) {
        if (strings_contain(shall, live->items[i]))
            continue;
        if (strings_contain(declared, live->items[i]))
            change_client_id(work, fact, OP_REMOVE_CLIENT_ID, live->items[i]);
        else
            *VEC_ADD(work->arena, &work->plan->notices) =
                arena_printf(work->arena,
                             "OIDC provider %s in account %s has the audience %s, which no file declares: "
                             "iamlease leaves it there",
                             fact->principal, fact->account_id, live->items[i]);
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
    change_client_ids(work, fact, &shall->client_ids, &live->client_ids);
    if (shall->thumbprints.count && !same_thumbprints(work, &live->thumbprints, &shall->thumbprints))
        add_write(work, fact, (struct operation){.kind = OP_UPDATE_THUMBPRINTS, .provider = shall});
    const struct tags *more = kept_tags_missing(work, &fact->policy->provider->tags, &live->tags),
                      *less = kept_tags_dropped(work, fact, &live->tags);
    size_t index = 0;
    if (more->count) /* with the mark that it has: the team that made it may be another one that declares it */
        index = add_write(work, fact,
                          (struct operation){.kind = OP_TAG_PROVIDER, .provider = shall, .tags = more});
    if (more->count && work_is_our_provider(work, live, &mark))
        work->plan->operations.items[index].mark = tags_get(&live->tags, role_mark_key);
    if (less->count)
        add_write(work, fact, (struct operation){.kind = OP_UNTAG_PROVIDER, .provider = shall, .tags = less});
}

static bool is_held(const struct account_work *work, const struct fact *fact)
{
    return work->input->held && facts_find(work->input->held, fact->identity);
}

/* Another team that declares the same one otherwise, whether this run is about it or not. */
static const struct fact *find_otherwise(const struct account_work *work, const struct fact *fact)
{
    const struct facts *desired = work->input->desired;
    size_t count, from = work_facts_of_account(work, desired, &count);
    for (size_t i = from; i < from + count; i++) {
        const struct fact *other = &desired->items[i];
        if (fact_is_provider(other) && other->policy != fact->policy && !is_held(work, other) &&
            str_casecmp(other->principal, fact->principal) == 0 &&
            !str_eq(trust_canonical(work->arena, NULL, other->policy->provider),
                    trust_canonical(work->arena, NULL, fact->policy->provider)))
            return other;
    }
    return NULL;
}

/* Both may have been merged alone: one object cannot be two things, and neither team takes away what the other has. */
static bool refuse_differing(struct account_work *work, const struct fact *fact)
{
    const struct fact *other = find_otherwise(work, fact);
    if (!other)
        return false;
    const char *key = work_key_provider(work, fact->principal);
    const struct oidc_provider *there = observed_find_provider(work->account, fact->principal);
    const bool is_there = there != NULL;
    struct mark mark;
    work_keep(work, key);
    if (!is_there || (!fact->policy->provider->existing && !work_is_our_provider(work, there, &mark)))
        work_keep(work, refused_key(work, fact->principal));
    work_refuse(
        work, fact, "provider-differs",
        arena_printf(work->arena,
                     "team %s declares the OIDC provider %s in account %s otherwise than team %s: %s",
                     fact->team, fact->principal, fact->account_id, other->team,
                     is_there ? "it stays as it is" : "neither it nor the roles that trust it are made"),
        arena_printf(work->arena, "declare it alike in aws-roles/%s.yaml and aws-roles/%s.yaml", fact->team,
                     other->team));
    return true;
}

/* Several teams may declare one, alike: the first that is met makes it. */
static void want_provider(struct account_work *work, const struct fact *fact)
{
    const struct provider_decl *decl = fact->policy->provider;
    const struct oidc_provider *there = observed_find_provider(work->account, decl->issuer);
    const char *key = work_key_provider(work, decl->issuer);
    struct mark mark;
    if (refuse_differing(work, fact) || map_get(&work->keys, work_key_wanted(work, key)))
        return;
    work_keep(work, key);
    work_keep(work, work_key_wanted(work, key));
    if (decl->existing) {
        if (!there)
            refuse(work, fact, "provider-not-found", "there is no",
                   "make it, or declare it without 'existing: true'");
        return;
    }
    if (there && !work_is_our_provider(work, there, &mark)) {
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

/* What is held is not made: whoever makes it instead would be trusted by the roles that name it. */
static void refuse_missing(struct account_work *work)
{
    const struct facts *held = work->input->held;
    size_t count = 0, from = held ? work_facts_of_account(work, held, &count) : 0;
    for (size_t i = from; i < from + count; i++) {
        const char *issuer = held->items[i].principal;
        if (fact_is_provider(&held->items[i]) && !observed_find_provider(work->account, issuer) &&
            !map_get(&work->providers, work_key_provider(work, issuer)))
            work_keep(work, refused_key(work, issuer));
    }
}

void work_collect_providers(struct account_work *work)
{
    const struct facts *desired = work->input->desired;
    size_t count, from = work_facts_of_account(work, desired, &count);
    for (size_t i = from; i < from + count; i++) {
        const struct fact *fact = &desired->items[i];
        if (fact_is_provider(fact) && work_in_scope(work, fact->team) && !is_held(work, fact))
            want_provider(work, fact);
    }
    refuse_missing(work);
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

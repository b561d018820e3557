/* SPDX-License-Identifier: Apache-2.0 */
/* The state of AWS that a set of facts implies: what a plan without AWS credentials compares with. */
#include "base/str.h"
#include "plan/account_work.h"
#include "plan/copies.h"
#include "plan/kept_tags.h"
#include "plan/lease_role.h"
#include "plan/lease_text.h"
#include "plan/operations.h"
#include "policy/boundary.h"
#include "policy/document.h"
#include "policy/mark.h"
#include "policy/role_mark.h"
#include "policy/trust.h"

struct implying {
    struct arena *arena, *scratch;
    const struct settings *settings;
    struct observed *observed;
    struct map accounts;  /* id → place in observed */
    struct map documents; /* policy → JSON */
    const char *sid_prefix;
    struct lease_texts *texts;
};

static void know_account(struct implying *implying, size_t index)
{
    size_t *place = ARENA_NEW(implying->scratch, size_t);
    *place = index;
    map_put(&implying->accounts, implying->observed->items[index].account_id, place);
}

static struct observed_account *account_of(struct implying *implying, const char *account_id)
{
    struct observed *observed = implying->observed;
    const size_t *known = map_get(&implying->accounts, account_id);
    if (known)
        return &observed->items[*known];
    struct observed_account *account = VEC_ADD(implying->arena, observed);
    account->account_id = account_id;
    know_account(implying, observed->count - 1);
    account->quotas = quotas_defaults();
    account->sources_unknown = true;
    return account;
}

/* Many facts share a policy. */
static const char *policy_json(struct implying *implying, const struct policy_decl *policy)
{
    char key[STR_POINTER_SIZE];
    const char *known = map_get(&implying->documents, str_of_pointer(policy, key));
    if (known)
        return known;
    char *json = arena_strdup(implying->arena, document_to_json(implying->scratch, &policy->custom));
    map_put(&implying->documents, arena_strdup(implying->scratch, key), json);
    return json;
}

static const char *imply_policy(struct implying *implying, struct observed_account *account,
                                const struct fact *fact)
{
    struct arena *arena = implying->arena;
    const struct settings *settings = implying->settings;
    const char *name = mark_policy_name(implying->scratch, fact->team, fact->grant);
    const struct observed_policy *there = observed_find_policy(account, name);
    if (there)
        return there->arn;
    struct observed_policy *policy = observed_add_policy(arena, account, arena_strdup(arena, name));
    policy->path = settings->policy_path;
    policy->arn = arena_printf(arena, "arn:%s:iam::%s:policy%s%s", settings->partition, fact->account_id,
                               settings->policy_path, name);
    policy->description = mark_description(arena, fact->policy->description,
                                           &(struct mark){settings->owner, fact->team, fact->grant});
    policy->document = policy_json(implying, fact->policy);
    *VEC_ADD(arena, &policy->versions) = (struct policy_version){.id = "v1", .is_default = true};
    return policy->arn;
}

static void imply_copies(struct implying *implying, struct observed_account *account,
                         struct observed_principal *principal, const struct fact *fact)
{
    struct arena *arena = implying->arena;
    const struct settings *settings = implying->settings;
    struct lease_copies copies;
    copies_compute(arena, settings, account, fact, &copies);
    for (size_t i = 0; !copies.problem && i < copies.count; i++) {
        const struct lease_copy *copy = &copies.items[i];
        struct observed_policy *policy = observed_add_policy(arena, account, copy->name);
        policy->path = settings->policy_path;
        policy->arn = arena_printf(arena, "arn:%s:iam::%s:policy%s%s", settings->partition, fact->account_id,
                                   settings->policy_path, copy->name);
        policy->description = copies.description;
        policy->document = copy->document ? copy->document : copies.terms;
        *VEC_ADD(arena, &policy->versions) = (struct policy_version){.id = "v1", .is_default = true};
        strings_add(arena, &principal->attached, policy->arn);
    }
}

/* The policies of a fact, attached to whoever is to have them. */
static void imply_policies(struct implying *implying, struct observed_account *account,
                           struct observed_principal *principal, const struct fact *fact)
{
    struct arena *arena = implying->arena;
    if (fact->policy->custom.count)
        strings_add(arena, &principal->attached, imply_policy(implying, account, fact));
    for (size_t i = 0; i < fact->policy->managed_policies.count; i++)
        strings_add(arena, &principal->attached, fact->policy->managed_policies.items[i].text);
}

static const char *boundary_in(const struct implying *implying, const struct fact *fact,
                               const struct role_decl *decl)
{
    const char *arn = boundary_of_role(implying->arena, implying->settings, fact->account_id, decl);
    return *arn ? arn : NULL;
}

static void imply_role(struct implying *implying, struct observed_account *account, const struct fact *fact)
{
    struct arena *arena = implying->arena;
    struct lease_role lease;
    if (!lease_role_is_possible(fact))
        return;
    lease_role_compute(arena, implying->settings, NULL, fact, &lease);
    struct observed_principal *role = observed_add_principal(arena, account, PRINCIPAL_ROLE, lease.name);
    role->mark = lease.mark;
    role->trust = lease.trust_json;
    role->boundary = boundary_in(implying, fact, NULL);
    *VEC_ADD(arena, &role->inline_policies) = (struct inline_policy){
        .name = lease_role_deny_name,
        .document = lease.deny_json,
    };
    imply_policies(implying, account, role, fact);
}

static void imply_kept_role(struct implying *implying, struct observed_principal *role,
                            const struct fact *fact)
{
    struct arena *arena = implying->arena;
    const struct settings *settings = implying->settings;
    const struct role_decl *decl = fact->policy->role;
    struct document trust;
    trust_document(arena, settings->partition, fact->account_id, decl, &trust);
    struct role_details *details = ARENA_NEW(arena, struct role_details);
    *details = (struct role_details){.description = mark_plain_description(arena, decl->description),
                                     .session_s = decl->max_session_hours * 3600,
                                     .tags = *kept_tags_of(arena, &decl->tags)};
    role->details = details;
    role->mark = role_mark_of_entry(arena, settings->owner, fact);
    role->trust = document_to_json(arena, &trust);
    role->boundary = boundary_in(implying, fact, decl);
}

/* One that is used as it is stands there without our mark. */
static void imply_provider(struct implying *implying, struct observed_account *account,
                           const struct fact *fact)
{
    struct arena *arena = implying->arena;
    const struct settings *settings = implying->settings;
    const struct provider_decl *decl = fact->policy->provider;
    if (observed_find_provider(account, decl->issuer))
        return;
    struct oidc_provider *provider = VEC_ADD(arena, &account->providers);
    *provider = (struct oidc_provider){
        .arn = trust_provider_arn(arena, settings->partition, fact->account_id, decl->issuer),
        .url = decl->issuer,
        .tags = *kept_tags_of(arena, &decl->tags)};
    for (size_t i = 0; i < decl->client_ids.count; i++)
        strings_add(arena, &provider->client_ids, decl->client_ids.items[i].text);
    for (size_t i = 0; i < decl->thumbprints.count; i++)
        strings_add(arena, &provider->thumbprints, decl->thumbprints.items[i].text);
    if (!decl->existing)
        tags_add(arena, &provider->tags, role_mark_key,
                 role_mark_kept(arena, &(struct mark){settings->owner, fact->team, decl->name.text}));
}

static void imply_fact(struct implying *implying, const struct fact *fact)
{
    struct arena *arena = implying->arena;
    struct observed_account *account = account_of(implying, fact->account_id);
    if (fact_is_provider(fact)) {
        imply_provider(implying, account, fact);
        return;
    }
    struct observed_principal *principal =
        observed_add_principal(arena, account, fact->principal_kind, fact->principal);
    if (fact_is_role(fact))
        imply_kept_role(implying, principal, fact);
    if (fact->mode == MODE_ATTACH) {
        imply_policies(implying, account, principal, fact);
    } else if (fact->mode == MODE_INLINE) {
        const char *document = lease_text_of(arena, implying->texts, fact, implying->sid_prefix)->json;
        if (document)
            *VEC_ADD(arena, &principal->inline_policies) = (struct inline_policy){
                .name = mark_lease_name(arena, fact),
                .document = document,
            };
    } else if (fact->mode == MODE_POLICY) {
        imply_copies(implying, account, principal, fact);
    } else {
        imply_role(implying, account, fact);
    }
}

/* What has to be there already: not the roles and providers that are declared. */
static void imply_named(struct implying *implying, const struct fact *fact)
{
    struct observed_account *account = account_of(implying, fact->account_id);
    if (fact_is_provider(fact) && fact->policy->provider->existing)
        imply_provider(implying, account, fact);
    else if (!fact->of_role)
        observed_add_principal(implying->arena, account, fact->principal_kind, fact->principal);
}

void operations_implied_state(struct arena *arena, const struct settings *settings, const struct facts *facts,
                              const struct facts *named, struct lease_texts *texts, struct observed *ret)
{
    CLEANUP(arena_freep) struct arena *scratch = arena_new();
    struct implying implying = {.arena = arena,
                                .scratch = scratch,
                                .settings = settings,
                                .observed = ret,
                                .accounts = map_new(scratch),
                                .documents = map_new(scratch),
                                .sid_prefix = mark_sid_prefix(arena, settings->owner),
                                .texts = texts ? texts : ARENA_NEW(scratch, struct lease_texts)};
    for (size_t i = 0; i < ret->count; i++)
        know_account(&implying, i);
    for (size_t i = 0; i < facts->count; i++)
        imply_fact(&implying, &facts->items[i]);
    for (size_t i = 0; i < named->count; i++)
        imply_named(&implying, &named->items[i]);
    for (size_t i = 0; i < ret->count; i++) {
        for (size_t j = 0; j < ret->items[i].principals.count; j++)
            strings_sort_unique(&ret->items[i].principals.items[j].attached);
        observed_index(arena, &ret->items[i]);
    }
}

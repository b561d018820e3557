/* SPDX-License-Identifier: Apache-2.0 */
#include "policy/trust.h"

#include "base/str.h"
#include "policy/document.h"

#include <string.h>

static const char saml_audience[] = "https://signin.aws.amazon.com/saml";

const char *trust_provider_arn(struct arena *arena, const char *partition, const char *account_id,
                               const char *issuer)
{
    return arena_printf(arena, "arn:%s:iam::%s:oidc-provider/%s", partition, account_id, issuer);
}

static void add_condition(struct arena *arena, struct statement *statement, const char *operator,
                          const char * key, const struct located_list *values)
{
    if (!values->count)
        return;
    struct condition *condition = VEC_ADD(arena, &statement->conditions);
    *condition = (struct condition){.operator= operator, .key = key };
    for (size_t i = 0; i < values->count; i++)
        strings_add(arena, &condition->values, values->items[i].text);
}

static void add_one_condition(struct arena *arena, struct statement *statement, const char *key,
                              const char *value)
{
    struct located one = {.text = value};
    add_condition(arena, statement, "StringEquals", key, &(struct located_list){.items = &one, .count = 1});
}

static void add_principals(struct arena *arena, struct statement *statement, const char *kind,
                           const struct located_list *list)
{
    for (size_t i = 0; i < list->count; i++)
        strings_add(arena, &statement->principals, arena_printf(arena, "%s:%s", kind, list->items[i].text));
}

static bool has_wildcard(const struct located_list *list)
{
    bool found = false;
    for (size_t i = 0; i < list->count; i++)
        found |= strpbrk(list->items[i].text, "*?") != NULL;
    return found;
}

static const char *saml_arn(struct arena *arena, const char *partition, const char *account_id,
                            const char *provider)
{
    return str_prefix(provider, "arn:")
               ? provider
               : arena_printf(arena, "arn:%s:iam::%s:saml-provider/%s", partition, account_id, provider);
}

static void add_federated(struct arena *arena, struct statement *statement, const char *arn)
{
    strings_add(arena, &statement->principals, arena_printf(arena, "Federated:%s", arn));
}

static void add_oidc(struct arena *arena, struct statement *statement, const char *partition,
                     const char *account_id, const struct trust_decl *trust)
{
    const char *issuer = trust->oidc_issuer;
    add_federated(arena, statement, trust_provider_arn(arena, partition, account_id, issuer));
    add_condition(arena, statement, "StringEquals", arena_printf(arena, "%s:aud", issuer),
                  &trust->oidc_audiences);
    add_condition(arena, statement, has_wildcard(&trust->oidc_subjects) ? "StringLike" : "StringEquals",
                  arena_printf(arena, "%s:sub", issuer), &trust->oidc_subjects);
}

static void add_statement(struct arena *arena, const char *partition, const char *account_id,
                          const struct trust_decl *trust, struct document *ret)
{
    const bool by_token = trust->oidc_issuer != NULL, by_saml = trust->saml_provider.text != NULL;
    struct statement *statement = VEC_ADD(arena, ret);
    *statement = (struct statement){.effect = EFFECT_ALLOW};
    strings_add(arena, &statement->actions,
                by_token  ? "sts:AssumeRoleWithWebIdentity"
                : by_saml ? "sts:AssumeRoleWithSAML"
                          : "sts:AssumeRole");
    if (trust->account.text)
        strings_add(arena, &statement->principals,
                    arena_printf(arena, "AWS:arn:%s:iam::%s:root", partition, trust->account.text));
    add_principals(arena, statement, "AWS", &trust->principals);
    add_principals(arena, statement, "Service", &trust->services);
    if (by_saml) {
        add_federated(arena, statement, saml_arn(arena, partition, account_id, trust->saml_provider.text));
        add_one_condition(arena, statement, "SAML:aud",
                          trust->saml_audience.text ? trust->saml_audience.text : saml_audience);
    }
    if (by_token)
        add_oidc(arena, statement, partition, account_id, trust);
    if (trust->external_id)
        add_one_condition(arena, statement, "sts:ExternalId", trust->external_id);
}

void trust_document(struct arena *arena, const char *partition, const char *account_id,
                    const struct role_decl *role, struct document *ret)
{
    *ret = (struct document){0};
    for (size_t i = 0; i < role->trust.count; i++)
        add_statement(arena, partition, account_id, &role->trust.items[i], ret);
}

/* Each audience by itself: whoever loses one of two gains nothing. */
static void describe_oidc(struct arena *arena, const struct trust_decl *trust, struct strings *ret)
{
    static struct located nothing;
    const struct located_list any = {.items = &nothing, .count = 1},
                              *subjects = trust->oidc_subjects.count ? &trust->oidc_subjects : &any,
                              *audiences = trust->oidc_audiences.count ? &trust->oidc_audiences : &any;
    for (size_t i = 0; i < subjects->count; i++)
        for (size_t j = 0; j < audiences->count; j++) {
            const char *subject = subjects->items[i].text, *audience = audiences->items[j].text;
            strings_add(arena, ret,
                        arena_printf(arena, "%s%s of %s with %s%s", subject ? "the subject " : "any subject",
                                     subject ? subject : "", trust->oidc_issuer,
                                     audience ? "the audience " : "any audience", audience ? audience : ""));
        }
}

static void describe(struct arena *arena, const struct trust_decl *trust, struct strings *ret)
{
    const char *with =
        trust->external_id ? arena_printf(arena, " with the external id %s", trust->external_id) : "";
    if (trust->account.text)
        strings_add(arena, ret,
                    arena_printf(arena, "whoever the policies of account %s let%s", trust->account.text, with));
    for (size_t i = 0; i < trust->principals.count; i++)
        strings_add(arena, ret, arena_printf(arena, "%s%s", trust->principals.items[i].text, with));
    for (size_t i = 0; i < trust->services.count; i++)
        strings_add(arena, ret, arena_printf(arena, "the service %s", trust->services.items[i].text));
    if (trust->saml_provider.text)
        strings_add(arena, ret,
                    arena_printf(arena, "people of the SAML provider %s with the audience %s",
                                 trust->saml_provider.text,
                                 trust->saml_audience.text ? trust->saml_audience.text : saml_audience));
    if (trust->oidc_issuer)
        describe_oidc(arena, trust, ret);
}

void trust_describe(struct arena *arena, const struct role_decl *role, struct strings *ret)
{
    for (size_t i = 0; i < role->trust.count; i++)
        describe(arena, &role->trust.items[i], ret);
    strings_sort_unique(ret);
}

static void describe_tags(struct arena *arena, const struct tag_decls *tags, struct strings *ret)
{
    for (size_t i = 0; i < tags->count; i++)
        strings_add(arena, ret,
                    arena_printf(arena, "the tag %s=%s", tags->items[i].key.text, tags->items[i].value.text));
}

void role_describe(struct arena *arena, const struct role_decl *role, struct strings *ret)
{
    strings_add(arena, ret,
                arena_printf(arena, "sessions of %lld hour%s", (long long)role->max_session_hours,
                             role->max_session_hours == 1 ? "" : "s"));
    if (role->permissions_boundary)
        strings_add(arena, ret, arena_printf(arena, "the boundary %s", role->permissions_boundary));
    if (role->path)
        strings_add(arena, ret, arena_printf(arena, "the path %s", role->path));
    describe_tags(arena, &role->tags, ret);
    strings_sort_unique(ret);
}

void provider_describe(struct arena *arena, const struct provider_decl *provider, struct strings *ret)
{
    for (size_t i = 0; i < provider->client_ids.count; i++)
        strings_add(arena, ret, arena_printf(arena, "the audience %s", provider->client_ids.items[i].text));
    for (size_t i = 0; i < provider->thumbprints.count; i++)
        strings_add(
            arena, ret,
            arena_printf(arena, "the thumbprint %s", str_lower(arena, provider->thumbprints.items[i].text)));
    describe_tags(arena, &provider->tags, ret);
    if (provider->existing)
        strings_add(arena, ret, "is used as it is");
    strings_sort_unique(ret);
}

/* Of the account it does not depend: any will do. */
const char *trust_canonical(struct arena *arena, const struct role_decl *role,
                            const struct provider_decl *provider)
{
    struct strings parts = {0};
    struct document trust;
    if (role) {
        trust_document(arena, "aws", "000000000000", role, &trust);
        strings_add(arena, &parts, document_canonical(arena, &trust));
        role_describe(arena, role, &parts);
    }
    if (provider) {
        strings_add(arena, &parts, provider->issuer);
        provider_describe(arena, provider, &parts);
    }
    return arena_join(arena, '\n', parts.items, parts.count);
}

/* Whether every text of `some` is in `all`; both are sorted. */
static bool has_all(const struct strings *all, const struct strings *some)
{
    size_t j = 0;
    for (size_t i = 0; i < some->count; i++) {
        while (j < all->count && strcmp(all->items[j], some->items[i]) < 0)
            j++;
        if (j == all->count || !str_eq(all->items[j], some->items[i]))
            return false;
    }
    return true;
}

bool trust_is_within(const struct role_decl *now, const struct role_decl *allowed)
{
    CLEANUP(arena_freep) struct arena *scratch = arena_new();
    struct strings trust[2] = {0}, settings[2] = {0};
    const struct role_decl *roles[] = {now, allowed};
    for (int i = 0; i < 2; i++) {
        struct role_decl role = *roles[i];
        role.max_session_hours = allowed->max_session_hours;
        trust_describe(scratch, &role, &trust[i]);
        role_describe(scratch, &role, &settings[i]);
    }
    return now->max_session_hours <= allowed->max_session_hours && has_all(&trust[1], &trust[0]) &&
           has_all(&settings[1], &settings[0]) && has_all(&settings[0], &settings[1]);
}

bool provider_is_within(const struct provider_decl *now, const struct provider_decl *allowed)
{
    CLEANUP(arena_freep) struct arena *scratch = arena_new();
    struct strings parts[2] = {0};
    const struct provider_decl *providers[] = {now, allowed};
    for (int i = 0; i < 2; i++)
        provider_describe(scratch, providers[i], &parts[i]);
    return str_eq(now->issuer, allowed->issuer) && now->existing == allowed->existing &&
           now->tags.count == allowed->tags.count && has_all(&parts[1], &parts[0]) &&
           !now->thumbprints.count == !allowed->thumbprints.count;
}

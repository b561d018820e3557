/* SPDX-License-Identifier: Apache-2.0 */
/* Trust policies as AWS has them back to items of `trust`: policy/trust.c the other way round. */
#include "base/str.h"
#include "config/import_work.h"
#include "policy/document.h"
#include "policy/trust.h"

#include <string.h>

static const char scheme[] = "https://";

void import_add_texts(struct arena *arena, const struct strings *texts, size_t cut, struct located_list *ret)
{
    for (size_t i = 0; i < texts->count; i++)
        VEC_ADD(arena, ret)->text = texts->items[i] + cut;
}

/* The values of that operator and key; NULL: it has no such condition. */
static const struct strings *values_of(const struct statement *statement, const char *operator,
                                       const char * key)
{
    for (size_t i = 0; i < statement->conditions.count; i++) {
        const struct condition *condition = &statement->conditions.items[i];
        if (str_casecmp(condition->operator, operator) == 0 && str_casecmp(condition->key, key) == 0)
            return &condition->values;
    }
    return NULL;
}

static void read_oidc(struct arena *arena, const struct statement *statement, const char *issuer,
                      struct trust_decl *ret)
{
    const char *sub = arena_printf(arena, "%s:sub", issuer);
    const struct strings *audiences =
                             values_of(statement, "StringEquals", arena_printf(arena, "%s:aud", issuer)),
                         *like = values_of(statement, "StringLike", sub),
                         *subjects = like ? like : values_of(statement, "StringEquals", sub);
    ret->oidc_provider.text = arena_printf(arena, "%s%s", scheme, issuer);
    ret->oidc_issuer = issuer;
    if (audiences)
        import_add_texts(arena, audiences, 0, &ret->oidc_audiences);
    if (subjects)
        import_add_texts(arena, subjects, 0, &ret->oidc_subjects);
}

static void read_saml(const struct statement *statement, const char *provider, struct trust_decl *ret)
{
    const struct strings *audience = values_of(statement, "StringEquals", "SAML:aud");
    ret->saml_provider.text = provider;
    if (audience && audience->count == 1)
        ret->saml_audience.text = audience->items[0];
}

/* An item of `trust` for a statement, as policy/trust.c makes one of it; what does not come to the same is
 * seen when all of them are compared. */
static struct trust_decl read_trust(struct arena *arena, const struct statement *statement,
                                    const char *account_id)
{
    static const char aws[] = "AWS:", service[] = "Service:", federated[] = "Federated:";
    const struct strings *principals = &statement->principals,
                         *external = values_of(statement, "StringEquals", "sts:ExternalId");
    const char *first = principals->count ? principals->items[0] : "", *at;
    const size_t size = strlen(first);
    struct trust_decl trust = {0};
    if (str_prefix(first, federated) && (at = strstr(first, ":oidc-provider/")))
        read_oidc(arena, statement, at + strlen(":oidc-provider/"), &trust);
    else if (str_prefix(first, federated) && (at = strstr(first, ":saml-provider/")))
        read_saml(statement,
                  strstr(first, account_id) ? at + strlen(":saml-provider/") : first + strlen(federated),
                  &trust);
    else if (str_prefix(first, service))
        import_add_texts(arena, principals, strlen(service), &trust.services);
    else if (str_prefix(first, aws) && principals->count == 1 && str_suffix(first, ":root") && size > 17)
        trust.account.text = arena_strndup(arena, first + size - 17, 12);
    else if (str_prefix(first, aws))
        for (size_t i = 0; i < principals->count; i++)
            if (str_prefix(principals->items[i], aws))
                VEC_ADD(arena, &trust.principals)->text = principals->items[i] + strlen(aws);
    if (external && external->count == 1)
        trust.external_id = external->items[0];
    return trust;
}

bool import_read_trust(struct import_work *work, const struct observed_principal *live, struct role_decl *role)
{
    const char *account_id = work->decl->account_id.text;
    struct document is = {0}, shall;
    struct err ignored;
    if (document_parse_trust(work->arena, live->trust, strlen(live->trust), &is, &ignored) < 0)
        return false;
    for (size_t i = 0; i < is.count; i++)
        *VEC_ADD(work->arena, &role->trust) = read_trust(work->arena, &is.items[i], account_id);
    trust_document(work->arena, work->settings->partition, account_id, role, &shall);
    return document_equal(work->arena, &is, &shall);
}

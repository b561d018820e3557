/* SPDX-License-Identifier: Apache-2.0 */
/* The OIDC providers of aws-roles/<team>.yaml, and which of them a role means. */
#include "base/str.h"
#include "config/ids.h"
#include "config/schema_roles.h"
#include "config/shown.h"

#include <string.h>

static const char scheme[] = "https://";

#define OF_PROVIDER(member) offsetof(struct roles_reading, provider.member)

void *schema_provider_add(struct arena *arena, void *container, const struct yaml_node *node)
{
    struct roles_reading *reading = roles_reading_begin(arena, container, node);
    reading->policy = ARENA_NEW(arena, struct policy_decl);
    *reading->policy =
        (struct policy_decl){.name = {arena_printf(arena, "oidc:%s", reading->name.text), reading->name.span},
                             .description = "",
                             .span = node->span};
    reading->provider = (struct provider_decl){.name = reading->name, .span = node->span};
    return reading;
}

/* Without an address it is nothing; the diagnostic is there already. */
static void finish_provider(struct decoder *decoder, const struct yaml_node *node, bool whole, void *target)
{
    struct roles_reading *reading = target;
    struct provider_decl *provider = ARENA_NEW(decoder->arena, struct provider_decl);
    *provider = reading->provider;
    provider->issuer = provider->url.text ? provider->url.text + strlen(scheme) : reading->name.text;
    reading->policy->provider = provider;
    roles_reading_add_entry(decoder, reading, node, whole, provider->issuer);
}

static const struct field provider_fields[] = {
    {.key = "url",
     .type = &type_located,
     .offset = OF_PROVIDER(url),
     .required = true,
     .grammar = &grammar_issuer,
     .help = "the address of the provider, which its tokens have as `iss`"},
    {.key = "environments",
     .type = &type_located_list,
     .offset = offsetof(struct roles_reading, environments),
     .required = true,
     .grammar = &grammar_environment,
     .help = "where: names from the team's aws-accounts"},
    {.key = "client_ids",
     .type = &type_located_some,
     .offset = OF_PROVIDER(client_ids),
     .filled = true,
     .grammar = &grammar_client_id,
     .help = "the audiences for which the provider is there, such as sts.amazonaws.com"},
    {.key = "thumbprints",
     .type = &type_located_some,
     .offset = OF_PROVIDER(thumbprints),
     .filled = true,
     .grammar = &grammar_thumbprint,
     .help = "of its certificates; AWS finds them where they are not given"},
    {.key = "tags",
     .type = &type_tags,
     .offset = OF_PROVIDER(tags),
     .key_grammar = &grammar_tag_key,
     .grammar = &grammar_tag_value,
     .help = "tags of the provider"},
    {.key = "existing",
     .type = &type_boolean,
     .offset = OF_PROVIDER(existing),
     .initial = "false",
     .help = "the provider is somebody else's: it must be there, and is neither changed nor removed"},
};
static const struct choice provider_choices[] = {
    {CHOICE_AT_MOST_ONE, {"existing", "client_ids"}},
    {CHOICE_AT_MOST_ONE, {"existing", "thumbprints"}},
    {CHOICE_AT_MOST_ONE, {"existing", "tags"}},
    {0},
};
const struct record schema_provider =
    RECORD("an OIDC provider", provider_fields, .choices = provider_choices, .finish = finish_provider);

/* The issuer that a role means: that of an address, or of a name in this file; NULL when there is none. */
static const char *find_issuer(const struct team_config *team, const char *provider)
{
    if (str_prefix(provider, scheme))
        return provider + strlen(scheme);
    for (size_t i = 0; i < team->entries.count; i++) {
        const struct policy_decl *policy = team->entries.items[i].ad_hoc;
        if (policy && policy->provider && str_eq(policy->provider->name.text, provider))
            return policy->provider->issuer;
    }
    return NULL;
}

void schema_resolve_provider(struct decoder *decoder, const struct team_config *team,
                             struct access_entry *entry, struct trust_decl *trust)
{
    const char *provider = trust->oidc_provider.text;
    if (!provider)
        return;
    trust->oidc_issuer = find_issuer(team, provider);
    if (trust->oidc_issuer)
        return;
    entry->incomplete = true;
    struct diag *diag = diag_error(decoder->diags, trust->oidc_provider.span, ID_UNKNOWN_PROVIDER,
                                   "unknown OIDC provider '%s'", shown(decoder->diags->arena, provider));
    diag_hint(decoder->diags, diag, "declare it in oidc-providers of this file, or write its address");
}

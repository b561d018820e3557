/* SPDX-License-Identifier: Apache-2.0 */
/* aws-roles/<team>.yaml: roles that are kept in accounts, and the OIDC providers that they trust. */
#include "base/str.h"
#include "config/ids.h"
#include "config/schema.h"
#include "config/shown.h"

#include <string.h>

static const char scheme[] = "https://";

static void decode_tags(struct decoder *decoder, const struct yaml_node *node, const struct field *field,
                        void *record)
{
    struct tag_decls *tags = (void *)((char *)record + field->offset);
    if (!decode_expect(decoder, node, field->key, NODE_MAPPING))
        return;
    for (const struct yaml_node *value = node->first; value; value = value->next) {
        const char *key = decode_key(decoder, value->key, field->key_grammar);
        const char *word = decode_word(decoder, value, value->key->text, field->grammar);
        if (key && word)
            *VEC_ADD(decoder->arena, tags) =
                (struct tag_decl){.key = {key, value->key->span}, .value = {word, value->span}};
    }
}

static const struct value_type type_tags = {decode_tags, SHAPE_WORDS_BY_NAME};

/* A role or a provider while it is read: then it becomes an entry. */
struct reading {
    struct team_config *team;
    struct located name;
    struct located_list environments, grants;
    struct policy_decl *policy; /* the managed policies */
    struct role_decl role;
    struct provider_decl provider;
};

#define OF_ROLE(member)     offsetof(struct reading, role.member)
#define OF_PROVIDER(member) offsetof(struct reading, provider.member)

static struct reading *begin(struct arena *arena, struct team_config *team, const struct yaml_node *node)
{
    struct reading *reading = ARENA_NEW(arena, struct reading);
    *reading = (struct reading){.team = team, .name = {arena_strdup(arena, node->key->text), node->key->span}};
    return reading;
}

static void decode_managed_policies(struct decoder *decoder, const struct yaml_node *node,
                                    const struct field *field, void *record)
{
    struct reading *reading = record;
    type_located_list.decode(decoder, node, field, &reading->policy->managed_policies);
}

static void decode_path(struct decoder *decoder, const struct yaml_node *node, const struct field *field,
                        void *record)
{
    struct reading *reading = record;
    reading->role.path = decode_word(decoder, node, field->key, field->grammar);
    reading->role.path_span = node->span;
}

static const struct value_type type_managed_policies = {decode_managed_policies, SHAPE_WORDS};
static const struct value_type type_path = {decode_path, SHAPE_WORD};

static void *add_trust(struct arena *arena, void *container, const struct yaml_node *node)
{
    struct reading *reading = container;
    struct trust_decl *trust = VEC_ADD(arena, &reading->role.trust);
    *trust = (struct trust_decl){.span = node->span};
    return trust;
}

static void *add_role(struct arena *arena, void *container, const struct yaml_node *node)
{
    struct reading *reading = begin(arena, container, node);
    reading->policy = ARENA_NEW(arena, struct policy_decl);
    *reading->policy =
        (struct policy_decl){.name = {arena_printf(arena, "role:%s", reading->name.text), reading->name.span},
                             .description = "",
                             .span = node->span};
    reading->role = (struct role_decl){.name = reading->name.text,
                                       .description = "",
                                       .max_session_hours = 1,
                                       .span = node->span};
    return reading;
}

/* The entry stands at the key, which comes before everything that can be wrong in it. */
static struct access_entry *add_entry(struct decoder *decoder, struct reading *reading,
                                      const struct yaml_node *node, bool whole, const char *principal)
{
    struct access_entry *entry = schema_add_entry(decoder->arena, reading->team, node, FILE_ROLES);
    *VEC_ADD(decoder->arena, &entry->roles) = (struct located){principal, reading->name.span};
    entry->environments = reading->environments;
    entry->grants = reading->grants;
    entry->ad_hoc = reading->policy;
    entry->incomplete = !whole;
    entry->span = reading->name.span;
    return entry;
}

static void finish_role(struct decoder *decoder, const struct yaml_node *node, bool whole, void *target)
{
    struct reading *reading = target;
    struct role_decl *role = ARENA_NEW(decoder->arena, struct role_decl);
    *role = reading->role;
    reading->policy->role = role;
    add_entry(decoder, reading, node, whole, role->name)->description = role->description;
}

static const struct field role_fields[] = {
    {.key = "description",
     .type = &type_text,
     .offset = OF_ROLE(description),
     .help = "what the role is for; AWS takes it when the role is made"},
    {.key = "environments",
     .type = &type_located_list,
     .offset = offsetof(struct reading, environments),
     .required = true,
     .grammar = &grammar_environment,
     .help = "where: names from the team's aws-accounts"},
    {.key = "trust",
     .type = &type_records,
     .required = true,
     .record = &schema_trust,
     .add = add_trust,
     .help = "who may assume it"},
    {.key = "managed_policies",
     .type = &type_managed_policies,
     .grammar = &grammar_policy_arn,
     .help = "ARNs of managed policies, AWS's or the account's own"},
    {.key = "grants",
     .type = &type_located_list,
     .offset = offsetof(struct reading, grants),
     .grammar = &grammar_policy_name,
     .help = "what else it may do: names from the team's aws-policies"},
    {.key = "max_session_hours",
     .type = &type_number,
     .offset = OF_ROLE(max_session_hours),
     .min = 1,
     .max = 12,
     .initial = "1",
     .help = "how long a session may last"},
    {.key = "permissions_boundary",
     .type = &type_name,
     .offset = OF_ROLE(permissions_boundary),
     .grammar = &grammar_policy_arn,
     .help = "the ARN of its permissions boundary; without it, `aws.permissions_boundary` of iamlease.yaml"},
    {.key = "path",
     .type = &type_path,
     .grammar = &grammar_policy_path,
     .help = "its path in IAM, at or below `aws.policy_path` of iamlease.yaml; without it, that"},
    {.key = "tags",
     .type = &type_tags,
     .offset = OF_ROLE(tags),
     .key_grammar = &grammar_tag_key,
     .grammar = &grammar_tag_value,
     .help = "tags of the role"},
};
static const struct record role_record = RECORD("a role", role_fields, .finish = finish_role);

static void *add_provider(struct arena *arena, void *container, const struct yaml_node *node)
{
    struct reading *reading = begin(arena, container, node);
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
    struct reading *reading = target;
    struct provider_decl *provider = ARENA_NEW(decoder->arena, struct provider_decl);
    *provider = reading->provider;
    provider->issuer = provider->url.text ? provider->url.text + strlen(scheme) : reading->name.text;
    reading->policy->provider = provider;
    add_entry(decoder, reading, node, whole, provider->issuer);
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
     .offset = offsetof(struct reading, environments),
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
static const struct record provider_record =
    RECORD("an OIDC provider", provider_fields, .choices = provider_choices, .finish = finish_provider);

static const struct field roles_fields[] = {
    {.key = "aws-roles",
     .type = &type_records_by_name,
     .may_be_null = true,
     .key_grammar = &grammar_role,
     .record = &role_record,
     .add = add_role,
     .help = "roles that are kept in accounts, by name"},
    {.key = "oidc-providers",
     .type = &type_records_by_name,
     .may_be_null = true,
     .key_grammar = &grammar_provider_name,
     .record = &provider_record,
     .add = add_provider,
     .help = "OIDC providers that are kept in accounts, by name"},
};

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

static void resolve(struct decoder *decoder, const struct team_config *team, struct access_entry *entry,
                    struct trust_decl *trust)
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

static void finish_roles(struct decoder *decoder, const struct yaml_node *node, bool whole, void *target)
{
    struct team_config *team = target;
    (void)node;
    (void)whole;
    for (size_t i = 0; i < team->entries.count; i++) {
        struct access_entry *entry = &team->entries.items[i];
        const struct role_decl *role = entry->file == FILE_ROLES ? entry->ad_hoc->role : NULL;
        for (size_t j = 0; role && j < role->trust.count; j++)
            resolve(decoder, team, entry, &role->trust.items[j]);
    }
}

const struct record schema_roles = RECORD("a file of aws-roles", roles_fields, .finish = finish_roles);

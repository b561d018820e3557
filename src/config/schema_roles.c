/* SPDX-License-Identifier: Apache-2.0 */
/* aws-roles/<team>.yaml: roles that are kept in accounts; the OIDC providers that they trust: schema_providers.c. */
#include "config/schema_roles.h"

#include "config/ids.h"

static void decode_tags(struct decoder *decoder, const struct yaml_node *node, const struct field *field,
                        void *record)
{
    struct tag_decls *tags = (void *)((char *)record + field->offset);
    if (!decode_expect(decoder, node, field->key, NODE_MAPPING))
        return;
    CLEANUP(arena_freep) struct arena *scratch = arena_new();
    struct map seen = map_new(scratch);
    for (const struct yaml_node *value = node->first; value; value = value->next) {
        const char *key = decode_key(decoder, value->key, field->key_grammar);
        const char *word = decode_word(decoder, value, value->key->text, field->grammar);
        const bool is_new =
            decode_new_key(decoder, &seen, value->key, ID_INVALID_TAG, "leave one of them out");
        if (key && word && is_new)
            *VEC_ADD(decoder->arena, tags) =
                (struct tag_decl){.key = {key, value->key->span}, .value = {word, value->span}};
    }
}

const struct value_type type_tags = {decode_tags, SHAPE_WORDS_BY_NAME};

#define OF_ROLE(member) offsetof(struct roles_reading, role.member)

struct roles_reading *roles_reading_begin(struct arena *arena, struct team_config *team,
                                          const struct yaml_node *node)
{
    struct roles_reading *reading = ARENA_NEW(arena, struct roles_reading);
    *reading =
        (struct roles_reading){.team = team, .name = {arena_strdup(arena, node->key->text), node->key->span}};
    return reading;
}

static void decode_managed_policies(struct decoder *decoder, const struct yaml_node *node,
                                    const struct field *field, void *record)
{
    struct roles_reading *reading = record;
    type_located_list.decode(decoder, node, field, &reading->policy->managed_policies);
}

static void decode_path(struct decoder *decoder, const struct yaml_node *node, const struct field *field,
                        void *record)
{
    struct roles_reading *reading = record;
    reading->role.path = decode_word(decoder, node, field->key, field->grammar);
    reading->role.path_span = node->span;
}

static void decode_boundary(struct decoder *decoder, const struct yaml_node *node, const struct field *field,
                            void *record)
{
    struct roles_reading *reading = record;
    reading->role.permissions_boundary = decode_word(decoder, node, field->key, field->grammar);
    reading->role.boundary_span = node->span;
}

static const struct value_type type_managed_policies = {decode_managed_policies, SHAPE_WORDS};
static const struct value_type type_path = {decode_path, SHAPE_WORD};
static const struct value_type type_boundary = {decode_boundary, SHAPE_WORD};

static void *add_trust(struct arena *arena, void *container, const struct yaml_node *node)
{
    struct roles_reading *reading = container;
    struct trust_decl *trust = VEC_ADD(arena, &reading->role.trust);
    *trust = (struct trust_decl){.span = node->span};
    return trust;
}

static void *add_role(struct arena *arena, void *container, const struct yaml_node *node)
{
    struct roles_reading *reading = roles_reading_begin(arena, container, node);
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
struct access_entry *roles_reading_add_entry(struct decoder *decoder, struct roles_reading *reading,
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
    struct roles_reading *reading = target;
    struct role_decl *role = ARENA_NEW(decoder->arena, struct role_decl);
    *role = reading->role;
    reading->policy->role = role;
    roles_reading_add_entry(decoder, reading, node, whole, role->name)->description = role->description;
}

static const struct field role_fields[] = {
    {.key = "description",
     .type = &type_text,
     .offset = OF_ROLE(description),
     .help = "what the role is for; AWS takes it when the role is made"},
    {.key = "environments",
     .type = &type_located_list,
     .offset = offsetof(struct roles_reading, environments),
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
     .offset = offsetof(struct roles_reading, grants),
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
     .type = &type_boundary,
     .grammar = &grammar_boundary,
     .help =
         "its permissions boundary; without an account, as in `policy/limits/team`, that of each account; without "
         "the key, `aws.permissions_boundary` of iamlease.yaml"},
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
     .record = &schema_provider,
     .add = schema_provider_add,
     .help = "OIDC providers that are kept in accounts, by name"},
};

static void finish_roles(struct decoder *decoder, const struct yaml_node *node, bool whole, void *target)
{
    struct team_config *team = target;
    (void)node;
    (void)whole;
    for (size_t i = 0; i < team->entries.count; i++) {
        struct access_entry *entry = &team->entries.items[i];
        const struct role_decl *role = entry->file == FILE_ROLES ? entry->ad_hoc->role : NULL;
        for (size_t j = 0; role && j < role->trust.count; j++)
            schema_resolve_provider(decoder, team, entry, &role->trust.items[j]);
    }
}

const struct record schema_roles = RECORD("a file of aws-roles", roles_fields, .finish = finish_roles);

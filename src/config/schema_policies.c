/* SPDX-License-Identifier: Apache-2.0 */
/* aws-policies/<team>.yaml */
#include "base/map.h"
#include "base/str.h"
#include "config/ids.h"
#include "config/schema.h"
#include "config/shown.h"

static void decode_effect(struct decoder *decoder, const struct yaml_node *node, const struct field *field,
                          void *record)
{
    const char *word = decode_word(decoder, node, field->key, field->grammar);
    struct statement *statement = record;
    statement->effect = word && str_eq(word, "Deny") ? EFFECT_DENY : EFFECT_ALLOW;
}

static const struct value_type type_effect = {decode_effect, SHAPE_WORD};

#define AT(member) offsetof(struct statement, member)

static const struct field statement_fields[] = {
    {.key = "sid",
     .type = &type_name,
     .offset = AT(sid),
     .grammar = &grammar_statement_id,
     .help = "the statement's name, unique in its policy; copies for leases get names of their own"},
    {.key = "effect",
     .type = &type_effect,
     .required = true,
     .grammar = &grammar_effect,
     .help = "whether the statement allows or denies"},
    {.key = "actions",
     .type = &type_strings,
     .offset = AT(actions),
     .filled = true,
     .grammar = &grammar_action,
     .help = "the actions, with wildcards"},
    {.key = "not_actions",
     .type = &type_strings,
     .offset = AT(not_actions),
     .filled = true,
     .grammar = &grammar_action,
     .help = "every action but these"},
    {.key = "resources",
     .type = &type_strings,
     .offset = AT(resources),
     .filled = true,
     .grammar = &grammar_resource,
     .help = "the resources, with wildcards and variables"},
    {.key = "not_resources",
     .type = &type_strings,
     .offset = AT(not_resources),
     .filled = true,
     .grammar = &grammar_resource,
     .help = "every resource but these"},
    {.key = "conditions",
     .type = &type_conditions,
     .key_grammar = &grammar_operator,
     .grammar = &grammar_condition_key,
     .help = "operators, in each the keys of the request, with a value or a list of values: as in IAM"},
};
static const struct choice statement_choices[] = {
    {CHOICE_EXACTLY_ONE, {"actions", "not_actions"}},
    {CHOICE_EXACTLY_ONE, {"resources", "not_resources"}},
    {0},
};
static const struct record statement_record =
    RECORD("a statement", statement_fields, .choices = statement_choices);

static void *add_statement(struct arena *arena, void *container, const struct yaml_node *node)
{
    (void)node;
    struct document *document = container;
    return VEC_ADD(arena, document);
}

static const struct yaml_node *value_of(const struct yaml_node *mapping, const char *key)
{
    const struct yaml_node *value = mapping->kind == NODE_MAPPING ? mapping->first : NULL;
    while (value && !str_eq(value->key->text, key))
        value = value->next;
    return value;
}

/* IAM wants the ids of a policy's statements to differ (facts/aws.md §1.3). */
static void check_statement_ids(struct decoder *decoder, const struct yaml_node *node, bool whole,
                                void *target)
{
    (void)whole;
    (void)target;
    const struct yaml_node *statements = value_of(node, "custom_statements");
    CLEANUP(arena_freep) struct arena *scratch = arena_new();
    struct map seen = map_new(scratch);
    for (const struct yaml_node *item = statements ? statements->first : NULL; item; item = item->next) {
        const struct yaml_node *sid = value_of(item, "sid");
        if (!sid || !decode_is(sid, NODE_TEXT) || !*sid->text)
            continue;
        struct span *place = ARENA_NEW(scratch, struct span);
        *place = sid->span;
        const struct span *first = map_put(&seen, sid->text, place);
        if (first == place)
            continue;
        struct diag *diag = diag_error(decoder->diags, sid->span, ID_REPEATED_SID,
                                       "another statement of this policy has the id '%s' too",
                                       shown(decoder->diags->arena, sid->text));
        diag_hint(decoder->diags, diag, "it is first given in line %u", (unsigned)first->line);
    }
}

static const struct field policy_fields[] = {
    {.key = "description",
     .type = &type_text,
     .offset = offsetof(struct policy_decl, description),
     .help = "what the policy is for"},
    {.key = "managed_policies",
     .type = &type_located_list,
     .offset = offsetof(struct policy_decl, managed_policies),
     .grammar = &grammar_policy_arn,
     .help = "ARNs of managed policies, AWS's or the account's own"},
    {.key = "custom_statements",
     .type = &type_records,
     .offset = offsetof(struct policy_decl, custom),
     .record = &statement_record,
     .add = add_statement,
     .help = "statements of the team's own"},
};
static const struct choice policy_choices[] = {
    {CHOICE_AT_LEAST_ONE, {"managed_policies", "custom_statements"}},
    {0},
};
static const struct record policy_record =
    RECORD("a policy", policy_fields, .choices = policy_choices, .finish = check_statement_ids);

static void *add_policy(struct arena *arena, void *container, const struct yaml_node *node)
{
    struct team_config *team = container;
    struct policy_decl *policy = VEC_ADD(arena, &team->policies);
    *policy = (struct policy_decl){
        .name = {.text = arena_strdup(arena, node->key->text), .span = node->key->span},
        .description = "",
        .span = node->span,
    };
    return policy;
}

static const struct field policies_fields[] = {
    {.key = "aws-policies",
     .type = &type_records_by_name,
     .may_be_null = true,
     .key_grammar = &grammar_policy_name,
     .record = &policy_record,
     .add = add_policy,
     .help = "what the team can grant, by name"},
};

const struct record schema_policies = RECORD("a file of aws-policies", policies_fields);

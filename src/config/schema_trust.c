/* SPDX-License-Identifier: Apache-2.0 */
/* aws-roles/<team>.yaml: an item of `trust`, that is who may assume a role. */
#include "config/schema.h"

/* One text with its place; type_located_one makes a list of it. */
static void decode_located(struct decoder *decoder, const struct yaml_node *node, const struct field *field,
                           void *record)
{
    struct located *located = (void *)((char *)record + field->offset);
    const char *word = decode_word(decoder, node, field->key, field->grammar);
    if (word)
        *located = (struct located){.text = word, .span = node->span};
}

static void add_located(struct arena *arena, void *list, struct located word)
{
    *VEC_ADD(arena, (struct located_list *)list) = word;
}

static void decode_located_some(struct decoder *decoder, const struct yaml_node *node,
                                const struct field *field, void *record)
{
    decode_word_or_list(decoder, node, field, add_located, (char *)record + field->offset);
}

const struct value_type type_located = {decode_located, SHAPE_WORD};
const struct value_type type_located_some = {decode_located_some, SHAPE_WORD_OR_LIST};

#define OF_TRUST(member) offsetof(struct trust_decl, member)

static const struct field saml_fields[] = {
    {.key = "provider",
     .type = &type_located,
     .offset = OF_TRUST(saml_provider),
     .required = true,
     .grammar = &grammar_saml_provider,
     .help = "a SAML provider: its name in each account, or the ARN of one"},
    {.key = "audience",
     .type = &type_located,
     .offset = OF_TRUST(saml_audience),
     .grammar = &grammar_claim,
     .initial = "https://signin.aws.amazon.com/saml",
     .help = "what SAML:aud must be"},
};
static const struct record saml_record = RECORD("'saml'", saml_fields);

static const struct field oidc_fields[] = {
    {.key = "provider",
     .type = &type_located,
     .offset = OF_TRUST(oidc_provider),
     .required = true,
     .grammar = &grammar_provider,
     .help = "a name from `oidc-providers` of this file, or the address of a provider that is in the accounts"},
    {.key = "audience",
     .type = &type_located_some,
     .offset = OF_TRUST(oidc_audiences),
     .filled = true,
     .grammar = &grammar_claim,
     .help = "what the claim `aud` of a token must be; several: one of them"},
    {.key = "subjects",
     .type = &type_located_some,
     .offset = OF_TRUST(oidc_subjects),
     .filled = true,
     .grammar = &grammar_claim,
     .help = "what the claim `sub` must be, with wildcards; several: one of them"},
};
static const struct record oidc_record = RECORD("'oidc'", oidc_fields);

static const struct field trust_fields[] = {
    {.key = "account",
     .type = &type_located,
     .offset = OF_TRUST(account),
     .grammar = &grammar_account_id,
     .help = "whoever may assume roles by the policies of this account"},
    {.key = "principals",
     .type = &type_located_some,
     .offset = OF_TRUST(principals),
     .filled = true,
     .grammar = &grammar_principal,
     .help = "ARNs of users and roles"},
    {.key = "services",
     .type = &type_located_some,
     .offset = OF_TRUST(services),
     .filled = true,
     .grammar = &grammar_service,
     .help = "services of AWS, such as ec2.amazonaws.com"},
    {.key = "saml", .type = &type_record, .record = &saml_record, .help = "people from a SAML provider"},
    {.key = "oidc",
     .type = &type_record,
     .record = &oidc_record,
     .help = "whoever has a token of an OIDC provider"},
    {.key = "external_id",
     .type = &type_name,
     .offset = OF_TRUST(external_id),
     .grammar = &grammar_external_id,
     .help = "with `account` and `principals`: the external id that must be given"},
};
static const struct choice trust_choices[] = {
    {CHOICE_EXACTLY_ONE, {"account", "principals", "services", "saml", "oidc"}},
    {CHOICE_AT_MOST_ONE, {"external_id", "services"}},
    {CHOICE_AT_MOST_ONE, {"external_id", "saml"}},
    {CHOICE_AT_MOST_ONE, {"external_id", "oidc"}},
    {0},
};
const struct record schema_trust = RECORD("an item of 'trust'", trust_fields, .choices = trust_choices);

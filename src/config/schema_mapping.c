/* SPDX-License-Identifier: Apache-2.0 */
/* iamlease.yaml: the mapping, that is how names become principals and how accounts are reached. */
#include "base/str.h"
#include "config/schema.h"

#define AT(member) offsetof(struct settings, member)

static void decode_usernames(struct decoder *decoder, const struct yaml_node *node, const struct field *field,
                             void *record)
{
    struct settings *settings = record;
    if (node->kind != NODE_MAPPING) {
        const char *word = decode_word(decoder, node, field->key, field->single_grammar);
        if (word)
            settings->usernames = str_eq(word, "email") ? USERNAMES_EMAIL : USERNAMES_LOCAL_PART;
        return;
    }
    settings->usernames = USERNAMES_MAP;
    for (const struct yaml_node *value = node->first; value; value = value->next) {
        const char *email = decode_key(decoder, value->key, field->key_grammar);
        const char *name = decode_word(decoder, value, value->key->text, field->grammar);
        if (email && name)
            *VEC_ADD(decoder->arena, &settings->username_map) =
                (struct username){.email = {.text = email, .span = value->key->span},
                                  .name = {.text = name, .span = value->span}};
    }
}

const struct value_type schema_usernames = {decode_usernames, SHAPE_WORD_OR_WORDS_BY_NAME};

static const struct field aws_fields[] = {
    {.key = "deployer_role",
     .type = &type_name,
     .offset = AT(deployer_role),
     .grammar = &grammar_role,
     .initial = "AWSSelfServeDeployer",
     .help = "the name of the role that apply and cleanup assume in each account"},
    {.key = "plan_role",
     .type = &type_name,
     .offset = AT(plan_role),
     .may_be_empty = true,
     .grammar = &grammar_role,
     .help = "the name of a role that may only read, for plans; empty: plans do not read AWS"},
    {.key = "external_id",
     .type = &type_name,
     .offset = AT(external_id),
     .may_be_empty = true,
     .grammar = &grammar_external_id,
     .help = "the external id that the roles' trust policies ask for; empty: none"},
    {.key = "policy_path",
     .type = &type_name,
     .offset = AT(policy_path),
     .grammar = &grammar_policy_path,
     .initial = "/iamlease/",
     .help = "the path of our policies and roles in IAM"},
    {.key = "permissions_boundary",
     .type = &type_name,
     .offset = AT(permissions_boundary),
     .may_be_empty = true,
     .grammar = &grammar_boundary,
     .help =
         "the permissions boundary of roles that we make; without an account, as in `policy/limits/team`, that of each "
         "account; empty: none"},
    {.key = "partition",
     .type = &type_name,
     .offset = AT(partition),
     .grammar = &grammar_partition,
     .initial = "aws",
     .help = "the partition in which all accounts are"},
    {.key = "region",
     .type = &type_name,
     .offset = AT(region),
     .grammar = &grammar_region,
     .initial = "us-east-1",
     .help = "the region whose STS is asked"},
};
const struct record schema_aws = RECORD("'aws'", aws_fields);

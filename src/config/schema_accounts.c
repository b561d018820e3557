/* SPDX-License-Identifier: Apache-2.0 */
/* aws-accounts/<team>.yaml */
#include "config/schema.h"

/* A mapping from environments to account ids. */
static void decode_accounts(struct decoder *decoder, const struct yaml_node *node, const struct field *field,
                            void *record)
{
    struct team_config *team = record;
    if (!decode_expect(decoder, node, field->key, NODE_MAPPING))
        return;
    for (const struct yaml_node *value = node->first; value; value = value->next) {
        const char *environment = decode_key(decoder, value->key, field->key_grammar);
        const char *account_id = decode_word(decoder, value, value->key->text, field->grammar);
        if (!environment)
            continue;
        /* An environment whose account was refused is declared all the same: entries that name it are not to blame. */
        *VEC_ADD(decoder->arena, &team->accounts) = (struct account_decl){
            .environment = {.text = environment, .span = value->key->span},
            .account_id = {.text = account_id ? account_id : "", .span = value->span},
        };
    }
}

static const struct value_type type_accounts = {decode_accounts, SHAPE_WORDS_BY_NAME};

static const struct field accounts_fields[] = {
    {.key = "aws-accounts",
     .type = &type_accounts,
     .may_be_null = true,
     .key_grammar = &grammar_environment,
     .grammar = &grammar_account_id,
     .help = "the account of each of the team's environments"},
};

const struct record schema_accounts = RECORD("a file of aws-accounts", accounts_fields);

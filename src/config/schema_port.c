/* SPDX-License-Identifier: Apache-2.0 */
/* iamlease.yaml: what may be asked for in Port. */
#include "base/str.h"
#include "config/schema.h"

#define AT(member) offsetof(struct settings, member)

static void decode_request_mode(struct decoder *decoder, const struct yaml_node *node,
                                const struct field *field, void *record)
{
    struct settings *settings = record;
    const char *word = decode_word(decoder, node, field->key, field->grammar);
    if (word)
        settings->rules.port.request_mode = str_eq(word, "direct") ? PORT_DIRECT : PORT_PULL_REQUEST;
}

static const struct value_type type_request_mode = {decode_request_mode, SHAPE_WORD};

static const struct field port_fields[] = {
    {.key = "base_url",
     .type = &type_name,
     .offset = AT(rules.port.base_url),
     .grammar = &grammar_url,
     .initial = "https://api.getport.io",
     .help = "where Port's API is"},
    {.key = "actions",
     .type = &type_located_list,
     .offset = AT(rules.port.actions),
     .grammar = &grammar_port_action,
     .help = "the actions in Port whose runs may ask for access"},
    {.key = "allow",
     .type = &type_located_list,
     .offset = AT(rules.port.allow),
     .grammar = &grammar_action,
     .help = "the only actions of AWS that may be asked for there, with wildcards"},
    {.key = "domains",
     .type = &type_located_list,
     .offset = AT(rules.port.domains),
     .grammar = &grammar_domain,
     .help = "the mail domains in which the part before the '@' is the IAM user; with `usernames: local-part` "
             "an address of another becomes a pull request, also with `request_mode: direct`"},
    {.key = "request_mode",
     .type = &type_request_mode,
     .grammar = &grammar_request_mode,
     .initial = "pull-request",
     .help = "what becomes of a request; direct needs port.direct"},
    {.key = "direct",
     .type = &type_boolean,
     .offset = AT(rules.port.direct),
     .initial = "false",
     .help =
         "whether `request_mode: direct` grants access at once, without a pull request, where no approvals are required"},
};
const struct record schema_port = RECORD("'port'", port_fields);

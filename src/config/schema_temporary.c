/* SPDX-License-Identifier: Apache-2.0 */
/* temporary-access/<team>.yaml */
#include "base/str.h"
#include "base/time.h"
#include "config/ad_hoc.h"
#include "config/ids.h"
#include "config/schema.h"

#define AT(member) offsetof(struct access_entry, member)

static void *add_temporary(struct arena *arena, void *container, const struct yaml_node *node)
{
    return schema_add_entry(arena, container, node, FILE_TEMPORARY);
}

/* A bare date means through the end of that day, UTC. */
static void decode_expiration_date(struct decoder *decoder, const struct yaml_node *node,
                                   const struct field *field, void *record)
{
    struct access_entry *entry = record;
    const char *word = decode_word(decoder, node, field->key, field->grammar);
    int64_t date_s;
    if (!word || !time_parse_date(word, &date_s))
        return;
    entry->ends_at_s = time_end_of_date(date_s);
    entry->ends_with_day = true;
    entry->ends_at_span = node->span;
}

static void decode_expires_at(struct decoder *decoder, const struct yaml_node *node,
                              const struct field *field, void *record)
{
    struct access_entry *entry = record;
    const char *word = decode_word(decoder, node, field->key, field->grammar);
    if (word && time_parse_rfc3339(word, &entry->ends_at_s))
        entry->ends_at_span = node->span;
}

static void decode_starts_at(struct decoder *decoder, const struct yaml_node *node, const struct field *field,
                             void *record)
{
    struct access_entry *entry = record;
    const char *word = decode_word(decoder, node, field->key, field->grammar);
    if (word && grammar_read_start(word, &entry->starts_at_s))
        entry->starts_at_span = node->span;
}

static void decode_mode(struct decoder *decoder, const struct yaml_node *node, const struct field *field,
                        void *record)
{
    static const enum entry_mode modes[] = {ENTRY_AUTO, ENTRY_INLINE, ENTRY_POLICY, ENTRY_ROLE};
    struct access_entry *entry = record;
    const char *word = decode_word(decoder, node, field->key, field->grammar);
    for (size_t i = 0; word && field->grammar->words[i]; i++)
        if (str_eq(word, field->grammar->words[i]))
            entry->mode = modes[i];
}

static const struct value_type type_expiration_date = {decode_expiration_date, SHAPE_WORD};
static const struct value_type type_expires_at = {decode_expires_at, SHAPE_WORD};
static const struct value_type type_starts_at = {decode_starts_at, SHAPE_WORD};
static const struct value_type type_mode = {decode_mode, SHAPE_WORD};

static void finish_temporary(struct decoder *decoder, const struct yaml_node *node, bool whole, void *target)
{
    struct access_entry *entry = target;
    (void)node;
    ad_hoc_finish(decoder->arena, entry);
    if (entry->starts_at_s && entry->ends_at_s && entry->starts_at_s >= entry->ends_at_s) {
        char end[TIME_TEXT_SIZE];
        struct diag *diag =
            diag_error(decoder->diags, entry->starts_at_span, ID_INVALID_WINDOW,
                       "this lease would begin when it has ended, at %s", time_format(entry->ends_at_s, end));
        diag_hint(decoder->diags, diag, "let it begin earlier or end later");
        whole = false;
    }
    entry->incomplete = !whole;
}

static const struct field temporary_fields[] = {
    {.key = "description", .type = &type_text, .offset = AT(description), .help = "what the access is for"},
    {.key = "expiration_date",
     .type = &type_expiration_date,
     .grammar = &grammar_date,
     .help = "the last day of the lease: it ends with that day, UTC"},
    {.key = "expires_at",
     .type = &type_expires_at,
     .grammar = &grammar_end,
     .help = "the instant at which the lease ends"},
    {.key = "starts_at",
     .type = &type_starts_at,
     .grammar = &grammar_start,
     .help = "the instant, or the day, at which the lease begins; without it, at once"},
    {.key = "user",
     .type = &type_located_one,
     .offset = AT(users),
     .grammar = &grammar_user,
     .help = "who gets it: an e-mail address, or the name of an IAM user"},
    {.key = "users",
     .type = &type_located_list,
     .offset = AT(users),
     .grammar = &grammar_user,
     .help = "several of them"},
    {.key = "role",
     .type = &type_located_one,
     .offset = AT(roles),
     .grammar = &grammar_role,
     .help = "the name of an IAM role that gets it"},
    {.key = "roles",
     .type = &type_located_list,
     .offset = AT(roles),
     .grammar = &grammar_role,
     .help = "several of them"},
    {.key = "group",
     .type = &type_located_one,
     .offset = AT(groups),
     .grammar = &grammar_group,
     .help = "the name of an IAM group that gets it"},
    {.key = "groups",
     .type = &type_located_list,
     .offset = AT(groups),
     .grammar = &grammar_group,
     .help = "several of them"},
    {.key = "environment",
     .type = &type_located_one,
     .offset = AT(environments),
     .grammar = &grammar_environment,
     .help = "where: a name from the team's aws-accounts"},
    {.key = "environments",
     .type = &type_located_list,
     .offset = AT(environments),
     .filled = true,
     .grammar = &grammar_environment,
     .help = "several of them"},
    {.key = "grant",
     .type = &type_located_one,
     .offset = AT(grants),
     .grammar = &grammar_policy_name,
     .help = "what: a name from the team's aws-policies"},
    {.key = "grants",
     .type = &type_located_list,
     .offset = AT(grants),
     .filled = true,
     .grammar = &grammar_policy_name,
     .help = "several of them"},
    {.key = "permissions",
     .type = &type_ad_hoc_permissions,
     .filled = true,
     .needs = "resources",
     .grammar = &grammar_action,
     .help = "instead of a grant: the actions that are allowed, on `resources`"},
    {.key = "resources",
     .type = &type_ad_hoc_resources,
     .filled = true,
     .needs = "permissions",
     .grammar = &grammar_resource,
     .help = "the resources on which `permissions` are allowed"},
    {.key = "reason", .type = &type_text, .offset = AT(reason), .help = "why it is wanted"},
    {.key = "ticket", .type = &type_text, .offset = AT(ticket), .help = "where it was asked for"},
    {.key = "port_run",
     .type = &type_text,
     .offset = AT(port_run),
     .help = "the run in Port that asked for it; iamlease writes it"},
    {.key = "mode",
     .type = &type_mode,
     .grammar = &grammar_mode,
     .initial = "auto",
     .help = "how the lease is made: an inline policy, a policy that is attached, or a role to switch to; "
             "`auto` takes the first that fits"},
};
static const struct choice temporary_choices[] = {
    {CHOICE_EXACTLY_ONE, {"expiration_date", "expires_at"}},
    {CHOICE_AT_LEAST_ONE, {"user", "users", "role", "roles", "group", "groups"}},
    {CHOICE_AT_MOST_ONE, {"user", "users"}},
    {CHOICE_AT_MOST_ONE, {"role", "roles"}},
    {CHOICE_AT_MOST_ONE, {"group", "groups"}},
    {CHOICE_EXACTLY_ONE, {"environment", "environments"}},
    {CHOICE_EXACTLY_ONE, {"grant", "grants", "permissions"}},
    {0},
};
static const struct record temporary_record = RECORD("an entry of temporary-access", temporary_fields,
                                                     .choices = temporary_choices, .finish = finish_temporary);

static const struct field temporary_file_fields[] = {
    {.key = "temporary-access",
     .type = &type_records,
     .may_be_null = true,
     .record = &temporary_record,
     .add = add_temporary,
     .help = "leases: access that AWS itself ends"},
};

const struct record schema_temporary = RECORD("a file of temporary-access", temporary_file_fields);

/* SPDX-License-Identifier: Apache-2.0 */
/* permanent-access/<team>.yaml, and what an entry of either kind begins as */
#include "config/schema.h"

#define AT(member) offsetof(struct access_entry, member)

struct access_entry *schema_add_entry(struct arena *arena, struct team_config *team,
                                      const struct yaml_node *node, enum file_kind kind)
{
    if (team->entries.count == team->entries.capacity)
        VEC_RESERVE(arena, &team->entries, yaml_count(node));
    struct access_entry *entry = VEC_ADD(arena, &team->entries);
    *entry = (struct access_entry){.file = kind,
                                   .temporary = kind == FILE_TEMPORARY,
                                   .description = "",
                                   .reason = "",
                                   .ticket = "",
                                   .port_run = "",
                                   .span = node->span};
    return entry;
}

static void *add_permanent(struct arena *arena, void *container, const struct yaml_node *node)
{
    return schema_add_entry(arena, container, node, FILE_PERMANENT);
}

static void finish_permanent(struct decoder *decoder, const struct yaml_node *node, bool whole, void *target)
{
    (void)decoder;
    (void)node;
    struct access_entry *entry = target;
    entry->incomplete = !whole;
}

static const struct field permanent_fields[] = {
    {.key = "description", .type = &type_text, .offset = AT(description), .help = "what the access is for"},
    {.key = "users",
     .type = &type_located_list,
     .offset = AT(users),
     .grammar = &grammar_user,
     .help = "who gets it: e-mail addresses, or names of IAM users"},
    {.key = "roles",
     .type = &type_located_list,
     .offset = AT(roles),
     .grammar = &grammar_role,
     .help = "names of IAM roles that get it"},
    {.key = "groups",
     .type = &type_located_list,
     .offset = AT(groups),
     .grammar = &grammar_group,
     .help = "names of IAM groups that get it"},
    {.key = "environments",
     .type = &type_located_list,
     .offset = AT(environments),
     .required = true,
     .grammar = &grammar_environment,
     .help = "where: names from the team's aws-accounts"},
    {.key = "grants",
     .type = &type_located_list,
     .offset = AT(grants),
     .required = true,
     .grammar = &grammar_policy_name,
     .help = "what: names from the team's aws-policies"},
};
static const struct choice permanent_choices[] = {
    {CHOICE_AT_LEAST_ONE, {"users", "roles", "groups"}},
    {0},
};
static const struct record permanent_record = RECORD("an entry of permanent-access", permanent_fields,
                                                     .choices = permanent_choices, .finish = finish_permanent);

static const struct field permanent_file_fields[] = {
    {.key = "permanent-access",
     .type = &type_records,
     .may_be_null = true,
     .record = &permanent_record,
     .add = add_permanent,
     .help = "access that stays until its entry is removed"},
};
const struct record schema_permanent = RECORD("a file of permanent-access", permanent_file_fields);

/* SPDX-License-Identifier: Apache-2.0 */
#include "config/schema.h"

#include "base/str.h"
#include "base/time.h"
#include "config/ids.h"
#include "config/shown.h"

/* --- iamlease.yaml
 * ------------------------------------------------------------------------------------------------ */

/* The furthest that limits.max_days can be set: ten years. Beyond, a lease is none. */
enum { MAX_DAYS_MAX = 3650 };

static void decode_version(struct decoder *decoder, const struct yaml_node *node, const struct field *field,
                           void *record)
{
    (void)record;
    const char *version = decode_word(decoder, node, field->key, NULL);
    if (!version || str_eq(version, "1"))
        return;
    struct diag *diag = diag_error(decoder->diags, node->span, ID_UNKNOWN_VERSION,
                                   "version '%s' is not known", shown(decoder->diags->arena, version));
    diag_hint(decoder->diags, diag, "this iamlease reads version 1");
}

static const struct field limits_fields[] = {
    {.key = "max_days",
     .decode = decode_number,
     .offset = offsetof(struct settings, rules.max_days),
     .min = 0,
     .max = MAX_DAYS_MAX},
    {.key = "max_removals",
     .decode = decode_percent,
     .offset = offsetof(struct settings, rules.max_removals_percent),
     .min = 0,
     .max = 100},
};
static const struct record limits_record = RECORD("'limits'", limits_fields);

static const struct field aws_fields[] = {
    {.key = "deployer_role",
     .decode = decode_name,
     .offset = offsetof(struct settings, deployer_role),
     .grammar = &grammar_role},
    {.key = "policy_path",
     .decode = decode_name,
     .offset = offsetof(struct settings, policy_path),
     .grammar = &grammar_policy_path},
    {.key = "partition",
     .decode = decode_name,
     .offset = offsetof(struct settings, partition),
     .grammar = &grammar_partition},
};
static const struct record aws_record = RECORD("'aws'", aws_fields);

static const struct field settings_fields[] = {
    {.key = "version", .decode = decode_version},
    {.key = "limits", .decode = decode_record_at, .may_be_null = true, .record = &limits_record},
    {.key = "aws", .decode = decode_record_at, .may_be_null = true, .record = &aws_record},
    {.key = "owner",
     .decode = decode_name,
     .offset = offsetof(struct settings, owner),
     .grammar = &grammar_owner},
};

/* --- aws-accounts/<team>.yaml
 * --------------------------------------------------------------------------------------- */

/* A mapping from environments to account ids. */
static void decode_accounts(struct decoder *decoder, const struct yaml_node *node, const struct field *field,
                            void *record)
{
    struct team_config *team = record;
    if (!decode_expect(decoder, node, field->key, NODE_MAPPING))
        return;
    for (const struct yaml_node *value = node->first; value; value = value->next) {
        const char *environment = decode_key(decoder, value->key, &grammar_environment);
        const char *account_id = decode_word(decoder, value, value->key->text, &grammar_account_id);
        if (!environment)
            continue;
        /* An environment whose account was refused is declared all the same: entries that name it are not to blame. */
        *VEC_ADD(decoder->arena, &team->accounts) = (struct account_decl){
            .environment = {.text = environment, .span = value->key->span},
            .account_id = {.text = account_id ? account_id : "", .span = value->span},
        };
    }
}

static const struct field accounts_fields[] = {
    {.key = "aws-accounts", .decode = decode_accounts, .may_be_null = true},
};

/* --- aws-policies/<team>.yaml
 * --------------------------------------------------------------------------------------- */

static void decode_effect(struct decoder *decoder, const struct yaml_node *node, const struct field *field,
                          void *record)
{
    const char *word = decode_word(decoder, node, field->key, field->grammar);
    struct statement *statement = record;
    statement->effect = word && str_eq(word, "Deny") ? EFFECT_DENY : EFFECT_ALLOW;
}

static const struct field statement_fields[] = {
    {.key = "effect", .decode = decode_effect, .required = true, .grammar = &grammar_effect},
    {.key = "actions",
     .decode = decode_strings,
     .offset = offsetof(struct statement, actions),
     .required = true,
     .grammar = &grammar_action},
    {.key = "resources",
     .decode = decode_strings,
     .offset = offsetof(struct statement, resources),
     .required = true,
     .grammar = &grammar_resource},
};
static const struct record statement_record = RECORD("a statement", statement_fields);

static void *add_statement(struct arena *arena, void *container, const struct yaml_node *node)
{
    (void)node;
    struct document *document = container;
    return VEC_ADD(arena, document);
}

static const struct field policy_fields[] = {
    {.key = "description", .decode = decode_text, .offset = offsetof(struct policy_decl, description)},
    {.key = "managed_policies",
     .decode = decode_located_list,
     .offset = offsetof(struct policy_decl, managed_policies),
     .grammar = &grammar_policy_arn},
    {.key = "custom_statements",
     .decode = decode_records,
     .offset = offsetof(struct policy_decl, custom),
     .record = &statement_record,
     .add = add_statement},
};
static const struct record policy_record = RECORD("a policy", policy_fields);

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
     .decode = decode_records_by_name,
     .may_be_null = true,
     .key_grammar = &grammar_policy_name,
     .record = &policy_record,
     .add = add_policy},
};

/* --- permanent-access/<team>.yaml and temporary-access/<team>.yaml
 * -------------------------------------------------- */

static struct access_entry *add_entry(struct arena *arena, struct team_config *team,
                                      const struct yaml_node *node)
{
    struct access_entry *entry = VEC_ADD(arena, &team->entries);
    *entry =
        (struct access_entry){.description = "", .reason = "", .ticket = "", .port_run = "", .span = node->span};
    return entry;
}

static void *add_permanent(struct arena *arena, void *container, const struct yaml_node *node)
{
    return add_entry(arena, container, node);
}

static void *add_temporary(struct arena *arena, void *container, const struct yaml_node *node)
{
    struct access_entry *entry = add_entry(arena, container, node);
    entry->temporary = true;
    return entry;
}

static const struct field permanent_fields[] = {
    {.key = "description", .decode = decode_text, .offset = offsetof(struct access_entry, description)},
    {.key = "users",
     .decode = decode_located_list,
     .offset = offsetof(struct access_entry, users),
     .grammar = &grammar_user},
    {.key = "roles",
     .decode = decode_located_list,
     .offset = offsetof(struct access_entry, roles),
     .grammar = &grammar_role},
    {.key = "environments",
     .decode = decode_located_list,
     .offset = offsetof(struct access_entry, environments),
     .required = true,
     .grammar = &grammar_environment},
    {.key = "grants",
     .decode = decode_located_list,
     .offset = offsetof(struct access_entry, grants),
     .required = true,
     .grammar = &grammar_policy_name},
};
static const struct record permanent_record = RECORD("an entry of permanent-access", permanent_fields);

/* A bare date means through the end of that day, UTC. */
static void decode_expiration_date(struct decoder *decoder, const struct yaml_node *node,
                                   const struct field *field, void *record)
{
    struct access_entry *entry = record;
    const char *word = decode_word(decoder, node, field->key, NULL);
    int64_t date_s;
    if (!word)
        return;
    if (!time_parse_date(word, &date_s)) {
        struct diag *diag = diag_error(decoder->diags, node->span, ID_INVALID_DATE, "'%s' is not a date",
                                       shown(decoder->diags->arena, word));
        diag_hint(decoder->diags, diag,
                  "write year-month-day, as in '2026-11-30'; the lease ends with that day, UTC");
        return;
    }
    entry->ends_at_s = time_end_of_date(date_s);
    entry->ends_at_span = node->span;
}

static const struct field temporary_fields[] = {
    {.key = "description", .decode = decode_text, .offset = offsetof(struct access_entry, description)},
    {.key = "expiration_date", .decode = decode_expiration_date, .required = true},
    {.key = "user",
     .decode = decode_located_one,
     .offset = offsetof(struct access_entry, users),
     .required = true,
     .grammar = &grammar_user},
    {.key = "environment",
     .decode = decode_located_one,
     .offset = offsetof(struct access_entry, environments),
     .required = true,
     .grammar = &grammar_environment},
    {.key = "grant",
     .decode = decode_located_one,
     .offset = offsetof(struct access_entry, grants),
     .required = true,
     .grammar = &grammar_policy_name},
};
static const struct record temporary_record = RECORD("an entry of temporary-access", temporary_fields);

static const struct field permanent_file_fields[] = {
    {.key = "permanent-access",
     .decode = decode_records,
     .may_be_null = true,
     .record = &permanent_record,
     .add = add_permanent},
};
static const struct field temporary_file_fields[] = {
    {.key = "temporary-access",
     .decode = decode_records,
     .may_be_null = true,
     .record = &temporary_record,
     .add = add_temporary},
};

/* --- files ------------------------------------------------------------------------------------------------------------ */

static const struct record file_records[FILE_KIND_COUNT] = {
    [FILE_SETTINGS] = RECORD("iamlease.yaml", settings_fields),
    [FILE_ACCOUNTS] = RECORD("a file of aws-accounts", accounts_fields),
    [FILE_POLICIES] = RECORD("a file of aws-policies", policies_fields),
    [FILE_PERMANENT] = RECORD("a file of permanent-access", permanent_file_fields),
    [FILE_TEMPORARY] = RECORD("a file of temporary-access", temporary_file_fields),
};

/* How many values all files may have together: each takes some hundred bytes, however short it is. */
enum { VALUES_MAX = 2000000 };

/* As the limit of a file counts them: keys too. */
static size_t count_values(const struct yaml_node *node)
{
    size_t count = 0;
    for (; node; node = node->next)
        count += (node->key ? 2U : 1U) + count_values(node->first);
    return count;
}

bool schema_decode_file(struct decoder *decoder, enum file_kind kind, const struct source_file *file,
                        void *target)
{
    if (decoder->values > VALUES_MAX)
        return false;
    CLEANUP(arena_freep) struct arena *scratch = arena_new();
    struct yaml_node *root;
    if (!yaml_parse(scratch, file, &root, decoder->diags))
        return false;
    decoder->values += count_values(root);
    if (decoder->values > VALUES_MAX) {
        diag_error(decoder->diags, (struct span){.file = file}, ID_YAML_TOO_MANY_VALUES,
                   "with this file there are more than %d values in all files", VALUES_MAX);
        return false;
    }
    if (root && !yaml_is_null(root))
        decode_record(decoder, root, &file_records[kind], target);
    return true;
}

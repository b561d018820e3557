/* SPDX-License-Identifier: Apache-2.0 */
#include "config/file_text.h"

#include "base/str.h"
#include "base/time.h"
#include "config/file_roles.h"
#include "config/schema.h"
#include "config/source_text.h"

#include <assert.h>

/* Above what a file may have: what is too large is measured before it is refused. */
enum { TEXT_MAX = 256 * 1024 * 1024 };

const enum file_kind file_written_kinds[WRITTEN_KIND_COUNT] = {FILE_ACCOUNTS, FILE_POLICIES, FILE_PERMANENT,
                                                               FILE_TEMPORARY, FILE_ROLES};

const char *file_folder(enum file_kind kind)
{
    return schema_record(kind)->fields[0].key;
}

bool file_is_needed(const struct team_config *team, enum file_kind kind)
{
    if (kind == FILE_ACCOUNTS)
        return team->accounts.count > 0;
    if (kind == FILE_POLICIES)
        return team->policies.count > 0;
    assert(kind == FILE_PERMANENT || kind == FILE_TEMPORARY || kind == FILE_ROLES);
    for (size_t i = 0; i < team->entries.count; i++)
        if (team->entries.items[i].file == kind)
            return true;
    return false;
}

static void write_accounts(struct yaml_writer *writer, const struct team_config *team)
{
    yaml_begin_mapping(writer);
    for (size_t i = 0; i < team->accounts.count; i++)
        yaml_key_text(writer, team->accounts.items[i].environment.text,
                      team->accounts.items[i].account_id.text);
    yaml_end_mapping(writer);
}

/* Nothing for a list that is empty. */
static void write_strings(struct yaml_writer *writer, const char *key, const struct strings *strings)
{
    if (strings->count)
        yaml_key_strings(writer, key, strings);
}

void file_write_list(struct yaml_writer *writer, const char *key, const struct located_list *list)
{
    if (!list->count)
        return;
    yaml_text(writer, key);
    yaml_begin_list(writer);
    for (size_t i = 0; i < list->count; i++)
        yaml_text(writer, list->items[i].text);
    yaml_end_list(writer);
}

/* Those of one operator stand under it, where it is met first. */
static void write_conditions(struct yaml_writer *writer, const struct statement *statement)
{
    const struct condition *conditions = statement->conditions.items;
    if (!statement->conditions.count)
        return;
    yaml_text(writer, "conditions");
    yaml_begin_mapping(writer);
    for (size_t i = 0; i < statement->conditions.count; i++) {
        bool is_first = true;
        for (size_t j = 0; j < i; j++)
            is_first = is_first && !str_eq(conditions[j].operator, conditions[i].operator);
        if (!is_first)
            continue;
        yaml_text(writer, conditions[i].operator);
        yaml_begin_mapping(writer);
        for (size_t j = i; j < statement->conditions.count; j++)
            if (str_eq(conditions[j].operator, conditions[i].operator))
                yaml_key_strings(writer, conditions[j].key, &conditions[j].values);
        yaml_end_mapping(writer);
    }
    yaml_end_mapping(writer);
}

static void write_statement(struct yaml_writer *writer, const struct statement *statement)
{
    yaml_begin_mapping(writer);
    if (statement->sid)
        yaml_key_text(writer, "sid", statement->sid);
    yaml_key_text(writer, "effect", statement->effect == EFFECT_ALLOW ? "Allow" : "Deny");
    write_strings(writer, "actions", &statement->actions);
    write_strings(writer, "not_actions", &statement->not_actions);
    write_strings(writer, "resources", &statement->resources);
    write_strings(writer, "not_resources", &statement->not_resources);
    write_conditions(writer, statement);
    yaml_end_mapping(writer);
}

static void write_policies(struct yaml_writer *writer, const struct team_config *team)
{
    yaml_begin_mapping(writer);
    for (size_t i = 0; i < team->policies.count; i++) {
        const struct policy_decl *policy = &team->policies.items[i];
        yaml_text(writer, policy->name.text);
        yaml_begin_mapping(writer);
        if (*policy->description)
            yaml_key_text(writer, "description", policy->description);
        file_write_list(writer, "managed_policies", &policy->managed_policies);
        if (policy->custom.count) {
            yaml_text(writer, "custom_statements");
            yaml_begin_list(writer);
            for (size_t j = 0; j < policy->custom.count; j++)
                write_statement(writer, &policy->custom.items[j]);
            yaml_end_list(writer);
        }
        yaml_end_mapping(writer);
    }
    yaml_end_mapping(writer);
}

static void write_entry(struct yaml_writer *writer, const struct access_entry *entry)
{
    static const char *const modes[] =
        {[ENTRY_INLINE] = "inline", [ENTRY_POLICY] = "policy", [ENTRY_ROLE] = "role"};
    char instant[TIME_TEXT_SIZE];
    yaml_begin_mapping(writer);
    if (*entry->description)
        yaml_key_text(writer, "description", entry->description);
    if (*entry->reason)
        yaml_key_text(writer, "reason", entry->reason);
    if (entry->starts_at_s)
        yaml_key_text(writer, "starts_at", time_format(entry->starts_at_s, instant));
    if (entry->temporary)
        yaml_key_text(writer, "expires_at", time_format(entry->ends_at_s, instant));
    file_write_list(writer, "users", &entry->users);
    file_write_list(writer, "roles", &entry->roles);
    file_write_list(writer, "groups", &entry->groups);
    file_write_list(writer, "environments", &entry->environments);
    file_write_list(writer, "grants", &entry->grants);
    if (entry->mode != ENTRY_AUTO)
        yaml_key_text(writer, "mode", modes[entry->mode]);
    yaml_end_mapping(writer);
}

static void write_entries(struct yaml_writer *writer, const struct team_config *team, enum file_kind kind)
{
    yaml_begin_list(writer);
    for (size_t i = 0; i < team->entries.count; i++)
        if (team->entries.items[i].file == kind)
            write_entry(writer, &team->entries.items[i]);
    yaml_end_list(writer);
}

static bool write_file(struct buf *out, const struct team_config *team, enum file_kind kind)
{
    struct yaml_writer *writer = yaml_writer_new(out);
    yaml_begin_mapping(writer);
    if (kind != FILE_ROLES) /* which has two keys */
        yaml_text(writer, file_folder(kind));
    switch (kind) {
    case FILE_ROLES: file_write_roles(writer, team); break;
    case FILE_ACCOUNTS: write_accounts(writer, team); break;
    case FILE_POLICIES: write_policies(writer, team); break;
    case FILE_PERMANENT:
    case FILE_TEMPORARY: write_entries(writer, team, kind); break;
    default: assert(!"a kind that is written");
    }
    yaml_end_mapping(writer);
    return yaml_writer_finish(writer);
}

static int check_size(const char *path, size_t size, struct err *err)
{
    if (size <= SOURCE_TEXT_MAX)
        return 0;
    return err_set(err, ERR_REFUSED, "%s would have %zu bytes, and a file may have %d", path, size,
                   SOURCE_TEXT_MAX);
}

/* What was written is read as it will be. */
static int check_text(const struct team_config *team, enum file_kind kind, const struct source_file *file,
                      const char *partition, struct err *err)
{
    CLEANUP(arena_freep) struct arena *scratch = arena_new();
    struct diags diags = diags_new(scratch);
    struct decoder decoder = {.arena = scratch, .diags = &diags, .partition = partition};
    struct team_config read = {0};
    if (schema_decode_file(&decoder, kind, file, &read) && !diags.errors) {
        if (file_same(team, &read, kind))
            return 0;
        return err_set(err, ERR_INPUT, "%s would not be read as it was meant", file->path);
    }
    return err_set(err, ERR_INPUT, "%s", diags.count ? diags.items[0].message : "it cannot be read");
}

int file_text(struct arena *arena, const struct team_config *team, enum file_kind kind, const char *path,
              const char *comment, const char *partition, const char **ret_text, struct err *err)
{
    struct buf out;
    struct source_file file = {.path = path};
    buf_init(&out, TEXT_MAX);
    buf_add_text(&out, comment);
    bool written = write_file(&out, team, kind);
    file.size = out.size;
    file.text = arena_strndup(arena, out.bytes, out.size);
    buf_free(&out);
    if (!written)
        return err_set(err, ERR_INPUT, "what would stand in %s cannot be written as YAML", path);
    *ret_text = file.text;
    return check_size(path, file.size, err) < 0 ? -1 : check_text(team, kind, &file, partition, err);
}

/* SPDX-License-Identifier: Apache-2.0 */
/* The keys of every kind of file. Their tables stand in schema_*.c, one for each kind. */
#ifndef IAMLEASE_CONFIG_SCHEMA_H
#define IAMLEASE_CONFIG_SCHEMA_H

#include "base/buf.h"
#include "config/decode.h"

extern const struct record schema_settings, schema_accounts, schema_policies, schema_permanent,
    schema_temporary, schema_roles;

/* Parts of the settings that have a file of their own. */
extern const struct record schema_aws, schema_port, schema_bootstrap;
extern const struct value_type schema_usernames;

/* Of aws-roles: an item of `trust`; [struct located] one text, [struct located_list] one or a list. */
extern const struct record schema_trust;
extern const struct value_type type_located, type_located_some;

/* A new entry of a file of that kind, at the place of its node. */
struct access_entry *schema_add_entry(struct arena *arena, struct team_config *team,
                                      const struct yaml_node *node, enum file_kind kind);

/* The table of a kind of file. */
const struct record *schema_record(enum file_kind kind);

/* "settings", "accounts", "policies", "roles", "permanent", "temporary" */
const char *schema_name(enum file_kind kind);

/* The kind of that name; false when there is none. */
bool schema_find_kind(const char *name, enum file_kind *ret);

/* The JSON Schema (draft 7) of a kind of file, for editors: everything that decodes passes it. */
void schema_write_json(struct buf *out, enum file_kind kind);

/* All kinds of files as Markdown, a table of keys for each mapping: the reference in docs/configuration.md. */
void schema_write_reference(struct buf *out);

/*
 * Reads and decodes one file into `target`: a struct settings for FILE_SETTINGS, otherwise the struct
 * team_config of its team. An empty file declares nothing. False when it is not YAML that is read here, or
 * when all files together have too many values, so that `target` does not say what the file says.
 */
bool schema_decode_file(struct decoder *decoder, enum file_kind kind, const struct source_file *file,
                        void *target);

/* [struct statement] The conditions of a statement; the member at field->offset is the statement itself. */
extern const struct value_type type_conditions;

#endif

/* SPDX-License-Identifier: Apache-2.0 */
#include "config/schema.h"

#include "base/str.h"
#include "config/ids.h"

const struct record *schema_record(enum file_kind kind)
{
    static const struct record *const records[FILE_KIND_COUNT] = {
        [FILE_SETTINGS] = &schema_settings,   [FILE_ACCOUNTS] = &schema_accounts,
        [FILE_POLICIES] = &schema_policies,   [FILE_PERMANENT] = &schema_permanent,
        [FILE_TEMPORARY] = &schema_temporary, [FILE_ROLES] = &schema_roles,
    };
    return records[kind];
}

const char *schema_name(enum file_kind kind)
{
    static const char *const names[FILE_KIND_COUNT] = {
        [FILE_SETTINGS] = "settings",   [FILE_ACCOUNTS] = "accounts",   [FILE_POLICIES] = "policies",
        [FILE_PERMANENT] = "permanent", [FILE_TEMPORARY] = "temporary", [FILE_ROLES] = "roles",
    };
    return names[kind];
}

bool schema_find_kind(const char *name, enum file_kind *ret)
{
    for (enum file_kind kind = 0; kind < FILE_KIND_COUNT; kind++)
        if (str_eq(schema_name(kind), name)) {
            *ret = kind;
            return true;
        }
    return false;
}

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
        decode_record(decoder, root, schema_record(kind), target);
    return true;
}

/* SPDX-License-Identifier: Apache-2.0 */
#include "config/ad_hoc.h"

#include "base/buf.h"
#include "base/hash.h"
#include "base/str.h"

/* The policy of an ad-hoc grant, made with the first of its two keys. */
static struct statement *ad_hoc_statement(struct arena *arena, struct access_entry *entry,
                                          const struct yaml_node *node)
{
    if (!entry->ad_hoc) {
        entry->ad_hoc = ARENA_NEW(arena, struct policy_decl);
        *entry->ad_hoc = (struct policy_decl){.name = {.text = "", .span = node->span},
                                              .description = "",
                                              .span = entry->span};
        VEC_ADD(arena, &entry->ad_hoc->custom)->effect = EFFECT_ALLOW;
    }
    return &entry->ad_hoc->custom.items[0];
}

static void decode_permissions(struct decoder *decoder, const struct yaml_node *node,
                               const struct field *field, void *record)
{
    struct statement *statement = ad_hoc_statement(decoder->arena, record, node);
    type_strings.decode(decoder, node, field, &statement->actions);
}

static void decode_resources(struct decoder *decoder, const struct yaml_node *node, const struct field *field,
                             void *record)
{
    struct statement *statement = ad_hoc_statement(decoder->arena, record, node);
    type_strings.decode(decoder, node, field, &statement->resources);
}

const struct value_type type_ad_hoc_permissions = {decode_permissions, SHAPE_WORD_OR_LIST};
const struct value_type type_ad_hoc_resources = {decode_resources, SHAPE_WORD_OR_LIST};

/*
 * "adhoc-" and 12 hex digits of SHA-256 over what it allows: entries that ask for the same have one name,
 * however they list it. Actions are one in any case, resources are not.
 */
static const char *ad_hoc_name(struct arena *arena, const struct statement *statement)
{
    struct strings actions = {0}, resources = {0};
    for (size_t i = 0; i < statement->actions.count; i++)
        strings_add(arena, &actions, str_lower(arena, statement->actions.items[i]));
    for (size_t i = 0; i < statement->resources.count; i++)
        strings_add(arena, &resources, statement->resources.items[i]);
    strings_sort_unique(&actions);
    strings_sort_unique(&resources);
    struct buf text;
    char hex[SHA256_HEX_SIZE];
    buf_init(&text, 16U * 1024 * 1024); /* more than a file can hold */
    for (size_t i = 0; i < actions.count; i++)
        buf_addf(&text, "%s\n", actions.items[i]);
    for (size_t i = 0; i < resources.count; i++)
        buf_addf(&text, "\n%s", resources.items[i]);
    const char *name = arena_printf(arena, "adhoc-%.12s", sha256_hex(text.bytes, text.size, hex));
    buf_free(&text);
    return name;
}

void ad_hoc_finish(struct arena *arena, struct access_entry *entry)
{
    if (entry->ad_hoc)
        entry->ad_hoc->name.text = ad_hoc_name(arena, &entry->ad_hoc->custom.items[0]);
}

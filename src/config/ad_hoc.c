/* SPDX-License-Identifier: Apache-2.0 */
#include "config/ad_hoc.h"

#include "policy/mark.h"

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

void ad_hoc_finish(struct arena *arena, struct access_entry *entry)
{
    if (entry->ad_hoc)
        entry->ad_hoc->name.text = mark_ad_hoc(arena, &entry->ad_hoc->custom.items[0]);
}

/* SPDX-License-Identifier: Apache-2.0 */
/* The conditions of a statement: operators, in each keys, in each one value or several. */
#include "base/str.h"
#include "base/time.h"
#include "config/ids.h"
#include "config/schema.h"
#include "config/shown.h"

#include <string.h>

/* A date of IAM: as it is understood where leases are merged (policy/lease.h), or with a variable in it. */
static bool is_date(const char *text)
{
    int64_t ignored_s;
    size_t digits = strspn(text, "0123456789");
    return time_parse_date(text, &ignored_s) || time_parse_rfc3339(text, &ignored_s) ||
           (digits >= 9 && digits <= 12 && !text[digits]);
}

static bool is_writable(const char *text)
{
    uint32_t code_point;
    for (size_t size = strlen(text), length; size; text += length, size -= length) {
        length = str_decode_utf8(text, size, &code_point);
        if (!length || code_point > 0xff)
            return false;
    }
    return true;
}

/* What AWS would refuse or never find true; NULL: nothing. */
static const char *what_is_wrong(const char *operator, const char * text)
{
    const char *colon = strchr(operator, ':'), *kind = colon ? colon + 1 : operator;
    if (!is_writable(text))
        return "holds a character that a policy cannot hold";
    if (strstr(text, "${"))
        return NULL; /* AWS puts something there */
    if (str_prefix(kind, "Date") && !is_date(text))
        return "is not a date";
    if ((str_prefix(kind, "Bool") || str_eq(kind, "Null")) && !grammar_boolean.matches(text))
        return "is neither 'true' nor 'false'";
    return NULL;
}

static void decode_value(struct decoder *decoder, const struct yaml_node *node, struct condition *condition)
{
    if (!decode_expect(decoder, node, condition->key, NODE_TEXT))
        return;
    const char *wrong = what_is_wrong(condition->operator, node->text);
    if (!wrong) {
        strings_add(decoder->arena, &condition->values, arena_strdup(decoder->arena, node->text));
        return;
    }
    struct diag *diag =
        diag_error(decoder->diags, node->span, ID_INVALID_CONDITION, "the value '%s' for '%s' %s",
                   shown(decoder->diags->arena, node->text), condition->operator, wrong);
    diag_hint(decoder->diags, diag, "AWS would refuse the policy, or the condition would never hold");
}

static void decode_values(struct decoder *decoder, const struct yaml_node *node, struct condition *condition)
{
    if (node->kind != NODE_LIST) {
        decode_value(decoder, node, condition);
        return;
    }
    if (!node->first) {
        struct diag *diag = diag_error(decoder->diags, node->span, ID_MISSING_VALUE, "'%s' is an empty list",
                                       shown(decoder->diags->arena, condition->key));
        diag_hint(decoder->diags, diag, "give it at least one value");
    }
    for (const struct yaml_node *item = node->first; item; item = item->next)
        decode_value(decoder, item, condition);
}

static void decode_operator(struct decoder *decoder, const struct yaml_node *node, const struct field *field,
                            struct statement *statement)
{
    const char *operator= decode_key(decoder, node->key, field->key_grammar);
    if (!decode_expect(decoder, node, node->key->text, NODE_MAPPING))
        return;
    CLEANUP(arena_freep) struct arena *scratch = arena_new();
    struct map seen = map_new(scratch);
    for (const struct yaml_node *value = node->first; value; value = value->next) {
        const char *key = decode_key(decoder, value->key, field->grammar);
        if (!operator|| !key || !decode_new_key(decoder, &seen, value->key, ID_INVALID_CONDITION,
                                                "write one list of values"))
            continue;
        struct condition condition = {.operator= operator, .key = key };
        decode_values(decoder, value, &condition);
        *VEC_ADD(decoder->arena, &statement->conditions) = condition;
    }
}

static void decode_conditions(struct decoder *decoder, const struct yaml_node *node,
                              const struct field *field, void *record)
{
    if (!decode_expect(decoder, node, field->key, NODE_MAPPING))
        return;
    for (const struct yaml_node *operator= node->first; operator; operator= operator->next)
        decode_operator(decoder, operator, field, record);
}

const struct value_type type_conditions = {decode_conditions, SHAPE_CONDITIONS};

/* SPDX-License-Identifier: Apache-2.0 */
/* Types of single values and lists of them. */
#include "base/str.h"
#include "config/decode.h"
#include "config/ids.h"
#include "config/shown.h"

#include <string.h>

static void *member(void *record, const struct field *field)
{
    return (char *)record + field->offset;
}

/* Folds line ends, tabs and runs of spaces, so that a description is one line everywhere. */
static const char *fold(struct arena *arena, const char *text)
{
    char *folded = arena_alloc(arena, strlen(text) + 1), *end = folded;
    for (; *text; text++) {
        bool space = *text == ' ' || *text == '\t' || *text == '\n';
        if (!space)
            *end++ = *text;
        else if (end > folded && end[-1] != ' ')
            *end++ = ' ';
    }
    if (end > folded && end[-1] == ' ')
        end--;
    *end = 0;
    return folded;
}

static void decode_text(struct decoder *decoder, const struct yaml_node *node, const struct field *field,
                        void *record)
{
    const char **text = member(record, field);
    if (yaml_is_null(node) || decode_expect(decoder, node, field->key, NODE_TEXT))
        *text = yaml_is_null(node) ? "" : fold(decoder->arena, node->text);
}

static void decode_name(struct decoder *decoder, const struct yaml_node *node, const struct field *field,
                        void *record)
{
    const char **name = member(record, field);
    if (field->may_be_empty && decode_is(node, NODE_TEXT) && !*node->text) {
        *name = "";
        return;
    }
    const char *word = decode_word(decoder, node, field->key, field->grammar);
    if (word)
        *name = word;
}

static void decode_located_one(struct decoder *decoder, const struct yaml_node *node,
                               const struct field *field, void *record)
{
    struct located_list *list = member(record, field);
    const char *word = decode_word(decoder, node, field->key, field->grammar);
    if (word)
        *VEC_ADD(decoder->arena, list) = (struct located){.text = word, .span = node->span};
}

/* Whether `node` is a list that may be as long as it is. */
bool decode_expect_list(struct decoder *decoder, const struct yaml_node *node, const struct field *field)
{
    if (!decode_expect(decoder, node, field->key, NODE_LIST))
        return false;
    if ((field->required || field->filled) && !node->first) {
        struct diag *diag =
            diag_error(decoder->diags, node->span, ID_MISSING_VALUE, "'%s' is an empty list", field->key);
        diag_hint(decoder->diags, diag, "give it at least one value");
    }
    return true;
}

static void decode_located_list(struct decoder *decoder, const struct yaml_node *node,
                                const struct field *field, void *record)
{
    if (!decode_expect_list(decoder, node, field))
        return;
    for (const struct yaml_node *item = node->first; item; item = item->next)
        decode_located_one(decoder, item, field, record);
}

void decode_word_or_list(struct decoder *decoder, const struct yaml_node *node, const struct field *field,
                         void (*add)(struct arena *arena, void *list, struct located word), void *list)
{
    const struct yaml_node *item = node;
    if (node->kind == NODE_LIST) {
        if (!decode_expect_list(decoder, node, field))
            return;
        item = node->first;
    }
    /* A value in a mapping has neighbours that are no business of this key. */
    for (; item; item = item == node ? NULL : item->next) {
        const char *word = decode_word(decoder, item, field->key, field->grammar);
        if (word)
            add(decoder->arena, list, (struct located){.text = word, .span = item->span});
    }
}

static void add_string(struct arena *arena, void *list, struct located word)
{
    strings_add(arena, list, word.text);
}

static void decode_strings(struct decoder *decoder, const struct yaml_node *node, const struct field *field,
                           void *record)
{
    decode_word_or_list(decoder, node, field, add_string, member(record, field));
}

/* Digits up to `end` as a number from min to max. */
static bool read_number(const char *text, const char *end, const struct field *field, int64_t *ret)
{
    int64_t number = 0;
    if (text == end || end - text > 9)
        return false;
    for (; text < end; text++) {
        if (*text < '0' || *text > '9')
            return false;
        number = number * 10 + (*text - '0');
    }
    *ret = number;
    return number >= field->min && number <= field->max;
}

/* A number followed by `unit`. */
static void decode_quantity(struct decoder *decoder, const struct yaml_node *node, const struct field *field,
                            const char *unit, int64_t *ret)
{
    const char *word = decode_word(decoder, node, field->key, NULL);
    int64_t number;
    if (!word)
        return;
    if (str_suffix(word, unit) && read_number(word, word + strlen(word) - strlen(unit), field, &number)) {
        *ret = number;
        return;
    }
    struct diag *diag = diag_error(decoder->diags, node->span, ID_INVALID_NUMBER, "'%s' is no value for '%s'",
                                   shown(decoder->diags->arena, word), field->key);
    diag_hint(decoder->diags, diag, "a whole number from %lld%s to %lld%s", (long long)field->min, unit,
              (long long)field->max, unit);
}

static void decode_number(struct decoder *decoder, const struct yaml_node *node, const struct field *field,
                          void *record)
{
    decode_quantity(decoder, node, field, "", member(record, field));
}

static void decode_percent(struct decoder *decoder, const struct yaml_node *node, const struct field *field,
                           void *record)
{
    decode_quantity(decoder, node, field, "%", member(record, field));
}

static void decode_boolean(struct decoder *decoder, const struct yaml_node *node, const struct field *field,
                           void *record)
{
    const char *word = decode_word(decoder, node, field->key, &grammar_boolean);
    bool *boolean = member(record, field);
    if (word)
        *boolean = str_eq(word, "true");
}

const struct value_type type_text = {decode_text, SHAPE_TEXT};
const struct value_type type_name = {decode_name, SHAPE_WORD};
const struct value_type type_located_one = {decode_located_one, SHAPE_WORD};
const struct value_type type_located_list = {decode_located_list, SHAPE_WORDS};
const struct value_type type_strings = {decode_strings, SHAPE_WORD_OR_LIST};
const struct value_type type_number = {decode_number, SHAPE_NUMBER};
const struct value_type type_percent = {decode_percent, SHAPE_PERCENT};
const struct value_type type_boolean = {decode_boolean, SHAPE_BOOLEAN};

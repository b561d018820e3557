/* SPDX-License-Identifier: Apache-2.0 */
#include "config/decode.h"

#include "base/str.h"
#include "config/ids.h"
#include "config/shown.h"

#include <assert.h>
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
        bool space = strchr(" \t\n", *text) != NULL;
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

void decode_text(struct decoder *decoder, const struct yaml_node *node, const struct field *field,
                 void *record)
{
    const char **text = member(record, field);
    if (yaml_is_null(node) || decode_expect(decoder, node, field->key, NODE_TEXT))
        *text = yaml_is_null(node) ? "" : fold(decoder->arena, node->text);
}

void decode_name(struct decoder *decoder, const struct yaml_node *node, const struct field *field,
                 void *record)
{
    const char **name = member(record, field), *word = decode_word(decoder, node, field->key, field->grammar);
    if (word)
        *name = word;
}

void decode_located_one(struct decoder *decoder, const struct yaml_node *node, const struct field *field,
                        void *record)
{
    struct located_list *list = member(record, field);
    const char *word = decode_word(decoder, node, field->key, field->grammar);
    if (word)
        *VEC_ADD(decoder->arena, list) = (struct located){.text = word, .span = node->span};
}

/* Whether `node` is a list that may be as long as it is. */
static bool expect_list(struct decoder *decoder, const struct yaml_node *node, const struct field *field)
{
    if (!decode_expect(decoder, node, field->key, NODE_LIST))
        return false;
    if (field->required && !node->first) {
        struct diag *diag =
            diag_error(decoder->diags, node->span, ID_MISSING_VALUE, "'%s' is an empty list", field->key);
        diag_hint(decoder->diags, diag, "give it at least one value");
    }
    return true;
}

void decode_located_list(struct decoder *decoder, const struct yaml_node *node, const struct field *field,
                         void *record)
{
    if (!expect_list(decoder, node, field))
        return;
    for (const struct yaml_node *item = node->first; item; item = item->next)
        decode_located_one(decoder, item, field, record);
}

void decode_strings(struct decoder *decoder, const struct yaml_node *node, const struct field *field,
                    void *record)
{
    if (!expect_list(decoder, node, field))
        return;
    for (const struct yaml_node *item = node->first; item; item = item->next) {
        const char *word = decode_word(decoder, item, field->key, field->grammar);
        if (word)
            strings_add(decoder->arena, member(record, field), word);
    }
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

void decode_number(struct decoder *decoder, const struct yaml_node *node, const struct field *field,
                   void *record)
{
    decode_quantity(decoder, node, field, "", member(record, field));
}

void decode_percent(struct decoder *decoder, const struct yaml_node *node, const struct field *field,
                    void *record)
{
    decode_quantity(decoder, node, field, "%", member(record, field));
}

void decode_record_at(struct decoder *decoder, const struct yaml_node *node, const struct field *field,
                      void *record)
{
    decode_record(decoder, node, field->record, member(record, field));
}

void decode_records(struct decoder *decoder, const struct yaml_node *node, const struct field *field,
                    void *record)
{
    if (!expect_list(decoder, node, field))
        return;
    for (const struct yaml_node *item = node->first; item; item = item->next)
        decode_record(decoder, item, field->record, field->add(decoder->arena, member(record, field), item));
}

void decode_records_by_name(struct decoder *decoder, const struct yaml_node *node, const struct field *field,
                            void *record)
{
    if (!decode_expect(decoder, node, field->key, NODE_MAPPING))
        return;
    for (const struct yaml_node *item = node->first; item; item = item->next)
        if (decode_key(decoder, item->key, field->key_grammar))
            decode_record(decoder, item, field->record,
                          field->add(decoder->arena, member(record, field), item));
}

static const struct field *find_field(const struct record *record, const char *key)
{
    for (size_t i = 0; i < record->count; i++)
        if (str_eq(record->fields[i].key, key))
            return &record->fields[i];
    return NULL;
}

static void refuse_key(struct decoder *decoder, const struct yaml_node *key, const struct record *record)
{
    struct arena *arena = decoder->diags->arena;
    struct diag *diag = diag_error(decoder->diags, key->span, ID_UNKNOWN_KEY, "unknown key '%s' in %s",
                                   shown(arena, key->text), record->what);
    struct strings known = {0};
    const char *list = "";
    for (size_t i = 0; diag && i < record->count; i++) {
        strings_add(arena, &known, record->fields[i].key);
        list = arena_printf(arena, "%s%s%s", list, i ? ", " : "", record->fields[i].key);
    }
    const char *nearest = str_nearest(key->text, known.items, known.count);
    if (nearest)
        diag_hint(decoder->diags, diag, "did you mean '%s'?", nearest);
    else
        diag_hint(decoder->diags, diag, "%s: %s", record->count == 1 ? "the only key is" : "the keys are",
                  list);
}

void decode_record(struct decoder *decoder, const struct yaml_node *node, const struct record *record,
                   void *target)
{
    if (!decode_is(node, NODE_MAPPING)) {
        const char *name = node->key ? decode_name_of(decoder, node, node->key->text) : record->what;
        decode_refuse(decoder, node, name, NODE_MAPPING);
        return;
    }
    assert(record->count <= 64);
    uint64_t given = 0;
    for (const struct yaml_node *value = node->first; value; value = value->next) {
        const struct field *field = find_field(record, value->key->text);
        if (!field) {
            refuse_key(decoder, value->key, record);
            continue;
        }
        given |= UINT64_C(1) << (field - record->fields);
        if (!field->may_be_null || !yaml_is_null(value))
            field->decode(decoder, value, field, target);
    }
    for (size_t i = 0; i < record->count; i++) {
        if (!record->fields[i].required || given >> i & 1)
            continue;
        struct diag *diag = diag_error(decoder->diags, node->span, ID_MISSING_KEY, "'%s' is missing in %s",
                                       record->fields[i].key, record->what);
        diag_hint(decoder->diags, diag, "add '%s:'", record->fields[i].key);
    }
}

/* SPDX-License-Identifier: Apache-2.0 */
#include "config/decode.h"

#include "base/str.h"
#include "config/ids.h"
#include "config/shown.h"

#include <assert.h>

static void *member(void *record, const struct field *field)
{
    return (char *)record + field->offset;
}

static void decode_record_at(struct decoder *decoder, const struct yaml_node *node, const struct field *field,
                             void *record)
{
    decode_record(decoder, node, field->record, member(record, field));
}

static void decode_records(struct decoder *decoder, const struct yaml_node *node, const struct field *field,
                           void *record)
{
    if (!decode_expect_list(decoder, node, field))
        return;
    for (const struct yaml_node *item = node->first; item; item = item->next)
        decode_record(decoder, item, field->record, field->add(decoder->arena, member(record, field), item));
}

static void decode_records_by_name(struct decoder *decoder, const struct yaml_node *node,
                                   const struct field *field, void *record)
{
    if (!decode_expect(decoder, node, field->key, NODE_MAPPING))
        return;
    for (const struct yaml_node *item = node->first; item; item = item->next)
        if (decode_key(decoder, item->key, field->key_grammar))
            decode_record(decoder, item, field->record,
                          field->add(decoder->arena, member(record, field), item));
}

/* From `from` on, around to the field before it: keys mostly stand in the order of the table. */
static const struct field *find_field_from(const struct record *record, const char *key, size_t from)
{
    for (size_t i = 0; i < record->count; i++, from++) {
        const struct field *field = &record->fields[from < record->count ? from : from - record->count];
        if (str_eq(field->key, key))
            return field;
    }
    return NULL;
}

static const struct field *find_field(const struct record *record, const char *key)
{
    return find_field_from(record, key, 0);
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

/* Whether a field of that key was given; for decode_record, which keeps a bit for each. */
static bool is_given(const struct record *record, uint64_t given, const char *key)
{
    return given >> (find_field(record, key) - record->fields) & 1;
}

static const struct yaml_node *find_value(const struct yaml_node *node, const char *key)
{
    const struct yaml_node *value = node->first;
    while (value && !str_eq(value->key->text, key))
        value = value->next;
    return value;
}

static void refuse_missing(struct decoder *decoder, const struct yaml_node *node, const struct record *record,
                           const char *keys, const char *first)
{
    struct diag *diag =
        diag_error(decoder->diags, node->span, ID_MISSING_KEY, "%s is missing in %s", keys, record->what);
    diag_hint(decoder->diags, diag, "add '%s:'", first);
}

/* "'a', 'b' or 'c'" */
static const char *list_keys(struct arena *arena, const struct choice *choice)
{
    const char *all = "";
    for (size_t i = 0; choice->keys[i]; i++)
        all = arena_printf(arena, "%s%s'%s'", all,
                           !i                    ? ""
                           : choice->keys[i + 1] ? ", "
                                                 : " or ",
                           choice->keys[i]);
    return all;
}

static void check_choice(struct decoder *decoder, const struct yaml_node *node, const struct record *record,
                         const struct choice *choice, uint64_t given)
{
    const char *first = NULL;
    for (size_t i = 0; choice->keys[i]; i++) {
        const char *key = choice->keys[i];
        if (!is_given(record, given, key))
            continue;
        if (first) {
            struct diag *diag = diag_error(decoder->diags, find_value(node, key)->key->span, ID_KEYS_EXCLUDE,
                                           "'%s' cannot stand beside '%s' in %s", key, first, record->what);
            diag_hint(decoder->diags, diag, "keep one of them");
            return;
        }
        first = key;
    }
    if (!first && choice->kind == CHOICE_EXACTLY_ONE)
        refuse_missing(decoder, node, record, list_keys(decoder->diags->arena, choice), choice->keys[0]);
}

/* The fields of each choice as bits. Of the record that was asked for last they are kept: lists are long. */
static const uint64_t *sets_of_choices(struct decoder *decoder, const struct record *record)
{
    if (decoder->chosen == record)
        return decoder->sets;
    for (const struct choice *choice = record->choices; choice->keys[0]; choice++) {
        size_t place = (size_t)(choice - record->choices);
        assert(place < CHOICES_MAX);
        decoder->sets[place] = 0;
        for (size_t i = 0; choice->keys[i]; i++)
            decoder->sets[place] |= UINT64_C(1) << (find_field(record, choice->keys[i]) - record->fields);
    }
    decoder->chosen = record;
    return decoder->sets;
}

static void check_given(struct decoder *decoder, const struct yaml_node *node, const struct record *record,
                        uint64_t given)
{
    for (size_t i = 0; i < record->count; i++) {
        const struct field *field = &record->fields[i];
        bool is_there = given >> i & 1;
        if (field->required && !is_there)
            refuse_missing(decoder, node, record, arena_printf(decoder->diags->arena, "'%s'", field->key),
                           field->key);
        if (is_there && field->needs && !is_given(record, given, field->needs))
            refuse_missing(decoder, node, record,
                           arena_printf(decoder->diags->arena, "'%s', without which '%s' says nothing,",
                                        field->needs, field->key),
                           field->needs);
    }
    if (!record->choices)
        return;
    const uint64_t *sets = sets_of_choices(decoder, record);
    for (const struct choice *choice = record->choices; choice->keys[0]; choice++) {
        uint64_t chosen = given & sets[choice - record->choices];
        bool are_many = chosen & (chosen - 1), is_missing = !chosen && choice->kind == CHOICE_EXACTLY_ONE;
        if (choice->kind != CHOICE_AT_LEAST_ONE && (are_many || is_missing))
            check_choice(decoder, node, record, choice, given);
    }
}

void decode_record(struct decoder *decoder, const struct yaml_node *node, const struct record *record,
                   void *target)
{
    if (!decode_is(node, NODE_MAPPING)) {
        const char *name = node->key ? decode_name_of(decoder, node, node->key->text) : record->what;
        decode_refuse(decoder, node, name, NODE_MAPPING);
        if (record->finish)
            record->finish(decoder, node, false, target);
        return;
    }
    assert(record->count <= 64);
    size_t errors_before = decoder->diags->errors;
    uint64_t given = 0;
    size_t next = 0;
    for (const struct yaml_node *value = node->first; value; value = value->next) {
        const struct field *field = find_field_from(record, value->key->text, next);
        if (!field) {
            refuse_key(decoder, value->key, record);
            continue;
        }
        if (field->may_be_null && yaml_is_null(value))
            continue;
        next = (size_t)(field - record->fields) + 1;
        given |= UINT64_C(1) << (next - 1);
        field->type->decode(decoder, value, field, target);
    }
    check_given(decoder, node, record, given);
    if (record->finish)
        record->finish(decoder, node, decoder->diags->errors == errors_before, target);
}

const struct value_type type_record = {decode_record_at, SHAPE_RECORD};
const struct value_type type_records = {decode_records, SHAPE_RECORDS};
const struct value_type type_records_by_name = {decode_records_by_name, SHAPE_RECORDS_BY_NAME};

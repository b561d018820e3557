/* SPDX-License-Identifier: Apache-2.0 */
/* The tables as JSON Schema, draft 7: what editors read. */
#include "config/schema_json.h"

#include "base/json.h"
#include "base/str.h"
#include "config/schema.h"

static void write_record(struct json_writer *json, const struct record *record, bool may_be_null);

static void records(struct json_writer *json, const struct field *field, bool by_name)
{
    schema_json_type(json, by_name ? "object" : "array", field->may_be_null);
    if (by_name)
        schema_json_names(json, field->key_grammar);
    json_key(json, by_name ? "additionalProperties" : "items");
    json_begin_object(json);
    write_record(json, field->record, false);
    json_end_object(json);
}

static void write_value(struct json_writer *json, const struct field *field)
{
    switch (field->type->shape) {
    case SHAPE_TEXT: /* anything that is written in one piece */
        json_key_strings(
            json, "type",
            &(struct strings){.items = (const char *[]){"string", "number", "boolean", "null"}, .count = 4});
        return;
    case SHAPE_WORD: schema_json_word(json, field->grammar, field->may_be_empty); return;
    case SHAPE_WORDS: schema_json_list(json, field, field->required || field->filled); return;
    case SHAPE_WORD_OR_LIST:
        schema_json_alternative(json, true);
        schema_json_word(json, field->grammar, false);
        schema_json_alternative(json, false);
        schema_json_list(json, field, field->required || field->filled);
        schema_json_end_alternatives(json);
        return;
    case SHAPE_NUMBER: schema_json_number(json, field, false); return;
    case SHAPE_PERCENT: schema_json_number(json, field, true); return;
    case SHAPE_BOOLEAN:
        json_key(json, "enum");
        json_begin_array(json);
        json_bool(json, true);
        json_bool(json, false);
        json_string(json, "true");
        json_string(json, "false");
        json_end_array(json);
        return;
    case SHAPE_WORDS_BY_NAME: schema_json_words_by_name(json, field); return;
    case SHAPE_WORD_OR_WORDS_BY_NAME:
        schema_json_alternative(json, true);
        schema_json_words(json, field->single_grammar, false);
        schema_json_alternative(json, false);
        schema_json_words_by_name(json, field);
        schema_json_end_alternatives(json);
        return;
    case SHAPE_CONDITIONS: schema_json_conditions(json, field); return;
    case SHAPE_RECORD: write_record(json, field->record, field->may_be_null); return;
    case SHAPE_RECORDS: records(json, field, false); return;
    case SHAPE_RECORDS_BY_NAME: records(json, field, true); return;
    }
}

static void required_key(struct json_writer *json, const char *key)
{
    json_begin_object(json);
    json_key_strings(json, "required", &(struct strings){.items = &key, .count = 1});
    json_end_object(json);
}

/* Of every two keys, not both. */
static void not_together(struct json_writer *json, const struct choice *choice)
{
    for (size_t i = 0; choice->keys[i]; i++)
        for (size_t k = i + 1; choice->keys[k]; k++) {
            const char *both[] = {choice->keys[i], choice->keys[k]};
            json_begin_object(json);
            json_key(json, "not");
            json_begin_object(json);
            json_key_strings(json, "required", &(struct strings){.items = both, .count = 2});
            json_end_object(json);
            json_end_object(json);
        }
}

static void write_choices(struct json_writer *json, const struct choice *choices)
{
    if (!choices)
        return;
    json_key(json, "allOf");
    json_begin_array(json);
    for (const struct choice *choice = choices; choice->keys[0]; choice++) {
        if (choice->kind == CHOICE_AT_MOST_ONE) {
            not_together(json, choice);
            continue;
        }
        json_begin_object(json);
        json_key(json, choice->kind == CHOICE_EXACTLY_ONE ? "oneOf" : "anyOf");
        json_begin_array(json);
        for (size_t i = 0; choice->keys[i]; i++)
            required_key(json, choice->keys[i]);
        json_end_array(json);
        json_end_object(json);
    }
    json_end_array(json);
}

static void write_needs(struct json_writer *json, const struct record *record)
{
    bool any = false;
    for (size_t i = 0; i < record->count; i++)
        any |= record->fields[i].needs != NULL;
    if (!any)
        return;
    json_key(json, "dependencies");
    json_begin_object(json);
    for (size_t i = 0; i < record->count; i++) {
        const char *needs = record->fields[i].needs;
        if (needs)
            json_key_strings(json, record->fields[i].key, &(struct strings){.items = &needs, .count = 1});
    }
    json_end_object(json);
}

static void write_required(struct json_writer *json, const struct record *record)
{
    CLEANUP(arena_freep) struct arena *scratch = arena_new();
    struct strings required = {0};
    for (size_t i = 0; i < record->count; i++)
        if (record->fields[i].required)
            strings_add(scratch, &required, record->fields[i].key);
    if (required.count)
        json_key_strings(json, "required", &required);
}

static void write_record(struct json_writer *json, const struct record *record, bool may_be_null)
{
    schema_json_type(json, "object", may_be_null);
    json_key(json, "properties");
    json_begin_object(json);
    for (size_t i = 0; i < record->count; i++) {
        const struct field *field = &record->fields[i];
        json_key(json, field->key);
        json_begin_object(json);
        json_key_string(json, "description", field->help);
        write_value(json, field);
        json_end_object(json);
    }
    json_end_object(json);
    json_key_bool(json, "additionalProperties", false);
    write_required(json, record);
    write_needs(json, record);
    write_choices(json, record->choices);
}

void schema_write_json(struct buf *out, enum file_kind kind)
{
    struct json_writer json = json_writer_new(out, true);
    json_begin_object(&json);
    json_key_string(&json, "$schema", "http://json-schema.org/draft-07/schema#");
    json_key_string(&json, "title", schema_record(kind)->what);
    write_record(&json, schema_record(kind), true); /* an empty file declares nothing */
    json_end_object(&json);
    buf_add_char(out, '\n');
}

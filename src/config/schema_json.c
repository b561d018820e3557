/* SPDX-License-Identifier: Apache-2.0 */
/* The tables as JSON Schema, draft 7: what editors read. */
#include "base/json.h"
#include "base/str.h"
#include "config/schema.h"

#include <string.h>

static void type(struct json_writer *json, const char *name, bool or_null)
{
    if (!or_null) {
        json_key_string(json, "type", name);
        return;
    }
    json_key_strings(json, "type", &(struct strings){.items = (const char *[]){name, "null"}, .count = 2});
}

/* Words as a list; a number may also be given as one. */
static void words(struct json_writer *json, const struct grammar *grammar, bool may_be_empty)
{
    json_key(json, "enum");
    json_begin_array(json);
    for (const char *const *word = grammar->words; *word; word++) {
        json_string(json, *word);
        if (grammar->any_scalar && strspn(*word, "0123456789") == strlen(*word))
            json_int(json, **word - '0');
    }
    if (may_be_empty)
        json_string(json, "");
    json_end_array(json);
}

/* The members that say what a single word is. */
static void word(struct json_writer *json, const struct grammar *grammar, bool may_be_empty)
{
    static const char *scalars[] = {"string", "number", "boolean"};
    if (!grammar->pattern) {
        words(json, grammar, may_be_empty);
        return;
    }
    if (grammar->any_scalar)
        json_key_strings(json, "type", &(struct strings){.items = scalars, .count = 3});
    else
        json_key_string(json, "type", "string");
    CLEANUP(arena_freep) struct arena *scratch = arena_new();
    json_key_string(json, "pattern",
                    may_be_empty ? arena_printf(scratch, "^$|%s", grammar->pattern) : grammar->pattern);
}

static void list_of_words(struct json_writer *json, const struct field *field, bool filled)
{
    json_key_string(json, "type", "array");
    json_key(json, "items");
    json_begin_object(json);
    word(json, field->grammar, false);
    json_end_object(json);
    if (filled)
        json_key_int(json, "minItems", 1);
}

static void key_pattern(struct json_writer *json, const struct grammar *grammar)
{
    json_key(json, "propertyNames");
    json_begin_object(json);
    json_key_string(json, "pattern", grammar->pattern);
    json_end_object(json);
}

static void words_by_name(struct json_writer *json, const struct field *field)
{
    type(json, "object", field->may_be_null);
    key_pattern(json, field->key_grammar);
    json_key(json, "additionalProperties");
    json_begin_object(json);
    word(json, field->grammar, false);
    json_end_object(json);
}

/* Opens one alternative of two, or ends the first and opens the second. */
static void alternative(struct json_writer *json, bool first)
{
    if (first) {
        json_key(json, "anyOf");
        json_begin_array(json);
    } else {
        json_end_object(json);
    }
    json_begin_object(json);
}

static void end_alternatives(struct json_writer *json)
{
    json_end_object(json);
    json_end_array(json);
}

static void conditions(struct json_writer *json, const struct field *field)
{
    static const char *scalars[] = {"string", "number", "boolean"};
    const struct strings types = {.items = scalars, .count = 3};
    json_key_string(json, "type", "object");
    key_pattern(json, field->key_grammar);
    json_key(json, "additionalProperties");
    json_begin_object(json);
    json_key_string(json, "type", "object");
    key_pattern(json, field->grammar);
    json_key(json, "additionalProperties");
    json_begin_object(json);
    alternative(json, true);
    json_key_strings(json, "type", &types);
    alternative(json, false);
    json_key_string(json, "type", "array");
    json_key_int(json, "minItems", 1);
    json_key(json, "items");
    json_begin_object(json);
    json_key_strings(json, "type", &types);
    json_end_object(json);
    end_alternatives(json);
    json_end_object(json);
    json_end_object(json);
}

static void number(struct json_writer *json, const struct field *field, bool percent)
{
    if (percent) {
        json_key_string(json, "type", "string");
        json_key_string(json, "pattern", "^[0-9]{1,9}%$");
        return;
    }
    json_key_strings(json, "type",
                     &(struct strings){.items = (const char *[]){"integer", "string"}, .count = 2});
    json_key_string(json, "pattern", "^[0-9]{1,9}$");
    json_key_int(json, "minimum", field->min);
    json_key_int(json, "maximum", field->max);
}

static void write_record(struct json_writer *json, const struct record *record, bool may_be_null);

static void records(struct json_writer *json, const struct field *field, bool by_name)
{
    type(json, by_name ? "object" : "array", field->may_be_null);
    if (by_name)
        key_pattern(json, field->key_grammar);
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
    case SHAPE_WORD: word(json, field->grammar, field->may_be_empty); return;
    case SHAPE_WORDS: list_of_words(json, field, field->required || field->filled); return;
    case SHAPE_WORD_OR_LIST:
        alternative(json, true);
        word(json, field->grammar, false);
        alternative(json, false);
        list_of_words(json, field, field->required || field->filled);
        end_alternatives(json);
        return;
    case SHAPE_NUMBER: number(json, field, false); return;
    case SHAPE_PERCENT: number(json, field, true); return;
    case SHAPE_BOOLEAN:
        json_key(json, "enum");
        json_begin_array(json);
        json_bool(json, true);
        json_bool(json, false);
        json_string(json, "true");
        json_string(json, "false");
        json_end_array(json);
        return;
    case SHAPE_WORDS_BY_NAME: words_by_name(json, field); return;
    case SHAPE_WORD_OR_WORDS_BY_NAME:
        alternative(json, true);
        words(json, field->single_grammar, false);
        alternative(json, false);
        words_by_name(json, field);
        end_alternatives(json);
        return;
    case SHAPE_CONDITIONS: conditions(json, field); return;
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
    type(json, "object", may_be_null);
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

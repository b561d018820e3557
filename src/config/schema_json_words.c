/* SPDX-License-Identifier: Apache-2.0 */
/* In a JSON Schema: what is written in words and numbers. */
#include "base/str.h"
#include "config/schema_json.h"

#include <string.h>

void schema_json_type(struct json_writer *json, const char *name, bool or_null)
{
    if (!or_null) {
        json_key_string(json, "type", name);
        return;
    }
    json_key_strings(json, "type", &(struct strings){.items = (const char *[]){name, "null"}, .count = 2});
}

/* Words as a list; a number may also be given as one. */
void schema_json_words(struct json_writer *json, const struct grammar *grammar, bool may_be_empty)
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
void schema_json_word(struct json_writer *json, const struct grammar *grammar, bool may_be_empty)
{
    static const char *scalars[] = {"string", "number", "boolean"};
    if (!grammar->pattern) {
        schema_json_words(json, grammar, may_be_empty);
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

void schema_json_list(struct json_writer *json, const struct field *field, bool filled)
{
    json_key_string(json, "type", "array");
    json_key(json, "items");
    json_begin_object(json);
    schema_json_word(json, field->grammar, false);
    json_end_object(json);
    if (filled)
        json_key_int(json, "minItems", 1);
}

void schema_json_names(struct json_writer *json, const struct grammar *grammar)
{
    json_key(json, "propertyNames");
    json_begin_object(json);
    json_key_string(json, "pattern", grammar->pattern);
    json_end_object(json);
}

void schema_json_words_by_name(struct json_writer *json, const struct field *field)
{
    schema_json_type(json, "object", field->may_be_null);
    schema_json_names(json, field->key_grammar);
    json_key(json, "additionalProperties");
    json_begin_object(json);
    schema_json_word(json, field->grammar, false);
    json_end_object(json);
}

/* Opens one alternative of two, or ends the first and opens the second. */
void schema_json_alternative(struct json_writer *json, bool first)
{
    if (first) {
        json_key(json, "anyOf");
        json_begin_array(json);
    } else {
        json_end_object(json);
    }
    json_begin_object(json);
}

void schema_json_end_alternatives(struct json_writer *json)
{
    json_end_object(json);
    json_end_array(json);
}

void schema_json_conditions(struct json_writer *json, const struct field *field)
{
    static const char *scalars[] = {"string", "number", "boolean"};
    const struct strings types = {.items = scalars, .count = 3};
    json_key_string(json, "type", "object");
    schema_json_names(json, field->key_grammar);
    json_key(json, "additionalProperties");
    json_begin_object(json);
    json_key_string(json, "type", "object");
    schema_json_names(json, field->grammar);
    json_key(json, "additionalProperties");
    json_begin_object(json);
    schema_json_alternative(json, true);
    json_key_strings(json, "type", &types);
    schema_json_alternative(json, false);
    json_key_string(json, "type", "array");
    json_key_int(json, "minItems", 1);
    json_key(json, "items");
    json_begin_object(json);
    json_key_strings(json, "type", &types);
    json_end_object(json);
    schema_json_end_alternatives(json);
    json_end_object(json);
    json_end_object(json);
}

void schema_json_number(struct json_writer *json, const struct field *field, bool percent)
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

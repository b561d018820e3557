/* SPDX-License-Identifier: Apache-2.0 */
/* The members of a JSON Schema that describe a value of words or numbers, in the object that is open. */
#ifndef IAMLEASE_CONFIG_SCHEMA_JSON_H
#define IAMLEASE_CONFIG_SCHEMA_JSON_H

#include "base/json.h"
#include "config/decode.h"

/* "type": that name, or also null. */
void schema_json_type(struct json_writer *json, const char *name, bool or_null);

/* A single word: its pattern, or the words that there are. */
void schema_json_word(struct json_writer *json, const struct grammar *grammar, bool may_be_empty);

/* The words of a grammar that lists them; a number may also be given as one. */
void schema_json_words(struct json_writer *json, const struct grammar *grammar, bool may_be_empty);

/* A list of words; `filled`: with something in it. */
void schema_json_list(struct json_writer *json, const struct field *field, bool filled);

/* What the keys of a mapping must look like. */
void schema_json_names(struct json_writer *json, const struct grammar *grammar);

/* A mapping from names to words. */
void schema_json_words_by_name(struct json_writer *json, const struct field *field);

/* Opens the first alternative of two, or ends the first and opens the second. */
void schema_json_alternative(struct json_writer *json, bool first);
void schema_json_end_alternatives(struct json_writer *json);

/* Operators → keys → values, as in a statement. */
void schema_json_conditions(struct json_writer *json, const struct field *field);

/* A number, or "25%". */
void schema_json_number(struct json_writer *json, const struct field *field, bool percent);

#endif

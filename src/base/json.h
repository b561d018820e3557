/* SPDX-License-Identifier: Apache-2.0 */
/*
 * JSON: read into a tree (by cJSON), written by a small streaming writer, since a plan of 100,000 rows must
 * not be a tree.
 */
#ifndef IAMLEASE_BASE_JSON_H
#define IAMLEASE_BASE_JSON_H

#include "base/buf.h"
#include "base/err.h"
#include "base/vec.h"

#include <stdint.h>

enum json_kind { JSON_NULL, JSON_BOOL, JSON_NUMBER, JSON_STRING, JSON_ARRAY, JSON_OBJECT };

struct json {
    enum json_kind kind;
    bool boolean;
    double number;
    const char *string;
    struct json *items; /* elements of an array, values of an object */
    const char **keys;  /* of an object */
    size_t count;
};

/*
 * Reads one JSON text of `size` bytes. ERR_INPUT: not JSON, not UTF-8, something after it, a NUL (as a byte
 * or as \u0000), a key twice in one object, nested deeper than 64.
 */
int json_parse(struct arena *arena, const char *text, size_t size, struct json **ret, struct err *err);

/* The value of `key`, or NULL; also NULL when `object` is NULL or no object. */
const struct json *json_get(const struct json *object, const char *key);

/* The string at `key`, or NULL when it is missing or no string. */
const char *json_get_string(const struct json *object, const char *key);

/* Writes to a buffer; commas, quotes and indentation are its affair. Nesting is at most 32 deep. */
struct json_writer {
    struct buf *out;
    bool pretty; /* two spaces a level; otherwise minified */
    bool after_key;
    unsigned depth;
    bool has_items[32];
};

struct json_writer json_writer_new(struct buf *out, bool pretty);

void json_begin_object(struct json_writer *writer);
void json_end_object(struct json_writer *writer);
void json_begin_array(struct json_writer *writer);
void json_end_array(struct json_writer *writer);
void json_key(struct json_writer *writer, const char *key);

/* NULL gives null. Bytes that are not UTF-8 become U+FFFD. */
void json_string(struct json_writer *writer, const char *text);
void json_int(struct json_writer *writer, int64_t number);
void json_bool(struct json_writer *writer, bool value);
void json_null(struct json_writer *writer);

/* An instant as RFC 3339 with Z; 0 gives null. */
void json_time(struct json_writer *writer, int64_t time_s);

/* A value that was read, as it is; its own depth is at most 32 less that of the writer. NULL gives null. */
void json_value(struct json_writer *writer, const struct json *value);

/* A key and its value. */
void json_key_string(struct json_writer *writer, const char *key, const char *text);
void json_key_int(struct json_writer *writer, const char *key, int64_t number);
void json_key_bool(struct json_writer *writer, const char *key, bool value);
void json_key_time(struct json_writer *writer, const char *key, int64_t time_s);
void json_key_strings(struct json_writer *writer, const char *key, const struct strings *strings);

#endif

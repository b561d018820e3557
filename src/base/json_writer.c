/* SPDX-License-Identifier: Apache-2.0 */
/* Writing JSON, piece by piece. */
#include "base/json.h"
#include "base/str.h"
#include "base/time.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

struct json_writer json_writer_new(struct buf *out, bool pretty)
{
    return (struct json_writer){.out = out, .pretty = pretty};
}

static void new_line(struct json_writer *writer)
{
    if (!writer->pretty)
        return;
    buf_add_char(writer->out, '\n');
    for (unsigned i = 0; i < writer->depth; i++)
        buf_add_text(writer->out, "  ");
}

/* What stands before a key or an element. */
static void before_item(struct json_writer *writer)
{
    if (writer->depth == 0)
        return;
    if (writer->has_items[writer->depth - 1])
        buf_add_char(writer->out, ',');
    writer->has_items[writer->depth - 1] = true;
    new_line(writer);
}

static void before_value(struct json_writer *writer)
{
    if (writer->after_key)
        writer->after_key = false;
    else
        before_item(writer);
}

static void begin(struct json_writer *writer, char bracket)
{
    before_value(writer);
    assert(writer->depth < sizeof writer->has_items);
    writer->has_items[writer->depth++] = false;
    buf_add_char(writer->out, bracket);
}

static void end(struct json_writer *writer, char bracket)
{
    assert(writer->depth > 0);
    bool has_items = writer->has_items[--writer->depth];
    if (has_items)
        new_line(writer);
    buf_add_char(writer->out, bracket);
    if (writer->depth == 0 && writer->pretty)
        buf_add_char(writer->out, '\n');
}

void json_begin_object(struct json_writer *writer)
{
    begin(writer, '{');
}

void json_end_object(struct json_writer *writer)
{
    end(writer, '}');
}

void json_begin_array(struct json_writer *writer)
{
    begin(writer, '[');
}

void json_end_array(struct json_writer *writer)
{
    end(writer, ']');
}

/* "##[" never stands in our JSON: a log of GitHub Actions takes it for a command (GitHub's runner,
 * ActionCommand.cs). */
static void add_quoted(struct buf *out, const char *text)
{
    const char *start = text;
    buf_add_char(out, '"');
    for (size_t rest = strlen(text); rest;) {
        uint32_t c = 0;
        size_t length = str_plain_run_before(text, rest, "\"\\["); /* goes out as it is; for '[' see above */
        if (length) {
            buf_add(out, text, length);
            text += length;
            rest -= length;
            continue;
        }
        length = str_decode_utf8(text, rest, &c);
        if (length == 0) {
            buf_add_text(out, "\xef\xbf\xbd");
            length = 1;
        } else if (c == '"' || c == '\\') {
            buf_add_char(out, '\\');
            buf_add_char(out, (char)c);
        } else if (c == '\n') {
            buf_add_text(out, "\\n");
        } else if (c < 0x20 || c == 0x7f ||
                   (c == '[' && text - start >= 2 && text[-1] == '#' && text[-2] == '#')) {
            buf_addf(out, "\\u%04x", (unsigned)c);
        } else {
            buf_add(out, text, length);
        }
        text += length;
        rest -= length;
    }
    buf_add_char(out, '"');
}

void json_key(struct json_writer *writer, const char *key)
{
    before_item(writer);
    add_quoted(writer->out, key);
    buf_add_text(writer->out, writer->pretty ? ": " : ":");
    writer->after_key = true;
}

void json_string(struct json_writer *writer, const char *text)
{
    if (!text) {
        json_null(writer);
        return;
    }
    before_value(writer);
    add_quoted(writer->out, text);
}

void json_int(struct json_writer *writer, int64_t number)
{
    before_value(writer);
    buf_addf(writer->out, "%lld", (long long)number);
}

void json_bool(struct json_writer *writer, bool value)
{
    before_value(writer);
    buf_add_text(writer->out, value ? "true" : "false");
}

void json_null(struct json_writer *writer)
{
    before_value(writer);
    buf_add_text(writer->out, "null");
}

void json_time(struct json_writer *writer, int64_t time_s)
{
    char text[TIME_TEXT_SIZE];
    json_string(writer, time_s ? time_format(time_s, text) : NULL);
}

void json_key_string(struct json_writer *writer, const char *key, const char *text)
{
    json_key(writer, key);
    json_string(writer, text);
}

void json_key_int(struct json_writer *writer, const char *key, int64_t number)
{
    json_key(writer, key);
    json_int(writer, number);
}

void json_key_bool(struct json_writer *writer, const char *key, bool value)
{
    json_key(writer, key);
    json_bool(writer, value);
}

void json_key_time(struct json_writer *writer, const char *key, int64_t time_s)
{
    json_key(writer, key);
    json_time(writer, time_s);
}

void json_key_strings(struct json_writer *writer, const char *key, const struct strings *strings)
{
    json_key(writer, key);
    json_begin_array(writer);
    for (size_t i = 0; i < strings->count; i++)
        json_string(writer, strings->items[i]);
    json_end_array(writer);
}

static void write_members(struct json_writer *writer, const struct json *value)
{
    for (size_t i = 0; i < value->count; i++) {
        if (value->kind == JSON_OBJECT)
            json_key(writer, value->keys[i]);
        json_value(writer, &value->items[i]);
    }
}

/* What is not a whole number is written as a text that reads like it. */
static void write_number(struct json_writer *writer, double number)
{
    enum { DIGITS_MAX = 32 };
    static const double exact_max = 9007199254740992.0; /* 2^53 */
    char text[DIGITS_MAX];
    if (number >= -exact_max && number <= exact_max && number == (double)(int64_t)number) {
        json_int(writer, (int64_t)number);
        return;
    }
    snprintf(text, sizeof text, "%.17g", number);
    json_string(writer, text);
}

void json_value(struct json_writer *writer, const struct json *value)
{
    switch (value ? value->kind : JSON_NULL) {
    case JSON_NULL: json_null(writer); break;
    case JSON_BOOL: json_bool(writer, value->boolean); break;
    case JSON_NUMBER: write_number(writer, value->number); break;
    case JSON_STRING: json_string(writer, value->string); break;
    case JSON_ARRAY:
        json_begin_array(writer);
        write_members(writer, value);
        json_end_array(writer);
        break;
    case JSON_OBJECT:
        json_begin_object(writer);
        write_members(writer, value);
        json_end_object(writer);
        break;
    }
}

/* SPDX-License-Identifier: Apache-2.0 */
#include "aws/answer.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/str.h"

#include <ctype.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <expat.h>

enum { DEPTH_MAX = 32, PATH_MAX_SIZE = 1024, TEXT_MAX = 1024 * 1024, RESULT_DEPTH = 2 };

struct answer_reader {
    XML_Parser parser;
    answer_visit *visit;
    void *context;
    unsigned depth;
    size_t path_sizes[DEPTH_MAX]; /* what the path was before each element */
    struct buf path, text;
    bool failed;
};

static void stop(struct answer_reader *reader)
{
    reader->failed = true;
    XML_StopParser(reader->parser, XML_FALSE);
}

/* The name without the prefix of a namespace. */
static const char *local_name(const char *name)
{
    const char *colon = strrchr(name, ':');
    return colon ? colon + 1 : name;
}

static void XMLCALL on_start(void *context, const XML_Char *name, const XML_Char **attributes)
{
    (void)attributes;
    struct answer_reader *reader = context;
    if (reader->depth == DEPTH_MAX) {
        stop(reader);
        return;
    }
    reader->path_sizes[reader->depth++] = reader->path.size;
    buf_clear(&reader->text);
    if (reader->depth <= RESULT_DEPTH)
        return;
    if (reader->path.size)
        buf_add_char(&reader->path, '/');
    buf_add_text(&reader->path, local_name(name));
    if (reader->path.failed)
        stop(reader);
    else
        reader->visit(reader->context, ELEMENT_BEGIN, reader->path.bytes, "");
}

static void XMLCALL on_end(void *context, const XML_Char *name)
{
    (void)name;
    struct answer_reader *reader = context;
    if (reader->depth > RESULT_DEPTH)
        reader->visit(reader->context, ELEMENT_END, reader->path.bytes, reader->text.bytes);
    reader->depth--;
    reader->path.size = reader->path_sizes[reader->depth];
    reader->path.bytes[reader->path.size] = 0;
    buf_clear(&reader->text);
}

static void XMLCALL on_text(void *context, const XML_Char *text, int size)
{
    struct answer_reader *reader = context;
    buf_add(&reader->text, text, (size_t)size);
    if (reader->text.failed)
        stop(reader);
}

/* AWS never sends one, and all that can be done with it is harm. */
static void XMLCALL on_doctype(void *context, const XML_Char *name, const XML_Char *system_id,
                               const XML_Char *public_id, int has_internal_subset)
{
    (void)name, (void)system_id, (void)public_id, (void)has_internal_subset;
    stop(context);
}

struct answer_reader *answer_reader_new(answer_visit *visit, void *context)
{
    struct answer_reader *reader = calloc(1, sizeof *reader);
    if (!reader)
        out_of_memory();
    reader->parser = XML_ParserCreate(NULL);
    if (!reader->parser)
        out_of_memory();
    reader->visit = visit;
    reader->context = context;
    buf_init(&reader->path, PATH_MAX_SIZE);
    buf_init(&reader->text, TEXT_MAX);
    XML_SetUserData(reader->parser, reader);
    XML_SetElementHandler(reader->parser, on_start, on_end);
    XML_SetCharacterDataHandler(reader->parser, on_text);
    XML_SetStartDoctypeDeclHandler(reader->parser, on_doctype);
    return reader;
}

void answer_reader_free(struct answer_reader *reader)
{
    if (!reader)
        return;
    XML_ParserFree(reader->parser);
    explicit_bzero(reader->text.bytes, reader->text.capacity); /* an answer can hold credentials */
    buf_free(&reader->text);
    buf_free(&reader->path);
    free(reader);
}

static bool parse(struct answer_reader *reader, const char *bytes, size_t size, bool is_last)
{
    static const size_t piece_max = 1024 * 1024; /* expat counts in int */
    while (!reader->failed) {
        size_t piece = size < piece_max ? size : piece_max;
        bool last_piece = is_last && piece == size;
        if (XML_Parse(reader->parser, bytes, (int)piece, last_piece) != XML_STATUS_OK)
            reader->failed = true;
        bytes += piece;
        size -= piece;
        if (!size)
            break;
    }
    return !reader->failed;
}

bool answer_feed(struct answer_reader *reader, const char *bytes, size_t size)
{
    return parse(reader, bytes, size, false);
}

bool answer_finish(struct answer_reader *reader)
{
    return parse(reader, "", 0, true);
}

bool answer_read(const char *bytes, size_t size, answer_visit *visit, void *context)
{
    struct answer_reader *reader = answer_reader_new(visit, context);
    bool ok = answer_feed(reader, bytes, size) && answer_finish(reader);
    answer_reader_free(reader);
    return ok;
}

static void ignore(void *context, enum element_event event, const char *path, const char *text)
{
    (void)context;
    (void)event;
    (void)path;
    (void)text;
}

/* A letter follows the '<' of an element only, not that of a declaration or a comment. */
static bool root_is_response(const char *bytes, size_t size)
{
    static const char end[] = "Response";
    const size_t end_size = sizeof end - 1;
    size_t from = 0, length = 0;
    while (from < size && !(bytes[from] == '<' && from + 1 < size && isalpha((unsigned char)bytes[from + 1])))
        from++;
    for (from++; from + length < size && isalnum((unsigned char)bytes[from + length]);)
        length++;
    return length >= end_size && memcmp(bytes + from + length - end_size, end, end_size) == 0;
}

bool answer_confirms(const char *bytes, size_t size)
{
    return root_is_response(bytes, size) && answer_read(bytes, size, ignore, NULL);
}

/* SPDX-License-Identifier: Apache-2.0 */
#include "base/buf.h"

#include "base/arena.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { FIRST_CAPACITY = 1024, STREAM_THRESHOLD = 64 * 1024 };

void buf_init(struct buf *buf, size_t max)
{
    *buf = (struct buf){.max = max, .capacity = FIRST_CAPACITY, .bytes = malloc(FIRST_CAPACITY)};
    if (!buf->bytes)
        out_of_memory();
    buf->bytes[0] = 0;
}

void buf_init_stream(struct buf *buf, buf_flush *flush, void *context)
{
    buf_init(buf, SIZE_MAX / 4);
    buf->flush = flush;
    buf->flush_context = context;
}

void buf_free(struct buf *buf)
{
    free(buf->bytes);
    *buf = (struct buf){.failed = true};
}

void buf_clear(struct buf *buf)
{
    buf->size = 0;
    buf->bytes[0] = 0;
}

static void hand_on(struct buf *buf)
{
    if (!buf->failed && buf->size && !buf->flush(buf->flush_context, buf->bytes, buf->size))
        buf->failed = true;
    buf_clear(buf);
}

bool buf_finish(struct buf *buf)
{
    if (buf->flush)
        hand_on(buf);
    return !buf->failed;
}

/* Makes room for `more` bytes and the terminator. */
static bool reserve(struct buf *buf, size_t more)
{
    if (buf->failed || more > buf->max - buf->size) {
        buf->failed = true;
        return false;
    }
    size_t wanted = buf->size + more + 1, capacity = buf->capacity;
    if (wanted <= capacity)
        return true;
    while (capacity < wanted)
        capacity *= 2;
    char *bytes = realloc(buf->bytes, capacity);
    if (!bytes)
        out_of_memory();
    buf->bytes = bytes;
    buf->capacity = capacity;
    return true;
}

void buf_add(struct buf *buf, const char *bytes, size_t size)
{
    if (!reserve(buf, size))
        return;
    if (size)
        memcpy(buf->bytes + buf->size, bytes, size);
    buf->size += size;
    buf->bytes[buf->size] = 0;
    if (buf->flush && buf->size >= STREAM_THRESHOLD)
        hand_on(buf);
}

void buf_add_text(struct buf *buf, const char *text)
{
    buf_add(buf, text, strlen(text));
}

void buf_addf(struct buf *buf, const char *format, ...)
{
    va_list args;
    size_t room = buf->capacity - buf->size;
    if (buf->failed)
        return;
    va_start(args, format);
    int length = vsnprintf(buf->bytes + buf->size, room, format, args);
    va_end(args);
    bool whole = length >= 0 && (size_t)length < room;
    if (length < 0 || !reserve(buf, (size_t)length)) {
        buf->bytes[buf->size] = 0;
        buf->failed = true;
        return;
    }
    if (!whole) {
        va_start(args, format);
        vsnprintf(buf->bytes + buf->size, (size_t)length + 1, format, args);
        va_end(args);
    }
    buf->size += (size_t)length;
    if (buf->flush && buf->size >= STREAM_THRESHOLD)
        hand_on(buf);
}

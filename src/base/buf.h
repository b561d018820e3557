/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A growing byte buffer with a named maximum and a sticky failure: write on and on, look at `failed` once at
 * the end. With a flush function it is a stream: whatever exceeds 64 KiB is handed on, so memory does not
 * grow with the output.
 */
#ifndef IAMLEASE_BASE_BUF_H
#define IAMLEASE_BASE_BUF_H

#include <stdbool.h>
#include <stddef.h>

/* Takes `size` bytes; returns false when they could not be written. */
typedef bool buf_flush(void *context, const char *bytes, size_t size);

struct buf {
    char *bytes; /* always terminated, never NULL after buf_init */
    size_t size, capacity, max;
    bool failed; /* over `max`, or the flush function failed; all later writes are dropped */
    buf_flush *flush;
    void *flush_context;
};

/* An empty buffer that holds at most `max` bytes. */
void buf_init(struct buf *buf, size_t max);

/* A stream into `flush`; call buf_finish() at the end. */
void buf_init_stream(struct buf *buf, buf_flush *flush, void *context);

/* Hands the rest to the flush function; returns false when anything failed before or now. */
bool buf_finish(struct buf *buf);

void buf_free(struct buf *buf);

void buf_add(struct buf *buf, const char *bytes, size_t size);
void buf_add_text(struct buf *buf, const char *text);

/* Texts are made of few long pieces and many short ones: where there is room, a character is only put there. */
static inline void buf_add_char(struct buf *buf, char c)
{
    if (buf->failed || buf->flush || buf->size + 1 >= buf->capacity || buf->size >= buf->max) {
        buf_add(buf, &c, 1);
        return;
    }
    buf->bytes[buf->size++] = c;
    buf->bytes[buf->size] = 0;
}

void buf_addf(struct buf *buf, const char *format, ...) __attribute__((format(printf, 2, 3)));
void buf_clear(struct buf *buf);

#endif

/* SPDX-License-Identifier: Apache-2.0 */
#include "base/arena.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#ifdef IAMLEASE_DEBUG_ARENA
enum { CHUNK_SIZE = 0 }; /* each object is a chunk of its own */
#else
enum { CHUNK_SIZE = 64 * 1024 };
#endif

/* Objects come from the front, aligned; texts from the back, where they need no alignment. Both ends are zero. */
struct chunk {
    struct chunk *next;
    size_t used, end, size;
    _Alignas(max_align_t) unsigned char bytes[];
};

struct arena {
    struct chunk *chunks;
    struct arena *adopted, *next; /* those that go with it; the next one of those that go with another */
};

/*
 * Arenas for one file or one account come and go by the thousand: a few of their chunks are kept, so that the
 * kernel does not have to clear fresh pages for each.
 */
enum { SPARE_MAX = 16 };
static struct chunk *spare_chunks;
static size_t spare_count;

_Noreturn void out_of_memory(void)
{
    static const char message[] = "iamlease: out of memory\n";
    ssize_t ignored = write(STDERR_FILENO, message, sizeof message - 1);
    (void)ignored;
    _exit(1);
}

struct arena *arena_new(void)
{
    struct arena *arena = calloc(1, sizeof *arena);
    if (!arena)
        out_of_memory();
    return arena;
}

static void chunk_drop(struct chunk *chunk)
{
    if (CHUNK_SIZE == 0 || chunk->size != CHUNK_SIZE || spare_count == SPARE_MAX) {
        free(chunk);
        return;
    }
    chunk->next = spare_chunks;
    spare_chunks = chunk;
    spare_count++;
}

void arena_adopt(struct arena *arena, struct arena *child)
{
    child->next = arena->adopted;
    arena->adopted = child;
}

void arena_free(struct arena *arena)
{
    if (!arena)
        return;
    for (struct arena *child = arena->adopted, *next; child; child = next) {
        next = child->next;
        arena_free(child);
    }
    for (struct chunk *chunk = arena->chunks, *next; chunk; chunk = next) {
        next = chunk->next;
        chunk_drop(chunk);
    }
    free(arena);
}

void arena_freep(struct arena **arena)
{
    arena_free(*arena);
    *arena = NULL;
}

static struct chunk *chunk_take_spare(void)
{
    struct chunk *chunk = spare_chunks;
    spare_chunks = chunk->next;
    spare_count--;
    memset(chunk->bytes, 0, chunk->used);
    memset(chunk->bytes + chunk->end, 0, chunk->size - chunk->end);
    return chunk;
}

static struct chunk *chunk_add(struct arena *arena, size_t size)
{
    struct chunk *chunk =
        size == CHUNK_SIZE && spare_count ? chunk_take_spare() : calloc(1, sizeof *chunk + size);
    if (!chunk)
        out_of_memory();
    chunk->used = 0;
    chunk->end = chunk->size = size;
    if (CHUNK_SIZE > 0 && size > CHUNK_SIZE && arena->chunks) { /* the one in front may have room yet */
        chunk->next = arena->chunks->next;
        arena->chunks->next = chunk;
    } else {
        chunk->next = arena->chunks;
        arena->chunks = chunk;
    }
    return chunk;
}

/* A chunk with that much room between its ends. */
static struct chunk *chunk_with_room(struct arena *arena, size_t size)
{
    struct chunk *chunk = arena->chunks;
    if (CHUNK_SIZE == 0)
        return chunk_add(arena, size ? size : 1);
    if (!chunk || chunk->end - chunk->used < size)
        chunk = chunk_add(arena, size > CHUNK_SIZE ? size : CHUNK_SIZE);
    return chunk;
}

void *arena_alloc(struct arena *arena, size_t size)
{
    const size_t align = _Alignof(max_align_t);
    if (size > SIZE_MAX / 2)
        out_of_memory();
    size_t rounded = CHUNK_SIZE > 0 ? (size + align - 1) / align * align : size;
    struct chunk *chunk = chunk_with_room(arena, rounded);
    void *result = chunk->bytes + chunk->used;
    chunk->used += rounded;
    return result;
}

void arena_give_back(struct arena *arena, void *object, size_t size)
{
    if (!object || size <= CHUNK_SIZE)
        return;
    struct chunk **place = &arena->chunks; /* it has a chunk of its own */
    while (*place && (*place)->bytes != object)
        place = &(*place)->next;
    if (!*place)
        return;
    struct chunk *chunk = *place;
    *place = chunk->next;
    free(chunk);
}

/* Room for a text of `length` bytes and its NUL. */
static char *text_alloc(struct arena *arena, size_t length)
{
    if (length > SIZE_MAX / 2)
        out_of_memory();
    struct chunk *chunk = chunk_with_room(arena, length + 1);
    chunk->end -= length + 1;
    return (char *)chunk->bytes + chunk->end;
}

void *arena_array(struct arena *arena, size_t count, size_t size)
{
    size_t total;
    if (__builtin_mul_overflow(count, size, &total))
        out_of_memory();
    return arena_alloc(arena, total);
}

static char *copy_text(struct arena *arena, const char *text, size_t length)
{
    char *copy = text_alloc(arena, length);
    memcpy(copy, text, length);
    return copy;
}

char *arena_strndup(struct arena *arena, const char *text, size_t length)
{
    return copy_text(arena, text, strnlen(text, length));
}

char *arena_strdup(struct arena *arena, const char *text)
{
    return copy_text(arena, text, strlen(text));
}

char *arena_join(struct arena *arena, char separator, const char *const *texts, size_t count)
{
    size_t length = count ? count - 1 : 0;
    for (size_t i = 0; i < count; i++)
        length += strlen(texts[i]);
    char *joined = text_alloc(arena, length), *end = joined;
    for (size_t i = 0; i < count; i++) {
        if (i)
            *end++ = separator;
        size_t size = strlen(texts[i]);
        memcpy(end, texts[i], size);
        end += size;
    }
    return joined;
}

char *arena_vprintf(struct arena *arena, const char *format, va_list args)
{
    char most[512]; /* long enough for nearly all: those are formatted once */
    va_list again;
    va_copy(again, args);
    int length = vsnprintf(most, sizeof most, format, again);
    va_end(again);
    if (length < 0)
        out_of_memory();
    if ((size_t)length < sizeof most)
        return copy_text(arena, most, (size_t)length);
    char *text = text_alloc(arena, (size_t)length);
    vsnprintf(text, (size_t)length + 1, format, args);
    return text;
}

char *arena_printf(struct arena *arena, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    char *text = arena_vprintf(arena, format, args);
    va_end(args);
    return text;
}

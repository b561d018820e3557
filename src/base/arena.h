/* SPDX-License-Identifier: Apache-2.0 */
/*
 * An arena owns everything that is allocated from it; arena_free() gives it all back at once.
 * A function that returns memory takes the arena as its first argument: no arena, no allocation.
 *
 * Memory is zeroed. Running out of memory ends the program with a message (exit 1): nothing here returns NULL.
 * With IAMLEASE_DEBUG_ARENA every object is an allocation of its own, so that AddressSanitizer sees its borders.
 */
#ifndef IAMLEASE_BASE_ARENA_H
#define IAMLEASE_BASE_ARENA_H

#include <stdarg.h>
#include <stddef.h>

struct arena;

struct arena *arena_new(void);

/* Frees the arena and all that it owns; NULL is allowed. */
void arena_free(struct arena *arena);

/* Makes `child` live as long as `arena`, which frees it. A child has one parent at most. */
void arena_adopt(struct arena *arena, struct arena *child);

/* For __attribute__((cleanup)): frees *arena. */
void arena_freep(struct arena **arena);

/* `size` zeroed bytes, aligned for any type. */
void *arena_alloc(struct arena *arena, size_t size);

/* `count` objects of `size` bytes; ends the program when the product overflows. */
void *arena_array(struct arena *arena, size_t count, size_t size);

/*
 * Frees a large object of `size` bytes before its arena goes, such as a table that has outgrown its place;
 * nobody may have it any more. A small one, or NULL, stays where it is.
 */
void arena_give_back(struct arena *arena, void *object, size_t size);

char *arena_strdup(struct arena *arena, const char *text);

/* Copies at most `length` bytes and terminates them. */
char *arena_strndup(struct arena *arena, const char *text, size_t length);

/* The texts with `separator` between them: for keys, which are made by the hundred thousand. */
char *arena_join(struct arena *arena, char separator, const char *const *texts, size_t count);

char *arena_printf(struct arena *arena, const char *format, ...) __attribute__((format(printf, 2, 3)));

char *arena_vprintf(struct arena *arena, const char *format, va_list args)
    __attribute__((format(printf, 2, 0)));

#define ARENA_NEW(arena, type) ((type *)arena_alloc((arena), sizeof(type)))

#define CLEANUP(function) __attribute__((cleanup(function)))

/* Ends the program with exit code 1: the machine has no memory left. */
_Noreturn void out_of_memory(void);

#endif

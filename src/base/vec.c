/* SPDX-License-Identifier: Apache-2.0 */
#include "base/vec.h"

#include <stdlib.h>
#include <string.h>

/* Lists of large elements have one element more often than not. */
enum { LARGE = 32 };

static void *move(struct arena *arena, const void *items, size_t count, size_t *capacity, size_t size,
                  size_t grown)
{
    void *moved = arena_array(arena, grown, size);
    if (count)
        memcpy(moved, items, count * size);
    *capacity = grown;
    return moved;
}

void *vec_grow(struct arena *arena, void *items, size_t count, size_t *capacity, size_t size)
{
    return move(arena, items, count, capacity, size, *capacity ? *capacity * 2 : size < LARGE ? 4 : 1);
}

void *vec_room(struct arena *arena, void *items, size_t count, size_t *capacity, size_t size, size_t more)
{
    if (more <= *capacity - count)
        return items;
    return move(arena, items, count, capacity, size, count + more);
}

void *vec_outgrow(struct arena *arena, void *items, size_t count, size_t *capacity, size_t size)
{
    size_t outgrown = *capacity;
    void *grown = vec_reserve(arena, items, count, capacity, size);
    if (grown != items)
        arena_give_back(arena, items, outgrown * size);
    return grown;
}

void strings_add(struct arena *arena, struct strings *strings, const char *text)
{
    *VEC_ADD(arena, strings) = text;
}

_Bool strings_contain(const struct strings *strings, const char *text)
{
    for (size_t i = 0; i < strings->count; i++)
        if (strcmp(strings->items[i], text) == 0)
            return 1;
    return 0;
}

void strings_add_unique(struct arena *arena, struct strings *strings, const char *text)
{
    if (!strings_contain(strings, text))
        strings_add(arena, strings, text);
}

static int compare_strings(const void *left, const void *right)
{
    const char *const *a = left, *const *b = right;
    return strcmp(*a, *b);
}

void strings_sort(struct strings *strings)
{
    if (strings->count > 1)
        qsort(strings->items, strings->count, sizeof *strings->items, compare_strings);
}

void strings_sort_unique(struct strings *strings)
{
    size_t kept = 0;
    strings_sort(strings);
    for (size_t i = 0; i < strings->count; i++)
        if (!kept || strcmp(strings->items[kept - 1], strings->items[i]) != 0)
            strings->items[kept++] = strings->items[i];
    strings->count = kept;
}

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Growing arrays in an arena. A list is a struct whose members are VEC_FIELDS(type):
 *
 *     struct fact_list { VEC_FIELDS(struct fact); };
 *     struct fact *fact = VEC_ADD(arena, &facts);        // a new zeroed element at the end
 *
 * Growing moves the elements: keep indices, not pointers, while a list still grows.
 */
#ifndef IAMLEASE_BASE_VEC_H
#define IAMLEASE_BASE_VEC_H

#include "base/arena.h"

#define VEC_FIELDS(type) \
    type *items;         \
    size_t count, capacity

#define VEC_ADD(arena, vec)                                                                                   \
    ((vec)->items = vec_reserve((arena), (vec)->items, (vec)->count, &(vec)->capacity, sizeof *(vec)->items), \
     &(vec)->items[(vec)->count++])

/* Gives an array with room for one more than `count` elements of `size` bytes; used through VEC_ADD only. */
void *vec_grow(struct arena *arena, void *items, size_t count, size_t *capacity, size_t size);

static inline void *vec_reserve(struct arena *arena, void *items, size_t count, size_t *capacity, size_t size)
{
    return count < *capacity ? items : vec_grow(arena, items, count, capacity, size);
}

/* Makes room for exactly so many more elements, where it is known: growing step by step leaves as much behind
 * as it gives. */
#define VEC_RESERVE(arena, vec, more) \
    ((vec)->items =                   \
         vec_room((arena), (vec)->items, (vec)->count, &(vec)->capacity, sizeof *(vec)->items, (more)))

/* Gives an array with room for `more` elements behind the first `count`; used through VEC_RESERVE only. */
void *vec_room(struct arena *arena, void *items, size_t count, size_t *capacity, size_t size, size_t more);

/*
 * VEC_ADD for a list that nobody else points into while it grows: what a long one outgrew is given back,
 * where VEC_ADD leaves behind as much as it gives.
 */
#define VEC_ADD_ALONE(arena, vec)                                                                             \
    ((vec)->items = vec_outgrow((arena), (vec)->items, (vec)->count, &(vec)->capacity, sizeof *(vec)->items), \
     &(vec)->items[(vec)->count++])

/* vec_reserve() that gives `items` back when it gives others; used through VEC_ADD_ALONE only. */
void *vec_outgrow(struct arena *arena, void *items, size_t count, size_t *capacity, size_t size);

/* The list that is needed most: texts, none of them owned by the list. */
struct strings {
    VEC_FIELDS(const char *);
};

void strings_add(struct arena *arena, struct strings *strings, const char *text);

/* Adds `text` unless an equal one is there. */
void strings_add_unique(struct arena *arena, struct strings *strings, const char *text);

_Bool strings_contain(const struct strings *strings, const char *text);

/* Sorts by bytes. */
void strings_sort(struct strings *strings);

/* Sorts by bytes and keeps of equal texts one. */
void strings_sort_unique(struct strings *strings);

#endif

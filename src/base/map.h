/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A hash map from text to pointer, in an arena. Keys are not copied: they must live as long as the map.
 * A few keys are compared one by one. The hash of more is keyed at random for each process, so that hostile
 * keys cannot make it slow.
 */
#ifndef IAMLEASE_BASE_MAP_H
#define IAMLEASE_BASE_MAP_H

#include "base/arena.h"

#include <stdint.h>

struct map_slot {
    const char *key; /* NULL: empty */
    void *value;
    uint64_t hash; /* of the key, once there are many: most others are told apart by it, and growing hashes
                      nothing anew */
};

struct map {
    struct arena *arena;
    struct map_slot *slots;
    size_t count, capacity;
};

struct map map_new(struct arena *arena);

/* The value of `key`, or NULL. */
void *map_get(const struct map *map, const char *key);

/* Sets `key` to `value` (not NULL) unless it is there; returns the value that the map holds afterwards. */
void *map_put(struct map *map, const char *key, void *value);

#endif

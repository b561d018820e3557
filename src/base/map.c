/* SPDX-License-Identifier: Apache-2.0 */
#include "base/map.h"

#include <assert.h>
#include <stdint.h>
#include <string.h>
#include <sys/random.h>

static uint64_t seed;

struct map map_new(struct arena *arena)
{
    if (!seed && getrandom(&seed, sizeof seed, 0) != sizeof seed)
        seed = (uintptr_t)&seed;
    return (struct map){.arena = arena};
}

/* FNV-1a over a random start, mixed at the end. */
static uint64_t hash_text(const char *text)
{
    uint64_t hash = 0xcbf29ce484222325u ^ seed;
    for (; *text; text++)
        hash = (hash ^ (unsigned char)*text) * 0x100000001b3u;
    hash ^= hash >> 32;
    hash *= seed | 1;
    return hash ^ hash >> 29;
}

static struct map_slot *find(struct map_slot *slots, size_t capacity, const char *key)
{
    size_t i = (size_t)hash_text(key) & (capacity - 1);
    while (slots[i].key && strcmp(slots[i].key, key) != 0)
        i = (i + 1) & (capacity - 1);
    return &slots[i];
}

void *map_get(const struct map *map, const char *key)
{
    return map->capacity ? find(map->slots, map->capacity, key)->value : NULL;
}

static void grow(struct map *map)
{
    size_t capacity = map->capacity ? map->capacity * 2 : 16;
    struct map_slot *slots = arena_array(map->arena, capacity, sizeof *slots);
    for (size_t i = 0; i < map->capacity; i++)
        if (map->slots[i].key)
            *find(slots, capacity, map->slots[i].key) = map->slots[i];
    map->slots = slots;
    map->capacity = capacity;
}

void *map_put(struct map *map, const char *key, void *value)
{
    assert(value);
    if (map->count * 2 >= map->capacity)
        grow(map);
    struct map_slot *slot = find(map->slots, map->capacity, key);
    if (!slot->key) {
        *slot = (struct map_slot){.key = key, .value = value};
        map->count++;
    }
    return slot->value;
}

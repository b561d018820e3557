/* SPDX-License-Identifier: Apache-2.0 */
#include "base/map.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

enum { FIRST_CAPACITY = 8 };

static uint64_t secret[2];

struct map map_new(struct arena *arena)
{
    if (!secret[0] && getrandom(secret, sizeof secret, 0) != (ssize_t)sizeof secret)
        abort(); /* without a secret the hash protects nobody */
    return (struct map){.arena = arena};
}

static uint64_t rotate(uint64_t word, unsigned bits)
{
    return word << bits | word >> (64 - bits);
}

static void mix(uint64_t v[static 4], unsigned rounds)
{
    while (rounds--) {
        v[0] += v[1];
        v[2] += v[3];
        v[1] = rotate(v[1], 13) ^ v[0];
        v[3] = rotate(v[3], 16) ^ v[2];
        v[0] = rotate(v[0], 32);
        v[2] += v[1];
        v[0] += v[3];
        v[1] = rotate(v[1], 17) ^ v[2];
        v[3] = rotate(v[3], 21) ^ v[0];
        v[2] = rotate(v[2], 32);
    }
}

/* SipHash-1-3 (Aumasson and Bernstein): whoever does not know the secret cannot prepare collisions. */
static uint64_t hash_text(const char *text)
{
    uint64_t v[4] = {secret[0] ^ 0x736f6d6570736575, secret[1] ^ 0x646f72616e646f6d,
                     secret[0] ^ 0x6c7967656e657261, secret[1] ^ 0x7465646279746573};
    size_t size = strlen(text), rest = size % 8;
    uint64_t word;
    for (const char *end = text + size - rest; text < end; text += 8) {
        memcpy(&word, text, 8);
        v[3] ^= word;
        mix(v, 1);
        v[0] ^= word;
    }
    word = 0;
    memcpy(&word, text, rest);
    word |= (uint64_t)size << 56;
    v[3] ^= word;
    mix(v, 1);
    v[0] ^= word;
    v[2] ^= 0xff;
    mix(v, 3);
    return v[0] ^ v[1] ^ v[2] ^ v[3];
}

static struct map_slot *find(struct map_slot *slots, size_t capacity, const char *key, uint64_t hash)
{
    size_t i = (size_t)hash & (capacity - 1);
    while (slots[i].key && (slots[i].hash != hash || strcmp(slots[i].key, key) != 0))
        i = (i + 1) & (capacity - 1);
    return &slots[i];
}

void *map_get(const struct map *map, const char *key)
{
    return map->count ? find(map->slots, map->capacity, key, hash_text(key))->value : NULL;
}

static void grow(struct map *map)
{
    size_t capacity = map->capacity ? map->capacity * 2 : FIRST_CAPACITY;
    struct map_slot *slots = arena_array(map->arena, capacity, sizeof *slots);
    for (size_t i = 0; i < map->capacity; i++)
        if (map->slots[i].key)
            *find(slots, capacity, map->slots[i].key, map->slots[i].hash) = map->slots[i];
    arena_give_back(map->arena, map->slots, map->capacity * sizeof *slots);
    map->slots = slots;
    map->capacity = capacity;
}

void *map_put(struct map *map, const char *key, void *value)
{
    assert(value);
    if (map->count * 4 >= map->capacity * 3)
        grow(map);
    uint64_t hash = hash_text(key);
    struct map_slot *slot = find(map->slots, map->capacity, key, hash);
    if (!slot->key) {
        *slot = (struct map_slot){.key = key, .value = value, .hash = hash};
        map->count++;
    }
    return slot->value;
}

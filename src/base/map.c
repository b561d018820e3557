/* SPDX-License-Identifier: Apache-2.0 */
#include "base/map.h"

#include "base/str.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

/* So many keys are compared one by one, which costs less than a hash; most maps never have more. */
enum { KEYS_WALKED = 8 };

static uint64_t secret[4];

struct map map_new(struct arena *arena)
{
    if (!secret[0] && getrandom(secret, sizeof secret, 0) != (ssize_t)sizeof secret)
        abort(); /* without a secret the hash protects nobody */
    return (struct map){.arena = arena};
}

/* Both halves of a product: each bit of it depends on all bits of both words. */
static uint64_t fold(uint64_t a, uint64_t b)
{
    __extension__ typedef unsigned __int128 wide;
    const wide product = (wide)a * b;
    return (uint64_t)product ^ (uint64_t)(product >> 64);
}

static uint64_t word_at(const char *text)
{
    uint64_t word;
    memcpy(&word, text, sizeof word);
    return word;
}

/* At most 8 bytes as a word; two texts of one length have different ones. */
static uint64_t short_word(const char *text, size_t size)
{
    uint32_t first, last;
    if (size >= sizeof first) {
        memcpy(&first, text, sizeof first);
        memcpy(&last, text + size - sizeof last, sizeof last);
        return (uint64_t)first << 32 | last;
    }
    uint64_t word = 0;
    for (size_t i = 0; i < size; i++)
        word = word << 8 | (unsigned char)text[i];
    return word;
}

/*
 * Products of the text and of what only this process knows, after wyhash (Wang Yi): whoever does not know the
 * secret cannot prepare collisions.
 */
static uint64_t hash_text(const char *text)
{
    size_t size = strlen(text), rest = size;
    uint64_t hash = secret[0] ^ size;
    for (; rest > 16; rest -= 16, text += 16)
        hash = fold(word_at(text) ^ secret[1], word_at(text + 8) ^ hash);
    bool is_long = rest > 8; /* the words may overlap */
    uint64_t first = is_long ? word_at(text) : short_word(text, rest);
    uint64_t last = is_long ? word_at(text + rest - 8) : 0;
    hash = fold(first ^ secret[2], last ^ hash);
    return fold(hash ^ secret[1], secret[3]);
}

static bool is_hashed(const struct map *map)
{
    return map->capacity > KEYS_WALKED;
}

/* Of a map that is hashed: the slot of `key`, or the empty one where it would stand. */
static struct map_slot *probe(const struct map *map, const char *key, uint64_t hash)
{
    struct map_slot *slots = map->slots;
    const size_t mask = map->capacity - 1;
    size_t i = (size_t)hash & mask;
    while (slots[i].key && (slots[i].hash != hash || strcmp(slots[i].key, key) != 0))
        i = (i + 1) & mask;
    return &slots[i];
}

/* Of one that is not, which is filled from the front: the place of `key`, or the count. */
static size_t walk(const struct map *map, const char *key)
{
    size_t i = 0;
    while (i < map->count && !str_eq(map->slots[i].key, key))
        i++;
    return i;
}

void *map_get(const struct map *map, const char *key)
{
    if (is_hashed(map))
        return probe(map, key, hash_text(key))->value;
    size_t place = walk(map, key);
    return place < map->count ? map->slots[place].value : NULL;
}

static void grow(struct map *map)
{
    const struct map old = *map;
    map->capacity = old.capacity ? old.capacity * 2 : KEYS_WALKED;
    map->slots = arena_array(map->arena, map->capacity, sizeof *map->slots);
    for (size_t i = 0; i < old.capacity; i++) {
        struct map_slot slot = old.slots[i];
        if (!slot.key)
            continue;
        slot.hash = is_hashed(&old) ? slot.hash : hash_text(slot.key);
        *probe(map, slot.key, slot.hash) = slot;
    }
    arena_give_back(map->arena, old.slots, old.capacity * sizeof *old.slots);
}

void *map_put(struct map *map, const char *key, void *value)
{
    assert(value);
    if (map->count == map->capacity || (is_hashed(map) && map->count * 4 >= map->capacity * 3))
        grow(map);
    uint64_t hash = is_hashed(map) ? hash_text(key) : 0;
    struct map_slot *slot = is_hashed(map) ? probe(map, key, hash) : &map->slots[walk(map, key)];
    if (!slot->key) {
        *slot = (struct map_slot){.key = key, .value = value, .hash = hash};
        map->count++;
    }
    return slot->value;
}

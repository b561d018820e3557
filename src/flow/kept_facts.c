/* SPDX-License-Identifier: Apache-2.0 */
#include "flow/kept_facts.h"

#include <stdlib.h>
#include <string.h>

/* So large that the system takes a block back when it is freed. */
enum { BLOCK_FACTS = 1024 };

const struct fact *kept_facts_add(struct kept_facts *kept, const struct fact *fact)
{
    struct facts *block = kept->blocks.count ? &kept->blocks.items[kept->blocks.count - 1] : NULL;
    if (!block || block->count == block->capacity) {
        block = VEC_ADD(kept->arena, &kept->blocks);
        VEC_RESERVE(kept->arena, block, BLOCK_FACTS);
    }
    struct fact *place = &block->items[block->count++];
    *place = *fact;
    kept->count++;
    return place;
}

static int compare_identities(const void *left, const void *right)
{
    const struct fact *const *a = left, *const *b = right;
    return strcmp((*a)->identity, (*b)->identity);
}

struct facts kept_facts_sorted(struct arena *arena, const struct kept_facts *const *lists, size_t count)
{
    CLEANUP(arena_freep) struct arena *scratch = arena_new();
    struct facts sorted = {0};
    size_t total = 0, placed = 0;
    for (size_t i = 0; i < count; i++)
        total += lists[i]->count;
    const struct fact **places = arena_array(scratch, total, sizeof *places);
    for (size_t i = 0; i < count; i++)
        for (size_t j = 0; j < lists[i]->blocks.count; j++)
            for (size_t k = 0; k < lists[i]->blocks.items[j].count; k++)
                places[placed++] = &lists[i]->blocks.items[j].items[k];
    if (total)
        qsort(places, total, sizeof *places, compare_identities);
    VEC_RESERVE(arena, &sorted, total);
    for (size_t i = 0; i < total; i++)
        *VEC_ADD(arena, &sorted) = *places[i];
    return sorted;
}

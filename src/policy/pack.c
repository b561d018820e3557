/* SPDX-License-Identifier: Apache-2.0 */
#include "policy/pack.h"

#include <stdbool.h>

/* Far more than ten policies, which is what a principal can have attached, ever take. */
enum { STEPS_MAX = 20 * 1000 };

struct packing {
    const size_t *sizes;
    size_t *order; /* the largest first */
    size_t *filled, *bins;
    size_t count, room, bin_count, steps;
};

static void sort_by_size(struct packing *p)
{
    for (size_t i = 0; i < p->count; i++) {
        size_t place = i;
        for (; place && p->sizes[p->order[place - 1]] < p->sizes[i]; place--)
            p->order[place] = p->order[place - 1];
        p->order[place] = i;
    }
}

static bool takes(const struct packing *p, size_t bin, size_t size)
{
    return !p->filled[bin] || p->filled[bin] + size <= p->room;
}

/* Of bins that are empty the first one stands for all. */
static bool place(struct packing *p, size_t next)
{
    if (next == p->count)
        return true;
    const size_t thing = p->order[next], size = p->sizes[thing];
    bool was_empty = false;
    for (size_t bin = 0; bin < p->bin_count && !was_empty; bin++) {
        was_empty = !p->filled[bin];
        if (!takes(p, bin, size))
            continue;
        p->filled[bin] += size;
        p->bins[thing] = bin;
        if (place(p, next + 1))
            return true;
        p->filled[bin] -= size;
        if (++p->steps > STEPS_MAX)
            return false;
    }
    return false;
}

size_t pack_into_bins(struct arena *arena, const size_t *sizes, size_t count, size_t room, size_t *ret_bins)
{
    struct packing p = {
        .sizes = sizes,
        .order = arena_array(arena, count + 1, sizeof(size_t)),
        .filled = arena_array(arena, count + 1, sizeof(size_t)),
        .bins = ret_bins,
        .count = count,
        .room = room,
    };
    sort_by_size(&p);
    while (count && p.bin_count++ < count) {
        p.steps = 0;
        for (size_t i = 0; i < count; i++)
            p.filled[i] = 0;
        if (place(&p, 0))
            break;
    }
    return p.bin_count;
}

/* SPDX-License-Identifier: Apache-2.0 */
#include "plan/copy_pack.h"

#include "policy/pack.h"

enum { DENIES = 1, ALLOWS = 2 };

struct packing {
    struct arena *arena;
    const struct copy_unit *units;
    size_t count;
    size_t around, room; /* room for statements and the commas between units */
    size_t *bins;        /* of each unit */
    size_t bin_count;
};

static size_t size_within(const struct packing *p, size_t unit)
{
    return p->units[unit].size - p->around + 1;
}

/* Packs the units of these effects, behind the bins that are there. */
static void pack_effects(struct packing *p, int effects)
{
    size_t *sizes = arena_array(p->arena, p->count + 1, sizeof *sizes);
    size_t *packed = arena_array(p->arena, p->count + 1, sizeof *packed);
    size_t *which = arena_array(p->arena, p->count + 1, sizeof *which);
    size_t wanted = 0;
    for (size_t i = 0; i < p->count; i++)
        if (effects & (p->units[i].denies ? DENIES : ALLOWS)) {
            sizes[wanted] = size_within(p, i);
            which[wanted++] = i;
        }
    const size_t bins = pack_into_bins(p->arena, sizes, wanted, p->room, packed);
    for (size_t i = 0; i < wanted; i++)
        p->bins[which[i]] = p->bin_count + packed[i];
    p->bin_count += bins;
}

/* With all that denies as one thing; false when that does not fit into one object. */
static bool pack_denials_together(struct packing *p)
{
    size_t *sizes = arena_array(p->arena, p->count + 1, sizeof *sizes);
    size_t *packed = arena_array(p->arena, p->count + 1, sizeof *packed);
    size_t things = 1; /* the first is all that denies; it may be nothing */
    for (size_t i = 0; i < p->count; i++)
        if (p->units[i].denies)
            sizes[0] += size_within(p, i);
        else
            sizes[things++] = size_within(p, i);
    if (sizes[0] > p->room)
        return false;
    p->bin_count = pack_into_bins(p->arena, sizes, things, p->room, packed);
    things = 1;
    for (size_t i = 0; i < p->count; i++)
        p->bins[i] = packed[p->units[i].denies ? 0 : things++];
    return true;
}

/* What a bin does: DENIES, ALLOWS or both. */
static int effects_of(const struct packing *p, size_t bin)
{
    int effects = 0;
    for (size_t i = 0; i < p->count; i++)
        if (p->bins[i] == bin)
            effects |= p->units[i].denies ? DENIES : ALLOWS;
    return effects;
}

static size_t count_mixed(const struct packing *p)
{
    size_t mixed = 0;
    for (size_t bin = 0; bin < p->bin_count; bin++)
        mixed += effects_of(p, bin) == (DENIES | ALLOWS);
    return mixed;
}

/* Numbers the bins anew, in the order in which they must come to be; empty ones get no number. */
static void order(struct packing *p)
{
    static const int turns[] = {DENIES, DENIES | ALLOWS, ALLOWS};
    size_t *places = arena_array(p->arena, p->bin_count + 1, sizeof *places), next = 0;
    for (size_t turn = 0; turn < sizeof turns / sizeof turns[0]; turn++)
        for (size_t bin = 0; bin < p->bin_count; bin++)
            if (effects_of(p, bin) == turns[turn])
                places[bin] = next++;
    for (size_t i = 0; i < p->count; i++)
        p->bins[i] = places[p->bins[i]];
    p->bin_count = next;
}

struct copy_bins copy_pack(struct arena *arena, const struct copy_unit *units, size_t count, size_t around,
                           size_t max)
{
    struct packing p = {
        .arena = arena,
        .units = units,
        .count = count,
        .around = around,
        .room = max - around + 1,
        .bins = arena_array(arena, count + 1, sizeof(size_t)),
    };
    if (!pack_denials_together(&p)) {
        pack_effects(&p, DENIES | ALLOWS);
        if (count_mixed(&p) > 1) {
            p.bin_count = 0;
            pack_effects(&p, DENIES);
            pack_effects(&p, ALLOWS);
        }
    }
    order(&p);
    return (struct copy_bins){.count = p.bin_count, .of = p.bins};
}

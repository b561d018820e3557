/* SPDX-License-Identifier: Apache-2.0 */
#include "base/str.h"
#include "config/check.h"
#include "config/config.h"
#include "config/schema.h"

#include <stdlib.h>
#include <string.h>

/* By team, then kind; the settings, which have no team, come first. */
static int compare_inputs(const void *left, const void *right)
{
    const struct config_input *a = left, *b = right;
    int order = strcmp(a->team ? a->team : "", b->team ? b->team : "");
    return order ? order : (int)a->kind - (int)b->kind;
}

/* The team of that name in the other configuration, when its lists can be shared; or NULL. */
static const struct team_config *find_beside(const struct config *config, const struct config *beside,
                                             const char *name)
{
    size_t low = 0,
           high = beside && str_eq(config->settings.partition, beside->settings.partition) ? beside->count : 0;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        int order = strcmp(beside->items[middle].name, name);
        if (order == 0)
            return &beside->items[middle];
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return NULL;
}

static void share_entries(struct arena *arena, const struct team_config *other, bool temporary,
                          struct team_config *team)
{
    size_t count = 0;
    for (size_t i = 0; i < other->entries.count; i++)
        count += other->entries.items[i].temporary == temporary;
    VEC_RESERVE(arena, &team->entries, count);
    for (size_t i = 0; i < other->entries.count; i++)
        if (other->entries.items[i].temporary == temporary)
            *VEC_ADD(arena, &team->entries) = other->entries.items[i];
}

/* Takes from another configuration what a file declares; false when that is not known there. */
static bool share_file(struct arena *arena, const struct team_config *other, const struct config_input *input,
                       struct team_config *team)
{
    const struct source_file *same = other ? other->sound[input->kind] : NULL;
    if (!same || same->text != input->file->text || !str_eq(same->path, input->file->path))
        return false;
    team->sound[input->kind] = same;
    switch (input->kind) {
    case FILE_ACCOUNTS: team->accounts = other->accounts; return true;
    case FILE_POLICIES: team->policies = other->policies; return true;
    default: share_entries(arena, other, input->kind == FILE_TEMPORARY, team); return true;
    }
}

/* Decodes one file; false when nothing is known of it. */
static bool decode_file(struct decoder *decoder, const struct config_input *input, struct team_config *team)
{
    size_t found = decoder->diags->errors + decoder->diags->warnings;
    if (input->unreadable || !schema_decode_file(decoder, input->kind, input->file, team))
        return false;
    if (found == decoder->diags->errors + decoder->diags->warnings)
        team->sound[input->kind] = input->file;
    return true;
}

/* Decodes the files of one team, `count` from `inputs` on. */
static struct team_gaps decode_team(struct decoder *decoder, const struct config_input *inputs, size_t count,
                                    const struct team_config *beside, struct team_config *team)
{
    struct team_gaps gaps = {0};
    size_t errors_before = decoder->diags->errors;
    for (size_t i = 0; i < count; i++) {
        if (share_file(decoder->arena, beside, &inputs[i], team) || decode_file(decoder, &inputs[i], team))
            continue;
        gaps.accounts |= inputs[i].kind == FILE_ACCOUNTS;
        gaps.policies |= inputs[i].kind == FILE_POLICIES;
    }
    gaps.values = decoder->diags->errors > errors_before;
    return gaps;
}

struct config *config_load(struct arena *arena, const struct config_inputs *inputs, struct diags *diags)
{
    struct config *config = ARENA_NEW(arena, struct config);
    config->settings = settings_defaults();
    struct decoder decoder = {.arena = arena, .diags = diags};
    size_t count = inputs->count, next = 0;
    struct config_input *sorted = arena_array(arena, count, sizeof *sorted);
    if (count) {
        memcpy(sorted, inputs->items, count * sizeof *sorted);
        qsort(sorted, count, sizeof *sorted, compare_inputs);
    }
    for (; next < count && sorted[next].kind == FILE_SETTINGS; next++)
        if (!sorted[next].unreadable)
            schema_decode_file(&decoder, FILE_SETTINGS, sorted[next].file, &config->settings);
    decoder.partition = config->settings.partition;

    struct check_totals totals = check_totals_new();
    bool bounded = true;
    for (size_t end; next < count; next = end) {
        for (end = next; end < count && strcmp(sorted[end].team, sorted[next].team) == 0;)
            end++;
        struct team_config *team = VEC_ADD(arena, config);
        team->name = sorted[next].team;
        const struct team_config *beside = find_beside(config, inputs->beside, team->name);
        struct team_gaps gaps = decode_team(&decoder, sorted + next, end - next, beside, team);
        if (!check_team(team, gaps, &totals, diags)) {
            bounded = false;
            team->entries.count = 0; /* whoever reads on in spite of errors must not meet what has no bound */
        }
    }
    if (bounded)
        check_collisions(config, diags);
    return config;
}

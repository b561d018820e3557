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

static void share_entries(struct arena *arena, const struct team_config *other, enum file_kind kind,
                          struct team_config *team)
{
    size_t count = 0;
    for (size_t i = 0; i < other->entries.count; i++)
        count += other->entries.items[i].file == kind;
    VEC_RESERVE(arena, &team->entries, count);
    for (size_t i = 0; i < other->entries.count; i++)
        if (other->entries.items[i].file == kind)
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
    default: share_entries(arena, other, input->kind, team); return true;
    }
}

struct config_reader {
    struct config *config;
    struct decoder decoder;
    struct check_totals totals;
};

struct config_reader *config_reader_new(struct arena *arena, struct config *config, struct diags *diags)
{
    struct config_reader *reader = ARENA_NEW(arena, struct config_reader);
    *config = (struct config){.settings = settings_defaults()};
    *reader = (struct config_reader){
        .config = config,
        .decoder = {.arena = arena, .diags = diags, .partition = config->settings.partition},
        .totals = check_totals_new()};
    return reader;
}

void config_read_settings(struct config_reader *reader, const struct config_input *input)
{
    struct decoder *decoder = &reader->decoder;
    decoder->partition = NULL; /* not known while they are read */
    if (!input->unreadable)
        schema_decode_file(decoder, FILE_SETTINGS, input->file, &reader->config->settings);
    decoder->partition = reader->config->settings.partition;
}

size_t *config_reader_values(struct config_reader *reader)
{
    return &reader->decoder.values;
}

bool config_read_file(struct config_reader *reader, struct arena *arena, const struct config_input *input,
                      const struct team_config *beside, struct team_config *team)
{
    const struct diags *diags = reader->decoder.diags;
    size_t found = diags->errors + diags->warnings;
    reader->decoder.arena = arena;
    if (share_file(arena, beside, input, team))
        return true;
    if (input->unreadable || !schema_decode_file(&reader->decoder, input->kind, input->file, team))
        return false;
    if (found == diags->errors + diags->warnings)
        team->sound[input->kind] = input->file;
    return true;
}

/* The files of one team, `count` from `inputs` on. */
static struct team_gaps read_team(struct config_reader *reader, struct arena *arena,
                                  const struct config_input *inputs, size_t count,
                                  const struct team_config *beside, struct team_config *team)
{
    struct team_gaps gaps = {0};
    size_t errors_before = reader->decoder.diags->errors;
    for (size_t i = 0; i < count; i++) {
        if (config_read_file(reader, arena, &inputs[i], beside, team))
            continue;
        gaps.accounts |= inputs[i].kind == FILE_ACCOUNTS;
        gaps.policies |= inputs[i].kind == FILE_POLICIES;
    }
    gaps.values = reader->decoder.diags->errors > errors_before;
    return gaps;
}

void config_check_team(struct config_reader *reader, struct team_config *team,
                       const struct team_config *checked)
{
    check_team(team, (struct team_gaps){.checked = checked}, &reader->totals, reader->decoder.diags);
}

struct config_inputs config_inputs_sorted(struct arena *arena, const struct config_inputs *inputs)
{
    struct config_inputs sorted = *inputs;
    sorted.items = arena_array(arena, inputs->count, sizeof *sorted.items);
    sorted.capacity = inputs->count;
    if (inputs->count) {
        memcpy(sorted.items, inputs->items, inputs->count * sizeof *sorted.items);
        qsort(sorted.items, sorted.count, sizeof *sorted.items, compare_inputs);
    }
    return sorted;
}

size_t config_inputs_of_team(const struct config_inputs *sorted, size_t from)
{
    size_t end = from;
    while (end < sorted->count && str_eq(sorted->items[end].team, sorted->items[from].team))
        end++;
    return end;
}

struct config *config_load(struct arena *arena, const struct config_inputs *inputs, struct diags *diags)
{
    struct config *config = ARENA_NEW(arena, struct config);
    struct config_reader *reader = config_reader_new(arena, config, diags);
    const struct config_inputs sorted = config_inputs_sorted(arena, inputs);
    size_t next = 0;
    for (; next < sorted.count && sorted.items[next].kind == FILE_SETTINGS; next++)
        config_read_settings(reader, &sorted.items[next]);
    bool bounded = true;
    for (size_t end; next < sorted.count; next = end) {
        end = config_inputs_of_team(&sorted, next);
        struct team_config *team = VEC_ADD(arena, config);
        team->name = sorted.items[next].team;
        const struct team_config *beside = find_beside(config, inputs->beside, team->name);
        struct team_gaps gaps = read_team(reader, arena, &sorted.items[next], end - next, beside, team);
        if (!check_team(team, gaps, &reader->totals, diags)) {
            bounded = false;
            team->entries.count = 0; /* whoever reads on in spite of errors must not meet what has no bound */
        }
    }
    if (bounded)
        check_collisions(config, diags);
    return config;
}

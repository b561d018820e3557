/* SPDX-License-Identifier: Apache-2.0 */
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

/* Decodes the files of one team, `count` from `inputs` on. */
static struct team_gaps decode_team(struct decoder *decoder, const struct config_input *inputs, size_t count,
                                    struct team_config *team)
{
    struct team_gaps gaps = {0};
    size_t errors_before = decoder->diags->errors;
    for (size_t i = 0; i < count; i++) {
        if (!inputs[i].unreadable && schema_decode_file(decoder, inputs[i].kind, inputs[i].file, team))
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
        struct team_gaps gaps = decode_team(&decoder, sorted + next, end - next, team);
        if (!check_team(team, gaps, &totals, diags)) {
            bounded = false;
            team->entries.count = 0; /* whoever reads on in spite of errors must not meet what has no bound */
        }
    }
    if (bounded)
        check_collisions(config, diags);
    return config;
}

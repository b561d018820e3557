/* SPDX-License-Identifier: Apache-2.0 */
#include "flow/team_walk.h"

#include "base/str.h"
#include "config/spelling.h"
#include "flow/team_facts.h"
#include "flow/team_files.h"

#include <string.h>

/* Less than this is not worth opening the packs again. */
enum { FORGET_MIN = 256 * 1024 };

struct walking {
    struct team_reader reader;
    struct arena *scratch; /* what is kept until all teams were looked at */
    const struct comparison_request *request;
    struct comparison *comparison;
    struct spellings spellings;
    struct judge judge;
    struct judging *judging;
    struct team_facts facts;
    const char *root;  /* of the teams whose names begin alike: the shortest name; config_check_names */
    size_t related;    /* how many teams were met of it */
    bool root_changes; /* one of them changes */
};

/* The accounts of all teams, which stay: they say what rules there are. */
static int read_accounts(struct walking *walking, struct err *err)
{
    struct team_files files;
    team_reader_rewind(&walking->reader);
    while (team_reader_is_clean(&walking->reader) && team_reader_next(&walking->reader, &files)) {
        struct team_memory memory = team_reader_begin(&walking->reader);
        int rc = team_reader_read(&walking->reader, &files, true, walking->reader.arena, &memory, err);
        team_reader_end(&walking->reader, &memory, &files);
        if (rc < 0)
            return -1;
    }
    return 0;
}

static bool is_related(const char *name, const char *root)
{
    return str_eq(name, root) || (str_prefix(name, root) && name[strlen(root)] == '-');
}

/*
 * The names of objects begin with that of the team, so those of two teams can be one where the name of one
 * team begins with that of the other and a dash; and names of leases begin like those of a team `temp`
 * (config/object_names.c). Whether that is so is asked of whole configurations.
 */
static bool is_alone(struct walking *walking, const struct team_files *files)
{
    if (!walking->root || !is_related(files->name, walking->root)) {
        walking->root = files->name;
        walking->related = 0;
        walking->root_changes = false;
    }
    walking->related++;
    walking->root_changes |= team_files_change(files);
    return !is_related(files->name, "temp") && (walking->related == 1 || !walking->root_changes);
}

/* The names of one team's objects, on both sides. */
static void check_names(struct walking *walking, const struct team_files *files)
{
    struct config sides[SIDE_COUNT];
    for (size_t side = 0; side < SIDE_COUNT; side++)
        sides[side] = (struct config){.settings = walking->reader.sides[side].config->settings,
                                      .items = files->teams[side],
                                      .count = files->teams[side] != NULL,
                                      .capacity = files->teams[side] != NULL};
    config_check_names(&sides[BASE], &sides[HEAD], walking->request->now_s,
                       &walking->reader.sides[HEAD].diags);
}

/* What both sides share is checked once, as the head's. */
static bool check_team(struct walking *walking, const struct team_files *files)
{
    struct team_config *before = files->teams[BASE], *after = files->teams[HEAD];
    bool apart = true;
    if (after) {
        config_check_team(walking->reader.sides[HEAD].config_reader, after, NULL);
        apart = spellings_add(&walking->spellings, after, NULL);
        config_judge_team(walking->judging, after);
    }
    if (before) {
        config_check_team(walking->reader.sides[BASE].config_reader, before, after);
        apart = spellings_add(&walking->spellings, before, after) && apart;
    }
    check_names(walking, files);
    return apart && team_reader_is_clean(&walking->reader);
}

static int read_teams(struct walking *walking, bool *ret_clean, struct err *err)
{
    struct team_files files;
    team_reader_rewind(&walking->reader);
    *ret_clean = team_reader_is_clean(&walking->reader);
    while (*ret_clean && team_reader_next(&walking->reader, &files)) {
        struct team_memory memory = team_reader_begin(&walking->reader);
        int rc = team_reader_read(&walking->reader, &files, false, memory.arena, &memory, err);
        *ret_clean = rc == 0 && is_alone(walking, &files) && check_team(walking, &files);
        if (*ret_clean)
            team_facts_add(&walking->facts, files.teams[BASE], files.teams[HEAD]);
        team_reader_end(&walking->reader, &memory, &files);
        if (rc < 0)
            return -1;
    }
    return 0;
}

/* What was wrong or is counted was said when the team was read first. */
static int read_again(struct walking *walking, const struct team_files *files, struct err *err)
{
    struct team_memory memory = team_reader_begin(&walking->reader);
    struct diags diags[SIDE_COUNT];
    size_t bytes[SIDE_COUNT], values[SIDE_COUNT];
    for (size_t side = 0; side < SIDE_COUNT; side++) {
        values[side] = *config_reader_values(walking->reader.sides[side].config_reader);
        diags[side] = walking->reader.sides[side].diags;
        bytes[side] = walking->reader.sides[side].source->bytes;
    }
    int rc = team_reader_read(&walking->reader, files, false, memory.arena, &memory, err);
    if (rc == 0 && team_reader_is_clean(&walking->reader))
        team_facts_add_concerned(&walking->facts, files->teams[BASE], files->teams[HEAD]);
    for (size_t side = 0; side < SIDE_COUNT; side++) {
        *config_reader_values(walking->reader.sides[side].config_reader) = values[side];
        walking->reader.sides[side].diags = diags[side];
        walking->reader.sides[side].source->bytes = bytes[side];
    }
    team_reader_end(&walking->reader, &memory, files);
    return rc;
}

/* Teams in which something is concerned because of what another one changes. */
static int read_concerned(struct walking *walking, bool *ret_clean, struct err *err)
{
    struct team_files files;
    team_reader_rewind(&walking->reader);
    team_facts_settle(&walking->facts);
    for (size_t place = 0;
         team_reader_is_clean(&walking->reader) && team_reader_next(&walking->reader, &files); place++)
        if (team_facts_lacks(&walking->facts, place) && read_again(walking, &files, err) < 0)
            return -1;
    *ret_clean = team_reader_is_clean(&walking->reader);
    return 0;
}

/* Whether equal entries come to equal facts, and equal facts to equal objects. */
static bool are_mapped_alike(const struct settings *before, const struct settings *after)
{
    return settings_name_users_alike(before, after) && settings_name_objects_alike(before, after);
}

static void begin_teams(struct walking *walking)
{
    const struct comparison *comparison = walking->comparison;
    const int64_t now_s = walking->request->now_s;
    const struct settings *before = &walking->reader.sides[BASE].config->settings,
                          *after = &walking->reader.sides[HEAD].config->settings;
    walking->spellings = spellings_new(walking->reader.arena, walking->scratch, after);
    walking->judge = compare_judge(comparison, now_s);
    walking->judging =
        config_judging_new(walking->scratch, after, &walking->judge, &walking->reader.sides[HEAD].diags);
    walking->facts = (struct team_facts){.arena = walking->reader.arena,
                                         .scratch = walking->scratch,
                                         .settings = {before, after},
                                         .terms = {.rules = &comparison->accounts, .now_s = now_s},
                                         .spellings = &walking->spellings,
                                         .digest_rows = digest_rows_new(walking->reader.arena, before, after)};
    for (size_t side = 0; side < SIDE_COUNT; side++) {
        struct team_facts *facts = &walking->facts;
        facts->lists[side] = facts->differing[side].arena = facts->concerned[side].arena = arena_new();
    }
}

/* Names of roles are compared over all teams, and what their facts point to is not copied. */
static bool has_roles(const struct team_reader *reader)
{
    for (size_t side = 0; side < SIDE_COUNT; side++)
        for (size_t i = 0; i < reader->sides[side].inputs.count; i++)
            if (reader->sides[side].inputs.items[i].kind == FILE_ROLES)
                return true;
    return false;
}

/* Reads all; *ret_clean false: it is no use. */
static int walk(struct walking *walking, bool *ret_clean, struct err *err)
{
    struct comparison *comparison = walking->comparison;
    struct side_reader *sides = walking->reader.sides;
    *ret_clean = false;
    if (team_reader_open(&walking->reader, BASE, &comparison->base, err) < 0 ||
        team_reader_open(&walking->reader, HEAD, &comparison->head, err) < 0)
        return -1;
    if (!team_reader_is_clean(&walking->reader) || has_roles(&walking->reader) ||
        !are_mapped_alike(&sides[BASE].config->settings, &sides[HEAD].config->settings) ||
        (source_is_empty(&comparison->base) && source_is_empty(&comparison->head)))
        return 0;
    if (read_accounts(walking, err) < 0)
        return -1;
    if (!team_reader_is_clean(&walking->reader))
        return 0;
    if (compare_settle(walking->reader.arena, walking->request, comparison, err) < 0)
        return -1;
    begin_teams(walking);
    if (read_teams(walking, ret_clean, err) < 0)
        return -1;
    return *ret_clean ? read_concerned(walking, ret_clean, err) : 0;
}

int team_walk(struct arena *arena, const struct comparison_request *request, struct comparison *comparison,
              struct diags *diags, struct team_walk *ret, bool *ret_done, struct err *err)
{
    CLEANUP(arena_freep) struct arena *scratch = arena_new();
    struct arena *kept = arena_new();
    struct walking walking = {.reader = {.arena = kept, .repo = comparison->repo},
                              .scratch = scratch,
                              .request = request,
                              .comparison = comparison};
    int rc = walk(&walking, ret_done, err);
    team_reader_forget(&walking.reader, FORGET_MIN);
    if (rc < 0 || !*ret_done) {
        team_facts_free(&walking.facts);
        comparison->base.config = comparison->head.config = NULL;
        arena_free(kept);
        return rc;
    }
    arena_adopt(arena, kept);
    *diags = walking.reader.sides[HEAD].diags;
    diags_sort(diags);
    team_facts_finish(&walking.facts, &ret->before, &ret->after);
    ret->facts_before = walking.facts.facts_before;
    ret->digest_rows = walking.facts.digest_rows;
    return 0;
}

/* SPDX-License-Identifier: Apache-2.0 */
#include "flow/team_walk.h"

#include "base/str.h"
#include "config/spelling.h"
#include "flow/team_facts.h"

#include <string.h>

enum { BASE, HEAD, SIDE_COUNT };

/* After so many bytes of files the repository forgets them. */
enum { REMEMBERED_MAX = 2 * 1024 * 1024 };

/* One side while it is read. */
struct walk_side {
    struct source *source;
    struct config *config;
    struct config_reader *reader;
    struct config_inputs inputs; /* sorted */
    struct diags diags;
    size_t next;  /* place of the next team's first file in `inputs` */
    size_t teams; /* how many teams were met */
};

struct walking {
    struct arena *arena, *scratch; /* what is kept; what is kept until all teams were looked at */
    struct {
        VEC_FIELDS(struct source_file *);
    } files; /* of the team that is read: their texts go when it is done */
    const struct comparison_request *request;
    struct comparison *comparison;
    struct walk_side sides[SIDE_COUNT];
    struct spellings spellings;
    struct judge judge;
    struct judging *judging;
    struct team_facts facts;
    bool lost;         /* a file does not say what it says */
    const char *root;  /* of the teams whose names begin alike: the shortest name; config_check_names */
    size_t related;    /* how many teams were met of it */
    bool root_changes; /* one of them changes */
    size_t remembered; /* bytes that were read since the repository forgot */
};

/* The files of one team on both sides, one after the other by kind. */
struct team_files {
    const char *name;
    struct config_input *items[SIDE_COUNT];
    size_t counts[SIDE_COUNT];
    struct team_config *teams[SIDE_COUNT]; /* NULL: not there */
};

static bool is_clean(const struct walking *walking)
{
    return !walking->lost && !walking->sides[BASE].diags.errors && !walking->sides[HEAD].diags.errors;
}

static void rewind_teams(struct walking *walking)
{
    for (size_t side = 0; side < SIDE_COUNT; side++) {
        const struct config_inputs *inputs = &walking->sides[side].inputs;
        size_t next = 0;
        while (next < inputs->count && inputs->items[next].kind == FILE_SETTINGS)
            next++;
        walking->sides[side].next = next;
        walking->sides[side].teams = 0;
    }
}

static const char *next_name(const struct walk_side *side)
{
    return side->next < side->inputs.count ? side->inputs.items[side->next].team : NULL;
}

/* The next team by name, of either side; false behind the last one. */
static bool next_team(struct walking *walking, struct team_files *ret)
{
    const char *names[] = {next_name(&walking->sides[BASE]), next_name(&walking->sides[HEAD])};
    *ret = (struct team_files){0};
    if (!names[BASE] && !names[HEAD])
        return false;
    int order = !names[BASE] ? 1 : !names[HEAD] ? -1 : strcmp(names[BASE], names[HEAD]);
    ret->name = order <= 0 ? names[BASE] : names[HEAD];
    for (size_t i = 0; i < SIDE_COUNT; i++) {
        struct walk_side *side = &walking->sides[i];
        if (i == BASE ? order > 0 : order < 0)
            continue;
        size_t end = config_inputs_of_team(&side->inputs, side->next);
        ret->items[i] = &side->inputs.items[side->next];
        ret->counts[i] = end - side->next;
        side->next = end;
        if (side->teams == side->config->count)
            VEC_ADD(walking->arena, side->config)->name = ret->name;
        ret->teams[i] = &side->config->items[side->teams++];
    }
    return true;
}

/* The same file on the other side: same path, same bytes; or NULL. */
static const struct config_input *find_same(const struct team_files *files, const struct config_input *input)
{
    for (size_t i = 0; i < files->counts[BASE]; i++)
        if (str_eq(files->items[BASE][i].blob_id, input->blob_id) &&
            str_eq(files->items[BASE][i].file->path, input->file->path))
            return &files->items[BASE][i];
    return NULL;
}

/*
 * Reads a file and decodes it into `arena`. Its text lives as long as `text_arena`; what it is called lives
 * as long as the walk, for spans.
 */
static int read_file(struct walking *walking, const struct team_files *files, size_t side_at,
                     struct config_input *input, struct arena *arena, struct arena *text_arena,
                     struct err *err)
{
    struct walk_side *side = &walking->sides[side_at];
    const struct config_input *same = side_at == HEAD ? find_same(files, input) : NULL;
    struct source_file *file = ARENA_NEW(walking->arena, struct source_file);
    const struct team_config *beside =
        side_at == HEAD &&
                str_eq(walking->sides[BASE].config->settings.partition, side->config->settings.partition)
            ? files->teams[BASE]
            : NULL;
    if (source_read(text_arena, walking->comparison->repo, side->source, same ? same->file : NULL, input,
                    &side->diags, err) < 0)
        return -1;
    if (!same) {
        walking->remembered += input->file->size;
        *file = *input->file;
        input->file = file;
        *VEC_ADD(text_arena, &walking->files) = file;
    }
    walking->lost |= !config_read_file(side->reader, arena, input, beside, files->teams[side_at]);
    return 0;
}

/* The accounts of a team, or all its other files. */
static int read_files(struct walking *walking, const struct team_files *files, bool accounts,
                      struct arena *arena, struct arena *text_arena, struct err *err)
{
    for (size_t side = 0; side < SIDE_COUNT; side++)
        for (size_t i = 0; i < files->counts[side]; i++) {
            struct config_input *input = &files->items[side][i];
            if ((input->kind == FILE_ACCOUNTS) == accounts &&
                read_file(walking, files, side, input, arena, text_arena, err) < 0)
                return -1;
        }
    return 0;
}

/* What a team brings, while it is read. */
struct team_memory {
    struct arena *arena;
    size_t found; /* diagnostics of the head before it */
};

static struct team_memory begin_team(struct walking *walking)
{
    const struct diags *diags = &walking->sides[HEAD].diags;
    walking->files.items = NULL;
    walking->files.count = walking->files.capacity = 0;
    return (struct team_memory){arena_new(), diags->errors + diags->warnings};
}

/* Of its policies and entries nothing stays, unless there is a diagnostic, which is shown with its line. */
static void end_team(struct walking *walking, struct team_memory *memory, const struct team_files *files)
{
    const struct diags *diags = &walking->sides[HEAD].diags;
    for (size_t side = 0; side < SIDE_COUNT; side++)
        if (files->teams[side]) {
            struct team_config *team = files->teams[side];
            *team = (struct team_config){.name = team->name,
                                         .accounts = team->accounts,
                                         .sound = {[FILE_ACCOUNTS] = team->sound[FILE_ACCOUNTS]}};
        }
    if (walking->remembered > REMEMBERED_MAX) {
        repo_forget(walking->comparison->repo);
        walking->remembered = 0;
    }
    if (diags->errors + diags->warnings > memory->found) {
        arena_adopt(walking->arena, memory->arena);
        return;
    }
    for (size_t i = 0; i < walking->files.count; i++) {
        walking->files.items[i]->text = "";
        walking->files.items[i]->size = 0;
    }
    arena_free(memory->arena);
}

/* The accounts of all teams, which stay: they say what rules there are. */
static int read_accounts(struct walking *walking, struct err *err)
{
    struct team_files files;
    rewind_teams(walking);
    while (is_clean(walking) && next_team(walking, &files)) {
        struct team_memory memory = begin_team(walking);
        int rc = read_files(walking, &files, true, walking->arena, memory.arena, err);
        end_team(walking, &memory, &files);
        if (rc < 0)
            return -1;
    }
    return 0;
}

static bool is_changed(const struct team_files *files)
{
    bool same = files->counts[BASE] == files->counts[HEAD];
    for (size_t i = 0; same && i < files->counts[HEAD]; i++)
        same = find_same(files, &files->items[HEAD][i]) != NULL;
    return !same;
}

static bool is_related(const char *name, const char *root)
{
    return str_eq(name, root) || (str_prefix(name, root) && name[strlen(root)] == '-');
}

/*
 * The names of objects begin with that of the team, so those of two teams can be one where the name of one team
 * begins with that of the other and a dash; and names of leases begin like those of a team `temp`
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
    walking->root_changes |= is_changed(files);
    return !is_related(files->name, "temp") && (walking->related == 1 || !walking->root_changes);
}

/* The names of one team's objects, on both sides. */
static void check_names(struct walking *walking, const struct team_files *files)
{
    struct config sides[SIDE_COUNT];
    for (size_t side = 0; side < SIDE_COUNT; side++)
        sides[side] = (struct config){.settings = walking->sides[side].config->settings,
                                      .items = files->teams[side],
                                      .count = files->teams[side] != NULL,
                                      .capacity = files->teams[side] != NULL};
    config_check_names(&sides[BASE], &sides[HEAD], walking->request->now_s, &walking->sides[HEAD].diags);
}

/* What both sides share is checked once, as the head's. */
static bool check_team(struct walking *walking, const struct team_files *files)
{
    struct team_config *before = files->teams[BASE], *after = files->teams[HEAD];
    bool apart = true;
    if (after) {
        config_check_team(walking->sides[HEAD].reader, after, NULL);
        apart = spellings_add(&walking->spellings, after, NULL);
        config_judge_team(walking->judging, after);
    }
    if (before) {
        config_check_team(walking->sides[BASE].reader, before, after);
        apart = spellings_add(&walking->spellings, before, after) && apart;
    }
    check_names(walking, files);
    return apart && is_clean(walking);
}

static int read_teams(struct walking *walking, bool *ret_clean, struct err *err)
{
    struct team_files files;
    rewind_teams(walking);
    *ret_clean = is_clean(walking);
    while (*ret_clean && next_team(walking, &files)) {
        struct team_memory memory = begin_team(walking);
        int rc = read_files(walking, &files, false, memory.arena, memory.arena, err);
        *ret_clean = rc == 0 && is_alone(walking, &files) && check_team(walking, &files);
        if (*ret_clean)
            team_facts_add(&walking->facts, files.teams[BASE], files.teams[HEAD]);
        end_team(walking, &memory, &files);
        if (rc < 0)
            return -1;
    }
    return 0;
}

/* What was wrong or is counted was said when the team was read first. */
static int read_again(struct walking *walking, const struct team_files *files, struct err *err)
{
    struct team_memory memory = begin_team(walking);
    struct diags diags[SIDE_COUNT];
    size_t bytes[SIDE_COUNT];
    for (size_t side = 0; side < SIDE_COUNT; side++) {
        diags[side] = walking->sides[side].diags;
        bytes[side] = walking->sides[side].source->bytes;
    }
    int rc = read_files(walking, files, false, memory.arena, memory.arena, err);
    if (rc == 0 && is_clean(walking))
        team_facts_add_concerned(&walking->facts, files->teams[BASE], files->teams[HEAD]);
    for (size_t side = 0; side < SIDE_COUNT; side++) {
        walking->sides[side].diags = diags[side];
        walking->sides[side].source->bytes = bytes[side];
    }
    end_team(walking, &memory, files);
    return rc;
}

/* Teams in which something is concerned because of what another one changes. */
static int read_concerned(struct walking *walking, bool *ret_clean, struct err *err)
{
    struct team_files files;
    rewind_teams(walking);
    team_facts_settle(&walking->facts);
    for (size_t place = 0; is_clean(walking) && next_team(walking, &files); place++)
        if (team_facts_lacks(&walking->facts, place) && read_again(walking, &files, err) < 0)
            return -1;
    *ret_clean = is_clean(walking);
    return 0;
}

static int begin_side(struct walking *walking, size_t at, struct source *source, struct err *err)
{
    struct walk_side *side = &walking->sides[at];
    struct arena *arena = walking->arena;
    side->source = source;
    side->diags = diags_new(arena);
    side->config = ARENA_NEW(arena, struct config);
    side->reader = config_reader_new(arena, side->config, &side->diags);
    if (source_list(arena, walking->comparison->repo, source, &side->diags, err) < 0)
        return -1;
    side->inputs = config_inputs_sorted(arena, &source->inputs);
    for (size_t i = 0; i < side->inputs.count && side->inputs.items[i].kind == FILE_SETTINGS; i++) {
        struct config_input *input = &side->inputs.items[i];
        if (source_read(arena, walking->comparison->repo, source, NULL, input, &side->diags, err) < 0)
            return -1;
        config_read_settings(side->reader, input);
    }
    source->config = side->config;
    return 0;
}

/* Whether equal facts come to equal objects, and equal entries to equal facts. */
static bool are_mapped_alike(const struct settings *before, const struct settings *after)
{
    return str_eq(before->owner, after->owner) && str_eq(before->policy_path, after->policy_path) &&
           str_eq(before->partition, after->partition) &&
           digest_rows_new(NULL, before, after).users_are_named_alike;
}

static void begin_teams(struct walking *walking)
{
    const struct comparison *comparison = walking->comparison;
    const int64_t now_s = walking->request->now_s;
    const struct settings *before = &walking->sides[BASE].config->settings,
                          *after = &walking->sides[HEAD].config->settings;
    walking->spellings = spellings_new(walking->arena, walking->scratch, after);
    walking->judge = compare_judge(comparison, now_s);
    walking->judging =
        config_judging_new(walking->scratch, after, &walking->judge, &walking->sides[HEAD].diags);
    walking->facts = (struct team_facts){.arena = walking->arena,
                                         .scratch = walking->scratch,
                                         .settings = {before, after},
                                         .terms = {.rules = &comparison->accounts, .now_s = now_s},
                                         .spellings = &walking->spellings,
                                         .digest_rows = digest_rows_new(walking->arena, before, after)};
}

/* Reads all; *ret_clean false: it is no use. */
static int walk(struct walking *walking, bool *ret_clean, struct err *err)
{
    struct comparison *comparison = walking->comparison;
    struct walk_side *sides = walking->sides;
    *ret_clean = false;
    if (begin_side(walking, BASE, &comparison->base, err) < 0 ||
        begin_side(walking, HEAD, &comparison->head, err) < 0)
        return -1;
    if (!is_clean(walking) || !are_mapped_alike(&sides[BASE].config->settings, &sides[HEAD].config->settings) ||
        (source_is_empty(&comparison->base) && source_is_empty(&comparison->head)))
        return 0;
    if (read_accounts(walking, err) < 0)
        return -1;
    if (!is_clean(walking))
        return 0;
    if (compare_settle(walking->arena, walking->request, comparison, err) < 0)
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
    struct walking walking = {.arena = kept, .scratch = scratch, .request = request, .comparison = comparison};
    int rc = walk(&walking, ret_done, err);
    if (walking.remembered > REMEMBERED_MAX / 8)
        repo_forget(comparison->repo);
    if (rc < 0 || !*ret_done) {
        comparison->base.config = comparison->head.config = NULL;
        arena_free(kept);
        return rc;
    }
    arena_adopt(arena, kept);
    *diags = walking.sides[HEAD].diags;
    diags_sort(diags);
    team_facts_finish(&walking.facts, &ret->before, &ret->after);
    ret->facts_before = walking.facts.facts_before;
    ret->digest_rows = walking.facts.digest_rows;
    return 0;
}

/* SPDX-License-Identifier: Apache-2.0 */
#include "flow/team_files.h"

#include "base/str.h"

#include <string.h>

/* After so many bytes of files the repository forgets them. */
enum { REMEMBERED_MAX = 2 * 1024 * 1024 };

int team_reader_open(struct team_reader *reader, enum side at, struct source *source, struct err *err)
{
    struct side_reader *side = &reader->sides[at];
    struct arena *arena = reader->arena;
    side->source = source;
    side->diags = diags_new(arena);
    side->config = ARENA_NEW(arena, struct config);
    side->config_reader = config_reader_new(arena, side->config, &side->diags);
    if (source_list(arena, reader->repo, source, &side->diags, err) < 0)
        return -1;
    side->inputs = config_inputs_sorted(arena, &source->inputs);
    for (size_t i = 0; i < side->inputs.count && side->inputs.items[i].kind == FILE_SETTINGS; i++) {
        struct config_input *input = &side->inputs.items[i];
        if (source_read(arena, reader->repo, source, NULL, input, &side->diags, err) < 0)
            return -1;
        config_read_settings(side->config_reader, input);
    }
    source->config = side->config;
    return 0;
}

bool team_reader_is_clean(const struct team_reader *reader)
{
    return !reader->lost && !reader->sides[BASE].diags.errors && !reader->sides[HEAD].diags.errors;
}

void team_reader_rewind(struct team_reader *reader)
{
    for (size_t side = 0; side < SIDE_COUNT; side++) {
        const struct config_inputs *inputs = &reader->sides[side].inputs;
        size_t next = 0;
        while (next < inputs->count && inputs->items[next].kind == FILE_SETTINGS)
            next++;
        reader->sides[side].next = next;
        reader->sides[side].teams = 0;
    }
}

static const char *next_name(const struct side_reader *side)
{
    return side->next < side->inputs.count ? side->inputs.items[side->next].team : NULL;
}

bool team_reader_next(struct team_reader *reader, struct team_files *ret)
{
    const char *names[] = {next_name(&reader->sides[BASE]), next_name(&reader->sides[HEAD])};
    *ret = (struct team_files){0};
    if (!names[BASE] && !names[HEAD])
        return false;
    int order = !names[BASE] ? 1 : !names[HEAD] ? -1 : strcmp(names[BASE], names[HEAD]);
    ret->name = order <= 0 ? names[BASE] : names[HEAD];
    for (size_t i = 0; i < SIDE_COUNT; i++) {
        struct side_reader *side = &reader->sides[i];
        if (i == BASE ? order > 0 : order < 0)
            continue;
        size_t end = config_inputs_of_team(&side->inputs, side->next);
        ret->items[i] = &side->inputs.items[side->next];
        ret->counts[i] = end - side->next;
        side->next = end;
        if (side->teams == side->config->count)
            VEC_ADD(reader->arena, side->config)->name = ret->name;
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

bool team_files_change(const struct team_files *files)
{
    bool same = files->counts[BASE] == files->counts[HEAD];
    for (size_t i = 0; same && i < files->counts[HEAD]; i++)
        same = find_same(files, &files->items[HEAD][i]) != NULL;
    return !same;
}

/* That team on the other side, when its lists can be shared. */
static const struct team_config *find_beside(const struct team_reader *reader, const struct team_files *files,
                                             size_t side)
{
    return side == HEAD && str_eq(reader->sides[BASE].config->settings.partition,
                                  reader->sides[HEAD].config->settings.partition)
               ? files->teams[BASE]
               : NULL;
}

/*
 * Reads a file and decodes it into `arena`. Its text lives as long as `text_arena`; what it is called lives
 * as long as the walk, for spans.
 */
static int read_file(struct team_reader *reader, const struct team_files *files, size_t side_at,
                     struct config_input *input, struct arena *arena, struct arena *text_arena,
                     struct err *err)
{
    struct side_reader *side = &reader->sides[side_at];
    const struct decoded_file *decoded = decoded_file_find(side->source->decoded, input);
    const struct config_input *other = side_at == HEAD ? find_same(files, input) : NULL;
    const struct source_file *same = decoded ? &decoded->file : other ? other->file : NULL;
    const struct team_config *beside = decoded ? &decoded->team : find_beside(reader, files, side_at);
    if (source_read(text_arena, reader->repo, side->source, same, input, &side->diags, err) < 0)
        return -1;
    if (!same) {
        struct source_file *file = ARENA_NEW(reader->arena, struct source_file);
        reader->remembered += input->file->size;
        *file = *input->file;
        input->file = file;
        *VEC_ADD(text_arena, &reader->files) = file;
    }
    reader->lost |= !config_read_file(side->config_reader, arena, input, beside, files->teams[side_at]);
    return 0;
}

int team_reader_read(struct team_reader *reader, const struct team_files *files, bool accounts,
                     struct arena *arena, struct team_memory *memory, struct err *err)
{
    for (size_t side = 0; side < SIDE_COUNT; side++)
        for (size_t i = 0; i < files->counts[side]; i++) {
            struct config_input *input = &files->items[side][i];
            if ((input->kind == FILE_ACCOUNTS) == accounts &&
                read_file(reader, files, side, input, arena, memory->arena, err) < 0)
                return -1;
        }
    return 0;
}

struct team_memory team_reader_begin(struct team_reader *reader)
{
    const struct diags *diags = &reader->sides[HEAD].diags;
    reader->files.items = NULL;
    reader->files.count = reader->files.capacity = 0;
    return (struct team_memory){arena_new(), diags->errors + diags->warnings};
}

void team_reader_forget(struct team_reader *reader, size_t remembered_max)
{
    if (reader->remembered <= remembered_max)
        return;
    repo_forget(reader->repo);
    reader->remembered = 0;
}

/* Of its policies and entries nothing stays, unless there is a diagnostic, which is shown with its line. */
void team_reader_end(struct team_reader *reader, struct team_memory *memory, const struct team_files *files)
{
    const struct diags *diags = &reader->sides[HEAD].diags;
    for (size_t side = 0; side < SIDE_COUNT; side++)
        if (files->teams[side]) {
            struct team_config *team = files->teams[side];
            *team = (struct team_config){.name = team->name,
                                         .accounts = team->accounts,
                                         .sound = {[FILE_ACCOUNTS] = team->sound[FILE_ACCOUNTS]}};
        }
    team_reader_forget(reader, REMEMBERED_MAX);
    if (diags->errors + diags->warnings > memory->found) {
        arena_adopt(reader->arena, memory->arena);
        return;
    }
    for (size_t i = 0; i < reader->files.count; i++) {
        reader->files.items[i]->text = "";
        reader->files.items[i]->size = 0;
    }
    arena_free(memory->arena);
}

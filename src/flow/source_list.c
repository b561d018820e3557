/* SPDX-License-Identifier: Apache-2.0 */
/* Which files a source has. */
#include "base/map.h"
#include "base/str.h"
#include "config/config.h"
#include "config/ids.h"
#include "flow/source.h"
#include "flow/source_places.h"

#include <string.h>

enum { FILES_MAX = 20000, LOOKED_UP_MAX = 255 };

struct reading {
    struct arena *arena;
    struct repo *repo;
    struct source *source;
    struct diags *diags;
    size_t files;
};

static struct source_file *file_new(struct arena *arena, const char *path)
{
    struct source_file *file = ARENA_NEW(arena, struct source_file);
    *file = (struct source_file){.path = path, .text = ""};
    return file;
}

/* One name costs a few bytes in a tree, however large the file behind it: what names add up to has a limit too. */
static int count_files(struct reading *reading, size_t more, struct err *err)
{
    reading->files += more;
    if (reading->files <= FILES_MAX)
        return 0;
    return err_set(err, ERR_REFUSED, "the configuration in '%s' has more than %d files",
                   reading->source->name, FILES_MAX);
}

/* A file that is there but cannot be read: what it declares is not known, which is not the same as nothing. */
static void add_unreadable(struct reading *reading, struct config_input input)
{
    input.unreadable = true;
    *VEC_ADD(reading->arena, &reading->source->inputs) = input;
}

static void refuse_kind(struct reading *reading, const char *path, enum entry_kind kind,
                        struct config_input input)
{
    static const char *const kinds[] =
        {[ENTRY_FOLDER] = "a folder", [ENTRY_SYMLINK] = "a symbolic link", [ENTRY_SUBMODULE] = "a submodule"};
    struct diags unneeded = diags_new(reading->arena);
    struct diag *diag = diag_error(reading->diags, (struct span){.file = input.file}, ID_NOT_A_FILE,
                                   "this is %s", kinds[kind]);
    diag_hint(reading->diags, diag, "a team is one plain file, such as '%s/payments.yaml'", source_folders[0]);
    if (config_classify(reading->arena, path, input.file->path, &input.kind, &input.team, &unneeded) > 0)
        add_unreadable(reading, input);
}

/* One entry of a folder of ours, or the settings file. `path` is relative to the config root. */
static void list_entry(struct reading *reading, const char *path, const struct tree_entry *entry)
{
    struct source_file *file =
        file_new(reading->arena, source_join(reading->arena, reading->source->root, path));
    struct config_input input = {.file = file, .blob_id = entry->id};
    if (entry->kind != ENTRY_FILE)
        refuse_kind(reading, path, entry->kind, input);
    else if (config_classify(reading->arena, path, file->path, &input.kind, &input.team, reading->diags) > 0)
        *VEC_ADD(reading->arena, &reading->source->inputs) = input;
}

/* The settings, and whatever was meant to be them: see config_classify. */
static int list_settings(struct reading *reading, struct err *err)
{
    const struct source *source = reading->source;
    const struct tree_entry *root;
    struct tree_entries entries = {0};
    if (repo_find_entry(reading->arena, reading->repo, source->tree_id, source->root, &root, err) < 0)
        return -1;
    if (!root || root->kind != ENTRY_FOLDER)
        return 0;
    if (repo_list_tree(reading->arena, reading->repo, root->id, &entries, err) < 0)
        return -1;
    for (size_t i = 0; i < entries.count; i++) {
        const char *name = entries.items[i].name;
        if (str_casecmp(name, source_settings) != 0 && str_casecmp(name, source_misspelt_settings) != 0)
            continue;
        if (count_files(reading, 1, err) < 0)
            return -1;
        list_entry(reading, name, &entries.items[i]);
    }
    return 0;
}

struct folder_filter {
    struct reading *reading;
    const struct map *teams, *others; /* whose files are wanted; NULL: everybody's */
};

/*
 * Whether an entry is to be looked at: of files of teams, those that were asked for. What is no file of a
 * team is looked at in any case.
 */
static bool wants_entry(void *context, const char *name)
{
    static const char suffix[] = ".yaml";
    const struct folder_filter *filter = context;
    char team[LOOKED_UP_MAX + 1];
    size_t size = strlen(name);
    if (!filter->teams || !str_suffix(name, suffix))
        return true;
    size -= strlen(suffix);
    if (size > LOOKED_UP_MAX) /* it is refused by whoever reads it */
        return true;
    memcpy(team, name, size);
    team[size] = 0;
    if (map_get(filter->teams, team) || (filter->others && map_get(filter->others, team)))
        return true;
    filter->reading->source->left_out++;
    return false;
}

/* Accounts are asked for by themselves too: they say which names stand for one account. */
static struct folder_filter filter_of(struct reading *reading, const char *folder)
{
    const struct source *source = reading->source;
    struct folder_filter filter = {.reading = reading, .teams = source->only};
    if (str_eq(folder, source_folders[0])) {
        filter.others = source->only_accounts;
        filter.teams = filter.others ? filter.teams : NULL;
    }
    return filter;
}

static int list_folder(struct reading *reading, const char *folder, struct err *err)
{
    struct arena *arena = reading->arena;
    const struct tree_entry *entry;
    const char *path = source_join(arena, reading->source->root, folder);
    if (repo_find_entry(arena, reading->repo, reading->source->tree_id, path, &entry, err) < 0)
        return -1;
    if (!entry)
        return 0;
    if (entry->kind != ENTRY_FOLDER) {
        struct diag *diag = diag_error(reading->diags, (struct span){.file = file_new(arena, path)},
                                       ID_NOT_A_FOLDER, "this must be a folder");
        diag_hint(reading->diags, diag, "put files named '<team>.yaml' into it");
        return 0;
    }
    struct folder_filter filter = filter_of(reading, folder);
    struct tree_entries entries = {0};
    size_t all;
    if (repo_list_some(arena, reading->repo, entry->id, &(struct name_filter){wants_entry, &filter}, &entries,
                       &all, err) < 0 ||
        count_files(reading, all, err) < 0)
        return -1;
    for (size_t i = 0; i < entries.count; i++)
        list_entry(reading, source_join(arena, folder, entries.items[i].name), &entries.items[i]);
    return 0;
}

int source_list(struct arena *arena, struct repo *repo, struct source *source, struct diags *diags,
                struct err *err)
{
    struct reading reading = {.arena = arena, .repo = repo, .source = source, .diags = diags};
    source->inputs = (struct config_inputs){0};
    source->bytes = source->left_out = 0;
    if (!source->tree_id)
        return 0;
    if (list_settings(&reading, err) < 0)
        return -1;
    for (size_t i = 0; i < SOURCE_FOLDER_COUNT; i++)
        if (list_folder(&reading, source_folders[i], err) < 0)
            return -1;
    return 0;
}

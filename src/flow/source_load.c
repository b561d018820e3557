/* SPDX-License-Identifier: Apache-2.0 */
/* The files of a source: which ones, how much of them, and their configuration. */
#include "base/map.h"
#include "base/str.h"
#include "config/config.h"
#include "config/ids.h"
#include "flow/source.h"
#include "flow/source_places.h"

#include <string.h>

/* All files of a source beyond these are refused: one file alone cannot fill the memory, many could. */
enum { MIB = 1024 * 1024, FILES_MAX = 20000, BYTES_MAX = 64 * MIB };

struct reading {
    struct arena *arena, *scratch;
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

static int count_bytes(struct source *source, size_t more, struct err *err)
{
    source->bytes += more;
    if (source->bytes <= BYTES_MAX)
        return 0;
    return err_set(err, ERR_REFUSED, "the files of the configuration in '%s' are larger than %d MiB together",
                   source->name, BYTES_MAX / MIB);
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

/* What git-lfs leaves in place of a file. */
static bool is_lfs_pointer(const char *text)
{
    return str_prefix(text, "version https://git-lfs.github.com/spec/");
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

/*
 * Whether a file is that of a team that nobody asked for. Accounts are asked for by themselves too: they say
 * which names stand for one account. What is no file of a team is looked at in any case.
 */
static bool leave_out(struct reading *reading, const char *folder, const char *name)
{
    static const char suffix[] = ".yaml";
    struct source *source = reading->source;
    bool are_accounts = str_eq(folder, source_folders[0]);
    if (!source->only || !str_suffix(name, suffix) || (are_accounts && !source->only_accounts))
        return false;
    const char *team = arena_strndup(reading->scratch, name, strlen(name) - strlen(suffix));
    if (map_get(source->only, team) || (are_accounts && map_get(source->only_accounts, team)))
        return false;
    source->left_out++;
    return true;
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
    struct tree_entries entries = {0};
    if (repo_list_tree(arena, reading->repo, entry->id, &entries, err) < 0 ||
        count_files(reading, entries.count, err) < 0)
        return -1;
    for (size_t i = 0; i < entries.count; i++)
        if (!leave_out(reading, folder, entries.items[i].name))
            list_entry(reading, source_join(arena, folder, entries.items[i].name), &entries.items[i]);
    return 0;
}

int source_list(struct arena *arena, struct repo *repo, struct source *source, struct diags *diags,
                struct err *err)
{
    CLEANUP(arena_freep) struct arena *scratch = arena_new();
    struct reading reading = {.arena = arena,
                              .scratch = scratch,
                              .repo = repo,
                              .source = source,
                              .diags = diags};
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

/* Of a file that is there but says nothing. */
static void refuse_size(struct config_input *input, struct diags *diags)
{
    struct diag *diag = diag_error(diags, (struct span){.file = input->file}, ID_FILE_TOO_LARGE,
                                   "the file is larger than %d bytes", SOURCE_FILE_MAX);
    diag_hint(diags, diag, "split the team into several");
    input->unreadable = true;
}

static void refuse_lfs_pointer(struct config_input *input, struct diags *diags)
{
    struct diag *diag =
        diag_error(diags, (struct span){.file = input->file, .line = 1, .column = 1, .length = 1},
                   ID_NOT_A_FILE, "this is a pointer of Git LFS, not the file itself");
    diag_hint(diags, diag, "take the file out of Git LFS: remove it from .gitattributes and commit it again");
    input->unreadable = true;
}

/* The bytes, from the same blob where it was read before; false when there are too many. */
static int read_bytes(struct arena *arena, struct repo *repo, const struct source_file *same,
                      struct config_input *input, bool *ret_fits, struct err *err)
{
    struct source_file *file = file_new(arena, input->file->path);
    *ret_fits = true;
    if (same && str_eq(same->path, file->path)) {
        input->file = same;
        return 0;
    }
    if (same) {
        file->text = same->text;
        file->size = same->size;
    } else {
        size_t size;
        if (repo_blob_size(repo, input->blob_id, &size, err) < 0)
            return -1;
        *ret_fits = size <= SOURCE_FILE_MAX;
        if (*ret_fits && repo_read_blob(arena, repo, input->blob_id, &file->text, &file->size, err) < 0)
            return -1;
    }
    input->file = file;
    return 0;
}

int source_read(struct arena *arena, struct repo *repo, struct source *source, const struct source_file *same,
                struct config_input *input, struct diags *diags, struct err *err)
{
    bool fits;
    if (input->unreadable)
        return 0;
    if (read_bytes(arena, repo, same, input, &fits, err) < 0)
        return err_wrap(err, "%s", input->file->path);
    if (!fits)
        refuse_size(input, diags);
    else if (count_bytes(source, input->file->size, err) < 0)
        return -1;
    else if (is_lfs_pointer(input->file->text))
        refuse_lfs_pointer(input, diags);
    return 0;
}

int source_load(struct arena *arena, struct repo *repo, struct source *source, struct diags *diags,
                struct err *err)
{
    source->texts = map_new(arena);
    if (source_list(arena, repo, source, diags, err) < 0)
        return -1;
    for (size_t i = 0; i < source->inputs.count; i++) {
        struct config_input *input = &source->inputs.items[i];
        const struct config_input *same = map_get(&source->texts, input->blob_id);
        if (!same && source->beside)
            same = map_get(&source->beside->texts, input->blob_id);
        if (source_read(arena, repo, source, same ? same->file : NULL, input, diags, err) < 0)
            return -1;
        if (!input->unreadable)
            map_put(&source->texts, input->blob_id, input);
    }
    source->inputs.beside = source->beside ? source->beside->config : NULL;
    source->config = config_load(arena, &source->inputs, diags);
    return 0;
}

/* SPDX-License-Identifier: Apache-2.0 */
#include "flow/source.h"

#include "base/map.h"
#include "base/str.h"
#include "config/config.h"
#include "config/ids.h"

#include <string.h>

/* A file of configuration beyond this is refused (DESIGN §2), and so are all files of a source beyond the others. */
enum { MIB = 1024 * 1024, FILE_SIZE_MAX = MIB, FILES_MAX = 20000, BYTES_MAX = 64 * MIB };

static const char settings_name[] = "iamlease.yaml", misspelt_settings_name[] = "iamlease.yml";
static const char *const folders[] = {"aws-accounts", "aws-policies", "permanent-access", "temporary-access"};
enum { FOLDER_COUNT = sizeof folders / sizeof folders[0] };

struct source source_empty(const char *name)
{
    return (struct source){.name = name, .root = "", .fingerprint = ""};
}

bool source_is_empty(const struct source *source)
{
    return source->inputs.count == 0 && source->left_out == 0;
}

static const char *join(struct arena *arena, const char *root, const char *path)
{
    return *root ? arena_printf(arena, "%s/%s", root, path) : path;
}

static int has_folders(struct arena *arena, struct repo *repo, const char *tree_id, const char *root,
                       bool *ret, struct err *err)
{
    *ret = false;
    for (size_t i = 0; i < FOLDER_COUNT; i++) {
        const struct tree_entry *entry;
        if (repo_find_entry(arena, repo, tree_id, join(arena, root, folders[i]), &entry, err) < 0)
            return -1;
        *ret |= entry != NULL;
    }
    return 0;
}

/* "./aws/" → "aws"; a path that leaves the repository is refused. */
static int clean_root(struct arena *arena, const char *option, const char **ret, struct err *err)
{
    const char *path = str_prefix(option, "./") ? option + 2 : option;
    size_t size = strlen(path);
    while (size && path[size - 1] == '/')
        size--;
    const char *root = size == 1 && *path == '.' ? "" : arena_strndup(arena, path, size);
    if (*option == '/' || str_eq(root, "..") || str_prefix(root, "../") || str_suffix(root, "/..") ||
        strstr(root, "/../"))
        return err_set(err, ERR_USAGE, "the config root '%s' must be a folder inside the repository", option);
    *ret = root;
    return 0;
}

static int find_root(struct arena *arena, struct repo *repo, const char *option, struct source *source,
                     struct err *err)
{
    bool at_top, in_aws;
    if (option)
        return clean_root(arena, option, &source->root, err);
    if (has_folders(arena, repo, source->tree_id, "", &at_top, err) < 0 ||
        has_folders(arena, repo, source->tree_id, "aws", &in_aws, err) < 0)
        return -1;
    if (at_top && in_aws)
        return err_set(
            err, ERR_REFUSED,
            "'%s' has configuration folders both at the top and in 'aws/'; keep one, or give --config-root",
            source->name);
    source->root = in_aws ? "aws" : "";
    return 0;
}

/* The places where configuration can be: those of the work tree are hashed, and nothing else of it. */
static void add_places(struct arena *arena, const char *root, struct strings *places)
{
    for (size_t i = 0; i < FOLDER_COUNT; i++)
        strings_add(arena, places, join(arena, root, folders[i]));
    strings_add(arena, places, join(arena, root, settings_name));
    strings_add(arena, places, join(arena, root, misspelt_settings_name));
}

static int open_worktree(struct arena *arena, struct repo *repo, const char *root_option,
                         struct source *source, struct err *err)
{
    struct strings places = {0};
    if (root_option) {
        if (find_root(arena, repo, root_option, source, err) < 0)
            return -1;
        add_places(arena, source->root, &places);
    } else {
        add_places(arena, "", &places);
        add_places(arena, "aws", &places);
    }
    return repo_hash_worktree(arena, repo, &places, FILE_SIZE_MAX, &source->tree_id, err);
}

/* Equal ids of the four folders and the settings mean equal configuration. */
static int find_fingerprint(struct arena *arena, struct repo *repo, struct source *source, struct err *err)
{
    struct strings places = {0};
    const char *fingerprint = source->root;
    add_places(arena, source->root, &places);
    for (size_t i = 0; i < places.count; i++) {
        const struct tree_entry *entry;
        if (repo_find_entry(arena, repo, source->tree_id, places.items[i], &entry, err) < 0)
            return -1;
        fingerprint = arena_printf(arena, "%s %s", fingerprint, entry ? entry->id : "-");
    }
    source->fingerprint = fingerprint;
    return 0;
}

int source_open(struct arena *arena, struct repo *repo, const char *revision, const char *root_option,
                struct source *ret, struct err *err)
{
    *ret = source_empty(revision);
    if (str_eq(revision, REPO_WORKTREE)) {
        if (open_worktree(arena, repo, root_option, ret, err) < 0)
            return -1;
    } else if (repo_resolve_commit(arena, repo, revision, &ret->commit_id, err) < 0 ||
               repo_tree_of_commit(arena, repo, ret->commit_id, &ret->tree_id, err) < 0) {
        return -1;
    }
    if (find_root(arena, repo, root_option, ret, err) < 0)
        return -1;
    return find_fingerprint(arena, repo, ret, err);
}

int source_check_root(struct arena *arena, struct repo *repo, const struct source *source,
                      const char *root_option, struct err *err)
{
    const struct tree_entry *entry = NULL;
    if (!root_option || !source->tree_id)
        return 0;
    if (repo_find_entry(arena, repo, source->tree_id, source->root, &entry, err) < 0)
        return -1;
    if (!entry || entry->kind != ENTRY_FOLDER)
        return err_set(err, ERR_REFUSED, "there is no folder '%s' in '%s': mend --config-root", root_option,
                       source->name);
    return 0;
}

int source_refuse_empty(const struct source *source, struct err *err)
{
    return err_set(
        err, ERR_REFUSED,
        "there is no configuration in '%s': it belongs in %s/<team>.yaml and its sister folders, at the top or in "
        "'aws/'; give --config-root when it is elsewhere",
        source->name, folders[0]);
}

struct reading {
    struct arena *arena, *scratch;
    struct repo *repo;
    struct source *source;
    struct diags *diags;
    size_t files, bytes;
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

static int count_bytes(struct reading *reading, size_t more, struct err *err)
{
    reading->bytes += more;
    if (reading->bytes <= BYTES_MAX)
        return 0;
    return err_set(err, ERR_REFUSED, "the files of the configuration in '%s' are larger than %d MiB together",
                   reading->source->name, BYTES_MAX / MIB);
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
    diag_hint(reading->diags, diag, "a team is one plain file, such as '%s/payments.yaml'", folders[0]);
    if (config_classify(reading->arena, path, input.file->path, &input.kind, &input.team, &unneeded) > 0)
        add_unreadable(reading, input);
}

static int read_text(struct reading *reading, const char *blob_id, struct source_file *file, struct err *err)
{
    struct source *source = reading->source;
    const struct source_file *equal = map_get(&source->texts, blob_id);
    if (!equal && source->beside)
        equal = map_get(&source->beside->texts, blob_id);
    if (equal) {
        file->text = equal->text;
        file->size = equal->size;
        return 0;
    }
    if (repo_read_blob(reading->arena, reading->repo, blob_id, &file->text, &file->size, err) < 0)
        return err_wrap(err, "%s", file->path);
    map_put(&source->texts, blob_id, file);
    return 0;
}

/* One entry of a folder of ours, or the settings file. `path` is relative to the config root. */
static int read_entry(struct reading *reading, const char *path, const struct tree_entry *entry,
                      struct err *err)
{
    struct source_file *file = file_new(reading->arena, join(reading->arena, reading->source->root, path));
    struct config_input input = {.file = file};
    size_t size;
    if (entry->kind != ENTRY_FILE) {
        refuse_kind(reading, path, entry->kind, input);
        return 0;
    }
    if (config_classify(reading->arena, path, file->path, &input.kind, &input.team, reading->diags) <= 0)
        return 0;
    if (repo_blob_size(reading->repo, entry->id, &size, err) < 0)
        return err_wrap(err, "%s", file->path);
    if (size > FILE_SIZE_MAX) {
        struct diag *diag = diag_error(reading->diags, (struct span){.file = file}, ID_FILE_TOO_LARGE,
                                       "the file is larger than %d bytes", FILE_SIZE_MAX);
        diag_hint(reading->diags, diag, "split the team into several");
        add_unreadable(reading, input);
        return 0;
    }
    if (count_bytes(reading, size, err) < 0 || read_text(reading, entry->id, file, err) < 0)
        return -1;
    *VEC_ADD(reading->arena, &reading->source->inputs) = input;
    return 0;
}

/* The settings, and whatever was meant to be them: see config_classify. */
static int read_settings(struct reading *reading, struct err *err)
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
        if (str_casecmp(name, settings_name) != 0 && str_casecmp(name, misspelt_settings_name) != 0)
            continue;
        if (count_files(reading, 1, err) < 0 || read_entry(reading, name, &entries.items[i], err) < 0)
            return -1;
    }
    return 0;
}

/* Whether a file is that of a team that nobody asked for; what is no file of a team is looked at in any case. */
static bool leave_out(struct reading *reading, const char *name)
{
    static const char suffix[] = ".yaml";
    struct source *source = reading->source;
    if (!source->only || !str_suffix(name, suffix) ||
        map_get(source->only, arena_strndup(reading->scratch, name, strlen(name) - strlen(suffix))))
        return false;
    source->left_out++;
    return true;
}

static int read_folder(struct reading *reading, const char *folder, struct err *err)
{
    struct arena *arena = reading->arena;
    const struct tree_entry *entry;
    const char *path = join(arena, reading->source->root, folder);
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
        if (!leave_out(reading, entries.items[i].name) &&
            read_entry(reading, join(arena, folder, entries.items[i].name), &entries.items[i], err) < 0)
            return -1;
    return 0;
}

int source_load(struct arena *arena, struct repo *repo, struct source *source, struct diags *diags,
                struct err *err)
{
    CLEANUP(arena_freep) struct arena *scratch = arena_new();
    struct reading reading = {.arena = arena,
                              .scratch = scratch,
                              .repo = repo,
                              .source = source,
                              .diags = diags};
    source->texts = map_new(arena);
    if (source->tree_id) {
        if (read_settings(&reading, err) < 0)
            return -1;
        for (size_t i = 0; i < FOLDER_COUNT; i++)
            if (read_folder(&reading, folders[i], err) < 0)
                return -1;
    }
    source->inputs.beside = source->beside ? source->beside->config : NULL;
    source->config = config_load(arena, &source->inputs, diags);
    return 0;
}

int source_check_owner(const struct source *before, const struct source *after, struct err *err)
{
    const char *old = before->config->settings.owner, *new = after->config->settings.owner;
    size_t entries = 0;
    for (size_t i = 0; i < before->config->count; i++)
        entries += before->config->items[i].entries.count;
    if (!entries || str_eq(old, new))
        return 0;
    return err_set(
        err, ERR_REFUSED,
        "the owner changes from '%s' to '%s', but what stands in AWS carries the mark of '%s': first remove all "
        "entries of permanent-access and temporary-access, keep the settings, and apply that",
        old, new, old);
}

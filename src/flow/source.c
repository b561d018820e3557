/* SPDX-License-Identifier: Apache-2.0 */
#include "flow/source.h"

#include "base/str.h"
#include "config/config.h"
#include "config/ids.h"

#include <string.h>

/* A file of configuration beyond this is refused (DESIGN §2). */
enum { FILE_SIZE_MAX = 1024 * 1024 };

static const char settings_name[] = "iamlease.yaml", misspelt_settings_name[] = "iamlease.yml";
static const char *const folders[] = {"aws-accounts", "aws-policies", "permanent-access", "temporary-access"};
enum { FOLDER_COUNT = sizeof folders / sizeof folders[0] };

struct source source_empty(const char *name)
{
    return (struct source){.name = name, .root = "", .fingerprint = ""};
}

bool source_is_empty(const struct source *source)
{
    return source->inputs.count == 0;
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

static struct source_file *file_new(struct arena *arena, const char *path)
{
    struct source_file *file = ARENA_NEW(arena, struct source_file);
    *file = (struct source_file){.path = path, .text = ""};
    return file;
}

/* A file that is there but cannot be read: what it declares is not known, which is not the same as nothing. */
static void add_unreadable(struct arena *arena, struct source *source, struct config_input input)
{
    input.unreadable = true;
    *VEC_ADD(arena, &source->inputs) = input;
}

static void refuse_kind(struct arena *arena, struct source *source, const char *path, enum entry_kind kind,
                        struct config_input input, struct diags *diags)
{
    static const char *const kinds[] =
        {[ENTRY_FOLDER] = "a folder", [ENTRY_SYMLINK] = "a symbolic link", [ENTRY_SUBMODULE] = "a submodule"};
    struct diags unneeded = diags_new(arena);
    struct diag *diag =
        diag_error(diags, (struct span){.file = input.file}, ID_NOT_A_FILE, "this is %s", kinds[kind]);
    diag_hint(diags, diag, "a team is one plain file, such as '%s/payments.yaml'", folders[0]);
    if (config_classify(arena, path, input.file->path, &input.kind, &input.team, &unneeded) > 0)
        add_unreadable(arena, source, input);
}

/* One entry of a folder of ours, or the settings file. `path` is relative to the config root. */
static int read_entry(struct arena *arena, struct repo *repo, struct source *source, const char *path,
                      const struct tree_entry *entry, struct diags *diags, struct err *err)
{
    struct source_file *file = file_new(arena, join(arena, source->root, path));
    struct config_input input = {.file = file};
    size_t size;
    if (entry->kind != ENTRY_FILE) {
        refuse_kind(arena, source, path, entry->kind, input, diags);
        return 0;
    }
    if (config_classify(arena, path, file->path, &input.kind, &input.team, diags) <= 0)
        return 0;
    if (repo_blob_size(repo, entry->id, &size, err) < 0)
        return err_wrap(err, "%s", file->path);
    if (size > FILE_SIZE_MAX) {
        struct diag *diag = diag_error(diags, (struct span){.file = file}, ID_FILE_TOO_LARGE,
                                       "the file is larger than %d bytes", FILE_SIZE_MAX);
        diag_hint(diags, diag, "split the team into several");
        add_unreadable(arena, source, input);
        return 0;
    }
    if (repo_read_blob(arena, repo, entry->id, &file->text, &file->size, err) < 0)
        return err_wrap(err, "%s", file->path);
    *VEC_ADD(arena, &source->inputs) = input;
    return 0;
}

/* The settings, and whatever was meant to be them: see config_classify. */
static int read_settings(struct arena *arena, struct repo *repo, struct source *source, struct diags *diags,
                         struct err *err)
{
    const struct tree_entry *root;
    struct tree_entries entries = {0};
    if (repo_find_entry(arena, repo, source->tree_id, source->root, &root, err) < 0)
        return -1;
    if (!root || root->kind != ENTRY_FOLDER)
        return 0;
    if (repo_list_tree(arena, repo, root->id, &entries, err) < 0)
        return -1;
    for (size_t i = 0; i < entries.count; i++) {
        const char *name = entries.items[i].name;
        if ((str_casecmp(name, settings_name) == 0 || str_casecmp(name, misspelt_settings_name) == 0) &&
            read_entry(arena, repo, source, name, &entries.items[i], diags, err) < 0)
            return -1;
    }
    return 0;
}

static int read_folder(struct arena *arena, struct repo *repo, struct source *source, const char *folder,
                       struct diags *diags, struct err *err)
{
    const struct tree_entry *entry;
    const char *path = join(arena, source->root, folder);
    if (repo_find_entry(arena, repo, source->tree_id, path, &entry, err) < 0)
        return -1;
    if (!entry)
        return 0;
    if (entry->kind != ENTRY_FOLDER) {
        struct diag *diag = diag_error(diags, (struct span){.file = file_new(arena, path)}, ID_NOT_A_FOLDER,
                                       "this must be a folder");
        diag_hint(diags, diag, "put files named '<team>.yaml' into it");
        return 0;
    }
    struct tree_entries entries = {0};
    if (repo_list_tree(arena, repo, entry->id, &entries, err) < 0)
        return -1;
    for (size_t i = 0; i < entries.count; i++)
        if (read_entry(arena, repo, source, join(arena, folder, entries.items[i].name), &entries.items[i],
                       diags, err) < 0)
            return -1;
    return 0;
}

int source_load(struct arena *arena, struct repo *repo, struct source *source, struct diags *diags,
                struct err *err)
{
    if (source->tree_id) {
        if (read_settings(arena, repo, source, diags, err) < 0)
            return -1;
        for (size_t i = 0; i < FOLDER_COUNT; i++)
            if (read_folder(arena, repo, source, folders[i], diags, err) < 0)
                return -1;
    }
    source->config = config_load(arena, &source->inputs, diags);
    return 0;
}

int source_check_owner(const struct source *before, const struct source *after, struct err *err)
{
    const char *old = before->config->settings.owner, *new = after->config->settings.owner;
    if (source_is_empty(before) || str_eq(old, new))
        return 0;
    return err_set(
        err, ERR_REFUSED,
        "the owner changes from '%s' to '%s', but what stands in AWS carries the mark of '%s': first remove all "
        "access and apply that, then change the owner",
        old, new, old);
}

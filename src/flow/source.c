/* SPDX-License-Identifier: Apache-2.0 */
#include "flow/source.h"

#include "base/str.h"
#include "flow/fetching.h"
#include "flow/source_places.h"

#include <string.h>

struct source source_empty(const char *name)
{
    return (struct source){.name = name, .root = "", .fingerprint = ""};
}

bool source_is_empty(const struct source *source)
{
    return source->inputs.count == 0 && source->left_out == 0;
}

static int has_folders(struct arena *arena, struct repo *repo, const char *tree_id, const char *root,
                       bool *ret, struct err *err)
{
    *ret = false;
    for (size_t i = 0; i < SOURCE_FOLDER_COUNT; i++) {
        const struct tree_entry *entry;
        if (repo_find_entry(arena, repo, tree_id, source_join(arena, root, source_folders[i]), &entry, err) < 0)
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

static int open_worktree(struct arena *arena, struct repo *repo, const char *root_option,
                         struct source *source, struct err *err)
{
    struct strings places = {0};
    if (root_option) {
        if (find_root(arena, repo, root_option, source, err) < 0)
            return -1;
        source_add_places(arena, source->root, &places);
    } else {
        source_add_places(arena, "", &places);
        source_add_places(arena, "aws", &places);
    }
    return repo_hash_worktree(arena, repo, &places, SOURCE_FILE_MAX, &source->tree_id, err);
}

/* Equal ids of the five folders and the settings mean equal configuration. */
static int find_fingerprint(struct arena *arena, struct repo *repo, struct source *source, struct err *err)
{
    struct strings places = {0};
    const char *fingerprint = source->root;
    source_add_places(arena, source->root, &places);
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

static int fetch(struct arena *arena, struct repo *repo, struct github *github, const char *root_option,
                 struct source *source, struct err *err)
{
    struct strings places = {0};
    if (fetch_tree_of_commit(arena, repo, github, source->commit_id, &source->tree_id, err) < 0)
        return -1;
    if (root_option) {
        if (clean_root(arena, root_option, &source->root, err) < 0)
            return -1;
        source_add_places(arena, source->root, &places);
    } else {
        source_add_places(arena, "", &places);
        source_add_places(arena, "aws", &places);
    }
    return fetch_places(arena, repo, github, source->tree_id, &places, err);
}

int source_open_commit(struct arena *arena, struct repo *repo, struct github *github, const char *commit_id,
                       const char *name, const char *root_option, struct source *ret, struct err *err)
{
    *ret = source_empty(name);
    ret->commit_id = commit_id;
    int rc = github ? fetch(arena, repo, github, root_option, ret, err)
                    : repo_tree_of_commit(arena, repo, commit_id, &ret->tree_id, err);
    if (rc < 0 || find_root(arena, repo, root_option, ret, err) < 0)
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
        source->name, source_folders[0]);
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

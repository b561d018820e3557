/* SPDX-License-Identifier: Apache-2.0 */
/* Trees and blobs. */
#include "base/map.h"
#include "repo/git.h"

#include <stdint.h>
#include <string.h>

static enum entry_kind kind_of(const git_tree_entry *entry)
{
    switch (git_tree_entry_filemode_raw(entry) & 0170000) {
    case 0040000: return ENTRY_FOLDER;
    case 0120000: return ENTRY_SYMLINK;
    case 0160000: return ENTRY_SUBMODULE;
    default: return ENTRY_FILE;
    }
}

/* Beside the codes of libgit2, which are small. */
enum { OTHER_KIND = -1000000 };

static int object_err(struct err *err, int rc, const char *kind, const char *id)
{
    if (rc == OTHER_KIND)
        return err_set(err, ERR_GIT, "the git object %.12s is not a %s", id, kind);
    return rc == GIT_ENOTFOUND ? git_missing(err, kind, id)
                               : git_err(err, "cannot read the %s %.12s", kind, id);
}

static int lookup_tree(git_tree **ret, struct repo *repo, const char *tree_id, struct err *err)
{
    git_oid oid;
    if (git_parse_id(&oid, tree_id, err) < 0)
        return -1;
    int rc = git_tree_lookup(ret, repo->git, &oid);
    return rc < 0 ? object_err(err, rc, "tree", tree_id) : 0;
}

static struct tree_entry entry_new(struct arena *arena, const git_tree_entry *entry)
{
    return (struct tree_entry){.name = arena_strdup(arena, git_tree_entry_name(entry)),
                               .kind = kind_of(entry),
                               .id = git_id_text(arena, git_tree_entry_id(entry))};
}

int repo_find_entry(struct arena *arena, struct repo *repo, const char *tree_id, const char *path,
                    const struct tree_entry **ret, struct err *err)
{
    struct tree_entry *found = ARENA_NEW(arena, struct tree_entry);
    *ret = NULL;
    if (!*path) {
        *found = (struct tree_entry){.name = "", .kind = ENTRY_FOLDER, .id = tree_id};
        *ret = found;
        return 0;
    }
    for (const char *id = tree_id;; id = found->id) {
        /* Folder by folder: libgit2's own walk says of a folder that is missing here that the path does not exist. */
        git_tree *tree CLEANUP(git_tree_freep) = NULL;
        size_t size = strcspn(path, "/");
        if (lookup_tree(&tree, repo, id, err) < 0)
            return -1;
        const git_tree_entry *entry = git_tree_entry_byname(tree, arena_strndup(arena, path, size));
        if (!entry)
            return 0;
        *found = entry_new(arena, entry);
        path += size;
        if (!*path) {
            *ret = found;
            return 0;
        }
        if (found->kind != ENTRY_FOLDER)
            return 0;
        path++;
    }
}

/* Git writes no such tree, and whoever looks at it in another way sees another one of the two. */
static int refuse_twins(const char *tree_id, const git_tree *tree, struct err *err)
{
    static char present;
    struct arena *scratch CLEANUP(arena_freep) = arena_new();
    struct map names = map_new(scratch);
    for (size_t i = 0; i < git_tree_entrycount(tree); i++) {
        const char *name = git_tree_entry_name(git_tree_entry_byindex(tree, i));
        if (map_get(&names, name))
            return err_set(
                err, ERR_REFUSED,
                "the tree %.12s has two entries named '%s': 'git fsck' finds such trees; make the commit "
                "anew",
                tree_id, name);
        map_put(&names, name, &present);
    }
    return 0;
}

int repo_list_some(struct arena *arena, struct repo *repo, const char *tree_id,
                   const struct name_filter *filter, struct tree_entries *ret, size_t *ret_all,
                   struct err *err)
{
    git_tree *tree CLEANUP(git_tree_freep) = NULL;
    bool ascending = true; /* then no name comes twice; folders among files may break it in a good tree too */
    if (lookup_tree(&tree, repo, tree_id, err) < 0)
        return -1;
    *ret_all = git_tree_entrycount(tree);
    if (!filter)
        VEC_RESERVE(arena, ret, *ret_all);
    const char *last = "";
    for (size_t i = 0; i < *ret_all; i++) {
        const git_tree_entry *entry = git_tree_entry_byindex(tree, i);
        const char *name = git_tree_entry_name(entry);
        ascending &= strcmp(last, name) < 0;
        last = name;
        if (!filter || filter->wants(filter->context, name))
            *VEC_ADD(arena, ret) = entry_new(arena, entry);
    }
    return ascending ? 0 : refuse_twins(tree_id, tree, err);
}

int repo_list_tree(struct arena *arena, struct repo *repo, const char *tree_id, struct tree_entries *ret,
                   struct err *err)
{
    size_t ignored;
    return repo_list_some(arena, repo, tree_id, NULL, ret, &ignored, err);
}

static int blob_size(git_odb *odb, const git_oid *oid, size_t *ret)
{
    git_object_t type;
    return git_odb_read_header(ret, &type, odb, oid);
}

/* The bytes of a blob whose hash is what its id says (libgit2 checks that), followed by a NUL. */
static int read_blob(struct arena *arena, git_odb *odb, const git_oid *oid, const char **ret, size_t *ret_size)
{
    git_odb_object *object CLEANUP(git_odb_object_freep) = NULL;
    int rc = git_odb_read(&object, odb, oid);
    if (rc < 0)
        return rc;
    if (git_odb_object_type(object) != GIT_OBJECT_BLOB)
        return OTHER_KIND;
    size_t size = git_odb_object_size(object);
    char *bytes = arena_alloc(arena, size + 1);
    if (size)
        memcpy(bytes, git_odb_object_data(object), size);
    *ret = bytes;
    *ret_size = size;
    return 0;
}

int repo_blob_size(struct repo *repo, const char *blob_id, size_t *ret, struct err *err)
{
    git_oid oid;
    git_odb *odb CLEANUP(git_odb_freep) = NULL;
    if (git_parse_id(&oid, blob_id, err) < 0)
        return -1;
    int rc = git_repository_odb(&odb, repo->git);
    if (rc == 0)
        rc = blob_size(odb, &oid, ret);
    return rc < 0 ? object_err(err, rc, "blob", blob_id) : 0;
}

int repo_read_blob(struct arena *arena, struct repo *repo, const char *blob_id, const char **ret,
                   size_t *ret_size, struct err *err)
{
    return repo_read_small_blob(arena, repo, blob_id, SIZE_MAX, ret, ret_size, err);
}

int repo_read_small_blob(struct arena *arena, struct repo *repo, const char *blob_id, size_t max_size,
                         const char **ret, size_t *ret_size, struct err *err)
{
    git_oid oid;
    git_odb *odb CLEANUP(git_odb_freep) = NULL;
    size_t size = 0;
    if (git_parse_id(&oid, blob_id, err) < 0)
        return -1;
    int rc = git_repository_odb(&odb, repo->git);
    if (rc == 0 && max_size < SIZE_MAX)
        rc = blob_size(odb, &oid, &size);
    if (rc == 0 && size > max_size) {
        *ret = NULL;
        *ret_size = size;
    } else if (rc == 0) {
        rc = read_blob(arena, odb, &oid, ret, ret_size);
    }
    return rc < 0 ? object_err(err, rc, "blob", blob_id) : 0;
}

/* SPDX-License-Identifier: Apache-2.0 */
/* An object database in memory beside the one on disk: what is written goes there and vanishes with struct repo. */
#include "base/str.h"
#include "repo/git.h"

#include <string.h>

#include <git2/sys/mempack.h>
#include <git2/sys/odb_backend.h>

enum { MEMORY_PRIORITY = 1000, TREE_MAX = 64 * 1024 * 1024, MODE_MAX = 6 };

int repo_use_memory(struct repo *repo, struct err *err)
{
    git_odb *odb CLEANUP(git_odb_freep) = NULL;
    git_odb_backend *memory = NULL;
    if (repo->has_memory)
        return 0;
    if (git_repository_odb(&odb, repo->git) < 0 || git_mempack_new(&memory) < 0)
        return git_err(err, "cannot make an object database in memory");
    if (git_odb_add_backend(odb, memory, MEMORY_PRIORITY) < 0) {
        memory->free(memory);
        return git_err(err, "cannot add an object database in memory");
    }
    repo->has_memory = true;
    return 0;
}

static int add_object(struct repo *repo, const char *id, const void *bytes, size_t size, git_object_t type,
                      struct err *err)
{
    git_oid expected, found;
    git_odb *odb CLEANUP(git_odb_freep) = NULL;
    if (git_parse_id(&expected, id, err) < 0 || repo_use_memory(repo, err) < 0)
        return -1;
    if (git_odb_hash(&found, bytes, size, type) < 0)
        return git_err(err, "cannot hash the object %.12s", id);
    if (!git_oid_equal(&expected, &found))
        return err_set(err, ERR_INPUT, "what came as the git object %.12s is another one", id);
    if (git_repository_odb(&odb, repo->git) < 0 || git_odb_write(&found, odb, bytes, size, type) < 0)
        return git_err(err, "cannot keep the object %.12s", id);
    return 0;
}

int repo_add_blob(struct repo *repo, const char *id, const char *bytes, size_t size, struct err *err)
{
    return add_object(repo, id, bytes, size, GIT_OBJECT_BLOB, err);
}

/* Octal digits; a tree object has no zeros in front of them. NULL when it is something else. */
static const char *mode_in_tree(const char *mode)
{
    size_t size = strlen(mode);
    if (!size || size > MODE_MAX || strspn(mode, "01234567") != size)
        return NULL;
    return mode + strspn(mode, "0");
}

int repo_add_tree(struct repo *repo, const char *id, const struct tree_record *records, size_t count,
                  struct err *err)
{
    struct buf raw;
    int rc = 0;
    buf_init(&raw, TREE_MAX);
    for (size_t i = 0; i < count && rc == 0; i++) {
        git_oid entry;
        const char *mode = mode_in_tree(records[i].mode), *name = records[i].name;
        if (!mode || !*name || strchr(name, '/') || git_parse_id(&entry, records[i].id, err) < 0) {
            rc = err_set(err, ERR_INPUT, "the git tree %.12s that came has a malformed entry", id);
        } else {
            buf_addf(&raw, "%s %s", mode, name);
            buf_add(&raw, "", 1);
            buf_add(&raw, (const char *)entry.id, GIT_OID_RAWSZ);
        }
    }
    if (rc == 0 && raw.failed)
        rc = err_set(err, ERR_INPUT, "the git tree %.12s is larger than %d MiB", id, TREE_MAX >> 20);
    if (rc == 0)
        rc = add_object(repo, id, raw.bytes, raw.size, GIT_OBJECT_TREE, err);
    buf_free(&raw);
    return rc;
}

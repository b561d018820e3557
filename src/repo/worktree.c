/* SPDX-License-Identifier: Apache-2.0 */
/* The files on disk as a git tree in memory, so that the rest of the program only ever sees trees. */
#include "repo/git.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { FOLDER_DEPTH = 2 };

struct hashing {
    struct arena *arena;
    struct repo *repo;
    git_index *index;
    size_t max_file_size;
};

static void close_fd(int *fd)
{
    if (*fd >= 0)
        close(*fd);
}

static void close_folder(DIR **folder)
{
    if (*folder)
        closedir(*folder);
}

static int add_blob(struct hashing *hashing, const char *path, const char *bytes, size_t size, uint32_t mode,
                    struct err *err)
{
    git_index_entry entry = {.mode = mode, .path = path};
    if (git_blob_create_from_buffer(&entry.id, hashing->repo->git, bytes, size) < 0 ||
        git_index_add(hashing->index, &entry) < 0)
        return git_err(err, "cannot hash '%s'", path);
    return 0;
}

static int add_file(struct hashing *hashing, const char *path, const char *full, struct err *err)
{
    int fd CLEANUP(close_fd) = open(full, O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK);
    if (fd < 0)
        return err_set(err, ERR_IO, "cannot read '%s': %s", path, strerror(errno));
    size_t room = hashing->max_file_size + 1, size = 0;
    struct arena *scratch CLEANUP(arena_freep) = arena_new();
    char *bytes = arena_alloc(scratch, room);
    while (size < room) {
        ssize_t count = read(fd, bytes + size, room - size);
        if (count < 0)
            return err_set(err, ERR_IO, "cannot read '%s': %s", path, strerror(errno));
        if (count == 0)
            break;
        size += (size_t)count;
    }
    return add_blob(hashing, path, bytes, size, GIT_FILEMODE_BLOB, err);
}

static int add_path(struct hashing *hashing, const char *path, unsigned depth, struct err *err);

static int add_folder(struct hashing *hashing, const char *path, const char *full, unsigned depth,
                      struct err *err)
{
    DIR *folder CLEANUP(close_folder) = opendir(full);
    if (!folder)
        return err_set(err, ERR_IO, "cannot read the folder '%s': %s", path, strerror(errno));
    for (const struct dirent *entry; (entry = readdir(folder));) {
        if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0)
            continue;
        if (add_path(hashing, arena_printf(hashing->arena, "%s/%s", path, entry->d_name), depth - 1, err) < 0)
            return -1;
    }
    return 0;
}

/* A path that is not there is no error: the configuration does not need all folders. */
static int add_path(struct hashing *hashing, const char *path, unsigned depth, struct err *err)
{
    const char *full = arena_printf(hashing->arena, "%s%s", repo_workdir(hashing->repo), path);
    struct stat info;
    if (lstat(full, &info) < 0)
        return errno == ENOENT || errno == ENOTDIR
                   ? 0
                   : err_set(err, ERR_IO, "cannot read '%s': %s", path, strerror(errno));
    if (S_ISDIR(info.st_mode))
        return depth ? add_folder(hashing, path, full, depth, err) : 0;
    if (S_ISLNK(info.st_mode)) /* what it points to is nobody's business: a link is refused later */
        return add_blob(hashing, path, "", 0, GIT_FILEMODE_LINK, err);
    if (!S_ISREG(info.st_mode))
        return err_set(err, ERR_IO, "'%s' is neither a file nor a folder", path);
    return add_file(hashing, path, full, err);
}

int repo_hash_worktree(struct arena *arena, struct repo *repo, const struct strings *paths,
                       size_t max_file_size, const char **ret_tree_id, struct err *err)
{
    if (!repo_workdir(repo))
        return err_set(err, ERR_GIT, "a bare repository has no work tree; give --head REVISION");
    git_index *index CLEANUP(git_index_freep) = NULL;
    git_oid tree;
    if (repo_use_memory(repo, err) < 0)
        return -1;
    if (git_index_new(&index) < 0)
        return git_err(err, "cannot make an index in memory");
    struct hashing hashing = {.arena = arena, .repo = repo, .index = index, .max_file_size = max_file_size};
    for (size_t i = 0; i < paths->count; i++)
        if (add_path(&hashing, paths->items[i], FOLDER_DEPTH, err) < 0)
            return -1;
    if (git_index_write_tree_to(&tree, index, repo->git) < 0)
        return git_err(err, "cannot hash the work tree");
    *ret_tree_id = git_id_text(arena, &tree);
    return 0;
}

/* SPDX-License-Identifier: Apache-2.0 */
#include "base/owned_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* The folder that `path` is in, as a file descriptor. */
static int open_folder(const char *path)
{
    const char *slash = strrchr(path, '/');
    if (!slash)
        return open(".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    char *folder = strndup(path, (size_t)(slash - path) + 1);
    if (!folder)
        return -1;
    int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    free(folder);
    return fd;
}

/* A file that cannot be given away (the folder is on a filesystem without owners) stays as it is: it is written. */
static void give_away(int fd, const char *path)
{
    struct stat status;
    int folder = geteuid() == 0 ? open_folder(path) : -1;
    if (folder < 0)
        return;
    if (fstat(folder, &status) < 0 || fchown(fd, status.st_uid, status.st_gid) < 0)
        errno = 0;
    close(folder);
}

int owned_file_open(const char *path, int flags, mode_t mode)
{
    int fd = open(path, flags | O_CREAT | O_EXCL | O_CLOEXEC, mode);
    if (fd >= 0)
        give_away(fd, path);
    else if (errno == EEXIST && !(flags & O_EXCL))
        fd = open(path, flags | O_CREAT | O_CLOEXEC, mode);
    return fd;
}

int owned_file_make(char *template, int suffix_size)
{
    int fd = mkostemps(template, suffix_size, O_CLOEXEC);
    if (fd < 0)
        return fd;
    give_away(fd, template);
    if (fchmod(fd, 0644) < 0) {
        close(fd);
        return -1;
    }
    return fd;
}

/* SPDX-License-Identifier: Apache-2.0 */
#include "flow/new_file.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Opens the folder `name` in `parent`, made when it is not there; never through a symbolic link. */
static int open_folder(int parent, const char *name)
{
    if (mkdirat(parent, name, 0777) < 0 && errno != EEXIST)
        return -1;
    return openat(parent, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
}

int new_file_folder(struct arena *arena, const char *top, const char *path, const char **ret_name)
{
    const char *rest = path;
    int folder = open(top, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    for (const char *slash = strchr(rest, '/'); folder >= 0 && slash; slash = strchr(rest, '/')) {
        int inner = open_folder(folder, arena_strndup(arena, rest, (size_t)(slash - rest)));
        int trouble = errno;
        close(folder);
        errno = trouble;
        folder = inner;
        rest = slash + 1;
    }
    *ret_name = rest;
    return folder;
}

int new_file_write(int folder, const char *name, const char *text, bool *ret_written)
{
    int file = openat(folder, name, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0666);
    *ret_written = file >= 0;
    if (file < 0)
        return errno == EEXIST ? 0 : -1;
    size_t size = strlen(text), done = 0;
    while (done < size) {
        ssize_t count = write(file, text + done, size - done);
        if (count < 0 && errno == EINTR)
            continue;
        if (count <= 0)
            break;
        done += (size_t)count;
    }
    int rc = done == size ? 0 : -1, trouble = errno;
    if (close(file) < 0 && rc == 0) {
        rc = -1;
        trouble = errno;
    }
    if (rc < 0)
        unlinkat(folder, name, 0); /* half a file would be worse than none, and stay */
    errno = trouble;
    return rc;
}

/* SPDX-License-Identifier: Apache-2.0 */
/* New files in a work tree: nothing that is there is ever overwritten, and no symbolic link is followed. */
#ifndef IAMLEASE_FLOW_NEW_FILE_H
#define IAMLEASE_FLOW_NEW_FILE_H

#include "base/arena.h"
#include "base/err.h"

#include <stdbool.h>

/*
 * Opens the folder in which `path`, below the folder `top`, is to stand, making those that are not there;
 * *ret_name is its last part. The caller closes it. -1 with errno set.
 */
int new_file_folder(struct arena *arena, const char *top, const char *path, const char **ret_name);

/*
 * Writes a new file of that name. *ret_written is false when something of that name is there. None is left
 * half written. -1 with errno set.
 */
int new_file_write(int folder, const char *name, const char *text, bool *ret_written);

#endif

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Files that are written for somebody else. In the container of the action the program is root and the
 * workspace belongs to the runner's user: a file of root's in it could not be read by later steps, nor be
 * removed by the next checkout of a self-hosted runner. So what root makes here belongs to the owner of the
 * folder that it is in.
 */
#ifndef IAMLEASE_BASE_OWNED_FILE_H
#define IAMLEASE_BASE_OWNED_FILE_H

#include <sys/types.h>

/*
 * Like open(2) with O_CREAT and O_CLOEXEC beside `flags`. A file that was there keeps its owner. Gives the
 * file, or -1 and errno.
 */
int owned_file_open(const char *path, int flags, mode_t mode);

/* Like mkostemps(3): makes a file with a name that nobody has, readable by everybody. Gives the file, or -1 and errno. */
int owned_file_make(char *template, int suffix_size);

#endif

/* SPDX-License-Identifier: Apache-2.0 */
/* The text of a commit object. */
#ifndef IAMLEASE_REPO_RAW_COMMIT_H
#define IAMLEASE_REPO_RAW_COMMIT_H

#include "base/err.h"
#include "base/vec.h"

#include <stdint.h>

/*
 * Adds the parents that a commit of `size` bytes names, in lower case. As for git itself they are the lines
 * that follow the tree without a gap: a line "parent …" behind the author or in the message is none. ERR_GIT,
 * and nothing is added: there is no tree, or a parent is no object id.
 */
int raw_commit_parents(struct arena *arena, const char *raw, size_t size, struct strings *ret,
                       struct err *err);

/* When it was committed, in seconds since 1970. ERR_GIT: it does not say so. */
int raw_commit_time(const char *raw, size_t size, int64_t *ret_s, struct err *err);

#endif

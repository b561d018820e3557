/* SPDX-License-Identifier: Apache-2.0 */
/* Inside src/repo only: libgit2's types and how its errors become ours. */
#ifndef IAMLEASE_REPO_GIT_H
#define IAMLEASE_REPO_GIT_H

#include "base/buf.h"
#include "repo/repo.h"

#include <git2.h>

struct repo {
    git_repository *git;
    int lock_fd;     /* of repo_lock, or -1 */
    bool has_memory; /* see repo_use_memory */
};

/* Starts libgit2 and sets its options; each call is paired with git_libgit2_shutdown(). */
int git_start(struct err *err);

/* Sets ERR_GIT: your words, then libgit2's reason. */
int git_err(struct err *err, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Sets ERR_GIT: an object is not in the database. A partial checkout is the usual reason, and the words say so. */
int git_missing(struct err *err, const char *kind, const char *id);

/* Reads 40 hexadecimal digits; ERR_GIT when they are not. */
int git_parse_id(git_oid *ret, const char *hex, struct err *err);

/* All objects written from now on go to memory. */
int repo_use_memory(struct repo *repo, struct err *err);

const char *git_id_text(struct arena *arena, const git_oid *id);

static inline void git_object_freep(git_object **object)
{
    git_object_free(*object);
}

static inline void git_reference_freep(git_reference **reference)
{
    git_reference_free(*reference);
}

static inline void git_reference_iterator_freep(git_reference_iterator **iterator)
{
    git_reference_iterator_free(*iterator);
}

static inline void git_commit_freep(git_commit **commit)
{
    git_commit_free(*commit);
}

static inline void git_tree_freep(git_tree **tree)
{
    git_tree_free(*tree);
}

static inline void git_odb_freep(git_odb **odb)
{
    git_odb_free(*odb);
}

static inline void git_odb_object_freep(git_odb_object **object)
{
    git_odb_object_free(*object);
}

static inline void git_index_freep(git_index **index)
{
    git_index_free(*index);
}

#endif
